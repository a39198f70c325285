"""Arrow values to JSON text, a column at a time. NaN and infinities become null, bytes base64, times ISO 8601."""

from base64 import b64encode
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .json_types import is_json_text
from .records import glued

_BINARY = pa.large_binary()


def quoted(text: str) -> bytes:
    """A JSON string; half surrogates cannot stand in a column's name."""
    import orjson

    return orjson.dumps(text)


def encoded(column: pa.Array, field: pa.Field) -> pa.Array:
    """Each value's JSON, `null` for null."""
    kind = column.type
    if is_json_text(field):
        found = _json_text(column)
    elif pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        found = column.cast(pa.large_string()).cast(_BINARY)
    elif pa.types.is_floating(kind):
        found = _floats(column)
    elif pa.types.is_temporal(kind) and not pa.types.is_duration(kind):
        found = glued(b'"', iso(column).cast(_BINARY), b'"')
    else:
        found = _by_value(column)
    return pc.fill_null(found, pa.scalar(b"null", _BINARY))


def iso(column: pa.Array) -> pa.Array:
    """Dates and times as large strings, in UTC where they have a zone."""
    text = column.cast(pa.large_string())
    return pc.replace_substring(text, " ", "T", max_replacements=1) if pa.types.is_timestamp(column.type) else text


def _json_text(column: pa.Array) -> pa.Array:
    import orjson

    found: list[bytes | None] = []
    for text in column.to_pylist():
        if text is None:
            found.append(None)
            continue
        value = text.encode()
        try:
            orjson.loads(value)
        except orjson.JSONDecodeError:
            value = orjson.dumps(text)  # a step put other text there: it goes out as a string
        found.append(value.replace(b"\r", b" ").replace(b"\n", b" "))  # breaks between tokens; within strings they are escaped
    return pa.array(found, _BINARY)


def _floats(column: pa.Array) -> pa.Array:
    import orjson

    dumps: Callable[..., bytes] = orjson.dumps
    if pa.types.is_float64(column.type):
        return pa.array([None if value is None else dumps(value) for value in column.to_pylist()], _BINARY)
    values = pc.fill_null(column.cast(pa.float32()), 0).to_numpy(zero_copy_only=False).astype(np.float32)
    texts = pa.array([dumps(value, option=orjson.OPT_SERIALIZE_NUMPY) for value in values], _BINARY)
    return pc.if_else(column.is_valid(), texts, pa.scalar(None, _BINARY))


def _by_value(column: pa.Array) -> pa.Array:
    import orjson

    dumps: Callable[..., bytes] = orjson.dumps
    values = column.cast(_plain(column.type), safe=False).to_pylist()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pa.array([None if value is None else dumps(value) for value in values], _BINARY)
    return pa.array([None if value is None else dumps(value, default=_other) for value in values], _BINARY)


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type with times that Python holds: it knows no nanoseconds."""
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(_plain(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(kind.field(index).name, _plain(kind.field(index).type)) for index in range(kind.num_fields)])
    return kind


def _other(value: object) -> object:
    import orjson

    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value).encode())
    return str(value)
