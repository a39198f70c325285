"""What the check sees before a run would fail of it; each of these was once found by a mutated recipe."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workflows.check import Checked

pytestmark = pytest.mark.usefixtures("small_operators")
Check = Callable[..., Checked]
TRIM = "  - {id: last, op: trim, from: rows}"


def error(found: Checked) -> str:
    assert found.graph is None
    (only,) = found.errors
    assert only.mend
    return str(only)


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        ("  out: {from: last, path: out.txt, with: {column: txt}}", "no column 'txt' among"),
        ("  out: {from: last, path: out.txt, with: {column: tags}}", "WriteText cannot hold these columns"),
        ("  out: {from: last, path: a.jsonl}\n  two: {from: last, path: a.jsonl/b.jsonl}", "which is the file of output 'out'; give it a folder"),
        ("  out: {from: last, path: evals.jsonl/b.jsonl}", "is a file, and no folder; write beside it"),
        (f"  out: {{from: last, path: {'a' * 300}.jsonl}}", "a name of 306 bytes is too long; at most 255 do"),
        (f"  out: {{from: last, path: {'a' * 230}.jsonl}}", "the name is too long; at most 175 bytes do"),
        ("  a/b: {from: last, path: out.jsonl}", "'a/b' is no name; take letters"),
        ("  ../b: {from: last, path: out.jsonl}", "'../b' is no name; take letters"),
        ("  out: {from: last, path: out.jsonl, format: jsonl@9}", "version 9 is not here"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused(checked: Check, outputs: str, said: str) -> None:
    assert said in error(checked(TRIM, outputs))


def test_an_output_in_a_folder_that_takes_no_files_is_refused(checked: Check, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "closed").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: mode == os.R_OK)  # as for whoever is not root
    assert "nothing can be written to" in error(checked(TRIM, "  out: {from: last, path: closed/new/out.jsonl}"))


@pytest.mark.parametrize("pattern", ["data", "data/*.jsonl", "data/**/*.jsonl", "'[d]ata/*.jsonl'", "[data/a.jsonl, data/o*.jsonl]"])
def test_an_output_that_the_next_run_would_read_is_refused(checked: Check, folder: Path, pattern: str) -> None:
    (folder / "data").mkdir()
    for name in ("a", "other"):
        (folder / "data" / f"{name}.jsonl").write_text('{"text": "a"}\n')
    sources = f"  rows: {{path: {pattern}}}"
    assert "would be read as source 'rows' by the next run; write to another folder" in error(
        checked(TRIM, "  out: {from: last, path: data/out.jsonl}", sources=sources)
    )
    assert checked(TRIM, "  out: {from: last, path: out/out.jsonl}", sources=sources).graph is not None


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("text: int", "line 4: source 'rows': column 'text' holds values that are no int; the sample says string, and json holds any value"),
        ("'': int", "'' is no column name"),
        ("_rest: json", "'_rest' is no column name"),
    ],
)
def test_stated_types_must_be_those_of_the_values(checked: Check, columns: str, said: str) -> None:
    assert said in error(checked(TRIM, sources=f"  rows: {{path: rows.jsonl, columns: {{{columns}}}}}"))


def test_stated_types_of_plain_text_and_parquet_are_looked_at_too(checked: Check, folder: Path) -> None:
    (folder / "rows.txt").write_text("one\ntwo\n")
    pq.write_table(pa.table({"text": ["one", "two"]}), folder / "rows.parquet")
    for name in ("rows.txt", "rows.parquet"):
        found = error(checked(TRIM, sources=f"  rows: {{path: {name}, columns: {{text: bool}}}}"))
        assert "the values are not of these types" in found or "holds values that are no bool" in found


@pytest.mark.parametrize("name", ["''", "' '", "_rest", '"a\\0b"'])
def test_names_that_no_column_can_have_are_refused(checked: Check, name: str) -> None:
    assert "is no column name" in error(checked(f"  - {{id: last, op: length, from: rows, as: {name}}}"))
    assert "is no column name" in error(checked(f"  - {{id: last, op: rename, from: rows, with: {{names: {{text: {name}}}}}}}")) or name == "''"


@pytest.mark.parametrize("number", ["1" + "0" * 30, "-" + "9" * 400, "0x" + "f" * 3000])
def test_numbers_that_no_column_can_hold_are_refused(checked: Check, number: str) -> None:
    found = error(checked(f"  - {{id: last, op: length, from: rows, with: {{at_least: {number}}}}}"))
    assert "does not fit 64 bits; take a smaller number, or leave the bound out" in found
    assert len(found) < 800
    assert "does not fit 64 bits" in error(checked(f"  - {{id: last, op: random_sample, from: rows, with: {{rows: {number}}}}}"))


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("op: split, from: rows, on: {group: tags}, with: {by: group}", "group is list<item: string>; name a column of texts, numbers or flags"),
        ("op: balance, from: rows, on: raw", "group is binary; name a column"),
        ("op: sort, from: rows, on: raw", "by is binary; sort by a column"),
        ("op: matches, from: rows, on: text, with: {pattern: 'a('}", "is no RE2 expression, position 2 (missing ): a(); write a literal bracket as"),
        ("op: field, from: rows, with: {where: 'score >'}", "expression 'score >', position 8: syntax error"),
        ("op: field, from: rows, with: {where: 'scor > 1'}", "did you mean 'score'?"),
        (f"op: field, from: rows, with: {{where: '{'(' * 9000}'}}", "position 501: more than 500 brackets stand within each other"),
        (f"op: contains_words, from: rows, on: text, with: {{words: [{'a' * 5000}]}}", "has 5000 characters; an entry has at most 1000"),
        ("op: language, from: rows, on: text, with: {languages: [english]}", "no language 'english'"),
    ],
)
def test_what_an_operator_cannot_take_is_said_before_the_run(checked: Check, folder: Path, step: str, said: str) -> None:
    rows = {"text": ["a"], "score": [1.5], "tags": [["a"]], "raw": [b"\xff"]}
    pq.write_table(pa.table(rows), folder / "rows.parquet")
    assert said in error(checked(f"  - {{id: last, {step}}}", sources="  rows: {path: rows.parquet}"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rows(last) < 0", "rows is never below 0"),
        ("nulls(last, text) <= -1", "nulls is never below 0"),
        ("rows(last) == 2.5", "rows is a whole number, never 2.5"),
        ("rows(last) > 5", "rows(last) is at most 5: step 'some' lets no more through; take a bound of at most 5"),
        ("rows(some) between 10 and 20", "rows(some) is at most 5"),
        ("share(last) > 1", "share(last) is at most 1"),
        ("rows(last) >= 1e400", "rows(last) is at most 5"),
    ],
)
def test_a_check_that_no_run_can_fulfil_is_refused(checked: Check, text: str, said: str) -> None:
    steps = "  - {id: some, op: random_sample, from: rows, with: {rows: 5}}\n  - {id: last, op: words, from: some, on: text}"
    assert said in error(checked(steps, checks=f"checks: ['{text}']"))


def test_a_check_that_a_run_may_fulfil_passes(checked: Check) -> None:
    steps = "  - {id: some, op: random_sample, from: rows, with: {share: 0.5}}\n  - {id: last, op: cut, from: some}"
    texts = ["rows(last) > 1000000", "share(last) > 3", "rows(some) >= 10", "rows(rows) > 5", "rows(some.dropped) > 5"]
    assert checked(steps, checks=f"checks: {json.dumps(texts)}").graph is not None


def test_every_finding_of_a_recipe_full_of_mistakes_has_its_mend(checked: Check) -> None:
    steps = (
        "  - {id: a, op: '@1', from: rows}\n  - {id: b, op: csv, from: rows}\n  - {id: c, op: length, from: rows, with: {at_least: 9, at_most: 3}}\n"
        "  - {id: d, op: random_sample, from: rows}\n  - {id: e, op: keep, from: rows, with: {columns: [zzz]}}\n"
        "  - {id: last, op: trim, from: [a, b, c, d, e]}"
    )
    outputs = (
        "  out: {from: last, path: s3://a/b.jsonl}\n  two: {from: a, path: ''}\n  three: {from: a, path: a.xyz}\n  four: {from: a, path: ../a.csv}"
    )
    found = checked(
        steps, outputs, sources="  rows: {path: rows.jsonl}\n  more: {path: rows.jsonl, format: words}\n  zoo: {path: https://a.org/a.csv}"
    )
    assert len(found.errors) >= 11
    assert [one for one in found.errors if not (one.line and one.message and one.mend.strip("; :"))] == []


@pytest.mark.parametrize("text", ["rows(" + " " * 500_000, "rows(last) > " + "9" * 500_000, "- " * 100_000, "nulls(last, " + " ," * 100_000])
def test_a_check_of_any_length_is_read_at_once_and_told_shortly(checked: Check, text: str) -> None:
    started = time.process_time()
    assert len(error(checked(TRIM, checks=f"checks: {json.dumps([text])}"))) < 1500
    assert time.process_time() - started < 3


def test_every_circle_is_named(checked: Check) -> None:
    steps = (
        "  - {id: a, op: trim, from: b}\n  - {id: b, op: trim, from: a}\n  - {id: c, op: trim, from: c}\n  - {id: last, op: trim, from: [rows, c]}"
    )
    found = checked(steps)
    assert [str(one) for one in found.errors] == [
        "line 6: step 'a': the steps go round in a circle: a → b → a; let one of them read from a source",
        "line 8: step 'c': the steps go round in a circle: c → c; let one of them read from a source",
    ]
