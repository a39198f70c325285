"""Rows of many small files: which files share a shard shows nowhere, neither in draws nor in the ledger nor in the output."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from workflows.chosen import Given, from_file
from workflows.engine import execute

RECIPE = """winnow: 1
name: pages
sources:
  notes: {path: notes, format: text_files}
steps:
  - {id: long, op: words@1, from: notes, on: text, with: {at_least: 2}}
  - {id: some, op: random_sample@1, from: long, with: {share: 0.5}}
  - {id: pieces, op: chunk@1, from: some, on: text, with: {words: 3}}
outputs:
  out: {from: pieces, path: out.jsonl}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(60):
        place = tmp_path / "notes" / f"{number % 7}" / f"{number:03d}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"\xff" if number == 30 else f"note {number} ".encode() * (number % 5))
    (tmp_path / "r.yaml").write_text(RECIPE, encoding="utf-8")
    return tmp_path


def test_how_files_are_put_together_does_not_show(folder: Path) -> None:
    chosen, seen = from_file(folder / "r.yaml", folder / "cache", Given(inputs={})), []
    for turn, shard_bytes in enumerate((1 << 24, 200, 1)):
        run = folder / f"run{turn}"
        result = execute(chosen.graph, run, folder / f"cache{turn}", shard_bytes=shard_bytes, overwrite=True)
        columns = ["row", "part", "file", "state", "step", "measure"]
        rows = [row for path in sorted((run / "ledger").glob("*.parquet")) for row in pq.read_table(path, columns=columns).to_pylist()]
        seen.append(((folder / "out.jsonl").read_bytes(), sorted(rows, key=lambda row: (row["row"], row["part"])), result.states))
    assert seen[0] == seen[1] == seen[2]
    output, ledger, states = seen[0]
    assert output
    assert states["quarantined"] == 1
    assert {row["file"] for row in ledger if row["state"] == "quarantined"} == {"2/030.md"}
    assert len({row["file"] for row in ledger}) == 60


def test_adding_a_file_does_not_draw_others_anew(folder: Path) -> None:
    kept = []
    for turn in range(2):
        chosen = from_file(folder / "r.yaml", folder / "cache", Given(inputs={}), compare_lock=False)
        execute(chosen.graph, folder / f"run{turn}", folder / "cache", overwrite=True)
        kept.append((folder / "out.jsonl").read_text(encoding="utf-8"))
        (folder / "notes" / "0" / "000a.md").write_text("one more note that is long enough")
    assert all(line in kept[1] for line in kept[0].splitlines())
