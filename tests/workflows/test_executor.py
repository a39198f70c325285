"""Processes that compute do not run the program that started them, and end with it; what goes wrong in one is told here."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAD = """
import os, sys
from workflows.executor import Executor
from workflows.own_process import own_this_process
from workflows import tasks_of_a_test as tasks
"""
TASKS = """
import os, signal, time
from tools.errors import RecipeError

class Unsendable(Exception):
    def __init__(self, one, other):
        super().__init__(one)
        self.held = lambda: other

def process(_):
    return os.getpid(), os.getppid()

def environment(name):
    return os.environ.get(name)

def refuse(number):
    if number == 3:
        raise RecipeError("three is refused")
    return number

def unsendable(_):
    raise Unsendable("held back", 1)

def die(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number

def sleep(path):
    open(f"{path}.{os.getpid()}", "w").close()
    time.sleep(60)
"""
Said = Callable[..., tuple[str, str]]


@pytest.fixture(params=["", "own_this_process()"], ids=["started", "copied"])
def said(request: pytest.FixtureRequest, tmp_path: Path) -> Said:
    """What a program prints whose workers are copies of a new process, or of itself."""

    def run(program: str, *arguments: str) -> tuple[str, str]:
        done = subprocess.run(_command(tmp_path, f"{request.param}\n{program}", *arguments), cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout, done.stderr

    return run


def _command(folder: Path, program: str, *arguments: str) -> list[str]:
    (folder / "tasks_of_a_test.py").write_text(TASKS)
    paths = f"import sys; sys.path[:0] = [{str(ROOT)!r}]\nimport workflows; workflows.__path__.append({str(folder)!r})\n"
    (folder / "sitecustomize.py").write_text(paths)
    script = folder / "script.py"
    script.write_text(HEAD + program)
    return ["env", f"PYTHONPATH={folder}:{ROOT}", sys.executable, str(script), *arguments]


def test_a_script_without_a_guard_is_not_run_again_by_its_workers(said: Said) -> None:
    assert said("print('started')\nwith Executor(2) as executor:\n    print(list(executor.map(len, ['a', 'bb'])))") == ("started\n[1, 2]\n", "")


def test_results_come_in_order_from_several_processes_that_are_none_of_this_one(said: Said) -> None:
    out, error = said(
        "with Executor(2) as executor:\n    found = list(executor.map(tasks.process, range(40)))\n"
        "print(len({one for one, _ in found}), len({parent for _, parent in found}), os.getpid() in {one for pair in found for one in pair})"
    )
    assert (out, error) == ("2 1 False\n", "")


def test_workers_have_the_environment_of_when_they_are_asked_for(said: Said) -> None:
    out, error = said(
        "from workflows.workers import prepare\nprepare()\nos.environ['WINNOW_TEST'] = 'late'\n"
        "with Executor(2) as executor:\n    print(list(executor.map(tasks.environment, ['WINNOW_TEST'] * 2)))"
    )
    assert (out, error) == ("['late', 'late']\n", "")


def test_where_the_original_died_the_next_who_asks_gets_another(said: Said) -> None:
    program = """
import signal, time
for turn in range(3):
    try:
        with Executor(2) as executor:
            found = list(executor.map(tasks.process, range(4)))
        os.kill(found[0][1], signal.SIGKILL)
        os.waitid(os.P_PID, found[0][1], os.WEXITED | os.WNOWAIT)
        print("done")
    except Exception as error:
        print(type(error).__name__)
"""
    assert said(program) == ("done\nRecipeError\ndone\n", "")


@pytest.mark.parametrize(
    ("task", "wanted"),
    [("refuse", "RecipeError three is refused"), ("unsendable", "RuntimeError Unsendable: held back"), ("die", "RecipeError a worker process died")],
)
def test_what_goes_wrong_in_a_worker_is_raised_here(said: Said, task: str, wanted: str) -> None:
    out, error = said(
        "try:\n    with Executor(2) as executor:\n"
        f"        print(list(executor.map(tasks.{task}, range(9))))\nexcept Exception as error:\n    print(type(error).__name__, error)"
    )
    assert out.startswith(wanted)
    assert error == ""


def test_work_that_nobody_wants_any_more_keeps_nobody_waiting(said: Said, tmp_path: Path) -> None:
    began = time.monotonic()
    program = """
import threading, time
from pathlib import Path
place = Path(sys.argv[1])

def stop():
    while len(list(place.parent.glob("asleep.*"))) < 2:
        time.sleep(0.01)
    os.kill(os.getpid(), 2)

try:
    with Executor(2) as executor:
        work = executor.map(tasks.sleep, [sys.argv[1]] * 2)
        threading.Thread(target=stop).start()
        list(work)
except KeyboardInterrupt:
    print("interrupted")
"""
    assert said(program, str(tmp_path / "asleep")) == ("interrupted\n", "")
    assert time.monotonic() - began < 30
    assert not [one for one in _asleep(tmp_path) if _lives(one)]


def test_workers_end_with_a_program_that_is_killed_and_hold_no_lock_of_it(tmp_path: Path) -> None:
    program = """
import fcntl
own_this_process()
lock = open(sys.argv[1] + ".lock", "w")
fcntl.flock(lock, fcntl.LOCK_EX)
with Executor(2) as executor:
    list(executor.map(tasks.sleep, [sys.argv[1]] * 2))
"""
    running = subprocess.Popen(_command(tmp_path, program, str(tmp_path / "asleep")), cwd=ROOT)
    assert _until(lambda: len(_asleep(tmp_path)) == 2)
    running.kill()
    running.wait()
    with open(tmp_path / "asleep.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert _until(lambda: not [one for one in _asleep(tmp_path) if _lives(one)])


def _asleep(folder: Path) -> list[int]:
    return [int(path.suffix[1:]) for path in folder.glob("asleep.*") if path.suffix != ".lock"]


def _lives(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    return False


def _until(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 30
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()
