"""What the JSON sources share: columns from a sample, rows with their places, what is no row."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tools.errors import RecipeError
from tools.storage import REST, ROW_LIMIT, Bad, Loaded, Shard

from .byte_source import ByteSource
from .json_rows import read_rows
from .json_schema import infer
from .json_types import json_text
from .json_values import NotJson, Value, values
from .records import Spans
from .shard_bytes import read_bytes
from .splitting import Offsets


@dataclass(frozen=True)
class Found:
    """The records of a shard: those that may be rows, those that are none, and how many lines there are."""

    records: Spans
    bad: list[Bad]
    lines: int


class JsonSource(ByteSource):
    """One JSON object a row."""

    @abstractmethod
    def records(self, buffer: pa.Buffer, shard: Shard) -> Found: ...

    def infer(self, shards: Sequence[Shard]) -> pa.Schema:
        return infer(row for shard in shards for row in self._sample(shard))

    def load(self, shard: Shard, schema: pa.Schema, columns: Sequence[str] | None = None) -> Loaded:
        """The columns of the schema; then `_rest` when a row of this shard has keys that the schema lacks, with `columns` too.
        All columns are read and checked also where some are asked for, so that the rows are always the same."""
        buffer = read_bytes(shard)
        found = self.records(buffer, shard)
        rows = read_rows(buffer, found.records, schema)
        refused = [bad(buffer, shard, found.records, one.position, one.reason, one.misfit) for one in rows.refused]
        kept = found.records.only(rows.kept)
        return Loaded(
            table=rows.table if columns is None else chosen(rows.table, columns),
            offset=pa.array(kept.start + shard.start),
            line=pa.array(kept.line),
            lines=found.lines,
            length=pa.array(kept.stop - kept.start),
            raw=buffer,
            bad=tuple(sorted([*found.bad, *refused], key=lambda one: one.offset)),
        )

    def pick(self, shard: Shard, schema: pa.Schema, columns: Sequence[str], offset: Offsets, length: Offsets) -> pa.Table:
        """The columns of some rows, ascending, given where `load` found their records; no other record is decoded."""
        buffer, start = read_bytes(shard), offset - shard.start
        rows = read_rows(buffer, Spans(start, start + length, np.zeros(len(start), np.int64)), schema)
        if len(rows.kept) < len(start):
            raise RecipeError(f"{shard.path!r} has changed since the run began; run again when nothing writes to it")
        return chosen(rows.table, columns)

    def _sample(self, shard: Shard) -> Iterator[dict[str, Value]]:
        buffer = read_bytes(shard)
        found = self.records(buffer, shard).records
        for start, stop in zip(found.start.tolist(), found.stop.tolist(), strict=True):
            try:
                yield values(buffer.slice(start, stop - start).to_pybytes())
            except NotJson:
                continue  # load puts it in quarantine


def bad(buffer: pa.Buffer, shard: Shard, spans: Spans, position: int, reason: str, misfit: str = "") -> Bad:
    """A record that is no row, with its bytes up to the limit."""
    start, length = int(spans.start[position]), int(spans.stop[position] - spans.start[position])
    raw = buffer.slice(start, min(length, ROW_LIMIT)).to_pybytes()
    return Bad(offset=shard.start + start, line=int(spans.line[position]), reason=reason, raw=raw, length=length, misfit=misfit)


def without_giants(buffer: pa.Buffer, shard: Shard, spans: Spans) -> tuple[Spans, list[Bad]]:
    """Records above the limit are no rows and are never read whole."""
    giant = spans.stop - spans.start > ROW_LIMIT
    reason = f"longer than the limit of {ROW_LIMIT} bytes"
    return spans.only(~giant), [bad(buffer, shard, spans, index, reason) for index in np.flatnonzero(giant).tolist()]


def without_broken_end(buffer: pa.Buffer, shard: Shard, spans: Spans) -> tuple[Spans, list[Bad]]:
    """In a damaged file a last record that runs to the end is broken."""
    if not shard.damaged or not len(spans) or int(spans.stop[-1]) < buffer.size:
        return spans, []
    return spans.only(slice(0, -1)), [bad(buffer, shard, spans, len(spans) - 1, shard.damaged)]


def chosen(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """These columns, then `_rest` where a row has one; asked for, it is there also where none has."""
    names = [name for name in columns if name != REST]
    if REST in columns and REST not in table.column_names:
        table = table.append_column(json_text(REST), pa.nulls(table.num_rows, pa.string()))
    return table.select([*names, REST] if REST in table.column_names else names)
