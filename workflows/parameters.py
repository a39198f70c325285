"""An operator made from the parameters of a recipe; what is wrong with them is said all at once."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tools.contract import Operator
from tools.names import nearest

from .findings import shortened

Kind = TypeVar("Kind", bound=Operator)
LARGEST = (1 << 63) - 1
SMALLEST = -(1 << 63)
NOUNS: Mapping[str, str] = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "boolean": "true or false",
    "array": "a list",
    "dictionary": "a mapping",
}


@dataclass(frozen=True)
class Problem:
    """One parameter that will not do."""

    key: str  # empty: several together
    value: object
    message: str
    mend: str = ""


def make(made: type[Kind], params: Mapping[str, object]) -> Kind:
    """Raises pydantic's ValidationError, or RecipeError where the operator says itself what is wrong. Nothing is coerced
    but a list into a tuple and a whole number into a float."""
    return made.model_validate_json(json.dumps(params), strict=True)


def problems(error: ValidationError, made: type[Operator]) -> list[Problem]:
    """What pydantic found, in our words: one problem a parameter."""
    found: dict[str, list[Problem]] = {}
    for details in error.errors(include_url=False):
        key = str(details["loc"][0]) if details["loc"] else ""
        value = details["input"]
        if details["type"] == "extra_forbidden":
            mend = nearest(key, made.model_fields) or f"; it takes {', '.join(made.model_fields) or 'no parameters'}"
            problem = Problem(key, value, f"unknown parameter {key!r}", mend)
        elif details["type"] == "missing" and len(details["loc"]) == 1:
            problem = Problem(key, None, f"parameter {key!r} is missing", _described(made, key))
        else:
            problem = _judged(key, details, made)
        found.setdefault(key, []).append(problem)
    return [group[0] if len(group) == 1 or not key else _joined(key, group) for key, group in found.items()]


def too_large(params: Mapping[str, object]) -> list[Problem]:
    """Numbers that no column can hold, wherever they stand in the parameters."""
    return [
        Problem(key, number, f"parameter {key!r}: {shown(number)} does not fit 64 bits", "take a smaller number, or leave the bound out")
        for key, value in params.items()
        for number in _whole_numbers(value)
        if not SMALLEST <= number <= LARGEST
    ]


def shown(value: object) -> str:
    """The value as it is written, cut where it is long."""
    return "a number of many digits" if isinstance(value, int) and value.bit_length() > 1000 else shortened(repr(value))


def _whole_numbers(value: object) -> Iterator[int]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, int):
            yield one
        elif isinstance(one, list | dict):
            waiting += one.values() if isinstance(one, dict) else one


def _judged(key: str, details: ErrorDetails, made: type[Operator]) -> Problem:
    value, text = details["input"], details["msg"]
    if text.startswith("Input should be "):
        name = ".".join(str(part) for part in details["loc"] if not str(part)[:1].isupper())
        wanted = text.removeprefix("Input should be ").removeprefix("a valid ")
        return Problem(key, value, f"parameter {name!r}: {shown(value)} will not do", f"it should be {NOUNS.get(wanted, wanted)}")
    said, _, mend = text.removeprefix("Value error, ").strip().partition("; ")
    help_ = (made.model_fields[key].description if key in made.model_fields else None) or "see its card: `winnow operators show NAME`"
    quoted = said if repr(value) in said else f"{shown(value)} will not do: {said}"
    return Problem(key, value, f"parameter {key!r}: {quoted}" if key else said, mend or help_)


def _joined(key: str, group: list[Problem]) -> Problem:
    """Several findings on one parameter are the branches of a union: say them in one breath."""
    ends = dict.fromkeys(problem.mend.removeprefix("it should be ") for problem in group)
    return Problem(key, group[0].value, f"parameter {key!r}: {shown(group[0].value)} will not do", "it should be " + " or ".join(ends))


def _described(made: type[Operator], key: str) -> str:
    said = made.model_fields[key].description if key in made.model_fields else None
    return f": {said}" if said else f"write `with: {{{key}: ...}}`"
