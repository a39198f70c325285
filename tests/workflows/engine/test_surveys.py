"""Steps that tell numbers about all rows and let every row pass."""

from dataclasses import replace

import pytest

from tests.workflows.engine import counting
from tests.workflows.engine.bench import Bench, Row
from tools.errors import ContractError
from workflows.engine.preview import preview

BOTH = "rows: {path: rows.jsonl} ;; more: {path: more.jsonl}"
ROWS: list[Row] = [{"text": "one"}, {"text": "seven"}, {"text": None}, {"text": ""}]


@pytest.mark.parametrize("shard_bytes", [20, 1 << 20])
def test_all_rows_pass_and_the_numbers_are_told(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", ROWS)
    bench.write("more.jsonl", ROWS[:2])
    graph = bench.graph("id: last, op: tally, from: {rows: rows, against: more}, on: text", sources=BOTH)
    result = bench.run(graph, shard_bytes=shard_bytes)
    assert result.steps[0].numbers == {"rows": 3, "longest": 5, "others": 2}
    assert bench.rows() == ROWS
    assert result.states == {"kept": 4}
    assert result.references == {"more": 2}
    assert result.spent.rounds == 0  # no row waited


def test_numbers_are_of_the_rows_that_reach_the_step(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": text} for text in ("one a", "two", "one b", "one")])
    result = bench.run(bench.graph("id: once, op: alike, from: rows, on: text ;; id: last, op: tally, from: once, on: text"), shard_bytes=30)
    assert result.steps[1].numbers == {"rows": 2, "longest": 5, "others": None}


def test_the_same_rows_are_surveyed_once(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    graph = bench.graph("id: last, op: tally, from: rows, on: text")
    first = bench.run(graph, "first")
    counting.SEEN.clear()
    assert bench.run(graph, "second").steps[0].numbers == first.steps[0].numbers
    assert not counting.SEEN


def test_rows_drawn_in_one_file_do_not_serve_the_same_rows_in_another(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    bench.run(bench.graph("id: last, op: tally, from: rows, on: text"), "first")
    bench.write("other.jsonl", ROWS)
    counting.SEEN.clear()
    bench.run(bench.graph("id: last, op: tally, from: rows, on: text", sources="rows: {path: other.jsonl}"), "second")
    assert counting.SEEN["tally"] == 3


@pytest.mark.parametrize("shard_bytes", [20, 1 << 20])
def test_a_row_that_cannot_be_surveyed_is_quarantined(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", [{"text": "!no"}, {"text": "yes"}, {"text": "!never"}])
    graph = bench.graph("id: last, op: tally, from: rows, on: text")
    for run in ("first", "second"):
        result = bench.run(graph, run, shard_bytes=shard_bytes)
        assert result.states == {"kept": 1, "quarantined": 2}
        assert result.steps[0].numbers["rows"] == 1
        assert bench.column("text") == ["yes"]


def test_no_rows_tell_what_there_is_to_tell(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "!no"}])
    result = bench.run(bench.graph("id: last, op: tally, from: rows, on: text"))
    assert result.steps[0].numbers == {"rows": 0, "longest": None, "others": None}


def test_a_check_on_a_number_stops_the_run(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    steps = "id: last, op: tally, from: rows, on: text"
    held = bench.run(bench.graph(steps, checks=["value(last, longest) between 2 and 5", "value(last, rows) != 4"]))
    assert [(check.value, check.ok) for check in held.checks] == [(5.0, True), (3.0, True)]
    told = bench.refusal(bench.graph(steps, checks=["value(last, longest) < 5", "value(last, others) >= 0"]))
    assert "value(last, longest) < 5 (it is 5)" in told
    assert "value(last, others) >= 0 (it is not known)" in told


def test_a_check_names_a_number_that_the_step_tells(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    steps = "id: long, op: size, from: rows, on: text ;; id: last, op: tally, from: long, on: text"
    checks = ["value(last, longer) > 1", "value(last) > 1", "value(long, size) > 1", "value(rows, rows) > 1", "value(nobody, rows) > 1"]
    told = [str(error) for error in bench.check(steps, checks=checks).errors]
    assert len(told) == 5
    assert "did you mean 'longest'" in told[0]
    assert "there are rows, longest, others" in told[1]
    assert all("tells no numbers" in one for one in told[2:4])


def test_a_preview_tells_the_numbers_of_what_it_saw(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    seen = preview(bench.graph("id: last, op: tally, from: rows, on: text"), bench.folder / "cache")
    assert seen.whole
    assert seen.steps[0].numbers["rows"] == 3


def test_a_survey_must_tell_what_its_card_says(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write("rows.jsonl", ROWS)
    monkeypatch.setattr(counting.Tally, "card", replace(counting.Tally.card, numbers=("rows",)))
    with pytest.raises(ContractError, match="its card says"):
        bench.run(bench.graph("id: last, op: tally, from: rows, on: text"))
