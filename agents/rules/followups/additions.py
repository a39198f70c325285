"""Reads a message that adds to the goal: what the planner makes of all that was said with it and without it, as edits of the recipe as it is."""

import re
from collections.abc import Sequence

from agents.draft import Clause, Draft
from agents.turns import Turn
from tools.errors import RecipeError
from workflows.edits import Edit, Head, Set, applied, between, told
from workflows.recipe import Recipe

from .attaching import attached
from .conditioned import parse
from .folding import folded
from .members import says_only
from .outcome import Change, Doubt, Now, joined, port_of
from .said import read as heard

_POLITE = re.compile(
    r"^(?:(?:now|ok(?:ay)?|so|and|but|well|hey|please|also|great|cool|thanks|right|alright|hmm+|um|then|next|after that|afterwards|"
    r"finally|lastly|at the (?:very )?end|in the end)\b[,.!:]*\s+)+",
    re.I,
)


def plain(message: str) -> str:
    """The message as a part of a goal: `ok now, also drop X` is `drop X`."""
    rest = _POLITE.sub("", message.strip())
    return rest if rest else message.strip()


def added(message: str, now: Now, *, at_end: bool = False) -> Turn | Change | Doubt:
    """The recipe with what the message asks for. A Change where it is about steps that are there, a Doubt where it is not understood."""
    here = now.situation
    text = plain(message)
    before = now.planned(now.goal) if now.goal else None
    whole = now.planned(joined([now.goal, text]))
    alone = _value_alone(text, now) or now.planned(text)
    if "refuse" in (alone.status, whole.status):
        refused = alone if alone.status == "refuse" else whole
        return Turn(kind="refuse", message=refused.message, recipe=now.recipe, clauses=here.clauses, unclear=refused.unclear, counts=False)
    fold = folded(message, alone, now)
    if fold is not None:
        return fold
    all_stay = _more_of_all(message, alone, now)
    if all_stay is not None:
        return all_stay
    if before is None or before.recipe is None or whole.recipe is None or at_end or whole.status != "draft":
        return _by_itself(text, alone, now, at_end=at_end)
    own = _own(before, whole)
    if not any(clause.steps for clause in own) and _same(before.recipe, whole.recipe):
        return _nothing(text, own, alone, now)
    edits = _kept_head(between(before.recipe, whole.recipe), now, text)
    made = _applied(edits, now)
    if made is None or _reordered(now.recipe, made) or now.fault(made):
        return _by_itself(text, alone, now)
    unclear = tuple(part for part in whole.unclear if part not in before.unclear)
    return _turn(text, made, now, own, (*here.unclear, *unclear), whole)


def _value_alone(text: str, now: Now) -> Draft | None:
    """`also spam`, `German instead`: a value and no verb means rows that have it."""
    words = re.sub(r"\b(?:not|instead of|rather than)\s+(?:the )?[\w-]+(?: ones| rows)?[\s.!]*$", "", text.lower())
    bare = re.sub(r"\b(?:also|too|instead|as well|only|just|please|plus|add|and|the|ones?|rows?|rather|add)\b|[.!?,]", " ", words).split()
    if not 1 <= len(bare) <= 2 or now.planned(text).status == "draft":
        return None
    masks = any(step.op.startswith("mask_pii@") for step in now.recipe.steps)
    for goal in (f"keep the {' '.join(bare)} ones", *((f"mask {' '.join(bare)}",) if masks else ())):
        draft = now.planned(goal)
        ops = [step.op.partition("@")[0] for step in draft.recipe.steps] if draft.recipe is not None else []
        if draft.status == "draft" and not draft.unclear and ops in (["field"], ["language"], ["mask_pii"]):
            return draft
    return None


def _more_of_all(message: str, alone: Draft, now: Now) -> Doubt | None:
    """`German too` where nothing takes German out: a filter that keeps it alone is the last thing that is meant."""
    steps = alone.recipe.steps if alone.recipe is not None and alone.status == "draft" else []
    said = heard(message)
    if not said.also or says_only(message) or len(steps) != 1 or port_of(steps[0].id, alone.recipe or now.recipe) != "kept":
        return None
    where = parse(str(steps[0].params.get("where", "")))
    keeps = steps[0].op.startswith("language@") or (where is not None and where.keeps)
    if not keeps or re.search(r"\b(?:drop|remove|mask|no|not|without|must|should|only|filter)\b", said.lower):
        return None
    bare = re.sub(r"\b(?:also|too|as well|keep|the|and)\b|[.!?,]", " ", said.lower)
    return Doubt("no step takes them out, so they stay already", (f"keep only the {' '.join(bare.split())}",))


