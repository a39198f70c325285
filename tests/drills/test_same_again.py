"""The same bytes on any number of workers; the same rows in the same order for any shard size and compression."""

import gzip
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from workflows.check import check
from workflows.engine import execute
from workflows.engine.result import Result
from workflows.loader import load

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
MB = 1 << 20
RECIPE = """winnow: 1
name: again
sources:
  docs: {{path: {path}}}
steps:
  - {{id: long, op: words@1, from: docs, on: text, with: {{at_least: 20}}}}
  - {{id: tidy, op: normalise_whitespace@1, from: long, on: text}}
  - {{id: once, op: exact_dedup@1, from: tidy, on: text}}
  - {{id: near, op: minhash_dedup@1, from: once, on: text}}
  - {{id: cut, op: chunk@1, from: near, on: text, with: {{words: 200}}}}
  - {{id: typical, op: quantile@1, from: sized, on: {{value: sized.characters}}, with: {{at_least: 0.05}}}}
  - {{id: sized, op: characters@1, from: cut, on: text}}
  - {{id: some, op: random_sample@1, from: typical, with: {{share: 0.5}}}}
  - {{id: parts, op: split@1, from: some, with: {{validation: 0.1}}}}
outputs:
  out: {{from: parts, path: out.jsonl}}
"""


def texts(name: str) -> Iterator[str]:
    files = (
        ["alpaca/alpaca"]
        if name == "alpaca"
        else ["raw_text/laws_de", "raw_text/standards_python", "raw_text/community_docs", "raw_text/nltk_genesis"]
    )
    for file in files:
        raw = zstandard.ZstdDecompressor().stream_reader((DATA / f"{file}.jsonl.zst").read_bytes()).read().decode()
        for line in raw.split("\n"):
            if line:
                row = json.loads(line)
                yield row["output"] if name == "alpaca" else row["text"]


@pytest.fixture(scope="module", params=["alpaca", "raw_text"])
def given(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not DATA.is_dir():
        pytest.skip(f"{DATA} is not here")
    folder = tmp_path_factory.mktemp(request.param)
    lines = "".join(json.dumps({"n": n, "text": text}, ensure_ascii=False) + "\n" for n, text in enumerate(texts(request.param)))
    (folder / "docs.jsonl").write_text(lines)
    return folder


def run(folder: Path, path: str, workers: int, shard_bytes: int) -> tuple[Result, bytes]:
    for name in ("cache", "run"):
        shutil.rmtree(folder / name, ignore_errors=True)
    loaded = load(RECIPE.format(path=path))
    checked = check(loaded.recipe, folder, folder / "cache")
    assert checked.graph is not None, checked.errors
    result = execute(checked.graph, folder / "run", folder / "cache", workers=workers, shard_bytes=shard_bytes, overwrite=True)
    return result, b"".join(Path(written.path).read_bytes() for written in result.outputs)


@pytest.mark.slow
def test_workers_shards_and_compression_do_not_show(given: Path) -> None:
    result, wanted = run(given, "docs.jsonl", 1, 8 * MB)
    assert result.rows_out > 1000
    for workers in (2, 3):
        assert run(given, "docs.jsonl", workers, 8 * MB)[1] == wanted, f"{workers} workers"
    assert run(given, "docs.jsonl", 2, 64 * MB)[1] == wanted, "64 MB shards"
    plain = (given / "docs.jsonl").read_bytes()
    (given / "docs.jsonl").unlink()
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        file.write(plain)
    (given / "docs.jsonl.gz").write_bytes(packed.getvalue())
    assert run(given, "docs.jsonl.gz", 2, 8 * MB)[1] == wanted, "gz"
    (given / "docs.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(plain))
    assert run(given, "docs.jsonl.zst", 2, 8 * MB)[1] == wanted, "zst"
