"""Reads bounds on how long a text is: `between 20 and 200 words`, `no longer than 2k characters`, `very short`."""

import re
from dataclasses import replace

from . import slots
from .clauses import Phrase, goes
from .columns import text_near, text_of
from .wishes import CHEAP, Scene, Trouble, Wish

MEASURES = {
    "words": "words",
    "characters": "characters",
    "lines": "lines",
    "bytes": "bytes",
    "sentences": "sentences",
    "paragraphs": "paragraphs",
    "tokens": "tokens_estimate",
}
SHORT, LONG = 5, 10_000
_VAGUE = re.compile(
    r"\b(?:(?:very|too|extremely|really|overly|super)\s+)?(?P<short>short|tiny|brief|terse|one-word|single-word|one-liners?|"
    r"fragments?|stubs?)\b|\b(?:very|too|extremely|overly)\s+(?P<long>long|lengthy|huge)\b"
)
_DOES_TO_ROWS = re.compile(r"\b(?:trim|cut|shorten|crop|fix|clean|handle|treat|mark|flag|change|touch|tidy|deal|score|label|tag)\b")
SHORT_CLAUSE = 12  # words
_SIZED = re.compile(r"\b(?:long|length|longer|shorter|short|size)\b")


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Wishes for bounds with a unit of size; without a number for a clause that says short or long."""
    wishes: list[Wish] = []
    if re.search(r"\b(?:chunks?|passages?|pieces?|segments?|windows?|truncate|cut|shorten|shingles?|n-?grams?)\b", phrase.lower):
        return wishes
    found_bounds = slots.bounds(phrase.lower)
    for place, bound in enumerate(found_bounds):
        if bound.share:
            continue
        unit = slots.unit(phrase.lower, bound)
        after = found_bounds[place + 1] if place + 1 < len(found_bounds) else None
        if not unit and after and re.fullmatch(r"\s*,?\s*(?:or|and|but)?\s*", phrase.lower[bound.end : after.start]):
            unit = slots.unit(phrase.lower, after)
        if not unit and _SIZED.search(phrase.lower) and bound.start and not _names_number(phrase, scene):
            unit = "characters" if _SIZED.search(phrase.lower[bound.start - 20 if bound.start > 20 else 0 : bound.end]) else ""
        if unit:
            found = _wish(phrase, scene, bound, unit)
            if isinstance(found, Trouble):
                return found
            undecided = phrase.side == "do" and len(phrase.lower.split()) < SHORT_CLAUSE and _DOES_TO_ROWS.search(phrase.lower)
            wishes.append(replace(found, assumed=f"are rows of {found.evidence.split(' from ')[-1]} to stay or to go?") if undecided else found)
    return wishes or _bare(phrase, scene) or _vague(phrase, scene)


def _wish(phrase: Phrase, scene: Scene, bound: slots.Bounds, unit: str) -> Wish | Trouble:
    column = text_near(phrase, scene.main, bound.start)
    if column is None and unit != "turns":
        return Trouble("ask", f"{phrase.text!r}: the data has no text column to measure; it has {', '.join(scene.main.names)}.")
    said = phrase.text[bound.start : bound.end + len(unit) + 1].strip()
    port, keep = "kept", bound
    if goes(phrase, bound.start):
        outside = bound.outside()
        port, keep = ("kept", outside) if outside else ("dropped", bound)
    low, high = keep.whole()
    if unit == "turns" or column is None:
        return _turns(phrase, scene, low, high, port, bound)
    note = " (no tokenizer is at hand: tokens are estimated)" if unit == "tokens" else ""
    params = {name: value for name, value in (("at_least", low), ("at_most", high)) if value is not None}
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    name = "long_enough" if high is None else "short_enough" if low is None else "right_length"
    return Wish(
        op=MEASURES[unit],
        id=name,
        stage=CHEAP,
        params=params,
        on=column.name,
        port=port,
        filters=True,
        span=(bound.start, bound.end),
        evidence=f"{MEASURES[unit]}: {shown} from {said!r}, column {column.name}{note}",
    )


def _turns(phrase: Phrase, scene: Scene, low: int | None, high: int | None, port: str, bound: slots.Bounds) -> Wish | Trouble:
    """How many turns a conversation has: the length of its list."""
    talk = next((column for name in ("conversations", "messages") if (column := scene.main.column(name)) and column.kind == "nested"), None)
    if talk is None:
        return Trouble("unclear", "no column holds the turns of a conversation")
    sides = [f"len({talk.name}) >= {low}" if low is not None else "", f"len({talk.name}) <= {high}" if high is not None else ""]
    where = " and ".join(side for side in sides if side)
    said = phrase.text[bound.start : bound.end]
    evidence = f"field: {where}, the turns of {talk.name}, from {said!r}"
    span = (bound.start, bound.end)
    return Wish(op="field", id="turns_within", stage=CHEAP, params={"where": where}, port=port, filters=True, span=span, evidence=evidence)


def _bare(phrase: Phrase, scene: Scene) -> list[Wish]:
    """`5-word answers`: a number bound to its unit by a hyphen, exactly so many."""
    match = re.search(r"\b(\d+|[a-z]+)-(word|character)s?\b", phrase.lower)
    column = text_of(phrase, scene.main)
    if not match or column is None or phrase.side not in ("keep", "drop") or not (match[1].isdigit() or match[1] in slots.WORDS):
        return []
    number = int(slots.value(match[1])[0])
    measure = MEASURES[slots.SIZE_UNITS[match[2]]]
    if phrase.side == "drop" and number == 1:
        params, port = {"at_least": 2}, "kept"
    else:
        params, port = {"at_least": number, "at_most": number}, "dropped" if phrase.side == "drop" else "kept"
    return [
        Wish(
            op=measure,
            id="right_length",
            stage=CHEAP,
            params=params,
            on=column.name,
            port=port,
            filters=True,
            span=match.span(),
            evidence=f"{measure}: {match[0]!r}, column {column.name}",
        )
    ]


def _vague(phrase: Phrase, scene: Scene) -> list[Wish]:
    match = _VAGUE.search(phrase.lower)
    column = text_of(phrase, scene.main)
    if not match or column is None or phrase.side != "drop":
        return []
    params = {"at_least": SHORT} if match["short"] else {"at_most": LONG}
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return [
        Wish(
            op="words",
            id="long_enough" if match["short"] else "short_enough",
            stage=CHEAP,
            params=params,
            on=column.name,
            filters=True,
            assumed=f"how many words is {match[0]!r}?" if re.search(r"\btoo\b|\blong\b", match[0]) else "",
            span=match.span(),
            evidence=f"words: {match[0]!r} names no number, so {shown}, column {column.name}",
        )
    ]


def _names_number(phrase: Phrase, scene: Scene) -> bool:
    from .columns import mentions

    return any(mention.column.kind == "number" for mention in mentions(phrase, scene.main))
