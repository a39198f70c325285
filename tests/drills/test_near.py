"""Near-duplicate removal at size: against exact truth, and time and memory while the input grows."""

import json
import resource
import sys
from pathlib import Path

import pytest

from benchmarks import corpus, mixture
from benchmarks.peers import score, truth
from benchmarks.tree import Peak, measure
from tests.tools.real_data import rows

RECIPE = """winnow: 1
name: near
sources: {docs: {path: docs.jsonl}}
steps:
  - {id: near, op: minhash_dedup@1, from: docs, on: text}
outputs: {out: {from: near, path: out.jsonl}}
"""
MEGABYTES = 81
GROWING = (100, 300, 1000)  # megabytes
MOST_MEMORY = 1000  # MB
SLOWER = 1.15


def run(folder: Path) -> Peak:
    """The recipe over docs.jsonl with two workers, as a command of its own."""
    (folder / "recipe.yaml").write_text(RECIPE)
    given = [str(folder / "recipe.yaml"), str(folder / "run"), "--cache", str(folder / "cache")]
    done = measure([sys.executable, "-m", "benchmarks.driver", *given])
    assert done.status == 0
    return done


def kept(folder: Path, first: int = 0) -> list[int]:
    """The positions of the rows that are left, where the first row's id is `first`."""
    with open(folder / "out.jsonl", encoding="utf-8") as file:
        return [int(json.loads(line)["id"]) - first for line in file]


@pytest.mark.slow
def test_what_is_removed_is_what_exact_similarity_says(tmp_path: Path) -> None:
    mixture.write(tmp_path / "docs.jsonl", MEGABYTES)
    run(tmp_path)
    with open(tmp_path / "docs.jsonl", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    found = score.removal(kept(tmp_path, first=1), truth.clusters(truth.near(texts, truth.runs), len(texts)))
    assert found.precision == 1
    assert found.recall >= 0.995


@pytest.mark.slow
def test_pages_in_several_versions_go_as_exact_similarity_says(tmp_path: Path) -> None:
    pages = [str(row["text"]) for row in rows("docs_near_dup/powershell_reference.jsonl.zst")]
    with open(tmp_path / "docs.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(pages))
    run(tmp_path)
    found = score.removal(kept(tmp_path), truth.clusters(truth.near(pages, truth.runs), len(pages)))
    assert found.precision == 1
    assert found.recall >= 0.995


@pytest.mark.slow
def test_time_grows_with_the_input_and_memory_does_not(tmp_path: Path) -> None:
    per_megabyte = []
    for size in GROWING:
        folder = tmp_path / str(size)
        folder.mkdir()
        corpus.write(folder / "docs.jsonl", size)
        before = _seconds()
        done = run(folder)
        per_megabyte.append((_seconds() - before) / size)
        assert max(done.pss_mb, done.rss_mb) <= MOST_MEMORY
    assert per_megabyte[-1] <= SLOWER * per_megabyte[0]


def _seconds() -> float:
    """Of computing, by all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
