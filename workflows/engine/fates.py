"""What became of each row of a shard: the last step it reached, and what happened there."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .flows import Universe
from .fragments import Rows

UNUSED, KEPT, DROPPED, MERGED, QUARANTINED, EXPANDED = range(6)
STATES = ("unused", "kept", "dropped", "merged", "quarantined", "expanded")


@dataclass
class Ends:
    """One universe's rows: state, step (position in running order, -1: none), and what decided."""

    universe: Universe
    state: np.ndarray[Any, np.dtype[np.int8]]
    step: np.ndarray[Any, np.dtype[np.int16]]
    reason: np.ndarray[Any, np.dtype[np.int32]]  # index into Fates.reasons, -1: none
    value: np.ndarray[Any, np.dtype[np.float64]]
    into: Rows
    into_part: Rows


@dataclass
class Fates:
    """All universes of a shard, and the counts of its steps."""

    ends: dict[str, Ends] = field(default_factory=dict)
    reasons: list[tuple[str, str]] = field(default_factory=list)  # (measure, bound)
    counts: dict[int, Counter[str]] = field(default_factory=dict)  # step → reason → rows

    def of(self, universe: Universe) -> Ends:
        if universe.key not in self.ends:
            size = len(universe)
            self.ends[universe.key] = Ends(
                universe,
                np.zeros(size, np.int8),
                np.full(size, -1, np.int16),
                np.full(size, -1, np.int32),
                np.full(size, np.nan),
                np.full(size, -1, np.int64),
                np.zeros(size, np.int64),
            )
        return self.ends[universe.key]

    def reach(self, universe: Universe, at: Rows, step: int) -> None:
        """These rows come to a step; until it says otherwise they pass."""
        ends = self.of(universe)
        ends.state[at], ends.step[at], ends.reason[at], ends.value[at], ends.into[at] = UNUSED, step, -1, np.nan, -1

    def drop(self, universe: Universe, at: Rows, step: int, measure: str, bound: str = "", values: pa.Array | None = None) -> None:
        self._end(universe, at, step, DROPPED, measure, bound)
        if values is not None and pa.types.is_primitive(values.type) and not pa.types.is_temporal(values.type):
            self.of(universe).value[at] = pc.fill_null(pc.cast(values, pa.float64()), np.nan).to_numpy(zero_copy_only=False)

    def merge(self, universe: Universe, at: Rows, step: int, into: Rows, into_part: Rows) -> None:
        self._end(universe, at, step, MERGED, "merged", "")
        ends = self.of(universe)
        ends.into[at], ends.into_part[at] = into, into_part

    def quarantine(self, universe: Universe, at: Rows, step: int, reasons: list[str]) -> None:
        for row, reason in zip(at.tolist(), reasons, strict=True):
            self._end(universe, np.array([row]), step, QUARANTINED, "error", reason)

    def expand(self, universe: Universe, at: Rows, step: int) -> None:
        self._end(universe, at, step, EXPANDED, "", "")

    def keep(self, universe: Universe, at: Rows) -> None:
        """These rows reach an output."""
        self.of(universe).state[at] = KEPT

    def _end(self, universe: Universe, at: Rows, step: int, state: int, measure: str, bound: str) -> None:
        if not len(at):
            return
        ends = self.of(universe)
        ends.state[at], ends.step[at] = state, step
        ends.reason[at] = self._reason(measure, bound) if measure else -1
        if state in (DROPPED, MERGED, QUARANTINED):
            self.counts.setdefault(step, Counter())[measure] += len(at)

    def _reason(self, measure: str, bound: str) -> int:
        if (measure, bound) not in self.reasons:
            self.reasons.append((measure, bound))
        return self.reasons.index((measure, bound))
