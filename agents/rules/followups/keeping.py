"""Reads what shall not be done after all: `don't mask phone numbers`, `keep the duplicates`, `leave the short ones in`."""

import re

from workflows.edits import Edit, Set
from workflows.recipe import Step

from . import conditioned, removing
from .members import MEMBERS, listed, shortened
from .outcome import Change, Doubt, Now, port_of
from .said import Said
from .steps import DEDUPES, spoken

_DO = (
    r"mask|redact|anonymi[sz]e|scrub|hide|remove|drop|delete|discard|exclude|throw (?:out|away)|filter(?: out)?|get rid of|take out|dedupe?|"
    r"de-dupe?|"
    r"deduplicate|de-duplicate|sample|shuffle|sort|split|convert|strip|lower-?case|upper-?case|normali[sz]e|clean|fix|check|use|run|apply|"
    r"do|collapse|"
    r"replace|truncate|cut|chunk|decontaminate|balance|limit|rename|trim|touch|change|merge|filter (?:by|on|for)|require|care about|worry "
    r"about|bother (?:with|about)|look at"
)
_DONT = re.compile(
    rf"(?:(?:do not|don't|dont|never|no longer|stop|no need to|not to|needn't|you (?:don't|do not) (?:have|need) to|don't bother to|quit)\s+|"
    rf"(?:i|we) (?:don't|do not) (?:want|need)(?: you)? to\s+|(?:without|stop|no)\s+(?=\w+ing\b))(?P<what>(?:{_DO}|\w+ing)\b.*)"
)
_KEEP = re.compile(
    r"(?:(?P<verb>keep|leave|retain|bring back|restore|put back|let|allow|don't lose|spare|save|include|preserve|"
    r"bring)\s+)(?P<what>(?!only\b|just\b|it\b|that\b|rows with\b).+?)"
    r"(?:\s+(?:in|alone|back|there|in there|stay|through|pass|be|untouched|as (?:they|it) (?:are|is|were|was)))*"
)
_BACK = re.compile(
    r"(?P<what>.+?)\s+(?:are|is|may stay|can stay|should stay|stay|are allowed|are ok(?:ay)?|are fine|is ok(?:ay)?|is "
    r"fine)(?:\s+(?:ok(?:ay)?|fine|allowed|welcome|good|in))?"
)
_ING = re.compile(r"^(?P<stem>[a-z-]+?)(?:(?P<twice>pp|tt|gg|mm)ing|ing)\b")
_USES = re.compile(
    r"^(?:use|run|apply|do|check|require|care about|worry about|bother (?:with|about)|look at|filter (?:by|on|"
    r"for))\s+(?:the\s+|any\s+|for\s+)*(?P<noun>.+)"
)


def read(said: Said, now: Now) -> Change | Doubt | None:
    """Such a message, where a step does what it forbids."""
    lower = said.lower.strip(" .!")
    negated = _DONT.fullmatch(lower)
    if negated:
        return _undone(said.text[negated.start("what") : negated.end("what")], now, said)
    kept, is_fine = _KEEP.fullmatch(lower), False
    if kept is None:
        is_fine = True
        kept = _BACK.fullmatch(lower) if re.search(r"\b(?:ok(?:ay)?|fine|allowed|welcome|stay)\b", lower) else None
    if kept is None or re.search(r"\d", kept["what"]):
        return None
    more = is_fine or said.also or said.after_all or not re.match(r"(?:keep|retain|save|preserve)\b", lower)
    return _spared(said.text[kept.start("what") : kept.end("what")], now, more)


