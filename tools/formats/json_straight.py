"""Flat JSON objects read by a compiled loop straight into Arrow's buffers; whatever gives it doubt is left to the other readers."""

from types import ModuleType

import numpy as np
import pyarrow as pa

from tools.kernels import compiled

from .json_types import is_json_text
from .records import Spans, as_bytes

_MOST_COLUMNS = 64
_KINDS = {pa.string(): 0, pa.int64(): 1, pa.bool_(): 2}


def straight(buffer: pa.Buffer, records: Spans, schema: pa.Schema) -> "Straight | None":
    """A reader of these records, or nothing where a column is of another kind or the loop is not compiled."""
    plain = 0 < len(schema) <= _MOST_COLUMNS and all(one.type in _KINDS and not is_json_text(one) for one in schema)
    if not plain or not len(records) or buffer.size >= 1 << 31:
        return None
    loop = compiled("records", buffer.size >> 4)  # Arrow parses 16 MB in less time than numba takes to start
    return Straight(loop, buffer, records, schema) if loop else None


class Straight:
    """Rows read so far lie in one run of memory a column."""

    def __init__(self, loop: ModuleType, buffer: pa.Buffer, records: Spans, schema: pa.Schema) -> None:
        count, names = len(records), [one.name.encode() for one in schema]
        self._loop, self._schema = loop, schema
        self._data = as_bytes(buffer)
        self._starts, self._stops = np.ascontiguousarray(records.start), np.ascontiguousarray(records.stop)
        self._names = np.frombuffer(b"".join(names) or b"\0", np.uint8)
        self._name_ends = np.cumsum([0, *map(len, names)]).astype(np.int32)
        self._kinds = np.array([_KINDS[one.type] for one in schema], np.uint8)
        self._texts = np.empty((len(schema), buffer.size + loop.SPARE), np.uint8)  # of fresh memory only what is written is taken
        self._ends = np.empty((len(schema), count + 1), np.int32)
        self._ends[:, 0] = 0
        self._numbers = np.empty((len(schema), count), np.int64)
        self._valid = np.empty((len(schema), count), np.uint8)
        self._filled = np.zeros(len(schema), np.int64)

    def read(self, first: int, last: int) -> bool:
        """Read these records, or none of them; those before `first` were read, or will not be asked for."""
        before = self._filled.copy()
        self._ends[:, first] = before
        given = (self._data, self._starts, self._stops, first, last, self._names, self._name_ends, self._kinds)
        done = self._loop.read(*given, self._texts, self._ends, self._numbers, self._valid, self._filled)
        if done < last - first:
            self._filled[:] = before
        return bool(done == last - first)

    def table(self, first: int, last: int) -> pa.Table:
        """The rows of records that were read one after the other."""
        return pa.table([self._column(index, first, last) for index in range(len(self._schema))], schema=self._schema)

    def _column(self, index: int, first: int, last: int) -> pa.Array:
        kind, valid = self._schema.field(index).type, self._valid[index, first:last]
        mask = None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))
        if pa.types.is_string(kind):
            ends, texts = pa.py_buffer(self._ends[index, first : last + 1]), pa.py_buffer(self._texts[index, : self._filled[index]])
            return pa.Array.from_buffers(kind, last - first, [mask, ends, texts])
        numbers = self._numbers[index, first:last]
        if pa.types.is_boolean(kind):
            return pa.Array.from_buffers(kind, last - first, [mask, pa.py_buffer(np.packbits(numbers == 1, bitorder="little"))])
        return pa.Array.from_buffers(kind, last - first, [mask, pa.py_buffer(numbers)])
