"""Texts cut short or into pieces: none is longer than asked, and each is part of what was read."""

import re
from collections.abc import Sequence

from agents.rules import slots

from .findings import Check, Claim, Finding, unknown, verdict_of
from .ground import Ground
from .said import Said
from .sizes import COUNTS

_PIECES = re.compile(r"\b(?:chunk\w*|pieces?|passages?)\b|\b(?:split|cut|break)\b")
_SHORT = re.compile(r"\b(?:cut|shorten|truncate|trim|limit|crop)\b[^.;]*?\b(?:after|to|at|down to)\b")
_HEAD = re.compile(
    r"\b(?P<which>first|last|leading|opening|closing)\s+(?P<n>\d+|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?P<unit>words|sentences|"
    r"lines|characters|paragraphs)\b"
)
_TAIL = re.compile(
    r"\s*(?:words?|characters?|lines?|sentences?|paragraphs?|tokens?)?"
    r"(?:\s+(?:without overlap|each|long|at the end of a sentence|without breaking sentences|of each|of every \w+))*"
)


def read(said: Said) -> list[Check]:
    """`pieces of at most 300 words`, `cut every text after 200 words`, `the first 5 sentences of each`."""
    head = _HEAD.search(said.lower)
    if head and not re.search(r"\bper\b|\bdrop\b|\bremove\b", said.lower):
        number = int(slots.value(head["n"])[0])
        end = head.end() + len((re.match(r"(?:\s+of (?:each|every|the|all)(?: \w+)?)?", said.lower[head.end() :]) or [""])[0])
        names = said.texts()
        first = head["which"] in ("first", "leading", "opening")
        return [Claim(head.start(), end, lambda ground: _kindest([_ends(ground, name, head["unit"], number, first) for name in names]))]
    short, pieces = _SHORT.search(said.lower), _PIECES.search(said.lower)
    if not short and not pieces:
        return []
    sized = [(one, unit) for one in slots.numbers(said.lower) if not one.share and (unit := slots.unit(said.lower, one)) in COUNTS]
    sized = [
        (one, unit)
        for one, unit in sized
        if not re.search(r"\b(?:overlap|share)\w*\b[^,;]{0,12}$", said.lower[: one.start])
        and not re.match(r"[^,;]{0,12}\boverlap", said.lower[one.end :])
    ]
    if len(sized) != 1 or re.search(r"\bor more\b|\bat least\b|\blonger than\b|\bappear|\bremove\b|\bdrop\b", said.lower):
        return []
    (one, unit), names = sized[0], said.texts()
    start = min(match.start() for match in (short, pieces) if match)
    end = one.end + len((_TAIL.match(said.lower[one.end :]) or [""])[0])
    is_exact = bool(short) and unit in ("words", "characters") and "sentence" not in said.lower
    return [Claim(start, end, lambda ground: _kindest([_no_longer(ground, name, unit, int(one.value), is_exact) for name in names]))]


def _kindest(findings: Sequence[Finding]) -> Finding:
    order = {"holds": 0, "unknown": 1, "fails": 2}
    return min(findings, key=lambda one: order[one.verdict], default=unknown("no text goes out"))


def _no_longer(ground: Ground, column: str, unit: str, most: int, is_exact: bool) -> Finding:
    """No text is longer; where texts are cut after so many words, none that was longer is much shorter now."""
    if column not in ground.out.types:
        return unknown(f"{column} does not go out")
    longer = strange = was_longer = shorter = 0
    looked = ground.out.picked()
    for at in looked:
        text, before = ground.out.values(column)[at], ground.origin(at)
        source = before.get(column) if before is not None else None
        if not isinstance(text, str):
            continue
        least, top = COUNTS[unit](text)
        longer += least > most
        strange += isinstance(source, str) and _squeezed(text)[:40] not in _squeezed(source)
        if isinstance(source, str) and COUNTS[unit](source)[0] > most:
            was_longer += 1
            shorter += top < 0.9 * most
    if not was_longer and not longer:
        return Finding("holds", f"none of {len(looked)} texts has more than {most} {unit} in {column}; none had before")
    if longer:
        return Finding("fails", f"{longer} of {len(looked)} texts have more than {most} {unit} in {column}")
    if is_exact and not ground.expands and shorter > 0.5 * was_longer:
        return Finding("fails", f"{shorter} of {was_longer} texts that were cut have far fewer than {most} {unit} in {column}")
    return verdict_of(True, f"none of {len(looked)} texts has more than {most} {unit} in {column}")


def _ends(ground: Ground, column: str, unit: str, number: int, first: bool) -> Finding:
    if column not in ground.out.types:
        return unknown(f"{column} does not go out")
    longer = strange = looked = 0
    for at in ground.out.picked():
        text, before = ground.out.values(column)[at], ground.origin(at)
        source = before.get(column) if before is not None else None
        if not isinstance(text, str) or not isinstance(source, str):
            continue
        looked += 1
        longer += COUNTS[unit](text)[0] > number
        edge = (_squeezed(source).startswith(_squeezed(text)[:30])) if first else (_squeezed(source).endswith(_squeezed(text)[-30:]))
        strange += not edge
    if not looked:
        return unknown("no text goes out")
    if longer:
        return Finding("fails", f"{longer} of {looked} texts have more than {number} {unit} in {column}")
    if strange > 0.2 * looked:
        return Finding("unknown", f"{strange} of {looked} texts do not stand at the {'start' if first else 'end'} of what was read")
    return Finding("holds", f"none of {looked} texts has more than {number} {unit} in {column}")


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
