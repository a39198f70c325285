"""Runs of bytes in a buffer, in bulk: lines, which of them are blank, spans as an Arrow array, UTF-8."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tools.kernels import compiled

from .splitting import Offsets

Bytes = npt.NDArray[np.uint8]
BOM = b"\xef\xbb\xbf"
BLANK = b" \t\r\n"
_WINDOW = 1 << 18
_STEPS = 4  # of trimming one by one, before long runs of space are taken at once
_SPACE = np.zeros(256, np.bool_)
_SPACE[[32, 9, 13, 10]] = True


@dataclass(frozen=True)
class Spans:
    """Runs of a shard's bytes, ascending and apart, each with the line it begins in (counted from the shard's first)."""

    start: Offsets
    stop: Offsets
    line: Offsets

    def __len__(self) -> int:
        return len(self.start)

    def only(self, chosen: npt.NDArray[np.bool_] | Offsets | slice) -> "Spans":
        return Spans(self.start[chosen], self.stop[chosen], self.line[chosen])


def as_bytes(buffer: pa.Buffer) -> Bytes:
    return np.frombuffer(buffer, np.uint8)


def bom_length(buffer: pa.Buffer, start: int) -> int:
    """Bytes to skip: a byte order mark at the file's start."""
    return len(BOM) if start == 0 and buffer.size >= len(BOM) and buffer.slice(0, len(BOM)).to_pybytes() == BOM else 0


def places(data: Bytes, byte: int) -> Offsets:
    """Where a byte occurs; by a kernel where such are in use, else in blocks, as a mask of all the data would be fresh memory."""
    size = len(data)
    if fast := compiled("records", 0):
        found = np.empty(fast.count(data, np.uint64(byte)), np.int64)
        fast.places(data, np.uint64(byte), found)
        return found
    parts = [np.flatnonzero(data[first : first + _WINDOW] == byte) + first for first in range(0, size, _WINDOW)]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def lines_of(data: Bytes, skip: int = 0) -> tuple[Spans, int]:
    """All lines without their breaks (\\n or \\r\\n), and how many there are."""
    breaks = places(data, ord("\n"))
    open_end = len(data) > (int(breaks[-1]) + 1 if len(breaks) else 0)
    stop = np.append(breaks, len(data)) if open_end else breaks
    start = np.concatenate([np.zeros(1, np.int64), breaks + 1])[: len(stop)]
    if skip and len(start):
        start[0] = min(skip, int(stop[0]))
    ends_in_return = (stop > start) & (data[np.maximum(stop - 1, 0)] == ord("\r")) if len(data) else np.zeros(len(stop), np.bool_)
    return Spans(start, stop - ends_in_return, np.arange(len(stop))), len(stop)


def is_space(data: Bytes) -> npt.NDArray[np.bool_]:
    return _SPACE[data]


def blank(data: Bytes, spans: Spans) -> npt.NDArray[np.bool_]:
    """Which spans hold nothing but space, tab, \\r, \\n."""
    empty = spans.stop <= spans.start
    blanks = empty.copy()
    doubt = np.flatnonzero(~empty)
    doubt = doubt[_SPACE[data[spans.start[doubt]]]]
    for index in doubt.tolist():
        blanks[index] = bool(_SPACE[data[spans.start[index] : spans.stop[index]]].all())
    return blanks


def trimmed(data: Bytes, start: Offsets, stop: Offsets) -> tuple[Offsets, Offsets]:
    """The spans without white space at their ends."""
    start, stop = start.copy(), stop.copy()
    moving = np.flatnonzero(start < stop)
    for _ in range(_STEPS):
        moving = moving[_SPACE[data[start[moving]]]]
        start[moving] += 1
        moving = moving[start[moving] < stop[moving]]
    for index in moving.tolist():
        start[index] = stop[index] - len(data[start[index] : stop[index]].tobytes().lstrip(BLANK))
    moving = np.flatnonzero(start < stop)
    for _ in range(_STEPS):
        moving = moving[_SPACE[data[stop[moving] - 1]]]
        stop[moving] -= 1
        moving = moving[start[moving] < stop[moving]]
    for index in moving.tolist():
        stop[index] = start[index] + len(data[start[index] : stop[index]].tobytes().rstrip(BLANK))
    return start, stop


def cut_out(buffer: pa.Buffer, start: Offsets, stop: Offsets, kind: pa.DataType | None = None) -> pa.Array:
    """The spans' bytes, ascending and apart, as an array of their own (large_binary unless said otherwise)."""
    if not len(start):
        return pa.array([], kind or pa.large_binary())
    offsets = np.empty(2 * len(start), np.int64)
    offsets[0::2], offsets[1::2] = start, stop
    with_gaps = pa.Array.from_buffers(kind or pa.large_binary(), len(offsets) - 1, [None, pa.py_buffer(offsets), buffer])
    return with_gaps.take(pa.array(np.arange(0, len(offsets) - 1, 2)))


def is_utf8(buffer: pa.Buffer) -> bool:
    if not buffer.size:
        return True
    offsets = np.array([0, buffer.size], np.int64)
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, pa.py_buffer(offsets), buffer]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def blocks(spans: Spans, most_bytes: int) -> list[slice]:
    """Runs of neighbouring spans that together hold about this many bytes; at least one span each."""
    found, first = [], 0
    while first < len(spans):
        last = int(np.searchsorted(spans.stop, int(spans.start[first]) + most_bytes, "right"))
        found.append(slice(first, max(last, first + 1)))
        first = found[-1].stop
    return found


def glued(*parts: pa.Array | bytes, between: bytes = b"", skip_nulls: bool = False) -> pa.Array:
    """Large binaries and constants put together row by row; a null makes the row null unless nulls are skipped."""
    scalars = [_constant(part) if isinstance(part, bytes) else part for part in (*parts, between)]
    return pc.binary_join_element_wise(*scalars, null_handling="skip" if skip_nulls else "emit_null")


@lru_cache(4096)
def _constant(value: bytes) -> pa.Scalar:
    return pa.scalar(value, pa.large_binary())  # making one is dear: it looks for pandas each time


def values_of(array: pa.Array) -> pa.Buffer:
    """The bytes of a large_binary array's values, one after the other."""
    offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
    return pa.py_buffer(b"") if array.buffers()[2] is None else array.buffers()[2].slice(int(offsets[0]), int(offsets[-1] - offsets[0]))


def table_of(columns: Sequence[pa.Array | pa.ChunkedArray], schema: pa.Schema, count: int) -> pa.Table:
    """A table that knows its row count also without columns."""
    return pa.table(columns, schema=schema) if len(schema) else pa.Table.from_struct_array(pa.array([{}] * count, pa.struct([])))


def stacked(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    """The tables one below the other; Arrow forgets the count where there are no columns."""
    if not len(schema):
        return table_of([], schema, sum(table.num_rows for table in tables))
    return pa.concat_tables(tables) if tables else schema.empty_table()
