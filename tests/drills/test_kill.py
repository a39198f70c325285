"""kill -9 at random instants, then resume: the output is what an undisturbed run writes."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workflows.engine.standing import digest_of

RECIPE = """winnow: 1
name: drill
sources:
  docs: {path: docs.jsonl}
steps:
  - {id: long, op: words@1, from: docs, on: text, with: {at_least: 20}}
  - {id: tidy, op: normalise_whitespace@1, from: long, on: text}
  - {id: once, op: exact_dedup@1, from: tidy, on: text}
  - {id: near, op: minhash_dedup@1, from: once, on: text}
  - {id: cut, op: chunk@1, from: near, on: text, with: {words: 300}}
  - {id: some, op: random_sample@1, from: cut, with: {share: 0.5}}
outputs:
  out: {from: some, path: out.jsonl}
  set: {from: some, path: set/, format: hf_dataset, with: {part_rows: 500}}
"""
KILLS = 30


def winnow(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = dict(os.environ, WINNOW_HOME=str(folder / "home"), XDG_STATE_HOME=str(folder / "state"))
    return subprocess.Popen(
        [sys.executable, "-m", "winnow", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finished(process: subprocess.Popen[str]) -> dict[str, object]:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err[-2000:]
    told: dict[str, object] = json.loads(out)
    return told


def digest(folder: Path) -> str:
    """Of the file and of the folder."""
    return hashlib.sha256((folder / "out.jsonl").read_bytes()).hexdigest() + digest_of(folder / "set")


@pytest.mark.slow
def test_a_run_killed_at_any_instant_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    benchmarks = pytest.importorskip("benchmarks.corpus")
    if not benchmarks.DATA.is_dir():
        pytest.skip(f"{benchmarks.DATA} is not here")
    benchmarks.write(tmp_path / "docs.jsonl", 24, 4000)
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    started = time.perf_counter()
    finished(winnow(tmp_path, "run", "recipe.yaml", "--yes", "--workers", "2", "--json"))
    took = time.perf_counter() - started
    wanted = digest(tmp_path)
    draw = random.Random(11)
    broken = 0
    for number in range(KILLS):
        home = tmp_path / f"k{number}"
        home.mkdir()
        os.link(tmp_path / "docs.jsonl", home / "docs.jsonl")
        (home / "recipe.yaml").write_text(RECIPE)
        process = winnow(home, "run", "recipe.yaml", "--yes", "--workers", "2", "--json")
        time.sleep(draw.uniform(0.3, took))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        listed, _ = winnow(home, "runs", "--json").communicate(timeout=60)
        runs = json.loads(listed)
        runs = runs["runs"] if isinstance(runs, dict) else runs
        if runs and runs[0]["status"] != "done":
            broken += 1
            told = finished(winnow(home, "resume", "last", "--yes", "--json"))
            assert sum(told["states"].values()) == told["rows_in"]  # type: ignore[attr-defined]
        elif not runs:
            finished(winnow(home, "run", "recipe.yaml", "--yes", "--json"))
        assert digest(home) == wanted, f"kill {number}"
        assert not [path for path in home.iterdir() if path.name.endswith(".tmp")], f"kill {number} left a temporary file"
    assert broken >= KILLS // 2, "the drill must hit running runs"
