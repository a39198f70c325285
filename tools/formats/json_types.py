"""How JSON values sit in Arrow types: JSON text columns, the types JSON is read into, whether a value fits."""

import math
from typing import cast

import pyarrow as pa

from tools.errors import RecipeError
from tools.storage import REST

from .json_values import NegativeZero, Value

JSON_TEXT = {b"winnow": b"json"}  # metadata of a string column that holds JSON
_INT64 = 1 << 63


class Misfit(Exception):
    """A value does not fit its type."""


def json_text(name: str) -> pa.Field:
    return pa.field(name, pa.string(), metadata=JSON_TEXT)


def is_json_text(field: pa.Field) -> bool:
    return (field.metadata or {}).get(b"winnow") == b"json" or field.name == REST


def base(kind: pa.DataType) -> pa.DataType:
    """The type that values of this one are read as, before a cast."""
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_floating(kind):
        return pa.float64()
    if pa.types.is_boolean(kind):
        return pa.bool_()
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(kind.field(index).name, base(kind.field(index).type)) for index in range(kind.num_fields)])
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(base(kind.value_type))
    if _is_written_as_text(kind):
        return pa.string()
    raise RecipeError(f"type {str(kind)!r} cannot be read from JSON: use a number, bool, string, date, timestamp, list or struct type")


def fit(value: Value, kind: pa.DataType) -> object:
    """The value as Arrow takes it under a base type. Raises Misfit; it loses nothing but float digits."""
    if value is None:
        return None
    if pa.types.is_string(kind):
        return _only(value, str)
    if pa.types.is_boolean(kind):
        return _only(value, bool)
    if pa.types.is_int64(kind):
        return _integer(value)
    if pa.types.is_float64(kind):
        return _number(value)
    if pa.types.is_list(kind):
        return [fit(item, kind.value_type) for item in cast("list[Value]", _only(value, list))]
    return _struct(cast("dict[str, Value]", _only(value, dict)), kind)


def finite(column: pa.Array | pa.ChunkedArray) -> bool:
    """Whether no float in it, however deep, is infinite or NaN: JSON has neither."""
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_floating(kind):
        return bool(pc.all(pc.is_finite(column)).as_py() is not False)
    if pa.types.is_list(kind) and _has_floats(kind):
        return finite(pc.list_flatten(column))
    if pa.types.is_struct(kind) and _has_floats(kind):
        return all(finite(pc.struct_field(column, index)) for index in range(kind.num_fields))
    return True


def _only(value: Value, kind: type) -> Value:
    if type(value) is not kind:
        raise Misfit
    return value


def _integer(value: Value) -> int:
    if type(value) not in (int, NegativeZero) or not -_INT64 <= cast(int, value) < _INT64:
        raise Misfit
    return int(cast(int, value))


def _number(value: Value) -> float:
    if type(value) is NegativeZero:
        return -0.0
    if type(value) not in (int, float):
        raise Misfit
    try:
        number = float(cast(float, value))
    except OverflowError as error:
        raise Misfit from error
    if not math.isfinite(number):
        raise Misfit
    return number


def _struct(value: "dict[str, Value]", kind: pa.DataType) -> dict[str, object]:
    types = {kind.field(index).name: kind.field(index).type for index in range(kind.num_fields)}
    if value.keys() - types.keys():
        raise Misfit
    return {name: fit(value.get(name), inner) for name, inner in types.items()}


def _has_floats(kind: pa.DataType) -> bool:
    if pa.types.is_list(kind):
        return _has_floats(kind.value_type)
    if pa.types.is_struct(kind):
        return any(_has_floats(kind.field(index).type) for index in range(kind.num_fields))
    return bool(pa.types.is_floating(kind))


def _is_written_as_text(kind: pa.DataType) -> bool:
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_temporal, pa.types.is_decimal)
    return any(test(kind) for test in tests)
