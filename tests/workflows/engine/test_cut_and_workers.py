"""How the input is cut, packed and shared among workers shows nowhere in what comes out."""

import sys

import pytest

from tests.workflows.engine.bench import Bench, Row, books, real
from workflows.engine import find_shards
from workflows.graph import Graph

STEPS = """id: long, op: words, from: rows, on: output, with: {at_least: 8} ;;
id: tidy, op: normalise_whitespace, from: long, on: output ;;
id: once, op: exact_dedup, from: tidy, on: output ;;
id: near, op: minhash_dedup, from: once, on: output, with: {ngram: 2, keep: longest} ;;
id: typical, op: quantile, from: near, on: long.words, with: {at_most: 0.95} ;;
id: some, op: random_sample, from: typical, with: {share: 0.5} ;;
id: parts, op: split, from: some, with: {validation: 0.2} ;;
id: last, op: top_k, from: parts.train, on: long.words, with: {share: 0.9}"""
DOCS = """id: long, op: words, from: rows, on: text, with: {at_least: 20} ;;
id: pieces, op: chunk, from: long, on: text, with: {words: 200} ;;
id: near, op: minhash_dedup, from: pieces, on: text ;;
id: last, op: duplicate_line_share, from: near, on: text, with: {at_most: 0.3}"""
BOTH = (
    "out: {from: last, path: out.jsonl} ;; "
    "held: {from: parts.validation, path: held.jsonl} ;; "
    "rest: {from: [near.dropped, long.dropped], path: rest.jsonl}"
)


@pytest.fixture
def no_input_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["workflows.engine.execute"], "SMALL_INPUT", 0)


def instructions(bench: Bench, rows: int, name: str = "rows.jsonl") -> list[Row]:
    found = real("alpaca/alpaca.jsonl.zst", rows)
    bench.write(name, found + found[: rows // 10])
    return found


def outcome(bench: Bench, graph: Graph, name: str, **how: object) -> tuple[object, ...]:
    result = bench.run(graph, f"run-{name}", f"cache-{name}", **how)
    ledger = [{**row, "file": ""} for row in bench.ledger(f"run-{name}")]
    return books(result), [bench.bytes(f"{one.name}.jsonl") for one in graph.outputs], ledger


def test_shard_size_does_not_matter(bench: Bench) -> None:
    instructions(bench, 400)
    graph = bench.graph(STEPS, BOTH)
    whole = outcome(bench, graph, "whole")
    assert len(find_shards(graph, bench.folder / "cuts", 9_000)) > 10
    assert outcome(bench, graph, "cut", shard_bytes=9_000) == whole
    assert bench.rows()


def test_batch_size_does_not_matter(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    instructions(bench, 200)
    graph = bench.graph(STEPS, BOTH)
    whole = outcome(bench, graph, "whole")
    monkeypatch.setattr("workflows.engine.call.BATCH_BYTES", 2_000)
    assert outcome(bench, graph, "small") == whole


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_compression_does_not_matter(bench: Bench, suffix: str) -> None:
    rows = instructions(bench, 300)
    plain = outcome(bench, bench.graph(STEPS, BOTH), "plain")
    bench.write(f"rows.jsonl.{suffix}", rows + rows[:30])
    packed = bench.graph(STEPS, BOTH, f"rows: {{path: rows.jsonl.{suffix}}}")
    assert outcome(bench, packed, "packed", shard_bytes=20_000) == plain


def test_files_are_read_in_order_of_their_names(bench: Bench) -> None:
    for name in ("b", "a", "c"):
        bench.write(f"many/{name}.jsonl", [{"text": f"{name} {number}"} for number in range(3)])
    bench.run(bench.graph("id: last, op: size, from: rows", sources="rows: {path: many}"), shard_bytes=10)
    assert bench.column("text") == [f"{name} {number}" for name in "abc" for number in range(3)]


def test_sources_and_edges_stand_in_the_order_of_the_list(bench: Bench) -> None:
    for name in ("a", "b"):
        bench.write(f"{name}.jsonl", [{"text": f"{name} {'x' * number}"} for number in range(4)])
    steps = "id: short, op: size, from: [b, a], with: {at_most: 3} ;; id: last, op: size, from: [short.dropped, short]"
    for shard_bytes in (10, 1 << 20):
        bench.run(bench.graph(steps, sources="a: {path: a.jsonl} ;; b: {path: b.jsonl}"), shard_bytes=shard_bytes)
        assert bench.column("text") == ["b xx", "b xxx", "a xx", "a xxx", "b ", "b x", "a ", "a x"]


def test_draws_of_a_file_stay_when_files_come_beside_it(bench: Bench) -> None:
    rows = [{"text": f"row {number}"} for number in range(200)]
    bench.write("many/m.jsonl", rows)
    sources, steps = "rows: {path: many}", "id: last, op: random_sample, from: rows, with: {share: 0.3}"
    bench.run(bench.graph(steps, sources=sources))
    before = set(map(str, bench.column("text")))
    bench.write("many/a.jsonl", [{"text": f"new {number}"} for number in range(200)])
    bench.run(bench.graph(steps, sources=sources), "second")
    after = {str(text) for text in bench.column("text") if str(text).startswith("row")}
    assert len(before ^ after) < 0.25 * len(before)


@pytest.mark.slow
@pytest.mark.usefixtures("no_input_is_small")
@pytest.mark.parametrize("shard_bytes", [60_000, 1 << 20])
def test_workers_do_not_matter_for_instructions(bench: Bench, shard_bytes: int) -> None:
    instructions(bench, 3_000)
    graph = bench.graph(STEPS, BOTH)
    alone = outcome(bench, graph, "one", shard_bytes=shard_bytes)
    for workers in (2, 3):
        assert outcome(bench, graph, f"{workers}", shard_bytes=shard_bytes, workers=workers) == alone


@pytest.mark.slow
@pytest.mark.usefixtures("no_input_is_small")
def test_workers_and_shards_do_not_matter_for_documents(bench: Bench) -> None:
    bench.write("rows.jsonl", real("raw_text/standards_python.jsonl.zst", 200))
    graph = bench.graph(DOCS)
    alone = outcome(bench, graph, "one")
    for workers, shard_bytes in ((1, 200_000), (2, 500_000), (3, 1 << 20)):
        assert outcome(bench, graph, f"{workers}", shard_bytes=shard_bytes, workers=workers) == alone


@pytest.mark.usefixtures("no_input_is_small")
def test_two_workers_give_the_same_as_one(bench: Bench) -> None:
    instructions(bench, 120)
    graph = bench.graph(STEPS, BOTH)
    assert outcome(bench, graph, "two", workers=2, shard_bytes=20_000) == outcome(bench, graph, "one")
