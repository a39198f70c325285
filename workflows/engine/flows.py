"""What moves through a shard: rows of a universe, and for each column where its content comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pyarrow as pa

from .fragments import Rows

Origin = Literal["base", "rewritten", "cut", "born", "inherited", "measured", "missing", "cast"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column's content in one shard, by derivation: the same key means the same bytes, whatever filters stand between."""

    key: str
    type: pa.DataType
    origin: Origin
    name: str = ""  # base: key in the record; born, measured, rewritten: column of the stored table
    source: "Column | None" = None  # rewritten, cut, inherited, cast: what it was before
    field: pa.Field | None = None  # base: with metadata


@dataclass(kw_only=True)
class Universe:
    """All rows that a flow can hold: those read from a shard, or those born of some of them at one step."""

    key: str
    offset: Rows  # decoded byte offset or row index of each row (of its first parent)
    line: Rows
    part: Rows
    digest: pa.Array  # binary(16)
    number: int  # of its file × 2^43
    parent: "Universe | None" = None
    parents: pa.Array | None = None  # list<int64>: rows of the parent universe
    first: Rows | None = None  # first parent
    table: pa.Table | None = None  # born columns

    def __len__(self) -> int:
        return len(self.offset)

    @property
    def rows(self) -> Rows:
        """The rows' numbers."""
        return self.offset + self.number


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Rows of one lane on one edge, in one shard."""

    lane: int
    universe: Universe
    at: Rows  # ascending
    columns: Mapping[str, Column]
    measures: Mapping[str, Column] = field(default_factory=dict)
    place: Rows | None = None  # where a step has put them, if one has; aligned with `at`

    def only(self, mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> "Flow":
        return replace(self, at=self.at[mask], place=None if self.place is None else self.place[mask])
