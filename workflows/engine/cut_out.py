"""Spans that were decided to go, row by row, and a text less its spans."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import xxhash

from tools.spans import without

from .fragments import Rows, at_of

SCHEMA = pa.schema(
    [
        ("at", pa.int64()),
        ("starts", pa.list_(pa.int32())),
        ("stops", pa.list_(pa.int32())),
        ("into", pa.list_(pa.int64())),  # number of the row in which the span lives on; null: in none
        ("into_part", pa.list_(pa.int64())),
    ]
)


@dataclass(frozen=True)
class Cuts:
    """Of the rows that lose something: their positions, and their spans, apart from one another and in order (bytes)."""

    table: pa.Table

    @cached_property
    def at(self) -> Rows:
        return at_of(self.table)

    @cached_property
    def bounds(self) -> Rows:
        """Where each row's spans begin among all, and where the last one's end."""
        lengths = self._column("starts").value_lengths().to_numpy()
        return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])

    @cached_property
    def starts(self) -> Rows:
        return self._flat("starts")

    @cached_property
    def stops(self) -> Rows:
        return self._flat("stops")

    @cached_property
    def digest(self) -> str:
        """Of the spans and whose they are; not of where they live on, which changes no text."""
        told = xxhash.xxh3_128()
        for part in (self.at, self.bounds, self.starts, self.stops):
            told.update(np.ascontiguousarray(part).tobytes())
        return str(told.hexdigest())

    def bytes(self, at: Rows) -> int:
        """How much these rows lose."""
        before = np.concatenate([[0], np.cumsum(self.stops - self.starts)])[self.bounds]
        return int(np.diff(before)[np.isin(self.at, at, assume_unique=True)].sum())

    def of(self, at: int) -> list[tuple[int, int, int | None, int]]:
        """(start, stop, number and part of the row in which it lives on) of each span of one row."""
        where = int(np.searchsorted(self.at, at))
        if where == len(self.at) or self.at[where] != at:
            return []
        row = self.table.slice(where, 1).to_pylist()[0]
        return list(zip(row["starts"], row["stops"], row["into"], row["into_part"], strict=True))

    def _column(self, name: str) -> pa.ListArray:
        made = self.table[name].combine_chunks()
        return made.chunk(0) if isinstance(made, pa.ChunkedArray) and made.num_chunks else made

    def _flat(self, name: str) -> Rows:
        return np.asarray(self._column(name).flatten().to_numpy(), np.int64)


def cut_out(texts: pa.Array, at: Rows, cuts: Cuts) -> pa.Array:
    """The texts of the rows `at` without their spans. Null stays null."""
    return without(texts, *_spans_of(at, cuts))


def _spans_of(at: Rows, cuts: Cuts) -> tuple[Rows, Rows, Rows]:
    """The spans of these rows: position among them, start, stop; in order."""
    where = np.searchsorted(at, cuts.at).clip(0, max(len(at) - 1, 0))
    here = at[where] == cuts.at if len(at) else np.zeros(len(cuts.at), np.bool_)
    lengths = np.diff(cuts.bounds)
    row, chosen = np.repeat(where, lengths), np.repeat(here, lengths)
    return row[chosen], cuts.starts[chosen], cuts.stops[chosen]
