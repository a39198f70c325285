"""Columns and types that hold all values of some JSON records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa

from tools.errors import RecipeError
from tools.storage import REST

from .json_types import json_text
from .json_values import Value

MOST_COLUMNS = 10_000
_INT64 = 1 << 63
Seen: TypeAlias = "str | Listed | Keyed"  # str: null, bool, int, float, string, big, clash


@dataclass(frozen=True)
class Listed:
    """A list of values of one kind."""

    of: Seen


@dataclass(frozen=True)
class Keyed:
    """An object with these keys."""

    keys: dict[str, Seen]


def infer(records: Iterable[Mapping[str, Value]]) -> pa.Schema:
    """One column a key, in the order in which keys are first met."""
    columns: dict[str, _Column] = {}
    for record in records:
        for key, value in record.items():
            if key == REST:  # the name is ours: the key goes into `_rest` and comes back from there
                continue
            if (column := columns.get(key)) is None:
                column = columns[key] = _Column()
            column.add(_seen(value))
        if len(columns) > MOST_COLUMNS:
            raise RecipeError(f"more than {MOST_COLUMNS} columns; bring varying keys under one key, whose value then stays JSON text")
    return pa.schema([column.field(name) for name, column in columns.items()])


class _Column:
    """What all values so far have in common, and after how many values that changed."""

    def __init__(self) -> None:
        self._count = 0
        self._changes: list[tuple[int, Seen]] = [(0, "null")]

    def add(self, kind: Seen) -> None:
        before = self._changes[-1][1]
        self._count += 1
        if kind != before and (both := _both(before, kind)) != before:
            self._changes.append((self._count, both))

    def field(self, name: str) -> pa.Field:
        """JSON text where no type holds all values, or where the second half of them changed what is nested."""
        changed, both = self._changes[-1]
        if both == "null":
            return pa.field(name, pa.string())
        kind = _type(both)
        settled = isinstance(both, str) or changed <= (self._count + 1) // 2
        return pa.field(name, kind) if kind is not None and settled else json_text(name)


def _all(kinds: Sequence[Seen]) -> Seen:
    found: Seen = "null"
    for kind in kinds:
        found = _both(found, kind)
    return found


def _seen(value: Value) -> Seen:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int" if -_INT64 <= value < _INT64 else "big"
    if isinstance(value, float):
        return "float" if abs(value) != float("inf") else "big"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list):
        return Listed(_all([_seen(item) for item in value]))
    return Keyed({key: _seen(item) for key, item in value.items()})


def _both(one: Seen, other: Seen) -> Seen:
    if one == other or other == "null":
        return one
    if one == "null":
        return other
    if isinstance(one, Listed) and isinstance(other, Listed):
        return Listed(_both(one.of, other.of))
    if isinstance(one, Keyed) and isinstance(other, Keyed):
        return Keyed({key: _both(one.keys.get(key, "null"), other.keys.get(key, "null")) for key in one.keys | other.keys})
    return "float" if (one, other) in (("int", "float"), ("float", "int")) else "clash"


def _type(seen: Seen) -> pa.DataType | None:
    """Nothing where no one type holds it: clashing kinds, big integers, a nested part that was never filled."""
    if isinstance(seen, Listed):
        inner = _type(seen.of)
        return None if inner is None else pa.list_(inner)
    if isinstance(seen, Keyed):
        fields = {key: _type(kind) for key, kind in seen.keys.items()}
        return None if not fields or None in fields.values() else pa.struct([pa.field(key, kind) for key, kind in fields.items()])
    return {"bool": pa.bool_(), "int": pa.int64(), "float": pa.float64(), "string": pa.string()}.get(seen)
