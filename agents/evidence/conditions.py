"""What a column must say: `category is closed_qa`, `score of 4 or better`, `the spam messages`, `an empty input`."""

import re
from collections.abc import Callable, Iterator

import pyarrow as pa

from agents.rules import slots

from .findings import Check, Filter, RowTest, shown
from .ground import Row
from .said import Named, Said

_IS = r"(?:\s*(?:==?|:)\s*|\s+(?:is|are|equals?(?: to)?|being|of|=|==|labelled|set to|marked)\s+(?:equal to\s+|an?\s+|the\s+)?)"
_NOT = r"(?:\s*(?:!=|<>)\s*|\s+(?:is|are)(?:\s+not|n't)\s+(?:equal to\s+)?)"
_OTHER_WORK = re.compile(
    r"\b(?:dup\w*|dedup\w*|repeat\w*|twice|same|balanc\w*|stratif\w*|split|sampl\w*|shuffle|sort\w*|order\w*|per|each|every|mix|proportion\w*|"
    r"train|training|validation|test|join|look up|rename|call\w*|convert|column that|average|mean|median|%|percent|like|similar|copies)\b"
)
_EMPTY = r"empty|blank|missing(?! from)|null"


def read(said: Said) -> list[Check]:
    """Comparisons first, then empties, then labels that stand before a noun."""
    found: list[Check] = []
    for reader in (_compared, _empty, _equal, _flagged, _labelled):
        for one in reader(said):
            if not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return found


def _filter(said: Said, start: int, end: int, column: str, judge: Callable[[object], bool | None], says: str) -> Iterator[Filter]:
    wanted = said.wanted(start)
    if wanted is not None:
        yield Filter(start, end, (RowTest((column,), lambda row: judge(row[column]), f"with {column} {says}", wanted),))


def _compared(said: Said) -> Iterator[Filter]:
    """A column of numbers and a bound right behind it."""
    for named in said.columns:
        kind = said.ground.given.types.get(named.name)
        ahead = [one for one in slots.bounds(said.lower[: named.start]) if kind is not None and not said.lower[one.end : named.start].strip()]
        if ahead and not ahead[-1].share and _is_number(said, named.name) and not re.search(r"\bwords?|characters?\b", named.name.lower()):
            one = ahead[-1]
            yield from _filter(said, one.start, named.end, named.name, _within(one), f"within {_told(one)}")
            continue
        for bounds in slots.bounds(said.lower[named.end :]):
            between = said.lower[named.end : named.end + bounds.start]
            if (
                kind is None
                or not _is_number(said, named.name)
                or bounds.share
                or not re.fullmatch(r"\s*(?:is |are |of |that is |must be |should be |has to be |value )*", between)
            ):
                continue
            if slots.unit(said.lower[named.end :], bounds):
                continue
            yield from _filter(said, named.start, named.end + bounds.end, named.name, _within(bounds), f"within {_told(bounds)}")
            break


def _is_number(said: Said, column: str) -> bool:
    kind = said.ground.given.types[column]
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return True
    values = [value for value in said.ground.given.values(column)[:200] if value is not None]
    return bool(values) and all(_number(value) is not None for value in values)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(str(value).strip())
    except ValueError:
        return None


def _within(bounds: slots.Bounds) -> Callable[[object], bool | None]:
    def judge(value: object) -> bool | None:
        number = _number(value)
        if number is None:
            return None
        low = bounds.low is None or (number > bounds.low if bounds.low_open else number >= bounds.low)
        return low and (bounds.high is None or (number < bounds.high if bounds.high_open else number <= bounds.high))

    return judge


def _told(bounds: slots.Bounds) -> str:
    return f"{'' if bounds.low is None else f'{bounds.low:g}'}..{'' if bounds.high is None else f'{bounds.high:g}'}"


def _empty(said: Said) -> Iterator[Filter]:
    """`input is empty`, `an empty input`, `rows without a score`, `non-empty`."""
    for named in said.columns:
        if named.name not in said.ground.given.types:
            continue
        behind = re.match(rf"\s+(?:is|are)\s*(?P<no>\s*(?:not|n't))?\s+(?:{_EMPTY})\b", said.lower[named.end :]) or re.match(
            rf"\s+(?P<no>isn't|aren't)\s+(?:{_EMPTY})\b", said.lower[named.end :]
        )
        ahead = re.search(rf"(?P<no>\bnon-?|\bnot\s+)?\b(?:{_EMPTY})\s+$|\b(?:without|lacking)\s+(?:an?|any|the)\s+$", said.lower[: named.start])
        if behind:
            yield from _filter(
                said, named.start, named.end + behind.end(), named.name, _blank(bool(behind["no"])), "filled" if behind["no"] else "empty"
            )
        elif ahead:
            no = bool(ahead.groupdict().get("no"))
            start = ahead.end() if ahead[0].startswith("without") else ahead.start()
            if ahead[0].startswith("without"):
                wanted = said.wanted(ahead.start())
                if wanted is not None:
                    test = RowTest((named.name,), _on(named.name, _blank(False)), f"with {named.name} empty", wanted)
                    yield Filter(ahead.start(), named.end, (test,))
                continue
            yield from _filter(said, start, named.end, named.name, _blank(no), "filled" if no else "empty")


