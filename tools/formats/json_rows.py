"""JSON objects to Arrow rows: in bulk by Arrow's parser where that is exact, in parts and then one by one where there is doubt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from tools.storage import REST

from .json_spans import Members, members_of
from .json_straight import straight
from .json_types import Misfit, base, finite, fit, is_json_text, json_text
from .json_values import Member, NotJson, check_value, members
from .records import Bytes, Spans, as_bytes, blocks, cut_out, is_utf8, stacked, table_of, trimmed
from .splitting import Offsets

BLOCK = 1 << 20
_PARTS = 8  # a doubtful block is tried again in so many parts
_SMALL = 1 << 14  # a smaller one is read record by record without another try


@dataclass(frozen=True)
class Refused:
    """A record that is no row."""

    position: int
    reason: str
    misfit: str = ""


@dataclass(frozen=True)
class Rows:
    """Rows of some records: `kept` are their positions."""

    table: pa.Table
    kept: Offsets
    refused: list[Refused] = field(default_factory=list)


def read_rows(buffer: pa.Buffer, records: Spans, schema: pa.Schema) -> Rows:
    """Rows of the records under the schema; then `_rest`, where a record has keys that the schema lacks."""
    reader = Reader(schema)
    start, stop = trimmed(as_bytes(buffer), records.start, records.stop)
    bare = Spans(start, stop, records.line)
    return reader.joined(list(_parts(reader, buffer, bare)))


def _parts(reader: "Reader", buffer: pa.Buffer, bare: Spans) -> Iterator[Rows]:
    """Rows in runs: as long as the compiled loop goes on, then a block by the others."""
    loop, since = straight(buffer, bare, reader.columns), 0
    for run in blocks(bare, BLOCK):
        if loop is not None and is_utf8(_block(buffer, bare, run)) and loop.read(run.start, run.stop):
            continue
        if loop is not None and run.start > since:
            yield Rows(loop.table(since, run.start), np.arange(since, run.start))
        for first, part in reader.rows(buffer, bare.only(run)):
            yield _moved(part, run.start + first)
        since = run.stop
    if loop is not None and since < len(bare):
        yield Rows(loop.table(since, len(bare)), np.arange(since, len(bare)))


def _block(buffer: pa.Buffer, bare: Spans, run: slice) -> pa.Buffer:
    first = int(bare.start[run.start])
    return buffer.slice(first, int(bare.stop[run.stop - 1]) - first)


class _UnknownKeyError(Exception):
    """Arrow met a key that the schema does not know."""


class Reader:
    """Reads records under one schema."""

    def __init__(self, schema: pa.Schema) -> None:
        self.schema = schema
        fields = [one for one in schema if one.name != REST]
        self.texts = [one.name for one in fields if is_json_text(one)]
        self.typed = pa.schema([pa.field(one.name, base(one.type)) for one in fields if not is_json_text(one)])
        self.names = pa.array([*self.typed.names, *self.texts], pa.large_binary())
        self.columns = pa.schema(fields)

    def rows(self, buffer: pa.Buffer, records: Spans) -> list[tuple[int, Rows]]:
        """Rows of neighbouring records, in runs, each with the position of its first record."""
        table = self.in_bulk(buffer, records)
        if table is not None:
            return [(0, Rows(table, np.arange(len(records))))]
        if len(records) == 1 or int(records.stop[-1] - records.start[0]) < _SMALL:
            return [(0, self.one_by_one(buffer, records))]
        size = -(-len(records) // _PARTS)
        runs = range(0, len(records), size)
        return [(first + inner, part) for first in runs for inner, part in self.rows(buffer, records.only(slice(first, first + size)))]

    def in_bulk(self, buffer: pa.Buffer, records: Spans) -> pa.Table | None:
        """All the records as rows, or nothing at the least doubt."""
        first, last = int(records.start[0]), int(records.stop[-1])
        block = buffer.slice(first, last - first)
        spans = Spans(records.start - first, records.stop - first, records.line)
        data = as_bytes(block)
        if not ((data[spans.start] == ord("{")) & (data[spans.stop - 1] == ord("}"))).all() or not is_utf8(block):
            return None
        if self.texts:
            return self._by_members(block, data, spans)
        try:
            table = self._parsed(_separated(block, spans), len(spans))
        except _UnknownKeyError:
            return self._by_members(block, data, spans)
        return None if table is None else self._cast(table)

    def one_by_one(self, buffer: pa.Buffer, records: Spans) -> Rows:
        """Rows by the exact reader."""
        found: list[dict[str, Member]] = []
        kept: list[int] = []
        refused: list[Refused] = []
        for position, (start, stop) in enumerate(zip(records.start.tolist(), records.stop.tolist(), strict=True)):
            try:
                row = {member.key: member for member in members(buffer.slice(start, stop - start).to_pybytes())}
            except NotJson as error:
                refused.append(Refused(position, str(error)))
                continue
            misfit = self._misfit(row)
            if misfit is None:
                found.append(row)
                kept.append(position)
            else:
                refused.append(Refused(position, f"the value does not fit the column {misfit!r} of type {self.columns.field(misfit).type}", misfit))
        return Rows(self._table(found), np.array(kept, np.int64), refused)

    def joined(self, parts: Sequence[Rows]) -> Rows:
        """The parts in one, all with `_rest` where one has it or the schema asks for it."""
        has_rest = REST in self.schema.names or any(REST in part.table.column_names for part in parts)
        columns = self.columns.append(json_text(REST)) if has_rest else self.columns
        tables = [_with_rest(part.table) if has_rest else part.table for part in parts]
        table = stacked(tables, columns)
        if REST in self.schema.names:
            table = table.select(self.schema.names)
        kept = np.concatenate([part.kept for part in parts]) if parts else np.empty(0, np.int64)
        return Rows(table, kept, [one for part in parts for one in part.refused])

    def _parsed(self, block: pa.Buffer, count: int) -> pa.Table | None:
        options = pj.ParseOptions(explicit_schema=self.typed, newlines_in_values=True, unexpected_field_behavior="error")
        try:
            table = pj.read_json(pa.BufferReader(block), pj.ReadOptions(use_threads=False, block_size=block.size + 64), options)
        except pa.ArrowInvalid as error:
            if "unexpected field" in str(error):
                raise _UnknownKeyError from error
            return None
        exact = table.num_rows == count and table.schema.equals(self.typed) and all(finite(column) for column in table.columns)
        return table if exact else None

    def _by_members(self, block: pa.Buffer, data: Bytes, spans: Spans) -> pa.Table | None:
        """JSON text columns and unknown keys are taken out as they were read, Arrow parses what is left."""
        found = members_of(data, spans)
        if found is None:
            return None
        keys = cut_out(block, found.key_start, found.key_stop)
        known = pc.fill_null(pc.index_in(keys, value_set=self.names), -1).to_numpy(zero_copy_only=False)
        if pc.any(pc.match_substring(keys, "\\")).as_py() or pc.any(pc.equal(keys, REST.encode())).as_py() or _doubled(found, keys):
            return None
        typed = (known >= 0) & (known < len(self.typed))
        taken = found.only(~typed)
        values = cut_out(block, taken.start, taken.stop, pa.large_string())
        try:
            for value in values.to_pylist():
                check_value(value)
        except NotJson:
            return None
        try:
            table = self._parsed(_without(block, spans, found, typed), len(spans)) if typed.any() else _nulls(self.typed, len(spans))
        except _UnknownKeyError:  # within a typed value
            return None
        return None if table is None else self._with_texts(block, table, taken, known[~typed], values)

    def _with_texts(self, block: pa.Buffer, table: pa.Table, taken: Members, known: Offsets, values: pa.Array) -> pa.Table | None:
        count, first = table.num_rows, len(self.typed)
        for index, name in enumerate(self.texts, first):
            table = table.append_column(json_text(name), _placed(values, taken.record, known == index, count))
        unknown = taken.only(known < 0)
        if len(unknown):
            table = table.append_column(json_text(REST), _rest_of(block, unknown, count))
        return self._cast(table)

    def _cast(self, table: pa.Table) -> pa.Table | None:
        """The table in the schema's own types and order."""
        columns = []
        for one in self.columns:
            try:
                columns.append(table[one.name] if table[one.name].type.equals(one.type) else table[one.name].cast(one.type))
            except pa.ArrowInvalid:
                return None
        if REST in table.column_names:
            return pa.table([*columns, table[REST]], schema=self.columns.append(json_text(REST)))
        return table_of(columns, self.columns, table.num_rows)

    def _misfit(self, row: dict[str, Member]) -> str | None:
        for one in self.typed:
            member = row.get(one.name)
            if member is None or member.value is None:
                continue
            try:
                value, target = fit(member.value, one.type), self.columns.field(one.name).type
                if not target.equals(one.type):
                    pa.array([value], one.type).cast(target)
            except (Misfit, pa.ArrowInvalid):
                return str(one.name)
        return None

    def _table(self, rows: list[dict[str, Member]]) -> pa.Table:
        arrays = []
        for one in self.columns:
            found = [row.get(one.name) for row in rows]
            if is_json_text(one):
                arrays.append(pa.array([None if member is None or member.value is None else member.text for member in found], pa.string()))
            else:
                kind = self.typed.field(one.name).type
                arrays.append(pa.array([None if member is None else fit(member.value, kind) for member in found], kind).cast(one.type))
        known = set(self.columns.names)
        rests = [",".join(member.whole for key, member in row.items() if key not in known) for row in rows]
        if any(rests):
            rest = pa.array(["{" + text + "}" if text else None for text in rests], pa.string())
            return pa.table([*arrays, rest], schema=self.columns.append(json_text(REST)))
        return table_of(arrays, self.columns, len(rows))


