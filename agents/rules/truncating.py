"""Reads wishes to keep only so much of each text: `cut every text after 200 words`, `only the last 3 sentences of each answer`."""

import re
from dataclasses import dataclass

from . import slots
from .clauses import Phrase
from .columns import mentions
from .rewriting import columns_of
from .wishes import FIX, Scene, Trouble, Wish

_UNIT = r"(?:words?|characters?|chars?|letters?|tokens?|bytes?|sentences?|lines?|paragraphs?)"
_EACH = (
    r"(?:each|every|all|any|the|its|their|his|her|my|our|both)\s+(?:of\s+)?(?:the\s+|single\s+)?(?:texts?|rows?|documents?|docs?|articles?|posts?|"
    r"pages?|outputs?|answers?|responses?|inputs?|instructions?|prompts?|questions?|messages?|comments?|reviews?|bod(?:y|ies)|stor(?:y|ies)|"
    r"examples?|entr(?:y|ies)|emails?|titles?|descriptions?|abstracts?|contents?|one|records?|samples?|completions?|passages?|values?|"
    r"fields?|columns?)"
)
_CUTS = re.compile(
    r"\b(?:truncat\w+|clip\w*|shorten\w*|crop\w*|chop\w*)\b|\b(?:cut|trim|break|stop)\w*\b[^.;]{0,60}\b(?:after|at|off at|down to|to)\b"
    rf"(?=[^.;]{{0,30}}\b{_UNIT})"
)
_BEYOND = re.compile(
    rf"\b(?:everything|all|whatever|anything|the rest|what comes)(?: that| which)?(?: comes| follows| stands| is)? (?:after|beyond|past|behind)\s+"
    rf"(?:the\s+)?(?:first\s+)?(?P<nth>\d[\d,]*)(?:st|nd|rd|th)?\s+(?P<unit>{_UNIT})\b"
)
_ABRIDGES = re.compile(rf"\b(?:abbreviat|abridg|snip|reduc)\w*\b[^.;]{{0,40}}\bto\b(?=[^.;]{{0,30}}\b{_UNIT}\b)")
_LIMITS = re.compile(rf"\b(?:limit|cap|restrict)\w*\b\s+(?:the length of\s+)?{_EACH}\b[^.;]{{0,24}}\b(?:to|at)\b(?=[^.;]{{0,20}}\b{_UNIT})")
_ONLY = re.compile(
    rf"\b(?:beginning|start|head) and (?:the )?(?:end|tail) of {_EACH}|"
    rf"\b(?:first|last|final|leading|opening|closing|initial)\s+(?:[\w,]+\s+)?{_UNIT}\s+(?:of|from|in)\s+(?:{_EACH}|\w+)|"
    rf"{_EACH}\b[^.;]{{0,30}}\b(?:only|just)\b[^.;]{{0,16}}\b(?:first|last)\s+(?:[\w,]+\s+)?{_UNIT}|"
    rf"\b(?:only|just)\s+(?:the\s+)?(?:first|last)\s+(?:[\w,]+\s+)?(?:words?|characters?|chars|tokens?|sentences?)\b(?!\s+(?:is|are|must|"
    rf"should|of the (?:file|data)))"
)
_FIRST = re.compile(
    r"\b(?:keep|take|leave|retain|want|need|give me|use|store)\s+(?:me\s+|only\s+|just\s+)*(?:the\s+|its\s+|their\s+)?(?:first|last)\s+[\w,]+\s+"
    r"(?:words|characters|chars|tokens|sentences)\b(?!\s+(?:is|are|must|should|match|contain|start))"
)
_PIECES = re.compile(r"\b(?:chunk\w*|pieces|passages|segments|windows|snippets|parts)\b|\binto\b(?!.*\b(?:at most|first)\b)")
_ROWS = re.compile(r"\b(?:rows|texts|documents|answers|outputs|messages|reviews|articles)\s+(?:that|which|with|longer|shorter|whose|of|over|under)\b")
_TAIL = re.compile(
    r"\b(?:last|final|closing)\s+(?:[\w,]+\s+)?" + _UNIT + r"|\b(?:keep\w*|from) the (?:end|tail)\b|\bfrom the (?:left|front|beginning|start)\b"
)
_ENDS = re.compile(
    r"\b(?:both ends|(?:beginning|start|head) and (?:the )?(?:end|tail)|(?:out of|in|from) the middle|the middle (?:is |be )?(?:left )?out)\b"
)
_WHOLE = re.compile(
    r"\b(?:at|on|to)\s+(?:a |an |the |the nearest |the last |the end of (?:a|the|the last) |full |complete |whole )*(?P<a>sentence|paragraph)s?"
    r"(?:\s+(?:boundar\w+|ends?|breaks?))?|\b(?:whole|full|complete|entire|without (?:cutting|breaking|splitting) (?:a |any |"
    r"up )?)\s*(?P<b>sentence|paragraph)s?"
    r"|(?:\bnot|\bnever|n't) (?:cut|break|split)\w*[^.;]{0,20}\b(?P<c>sentence|paragraph)s?"
)
_HARD = re.compile(r"\b(?:exactly|hard cut|mid-?word|within a word|in the middle of a word|even inside words?)\b")
_MARK = re.compile(r"\b(?:ellipsis|three dots)\b")
_FILE = re.compile(r"(?<![\w./-])(?P<path>[\w./-]*\.json)\b")
_MARKS = re.compile(r"\b(?:with|add\w*|append\w*|put\w*|and|mark\w*|end\w*)\s+(?:an?\s+|by\s+|with\s+)*$")


