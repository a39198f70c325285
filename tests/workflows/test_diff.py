"""How two versions differ: in text, in steps, in the fate of rows."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tools.errors import RecipeError
from workflows.diff import changes, fates, lines
from workflows.loader import load

TEXT = """\
winnow: 1
name: test
sources:
  rows: {path: rows.jsonl}
steps:
  - {id: a, op: length, from: rows, with: {at_least: 3}}
  - {id: b, op: once, from: a}
  - {id: c, op: trim, from: b}
outputs:
  out: {from: c, path: out.jsonl}
checks: [rows(c) > 3]
"""


def test_one_changed_bound_is_one_changed_line() -> None:
    before, after = load(TEXT).recipe, load(TEXT.replace("at_least: 3", "at_least: 4")).recipe
    changed = [line for line in lines(before, after) if line[:1] in "+-" and line[:3] not in ("---", "+++")]
    assert changed == ["-    with: {at_least: 3}", "+    with: {at_least: 4}"]
    assert [str(change) for change in changes(before, after)] == ["step 'a': with.at_least 3 → 4"]


def test_equal_recipes_have_no_changes() -> None:
    recipe = load(TEXT).recipe
    assert lines(recipe, recipe) == []
    assert changes(recipe, recipe.model_copy(update={"version": 9})) == []


def test_structure_is_named() -> None:
    before = load(TEXT).recipe
    after = load(
        TEXT.replace("  - {id: b, op: once, from: a}\n", "")
        .replace("from: b}", "from: a, on: body}")
        .replace("outputs:", "  - {id: d, op: trim, from: c}\noutputs:")
        .replace("{from: c,", "{from: d,")
        .replace("rows(c) > 3", "rows(d) > 3")
        .replace("name: test", "name: test\nseed: 4")
    ).recipe
    assert [str(change) for change in changes(before, after)] == [
        "seed: 0 → 4",
        "step 'b' removed",
        "step 'c': from 'b' → 'a'",
        "step 'c': on None → 'body'",
        "step 'd' added",
        "output 'out': from 'c' → 'd'",
        "check 'rows(c) > 3' removed",
        "check 'rows(d) > 3' added",
    ]


def test_a_moved_step_is_said_once() -> None:
    before = load(TEXT).recipe
    after = before.model_copy(update={"steps": [before.steps[2], before.steps[0], before.steps[1]]})
    assert [(change.kind, change.name, change.before, change.after) for change in changes(before, after)] == [("moved", "c", 3, 1)]


def ledger(folder: Path, rows: list[tuple[str, int, str, str | None]]) -> Path:
    """Rows of (digest, row, state, measure), in two files."""
    folder.mkdir(parents=True)
    columns = {
        "source": ["rows"] * len(rows),
        "file": ["rows.jsonl"] * len(rows),
        "line": [number + 1 for number in range(len(rows))],
        "row": [row for _, row, _, _ in rows],
        "part": [0] * len(rows),
        "state": [state for _, _, state, _ in rows],
        "step": ["a" if state != "kept" else None for _, _, state, _ in rows],
        "operator": ["length"] * len(rows),
        "measure": [measure for _, _, _, measure in rows],
        "value": [1.0] * len(rows),
        "bound": [None] * len(rows),
        "into": [None] * len(rows),
        "digest": [digest.encode() for digest, _, _, _ in rows],
    }
    table = pa.table(columns)
    pq.write_table(table.slice(0, 2), folder / "one.parquet")
    pq.write_table(table.slice(2), folder / "two.parquet")
    return folder


def test_fates_of_the_same_rows_are_compared(tmp_path: Path) -> None:
    before = ledger(
        tmp_path / "a",
        [("x", 0, "kept", None), ("y", 5, "dropped", "length"), ("z", 9, "kept", None), ("y", 12, "dropped", "length"), ("gone", 20, "kept", None)],
    )
    after = ledger(
        tmp_path / "b",
        [("new", 0, "kept", None), ("y", 7, "kept", None), ("x", 8, "kept", None), ("y", 15, "merged", None), ("z", 30, "dropped", "words")],
    )
    found = fates(before, after)
    assert found.same == 1
    assert found.counts == {("kept", "dropped"): 1, ("dropped", "kept"): 1, ("dropped", "merged"): 1, ("kept", "absent"): 1, ("absent", "kept"): 1}
    by_change = {(fate.before, fate.after): fate for fate in found.examples}
    assert by_change["kept", "dropped"].measure_after == "words"
    assert by_change["dropped", "kept"].row == 5
    assert by_change["dropped", "merged"].row == 12
    assert len(fates(before, after, examples=2).examples) == 2


def test_equal_rows_are_matched_in_order(tmp_path: Path) -> None:
    before = ledger(tmp_path / "a", [("x", 0, "kept", None), ("x", 1, "merged", None), ("x", 2, "merged", None)])
    after = ledger(tmp_path / "b", [("x", 0, "kept", None), ("x", 1, "merged", None)])
    found = fates(before, after)
    assert (found.same, found.counts) == (2, {("merged", "absent"): 1})


def test_a_run_without_ledger_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no ledger lies here"):
        fates(tmp_path, tmp_path)
