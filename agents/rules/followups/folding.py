"""Folds a message into steps that are there: `at least 60 words` where a step holds 40 sets that bound, `also German` adds to the languages."""

from agents.draft import Draft
from workflows.edits import Edit, Set
from workflows.recipe import Step

from . import conditioned
from .knobs import QUOTAS, number
from .members import MEMBERS, OPEN, extended, listed, says_more, says_only, shortened
from .outcome import Change, Doubt, Now, port_of

TUNED = ("at_least", "at_most", "similarity", "confidence_at_least", *QUOTAS)
_LIMITS = ("random_sample", "first_n")


def folded(text: str, alone: Draft, now: Now) -> Change | Doubt | None:
    """None unless every step of the message has its like in the recipe."""
    if alone.recipe is None or alone.status != "draft" or alone.unclear or not alone.recipe.steps:
        return None
    if len(alone.recipe.steps) == 1:
        found = _about_values(alone.recipe.steps[0], port_of(alone.recipe.steps[0].id, alone.recipe), text, now)
        if found is not None:
            return found
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


def _about_values(step: Step, port: str, text: str, now: Now) -> Change | Doubt | None:
    """Values of a column, or languages, that a step decides on already."""
    op = step.op.partition("@")[0]
    same = [other for other in now.recipe.steps if other.op == step.op and (op == "field" or other.on == step.on)]
    new = conditioned.parse(str(step.params.get("where", ""))) if op == "field" else None
    for other in same if new else ():
        for part in conditioned.parts(str(other.params.get("where", ""))):
            have = conditioned.parse(part)
            if have and new and have.column == new.column and port_of(other.id, now.recipe) == port == "kept":
                return _condition(other, part, have, new, text)
    if op in OPEN and port == "dropped":
        kept = [other for other in same if port_of(other.id, now.recipe) == "kept"]
        key = MEMBERS[op][0]
        if kept:
            gone = listed(step, key)
            return shortened(kept[0], key, gone) or Change((), f"{kept[0].id} keeps {', '.join(listed(kept[0], key))} alone", (kept[0].id,))
    return None


def _condition(step: Step, part: str, have: conditioned.Condition, new: conditioned.Condition, text: str) -> Change | Doubt:
    found = conditioned.merged(have, new, only=says_only(text), more=says_more(text))
    if found is None:
        return conditioned.put(step, part, None, f"{step.id}.where without {part}")
    if isinstance(found, str):
        shown = text.strip(" .")
        if found == "nothing left":
            return Doubt(f"{step.id} keeps {have.shown()} alone: no row would be left", (f"remove {step.id}",))
        return Doubt(f"{step.id} has {have.shown()} already", (f"{shown} too", f"{shown} instead"))
    if found == have or (set(found.values) == set(have.values) and found.keeps == have.keeps):
        return Change((), f"{step.id} does that already: nothing changed", (step.id,))
    return conditioned.changed(step, part, have, found)
