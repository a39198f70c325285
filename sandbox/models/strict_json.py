"""JSON of strangers: no key twice, no NaN, not deep, not long."""

import json
from collections.abc import Iterator
from typing import NoReturn

from .refused import ModelRefused

DEEPEST = 24
MOST_DIGITS = 40


def parse(raw: bytes, file: str) -> object:
    """Raises ModelRefused."""
    try:
        value: object = json.loads(raw, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_integer)
    except RecursionError:
        raise ModelRefused(file, f"its JSON is nested more than {DEEPEST} deep") from None
    except ValueError as error:
        raise ModelRefused(file, f"is no plain JSON: {str(error)[:120]}") from None
    if any(depth > DEEPEST for depth, _, _ in walk(value)):
        raise ModelRefused(file, f"its JSON is nested more than {DEEPEST} deep")
    return value


def parse_object(raw: bytes, file: str) -> dict[str, object]:
    value = parse(raw, file)
    if not isinstance(value, dict):
        raise ModelRefused(file, f"holds {type(value).__name__} where an object was due")
    return value


def walk(value: object) -> Iterator[tuple[int, str, object]]:
    """Depth, key and value of everything within."""
    waiting: list[tuple[int, str, object]] = [(0, "", value)]
    while waiting:
        depth, key, one = waiting.pop()
        yield depth, key, one
        if isinstance(one, dict):
            waiting += [(depth + 1, str(name), inner) for name, inner in one.items()]
        elif isinstance(one, list):
            waiting += [(depth + 1, key, inner) for inner in one]


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands there twice")
    return made


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _integer(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)
