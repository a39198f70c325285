"""What is no row goes to quarantine with its place and reason; what cannot run stops before any output is touched."""

import gzip
import json

import pytest

from tests.workflows.engine.bench import Bench, Row
from workflows.engine import Result

GOOD: list[Row] = [{"text": f"row {number}", "n": number} for number in range(5)]


def quarantine(bench: Bench) -> list[Row]:
    import pyarrow.parquet as pq

    return [row for path in sorted((bench.folder / "run" / "quarantine").glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def balanced(result: Result) -> bool:
    return sum(result.states.values()) == result.rows_in


def lines(*given: object) -> bytes:
    return b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in given)


@pytest.mark.parametrize("shard_bytes", [10, 1 << 20])
def test_a_bad_line_is_quarantined_with_its_line_and_bytes(bench: Bench, shard_bytes: int) -> None:
    bench.put("rows.jsonl", lines(GOOD[0], b'{"text": "cut', GOOD[1], b"[1, 2]", b"", GOOD[2]))
    result = bench.run(bench.graph("id: last, op: size, from: rows"), shard_bytes=shard_bytes)
    assert bench.column("n") == [0, 1, 2]
    assert result.states == {"kept": 3, "quarantined": 2}
    assert balanced(result)
    assert [(row["line"], row["raw"], row["source"]) for row in quarantine(bench)] == [(2, b'{"text": "cut', "rows"), (4, b"[1, 2]", "rows")]
    told = [row for row in bench.ledger() if row["state"] == "quarantined"]
    assert [(row["line"], row["measure"], row["step"]) for row in told] == [(2, "error", "rows"), (4, "error", "rows")]


def test_a_bad_csv_record_is_quarantined(bench: Bench) -> None:
    bench.put("rows.csv", b'text,n\none,1\ntwo,2,3\n"three\nlines",3\nfour\n')
    result = bench.run(bench.graph("id: last, op: size, from: rows", sources="rows: {path: rows.csv}"))
    assert bench.column("text") == ["one", "three\nlines"]
    assert result.states == {"kept": 2, "quarantined": 2}
    assert [row["line"] for row in quarantine(bench)] == [3, 6]


def test_text_that_is_not_utf8_is_quarantined(bench: Bench) -> None:
    bench.put("rows.jsonl", lines(GOOD[0], b'{"text": "caf\xe9", "n": 7}', GOOD[1]))
    result = bench.run(bench.graph("id: last, op: size, from: rows"))
    assert bench.column("n") == [0, 1]
    assert result.states == {"kept": 2, "quarantined": 1}
    assert "UTF-8" in str(quarantine(bench)[0]["reason"])


def test_a_file_that_ends_early_gives_what_came_before(bench: Bench) -> None:
    rows: list[Row] = [{"text": f"row {number} " + f"{number * 7919 % 1000003}" * 5, "n": number} for number in range(3000)]
    whole = gzip.compress(lines(*rows))
    (bench.folder / "rows.jsonl.gz").write_bytes(whole[: len(whole) * 3 // 4])
    result = bench.run(bench.graph("id: last, op: size, from: rows", sources="rows: {path: rows.jsonl.gz}"))
    assert 100 < result.states["kept"] < 3000
    assert bench.column("n") == list(range(result.states["kept"]))
    assert balanced(result)
    assert any("rows.jsonl" in warning for warning in result.warnings)


@pytest.fixture
def small_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.sources.SLICES", 4)
    monkeypatch.setattr("workflows.sources.SLICE_BYTES", 1000)


@pytest.mark.usefixtures("small_sample")
def test_a_key_that_comes_up_in_the_last_file_is_written_back(bench: Bench) -> None:
    for name in ("a", "b"):
        bench.write(f"many/{name}.jsonl", [{"text": f"{name}{number}"} for number in range(400)])
    bench.write("many/c.jsonl", [{"text": f"c{number}"} for number in range(2000)] + [{"text": "late", "surprise": {"deep": [1, None]}}])
    graph = bench.graph("id: loud, op: shout, from: rows ;; id: last, op: size, from: loud", sources="rows: {path: many}")
    assert "surprise" not in graph.inputs[0].schema.names
    bench.run(graph, shard_bytes=3_000)
    found = bench.rows()
    assert len(found) == 2801
    assert found[-1] == {"text": "LATE", "surprise": {"deep": [1, None]}}


@pytest.mark.usefixtures("small_sample")
def test_too_many_values_that_do_not_fit_stop_the_run_and_name_the_widening(bench: Bench) -> None:
    rows: list[Row] = [{"text": "t" * 50, "n": number} for number in range(15_000)]
    rows += [{"text": "t", "n": "many"}] * 30 + [{"text": "t" * 50, "n": number} for number in range(25_000)]
    bench.write("rows.jsonl", rows)
    graph = bench.graph("id: last, op: size, from: rows")
    assert str(graph.inputs[0].schema.field("n").type) == "int64"
    few = bench.run(graph)
    assert few.states == {"kept": 40_000, "quarantined": 30}
    bench.write("rows.jsonl", rows[:15_000] + [{"text": "t", "n": "many"}] * 30 + rows[15_000:])
    (bench.folder / "out.jsonl").unlink()
    told = bench.refusal(graph)
    assert "column 'n'" in told
    assert "--scan-all" in told
    assert not (bench.folder / "out.jsonl").exists()


@pytest.mark.parametrize("shard_bytes", [12, 1 << 20])
@pytest.mark.parametrize("op", ["choosy", "choosy_rewrite", "choosy_group", "choosy_expand"])
def test_a_row_that_an_operator_refuses_is_quarantined_and_the_rest_goes_on(bench: Bench, op: str, shard_bytes: int) -> None:
    bench.write("rows.jsonl", [{"text": text, "n": number} for number, text in enumerate(["a", "!b", "c", "!d", "e"])])
    result = bench.run(bench.graph(f"id: last, op: {op}, from: rows"), shard_bytes=shard_bytes)
    assert sorted(set(map(str, bench.column("n")))) == ["0", "2", "4"]
    assert result.states["quarantined"] == 2
    assert balanced(result)
    told = {row["line"]: (row["measure"], row["bound"], row["step"]) for row in bench.ledger() if row["state"] == "quarantined"}
    assert told == dict.fromkeys((2, 4), ("error", "begins with an exclamation mark", "last"))
    assert result.steps[0].reasons["error"] == 2


def test_a_value_that_is_no_number_is_quarantined_where_it_is_read_as_one(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "a", "n": "1.5"}, {"text": "b", "n": "many"}, {"text": "c", "n": "0.5"}, {"text": "d", "n": ""}])
    result = bench.run(bench.graph("id: last, op: top_k, from: rows, on: n, with: {rows: 9}"))
    assert bench.column("text") == ["a", "c"]
    assert result.states == {"kept": 2, "quarantined": 1, "dropped": 1}


# ---- nulls

NULLS: list[Row] = [{"text": "a", "by": 1.0}, {"text": None, "by": None}, {"text": "ccc", "by": 3.0}]


@pytest.mark.parametrize(
    ("step", "kept"),
    [
        ("op: size, from: rows", [1, 2, 3]),
        ("op: size, from: rows, with: {at_least: 2}", [3]),
        ("op: size, from: rows, with: {at_least: 2}, nulls: keep", [2, 3]),
        ("op: size, from: rows, nulls: drop", [1, 3]),
        ("op: shout, from: rows", [1, 2, 3]),
        ("op: shout, from: rows, nulls: drop", [1, 3]),
        ("op: alike, from: rows", [1, 2, 3]),
        ("op: alike, from: rows, nulls: drop", [1, 3]),
        ("op: choosy_expand, from: rows", [1, 1, 2, 3, 3]),
        ("op: choosy_expand, from: rows, nulls: drop", [1, 1, 3, 3]),
        ("op: top_k, from: rows, on: by, with: {rows: 5}", [3, 1]),
        ("op: top_k, from: rows, on: by, with: {rows: 5}, nulls: keep", [3, 1, 2]),
        ("op: middle, from: rows", [1, 3]),
        ("op: middle, from: rows, with: {at_most: 9.0}", [1, 3]),
        ("op: middle, from: rows, with: {at_most: 0.5}, nulls: keep", [2]),
        ("op: quantile, from: rows, on: by, with: {at_least: 0.9}", [3]),
        ("op: quantile, from: rows, on: by, with: {at_least: 0.9}, nulls: keep", [2, 3]),
    ],
)
def test_nulls_go_where_the_step_says(bench: Bench, step: str, kept: list[int]) -> None:
    bench.write("rows.jsonl", [{"line": number, **row} for number, row in enumerate(NULLS, 1)])
    result = bench.run(bench.graph(f"id: last, {step}"), shard_bytes=20)
    assert bench.column("line") == kept
    assert balanced(result)
    if 2 not in kept:
        assert result.steps[0].reasons["null"] == 1
        assert [row["measure"] for row in bench.ledger() if row["line"] == 2] == ["null"]


@pytest.mark.parametrize("op", ["size", "shout", "alike", "choosy_expand"])
def test_nulls_can_be_an_error(bench: Bench, op: str) -> None:
    bench.write("rows.jsonl", NULLS)
    assert "last" in bench.refusal(bench.graph(f"id: last, op: {op}, from: rows, nulls: error"))
    assert not (bench.folder / "out.jsonl").exists()


# ---- refusals


def test_a_row_that_arrives_twice_is_refused(bench: Bench) -> None:
    bench.write("rows.jsonl", GOOD)
    steps = "id: a, op: size, from: rows, with: {at_least: 1, tag: a} ;; id: b, op: size, from: rows, with: {at_least: 1, tag: b}"
    told = bench.refusal(bench.graph(steps, "out: {from: [a, b], path: out.jsonl}"))
    assert "arrives twice" in told
    assert not (bench.folder / "out.jsonl").exists()


def test_a_row_that_reaches_a_step_twice_is_refused(bench: Bench) -> None:
    bench.write("rows.jsonl", GOOD)
    steps = (
        "id: a, op: size, from: rows, with: {tag: a} ;; "
        "id: b, op: size, from: rows, with: {tag: b} ;; "
        "id: last, op: exact_dedup, from: [a, b], on: text"
    )
    assert "arrives twice" in bench.refusal(bench.graph(steps))


def test_an_output_that_exists_is_kept_unless_it_may_be_overwritten(bench: Bench) -> None:
    bench.write("rows.jsonl", GOOD)
    bench.put("out.jsonl", b"mine\n")
    graph = bench.graph("id: last, op: size, from: rows")
    assert "--overwrite" in bench.refusal(graph, overwrite=False)
    assert bench.bytes() == b"mine\n"
    bench.run(graph)
    assert bench.column("n") == [0, 1, 2, 3, 4]


def test_a_check_that_fails_leaves_no_output(bench: Bench) -> None:
    bench.write("rows.jsonl", GOOD)
    bench.put("out.jsonl", b"mine\n")
    graph = bench.graph("id: last, op: first_n, from: rows, with: {rows: 3}", checks=["rows(last) between 1 and 2"])
    told = bench.refusal(graph)
    assert "rows(last)" in told
    assert "3" in told
    assert bench.bytes() == b"mine\n"
    assert not [path for path in bench.folder.iterdir() if path.name.endswith(".tmp")]


def test_checks_that_hold_are_told(bench: Bench) -> None:
    bench.write("rows.jsonl", [*GOOD, {"text": "row 1", "n": None}])
    checks = ["rows(last) == 6", "share(last) >= 0.5", "distinct(last, text) == 5", "nulls(last, n) < 2", "nulls(last, n) < 2"]
    result = bench.run(bench.graph("id: last, op: size, from: rows", checks=checks), shard_bytes=30)
    assert [(check.value, check.ok) for check in result.checks] == [(6.0, True), (1.0, True), (5.0, True), (1.0, True), (1.0, True)]


def test_a_step_over_all_rows_refuses_too_many(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"by": float(number)} for number in range(51)])
    told = bench.refusal(bench.graph("id: last, op: middle, from: rows"))
    assert "51 rows" in told
    assert "50" in told


def test_an_empty_input_gives_an_empty_output(bench: Bench) -> None:
    bench.put("rows.jsonl", b"")
    bench.write("some.jsonl", GOOD)
    both = "rows: {path: rows.jsonl} ;; some: {path: some.jsonl}"
    steps = (
        "id: none, op: size, from: some, with: {at_least: 99} ;; "
        "id: a, op: alike, from: none ;; "
        "id: b, op: choosy_expand, from: a ;; "
        "id: c, op: top_k, from: b, on: n, with: {rows: 3} ;; "
        "id: d, op: quantile, from: c, on: n ;; "
        "id: e, op: middle, from: d, on: n ;; "
        "id: last, op: size, from: [e, rows]"
    )
    result = bench.run(bench.graph(steps, sources=both))
    assert bench.bytes() == b""
    assert result.states == {"dropped": 5}
