"""How close a recipe is to the one that a person wrote down: which operators, with which parameters."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cases import Gold
from .check_words import norm


@dataclass(frozen=True, kw_only=True)
class Match:
    """Counts, to be added up over cases before anything is divided."""

    right: int  # operators in both
    made: int  # operators in the recipe
    wanted: int  # operators in the gold recipe
    params_right: int
    params: int


def matched(gold: Gold, name: object, home: Path) -> Match:
    """Compare with the recipe of this name in the store `home`; where none was made, all that was wanted is missing."""
    steps = _steps(str(name), home) if name else []
    made, wanted = Counter(operator for operator, _ in steps), Counter(gold.operators)
    right = sum(_is_set(steps, key, value) for key, value in gold.params.items())
    return Match(right=(made & wanted).total(), made=made.total(), wanted=wanted.total(), params_right=right, params=len(gold.params))


def _is_set(steps: list[tuple[str, dict[str, Any]]], key: str, value: object) -> bool:
    operator, _, parameter = key.partition(".")
    return any(name == operator and parameter in params and norm(params[parameter]) == norm(value) for name, params in steps)


def _steps(name: str, home: Path) -> list[tuple[str, dict[str, Any]]]:
    """Operator and parameters of each step, defaults filled in."""
    from workflows.store import Store

    recipe, _, version = name.partition("@")
    lock = Store(home).load(recipe, int(version) if version else None).lock
    return [(step.operator.partition("@")[0], dict(step.params)) for step in lock.steps.values()]
