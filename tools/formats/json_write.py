"""Arrow rows to JSON objects in bulk: a value that no step touched is the bytes that were read, any other is encoded."""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tools.errors import ContractError
from tools.storage import REST, AsRead

from .json_encode import encoded, quoted
from .json_spans import members_of
from .records import Spans, as_bytes, cut_out, glued, trimmed, values_of
from .splitting import Offsets

Mask = npt.NDArray[np.bool_]
_ROWS = 8192
_BYTES = 2 << 20
BINARY = pa.large_binary()


def objects(table: pa.Table, as_read: AsRead | None) -> Iterator[pa.Array]:
    """One JSON object a row (large_binary), some thousand rows at a time."""
    if as_read is not None and as_read.whole and not as_read.records.null_count and not _any_touched(as_read):
        yield as_read.records
        return
    for first, count in _runs(table, as_read):
        part = table.slice(first, count)
        yield _encoded(part) if as_read is None else _spliced(part, _slice(as_read, first, count))


def write_lines(rows: pa.Array, end: bytes, file: BinaryIO) -> None:
    """Write each value with `end` after it."""
    if len(rows):
        file.write(values_of(glued(rows, end)))


def _any_touched(as_read: AsRead) -> bool:
    return any(pc.any(mask).as_py() for mask in as_read.touched.values())


