"""Finds the stored recipe whose goal is nearly the one that was said, so that it is offered before another is made."""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tools.errors import RecipeError
from workflows.recipe import Recipe
from workflows.store import Store

from .retrieval import stems

LOOKED_AT = 5  # recipes whose words fit best are loaded and compared
WORDS, STEPS = 0.6, 0.75  # least share of words, and of operators, that two recipes have in common
MOST_SHOWN = 100  # characters of a stored goal


@dataclass(frozen=True)
class Similar:
    """A stored version, and what the recipe drafted now has other than it."""

    name: str
    version: int
    goal: str
    differs: tuple[str, ...]

    @property
    def told(self) -> str:
        goal = " ".join(self.goal.split())
        goal = goal if len(goal) <= MOST_SHOWN else goal[: MOST_SHOWN - 1] + "…"
        how = f"other there: {', '.join(self.differs)}" if self.differs else "the same steps"
        return f"recipe {self.name}@{self.version} does nearly this: “{goal}” ({how}); `winnow show {self.name}@{self.version}` shows it"


def similar(goal: str, drafted: Recipe, columns: Collection[str], store: Store) -> Similar | None:
    """The nearest stored recipe, where words and operators agree and the data has all columns that it needs; else none."""
    known = [one for one in store.goals() if one[0] != drafted.name or one[2].strip() != goal.strip()]
    weights = _weights([goal, *(text for _, _, text in known)])
    ranked = sorted(((_overlap(goal, text, weights), name, version) for name, version, text in known), key=lambda one: (-one[0], one[1]))
    for share, name, version in ranked[:LOOKED_AT]:
        if share < WORDS:
            break
        found = _fits(name, version, drafted, columns, store)
        if found is not None:
            return found
    return None


def _fits(name: str, version: int, drafted: Recipe, columns: Collection[str], store: Store) -> Similar | None:
    try:
        stored = store.load(name, version)
    except RecipeError:  # its file is gone or spoilt: nothing to offer
        return None
    needed = {column for source in stored.lock.sources.values() for column in source.columns}
    if not needed <= set(columns) or len(stored.recipe.sources) != len(drafted.sources):
        return None
    if _shared(_ops(stored.recipe), _ops(drafted)) < STEPS:
        return None
    return Similar(name, version, stored.recipe.goal or "", tuple(_differences(stored.recipe, drafted))[:3])


def _weights(texts: Sequence[str]) -> dict[str, float]:
    """Words that many goals have tell little."""
    seen = Counter(word for text in texts for word in set(stems(text)))
    return {word: math.log(1 + len(texts) / count) for word, count in seen.items()}


def _overlap(one: str, other: str, weights: dict[str, float]) -> float:
    """The weight of the words that both have, among those that either has; numbers, which are parameters, aside."""
    left, right = ({word for word in stems(text) if not word.isdigit()} for text in (one, other))
    every = sum(weights[word] for word in left | right)
    return sum(weights[word] for word in left & right) / every if every else 0.0


def _ops(recipe: Recipe) -> Counter[str]:
    return Counter(step.op.partition("@")[0] for step in recipe.steps)


def _shared(one: Counter[str], other: Counter[str]) -> float:
    every = (one | other).total()
    return (one & other).total() / every if every else 0.0


def _differences(stored: Recipe, drafted: Recipe) -> list[str]:
    """Steps that one has and the other has not, and parameters that are others there."""
    found = []
    rest = list(stored.steps)
    for step in drafted.steps:
        twin = next((one for one in rest if one.op == step.op), None)
        if twin is None:
            found.append(f"no {step.op.partition('@')[0]}")
            continue
        rest.remove(twin)
        keys = dict.fromkeys((*twin.params, *step.params))
        found += [f"{twin.id}.{key} {twin.params.get(key, 'default')!r}" for key in keys if twin.params.get(key) != step.params.get(key)]
        found += [f"{twin.id} on {twin.on}"] if twin.on != step.on else []
    return [*found, *(f"also {one.id} ({one.op.partition('@')[0]})" for one in rest)]
