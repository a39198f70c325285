"""A recipe tried on a sample: shares with intervals, examples, nothing written."""

import random

import pytest

from tests.workflows.engine.bench import Bench, Row
from workflows.engine import sample as sampling
from workflows.engine.preview import Preview, preview

STEPS = """id: long, op: size, from: rows, with: {at_least: 50} ;;
id: loud, op: shout, from: long ;;
id: once, op: exact_dedup, from: loud ;;
id: last, op: random_sample, from: once, with: {rows: 100}"""


def many(count: int) -> list[Row]:
    draw = random.Random(5)
    return [{"text": "x" * draw.randrange(100), "n": number} for number in range(count)]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """No input is so small that it is tried whole."""
    monkeypatch.setattr(sampling, "WHOLE_BYTES", 0)


def tried(bench: Bench, steps: str = STEPS, rows: int = 300, keys: bool | None = None, seed: int | None = None, **more: object) -> Preview:
    graph = bench.graph(steps, **more)  # type: ignore[arg-type]
    before = {path for path in bench.folder.rglob("*") if "cache" not in path.parts}
    found = preview(graph, bench.folder / "cache", rows=rows, keys=keys, seed=seed)
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


def test_of_a_small_input_all_numbers_are_exact(bench: Bench) -> None:
    rows = [*many(40), *many(40)]
    bench.write("rows.jsonl", rows)
    found = {step.id: step for step in tried(bench).steps}
    kept = len({str(row["text"]) for row in rows if len(str(row["text"])) >= 50})
    assert (found["once"].rows_out, found["once"].rows_low, found["once"].rows_high) == (kept, kept, kept)
    assert not found["once"].unknown
    assert found["last"].rows_out == kept


@pytest.mark.slow
def test_shares_of_a_large_input_hold_the_truth_in_their_interval(bench: Bench, large: None) -> None:
    rows = many(60_000)
    bench.write("rows.jsonl", rows)
    found = tried(bench)
    truth = sum(len(str(row["text"])) >= 50 for row in rows)
    step = found.steps[0]
    assert 100 < found.rows < 30_000
    assert found.total_rows == 60_000
    assert step.low is not None
    assert step.high is not None
    assert step.low - 0.01 <= truth / len(rows) <= step.high + 0.01
    assert 0.97 * step.rows_low <= truth <= 1.03 * step.rows_high
    assert step.rows_high - step.rows_low < 0.3 * truth


def test_without_all_rows_a_group_is_unknown_and_what_follows_has_a_bound(bench: Bench, large: None) -> None:
    bench.write("rows.jsonl", many(60_000))
    found = {step.id: step for step in tried(bench, keys=False).steps}
    assert found["once"].unknown
    assert found["once"].share is None
    assert found["once"].rows_out is None
    assert found["once"].rows_high <= found["long"].rows_high
    assert found["last"].rows_out is None
    assert found["last"].rows_high == pytest.approx(100)
    assert not found["long"].unknown


def test_a_group_is_told_from_drawn_rows_and_all_that_share_a_key_with_them(bench: Bench, large: None) -> None:
    draw = random.Random(3)
    texts = [f"{draw.randrange(9000):060d}" for _ in range(20_000)]  # many in two, three, four copies
    bench.write("rows.jsonl", [{"text": text} for text in texts])
    steps = "id: once, op: exact_dedup, from: rows ;; id: last, op: matches, from: once, with: {pattern: '[0-4]$', at_least: 1}"
    found = tried(bench, steps, keys=True)
    assert found.by == "keys"
    once, high = found.steps
    kept = set(texts)
    assert once.rows_out is not None
    assert once.rows_low < len(kept) < once.rows_high
    assert once.rows_high - once.rows_low < 0.2 * len(kept)
    assert 0.9 * high.rows_low <= sum(text[-1] in "01234" for text in kept) <= 1.1 * high.rows_high


