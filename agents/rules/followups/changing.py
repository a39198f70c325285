"""Reads a message about a recipe: as changes of its steps where it is that, part by part where it is several, else as an addition."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agents.draft import Clause
from agents.turns import Turn
from tools.errors import RecipeError
from workflows.edits import Edit, Remove, Set, between

from ..retrieval import retrieve
from . import (
    additions,
    answers,
    asides,
    asking,
    degrees,
    figures,
    files,
    keeping,
    moving,
    quotas,
    rebinding,
    removing,
    slashes,
    smalltalk,
    splits,
    swapping,
)
from .outcome import Change, Doubt, Now, Reader
from .said import LONGEST
from .said import read as heard

READERS: tuple[Reader, ...] = (
    smalltalk.read,
    degrees.read,
    swapping.read,
    files.read,
    splits.read,
    quotas.read,
    keeping.read,
    removing.read,
    moving.read,
    rebinding.read,
    figures.read,
)
NEAREST = 3
_COMPLAINS = re.compile(  # what is wrong, where another part says what shall be
    r"(?:(?:ugh|no|nah|sorry|hm+|oh|wait|that's|that is|this is|it's|way|far|just|still|these are|those are|"
    r"there are)[\s,]+)*(?:too (?:few|many|much|long|short|big|small|little)|"
    r"not enough|(?:the )?wrong(?: (?:column|one|way|number|step|field))?|i changed my mind|not what i (?:meant|wanted|said)|"
    r"my bad|no|nope|fewer(?: rows)?|less(?: rows)?|more(?: rows)?|"
    r"better|(?:a )?(?:wider|narrower|larger|smaller|different|other) (?:range|window|bounds)|never ?mind(?: that)?|"
    r"i meant)(?: (?:rows|words|characters|of them|now|for me))?"
)


def changed(now: Now) -> Turn:
    """What the message makes of the recipe."""
    if len(now.situation.message) > LONGEST:
        return _added(now.situation.message, now)
    answered = _answered(now) if now.situation.question else None
    if answered is not None:
        return answered
    words = slashes.unknown(now.situation.message) or asking.told(now)
    if words is not None:
        return words
    message, run = asides.without_run(now.situation.message, now.situation)
    turn = _read(message, now)
    return replace(turn, then=run) if run and turn.kind in ("change", "tell") else turn


def _answered(now: Now) -> Turn | None:
    """The message as an answer to what was asked last; None: it is none."""
    if answers.left(now):
        return Turn(kind="tell", message="Left as it is.", recipe=now.recipe, clauses=now.situation.clauses, counts=False)
    if answers.is_new(now):
        alone = changed(replace(now, situation=replace(now.situation, question="")))
        if alone.kind == "change" and set(alone.unclear) <= set(now.situation.unclear):
            return alone
    for message in answers.meant(now):
        turn = changed(replace(now, situation=replace(now.situation, message=message, question="")))
        if turn.kind in ("change", "tell"):
            return turn
    return None


def read(message: str, now: Now) -> Change | Doubt | None:
    """The change that a message without other parts asks for."""
    said = heard(message)
    for reader in READERS:
        found = reader(said, now)
        if found is not None:
            return found
    return None


def _read(message: str, now: Now) -> Turn:
    found = read(message, now)
    if isinstance(found, Change):
        return as_turn(found, message, now)
    several = _by_parts(message, now) if not isinstance(found, Doubt) or len(asides.parts(message)) > 1 else None
    if several is not None:
        return several
    if isinstance(found, Doubt):
        return doubtful(found, message, now)
    return _added(message, now)


def _added(message: str, now: Now) -> Turn:
    said = heard(message)
    made = additions.added(message, now, at_end=said.later)
    if isinstance(made, Change):
        return as_turn(made, message, now)
    return doubtful(made, message, now) if isinstance(made, Doubt) else made


def _by_parts(message: str, now: Now) -> Turn | None:
    """Where a part of the message changes a step that is there; the parts that do not are one addition."""
    pieces = _pieces([part for part in asides.parts(message) if not _COMPLAINS.fullmatch(part.lower().strip(" .!"))], now)
    if not any(isinstance(found, Change) for _, found in pieces):
        return None
    here, done, rest = now, list[tuple[str, Change]](), list[str]()
    for piece, _ in pieces:
        found = read(piece, here)
        if isinstance(found, Doubt):
            return doubtful(found, message, now)
        if found is None:
            rest.append(piece)
            continue
        done = _without_overruled(done, found)
        done.append((piece, found))
        try:
            here = _after([one for _, one in done], now)
        except RecipeError as error:
            return doubtful(Doubt(str(error)), message, now)
    turn = as_turn(_one(done), "; ".join(piece for piece, _ in done), now)
    return turn if not rest or turn.kind == "ask" else _with_rest(turn, ", ".join(rest), here)


def _pieces(texts: list[str], now: Now) -> list[tuple[str, Change | Doubt | None]]:
    """Neighbours that mean something only together are read together."""
    found: list[tuple[str, Change | Doubt | None]] = []
    for text in texts:
        change = read(text, now)
        if change is None and found and found[-1][1] is None:
            both = f"{found[-1][0]}, {text}"
            found[-1] = (both, None)
        else:
            found.append((text, change))
    return found


def _with_rest(turn: Turn, rest: str, here: Now) -> Turn:
    """The changes, and then what is left of the message as an addition."""
    more = _added(rest, here)
    if more.kind != "change" or more.recipe is None or here.situation.recipe is None:
        return doubtful(Doubt(f"{rest!r} is not understood"), here.situation.message, here)
    return replace(
        more,
        message=f"{turn.message}; {more.message}",
        edits=tuple(between(here.situation.recipe, more.recipe)),
        clauses=(*turn.clauses, *more.clauses[len(here.situation.clauses) :]),
    )


def _without_overruled(done: list[tuple[str, Change]], later: Change) -> list[tuple[str, Change]]:
    """`stricter, at least 80 words`: the number says how much stricter."""
    keys = {(edit.step, edit.key) for edit in later.edits if isinstance(edit, Set)}
    return [one for one in done if not any(isinstance(edit, Set) and (edit.step, edit.key) in keys for edit in one[1].edits)]


def _after(done: Sequence[Change], now: Now) -> Now:
    for change in done:
        now = now.after(change)
    return now


def _one(done: list[tuple[str, Change]]) -> Change:
    return Change(
        tuple(edit for _, change in done for edit in change.edits),
        "; ".join(change.told for _, change in done),
        tuple(dict.fromkeys(step for _, change in done for step in change.steps)),
        tuple(offer for _, change in done for offer in change.suggestions),
    )


def as_turn(change: Change, message: str, now: Now) -> Turn:
    """The change carried out, its clause told; a question where it does not hold."""
    before = now.situation.recipe
    assert before is not None
    if not change.edits and now.recipe == before:
        return Turn(kind="tell", message=f"{change.told}.", recipe=now.recipe, clauses=now.situation.clauses, counts=False)
    edits: tuple[Edit, ...] = (*change.edits, *_reasons(change, message, now))
    try:
        recipe = now.after(Change(edits, "")).recipe
    except RecipeError as error:
        return doubtful(Doubt(str(error)), message, now)
    fault = now.fault(recipe)
    if fault:
        return doubtful(Doubt(f"that does not hold: {fault}"), message, now)
    return Turn(
        kind="change",
        message=change.told,
        recipe=recipe,
        edits=edits,
        clauses=clauses(change, message, now),
        unclear=now.situation.unclear,
        suggestions=change.suggestions,
        counts=False,
    )


def _reasons(change: Change, message: str, now: Now) -> list[Edit]:
    """What a step says of itself stays true: the message stands beside what it was first asked for by."""
    touched = dict.fromkeys(edit.step for edit in change.edits if isinstance(edit, Set) and edit.key != "why")
    gone = {edit.step for edit in change.edits if isinstance(edit, Remove)}
    steps = [step for name in touched if name not in gone and (step := now.step(name))]
    return [Set(step=step.id, key="why", value=f"{step.why}; {message.strip()}" if step.why else message.strip()) for step in steps]


def clauses(change: Change, message: str, now: Now) -> tuple[Clause, ...]:
    """Of all that was said. A clause keeps the steps it led to when they are gone: so it is known of which clauses nothing holds any more."""
    gone = {edit.step for edit in change.edits if isinstance(edit, Remove)}
    kept = [
        replace(one, evidence=f"{one.evidence}; taken back by {message.strip()!r}") if gone & set(one.steps) else one for one in now.situation.clauses
    ]
    return (*kept, Clause(text=message.strip(), steps=tuple(step for step in change.steps if step not in gone), evidence=change.told))


def doubtful(doubt: Doubt, message: str, now: Now) -> Turn:
    """One question, with what could be said instead; the recipe stays as it was."""
    asks = f" Say {' or '.join(f'“{option}”' for option in doubt.options)}." if doubt.options else _nearest(message, doubt.why)
    why = doubt.why if doubt.why.endswith("?") else f"{doubt.why.rstrip('.')}."
    return Turn(
        kind="ask",
        message=f"About “{message.strip()}”: {why}{asks}",
        recipe=now.situation.recipe,
        clauses=now.situation.clauses,
        unclear=(message.strip(),),
        suggestions=doubt.options,
        counts=False,
    )


def _nearest(message: str, why: str) -> str:
    """What the words come nearest to, where they are not understood."""
    names = [hit.name for hit in retrieve(message)[:NEAREST]] if "not understood" in why and "nearest" not in why else []
    return f" Nearest: {', '.join(names)}." if names else ""
