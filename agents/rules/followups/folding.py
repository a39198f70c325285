"""Folds a message into steps that are there: `at least 60 words` where a step holds 40 sets that bound, `also German` adds to the languages."""

import re

from agents.draft import Draft
from workflows.edits import Edit, Set
from workflows.recipe import Step

from .knobs import QUOTAS, number
from .members import MEMBERS, extended
from .outcome import Change, Doubt, Now, port_of

TUNED = ("at_least", "at_most", "similarity", "confidence_at_least", *QUOTAS)
_LIMITS = ("random_sample", "first_n")


def folded(text: str, alone: Draft, now: Now) -> Change | Doubt | None:
    """None unless every step of the message has its like in the recipe."""
    if alone.recipe is None or alone.status != "draft" or alone.unclear or not alone.recipe.steps:
        return None
    pairs = [(step, twin(step, port_of(step.id, alone.recipe), now)) for step in alone.recipe.steps]
    if any(other is None for _, other in pairs):
        return None
    edits: list[Edit] = []
    words: list[str] = []
    for step, other in pairs:
        assert other is not None
        more, said = _merged(step, other, text, now)
        if isinstance(more, Doubt):
            return more
        edits += more
        words += said
    same = ", ".join(other.id for _, other in pairs if other)
    if not edits:
        return Change((), f"{same} does that already: nothing changed", tuple(other.id for _, other in pairs if other))
    return Change(tuple(edits), ", ".join(words), tuple(other.id for _, other in pairs if other))


def twin(step: Step, port: str, now: Now) -> Step | None:
    """The step that does the same to the same columns, whatever its bounds are."""
    for other in now.recipe.steps:
        if (other.op, other.on, other.rename) != (step.op, step.on, step.rename) or port_of(other.id, now.recipe) != port:
            continue
        if _differs_only(step, other):
            return other
    return None


def _differs_only(step: Step, other: Step) -> bool:
    op = step.op.partition("@")[0]
    tuned = {*TUNED, *MEMBERS.get(op, ())}
    rest = {key: value for key, value in step.params.items() if key not in tuned}
    others = {key: value for key, value in other.params.items() if key not in tuned}
    if rest != others:
        return False
    if op in _LIMITS or op in MEMBERS or step.params == other.params:
        return True
    ours = step.params.keys() & set(TUNED)
    return bool(ours) and ours <= other.params.keys()  # a bound on the other side is a new one


def _merged(step: Step, other: Step, text: str, now: Now) -> tuple[list[Edit] | Doubt, list[str]]:
    op = step.op.partition("@")[0]
    if op in MEMBERS:
        return extended(step, other, text, now)
    edits: list[Edit] = []
    words: list[str] = []
    for key, value in step.params.items():
        if other.params.get(key) != value:
            edits.append(Set(step=other.id, key=f"with.{key}", value=value))
            words.append(f"{other.id}.{key} {_shown(other.params.get(key))} → {_shown(value)}")
    if op in _LIMITS:
        edits += [Set(step=other.id, key=f"with.{key}") for key in other.params if key in QUOTAS and key not in step.params]
    return edits, words


def _shown(value: object) -> str:
    if value is None:
        return "none"
    return number(value) if isinstance(value, int | float) and not isinstance(value, bool) else repr(value)


def says_only(text: str) -> bool:
    """Whether a message takes the place of what was said: `only German`."""
    return re.search(r"\b(?:only|just|nothing but|exclusively|instead)\b", text.lower()) is not None
