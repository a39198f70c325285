"""How many rows each group has: just so many, at most so many, or as many as the others."""

import re
from collections import Counter

from agents.rules import slots

from .counting import count_of, ended_at, later, together
from .findings import Check, Claim, Finding, shown, unknown
from .ground import Ground
from .said import Said

_PER = re.compile(
    r"\b(?:per|for each|of each|from each|for every|from every|each|every|over(?=\s+(?:the |all )?\w+s\b)|across|by(?=[^.;]*\bbalanc|.*\beven)|"
    r"(?<=balance )by)\s+(?:of the\s+)?(?P<what>[\w ]{2,30})"
)
_CAP = re.compile(r"\b(?:at most|no more than|never more than|not more than|up to|max\w*)\b")
_EVEN = re.compile(
    r"\bbalanc\w*|\bsame number\b|\bequal(?:ly)?\b(?! to)|\bevenly?\b|\bas many \w+ as \w+|\bas often as\b|"
    r"\bno [\w ]{2,30}(?:\([^)]*\) )?may be more frequent than another\b"
)


def grouped(said: Said, lower: str) -> list[Check]:
    """A number of rows of each group, at most or just so many; or as many of one as of another."""
    per, even = _PER.search(lower), _EVEN.search(lower)
    if not per and not even:
        return []
    if re.search(r"\bpart of each|each (?:pair|text|row|document|page|chunk)\b|every (?:row|text|word|conversation)\b|stratif", lower):
        return []
    numbers = [one for one in slots.numbers(lower) if not one.share and one.value == int(one.value) and one.value > 1]
    column = _group(said, lower, per)
    if column is None or len(numbers) > 1:
        return []
    cap = _CAP.search(lower)
    spans = [(one.start(), one.end()) for one in (per, even, cap) if one] + [(one.start, one.end) for one in numbers]
    start, end = min(one[0] for one in spans), max(one[1] for one in spans)
    if (
        numbers
        and even
        and re.search(r"\b(?:set of|sample|pick|draw|total|in all)\b", lower)
        and not re.search(r"\beach\b", lower[numbers[0].end : numbers[0].end + 8])
    ):
        total = int(numbers[0].value)
        return [Claim(start, end, lambda ground: together(count_of(said, ground, total, False), evenly(said, ground, column)))]
    if numbers:
        return [Claim(start, end, lambda ground: _each(said, ground, column, int(numbers[0].value), bool(cap)))]
    return [Claim(start, end, lambda ground: evenly(said, ground, column))] if even else []


def _group(said: Said, lower: str, place: re.Match[str] | None) -> str | None:
    """The column whose groups are meant: named behind `per`, else the only one named, else the one that holds labels."""
    known = [one for one in said.columns if one.name in said.ground.given.types]
    behind = [one for one in known if place and one.start >= place.start()]
    if behind or len(known) == 1:
        return (behind or known)[0].name
    labels = [name for name in said.ground.given.types if 1 < len(said.ground.given.labels(name)) <= 200]
    what = place["what"].split()[0].rstrip("s") if place else ""
    alike = [name for name in labels if what and (what in name.lower() or name.lower() in what)]
    if alike:
        return alike[0]
    named = [name for name in labels if sum(bool(re.search(rf"\b{re.escape(label)}\b", lower, re.I)) for label in said.ground.given.labels(name)) > 1]
    return named[0] if named else labels[0] if len(labels) == 1 and what in ("label", "class", "topic", "category", "intent", "kind", "one") else None


def sizes_of(ground: Ground, column: str) -> Counter[str]:
    if column in ground.out.types:
        return Counter(str(value) for value in ground.out.values(column))
    return Counter(str((ground.origin(at) or {}).get(column)) for at in range(len(ground.out)))


def _each(said: Said, ground: Ground, column: str, wanted: int, at_most: bool) -> Finding:
    if not ground.out.is_all or not ground.sample.whole:
        return unknown("how many rows each group has shows only when all rows go through")
    groups = sizes_of(ground, column)
    over = [(group, count) for group, count in groups.most_common() if count > wanted]
    if over:
        return Finding("fails", f"{over[0][1]} rows of {shown(over[0][0])} in {column}, where {wanted} were asked for")
    if not at_most and not later(ground, said.steps):
        gone = _left_out(said, ground, column)
        under = [group for group in gone if groups[group] < wanted]
        if under:
            return Finding("fails", f"{groups[under[0]]} rows of {shown(under[0])} in {column}, where {wanted} were asked for and more were there")
    return Finding("holds", f"{len(groups)} groups of {column}, none with more than {wanted} rows")


def evenly(said: Said, ground: Ground, column: str) -> Finding:
    if not ground.out.is_all or not ground.sample.whole:
        return unknown("how even the groups are shows only when all rows go through")
    groups = sizes_of(ground, column)
    if later(ground, said.steps) or not groups:
        return unknown("other steps drop rows behind this one")
    before = {str(value) for value in ground.given.values(column)} - {"None"} if column in ground.given.types else set()
    most, least = max(groups.values()), min(groups.values())
    told = f"{len(groups)} groups of {column} with {least} to {most} rows"
    if len(before) > 1 and len(groups) == 1:
        return Finding("fails", f"only one of {len(before)} groups of {column} goes out")
    if most - least <= max(1, 0.05 * most):
        return Finding("holds", told)
    gone = _left_out(said, ground, column)
    short = min(groups, key=lambda group: groups[group])
    return Finding("fails", told) if gone[short] or not said.steps else unknown(f"{told}; the smallest has no more")


def _left_out(said: Said, ground: Ground, column: str) -> Counter[str]:
    """Rows of each group that ended at the clause's steps."""
    if column not in ground.given.types:
        return Counter()
    return Counter(str(ground.given.values(column)[at]) for at in ended_at(ground, said.steps))