def _on(column: str, judge: Callable[[object], bool | None]) -> Callable[[Row], bool | None]:
    return lambda row: judge(row[column])


def _blank(filled: bool) -> Callable[[object], bool | None]:
    def judge(value: object) -> bool | None:
        is_blank = value is None or (isinstance(value, str | list | dict) and not value) or (isinstance(value, str) and not value.strip())
        return is_blank != filled

    return judge


def _equal(said: Said) -> Iterator[Filter]:
    """`intent is translate`, `error_type ok`, `category in a, b or c`: values that the column has, or that stand in quotes."""
    for named in said.columns:
        if named.name not in said.ground.given.types:
            continue
        for pattern, no in ((_NOT, True), (_IS, False), (r"\s+", False)):
            match = re.match(pattern, said.lower[named.end :])
            values, end = _values(said, named, named.end + match.end()) if match else ([], 0)
            if values:
                yield from _filter(
                    said, named.start, end, named.name, _one_of(values, no), f"{'not ' if no else ''}{' or '.join(map(shown, values))}"
                )
                break


def _values(said: Said, named: Named, at: int) -> tuple[list[str], int]:
    """Values of the column from here on, with commas, `or` and `and` between them."""
    known = sorted(said.ground.given.labels(named.name), key=len, reverse=True)
    found: list[str] = []
    end = at
    while True:
        rest = said.text[at:]
        quoted = next((atom for atom in said.phrase.atoms if atom.start == at and atom.kind == "quoted"), None)
        value = quoted.value if quoted else next((one for one in known if re.match(rf"{re.escape(one)}(?![\w-])", rest, re.I)), None)
        if value is None:
            return found, end
        found.append(value)
        end = quoted.end if quoted else at + len(value)
        between = re.match(r"\s*(?:,\s*(?:or\s+|and\s+)?|\|\s*|\s(?:or|and)\s+)", said.text[end:])
        again = re.match(rf"{re.escape(named.name)}\s*(?:==?|is|equals)\s*", said.text[end + between.end() :], re.I) if between else None
        if not between:
            return found, end
        at = end + between.end() + (again.end() if again else 0)


def _one_of(values: list[str], no: bool) -> Callable[[object], bool | None]:
    wanted = {_plain(value) for value in values}

    def judge(value: object) -> bool | None:
        return None if isinstance(value, list | dict) else ((_plain(value) in wanted) != no)

    return judge


def _plain(value: object) -> str:
    return "" if value is None else str(value).strip().casefold()


def _flagged(said: Said) -> Iterator[Filter]:
    """`in_print is true`, `rows that flag marks true`."""
    for named in said.columns:
        kind = said.ground.given.types.get(named.name)
        match = re.match(r"\s*(?:is|are|=|==|marks|equals)\s*(true|false)\b", said.lower[named.end :])
        if kind is not None and match and pa.types.is_boolean(kind):
            truth = match[1] == "true"
            yield from _filter(said, named.start, named.end + match.end(), named.name, _is(truth), match[1])


def _is(truth: bool) -> Callable[[object], bool | None]:
    return lambda value: None if value is None else value == truth


def _labelled(said: Said) -> Iterator[Filter]:
    """`the spam messages`, `Sci/Tech and Sports news`, `everything but the spam`: labels of one column, in a clause about nothing else."""
    if _OTHER_WORK.search(said.lower) or said.way is None:
        return
    for column in said.ground.given.types:
        known = [label for label in said.ground.given.labels(column) if len(label) > 2]
        places = [
            (match.start(), match.end(), label)
            for label in known
            for match in re.finditer(rf"(?<![\w-]){re.escape(label)}(?![\w-])", said.text, re.I)
        ]
        places = [one for one in places if not any(named.start <= one[0] < named.end for named in said.columns)]
        if not places or len({label for _, _, label in places}) != len(places):
            continue
        places.sort()
        start, end = places[0][0], max(one[1] for one in places)
        if re.sub(r"\b(?:and|or|the|any|of)\b|[\s,/&]", "", _without(said.lower, places)[start:end]).strip():
            continue
        yield from _filter(
            said, start, end, column, _one_of([label for _, _, label in places], False), " or ".join(shown(label) for _, _, label in places)
        )
        return


def _without(lower: str, places: list[tuple[int, int, str]]) -> str:
    for start, end, _ in places:
        lower = lower[:start] + " " * (end - start) + lower[end:]
    return lower
