"""Questions to a ledger of eight rows in two files."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tools.errors import RecipeError
from workflows import inquiry

SECOND = 1 << 43


def ledger(folder: Path, files: tuple[str, ...] = ("a.jsonl", "b/c.jsonl")) -> Path:
    rows = [
        {"row": number * SECOND + line * 10, "part": 0, "source": "posts", "file": file, "line": line + 1, "state": "kept", "digest": bytes(16)}
        for number, file in enumerate(files)
        for line in range(4)
    ]
    rows[1] |= {"state": "dropped", "step": "long", "operator": "words", "measure": "words", "value": 2.0, "bound": "at_least 5"}
    rows[2] |= {"state": "merged", "step": "once", "operator": "exact_dedup", "measure": "merged", "into": 0, "into_part": 0}
    rows[3] |= {"state": "expanded", "step": "cut", "operator": "chunk"}
    rows += [{"row": 30, "part": part, "source": "posts", "file": "a.jsonl", "line": 4, "state": "kept", "digest": bytes(16)} for part in (77, -5)]
    kinds = [("row", pa.int64()), ("part", pa.int64()), ("source", pa.string()), ("file", pa.string()), ("line", pa.int64())]
    kinds += [(name, pa.string()) for name in ("state", "step", "operator", "measure")]
    kinds += [("value", pa.float64()), ("bound", pa.string()), ("into", pa.int64()), ("into_part", pa.int64()), ("digest", pa.binary(16))]
    (folder / "ledger").mkdir(parents=True)
    table = pa.Table.from_pylist(rows, schema=pa.schema(kinds))
    pq.write_table(table.slice(0, 3), folder / "ledger" / "000000.parquet")
    pq.write_table(table.slice(3), folder / "ledger" / "000001.parquet")
    return folder


def test_rows_are_found_by_number_by_part_and_by_file_and_line(tmp_path):
    run = ledger(tmp_path / 'it\'s a "run"')
    assert inquiry.find(run, "20").line == 3
    assert inquiry.find(run, "30").part == 0
    assert inquiry.find(run, "30.77").part == 77
    assert inquiry.find(run, "30.-5").part == -5
    assert inquiry.find(run, "a.jsonl:2").row == 10
    assert inquiry.find(run, "c.jsonl:1").row == SECOND
    assert inquiry.find(run, "somewhere/b/c.jsonl:1").row == SECOND


def test_a_bare_line_needs_a_single_input_file(tmp_path):
    assert inquiry.find(ledger(tmp_path / "one", ("a.jsonl",)), "2").row == 10
    with pytest.raises(RecipeError, match="of 2 input files a line must name its own: FILE:2"):
        inquiry.find(ledger(tmp_path / "two"), "2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("999", "must name its own"),
        ("30.1", "has no such row"),
        ("a.json:1", "no input file 'a.json' in this run; did you mean 'a.jsonl'"),
        ("first", "give a row's number"),
        ("a.jsonl:99", "has no such row"),
    ],
)
def test_what_names_no_row_is_an_error_that_says_what_would(tmp_path, text, said):
    with pytest.raises(RecipeError, match=said):
        inquiry.find(ledger(tmp_path), text)


def test_rows_are_listed_in_input_order_and_filtered(tmp_path):
    run = ledger(tmp_path)
    assert inquiry.select(run)["row"].to_pylist()[:4] == [0, 10, 20, 30]
    assert inquiry.select(run, states=("dropped", "merged"))["row"].to_pylist() == [10, 20]
    assert inquiry.select(run, step="long")["value"].to_pylist() == [2.0]
    assert inquiry.select(run, reason="merged", limit=5)["into"].to_pylist() == [0]
    assert len(inquiry.select(run, limit=3)) == 3
    with pytest.raises(RecipeError, match="no state 'droped'; did you mean 'dropped'"):
        inquiry.select(run, states=("droped",))


def test_a_run_without_a_ledger_says_how_to_get_one(tmp_path):
    with pytest.raises(RecipeError, match="no ledger yet; `winnow resume"):
        inquiry.select(tmp_path)
