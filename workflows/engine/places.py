"""Where each row stands in a step's input: numbers from 0 over all lanes, shards and rows, whatever they were cut into."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from .files import open_table
from .fragments import Rows
from .job import Lane
from .reports import FlowReport

Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Member:
    """One flow of the step's input."""

    lane: Lane
    shard: int
    report: FlowReport


@dataclass
class Places:
    """A step's input. Slots count its flows one after the other; places are the stream's order, the same unless rows were put in another."""

    members: list[Member]
    starts: Rows = field(init=False)
    total: int = field(init=False)
    references: int = field(init=False)
    _place: Rows | None = field(init=False)
    _slot: Rows | None = field(init=False)

    def __post_init__(self) -> None:
        sizes = np.array([member.report.rows for member in self.members], np.int64)
        self.starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.total = int(self.starts[-1])
        self.references = int(sum(member.report.rows for member in self.members if member.lane.reference))
        self._place = self._explicit() if any(member.report.placed for member in self.members) else None
        self._slot = None if self._place is None else np.argsort(self._place).astype(np.int64)

    def of(self, number: int) -> Rows:
        """Places of the rows of one flow."""
        start, stop = int(self.starts[number]), int(self.starts[number + 1])
        return np.arange(start, stop, dtype=np.int64) if self._place is None else self._place[start:stop]

    def slots(self, places: Rows) -> Rows:
        return places if self._slot is None else self._slot[places]

    def by_slot(self, columns: pa.Table) -> pa.Table:
        """A table with one row a place as one with a row a slot."""
        return columns if self._place is None else columns.take(pa.array(self._place))

    def mask_by_slot(self, mask: Mask) -> Mask:
        return mask if self._place is None else mask[self._place]

    def flows(self, slots: Rows) -> Iterator[tuple[int, Rows, Rows]]:
        """(flow, positions within it, which of the given slots) for slots in any order."""
        owner = np.searchsorted(self.starts, slots, side="right") - 1
        for number in np.unique(owner):
            which = np.flatnonzero(owner == number)
            yield int(number), slots[which] - self.starts[number], which

    def identities(self, places: Rows) -> tuple[Rows, Rows]:
        """Number and part of the rows at these places."""
        rows, parts = np.zeros(len(places), np.int64), np.zeros(len(places), np.int64)
        for number, positions, which in self.flows(self.slots(places)):
            table = open_table(Path(self.members[number].report.path))
            rows[which], parts[which] = table["row"].to_numpy()[positions], table["part"].to_numpy()[positions]
        return rows, parts

    def at(self, number: int) -> Rows:
        """The flow's rows in their universe."""
        return np.asarray(open_table(Path(self.members[number].report.path))["at"].to_numpy(), np.int64)

    def split(self, columns: pa.Table) -> tuple[list[pa.RecordBatch], dict[tuple[int, int], int]]:
        """One value a slot → one batch a flow, and where each lies."""
        found: dict[tuple[int, int], int] = {}
        made: list[pa.RecordBatch] = []
        for number, member in enumerate(self.members):
            if member.lane.reference:
                continue
            piece = columns.slice(int(self.starts[number]), member.report.rows).combine_chunks()
            found[member.lane.index, member.shard] = len(made)
            made.append(piece.to_batches()[0] if len(piece) else pa.RecordBatch.from_pylist([], schema=columns.schema))
        return made, found

    def _explicit(self) -> Rows:
        raw, base = np.zeros(self.total, np.int64), 0
        for group in dict.fromkeys(member.lane.group for member in self.members):
            numbers = [n for n, member in enumerate(self.members) if member.lane.group == group]
            low = base
            for number in numbers:
                member = self.members[number]
                span = slice(int(self.starts[number]), int(self.starts[number + 1]))
                if member.report.placed:
                    raw[span] = low + open_table(Path(member.report.path))["place"].to_numpy()
                    base = max(base, int(raw[span].max(initial=low)) + 1)
                else:
                    raw[span] = np.arange(base, base + member.report.rows)
                    base += member.report.rows
        dense = np.empty(self.total, np.int64)
        dense[np.argsort(raw, kind="stable")] = np.arange(self.total)
        return dense
