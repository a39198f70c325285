"""The rows of a preview: what comes in, what becomes of it, and what would go out."""

import json

import pytest

from tests.workflows.engine.bench import FILE, Bench
from workflows.engine import sample as sampling
from workflows.engine import sample_rows as keeping
from workflows.engine.preview import preview
from workflows.engine.sample_rows import SampleRows

ROWS = [{"text": word * (1 + number % 3), "n": number} for number, word in enumerate("abcdefghij" * 3)]
STEPS = """id: long, op: size, from: rows, with: {at_least: 2} ;;
id: once, op: exact_dedup, from: long ;;
id: last, op: sort, from: once, on: n, with: {descending: true}"""


def seen(bench: Bench, steps: str = STEPS, **more: object) -> SampleRows:
    found: list[SampleRows] = []
    preview(bench.graph(steps, **more), bench.folder / "cache", examples=False, look=found.append)  # type: ignore[arg-type]
    return found[0]


def test_the_rows_that_a_preview_lets_out_are_those_that_the_run_writes(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    found = seen(bench)
    bench.run(bench.graph(STEPS))
    assert found.outputs["out"].table.to_pylist() == [json.loads(line) for line in bench.bytes().splitlines()]
    assert found.whole
    assert not found.let_pass


def test_every_row_is_told_what_became_of_it(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    given = seen(bench).inputs["rows"]
    short = [number for number, row in enumerate(ROWS) if len(str(row["text"])) < 2]
    assert [at for at, (state, step) in enumerate(zip(given.state, given.step, strict=True)) if (state, step) == ("dropped", "long")] == short
    assert given.number.tolist() == [bench_offset(number) for number in range(len(ROWS))]
    merged = [at for at, state in enumerate(given.state) if state == "merged"]
    assert all(ROWS[at]["text"] == ROWS[given.number.tolist().index(int(given.into[at]))]["text"] for at in merged)


def bench_offset(number: int) -> int:
    """Where a row's record begins: its number."""
    return sum(len(json.dumps(row, ensure_ascii=False)) + 1 for row in ROWS[:number])


def test_rows_of_two_inputs_and_two_outputs_are_told_apart(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS[:4])
    bench.write("more.jsonl", ROWS[4:6])
    found = seen(
        bench,
        "id: last, op: size, from: [rows, more], with: {at_least: 2}",
        sources="rows: {path: rows.jsonl} ;; more: {path: more.jsonl}",
        outputs="long: {from: last, path: long.jsonl} ;; short: {from: last.dropped, path: short.jsonl}",
    )
    assert {name: [number // FILE for number in one.number.tolist()] for name, one in found.outputs.items()} == {
        "long": [0, 0, 1, 1],
        "short": [0, 0],
    }


def test_of_a_drawn_sample_it_is_said_that_it_is_no_whole(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "WHOLE_BYTES", 0)
    bench.write("rows.jsonl", [{"text": f"row {number}" * 9, "n": number} for number in range(4000)])
    found: list[SampleRows] = []
    steps = "id: once, op: exact_dedup, from: rows ;; id: last, op: random_sample, from: once, with: {rows: 5}"
    preview(bench.graph(steps), bench.folder / "cache", rows=100, keys=False, examples=False, look=found.append)
    assert not found[0].whole
    assert found[0].let_pass == {"once", "last"}
    assert 0 < len(found[0].outputs["out"].table) < 4000


def test_no_more_rows_are_held_than_there_is_room_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_BYTES", 400)
    bench.write("rows.jsonl", ROWS)
    given = seen(bench).inputs["rows"]
    assert len(given.table) < given.total == len(ROWS)
    assert not given.is_all
    assert len(given.number) == len(given.state) == len(given.table)


def test_an_empty_input_has_no_rows_to_show(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS[:1])
    assert len(seen(bench, "id: last, op: size, from: rows, with: {at_least: 9}").outputs["out"].table) == 0
