"""What was computed once is not computed again: bounds decide anew, new rows alone are measured."""

import shutil

import pytest

from tests.workflows.engine.bench import Bench, Row, books
from tests.workflows.engine.counting import SEEN
from tools.formats.jsonl import Jsonl
from workflows.engine.trace import known_shards
from workflows.graph import Graph

TEXTS: list[Row] = [{"text": f"w{number % 17} " + "x" * (number % 23), "n": number} for number in range(120)]
STEPS = """id: long, op: size, from: rows, with: {at_least: LEAST, tag: long} ;;
id: loud, op: shout, from: long ;;
id: wide, op: size, from: loud, with: {at_most: 24, tag: wide} ;;
id: last, op: alike, from: wide"""


def graph(bench: Bench, least: int, steps: str = STEPS) -> Graph:
    return bench.graph(steps.replace("LEAST", str(least)))


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the text was read again")

    monkeypatch.setattr(Jsonl, "load", refuse)


def test_a_bound_is_decided_again_without_the_text(bench: Bench, request: pytest.FixtureRequest) -> None:
    bench.write("rows.jsonl", TEXTS)
    bench.run(graph(bench, 5), "first", shard_bytes=700)
    changed = graph(bench, 9)
    fresh = bench.run(changed, "fresh", "other-cache", shard_bytes=700)
    SEEN.clear()
    shutil.move(bench.folder / "rows.jsonl", bench.folder / "away.jsonl")
    request.getfixturevalue("unread")
    again = bench.run(changed, "again", write=False, shards=known_shards(bench.folder / "first"))
    assert books(again) == books(fresh)
    assert bench.ledger("again") == bench.ledger("fresh")
    assert not SEEN


def test_a_looser_bound_measures_only_the_rows_let_through(bench: Bench) -> None:
    bench.write("rows.jsonl", TEXTS)
    first = bench.run(graph(bench, 12), "first", shard_bytes=700)
    SEEN.clear()
    second = bench.run(graph(bench, 6), "second", shard_bytes=700)
    more = second.steps[1].rows_in - first.steps[1].rows_in
    assert more > 10
    assert {"shout": more, "wide": more, "alike": second.steps[3].rows_in - first.steps[3].rows_in} == SEEN
    loose = bench.bytes()
    bench.run(graph(bench, 6), "fresh", "other-cache")
    assert bench.bytes() == loose


def test_a_tighter_bound_measures_nothing(bench: Bench) -> None:
    bench.write("rows.jsonl", TEXTS)
    bench.run(graph(bench, 6), "first")
    SEEN.clear()
    bench.run(graph(bench, 12), "second")
    assert not SEEN
    tight = bench.bytes()
    bench.run(graph(bench, 12), "fresh", "other-cache")
    assert bench.bytes() == tight


def test_a_file_that_comes_to_it_is_measured_alone(bench: Bench) -> None:
    bench.write("many/b.jsonl", TEXTS)
    sources = "rows: {path: many}"
    bench.run(bench.graph(STEPS.replace("LEAST", "3"), sources=sources), "first")
    SEEN.clear()
    more: list[Row] = [{"text": f"new {number}", "n": number} for number in range(9)]
    bench.write("many/a.jsonl", more)
    bench.run(bench.graph(STEPS.replace("LEAST", "3"), sources=sources), "second")
    assert SEEN == {"long": 9, "shout": 9, "wide": 9, "alike": 9}
    both = bench.bytes()
    bench.run(bench.graph(STEPS.replace("LEAST", "3"), sources=sources), "fresh", "other-cache")
    assert bench.bytes() == both


def test_a_filter_put_before_a_step_leaves_its_measures(bench: Bench) -> None:
    bench.write("rows.jsonl", TEXTS)
    bench.run(bench.graph("id: last, op: size, from: rows, with: {at_least: 4}"), "first")
    SEEN.clear()
    bench.run(bench.graph("id: few, op: first_n, from: rows, with: {rows: 50} ;; id: last, op: size, from: few, with: {at_least: 4}"), "second")
    assert not SEEN


def test_a_changed_parameter_measures_again(bench: Bench) -> None:
    bench.write("rows.jsonl", TEXTS)
    bench.run(bench.graph("id: last, op: size, from: rows"), "first")
    SEEN.clear()
    bench.run(bench.graph("id: last, op: size, from: rows, with: {tag: other}"), "second")
    assert {"other": len(TEXTS)} == SEEN


def test_a_changed_file_is_measured_again(bench: Bench) -> None:
    bench.write("rows.jsonl", TEXTS)
    recipe = bench.graph("id: last, op: size, from: rows, with: {at_least: 10}")
    bench.run(recipe, "first")
    bench.write("rows.jsonl", [{**row, "text": f"{row['text']}!"} for row in TEXTS])
    bench.run(recipe, "second")
    assert all(str(text).endswith("!") for text in bench.column("text"))


def test_a_finished_run_called_again_computes_nothing(bench: Bench) -> None:
    bench.write("rows.jsonl", TEXTS)
    first = bench.run(graph(bench, 5), "run", shard_bytes=700)
    SEEN.clear()
    assert books(bench.run(graph(bench, 5), "run", shard_bytes=700)) == books(first)
    assert not SEEN


def test_a_sample_keeps_its_draws_when_a_bound_before_it_moves(bench: Bench) -> None:
    bench.write("rows.jsonl", TEXTS)
    steps = "id: long, op: size, from: rows, with: {at_least: LEAST} ;; id: last, op: random_sample, from: long, with: {rows: 30}"
    bench.run(graph(bench, 10, steps), "tight")
    tight = set(map(str, bench.column("n")))
    bench.run(graph(bench, 9, steps), "loose")
    assert len(tight & set(map(str, bench.column("n")))) >= 25


def test_notes_that_are_deleted_for_room_are_taken_again(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "same words here", "n": number} for number in range(3)])
    graph = bench.graph("id: last, op: exact_dedup, from: rows, on: text")
    bench.run(graph)
    cache = bench.folder / "cache"
    shutil.rmtree(cache / "decisions")
    for folder in sorted((cache / "fragments").iterdir()):  # the parts that `winnow gc` deletes whole
        if list(folder.rglob("*.notes")):
            shutil.rmtree(folder)
    bench.run(graph, "again")
    assert bench.column("n") == [0]
