"""Arrow rows to CSV lines in bulk, with quotes where they are needed."""

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.storage import REST

from .json_encode import encoded, iso
from .records import glued

_ROWS = 8192
_BINARY = pa.large_binary()


def header_line(schema: pa.Schema, delimiter: str) -> bytes:
    names = pa.array([name for name in schema.names if name != REST], pa.large_string())
    fields = [part.as_py() for part in _quoted(names, delimiter)]
    return delimiter.encode().join(fields) + b"\n"


def lines(table: pa.Table, delimiter: str) -> Iterator[pa.Array]:
    """Lines with their breaks (large_binary), some thousand rows at a time."""
    return (_encoded(table.slice(first, _ROWS), delimiter) for first in range(0, table.num_rows, _ROWS))


def _encoded(table: pa.Table, delimiter: str) -> pa.Array:
    fields = [one for one in table.schema if one.name != REST]
    if not fields:
        return pa.array([b"\n"] * table.num_rows, _BINARY)
    columns = [_column(pa.concat_arrays(table[one.name].chunks) if table.num_rows else pa.array([], one.type), one, delimiter) for one in fields]
    if len(columns) == 1:  # an empty line would be no record
        columns = [pc.if_else(pc.equal(pc.binary_length(columns[0]), 0), pa.scalar(b'""', _BINARY), columns[0])]
    return glued(glued(*columns, between=delimiter.encode()), b"\n")


def _column(column: pa.Array, field: pa.Field, delimiter: str) -> pa.Array:
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pc.fill_null(_quoted(column.cast(pa.large_string()), delimiter), pa.scalar(b"", _BINARY))
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        text = column.cast(pa.large_string())
    elif pa.types.is_floating(kind):
        text = _floats(column)
    elif pa.types.is_temporal(kind) and not pa.types.is_duration(kind):
        text = iso(column)
    else:
        text = pc.if_else(column.is_valid(), encoded(column, field).cast(pa.large_string()), pa.scalar(None, pa.large_string()))
        if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
            text = pc.utf8_trim(text, '"')  # base64 in no quotes of JSON's
    return pc.fill_null(_quoted(text, delimiter), pa.scalar(b"", _BINARY))


def _floats(column: pa.Array) -> pa.Array:
    """As Python writes them, which is how a column of floats is told when it is read."""
    if pa.types.is_float64(column.type):
        return pa.array([None if value is None else repr(value) for value in column.to_pylist()], pa.large_string())
    values = [None if value is None else str(np.float32(value)) for value in column.cast(pa.float32()).to_pylist()]
    return pa.array(values, pa.large_string())


def _quoted(texts: pa.Array, delimiter: str) -> pa.Array:
    needs = pc.match_substring_regex(texts, '["\r\n' + re.escape(delimiter) + "]")
    plain = texts.cast(_BINARY)
    if not pc.any(needs).as_py():
        return plain
    return pc.if_else(needs, glued(b'"', pc.replace_substring(texts, '"', '""').cast(_BINARY), b'"'), plain)
