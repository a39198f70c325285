"""Rules that crossed the wall as JSON."""

from collections.abc import Mapping

import pyarrow as pa

from tools.contract import Between, OneOf, Rule, Types
from tools.errors import RecipeError

from .described import plain

MOST_CLAUSES = 1000


def rule_of(told: object, who: str) -> Rule:
    """Raises RecipeError for what is no rule."""
    if not isinstance(told, list) or len(told) > MOST_CLAUSES or not all(isinstance(one, dict) for one in told):
        raise RecipeError(f"{who}: its rule is no rule")
    return tuple(_clause(one, who) for one in told)


def refuse_unfit(rule: Rule, adds: Types, who: str) -> None:
    """Raises RecipeError where the rule asks for what is not measured, or what cannot be compared."""
    for clause in rule:
        if clause.measure not in adds:
            raise RecipeError(f"{who}: its rule reads {plain(clause.measure)[:60]!r}, which it does not measure; it measures {', '.join(adds)}")
        try:
            clause.holds(pa.array([], adds[clause.measure]))
        except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
            raise RecipeError(f"{who}: its rule cannot be held against {clause.measure!r} ({adds[clause.measure]}): {str(error)[:120]}") from None


def _clause(told: Mapping[str, object], who: str) -> Between | OneOf:
    measure, values = told.get("measure"), told.get("values")
    if not isinstance(measure, str):
        raise RecipeError(f"{who}: its rule holds a clause without a measure")
    if values is None:
        return Between(measure, _bound(told.get("at_least"), who), _bound(told.get("at_most"), who))
    if not isinstance(values, list):
        raise RecipeError(f"{who}: its rule asks for a value among none")
    return OneOf(measure, tuple(_value(value, who) for value in values))


def _bound(value: object, who: str) -> int | float | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise RecipeError(f"{who}: its rule holds the bound {plain(str(value))[:60]!r}, which is no number")


def _value(value: object, who: str) -> str | int | bool:
    if isinstance(value, str | int):
        return value
    raise RecipeError(f"{who}: its rule asks for {plain(str(value))[:60]!r}, which is no text, whole number or boolean")