@dataclass(frozen=True)
class Size:
    """So many of a unit, and where the clause says so."""

    number: int
    unit: str
    start: int


def shortens(lower: str) -> bool:
    """Whether a clause wants only so much of each text."""
    return _start(lower) is not None


def _start(lower: str) -> int | None:
    """Where a clause begins to speak of how much of each text stays."""
    found = [match.start() for pattern in (_CUTS, _LIMITS, _ONLY, _FIRST, _BEYOND, _ABRIDGES) if (match := pattern.search(lower))]
    return None if not found or _PIECES.search(lower) else min(found)


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """The clause is read from there to its end, so that its number is no bound on rows."""
    start = _start(phrase.lower)
    also = start is not None and re.search(r"(?:,|\band|\bthen)\s*$", phrase.lower[:start])
    if (
        start is None
        or (phrase.side == "drop" and not also and not _BEYOND.search(phrase.lower))
        or (_ROWS.search(phrase.lower) and not _CUTS.search(phrase.lower))
    ):
        return []
    on = columns_of(phrase, scene)
    if on is None:
        return Trouble("ask", f"{phrase.text!r}: the data has no text column to cut; it has {', '.join(scene.main.names)}.")
    sizes = _sizes(phrase.lower)
    if not sizes:
        return Trouble("ask", f"{phrase.text!r}: how much of each text is to stay? Say so in words, characters or sentences.")
    span = (0 if not also else start, len(phrase.text))
    if len(sizes) == 1:
        return [_wish(phrase, scene, sizes[0], on, span)]
    return [_wish(phrase, scene, size, column, span) for column, size in _each(phrase, scene, sizes)]


def _wish(phrase: Phrase, scene: Scene, size: Size, on: str | list[str], span: tuple[int, int]) -> Wish:
    params, note = measured(phrase, size.number, size.unit)
    params |= _more(phrase, size.unit, scene.goal.lower())
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    evidence = f"truncate {on if isinstance(on, str) else ', '.join(on)}: {shown}{note}"
    return Wish(op="truncate", id="shortened", stage=FIX, params=params, on=on, span=span, evidence=evidence)


def _each(phrase: Phrase, scene: Scene, sizes: list[Size]) -> list[tuple[str, Size]]:
    """`the body to 50 words and the title to 5`: each column with the size behind it."""
    named = [one for one in mentions(phrase, scene.main) if one.column.kind == "text"]
    found = []
    for one, after in zip(named, [*(other.start for other in named[1:]), len(phrase.text)], strict=True):
        size = next((size for size in sizes if one.end <= size.start < after), None)
        found += [(one.column.name, size)] if size else []
    return found or [(name, sizes[0]) for name in [columns_of(phrase, scene)] if isinstance(name, str)]


def measured(phrase: Phrase, number: int, unit: str) -> tuple[dict[str, object], str]:
    """A size as parameters; tokens by the tokenizer that the clause names, else as words."""
    if unit == "bytes":
        return {"tokens": number, "tokenizer": "bytes"}, ""
    if unit != "tokens":
        return {unit: number}, ""
    path = next((atom.value for atom in phrase.atoms if atom.value.endswith(".json")), None) or next(
        (match["path"] for match in _FILE.finditer(phrase.text)), None
    )
    if path:
        return {"tokens": number, "tokenizer": path}, ""
    return {"words": max(number * 2 // 3, 1)}, " (no tokenizer is named: at most two words for three tokens)"


def _sizes(lower: str) -> list[Size]:
    found = [
        Size(int(number.value), unit, number.start) for number in slots.numbers(lower) if not number.share and (unit := slots.unit(lower, number))
    ]
    one = re.search(rf"\b(?:first|last|opening|final)\s+(?P<unit>{_UNIT})\b", lower)
    beyond = _BEYOND.search(lower)
    if beyond and beyond["unit"] in slots.SIZE_UNITS:
        return [Size(int(beyond["nth"].replace(",", "")), slots.SIZE_UNITS[beyond["unit"]], beyond.start("nth"))]
    sized = [size for size in found if size.unit != "turns"]
    return sized or ([Size(1, slots.SIZE_UNITS[one["unit"]], one.start())] if one and one["unit"] in slots.SIZE_UNITS else [])


def _more(phrase: Phrase, unit: str, goal: str) -> dict[str, object]:
    """What stays, where it is cut, and what stands there."""
    lower = phrase.lower
    params: dict[str, object] = {"keep": "ends"} if _ENDS.search(lower) else {"keep": "tail"} if _TAIL.search(lower) else {}
    whole = _WHOLE.search(lower) or _WHOLE.search(goal)
    if whole and unit in ("words", "characters", "tokens", "bytes"):
        params["at"] = whole["a"] or whole["b"] or whole["c"]
    elif _HARD.search(lower):
        params["at"] = "anywhere"
    mark = next((atom.value for atom in phrase.atoms if atom.kind == "quoted" and _MARKS.search(lower[: atom.start])), None)
    if mark or _MARK.search(lower):
        params["mark"] = mark or "…"
    return params
