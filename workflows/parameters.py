"""An operator made from the parameters of a recipe; what is wrong with them is said all at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from tools.contract import Operator
from tools.names import nearest

Kind = TypeVar("Kind", bound=Operator)


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
            said = details["msg"].removeprefix("Value error, ").removeprefix("Input should be ").strip()
            name = ".".join(str(part) for part in details["loc"] if not str(part)[:1].isupper())
            problem = Problem(key, value, f"parameter {name!r}: {value!r} {_judged(details['msg'], said)}" if key else said)
        found.setdefault(key, []).append(problem)
    return [group[0] if len(group) == 1 or not key else _joined(key, group) for key, group in found.items()]


def _judged(message: str, said: str) -> str:
    return f"should be {said}" if message.startswith("Input should be ") else f"will not do: {said}"


def _joined(key: str, group: list[Problem]) -> Problem:
    """Several findings on one parameter are the branches of a union: say them in one breath."""
    ends = dict.fromkeys(problem.message.rpartition(" should be ")[2].rpartition(" will not do: ")[2] for problem in group)
    return Problem(key, group[0].value, f"parameter {key!r}: {group[0].value!r} should be " + " or ".join(ends))


def _described(made: type[Operator], key: str) -> str:
    said = made.model_fields[key].description if key in made.model_fields else None
    return f": {said}" if said else ""
