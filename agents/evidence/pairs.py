"""Two columns beside each other: the same, in the same language, so many times as long, the one within the other."""

import re
from collections.abc import Callable, Iterator

from .findings import Check, Filter, RowTest
from .ground import Row
from .languages import guess
from .said import Said
from .sizes import words

_TIMES = {"twice": 2.0, "half": 0.5, "double": 2.0, "three times": 3.0, "four times": 4.0, "a third": 1 / 3}
_RATIO = re.compile(
    r"(?P<side>at least|at most|no more than|no less than|more than|less than|not more than)?\s*(?P<times>twice|half|double|(?:\d+(?:\.\d+)?|"
    r"three|four|five|two) times)\s+as\s+"
    r"(?P<what>long|many words|many characters|short)\s+as\b"
)
_SAME = re.compile(r"\b(?:is|are|equals?)\s+(?:exactly |both )?(?:the same(?! language)|identical|equal)\b(?: as| to)?")
_LANGUAGE = re.compile(r"\b(?:in )?(?:the )?(?P<which>same|different|another|other) languages?\b(?: (?:as|than))?")
_WITHIN = re.compile(
    r"\b(?:must |should |has to |have to )?(?:occurs?|appears?|be found|is found|be contained|is contained|stands?) in\b|"
    r"\bis (?P<no>missing) from\b|\b(?P<no2>does not|doesn't) (?:occur|appear) in\b"
)
MOST_READ = 20_000  # characters


def read(said: Said) -> list[Check]:
    """`chosen at least twice as long as rejected`, `the answer must occur in the context`."""
    names = [one for one in said.columns if one.name in said.ground.given.types]
    if len(names) < 2:
        return []
    for reader in (_ratio, _same, _language, _within):
        found = list(reader(said, names[0].name, names[1].name))
        if found:
            start, end = min(found[0].start, names[0].start), max(found[0].end, names[1].end)
            return [Filter(start, end, found[0].tests)]
    return []


def _filter(
    said: Said, match: re.Match[str], one: str, other: str, judge: Callable[[str, str], bool | None], says: str, wanted: bool | None
) -> Iterator[Filter]:
    def of(row: Row) -> bool | None:
        left, right = _text(row[one]), _text(row[other])
        return None if left is None or right is None else judge(left[:MOST_READ], right[:MOST_READ])

    if wanted is not None:
        yield Filter(match.start(), match.end(), (RowTest((one, other), of, says, wanted),))


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return value if isinstance(value, str) else None


def _wanted(said: Said, at: int) -> bool | None:
    """As the clause says; one without a verb says how the rows must be."""
    return said.wanted(at) if said.way else True if said.phrase.side in ("", "do") else None


def _ratio(said: Said, one: str, other: str) -> Iterator[Filter]:
    match = _RATIO.search(said.lower)
    if match is None or match["side"] is None:
        return
    times = _TIMES.get(match["times"]) or float(
        {"two": "2", "three": "3", "four": "4", "five": "5"}.get(match["times"].split()[0], match["times"].split()[0])
    )
    least = match["side"] in ("at least", "more than", "no less than")

    def judge(left: str, right: str) -> bool | None:
        measures = [(_size(left, word), _size(right, word)) for word in ("words", "characters") if match["what"] in ("long", "short", f"many {word}")]
        told = {(low >= times * high2) if least else (high <= times * low2) for (low, high), (low2, high2) in measures}
        other_way = {(high < times * low2) if least else (low > times * high2) for (low, high), (low2, high2) in measures}
        return True if told == {True} else False if other_way == {True} else None

    yield from _filter(said, match, one, other, judge, f"with {one} {match[0].strip()} {other}", _wanted(said, match.start()))


def _size(text: str, unit: str) -> tuple[int, int]:
    return words(text) if unit == "words" else (len(text.strip()), len(text))


def _same(said: Said, one: str, other: str) -> Iterator[Filter]:
    match = _SAME.search(said.lower)
    if match:

        def judge(left: str, right: str) -> bool | None:
            if left == right:
                return True
            return False if re.sub(r"\W+", "", left).casefold() != re.sub(r"\W+", "", right).casefold() else None

        yield from _filter(said, match, one, other, judge, f"with the same {one} and {other}", said.wanted(match.start()))


def _language(said: Said, one: str, other: str) -> Iterator[Filter]:
    match = _LANGUAGE.search(said.lower)
    if match:
        same = match["which"] == "same"

        def judge(left: str, right: str) -> bool | None:
            first, second = guess(left), guess(right)
            if first is None or second is None:
                return None
            return same if first == second and len(first) == 1 else None if first & second else not same

        yield from _filter(said, match, one, other, judge, f"with {one} and {other} in {match['which']} languages", _wanted(said, match.start()))


def _within(said: Said, one: str, other: str) -> Iterator[Filter]:
    match = _WITHIN.search(said.lower)
    if match:
        no = bool(match["no"] or match["no2"])

        def judge(left: str, right: str) -> bool | None:
            if left.strip() and re.search(rf"(?<!\w){re.escape(left.strip())}(?![\w'’])", right):
                return not no
            loose = re.sub(r"\W+", "", left).casefold()
            return no if loose and loose not in re.sub(r"\W+", "", right).casefold() else None

        yield from _filter(said, match, one, other, judge, f"with {one} {'missing from' if no else 'within'} {other}", _wanted(said, match.start()))
