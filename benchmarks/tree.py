"""What a command and all its children take: seconds, CPU seconds, and the peak sums of PSS (shared pages counted once) and RSS."""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

SET_CHILD_SUBREAPER = 36  # of prctl
PATIENCE = 30  # times as long as a look took until the next: to add up the pages of large processes would slow down what is measured


@dataclass(frozen=True)
class Peak:
    """What a command took."""

    seconds: float
    cpu_seconds: float
    pss_mb: float
    rss_mb: float
    status: int
    output: str


class _Watch(threading.Thread):
    """Looks at the tree now and then: in a thread, so that the end of the command is seen at once."""

    def __init__(self, root: int, every: float) -> None:
        super().__init__(daemon=True)
        self.root, self.every, self.ended = root, every, threading.Event()
        self.pss = self.rss = 0.0

    def run(self) -> None:
        while True:
            began = time.perf_counter()
            pss, rss = _now(self.root)
            self.pss, self.rss = max(self.pss, pss), max(self.rss, rss)
            if self.ended.wait(max(self.every, PATIENCE * (time.perf_counter() - began))):
                return


def measure(command: list[str], every: float = 0.05, log: Path | None = None, limit: float | None = None, **options: object) -> Peak:
    """Run a command to its end and watch its process tree, every so many seconds or less often; stderr goes into `log`.

    After `limit` seconds it is killed.
    """
    _adopt()
    with open(log or os.devnull, "wb") as errors:
        before, started = _spent(), time.perf_counter()
        process = subprocess.Popen(  # type: ignore[call-overload]
            command, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True, **options
        )
        watch = _Watch(process.pid, every)
        watch.start()
        try:
            output, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        seconds = time.perf_counter() - started
        watch.ended.set()
        watch.join()
        _bury()
    return Peak(seconds, _spent() - before, watch.pss, watch.rss, process.returncode, output)


def _adopt() -> None:
    """Make children whose parent ends ours: only those that we wait for are counted."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _bury(patience: float = 5.0) -> None:
    """Wait for the children that were left to us."""
    last = time.perf_counter() + patience
    while time.perf_counter() < last:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.01)
        except ChildProcessError:
            return


def _spent() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _now(root: int) -> tuple[float, float]:
    pss = rss = 0.0
    for pid in _tree(root):
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    pss += int(line.split()[1]) / 1024
                elif line.startswith("Rss:"):
                    rss += int(line.split()[1]) / 1024
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return pss, rss


def _tree(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found
