"""What this process has used: its largest memory, and the bytes it wrote to the store; and giving memory back."""

import resource
import sys
from dataclasses import dataclass, field
from os import getpid

RUN, MEMORY, DISK = "run", "memory", "disk"  # what is learned of whole runs, beside the names of operators
_written = 0


@dataclass(frozen=True)
class Used:
    """What one task left behind in the process that did it."""

    process: int
    memory: int  # bytes: the largest resident set that the process ever had
    written: int  # bytes that the task wrote


@dataclass
class Usage:
    """What all processes of a run used."""

    memory: dict[int, int] = field(default_factory=dict)  # process → bytes
    written: int = 0  # bytes, by other processes than this one

    def add(self, used: Used) -> None:
        self.memory[used.process] = max(used.memory, self.memory.get(used.process, 0))
        self.written += used.written if used.process != getpid() else 0

    @property
    def peak(self) -> int:
        """Bytes, an upper bound: each process at its largest, pages that they share counted in each."""
        return sum(self.memory.values())


def wrote(size: int) -> None:
    """Count bytes that were written."""
    global _written
    _written += size


def used_since(before: int) -> Used:
    """What this process has used; written since the counter stood at `before`."""
    unit = 1 if sys.platform == "darwin" else 1024
    return Used(getpid(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit, _written - before)


def counter() -> int:
    """Bytes written by this process so far."""
    return _written


def give_back() -> None:
    """Give back memory that nothing holds: Arrow's pool and the C library keep what tasks have used, for the next that need as much.

    Between two tasks that would cost more than it gives: what the next one touches must be made anew, page by page.
    """
    import ctypes

    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, others need none
    if trim is not None:
        trim(0)
