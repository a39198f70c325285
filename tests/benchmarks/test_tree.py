"""What a command and its children take, those included that outlive their parent."""

import sys
from pathlib import Path

import pytest

from benchmarks.tree import measure

BURN = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are adopted on Linux alone")


def test_cpu_seconds_of_a_child_that_outlives_its_parent_count() -> None:
    command = [sys.executable, "-c", f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BURN!r}]); print('gone')"]
    done = measure(command)
    assert (done.status, done.output) == (0, "gone\n")
    assert done.cpu_seconds >= 0.3


def test_memory_is_the_peak_of_the_tree() -> None:
    hold = "held = b'x' * 60_000_000; import time; time.sleep(0.3)"
    done = measure([sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"])
    assert 60 < done.pss_mb <= done.rss_mb


def test_a_command_that_takes_too_long_is_killed_and_what_it_said_is_kept(tmp_path: Path) -> None:
    script = "import sys, time; print('begun', file=sys.stderr, flush=True); time.sleep(60)"
    done = measure([sys.executable, "-c", script], log=tmp_path / "log", limit=3.0)
    assert done.status < 0
    assert done.seconds < 30
    assert (tmp_path / "log").read_text() == "begun\n"
