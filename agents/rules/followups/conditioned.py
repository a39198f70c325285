"""Conditions of `field` that name values of one column: what they let through, and how they read with a value more or less."""

import re
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
    where = where.strip().removeprefix("(").removesuffix(")") if where.strip().startswith("((") else where.strip()
    one = _ONE.fullmatch(where)
    if one:
        return Condition(one["column"], (one["value"],), one["sign"].lower() in ("=", "is not distinct from"))
    many = _MANY.fullmatch(where)
    if many:
        return Condition(many["column"], tuple(_EACH.findall(many["values"])), not many["not"])
    return None


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


def without(step: Step, where: str) -> Change | None:
    """The step without what this condition would do too; none where it does not."""
    have, gone = parse(str(step.params.get("where", ""))), parse(where)
    if where and step.params.get("where") == where:
        return Change((Remove(step=step.id),), f"removed {step.id} (field)", (step.id,))
    if have is None or gone is None or have.column != gone.column:
        return None
    if have.keeps == gone.keeps:
        rest = tuple(value for value in have.values if value not in gone.values)
        if len(rest) == len(have.values):
            return None
        if not rest:
            return Change((Remove(step=step.id),), f"removed {step.id} (field)", (step.id,))
        return changed(step, have, Condition(have.column, rest, have.keeps))
    if have.keeps:  # it keeps some values, and others are to be let through as well
        return changed(step, have, Condition(have.column, tuple(dict.fromkeys((*have.values, *gone.values))), True))
    return None


def changed(step: Step, have: Condition, new: Condition) -> Change:
    return Change((Set(step=step.id, key="with.where", value=new.text()),), f"{step.id}.where {have.shown()} → {new.shown()}", (step.id,))
