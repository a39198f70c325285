"""Hugging Face datasets: what `datasets` and mlcroissant read of a folder that was written, and what is read of folders that they wrote."""

import json
import logging
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import Dataset, DatasetDict, disable_progress_bars, load_dataset

from tools.errors import RecipeError
from workflows import runs
from workflows.chosen import Given, from_file
from workflows.inputs import find, source_for
from workflows.store import Store

disable_progress_bars()
RECIPE = """winnow: 1
name: talks
goal: Talks of some length | in <two> splits.
sources:
  one: {path: one.jsonl, licence: CC-BY-NC-4.0}
  two: {path: two.jsonl, licence: CC-BY-SA-3.0}
steps:
  - {id: long, op: words@1, from: [one, two], on: text, with: {at_least: 3}, why: Short ones | teach <b>little</b>.}
  - {id: english, op: language@1, from: long, on: text, with: {languages: [en]}}
  - {id: parts, op: split@1, from: english, with: {validation: 0.0, test: 0.25}}
outputs:
  out: {from: parts, path: out/talks/, format: hf_dataset, with: {part_rows: 40, creator: Somebody, published: "2026-01-02"}}
"""
TALK = [{"role": "user", "content": "How?"}, {"role": "assistant", "content": None}]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    for name, count in (("one", 90), ("two", 60)):
        rows = [
            {
                "text": f"This is the sentence number {number} of {name}." if number % 9 else "no",
                "n": number,
                "tags": ["a"] * (number % 3),
                "talk": TALK,
            }
            for number in range(count)
        ]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "r.yaml").write_text(RECIPE, encoding="utf-8")
    chosen = from_file(folder / "r.yaml", folder / "cache", Given(inputs={}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        runs.start(Store(folder / "home"), chosen, approved_by="test", workers=1)
    return folder


def rows_of(folder: Path) -> dict[str, list]:
    return {
        split: [row for path in sorted((folder / "data").glob(f"{split}-*")) for row in pq.read_table(path).to_pylist()]
        for split in ("train", "test")
    }


def test_datasets_reads_every_split_offline(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    found = load_dataset(str(made / "out/talks"), cache_dir=str(made / "hf"))
    wanted = rows_of(made / "out/talks")
    assert list(found) == ["train", "test"]
    for split in ("train", "test"):
        assert found[split].to_list() == wanted[split]
        assert list(found[split].features) == ["text", "n", "tags", "talk"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of rdflib, which mlcroissant reads with
def test_mlcroissant_finds_no_fault_and_reads_the_rows(made: Path, caplog: pytest.LogCaptureFixture) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    with caplog.at_level(logging.ERROR):
        found = mlcroissant.Dataset(jsonld=str(made / "out/talks/croissant.json"))
    assert not found.metadata.ctx.issues.errors
    assert not found.metadata.ctx.issues.warnings
    for split, wanted in rows_of(made / "out/talks").items():
        rows = list(found.records(split))
        assert [row[f"{split}/text"].decode() for row in rows] == [row["text"] for row in wanted]
        assert [int(row[f"{split}/n"]) for row in rows] == [row["n"] for row in wanted]
        assert [[tag.decode() for tag in row[f"{split}/tags"]] for row in rows] == [row["tags"] for row in wanted]
        assert rows[0][f"{split}/talk"][0][f"{split}/talk/role"] == b"user"
    files = {file.id: file for file in found.metadata.distribution if hasattr(file, "sha256") and file.sha256}
    manifest = {one["path"]: one for one in json.loads((made / "out/talks/_manifest.json").read_text())["files"]}
    assert files.keys() == {path for path in manifest if path.startswith("data/")}
    assert all(file.sha256 == manifest[name]["sha256"] for name, file in files.items())


def test_the_card_tells_effects_licences_and_how_to_make_it_again(made: Path) -> None:
    card = (made / "out/talks/README.md").read_text(encoding="utf-8")
    head = card.split("---\n")[1]
    assert '- "cc-by-nc-4.0"\n- "cc-by-sa-3.0"' in head
    assert 'language:\n- "en"' in head
    assert '- "n<1K"' in head
    for said in (
        "| 1 | `long` | `words@1` | 150 | 133 | 88.7% | words −17 |",
        "CC-BY-NC-4.0: 80 rows",
        "CC-BY-SA-3.0 asks for the same licence for the whole, which CC-BY-NC-4.0 does not allow",
        "*Why: Short ones \\| teach &lt;b>little&lt;/b>.*",
        "> Talks of some length \\| in &lt;two> splits.",
        "Nothing was done about personal data.",
        "The rows were not compared with any evaluation set.",
        'load_dataset("talks", split="train")',
    ):
        assert said in card
    assert str(made) not in card
    assert str(made) not in (made / "out/talks/croissant.json").read_text(encoding="utf-8")


def test_what_was_written_is_read_again_with_its_splits(made: Path) -> None:
    table = read(made / "out/talks")
    wanted = rows_of(made / "out/talks")
    assert table["split"].to_pylist().count("test") == len(wanted["test"])
    assert len(table) == len(wanted["train"]) + len(wanted["test"])
    only = read(made / "out/talks", {"split": "test"})
    assert only.to_pylist() == wanted["test"]
    with pytest.raises(RecipeError, match="there is no split 'dev'; the splits are test, train"):
        read(made / "out/talks", {"split": "dev"})


def read(place: Path, options: dict[str, object] | None = None, format: str | None = None) -> pa.Table:
    files = find(str(place), Path.cwd(), True)
    source = source_for(files, format, options or {})
    files = source.picks(files)
    shards = source.shards(files, place.parent / "cache", 2000)
    schema = source.infer(shards)
    return pa.concat_tables([source.load(shard, schema).table for shard in shards])


def test_what_save_to_disk_wrote_is_read(tmp_path: Path) -> None:
    rows = [{"text": f"row {number}", "words": ["x"] * (number % 3), "at": {"n": number}} for number in range(500)]
    Dataset.from_list(rows).save_to_disk(str(tmp_path / "one"), num_shards=3)
    pa.ipc.new_stream(str(tmp_path / "one/cache-1234.arrow"), pa.schema([("text", pa.string())])).close()  # what `map` leaves behind
    assert type(source_for(find(str(tmp_path / "one"), tmp_path, True), None, {})).__name__ == "HfDataset"
    assert read(tmp_path / "one").to_pylist() == rows
    DatasetDict({"train": Dataset.from_list(rows[:400]), "test": Dataset.from_list(rows[400:])}).save_to_disk(str(tmp_path / "two"))
    found = read(tmp_path / "two")
    assert found.drop_columns("split").to_pylist() == rows[400:] + rows[:400]
    assert found["split"].to_pylist() == ["test"] * 100 + ["train"] * 400
    assert read(tmp_path / "two/train").to_pylist() == rows[:400]
    assert read(tmp_path / "two", {"split_column": ""}).column_names == ["text", "words", "at"]


def test_folders_as_the_hub_holds_them_are_read(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("train", "test"):
        (tmp_path / f"data/{name}.jsonl").write_text(f'{{"text": "{name}"}}\n')
    (tmp_path / "README.md").write_text("# no front matter\n")
    assert read(tmp_path).column_names == ["text"]  # a folder of JSON Lines
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n")
    assert read(tmp_path).to_pylist() == [{"text": "test", "split": "test"}, {"text": "train", "split": "train"}]
    (tmp_path / "README.md").write_text(
        "---\nconfigs:\n- config_name: default\n"
        "  data_files:\n  - split: dev\n    path: data/te*.jsonl\n  - {split: x, path: [data/train.jsonl]}\n---\n"
    )
    assert sorted(read(tmp_path)["split"].to_pylist()) == ["dev", "x"]
    (tmp_path / "README.md").write_text("---\nconfigs:\n- {config_name: a, data_files: data/*}\n- {config_name: b, data_files: data/*}\n---\n")
    with pytest.raises(RecipeError, match="holds the configurations a, b"):
        find(str(tmp_path), tmp_path, True)
    (tmp_path / "README.md").write_text("---\nconfigs:\n- {config_name: a, data_files: ../../etc/*}\n---\n")
    with pytest.raises(RecipeError, match="is no path within the folder"):
        find(str(tmp_path), tmp_path, True)
