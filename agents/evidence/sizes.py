"""How long a text may be: words, characters, lines, sentences, paragraphs and tokens within bounds, counted another way than winnow does."""

import re
from collections.abc import Callable

from agents.rules import slots

from .findings import Check, Filter, RowTest
from .ground import Row
from .said import Said

Range = tuple[int, int]  # the least and the most that a text can be said to have
_SPACELESS = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_BOUNDED = re.compile(r"\b(?:per|each|overlap|share|chunk\w*|pieces?|passages?|split|cut|in total|altogether|truncat\w*|shorten\w*|after|column|"
                      r"number of|count|budget|first|last|times|lines?\b[^.;]*\b(?:shorter|longer)|sort\w*|order\w*|(?:longest|"
                      r"shortest)(?! first))\b")  # fmt: skip


def read(said: Said) -> list[Check]:
    """`between 20 and 200 words`, `shorter than 40 characters`: a filter by the size of a text."""
    if _BOUNDED.search(said.lower):
        return []
    found: list[Check] = []
    for bounds in slots.bounds(said.lower):
        unit = slots.unit(said.lower, bounds) or _before(said.lower, bounds.start)
        if unit not in COUNTS or bounds.share:
            continue
        wanted = said.wanted(bounds.start)
        if wanted is None:
            continue
        low, high = bounds.whole()
        found.append(
            Filter(bounds.start, _end(said.lower, bounds.end), tuple(_test(name, unit, low, high, wanted) for name in said.texts(bounds.start)))
        )
    return found


def _test(column: str, unit: str, low: int | None, high: int | None, wanted: bool) -> RowTest:
    sides = f"{low or 0} to {high}" if low is not None and high is not None else f"{low} or more" if low is not None else f"{high} or fewer"
    count = COUNTS[unit]

    def judge(row: Row) -> bool | None:
        value = row.get(column)
        if not isinstance(value, str):
            return None
        least, most = count(value)
        if (low is None or least >= low) and (high is None or most <= high):
            return True
        if (low is not None and most < low) or (high is not None and least > high):
            return False
        return None

    return RowTest((column,), judge, f"with {sides} {unit} in {column}", wanted)


def words(text: str) -> Range:
    """Runs of non-space, and runs of letters and digits; where words have no space between them, nothing is said."""
    spaceless = len(_SPACELESS.findall(text))
    counts = len(text.split()), len(re.findall(r"\w+", text)), len(re.findall(r"\w+(?:['’.-]\w+)*", text))
    return min(counts), max(counts) + spaceless


def _characters(text: str) -> Range:
    return len(text.strip()), max(len(text), len(text.encode("utf-16-le")) // 2)


def _lines(text: str) -> Range:
    lines = text.splitlines() or [""]
    return sum(bool(line.strip()) for line in lines), len(lines) + 1


def _paragraphs(text: str) -> Range:
    blocks = [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    return len(blocks), max(len(blocks), sum(bool(line.strip()) for line in text.splitlines()))


def sentences(text: str) -> Range:
    """At least the ends that are plain, at most all that may be ends."""
    plain = len(re.findall(r"[a-z]{4,}[.!?][\"')\]]?\s+(?=[A-Z][a-z]+\s)", text))
    return (plain + 1 if text.strip() else 0), len(re.findall(r"[.!?…。！？\n]+", text)) + 1


def _tokens(text: str) -> Range:
    """A token is a character at least, and no word has none."""
    return len(text.split()), len(text.encode())


COUNTS: dict[str, Callable[[str], Range]] = {
    "words": words,
    "characters": _characters,
    "lines": _lines,
    "paragraphs": _paragraphs,
    "sentences": sentences,
    "tokens": _tokens,
}


def _before(lower: str, at: int) -> str:
    """`word count over 50`."""
    match = re.search(r"\b(word|character|line|sentence|paragraph|token)s?[ -](?:count|length)\b[^.;,]{0,20}$", lower[:at])
    return f"{match[1]}s" if match else ""


def _end(lower: str, end: int) -> int:
    """Up to the unit and what belongs to it."""
    match = re.match(
        r"[\s-]*(?:words?|characters?|chars?|letters?|lines?|sentences?|paragraphs?|tokens?)?(?:\s+(?:long|in length|or (?:more|fewer|less)))?",
        lower[end:],
    )
    return end + (match.end() if match else 0)
