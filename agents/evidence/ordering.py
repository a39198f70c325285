"""Rows that must stand in an order, or be the first, longest, highest of all."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal

from .findings import Check, Claim, Finding, unknown, verdict_of
from .ground import Ground, Row
from .said import Said
from .sizes import words

Direction = Literal["up", "down"]
Key = Callable[[Row], tuple[float, float] | None]  # the least and the most that a row's key may be
_SORTS = re.compile(r"\b(?:sort|sorted|order|ordered|arrange|rank)\b(?!.{0,12}\brandom)")
_DOWN = re.compile(
    r"\bdesc\w*|\b(?:newest|latest|highest|largest|biggest|longest|best|most [a-z]+) (?:ones? )?(?:first|at the top|on top)\b|\bfrom (?:new|high|"
    r"long|large|top)\b|\bhigh(?:est)? to low|\bz to a\b|\bz-a\b"
)
_UP = re.compile(
    r"\basc\w*|\b(?:oldest|earliest|lowest|smallest|shortest|cheapest|least [a-z]+) (?:ones? )?first\b|\bfrom (?:old|low|short|small)\b|"
    r"\blow(?:est)? to high|\ba to z\b|\ba-z\b|\balphabetical\w*"
)
_AHEAD = re.compile(r"\b(?:(?P<down>longest|highest|newest|latest|largest|biggest)|(?P<up>shortest|lowest|oldest|smallest)) first\b")
_MOST = re.compile(
    r"\b(?:(?P<text>longest|shortest)|(?P<high>highest|largest|top|most|newest|latest)|(?P<low>lowest|smallest|least|fewest|oldest))\b"
)
_SHUFFLE = re.compile(r"\bshuffle\b|\b(?:in )?random order\b")
FEWEST = 12  # rows that would stand in order by chance once in a blue moon


def read(said: Said) -> list[Check]:
    """`sorted by year, newest first`, `shuffle`, `the 25 longest`, `top 100 by score`, `the first fifty`."""
    shuffle = _SHUFFLE.search(said.lower)
    if shuffle:
        return [Claim(shuffle.start(), shuffle.end(), _is_shuffled, True)]
    sort = _SORTS.search(said.lower)
    if sort:
        return _sorted(said, sort)
    ahead = _AHEAD.search(said.lower)
    found = _chosen(said)
    if ahead and not any(one.start <= ahead.start() < one.end for one in found):
        found = [one for one in found if one.start > ahead.end() or one.end < ahead.start()]
        return [*found, *_first_of_all(said, ahead)]
    return found


def _first_of_all(said: Said, ahead: re.Match[str]) -> list[Check]:
    """`longest first`, `newest first` behind another order."""
    down: Direction = "down" if ahead["down"] else "up"
    if ahead[0].startswith(("longest", "shortest")):
        texts = said.texts()
        return [Claim(ahead.start(), ahead.end(), lambda ground: _by_length(ground, texts, down))]
    names = [one.name for one in said.columns if one.name in said.ground.given.types]
    return (
        [Claim(ahead.start(), ahead.end(), lambda ground: _in_order(ground, _value_key(ground, names[0]), down, names[0]))] if len(names) == 1 else []
    )


def _sorted(said: Said, sort: re.Match[str]) -> list[Check]:
    after = [one for one in said.columns if one.start >= sort.end()]
    after = [one for one in after if re.search(r"\bby\s+(?:the |their |its )?(?:column |field )?$", said.lower[: one.start])] or after
    down, up = _DOWN.search(said.lower), _UP.search(said.lower)
    direction: Direction | None = "down" if down and not up else "up" if up and not down else None
    end = max([sort.end(), *(match.end() for match in (down, up) if match)])
    by_length = re.search(r"\b(?:by|from|on) (?:(?:the|their|its) )?(?:length|number of words|word count|long|short)\b", said.lower)
    if len(after) == 1 and not by_length and not re.search(r"\blength|number of|words\b", said.lower):
        column = after[0].name
        end = max(end, after[0].end)
        said_way = direction or (None if re.search(r"\bfirst\b|\bfrom\b|\bto\b(?= \w+$)", said.lower[sort.end() :]) else "up")
        return [Claim(sort.start(), end, lambda ground: _in_order(ground, _value_key(ground, column), said_way, column), True)]
    if by_length:
        texts = said.texts()
        return [Claim(sort.start(), max(end, by_length.end()), lambda ground: _by_length(ground, texts, direction or "up"), True)]
    return []


def _by_length(ground: Ground, texts: Sequence[str], direction: Direction) -> Finding:
    found = [_in_order(ground, key, direction, f"length of {text}") for text in texts for key in _length_keys(text)]
    return next((one for one in found if one.verdict == "holds"), found[0] if found else unknown("no text to measure"))


def _length_keys(column: str) -> list[Key]:
    def by_words(row: Row) -> tuple[float, float] | None:
        value = row.get(column)
        return words(value) if isinstance(value, str) else None

    def by_characters(row: Row) -> tuple[float, float] | None:
        value = row.get(column)
        return (len(value.strip()), len(value)) if isinstance(value, str) else None

    return [by_words, by_characters]


def _value_key(ground: Ground, column: str) -> Key:
    known: dict[object, float] = {}
    values = [value for value in [*ground.given.values(column), *ground.out.values(column)] if value is not None]
    if any(_number(value) is None for value in values):
        texts = sorted({str(value) for value in values})
        known = {text: float(place) for place, text in enumerate(texts)}

    def key(row: Row) -> tuple[float, float] | None:
        value = row.get(column)
        number = known.get(str(value)) if known else _number(value)
        return None if number is None or value is None else (number, number)

    return key


def _number(value: object) -> float | None:
    try:
        return None if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _in_order(ground: Ground, key: Key, direction: Direction | None, name: str) -> Finding:
    if ground.sample.let_pass or len(ground.sample.outputs) > 1:
        return unknown("the order shows only when all rows are there")
    keys = [found for at in range(len(ground.out)) if (found := key(_row(ground, at))) is not None]
    ups = sum(right[1] < left[0] for left, right in pairwise(keys))
    downs = sum(right[0] > left[1] for left, right in pairwise(keys))
    if not keys:
        return unknown(f"no row has a {name}")
    if direction is None:
        return Finding(
            "unknown" if min(ups, downs) == 0 else "fails", f"{len(keys)} rows stand {'in some' if min(ups, downs) == 0 else 'in no'} order of {name}"
        )
    wrong = ups if direction == "up" else downs
    return verdict_of(wrong == 0, f"{len(keys)} rows, {wrong or 'none'} out of order by {name} ({'rising' if direction == 'up' else 'falling'})")


def _row(ground: Ground, at: int) -> Row:
    """An output row, with the columns that it had as read where they do not go out."""
    return {**(ground.origin(at) or {}), **ground.out.row(at)}


def _is_shuffled(ground: Ground) -> Finding:
    numbers = ground.out.number
    if len(ground.sample.outputs) > 1 or len(numbers) < FEWEST or ground.sample.let_pass:
        return unknown("too few rows to see an order")
    is_moved = any(left > right for left, right in pairwise(numbers))
    return verdict_of(is_moved, f"{len(numbers)} rows stand in {'another order than' if is_moved else 'the order in which'} they came in")


def _chosen(said: Said) -> list[Check]:
    """Which rows were taken; how many is another check."""
    if re.search(
        r"\b(?:per|each|every|of each|cluster|first (?:row|one|sentence|\d+ sentence)\w*|typical|diverse|representative|quality|sentences?|"
        r"lines? of)\b",
        said.lower,
    ):
        return []
    if re.search(r"\b(?:\d+|\w+) ?%|\bpercent|\bquarter|\bhalf|\btenth|\bthird", said.lower):
        return []
    most = _MOST.search(said.lower)
    numbered = [one for one in said.columns if one.name in said.ground.given.types]
    if said.way == "drop":
        return []
    if most and most["text"]:
        texts, longest = said.texts(), most["text"] == "longest"
        return [Claim(most.start(), most.end(), lambda ground: _longest(said, ground, texts, longest))]
    if most and len(numbered) == 1 and re.search(r"\d|\btop\b|\w+ty\b|hundred", said.lower):
        column, high = numbered[0].name, not most["low"]
        low_too = re.search(r"\blowest|smallest|least|bottom\b", said.lower)
        if bool(low_too) != (not high):
            return []
        tail = re.search(r",?\s*\b(?:highest|largest|lowest|smallest|best) first\b", said.lower)
        spans = (
            [Claim(tail.start(), tail.end(), lambda ground: _in_order(ground, _value_key(ground, column), "down" if high else "up", column))]
            if tail
            else []
        )
        return [
            Claim(most.start(), max(most.end(), numbered[0].end), lambda ground: _extreme(said, ground, [_value_key(ground, column)], high, column)),
            *spans,
        ]
    head = re.search(r"\bfirst (?=(?:\d|[a-z]+ (?:rows|lines|\w+s)\b|hundred|fifty))", said.lower)
    if head and not re.search(r"\bfirst (?:column|file)\b", said.lower):
        return [Claim(head.start(), head.end(), lambda ground: _head(said, ground))]
    return []


def _longest(said: Said, ground: Ground, texts: Sequence[str], longest: bool) -> Finding:
    found = [_extreme(said, ground, [key], longest, f"length of {text}") for text in texts for key in _length_keys(text)]
    return next((one for one in found if one.verdict == "holds"), found[0] if found else unknown("no text to measure"))


def _extreme(said: Said, ground: Ground, keys: Sequence[Key], high: bool, name: str) -> Finding:
    """No row that these steps dropped lies beyond one that stayed."""
    gone = [at for at, (state, step) in enumerate(ground.fate) if state in ("dropped", "unused") and step in said.steps]
    if ground.sample.let_pass or not ground.out.is_all or not gone:
        return unknown("which rows are taken shows only when all rows are there" if gone or ground.sample.let_pass else "no row was left out")
    kept_numbers = set(ground.out.number)
    kept = [at for at, number in enumerate(ground.given.number) if number in kept_numbers]
    best = unknown(f"no row has a {name}")
    for key in keys:
        inside = [found for at in kept if (found := key(ground.given.row(at))) is not None]
        outside = [found for at in gone if (found := key(ground.given.row(at))) is not None]
        if not inside or not outside:
            continue
        wrong = (
            max(low for low, _ in outside) > min(top for _, top in inside) if high else min(top for _, top in outside) < max(low for low, _ in inside)
        )
        best = verdict_of(
            not wrong,
            f"{'one' if wrong else 'none'} of the rows left out lies {'above' if high else 'below'} one that was taken, by {name}",
        )
    return best


def _head(said: Said, ground: Ground) -> Finding:
    gone = [ground.given.number[at] for at, (state, step) in enumerate(ground.fate) if state in ("dropped", "unused") and step in said.steps]
    if not gone or ground.sample.let_pass or not len(ground.out):
        return unknown("no row was left out")
    if _SORTS.search(ground.goal.lower()) or _SHUFFLE.search(ground.goal.lower()):
        return unknown("they are the first of another order than that in which they came in")
    return verdict_of(
        max(ground.out.number) < min(gone),
        "the rows are those that came first" if max(ground.out.number) < min(gone) else "rows before these were left out",
    )
