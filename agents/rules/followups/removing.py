"""Reads orders to take a step out: `drop the dedupe`, `no length filter`, `don't mask phone numbers after all`, `keep the duplicates`."""

import re

from workflows.edits import Edit, Remove, Set
from workflows.recipe import Step

from . import conditioned
from .outcome import Change, Doubt, Now
from .said import Said
from .steps import plain, shown, spoken

VERB = (
    r"drop|remove|skip|delete|kill|lose|omit|forget(?: about)?|get rid of|take out|take away|leave out|leave off|cut out|ditch|scrap|"
    r"disable|turn off|"
    r"switch off|throw out|throw away|undo|cancel|discard|strike|toss|axe|revert|stop|abandon"
)
_REMOVES = re.compile(
    rf"(?:{VERB})\s+(?:with\s+)?(?P<what>.+?)(?:\s+(?:out|away|off|entirely|completely|altogether|again))*"
    rf"|(?:take|throw|leave|cut|turn|switch)\s+(?P<out>.+?)\s+(?:out|away|off)"
    r"|(?:no|without(?: any)?|not|never)\s+(?:more\s+)?(?P<no>.+)"
    r"|(?P<needless>(?:the|that|this)?.+?)\s+(?:is|are)(?: not|n't)\s+(?:needed|necessary|required|wanted|useful)"
    r"|(?:(?:i|we)\s+)?(?:don't|do not|no longer)\s+(?:need|want)\s+(?P<unwanted>.+)"
)
_PROCESS = re.compile(
    r"(?:.*\b(?:steps?|filter(?:s|ing)?|checks?|rules?|limits?|removal|detection|masking|bounds?|thresholds?|cut-?offs?|condition|"
    r"requirement|restriction|cap|operator|"
    r"minimum|maximum|thing|stuff|part)"
    r"|(?:near[- ]|exact |fuzzy )?de-?dup(?:e|es|ing|ed|lication|licating)?s?|sampl(?:e|ing)|down-?sampling|shuffl(?:e|ing)|sort(?:ing)?|"
    r"split(?:ting)?|"
    r"chunk(?:ing|s)?|truncat(?:ion|ing)|decontamination|balanc(?:e|ing)|anonymi[sz]ation|redaction|lower-?casing|renam(?:e|ing)|conversion|"
    r"min-?hash|mask(?:s|ing)?)"
)
_BOUND = re.compile(
    r"(?:the |that |any )?(?:(?P<high>upper|max(?:imum)?|at[ _]most)|(?P<low>lower|min(?:imum)?|at[ _]least))"
    r"(?: (?:limit|bound|length|number|value|size))?"
)
_LEAD = re.compile(r"(?:(?:the|that|this|my|our|any|all|doing|using|running|whole|entire)\s+)+")


def read(said: Said, now: Now) -> Change | Doubt | None:
    """A verb that takes away, and a step: what names rows instead is an addition."""
    match = _REMOVES.fullmatch(said.lower.strip(" .!"))
    if match is None:
        return None
    what = next(text for text in match.groups() if text).strip()
    side = _BOUND.fullmatch(what)
    if side:
        return _unbound("at_most" if side["high"] else "at_least", now)
    found = named(what, now)
    if not found:
        each = [named(one, now) for one in re.split(r",\s*(?:and\s+)?|\s+(?:and|or|nor)\s+", what)]
        if len(each) > 1 and all(one and len(one) == 1 for one in each):
            return without([step for one in each if one for step in one], now)
    if found is None:
        return None
    if not found:
        here = shown(now.recipe.steps)
        return Doubt(f"the recipe has no step for {what!r}; it has {here}", tuple(f"remove {step.id}" for step in now.recipe.steps[:3]))
    part = _part(found[0], what) if len(found) == 1 else None
    if part:
        return conditioned.put(found[0], part, None, f"{found[0].id}.where without {part}")
    every = re.search(r"\b(?:all|both|every|each)\b", said.lower) is not None
    if len(found) > 1 and not every:
        return Doubt(f"which of {shown(found)} shall go", tuple(f"remove {step.id}" for step in found[:3]))
    return without(found, now)


def _unbound(side: str, now: Now) -> Change | Doubt:
    """One bound of the step that has it; without another the step goes."""
    step = next((step for name in now.last_said if (step := now.step(name)) and side in step.params), None)
    if step is None:
        return Doubt(f"no step has a bound {side}")
    if not ({"at_least", "at_most"} - {side}) & step.params.keys():
        return without([step], now)
    return Change((Set(step=step.id, key=f"with.{side}"),), f"{step.id}.{side} {step.params[side]} → none", (step.id,))


def _part(step: Step, what: str) -> str | None:
    """The part of a condition that the words mean: `the genre filter` where other columns are asked for too."""
    where = step.params.get("where")
    parts = conditioned.parts(where) if isinstance(where, str) else []
    words = set(re.findall(r"\w+", what)) - {"filter", "step", "the", "and", "or"}
    hits = [part for part in parts if words & set(re.findall(r"\w+", part.lower()))]
    return hits[0] if len(parts) > 1 and len(hits) == 1 else None


def named(what: str, now: Now) -> list[Step] | None:
    """Steps that the words name as steps, none where there is no such step; None where they name rows."""
    bare = _LEAD.sub("", what, count=1)
    exact = [step for step in now.recipe.steps if bare in (step.id.lower(), plain(step.id)) and ("_" in step.id or "step" in what)]
    if exact:
        return exact
    by_id = [step for step in now.recipe.steps if bare.removesuffix(" step").removeprefix("step ").strip() == step.id.lower()]
    if by_id and "step" in what:
        return by_id
    if not _PROCESS.fullmatch(bare) and not re.match(r"(?:first|second|third|last|step)\b", bare):
        return None
    return spoken(what, now.recipe)


def names_a_step(text: str) -> bool:
    """Whether words name a step and no rows: `the sampling`, `the length filter`."""
    return _PROCESS.fullmatch(_LEAD.sub("", text.strip(), count=1)) is not None


def without(steps: list[Step], now: Now) -> Change | Doubt:
    """Take steps out, and say of what reads them where that cannot be."""
    edits: list[Edit] = [Remove(step=step.id) for step in steps]
    needed = {step.id: _readers(step, now) for step in steps}
    for step, readers in ((step, needed[step.id]) for step in steps):
        left = [one for one in readers if one not in {other.id for other in steps}]
        if left:
            return Doubt(f"{step.id} cannot go alone: {', '.join(left)} reads what it measures", (f"remove all of {step.id}, {', '.join(left)}",))
    gone = ", ".join(f"{step.id} ({step.op.partition('@')[0]})" for step in steps)
    return Change(tuple(edits), f"removed {gone}", tuple(step.id for step in steps))


def _readers(step: Step, now: Now) -> list[str]:
    """Steps bound to a measure of it."""
    return [one.id for one in now.recipe.steps if f"{step.id}." in str(one.on)]
