"""Peak memory of a command and all its children: the sum of PSS (shared pages counted once) and of RSS, sampled every 50 ms."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Peak:
    """What a command took."""

    seconds: float
    pss_mb: float
    rss_mb: float
    status: int
    output: str


def measure(command: list[str], **options: object) -> Peak:
    """Run a command to its end and watch its process tree."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **options)  # type: ignore[call-overload]
    pss = rss = 0.0
    while process.poll() is None:
        one_pss, one_rss = _now(process.pid)
        pss, rss = max(pss, one_pss), max(rss, one_rss)
        time.sleep(0.05)
    assert process.stdout is not None
    return Peak(time.perf_counter() - started, pss, rss, process.returncode, process.stdout.read())


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
