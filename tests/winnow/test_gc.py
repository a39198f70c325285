"""`winnow gc`: runs go by age and number, whole or not at all, and nothing goes that is asked for later."""

import json
import os
import shutil
import signal
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.winnow.conftest import Call
from workflows import upkeep
from workflows.claim import claimed
from workflows.store import Store


@pytest.fixture()
def runs(call: Call, folder: Path) -> list[str]:
    """Three runs, the oldest first."""
    call("save", "recipe.yaml")
    return [str(call("run", "recipe.yaml", "--yes", "--overwrite", "--json").json["run"]) for _ in range(3)]


def listed(call: Call) -> list[str]:
    return [one["run"] for one in reversed(json.loads(call("runs", "--json").out))]


def test_nothing_goes_without_a_yes(call: Call, runs: list[str]):
    said = call("gc", "--keep", "1", "--json").json
    assert list(said["runs"]) == runs[:2]
    assert (said["freed"], said["would_free"]) == (0, sum(said["runs"].values()))
    assert listed(call) == runs
    assert "would go" in call("gc", "--keep", "1").out


def test_the_newest_runs_stay_with_versions_approvals_and_outputs(call: Call, folder: Path, runs: list[str]):
    output = (folder / "out.jsonl").read_bytes()
    assert call("gc", "--keep", "1", "--yes", "--json").json["freed"] > 0
    assert listed(call) == runs[2:]
    assert call("why", runs[2], "1").code == 0
    assert (folder / "out.jsonl").read_bytes() == output
    assert call("show", "long-ones@1").code == 0
    assert call("run", "recipe.yaml", "--overwrite").code == 0  # it is approved still
    assert not (folder / ".winnow" / "cache" / upkeep.GONE).exists()


def test_runs_go_by_age_and_both_bounds_must_agree(call: Call, folder: Path, runs: list[str]):
    place = folder / ".winnow" / "runs" / runs[0] / "manifest.json"
    told = json.loads(place.read_text())
    place.write_text(json.dumps({**told, "started": "2020-01-01T00:00:00+00:00"}))
    assert list(call("gc", "--older-than", "1d", "--json").json["runs"]) == runs[:1]
    assert not call("gc", "--older-than", "1d", "--keep", "3", "--json").json["runs"]
    assert call("gc", "--older-than", "soon").code == 2
    assert not call("gc", "--json").json["runs"]


def test_a_run_stays_that_is_going_on_that_another_repeats_or_that_holds_its_output(call: Call, folder: Path, runs: list[str]):
    again = str(call("replay", runs[0], "--yes", "--json").json["run"])
    with claimed(folder / ".winnow" / "runs" / runs[1]):
        said = call("gc", "--keep", "0", "--json").json
    assert list(said["runs"]) == runs[2:]
    assert {run: str(why).split()[0] for run, why in said["staying"].items()} == {runs[0]: "run", runs[1]: "it", again: "its"}


def test_whoever_is_killed_while_deleting_leaves_whole_runs(call: Call, folder: Path, runs: list[str]):
    store = Store(folder / ".winnow")
    child = os.fork()
    if not child:
        _die_while_deleting(store, runs[:2], after=1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert listed(call) == runs[2:]
    for run in runs[2:]:
        assert call("why", run, "1").code == 0
    assert call("gc", "--keep", "1", "--yes").code == 0
    assert listed(call) == runs[2:]
    assert not (folder / ".winnow" / "cache" / upkeep.GONE).exists()


def _die_while_deleting(store: Store, runs: Iterable[str], after: int) -> None:
    """In a process of its own: kill it in the middle of a folder, after so many whole ones."""
    real, done = shutil.rmtree, 0

    def deleting(path: Path, **options: bool) -> None:
        nonlocal done
        if done == after:
            next(one for one in path.rglob("*.parquet")).unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        done += 1
        real(path, **options)

    upkeep.shutil.rmtree = deleting
    upkeep.let_go(store, runs)
