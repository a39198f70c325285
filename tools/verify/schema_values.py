"""Values of JSON as schemas see them: their types, when two are equal, how they are shown."""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import orjson

DEEPEST = 100  # of values within values; references that lead in a ring end here too
SHOWN = 40
TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: is_number(value),
    "integer": lambda value: is_number(value) and (isinstance(value, int) or value.is_integer()),
}


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def shown(value: Any) -> str:
    """The value as JSON, cut where it is long."""
    try:
        text = orjson.dumps(value).decode()
    except orjson.JSONEncodeError:  # more than 254 levels
        return "a value nested too deeply"
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def equal(one: Any, other: Any) -> bool:
    """As JSON has it: 1 is 1.0 and not true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return type(one) is type(other) and one == other if not (is_number(one) and is_number(other)) else one == other


def multiple(value: Any, said: Any) -> bool:
    if isinstance(value, int) and isinstance(said, int):
        return value % said == 0
    if math.isinf(value):
        return False
    return Decimal(str(value)) % Decimal(str(said)) == 0


def canonical(value: Any, depth: int) -> Any:
    """Equal values as one: 1.0 as 1; ... for what is nested too deeply."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if not isinstance(value, dict | list):
        return value
    inside = [canonical(one, depth + 1) if depth < DEEPEST else ... for one in (value.values() if isinstance(value, dict) else value)]
    if any(one is ... for one in inside):
        return ...
    return dict(zip(value, inside, strict=True)) if isinstance(value, dict) else inside