def _moved(rows: Rows, by: int) -> Rows:
    return Rows(rows.table, rows.kept + by, [Refused(one.position + by, one.reason, one.misfit) for one in rows.refused])


def _with_rest(table: pa.Table) -> pa.Table:
    return table if REST in table.column_names else table.append_column(json_text(REST), pa.nulls(table.num_rows, pa.string()))


def _nulls(schema: pa.Schema, count: int) -> pa.Table:
    return table_of([pa.nulls(count, one.type) for one in schema], schema, count)


def _doubled(found: Members, keys: pa.Array) -> bool:
    """Whether a record has a key twice."""
    codes = keys.dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    both = np.sort(found.record * (codes.max(initial=0) + 1) + codes)
    return bool((both[1:] == both[:-1]).any())


def _placed(values: pa.Array, record: Offsets, chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]", count: int) -> pa.Array:
    """One value a record: the chosen ones, null where there is none or JSON's null."""
    position = np.full(count, -1, np.int64)
    position[record[chosen]] = np.flatnonzero(chosen)
    placed = values.take(pa.array(position, mask=position < 0)).cast(pa.string())
    return pc.if_else(pc.equal(placed, "null"), pa.scalar(None, pa.string()), placed)


def _rest_of(block: pa.Buffer, unknown: Members, count: int) -> pa.Array:
    texts: list[str | None] = [None] * count
    wholes = cut_out(block, unknown.begin, unknown.stop, pa.large_string()).to_pylist()
    for record, whole in zip(unknown.record.tolist(), wholes, strict=True):
        before = texts[record]
        texts[record] = whole if before is None else f"{before},{whole}"
    return pa.array([None if text is None else "{" + text + "}" for text in texts], pa.string())


