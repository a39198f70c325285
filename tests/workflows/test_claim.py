"""One process at a time on a run folder or an output path."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools.errors import RecipeError
from workflows.claim import claimed, is_held, lock_path

HOLD = """
import sys, time
from pathlib import Path
from workflows.claim import claimed
with claimed(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_told_who_holds_the_path_and_a_killed_one_is_taken_over(tmp_path):
    path = tmp_path / "out" / "rows.jsonl"
    with holder(path) as process:
        assert is_held(path)
        with pytest.raises(RecipeError, match=rf"rows.jsonl: locked by pid {process.pid} on .* since \d{{4}}-"), claimed(path):
            pass
        process.kill()
    assert lock_path(path).exists()
    assert not is_held(path)
    with claimed(path):
        assert is_held(path)
    assert not lock_path(path).exists()


def test_a_lock_of_another_machine_is_never_taken_over_silently(tmp_path):
    path = tmp_path / "rows.jsonl"
    lock_path(path).write_text(json.dumps({"pid": 1, "host": "elsewhere.example", "since": "2026-01-01T00:00:00+00:00"}))
    with pytest.raises(RecipeError, match=r"locked by pid 1 on elsewhere.example since 2026-01-01.*delete .*rows.jsonl.lock"), claimed(path):
        pass


def test_all_paths_are_given_back_when_one_cannot_be_had(tmp_path):
    free, taken = tmp_path / "a", tmp_path / "b"
    with claimed(taken):
        with pytest.raises(RecipeError, match="locked by pid"), claimed(free, taken):
            pass
        assert not is_held(free)


def test_a_lock_file_that_was_cut_off_is_taken_over(tmp_path):
    path = tmp_path / "rows.jsonl"
    lock_path(path).write_text('{"pid": 12')
    with claimed(path):
        assert is_held(path)
