"""Answers questions about the recipe in words: how many rows are left, why there is a step, why so few stay."""

import re

from agents.turns import Situation, Turn

from .outcome import Now
from .said import read as heard
from .steps import spoken

_NOT_YET = re.compile(
    r"(?:do not|don't|dont|never|not yet|wait|hold on|before you|not)\b.*\b(?:run|go|start|execute|save|quit|undo|approve|"
    r"apply)\b(?: (?:it|that|this|anything|them))?(?: (?:yet|now|so far))?|not yet|wait|hold on"
)
_MANY = re.compile(
    r"(?:why|how come)\b.*\b(?:so (?:many|few|much|little)|only \d[\d,]*|(?:all|most|almost all|half)(?: of)? (?:the |my )?(?:rows|them|it|"
    r"data|messages))\b.*|"
    r"where did (?:all|most|half)(?: of)? (?:the |my )?(?:rows|data|messages|documents|texts|examples)? ?go|which (?:step|filter) (?:drops|"
    r"removes|takes) (?:the )?(?:most|so many)(?: rows)?|what drops (?:the )?most(?: rows)?"
)
_LEFT = re.compile(
    r"how (?:many|much)(?: \w+)?(?: of them| of it)? (?:(?:rows|ones) )?(?:are|is|do|does|will|would|get|got|were|did|have|come|comes|"
    r"remain|remains|survive|stay|have)?\b.*|what(?:'s| is) left"
)
_WHY_STEP = re.compile(
    r"(?:why|what for|how come)\s+(?:is|are|do we have|do we need|do you need|have|did you (?:add|put in|use|include)|"
    r"the hell)?\s*(?:there\s+)?(?P<step>.+?)(?:\s+(?:in there|there|in it|needed|in the recipe|for))?"
)


def told(now: Now) -> Turn | None:
    """The answer; None: the message is no such question."""
    said = heard(now.situation.message)
    for text in dict.fromkeys((said.lower.strip(" .!?"), now.situation.message.lower().strip(" .!?"))):
        if _NOT_YET.fullmatch(text):
            return _tell("Nothing runs before you say “run”.", now)
        if _MANY.fullmatch(text):
            return _tell(_funnel(now.situation), now)
        if re.match(r"how (?:many|much)\b|what(?:'s| is) left", text) and _LEFT.fullmatch(text):
            return _tell(_left(now), now)
        why = _WHY_STEP.fullmatch(text)
        steps = spoken(why["step"], now.recipe) if why else []
        if len(steps) == 1:
            reason = steps[0].why or "the recipe does not say why"
            return _tell(f"{steps[0].id} ({steps[0].op.partition('@')[0]}): {reason}", now)
    return None


def _tell(message: str, now: Now) -> Turn:
    return Turn(kind="tell", message=message, recipe=now.recipe, clauses=now.situation.clauses, counts=False)


def _left(now: Now) -> str:
    kept = now.situation.kept
    if not kept:
        return "Nothing was tried yet, so no number is known."
    shown = "; ".join(f"{step} {'?' if out is None else f'{out:,}'} of {into:,}" for step, (into, out) in kept.items())
    return f"On the sample, rows after each step: {shown}"


def _funnel(situation: Situation) -> str:
    """Which steps take the most, by the last preview."""
    losses = [(into - out, step, into, out) for step, (into, out) in situation.kept.items() if out is not None and out < into]
    if not losses:
        return "No step of the last preview took rows out."
    most = sorted(losses, key=lambda one: (-one[0], one[1]))[:3]
    shown = "; ".join(f"{step} lets {out:,} of {into:,} through" for _, step, into, out in most)
    return f"On the sample, {shown}. Say “looser on {most[0][1]}” or “remove {most[0][1]}” to keep more."
