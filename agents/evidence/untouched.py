"""What no clause speaks of: columns that stay, values that stay as they were, inputs that all take part."""

import re

from .findings import Check, Claim, Finding, unknown, verdict_of
from .ground import Ground
from .said import Said

_ALONE = re.compile(
    r"\b(?:leave|keep)\b[^.;]{0,30}\b(?:all |the )?(?:other|rest|everything else|remaining)\b[^.;]{0,30}?(?:\b(?:be|alone|as (?:it is|they are|"
    r"is)|untouched|unchanged|the same)\b)|"
    r"\bnothing else (?:changes|may change|should change|is changed)\b|\beverything else (?:stays )?as (?:it is|they are)\b|\bdon't (?:touch|"
    r"change) (?:anything|the) (?:else|rest|other)\w*\b"
)
_STAYS = re.compile(r"^(?:please |also |but )*(?:keep|keeps|retain|preserve)\s+(?:the |its |their )?(?:columns? |fields? )?(?P<after>.*)$")
_STAYS_WITH = re.compile(r"\b(?:keeps?|must keep|should keep|stays? with|must stay with|carr(?:y|ies))\b")
_STACKS = re.compile(
    r"\b(?:stack|merge|concatenate|combine|append|put together)\b[^.;]{0,20}\b(?:both|the two|them|all|files?)\b[^.;]*|\b(?:put|"
    r"place)\b[^.;]{0,20}\b(?:one below the other|together)\b|"
    r"\b(?:make )?one file (?:out )?of (?:the|these) two\b|\bmerge both\b"
)
_OTHER = re.compile(r"\b(?:only|where|whose|with (?!each)|rows?|longest|first|texts?|is|are|than|if|valid|that|nothing but)\b|\d|[=<>]")


def read(said: Said) -> list[Check]:
    """`leave all other columns be`, `each chunk keeps the path`, `stack both files`."""
    alone, stacks = _ALONE.search(said.lower), _STACKS.search(said.lower)
    if alone:
        return [Claim(alone.start(), alone.end(), lambda ground: others_unchanged(ground, said))]
    if stacks and len(said.lower) - len(stacks[0]) < 30:
        return [Claim(0, len(said.lower), _all_take_part)]
    stays = _STAYS.match(said.lower) or _STAYS_WITH.search(said.lower)
    names = [one.name for one in said.columns if one.name in said.ground.given.types]
    if not stays or not names or _OTHER.search(said.lower):
        return []
    if len(said.columns) > 1 or re.search(r"\b(?:each|every|must stay|column|url|keep (?:the )?\S+$)", said.lower):
        return [Claim(0, len(said.lower), lambda ground: _stay(ground, names))]
    return []


def others_unchanged(ground: Ground, said: Said | None = None) -> Finding:
    """Whether columns that the goal does not name hold what they held."""
    spoken = ground.goal.lower()
    names = [name for name in ground.out.types if name in ground.given.types and not re.search(rf"(?<!\w){re.escape(name.lower())}", spoken)]
    if said is not None and re.search(r"\brest of the text\b|\btext alone\b", said.lower):
        return unknown("what of a text was to stay was not compared")
    gone = [] if re.search(r"\bcolumns?\b|\bfields?\b|\bonly\b|\bformat\b|convert", spoken.replace(said.lower if said else "", "")) else [
        name for name in ground.given.types if name not in ground.out.types and not re.search(rf"(?<!\w){re.escape(name.lower())}", spoken)
    ]  # fmt: skip
    if gone:
        return Finding("fails", f"gone although nothing was said of it: {', '.join(gone)}")
    for name in names:
        changed = _changed(ground, name)
        if changed:
            return Finding("fails", f"{name} was changed in {changed} rows, and nothing was said of it")
    return Finding("holds", f"unchanged: {', '.join(names)}") if names else unknown("every column is spoken of")


def _changed(ground: Ground, name: str) -> int:
    values = ground.out.values(name)
    return sum(
        (before := ground.origin(at)) is not None and ground.out.part[at] == 0 and before.get(name) != values[at] and before.get(name) is not None
        for at in ground.out.picked()
    )


def _stay(ground: Ground, names: list[str]) -> Finding:
    missing = [name for name in names if name not in ground.out.types]
    if missing:
        return Finding("fails", f"gone: {', '.join(missing)}")
    changed = [
        name for name in names if any((before := ground.origin(at)) and before[name] != ground.out.values(name)[at] for at in ground.out.picked())
    ]
    return unknown(f"changed: {', '.join(changed)}") if changed else Finding("holds", f"{', '.join(names)} stay as they were")


def _all_take_part(ground: Ground) -> Finding:
    if len(ground.sample.inputs) < 2:
        return Finding("fails", "only one input is read") if len(ground.sample.inputs) == 1 else unknown("no input is read")
    kept = set(ground.out.number)
    idle = [name for name, one in ground.mains.items() if len(one.table) and not kept & set(one.number.tolist())]
    if len(ground.mains) < 2:
        return unknown("one of the inputs is only looked up")
    return verdict_of(not idle, f"no row of {', '.join(idle)} goes out" if idle else f"rows of {' and '.join(ground.mains)} go out")
