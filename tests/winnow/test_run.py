"""`run`, `resume`, `replay`, `runs`: exit codes, the one JSON object, and what lies where afterwards."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.winnow.conftest import RECIPE, TEXTS, Call

ROOT = Path(__file__).resolve().parents[2]
SHAPE = {
    "status", "message", "planner", "clauses", "unclear", "suggestions", "run", "recipe", "rows_in", "rows_out", "states", "born", "references",
    "steps", "outputs", "seconds",
}  # fmt: skip
KEPT = 4  # of equal texts one stays


def test_what_nobody_approved_is_refused_and_writes_nothing(call: Call, folder: Path):
    said = call("run", "recipe.yaml", "--json")
    assert said.code == 3
    assert said.json["status"] == "refuse"
    assert "nobody approved it" in str(said.json["message"])
    assert said.err.startswith("error: ")
    assert not (folder / "out.jsonl").exists()
    assert not (folder / ".winnow" / "runs").exists()


def test_a_run_gives_one_object_and_balances(call: Call, folder: Path):
    said = call("run", "recipe.yaml", "--yes", "--json")
    assert said.code == 0
    found = said.json
    assert set(found) >= SHAPE
    assert found["status"] == "done"
    assert found["rows_in"] == len(TEXTS) == sum(found["states"].values())
    assert found["rows_out"] == KEPT == len((folder / "out.jsonl").read_text().splitlines())
    assert [step["reasons"] for step in found["steps"]] == [{"words": 1}, {"merged": 2}]
    assert found["outputs"][0]["path"] == str(folder / "out.jsonl")
    assert len(said.out.splitlines()) == 1


def test_the_manifest_says_what_it_was_done_to(call: Call, folder: Path):
    run = call("run", "recipe.yaml", "--yes", "--json").json["run"]
    manifest = json.loads((folder / ".winnow" / "runs" / str(run) / "manifest.json").read_text())
    assert manifest["status"] == "done"
    assert manifest["text"] == RECIPE
    assert manifest["approved_by"] == "policy"
    (file,) = manifest["files"]
    assert (file["source"], file["size"], file["inode"]) == ("chat", (folder / "chat.jsonl").stat().st_size, (folder / "chat.jsonl").stat().st_ino)
    assert manifest["packages"]["pyarrow"]
    assert manifest["result"]["rows_out"] == KEPT


def test_an_approved_version_runs_without_asking_and_is_said(call: Call):
    assert call("save", "recipe.yaml").out == "long-ones@1\n"
    assert call("run", "long-ones").code == 3
    assert call("approve", "long-ones@1", "--note", "looked at it").code == 0
    said = call("run", "long-ones")
    assert said.code == 0
    assert "taking long-ones@1, the latest approved" in said.err
    assert "winnow why " in said.err
    assert "7 rows in, 4 out" in said.out


def test_yes_does_not_cover_an_operator_whose_code_was_never_vetted(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch):
    from tools.catalogue import operator
    from tools.provenance import operator_digest

    names = ("jsonl", "write_jsonl", "words", "exact_dedup")
    certified = {name: operator_digest(operator(name)) for name in names}
    monkeypatch.setattr("workflows.policy.shipped", lambda: certified)
    monkeypatch.setattr("workflows.certificates.shipped", lambda: {**certified, "words": "of other code"})
    said = call("run", "recipe.yaml", "--yes", "--json")
    assert (said.code, said.json["status"]) == (3, "refuse")
    assert "operator 'words' is not vetted as its code is now: `winnow operators vet words`" in said.err
    assert "exact_dedup" not in said.err
    assert not (folder / "out.jsonl").exists()
    assert call("operators", "vet", "words").code == 0
    assert call("run", "recipe.yaml", "--yes").code == 0


def test_an_output_that_is_there_is_replaced_only_when_told(call: Call, folder: Path):
    (folder / "out.jsonl").write_text("mine")
    said = call("run", "recipe.yaml", "--yes")
    assert said.code == 1
    assert "exists; give another path, or --overwrite" in said.err
    assert (folder / "out.jsonl").read_text() == "mine"
    assert "no runs" in call("resume", "last").err
    assert call("run", "recipe.yaml", "--yes", "--overwrite").code == 0
    assert (folder / "out.jsonl").read_text() != "mine"


def test_a_recipe_that_is_not_its_lock_is_refused_with_the_difference_and_the_mend(call: Call, folder: Path):
    call("save", "recipe.yaml")
    (folder / "recipe.yaml").write_text(RECIPE.replace("at_least: 3", "at_least: 2"))
    said = call("run", "recipe.yaml", "--yes")
    assert said.code == 3
    assert "step 'long_enough': at_least was 3, is 2" in said.err
    assert "winnow save recipe.yaml" in said.err
    assert not (folder / "out.jsonl").exists()
    assert call("save", "recipe.yaml").out == "long-ones@2\n"
    assert call("run", "recipe.yaml", "--yes").code == 0


def test_all_errors_of_a_recipe_are_said_with_their_lines(call: Call, folder: Path):
    (folder / "recipe.yaml").write_text(RECIPE.replace("words@1", "wordz@1").replace("exact_dedup@1", "exact_dedub@1"))
    said = call("run", "recipe.yaml", "--yes", "--json")
    assert said.code == 1
    assert said.json["status"] == "failed"
    assert "recipe.yaml: line 10" in said.err
    assert "did you mean 'words'" in said.err
    assert "recipe.yaml: line 15" in said.err


def test_a_replay_is_the_same_and_says_by_what(call: Call, folder: Path):
    first = call("run", "recipe.yaml", "--yes", "--json").json
    said = call("replay", "last", "--verify", "--json")
    assert said.code == 0
    assert said.json["replay"] == {"of": first["run"], "same": True, "compared": "output bytes", "notes": [], "differences": []}
    (output,) = said.json["outputs"]
    assert output["digest"] == first["outputs"][0]["digest"]
    assert Path(output["path"]).is_relative_to(folder / ".winnow" / "runs" / str(said.json["run"]))


def test_a_replay_names_the_file_with_other_bytes(call: Call, folder: Path):
    call("run", "recipe.yaml", "--yes")
    path = folder / "chat.jsonl"
    path.write_text(path.read_text().replace("x y z", "x y w"))
    said = call("replay", "last", "--verify")
    assert said.code == 1
    assert f"{path}: other bytes than in the run" in said.err


def test_a_replay_under_other_versions_compares_rows_and_finds_one_that_differs(call: Call, folder: Path):
    run = call("run", "recipe.yaml", "--yes", "--json").json["run"]
    place = folder / ".winnow" / "runs" / str(run) / "manifest.json"
    manifest = json.loads(place.read_text())
    manifest["packages"]["pyarrow"] = "1.0"
    place.write_text(json.dumps(manifest))
    said = call("replay", run, "--verify", "--json")
    assert said.code == 0
    assert said.json["replay"]["compared"] == "row digests"
    assert "pyarrow 1.0 then" in said.json["replay"]["notes"][0]
    assert call("replay", run, "--locked").code == 3

    out = folder / "out.jsonl"
    out.write_text(out.read_text().replace("x y z", "x y w"))
    manifest["result"]["outputs"][0]["digest"] = _sha256(out)  # as if that run had written it so
    place.write_text(json.dumps(manifest))
    said = call("replay", run, "--verify", "--json")
    assert said.code == 1
    assert said.json["replay"]["differences"] == ["output 'train': 1 rows differ, the first is row 4"]


def test_a_store_of_a_stranger_runs_nothing_unasked(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    call("run", "recipe.yaml", "--yes")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another user"))
    said = call("replay", "last")
    assert said.code == 3
    assert "you never approved its recipe" in said.err
    assert call("replay", "last", "--yes").code == 0


def test_a_killed_run_is_stopped_and_resumes_to_the_same_bytes(call: Call, folder: Path):
    rows = (json.dumps({"text": f"row {number} of many with words"}) for number in range(100_000))
    (folder / "chat.jsonl").write_text("\n".join(rows))
    command = [sys.executable, "-m", "winnow", "run", "recipe.yaml", "--yes", "--workers", "1"]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(folder.glob(".winnow/runs/*/manifest.json")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (folder / "out.jsonl").exists()
    assert call("runs", "--json").out.count('"status": "stopped"') == 1
    done = call("resume", "last", "--json")
    assert (done.code, done.json["rows_out"]) == (0, 100_000)
    resumed = (folder / "out.jsonl").read_bytes()
    assert call("run", "recipe.yaml", "--yes", "--overwrite").code == 0
    assert (folder / "out.jsonl").read_bytes() == resumed


def test_a_run_killed_after_its_output_was_in_place_knows_its_own(call: Call, folder: Path):
    run = call("run", "recipe.yaml", "--yes", "--json").json["run"]
    place = folder / ".winnow" / "runs" / str(run) / "manifest.json"
    manifest = json.loads(place.read_text()) | {"status": "running", "result": None, "finished": None}
    place.write_text(json.dumps(manifest))
    said = call("resume", run, "--json")
    assert said.code == 0
    assert said.json["outputs"][0]["path"] == str(folder / "out.jsonl")
    assert [path.name for path in (place.parent).iterdir() if path.name == "aside"] == []

    place.write_text(json.dumps(manifest))
    (folder / "out.jsonl").write_text("somebody else's")
    said = call("resume", run)
    assert said.code == 1
    assert "is not what this run writes" in said.err
    assert (folder / "out.jsonl").read_text() == "somebody else's"
    assert call("resume", run, "--overwrite").code == 0
    assert len((folder / "out.jsonl").read_text().splitlines()) == KEPT


def test_a_failed_run_says_why_and_resumes(call: Call, folder: Path):
    (folder / "recipe.yaml").write_text(RECIPE + "checks:\n  - rows(once) >= 100\n")
    said = call("run", "recipe.yaml", "--yes", "--json")
    assert (said.code, said.json["status"]) == (1, "failed")
    assert "checks do not hold" in str(said.json["message"])
    assert not (folder / "out.jsonl").exists()
    (found,) = json.loads(call("runs", "--json").out)
    assert (found["status"], "checks do not hold" in found["message"]) == ("failed", True)
    assert call("resume", "last").code == 1


def test_two_runs_do_not_write_one_output_at_the_same_time(call: Call, folder: Path):
    from workflows.claim import claimed

    with claimed(folder / "out.jsonl"):
        said = call("run", "recipe.yaml", "--yes")
    assert said.code == 1
    assert "locked by pid" in said.err


def test_rows_go_through_a_pipe(folder: Path):
    (folder / "chat.jsonl").rename(folder / "other.jsonl")
    command = [sys.executable, "-m", "winnow", "run", "recipe.yaml", "--yes", "--input", "-", "--output", "-"]
    with (folder / "other.jsonl").open("rb") as rows:
        done = subprocess.run(command, stdin=rows, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 3, 5, 6]
    assert b"7 rows in, 4 out" in done.stderr
    assert not (folder / "out.jsonl").exists()


def test_set_and_limit_change_this_run_alone(call: Call, folder: Path):
    said = call("run", "recipe.yaml", "--yes", "--json", "--set", "long_enough.at_least=1", "--limit", "2", "--output", "two.jsonl")
    assert (said.code, said.json["rows_out"]) == (0, 2)
    assert (folder / "recipe.yaml").read_text() == RECIPE
    assert call("run", "recipe.yaml", "--set", "long_enogh.at_least=1").code == 2


def test_a_dry_run_writes_nothing(call: Call, folder: Path):
    said = call("run", "recipe.yaml", "--dry-run", "--json")
    assert said.code == 0
    assert [step["id"] for step in said.json["preview"]["steps"]] == ["long_enough", "once"]
    assert not (folder / "out.jsonl").exists()
    assert not (folder / ".winnow" / "runs").exists()


def _sha256(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_goal_in_plain_words_becomes_rows_by_the_rules_planner(call: Call, folder: Path):
    said = call("prepare", "Remove exact duplicates.", "--input", "chat.jsonl", "--output", "unique.jsonl", "--yes", "--json")
    assert (said.code, said.json["status"], said.json["rows_out"]) == (0, "done", 5)
    assert said.json["clauses"]
    assert len((folder / "unique.jsonl").read_text().splitlines()) == 5