def _reordered(before: Recipe, after: Recipe) -> bool:
    """`drop X, then shuffle` tells an order of its own steps; those that were there stay in theirs."""
    here, there = ({step.id for step in one.steps} for one in (before, after))
    return [step.id for step in before.steps if step.id in there] != [step.id for step in after.steps if step.id in here]


def _own(before: Draft, whole: Draft) -> tuple[Clause, ...]:
    """Clauses that the message brought."""
    known = [clause.text for clause in before.clauses]
    rest = list(whole.clauses)
    for text in known:
        at = next((place for place, clause in enumerate(rest) if clause.text == text), None)
        if at is not None:
            del rest[at]
    return tuple(rest)


def _same(one: Recipe, other: Recipe) -> bool:
    bare = {"name": "", "goal": None}
    return one.model_copy(update=bare) == other.model_copy(update=bare)


def _nothing(text: str, own: tuple[Clause, ...], alone: Draft, now: Now) -> Turn | Doubt:
    """A message that changes no step: a remark, what is there already, or what nobody understood."""
    says = "; ".join(dict.fromkeys(clause.evidence for clause in own if clause.evidence))
    if alone.unclear or alone.status == "ask" or not says or "not understood" in says:
        return Doubt(_why(alone, text))
    return Turn(kind="tell", message=f"{text!r} changes no step: {says}.", recipe=now.recipe, clauses=now.situation.clauses, counts=False)


def _why(alone: Draft, text: str) -> str:
    message = alone.message.removeprefix("What shall be done with the rows? ").strip()
    return message if message and message != "The goal names no operation that winnow knows." else f"{text!r} is not understood"


def _by_itself(text: str, alone: Draft, now: Now, *, at_end: bool = False) -> Turn | Doubt:
    """The message planned as a goal of its own, over the rows that the recipe lets out."""
    if alone.status != "draft" or alone.recipe is None:
        return Doubt(_why(alone, text))
    if not any(clause.steps for clause in alone.clauses):
        return _nothing(text, alone.clauses, alone, now)
    found = attached(alone.recipe, now.recipe, at_end=at_end)
    if isinstance(found, str):
        return Doubt(found)
    edits, names = found
    made = _applied([*edits, *_goal(now, text)], now)
    if made is None:
        return Doubt(f"{text!r} does not fit the recipe as it is")
    fault = now.fault(made)
    if fault:
        return Doubt(f"{text!r} does not hold with the recipe as it is: {fault}")
    own = tuple(Clause(text=one.text, steps=tuple(names.get(step, step) for step in one.steps), evidence=one.evidence) for one in alone.clauses)
    return _turn(text, made, now, own, (*now.situation.unclear, *alone.unclear), alone)


def _applied(edits: Sequence[Edit], now: Now) -> Recipe | None:
    try:
        return applied(now.recipe, edits)
    except RecipeError:
        return None


def _kept_head(edits: Sequence[Edit], now: Now, text: str) -> list[Edit]:
    """Without the new name that a longer goal gives a recipe; an output that a person moved stays moved."""
    found: list[Edit] = []
    for edit in edits:
        if isinstance(edit, Head):
            found += [Head(goal=joined([now.goal, text]), seed=edit.seed)]
        elif isinstance(edit, Set) and edit.key == "why" and now.step(edit.step) is None:
            continue
        else:
            found.append(edit)
    return found


def _goal(now: Now, text: str) -> list[Edit]:
    return [Head(goal=joined([now.goal, text]))]


def _turn(text: str, made: Recipe, now: Now, own: tuple[Clause, ...], unclear: tuple[str, ...], draft: Draft) -> Turn:
    edits = tuple(between(now.situation.recipe, made)) if now.situation.recipe is not None else ()
    here = {step.id for step in made.steps}
    own = tuple(Clause(text=one.text, steps=tuple(step for step in one.steps if step in here), evidence=one.evidence) for one in own)
    return Turn(
        kind="change",
        said=text,
        message="; ".join(told([edit for edit in edits if not _is_small(edit)])) or "nothing changed",
        recipe=made,
        edits=edits,
        clauses=(*now.situation.clauses, *own),
        unclear=tuple(dict.fromkeys(unclear)),
        suggestions=draft.suggestions,
    )


def _is_small(edit: Edit) -> bool:
    """What follows from another edit, or only tells of it."""
    return isinstance(edit, Head) or (isinstance(edit, Set) and edit.key == "why") or type(edit).__name__ == "Connect"
