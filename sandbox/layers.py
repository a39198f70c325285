"""What a jail is built of: layers, the tiers that they make up, and limits."""

from dataclasses import dataclass
from enum import StrEnum


class Layer(StrEnum):
    """One thing that stands between a cell and the machine."""

    NAMESPACES = "namespaces"  # bubblewrap: no network, no other process, only the files that are lent
    LANDLOCK = "landlock"  # the kernel's list of files that may be opened
    SECCOMP = "seccomp"  # the kernel's list of system calls that may be made


Layers = frozenset[Layer]
FULL: Layers = frozenset(Layer)
PIP_ONLY: Layers = frozenset({Layer.LANDLOCK, Layer.SECCOMP})
NO_LANDLOCK: Layers = frozenset({Layer.NAMESPACES, Layer.SECCOMP})
TIERS: dict[str, Layers] = {"A": FULL, "B": PIP_ONLY, "C": NO_LANDLOCK}  # best first; with less, code of strangers does not run


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one call may take."""

    memory: int = 3 << 30  # bytes of address space, the interpreter and its libraries in it
    cpu_seconds: int = 60
    wall_seconds: float = 60.0
    answer: int = 256 << 20  # bytes that may come back
    said: int = 64 << 10  # bytes of stdout and stderr that are kept
    most_said: int = 16 << 20  # beyond these the cell is killed
