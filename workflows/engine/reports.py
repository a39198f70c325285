"""What the walk of one shard tells the run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class FlowReport:
    """What the coordinator must know of one flow at a barrier."""

    rows: int
    placed: bool
    universe: str
    members: str  # digest of the rows, and of their places
    path: str  # file with columns at, row, part[, place]
    notes: str = ""
    learned: str = ""


@dataclass
class ShardReport:
    """What came of walking one shard."""

    shard: int
    rows: int
    bad: int
    misfits: Mapping[str, int]
    lines: int
    rest: bool
    flows: dict[tuple[str, int], FlowReport] = field(default_factory=dict)
    ports: Counter[tuple[str, str]] = field(default_factory=Counter)
    entered: Counter[str] = field(default_factory=Counter)
    born: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)  # bytes of text
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def places(self) -> dict[str, int]:
        """Rows by where they were seen: `in STEP`, and STEP.PORT."""
        return {f"in {step}": rows for step, rows in self.entered.items()} | {f"{step}.{port}": rows for (step, port), rows in self.ports.items()}