def _runs(table: pa.Table, as_read: AsRead | None) -> Iterator[tuple[int, int]]:
    """Runs of rows of a size that numpy passes over quickly."""
    size = table.nbytes if as_read is None else as_read.records.nbytes
    count = max(1, min(_ROWS, table.num_rows * _BYTES // max(size, 1)))
    return ((first, min(count, table.num_rows - first)) for first in range(0, table.num_rows, count))


def _slice(as_read: AsRead, first: int, count: int) -> AsRead:
    touched = {name: mask.slice(first, count) for name, mask in as_read.touched.items()}
    return replace(as_read, records=as_read.records.slice(first, count), touched=touched)


def _spliced(table: pa.Table, as_read: AsRead) -> pa.Array:
    """Rows with the bytes that were read wherever no step touched them."""
    read = pc.is_valid(as_read.records).to_numpy(zero_copy_only=False)
    if not as_read.whole:
        return _with_raw(table, as_read, read)
    copied = read & ~np.logical_or.reduce([_mask(mask) for mask in as_read.touched.values()] or [np.zeros(len(read), np.bool_)])
    if copied.all():
        return as_read.records
    rest = pa.array(~copied)
    rows = replace(as_read, records=as_read.records.filter(rest), touched={name: mask.filter(rest) for name, mask in as_read.touched.items()})
    return pc.replace_with_mask(as_read.records, rest, _with_raw(table.filter(rest), rows, read[~copied]))


def _with_raw(table: pa.Table, as_read: AsRead, read: Mask) -> pa.Array:
    raw, unknown = _raw_values(as_read, read)
    parts = []
    for field, column in _columns(table):
        key = as_read.keys.get(field.name)
        touched = _mask(as_read.touched[field.name]) if field.name in as_read.touched else np.zeros(len(read), np.bool_)
        as_it_was = read & ~touched if key is not None else np.zeros(len(read), np.bool_)
        parts.append(_member(field, column, raw.get(key) if key is not None else None, as_it_was))
    if REST in table.column_names and as_read.whole and REST not in as_read.touched:  # then the table need not hold it
        return _object([*parts, pc.if_else(pa.array(read), unknown, _rest_members(table))], table)
    return _object(parts if REST not in table.column_names else [*parts, _rest_members(table)], table)


def _member(field: pa.Field, column: pa.Array, raw: pa.Array | None, as_it_was: Mask) -> pa.Array:
    """`"name":value` for each row; null where the record as it was read lacks the key."""
    prefix = quoted(field.name) + b":"
    kept = pa.nulls(len(column), BINARY) if raw is None else glued(prefix, raw)
    if as_it_was.all():
        return kept
    changed = pa.array(~as_it_was)
    new = glued(prefix, encoded(column.filter(changed), field))
    return new if not as_it_was.any() else pc.replace_with_mask(kept, changed, new)


def _encoded(table: pa.Table) -> pa.Array:
    nothing = np.zeros(table.num_rows, np.bool_)
    parts = [_member(field, column, None, nothing) for field, column in _columns(table)]
    return _object([*parts, _rest_members(table)] if REST in table.column_names else parts, table)


def _columns(table: pa.Table) -> Iterator[tuple[pa.Field, pa.Array]]:
    for field in table.schema:
        if field.name != REST:
            column = table[field.name].combine_chunks()
            yield field, column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks)


def _object(parts: list[pa.Array], table: pa.Table) -> pa.Array:
    if not parts:
        return pa.array([b"{}"] * table.num_rows, BINARY)
    if all(part.null_count for part in parts):  # Arrow loses a row in which all parts are skipped
        bare = np.logical_and.reduce([_mask(part.is_null()) for part in parts])
        parts = [pc.if_else(pa.array(bare), pa.scalar(b"", BINARY), parts[0]), *parts[1:]]
    return glued(b"{", glued(*parts, between=b",", skip_nulls=True), b"}")


def _rest_members(table: pa.Table) -> pa.Array:
    """The members of `_rest` without braces; a key that is a column now is left out."""
    from .json_values import members

    columns = set(table.column_names) - {REST}
    found: list[bytes | None] = []
    for text in table[REST].to_pylist():
        rest = [] if text is None else [member.whole for member in members(text.encode()) if member.key not in columns]
        found.append(",".join(rest).encode() if rest else None)
    return pa.array(found, BINARY)


def _raw_values(as_read: AsRead, read: Mask) -> tuple[dict[str, pa.Array], pa.Array]:
    """For each key that is wanted the bytes of its value in each record, null where there are none; and all other members."""
    import orjson

    wanted = set(as_read.keys.values())
    if not read.any() or not (wanted or as_read.whole):
        return {}, pa.nulls(len(read), BINARY)
    records = as_read.records.combine_chunks() if isinstance(as_read.records, pa.ChunkedArray) else as_read.records
    held = pa.concat_arrays([records.filter(pa.array(read))])
    buffer = values_of(held)
    offsets = np.frombuffer(held.buffers()[1], np.int64)[held.offset : held.offset + len(held) + 1]
    data = as_bytes(buffer)
    start, stop = trimmed(data, offsets[:-1] - offsets[0], offsets[1:] - offsets[0])
    found = members_of(data, Spans(start, stop, start))
    if found is None:
        raise ContractError("a record as read is no JSON object: the source has let something through")
    codes = cut_out(buffer, found.key_start, found.key_stop).dictionary_encode()
    names = [str(orjson.loads(b'"' + key + b'"')) for key in codes.dictionary.to_pylist()]
    values = cut_out(buffer, found.start, found.stop)
    place, code = np.flatnonzero(read)[found.record], codes.indices.to_numpy(zero_copy_only=False)
    raw: dict[str, pa.Array] = {}
    for name in wanted & set(names):
        chosen = np.isin(code, [index for index, known in enumerate(names) if known == name])
        position = np.full(len(read), -1, np.int64)
        position[place[chosen]] = np.flatnonzero(chosen)
        raw[name] = values.take(pa.array(position, mask=position < 0))
    other = ~np.isin(code, [index for index, name in enumerate(names) if name in wanted])
    return raw, _joined(cut_out(buffer, found.begin[other], found.stop[other]), place[other], len(read))


def _joined(members: pa.Array, place: Offsets, count: int) -> pa.Array:
    """The members of each row in one, null where it has none."""
    found: list[bytes | None] = [None] * count
    for row, member in zip(place.tolist(), members.to_pylist(), strict=True):
        before = found[row]
        found[row] = member if before is None else before + b"," + member
    return pa.array(found, BINARY)


def _mask(values: pa.Array) -> Mask:
    return np.asarray(values.to_numpy(zero_copy_only=False), np.bool_)
