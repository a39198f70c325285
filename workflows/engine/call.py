"""Calling an operator: in batches of bounded size, row errors set apart, everything that comes back checked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pyarrow as pa

from tools.contract import ANY, Columns, Types
from tools.errors import ContractError, RowError

from ..graph import Node
from .fragments import Rows

BATCH_BYTES = 8 << 20
T = TypeVar("T")
BREAKS = (pa.ArrowException, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


@dataclass
class Errors:
    """Rows that could not be processed, by row position."""

    at: list[int] = field(default_factory=list)
    reason: list[str] = field(default_factory=list)
    known: set[int] = field(default_factory=set)

    def add(self, at: int, reason: str) -> None:
        """A row is set apart once, for the first that is wrong with it."""
        if at not in self.known:
            self.known.add(at)
            self.at.append(at)
            self.reason.append(reason)


@contextmanager
def blamed(node: Node) -> Iterator[None]:
    """What an operator in a file of a stranger gave may break whoever reads it: that is its fault, and no fault of winnow."""
    try:
        yield
    except BREAKS as error:
        if not getattr(node.operator, "source_digest", ""):
            raise
        said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        raise ContractError(f"step {node.id!r}: what operator {node.op!r} gave cannot be used: {said}") from error


def batches(table: pa.Table, at: Rows, most_rows: int | None) -> Iterator[tuple[pa.RecordBatch, Rows]]:
    """The table cut into batches of at most about 8 MB and `most_rows` rows, each with its row positions."""
    if not len(at):
        return
    rows = max(1, min(most_rows or len(at), len(at) * BATCH_BYTES // max(table.nbytes, 1)))
    for start in range(0, len(at), rows):
        piece = table.slice(start, rows).combine_chunks()
        yield one_batch(piece), at[start : start + rows]


def one_batch(table: pa.Table) -> pa.RecordBatch:
    """A table as one batch with its rows in order."""
    arrays = [column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column for column in table.columns]
    flat = [pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array for array in arrays]
    return pa.RecordBatch.from_arrays(flat, schema=table.schema)


def call(work: Callable[[pa.RecordBatch, Rows], T], batch: pa.RecordBatch, at: Rows, errors: Errors) -> tuple[T, Rows]:
    """Run `work`; a row it refuses goes to `errors` and the rest is tried again. Gives back the rows that went through."""
    while True:
        try:
            return work(batch, at), at
        except RowError as error:
            if not 0 <= error.position < len(at):
                raise ContractError(f"a row error names position {error.position} of a batch of {len(at)}") from error
            errors.add(int(at[error.position]), error.reason)
            rest = np.arange(len(at)) != error.position
            batch, at = batch.filter(pa.array(rest)), at[rest]


def checked(step: str, columns: Columns, wanted: Types, rows: int | None) -> pa.Table:
    """The columns as a table, after a look at names, types and lengths. Raises ContractError."""
    if set(columns) != set(wanted):
        raise ContractError(f"step {step!r}: gave columns {sorted(columns)}, its card says {sorted(wanted)}")
    made = {}
    for name, kind in wanted.items():
        array = columns[name].combine_chunks() if isinstance(columns[name], pa.ChunkedArray) else columns[name]
        if kind != ANY and array.type != kind:
            raise ContractError(f"step {step!r}: column {name!r} has type {array.type}, its card says {kind}")
        if rows is not None and len(array) != rows:
            raise ContractError(f"step {step!r}: column {name!r} has {len(array)} values for {rows} rows")
        made[name] = array
    return pa.table(made)
