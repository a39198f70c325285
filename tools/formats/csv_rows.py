"""CSV records to Arrow rows: in bulk by Arrow's reader where quoting is regular, else one by one by Python's csv module."""

import csv
import math
import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from tools.storage import ROW_LIMIT

from .json_rows import Refused, Rows
from .records import Spans, blocks, is_utf8, stacked, table_of

BLOCK = 1 << 20
_PARTS = 8
_SMALL = 1 << 14
INTEGER = r"^(0|-?[1-9][0-9]{0,18})$"
_INTEGER = re.compile(INTEGER)
_EXACT = 1 << 53
_EMPTY, _NULL, _TRUE, _LONG = pa.scalar(""), pa.scalar(None, pa.string()), pa.scalar(True), pa.scalar(19)  # dear to make again and again


class CsvReader:
    """Reads records of one file: its header, the schema, the columns wanted."""

    def __init__(self, header: Sequence[str], delimiter: str, schema: pa.Schema, columns: Sequence[str] | None) -> None:
        self._header, self._delimiter = list(header), delimiter
        self.schema = schema if columns is None else pa.schema([schema.field(name) for name in columns])
        here = set(header)
        checked = [one.name for one in schema if not pa.types.is_string(one.type)]  # a string column fits anything: it is read only if asked for
        self._read = [name for name in dict.fromkeys([*self.schema.names, *checked]) if name in here]
        self._types = {name: schema.field(name).type for name in self._read}

    def rows(self, buffer: pa.Buffer, records: Spans, irregular: Sequence[tuple[int, int]]) -> Rows:
        parts: list[Rows] = []
        for run in blocks(records, BLOCK):
            chosen = records.only(run)
            first, last = int(chosen.start[0]), int(chosen.stop[-1])
            is_regular = not any(start < last and first < stop for start, stop in irregular)
            for position, part in self._block(buffer, chosen, is_regular):
                by = run.start + position
                refused = [Refused(one.position + by, one.reason, one.misfit) for one in part.refused]
                parts.append(Rows(part.table, part.kept + by, refused))
        table = stacked([part.table for part in parts], self.schema)
        kept = np.concatenate([part.kept for part in parts]) if parts else np.empty(0, np.int64)
        return Rows(table, kept, [one for part in parts for one in part.refused])

    def fields(self, buffer: pa.Buffer, records: Spans) -> list[list[str] | str]:
        """Each record's fields, or why it has none."""
        csv.field_size_limit(max(csv.field_size_limit(), ROW_LIMIT))
        found: list[list[str] | str] = []
        for start, stop in zip(records.start.tolist(), records.stop.tolist(), strict=True):
            try:
                found.append(fields_of(buffer.slice(start, stop - start).to_pybytes(), self._delimiter))
            except (UnicodeDecodeError, csv.Error) as error:
                found.append(f"not UTF-8: {error.reason}" if isinstance(error, UnicodeDecodeError) else f"not CSV: {error}")
        return found

    def _counted(self, found: list[str] | str) -> list[str] | str:
        if isinstance(found, str) or len(found) == len(self._header):
            return found
        return f"{len(found)} fields where the header has {len(self._header)}"

    def _block(self, buffer: pa.Buffer, records: Spans, is_regular: bool) -> list[tuple[int, Rows]]:
        texts = self.in_bulk(buffer, records) if is_regular else None
        if texts is not None:
            return [(0, self._typed(texts, np.arange(len(records)), []))]
        if not is_regular or len(records) == 1 or int(records.stop[-1] - records.start[0]) < _SMALL:
            return [(0, self._one_by_one(buffer, records))]
        size = -(-len(records) // _PARTS)
        runs = range(0, len(records), size)
        return [(first + inner, part) for first in runs for inner, part in self._block(buffer, records.only(slice(first, first + size)), True)]

    def in_bulk(self, buffer: pa.Buffer, records: Spans) -> dict[str, pa.Array] | None:
        first, last = int(records.start[0]), int(records.stop[-1])
        block = buffer.slice(first, last - first)
        if not is_utf8(block):
            return None
        read = pv.ReadOptions(use_threads=False, block_size=block.size + 64, column_names=self._header)
        parse = pv.ParseOptions(delimiter=self._delimiter, newlines_in_values=True)
        asked = self._read or self._header[:1]
        convert = pv.ConvertOptions(
            check_utf8=False, strings_can_be_null=False, include_columns=asked, column_types=dict.fromkeys(asked, pa.string())
        )
        try:
            table = pv.read_csv(pa.BufferReader(block), read, parse, convert)
        except pa.ArrowInvalid:
            return None
        if table.num_rows != len(records):
            return None
        return {name: pa.concat_arrays(table[name].chunks) for name in self._read}

    def _one_by_one(self, buffer: pa.Buffer, records: Spans) -> Rows:
        found = [self._counted(one) for one in self.fields(buffer, records)]
        refused = [Refused(position, reason) for position, reason in enumerate(found) if isinstance(reason, str)]
        kept = [position for position, one in enumerate(found) if not isinstance(one, str)]
        good = [one for one in found if not isinstance(one, str)]
        place = {name: self._header.index(name) for name in self._read}
        texts = {name: pa.array([row[index] for row in good], pa.string()) for name, index in place.items()}
        return self._typed(texts, np.array(kept, np.int64), refused)

    def _typed(self, texts: dict[str, pa.Array], kept: "np.ndarray[tuple[int], np.dtype[np.int64]]", refused: list[Refused]) -> Rows:
        arrays: dict[str, pa.Array] = {}
        fits = np.ones(len(kept), np.bool_)
        for name, column in texts.items():
            arrays[name], fitting = typed(column, self._types[name])
            for index in np.flatnonzero(fits & ~fitting).tolist():
                reason = f"the value does not fit the column {name!r} of type {self._types[name]}"
                refused = [*refused, Refused(int(kept[index]), reason, name)]
            fits &= fitting
        columns = [arrays.get(one.name, pa.nulls(len(kept), one.type)) for one in self.schema]
        table = table_of(columns, self.schema, len(kept))
        if not fits.all():
            table, kept = table.filter(pa.array(fits)), kept[fits]
        return Rows(table, kept, sorted(refused, key=lambda one: one.position))


def fields_of(record: bytes, delimiter: str) -> list[str]:
    """The fields of one record by Python's csv module."""
    return next(csv.reader([record.decode()], delimiter=delimiter), [])


def typed(texts: pa.Array, kind: pa.DataType) -> tuple[pa.Array, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
    """The values under a type, and which of them fit it; an empty text is null but in a string column."""
    if pa.types.is_string(kind):
        return texts, np.ones(len(texts), np.bool_)
    filled = pc.if_else(pc.equal(texts, _EMPTY), _NULL, texts)
    fits = _fitting(filled, kind)
    return pc.if_else(pa.array(fits), filled, _NULL).cast(kind), fits


class Kinds:
    """Which type all texts of a column fit: a number only where each is written as such a number is written."""

    def __init__(self) -> None:
        self._fits = {pa.int64(): True, pa.float64(): True}
        self._is_empty = True

    def add(self, texts: pa.Array) -> None:
        values = texts.filter(pc.not_equal(texts, _EMPTY))
        self._is_empty &= not len(values)
        for kind, fits in self._fits.items():
            self._fits[kind] = fits and bool(_fitting(values, kind).all())

    @property
    def type(self) -> pa.DataType:
        return pa.string() if self._is_empty else next((kind for kind, fits in self._fits.items() if fits), pa.string())


def _fitting(texts: pa.Array, kind: pa.DataType) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    if pa.types.is_int64(kind):
        plain = pc.fill_null(pc.match_substring_regex(texts, INTEGER), _TRUE)
        if not pc.any(pc.greater_equal(pc.binary_length(texts), _LONG)).as_py():
            return np.asarray(plain.to_numpy(zero_copy_only=False), np.bool_)
    test = _is_float if pa.types.is_float64(kind) else lambda text: _casts(text, kind)
    return np.array([text is None or test(text) for text in texts.to_pylist()], np.bool_)


def _is_float(text: str) -> bool:
    if _INTEGER.match(text):
        return abs(int(text)) <= _EXACT
    try:
        value = float(text)
    except ValueError:
        return False
    return math.isfinite(value) and repr(value) == text


def _casts(text: str, kind: pa.DataType) -> bool:
    if pa.types.is_integer(kind) and not _INTEGER.match(text):
        return False
    try:
        pa.scalar(text, pa.string()).cast(kind)
    except pa.ArrowInvalid:
        return False
    return True