def _separated(block: pa.Buffer, spans: Spans) -> pa.Buffer:
    """The block with nothing but space between its records (JSON arrays have commas there)."""
    gap_start, gap_stop = spans.stop[:-1], spans.start[1:]
    if not len(gap_start) or int((gap_stop - gap_start).max()) <= 1:
        return block
    return pa.py_buffer(_blanked(as_bytes(block).copy(), gap_start, gap_stop))


def _without(block: pa.Buffer, spans: Spans, found: Members, kept: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> pa.Buffer:
    """The block with only the members that are kept, space in place of the others."""
    data = _blanked(as_bytes(block).copy(), spans.stop[:-1], spans.start[1:])
    gone = found.only(~kept)
    data = _blanked(data, gone.begin, gone.stop)
    data[gone.comma[~gone.last]] = 32
    stays = found.only(kept)
    last_kept = np.append(stays.record[1:] != stays.record[:-1], True)
    data[stays.comma[last_kept & ~stays.last]] = 32
    return pa.py_buffer(data)


def _blanked(data: Bytes, start: Offsets, stop: Offsets) -> Bytes:
    edges = np.zeros(len(data) + 1, np.int8)
    np.add.at(edges, start, 1)
    np.add.at(edges, stop, -1)
    data[np.cumsum(edges[:-1], dtype=np.int8) > 0] = 32
    return data
