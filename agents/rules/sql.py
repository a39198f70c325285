"""Tests of one row as an expression over columns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from . import slots
from .profile import Column

_RESERVED = "select from where order group by limit table column user end case when then else and or not in is null as on desc asc all any"
RESERVED = frozenset(_RESERVED.split())


@dataclass(frozen=True)
class Condition:
    """One test of a row; `sql` says it plainly, `other` its opposite, both true or false for missing values too."""

    sql: str
    other: str
    start: int
    end: int
    empty: str = ""  # the column, where the test is whether it is empty
    filled: bool = False
    noun: bool = False  # said before its noun, as in `empty answers`


def name_of(column: Column) -> str:
    """A column as an expression writes it."""
    return f'"{column.name}"' if not re.fullmatch(r"[a-z_][a-z0-9_]*", column.name) or column.name in RESERVED else column.name


def text_literal(value: str) -> str:
    """A text as an expression writes it."""
    return "'" + value.replace("'", "''") + "'"


def shown(number: float) -> str:
    """A number as an expression writes it."""
    return str(int(number)) if number == int(number) else repr(number)


def between_bounds(name: str, bounds: Mapping[str, object]) -> str:
    """The test whether a measure lies within the bounds of a step, both inclusive."""
    signs = (("at_least", ">="), ("at_most", "<="))
    return " and ".join(f"{name} {sign} {bounds[side]}" for side, sign in signs if side in bounds)


def between(name: str, bound: slots.Bounds, start: int, end: int) -> Condition:
    """The test whether a number lies within bounds."""
    sides = []
    if bound.low is not None:
        sides.append(f"{name} {'>' if bound.low_open else '>='} {shown(bound.low)}")
    if bound.high is not None:
        sides.append(f"{name} {'<' if bound.high_open else '<='} {shown(bound.high)}")
    sql = f"{name} = {shown(bound.low)}" if bound.low is not None and bound.low == bound.high else " and ".join(sides)
    return Condition(f"({sql})" if len(sides) > 1 and " and " in sql else sql, f"not coalesce({sql}, false)", start, end)