@pytest.mark.slow
def test_what_was_read_for_its_keys_is_not_measured_again(bench: Bench, large: None) -> None:
    bench.write("rows.jsonl", [{"text": f"{number:040d}" * (1 + number % 2)} for number in range(20_000)])
    assert tried(bench, keys=True).by == "keys"
    kept = set((bench.folder / "cache" / "fragments").rglob("*.arrow"))
    bench.run(bench.graph(STEPS))
    fresh = set((bench.folder / "cache" / "fragments").rglob("*.arrow")) - kept
    assert len(fresh) <= 1  # what the last step draws rows by


def test_a_quota_says_what_comes_out(bench: Bench, large: None) -> None:
    bench.write("rows.jsonl", many(60_000))
    found = tried(bench, "id: last, op: random_sample, from: rows, with: {rows: 100}")
    assert (found.steps[0].rows_out, found.steps[0].rows_low, found.steps[0].rows_high) == pytest.approx((100, 100, 100))


def test_quotas_by_key_are_foretold(bench: Bench, large: None) -> None:
    bench.write("rows.jsonl", [{"text": "x" * 40, "label": "rare" if number % 50 == 0 else "common"} for number in range(50_000)])
    found = tried(bench, "id: last, op: balance, from: rows, on: label")
    assert found.steps[0].rows_out is not None
    assert found.steps[0].rows_low <= 2_000 <= found.steps[0].rows_high
    assert found.steps[0].rows_high < 4_000


@pytest.mark.slow
def test_a_filter_after_a_rank_by_value_promises_no_number(bench: Bench, large: None) -> None:
    bench.write("rows.jsonl", [{"text": "x" * (number % 90), "by": float(number % 90)} for number in range(40_000)])
    steps = "id: best, op: top_k, from: rows, on: {by: by}, with: {rows: 1000} ;; id: last, op: size, from: best, with: {at_least: 80}"
    step = tried(bench, steps).steps[1]
    assert step.rows_out is None
    assert step.rows_high == pytest.approx(1000)


def test_a_step_that_reads_the_cluster_of_an_untried_step_is_untried_too(bench: Bench, large: None) -> None:
    bench.write("rows.jsonl", many(60_000))
    steps = "id: once, op: exact_dedup, from: rows ;; id: last, op: top_k, from: once, on: {by: once.cluster}, with: {rows: 10}"
    found = tried(bench, steps, keys=False).steps[1]
    assert found.rows_out is None
    assert found.rows_high <= 60_000


@pytest.mark.slow
def test_a_run_is_foretold_in_seconds_memory_and_disk(bench: Bench, large: None) -> None:
    bench.write("rows.jsonl", many(60_000))
    cost = tried(bench, keys=False).cost
    assert cost.seconds > 0
    assert cost.memory > 50 << 20
    assert cost.disk > 100_000
    assert set(cost.steps) == {"long", "loud", "once", "last"}
    assert not cost.sure


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


@pytest.mark.slow
def test_a_packed_file_is_drawn_from_all_over(bench: Bench, large: None) -> None:
    bench.write("rows.jsonl.gz", [{"text": "x" * 60 if number < 20_000 else "x", "n": number} for number in range(40_000)])
    found = tried(bench, "id: last, op: size, from: rows, with: {at_least: 50}", sources="rows: {path: rows.jsonl.gz}")
    assert found.heads_only == ()
    assert found.total_rows == 40_000
    assert found.steps[0].rows_low * 0.9 <= 20_000 <= found.steps[0].rows_high * 1.1


def test_of_a_large_packed_file_only_the_head_is_seen(bench: Bench, large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.formats.drawing.DECODED_BYTES", 100)
    bench.write("rows.jsonl.gz", many(5000))
    found = tried(bench, sources="rows: {path: rows.jsonl.gz}", keys=False)
    assert len(found.heads_only) == 1


def test_a_step_over_all_rows_is_not_tried(bench: Bench, large: None) -> None:
    bench.write("rows.jsonl", [{"by": float(number)} for number in range(60_000)])
    found = tried(bench, "id: last, op: middle, from: rows, with: {at_most: 1.0}")
    assert found.steps[0].unknown
