"""Which types fit where, and what columns rows have when streams meet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from tools.contract import ANY
from tools.errors import RecipeError
from tools.storage import REST

JSON: Mapping[bytes, bytes] = {b"winnow": b"json"}
TYPES: Mapping[str, pa.Field] = {
    "string": pa.field("", pa.string()),
    "int": pa.field("", pa.int64()),
    "float": pa.field("", pa.float64()),
    "bool": pa.field("", pa.bool_()),
    "json": pa.field("", pa.string(), metadata=dict(JSON)),
}


@dataclass(frozen=True)
class Stream:
    """What rows are known to carry at one place of the recipe."""

    schema: pa.Schema | None  # None: something before is wrong, nothing more is said about it
    stored: Mapping[str, pa.DataType] = field(default_factory=dict)  # `STEP.measure` of steps that every row has passed

    @property
    def names(self) -> list[str]:
        """Columns, then stored measures."""
        return [*(self.schema.names if self.schema is not None else ()), *self.stored]

    def type(self, name: str) -> pa.DataType | None:
        if self.schema is not None and name in self.schema.names:
            return self.schema.field(name).type
        return self.stored.get(name)


def fits(want: pa.DataType, have: pa.DataType) -> bool:
    """The engine can hand a column of type `have` to an operator that reads `want`; single values may still not fit."""
    if want in (ANY, have) or pa.types.is_null(have):
        return True
    if pa.types.is_string(want):
        return is_scalar(have)
    if pa.types.is_floating(want):
        return is_number(have) or bool(pa.types.is_boolean(have) or pa.types.is_string(have))
    if pa.types.is_integer(want):
        return bool(pa.types.is_integer(have) or pa.types.is_boolean(have))
    if pa.types.is_binary(want):
        return bool(pa.types.is_string(have))
    if pa.types.is_list(want):
        return is_list(have) and (is_number(have.value_type) if pa.types.is_floating(want.value_type) else fits(want.value_type, have.value_type))
    return False


def is_name(name: str) -> bool:
    """A column can be called so: not nothing, and not as the keys that a source does not know."""
    return bool(name.strip()) and "\0" not in name and name != REST


def is_scalar(kind: pa.DataType) -> bool:
    return not pa.types.is_nested(kind) and not pa.types.is_binary(kind) and not pa.types.is_fixed_size_binary(kind)


def is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def is_json(column: pa.Field) -> bool:
    """A text column whose values are JSON, since they fit no one type."""
    return bool((column.metadata or {}).get(b"winnow") == b"json")


def type_name(column: pa.Field) -> str:
    return "json" if is_json(column) else str(column.type)


def meet(streams: Sequence[Stream]) -> Stream:
    """The rows of several streams as one. Raises RecipeError where a column has two types that no one type holds."""
    if len(streams) == 1:
        return streams[0]
    stored = {name: kind for name, kind in streams[0].stored.items() if all(other.stored.get(name) == kind for other in streams[1:])}
    schemas = [stream.schema for stream in streams]
    if any(schema is None for schema in schemas):
        return Stream(None, stored)
    return Stream(pa.schema(_columns(schemas)), stored)


def _columns(schemas: Iterable[pa.Schema]) -> list[pa.Field]:
    joined: dict[str, pa.Field] = {}
    for schema in schemas:
        for column in schema:
            joined[column.name] = _both(joined[column.name], column) if column.name in joined else column
    return list(joined.values())


def _both(one: pa.Field, other: pa.Field) -> pa.Field:
    if (one.type == other.type and is_json(one) == is_json(other)) or pa.types.is_null(other.type):
        return one
    if pa.types.is_null(one.type):
        return other
    if is_number(one.type) and is_number(other.type) and not is_json(one):
        both_whole = pa.types.is_integer(one.type) and pa.types.is_integer(other.type)
        return pa.field(one.name, pa.int64() if both_whole else pa.float64())
    raise RecipeError(f"column {one.name!r} is {type_name(one)} in one stream and {type_name(other)} in another")