def _undone(what: str, now: Now, said: Said) -> Change | Doubt:
    """`don't WHAT`: what steps do it goes."""
    lower = what.lower()
    ing = _ING.match(lower)
    if ing and not re.match(rf"(?:{_DO})\b", lower):
        lower = f"{ing['stem']}{(ing['twice'] or '')[:1]}{lower[ing.end() :]}"
    uses = _USES.match(lower)
    nouns = [uses["noun"]] if uses else []
    nouns += [lower] if len(lower.split()) == 1 else []
    for noun in nouns:
        steps = spoken(noun, now.recipe) or spoken(_nouned(noun), now.recipe)
        if len(steps) == 1:
            return removing.without(steps, now)
        if steps:
            return Doubt(f"which of {', '.join(step.id for step in steps)} shall go", tuple(f"remove {step.id}" for step in steps[:3]))
    if re.search(r"\b(?:anything|any|at all)\b", lower):
        steps = spoken(_nouned(lower.split()[0]), now.recipe)
        if len(steps) == 1:
            return removing.without(steps, now)
    for goal in (lower, f"{lower} please", lower.replace("dedupe", "remove duplicates", 1)):
        found = taken_back(goal, now)
        if found is not None:
            return found
    return Doubt(f"no step does that: {said.text!r} would change nothing", tuple(f"remove {step.id}" for step in now.recipe.steps[:2]))


def _nouned(verb: str) -> str:
    return {"mask": "masking", "sample": "sampling", "shuffle": "shuffling", "sort": "sorting", "split": "splitting"}.get(verb, verb)


def _spared(what: str, now: Now, more: bool) -> Change | Doubt | None:
    """`keep WHAT`: the steps that drop it go."""
    bare = re.sub(r"^(?:all (?:of )?)?(?:the |those |any |these )?", "", what.lower()).strip()
    if removing.named(bare, now):
        return None  # `keep the dedupe`: it is there
    found = taken_back(f"drop {what}", now, more=more) or taken_back(f"remove the {bare}", now, more=more)
    if found is not None or not more:
        return found
    drops = [step for step in spoken(bare, now.recipe) if step.params.get("at_most") == 0 or port_of(step.id, now.recipe) == "dropped"]
    return removing.without(drops, now) if len(drops) == 1 else None


def taken_back(goal: str, now: Now, *, more: bool = True) -> Change | Doubt | None:
    """The recipe without what this goal, planned alone, would do; none where it does nothing of the kind."""
    alone = now.planned(goal)
    if alone.recipe is None or alone.status != "draft" or alone.unclear or not alone.recipe.steps:
        return None
    edits: list[Edit] = []
    words: list[str] = []
    steps: list[str] = []
    for step in alone.recipe.steps:
        found = _less(step, port_of(step.id, alone.recipe), now, more)
        if found is None:
            return None
        if isinstance(found, Doubt):
            return found
        edits += found.edits
        words.append(found.told)
        steps += found.steps
    return Change(tuple(edits), ", ".join(words), tuple(dict.fromkeys(steps)))


def _less(step: Step, port: str, now: Now, more: bool) -> Change | Doubt | None:
    """The first step that does what this one would, without it."""
    op = step.op.partition("@")[0]
    for other in now.recipe.steps:
        name = other.op.partition("@")[0]
        if port_of(other.id, now.recipe) != port or (other.on != step.on and op != "field"):
            continue
        if op in DEDUPES and name in DEDUPES:
            return removing.without([other], now)
        if name != op:
            continue
        if op in MEMBERS:
            key = MEMBERS[op][0]
            return shortened(other, key, listed(step, key) if key in step.params else listed(other, key))
        if op == "field":
            found = conditioned.without(other, str(step.params.get("where", "")), more=more)
            if found is not None:
                return found
            continue
        shared = [key for key in step.params if key in other.params and key in ("at_least", "at_most")]
        if shared:
            return _without_bounds(other, shared, now)
        if step.params == other.params or not step.params:
            return removing.without([other], now)
    return None


def _without_bounds(step: Step, keys: list[str], now: Now) -> Change | Doubt:
    rest = [key for key in step.params if key in ("at_least", "at_most") and key not in keys]
    if not rest:
        return removing.without([step], now)
    words = ", ".join(f"{step.id}.{key} {step.params[key]} → none" for key in keys)
    return Change(tuple(Set(step=step.id, key=f"with.{key}") for key in keys), words, (step.id,))
