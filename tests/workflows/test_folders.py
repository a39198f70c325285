"""Folders of parts: the same bytes whatever the workers and shards, whole or not there, never replacing what is not winnow's."""

import json
import os
from importlib import import_module
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tools.errors import RecipeError
from workflows import runs
from workflows.chosen import Given, from_file
from workflows.engine import execute, standing
from workflows.store import Store

ROWS = [{"text": f"row {number} " + "word " * (number % 7), "group": number % 5} for number in range(2000)]
RECIPE = """winnow: 1
name: parts
goal: Rows of some words, split.
sources:
  rows: {{path: rows.jsonl, licence: CC-BY-4.0}}
steps:
  - {{id: long, op: words@1, from: rows, on: text, with: {{at_least: 4}}, why: Short ones | say <little>.}}
{split}outputs:
  out: {{from: {rows}, path: {path}, {more}}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return tmp_path


def text_of(path: str, more: str, rows: str) -> str:
    split = "  - {id: parts, op: split@1, from: long, with: {validation: 0.2}}\n" if rows == "parts" else ""
    return RECIPE.format(path=path, more=more, rows=rows, split=split)


def written(folder: Path, path: str = "out/", more: str = "format: jsonl", rows: str = "parts"):
    (folder / "r.yaml").write_text(text_of(path, more, rows), encoding="utf-8")
    return from_file(folder / "r.yaml", folder / "cache", Given(inputs={}))


def start(folder: Path, chosen, **more):
    return runs.start(Store(folder / "home"), chosen, approved_by="test", workers=1, **more)


def files_of(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "parquet", "arrow"])
def test_parts_are_the_same_whatever_the_shards(folder: Path, form: str) -> None:
    chosen = written(folder, more=f"format: {form}, with: {{part_rows: 300}}")
    seen = []
    for turn, shard_bytes in enumerate((1 << 24, 9000)):
        execute(chosen.graph, folder / f"run{turn}", folder / f"cache{turn}", shard_bytes=shard_bytes, overwrite=True)
        seen.append(files_of(folder / "out"))
    assert seen[0] == seen[1]
    told = json.loads(seen[0]["_manifest.json"])
    rows = [one["rows"] for one in told["files"] if one["path"].startswith("train-")]
    assert rows[:-1] == [300] * (len(rows) - 1)
    assert {one["path"].split("-")[0] for one in told["files"]} == {"train", "validation"}
    assert sum(one["rows"] for one in told["files"]) == told["rows"] == sum(len(row["text"].split()) >= 4 for row in ROWS)


def test_parts_end_at_bytes_and_say_how_many_they_are(folder: Path) -> None:
    start(folder, written(folder, path="out/rows.jsonl.gz/", more="with: {part_bytes: 20000}", rows="long"))
    names = sorted(name for name in files_of(folder / "out/rows.jsonl.gz") if name != "_manifest.json")
    assert len(names) > 2
    assert names == [f"part-{number:05d}-of-{len(names):05d}.jsonl.gz" for number in range(len(names))]


def test_a_folder_is_replaced_only_when_asked_and_only_when_all_of_it_is_ours(folder: Path) -> None:
    (folder / "out").mkdir()
    start(folder, written(folder))  # an empty folder is nothing
    before = files_of(folder / "out")
    with pytest.raises(RecipeError, match="exists; give another path, or --overwrite"):
        start(folder, written(folder))
    start(folder, written(folder, more="format: jsonl, with: {part_rows: 100}"), overwrite=True)
    after = files_of(folder / "out")
    assert any(name.startswith("train-00001-of-") for name in after.keys() - before.keys())
    assert "train-00000-of-00001.jsonl" not in after
    (folder / "out" / "notes.txt").write_text("mine")
    with pytest.raises(RecipeError, match=r"holds 'notes.txt', which winnow did not write there"):
        start(folder, written(folder), overwrite=True)
    assert (folder / "out" / "notes.txt").read_text() == "mine"
    assert not list(folder.glob(".out*"))


def test_a_run_that_fails_leaves_the_folder_that_stood_there(folder: Path) -> None:
    start(folder, written(folder))
    before = files_of(folder / "out")
    text = (folder / "r.yaml").read_text(encoding="utf-8") + "checks:\n  - rows(long) == 1\n"
    (folder / "r.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RecipeError, match="checks do not hold"):
        start(folder, from_file(folder / "r.yaml", folder / "cache", Given(inputs={}), compare_lock=False), overwrite=True)
    assert files_of(folder / "out") == before
    assert not list(folder.glob(".out*"))


@pytest.mark.parametrize("at", ["before", "after"])
def test_a_run_killed_as_it_puts_a_folder_in_place_is_taken_up(folder: Path, at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    real = standing.put_in_place

    def killed(graph, staged) -> None:
        if at == "after":
            real(graph, staged)
        raise Killed

    monkeypatch.setattr(import_module("workflows.engine.execute"), "put_in_place", killed)
    chosen = written(folder, more="format: hf_dataset")
    with pytest.raises(Killed):
        start(folder, chosen)
    monkeypatch.undo()
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    assert (folder / "out").exists() == (at == "after")
    done = runs.resume(Store(folder / "home"), "last", workers=1, trusted=True)
    assert {one.digest for one in done.books.outputs} == {standing.digest_of(folder / "out")}
    resumed = files_of(folder / "out")
    start(folder, chosen, overwrite=True)
    assert files_of(folder / "out") == resumed
    assert not list(folder.glob(".out*"))


def test_two_folders_are_exchanged_also_where_the_system_cannot(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(folder, written(folder))
    monkeypatch.setattr(standing, "_swapped", lambda one, other: False)
    start(folder, written(folder, more="format: parquet"), overwrite=True)
    assert all(name.endswith(".parquet") or name == "_manifest.json" for name in files_of(folder / "out"))
    assert not list(folder.glob(".out*"))


def test_what_stood_there_comes_back_when_killed_between_two_renames(folder: Path) -> None:
    chosen = written(folder)
    start(folder, chosen)
    before = files_of(folder / "out")
    os.replace(folder / "out", folder / ".out.run.old")
    standing.sweep(chosen.graph)
    assert files_of(folder / "out") == before


def test_no_rows_are_one_part_without_rows(folder: Path) -> None:
    (folder / "rows.jsonl").write_text('{"text": "x", "group": 1}\n')
    start(folder, written(folder, more="format: hf_dataset", rows="long"))
    assert pq.read_table(folder / "out/data/train-00000-of-00001.parquet").num_rows == 0
    assert "| train | 0 | 1 |" in (folder / "out/README.md").read_text(encoding="utf-8")


def test_a_folder_is_no_place_for_another_output_or_an_input(folder: Path) -> None:
    start(folder, written(folder, path="out/"))
    (folder / "r.yaml").write_text(text_of("out/", "format: jsonl", "long").replace("rows.jsonl", "out/"), encoding="utf-8")
    with pytest.raises(RecipeError, match="is read as source 'rows' and would be overwritten"):
        from_file(folder / "r.yaml", folder / "cache", Given(inputs={}))
    more = "format: jsonl}\n  two: {from: long, path: out/, format: parquet"
    with pytest.raises(RecipeError, match="is written by output 'out' too"):
        written(folder, more=more, rows="long")
    with pytest.raises(RecipeError, match="gets parts 'part' from 'out' too"):
        written(folder, more="format: jsonl}\n  two: {from: long, path: out/, format: jsonl", rows="long")
    with pytest.raises(RecipeError, match="hf_dataset is a folder; end the path in"):
        written(folder, path="out", more="format: hf_dataset")
