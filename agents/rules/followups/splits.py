"""Reads other shares for a split that is there: `80/20 instead`, `20% for test`, `without a validation set`."""

import re

from workflows.edits import Edit, Set
from workflows.recipe import Step

from .. import slots
from .outcome import Change, Doubt, Now
from .said import Said

_ROOM = re.compile(
    r"\b(?:split|make|it|the|into|train\w*|test\w*|val\w*|dev|eval\w*|set|and|to|a|an|of|for|use|with|ratio|change|be|should|"
    r"in|as|do|parts?)\b|[\d\s./:%,–-]+|percent"
)
_PART = re.compile(r"\b(?P<test>test|eval\w*)|(?P<validation>val\w*|dev)\b")


def read(said: Said, now: Now) -> Change | Doubt | None:
    """Such a message, where the recipe splits."""
    step = next((step for step in now.recipe.steps if step.op.startswith("split@")), None)
    shares = slots.ratio(said.lower)
    if step is None or _ROOM.sub("", said.lower).strip():
        return None
    if len(shares) >= 2:
        return _shared(step, shares, said)
    part, share = _PART.search(said.lower), slots.shares(said.lower)
    if part and len(share) == 1:
        return _put(step, {"test" if part["test"] else "validation": share[0].value})
    return None


def _shared(step: Step, shares: list[float], said: Said) -> Change:
    if len(shares) == 3:
        return _put(step, {"validation": shares[1], "test": shares[2]})
    has_test = bool(step.params.get("test", 0.0)) and not step.params.get("validation", 0.1)
    is_test = has_test if "val" not in said.lower and "dev" not in said.lower else "test" in said.lower
    return _put(step, {"validation": 0.0 if is_test else shares[1], "test": shares[1] if is_test else 0.0})


def _put(step: Step, parts: dict[str, float]) -> Change:
    edits: list[Edit] = []
    words = []
    for name, share in parts.items():
        had = step.params.get(name, 0.1 if name == "validation" else 0.0)
        if had == share and f"{name}_rows" not in step.params:
            continue
        edits += [Set(step=step.id, key=f"with.{name}_rows")] if f"{name}_rows" in step.params else []
        edits.append(Set(step=step.id, key=f"with.{name}", value=round(share, 6)))
        words.append(f"{step.id}.{name} {had} → {share:g}")
    return Change(tuple(edits), ", ".join(words) or f"{step.id} has these shares already: nothing changed", (step.id,))
