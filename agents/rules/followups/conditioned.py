"""Conditions of `field` that name values of one column: what they let through, and how they read with a value more or less."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workflows.edits import Remove, Set
from workflows.recipe import Step

from .outcome import Change

_VALUE = r"'(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false"
_ONE = re.compile(rf"(?P<column>\"[^\"]+\"|\w+)\s*(?P<sign>=|<>|!=|is distinct from|is not distinct from)\s*(?P<value>{_VALUE})", re.I)
_MANY = re.compile(
    rf"(?P<column>\"[^\"]+\"|"
    rf"\w+)\s+(?P<not>not\s+)?in\s*\((?P<values>(?:\s*(?:{_VALUE})\s*,?)+)\)(?P<null>\s+or\s+(?:\"[^\"]+\"|\w+)\s+is\s+null)?",
    re.I,
)
_AND, _OR = re.compile(r"\s+and\s+", re.I), re.compile(r"\bor\b", re.I)
_EACH = re.compile(_VALUE, re.I)


@dataclass(frozen=True)
class Condition:
    """A column and values: those that go on, or those that do not."""

    column: str
    values: tuple[str, ...]  # as they are written
    keeps: bool
    takes_null: bool = False

    def text(self) -> str:
        """As an expression of `field`."""
        if len(self.values) == 1:
            return f"{self.column} = {self.values[0]}" if self.keeps else f"{self.column} is distinct from {self.values[0]}"
        listed = ", ".join(self.values)
        return f"{self.column} in ({listed})" if self.keeps else f"{self.column} not in ({listed}) or {self.column} is null"

    def shown(self) -> str:
        names = ", ".join(value.strip("'") for value in self.values)
        return f"{self.column}: {'' if self.keeps else 'not '}{names}"


def parse(where: str) -> Condition | None:
    """The condition, where it names values of one column and nothing else."""
    where = where.strip()
    where = where[1:-1].strip() if where.startswith("(") and where.endswith(")") else where
    one = _ONE.fullmatch(where)
    if one:
        return Condition(one["column"], (one["value"],), one["sign"].lower() in ("=", "is not distinct from"))
    many = _MANY.fullmatch(where)
    if many:
        return Condition(many["column"], tuple(_EACH.findall(many["values"])), not many["not"])
    return None


def parts(where: str) -> list[str]:
    """What `and` joins on the outside: `genre = 'a' and (x or y)` has two parts."""
    found, depth, quoted, start = [], 0, False, 0
    for place, sign in enumerate(where):
        quoted ^= sign == "'"
        depth += 0 if quoted else (sign == "(") - (sign == ")")
        if not quoted and not depth and (match := _AND.match(where, place)):
            found.append(where[start:place])
            start = match.end()
    return [*(part.strip() for part in found), where[start:].strip()]


def joined(parts: Sequence[str]) -> str:
    """One condition of several that must all hold."""
    return " and ".join(f"({part})" if len(parts) > 1 and _OR.search(part) and not part.startswith("(") else part for part in parts)


def put(step: Step, old: str, new: str | None, told: str) -> Change:
    """The step with one part of its condition in another form, or without it; without any it goes."""
    rest = [new if part == old else part for part in parts(str(step.params["where"]))]
    kept = [part for part in rest if part]
    if not kept:
        return Change((Remove(step=step.id),), f"removed {step.id}: it asked for nothing else", (step.id,))
    return Change((Set(step=step.id, key="with.where", value=joined(kept)),), told, (step.id,))


def merged(have: Condition, new: Condition, *, only: bool, more: bool) -> Condition | str | None:
    """One condition of two on the same column. None: nothing is left to decide; a text: what is not clear."""
    if have.column != new.column:
        return "other columns"
    if only:
        return new
    if have.keeps and new.keeps:
        return Condition(have.column, tuple(dict.fromkeys((*have.values, *new.values))), True) if more else "both"
    if have.keeps:
        rest = tuple(value for value in have.values if value not in new.values)
        return Condition(have.column, rest, True) if rest else "nothing left"
    if not new.keeps:
        return Condition(have.column, tuple(dict.fromkeys((*have.values, *new.values))), False)
    if not more:
        return "both"
    rest = tuple(value for value in have.values if value not in new.values)
    return Condition(have.column, rest, False) if rest else None


def without(step: Step, where: str, *, more: bool) -> Change | None:
    """The step without what this condition would do too; none where it does not. `more`: what it does not let through so far, it may."""
    gone = parse(where)
    for part in parts(str(step.params.get("where", ""))):
        if part == where:
            return put(step, part, None, f"{step.id}.where without {part}")
        have = parse(part)
        if have is None or gone is None or have.column != gone.column:
            continue
        found = _less(have, gone, more)
        if found is not None:
            return put(step, part, None, f"{step.id}.where without {part}") if not found.values else changed(step, part, have, found)
    return None


def _less(have: Condition, gone: Condition, more: bool) -> Condition | None:
    if have.keeps == gone.keeps:
        rest = tuple(value for value in have.values if value not in gone.values)
        return None if len(rest) == len(have.values) else Condition(have.column, rest, have.keeps)
    if have.keeps and more:  # it keeps some values, and others are to be let through as well
        return Condition(have.column, tuple(dict.fromkeys((*have.values, *gone.values))), True)
    return None


def changed(step: Step, part: str, have: Condition, new: Condition) -> Change:
    return put(step, part, new.text(), f"{step.id}.where {have.shown()} → {new.shown()}")
