"""A recipe tried on a sample: shares with intervals, examples, nothing written."""

import random

import pytest

from tests.workflows.engine.bench import Bench, Row
from workflows.engine import Preview, preview
from workflows.engine.preview import wilson

STEPS = """id: long, op: size, from: rows, with: {at_least: 50} ;;
id: loud, op: shout, from: long ;;
id: once, op: exact_dedup, from: loud ;;
id: last, op: random_sample, from: once, with: {rows: 100}"""


def many(count: int) -> list[Row]:
    draw = random.Random(5)
    return [{"text": "x" * draw.randrange(100), "n": number} for number in range(count)]


def tried(bench: Bench, steps: str = STEPS, rows: int = 300, **more: object) -> Preview:
    graph = bench.graph(steps, **more)  # type: ignore[arg-type]
    before = {path for path in bench.folder.rglob("*") if "cache" not in path.parts}
    found = preview(graph, bench.folder / "cache", rows=rows)
    assert {path for path in bench.folder.rglob("*") if "cache" not in path.parts} == before
    return found


def test_a_small_input_is_tried_whole(bench: Bench) -> None:
    rows = many(40)
    bench.write("rows.jsonl", rows)
    found = tried(bench)
    kept = sum(len(str(row["text"])) >= 50 for row in rows)
    assert found.rows == 40
    assert found.whole
    assert found.steps[0].rows_in == 40
    assert found.steps[0].share == pytest.approx(kept / 40)
    assert found.steps[0].reasons == {"size": 40 - kept}
    assert found.steps[1].changed == kept


def test_shares_of_a_large_input_hold_the_truth_in_their_interval(bench: Bench) -> None:
    rows = many(60_000)
    bench.write("rows.jsonl", rows)
    found = tried(bench)
    truth = sum(len(str(row["text"])) >= 50 for row in rows) / len(rows)
    step = found.steps[0]
    assert 100 < found.rows < 30_000
    assert step.low is not None
    assert step.high is not None
    assert step.low - 0.02 <= truth <= step.high + 0.02
    assert found.total_rows == pytest.approx(60_000, rel=0.15)
    assert step.rows_out == pytest.approx(60_000 * truth, rel=0.2)


def test_groups_are_not_tried_and_nothing_is_said_of_what_follows(bench: Bench) -> None:
    bench.write("rows.jsonl", many(500))
    found = {step.id: step for step in tried(bench).steps}
    assert found["once"].unknown
    assert found["once"].share is None
    assert found["once"].rows_out is None
    assert found["last"].rows_out is None
    assert not found["long"].unknown


def test_a_quota_says_what_comes_out(bench: Bench) -> None:
    bench.write("rows.jsonl", many(60_000))
    found = tried(bench, "id: last, op: random_sample, from: rows, with: {rows: 100}")
    assert found.steps[0].rows_out == 100


def test_dropped_rows_are_shown_with_their_value(bench: Bench) -> None:
    bench.write("rows.jsonl", many(60))
    shown = tried(bench).steps[0].examples
    assert len(shown) == 3
    for one in shown:
        assert one.reason == "size"
        assert one.value == len(str(one.before["text"])) < 50


def test_references_are_read_whole(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"id": number} for number in range(50)])
    bench.write("more.jsonl", [{"id": number, "label": f"l{number}"} for number in range(50)])
    steps = (
        "id: joined, op: join_on, from: {rows: rows, against: more}, on: {key: id}, with: {columns: [label]} ;; "
        "id: last, op: is_empty, from: joined, on: label"
    )
    found = tried(bench, steps, sources="rows: {path: rows.jsonl} ;; more: {path: more.jsonl}")
    assert found.steps[1].share == 1.0


def test_what_was_learned_on_the_sample_is_told(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"value": float(number)} for number in range(200)])
    found = tried(bench, "id: last, op: quantile, from: rows, with: {at_most: 0.25}")
    assert found.steps[0].share == pytest.approx(0.25)


def test_of_a_packed_file_only_the_head_is_seen(bench: Bench) -> None:
    bench.write("rows.jsonl.gz", many(50))
    found = tried(bench, sources="rows: {path: rows.jsonl.gz}")
    assert len(found.heads_only) == 1


def test_a_step_over_all_rows_is_not_tried(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"by": float(number)} for number in range(60)])
    found = tried(bench, "id: last, op: middle, from: rows, with: {at_most: 1.0}")
    assert found.steps[0].unknown


@pytest.mark.parametrize(("kept", "rows"), [(0, 10), (10, 10), (5, 10), (1, 1000)])
def test_an_interval_holds_its_share(kept: int, rows: int) -> None:
    low, high = wilson(kept, rows)
    assert 0 <= low <= kept / rows <= high <= 1
