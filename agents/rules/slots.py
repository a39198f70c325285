"""Reads numbers, bounds, shares, seeds and units out of plain words: an own grammar, tied to what parameters can be."""

import re
from dataclasses import dataclass

WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000,
}  # fmt: skip
PARTS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1, "twentieth": 0.05, "hundredth": 0.01}
SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "mn": 1e6, "hundred": 1e2, "dozen": 12}

_ROUGHLY = r"(?:a )?couple (?:of )?(?:hundred|thousand|dozen)|half a (?:dozen|hundred|thousand|million)"
_SPOKEN = (
    rf"(?:{_ROUGHLY}|(?:{'|'.join(WORDS)}|a hundred|a thousand|a million|a dozen)(?:(?:[ -]|(?<=hundred) and |"
    rf"(?<=thousand) and )(?:{'|'.join(WORDS)}))*)"
)
_DIGITS = r"(?:(?<![\w%])-)?(?:(?:\d{1,3}(?:[,_ ]\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<![\w.%)])\.\d+)"
NUMBER = rf"(?:{_DIGITS}(?:\s?(?:k|m|mn|thousand|million|hundred|dozen)\b)?|\b{_SPOKEN}\b)(?:\s?(?:%|percent\b|per cent\b))?"
_NUMBER = re.compile(NUMBER)

_LOW = (
    r"at least|no (?:fewer|less|shorter|lower|smaller) than|not (?:fewer|less|shorter|lower|smaller) than|a minimum of|"
    r"minimum(?: of)?|min\.?|>=|≥|from|since|starting (?:from|at)"
)
_ABOVE = (
    r"more than|greater than|larger than|bigger than|higher than|longer than|older than|newer than|later than|over|above|"
    r"exceed(?:s|ing)?|beyond|past|better than|>|after"
)
_HIGH = (
    r"at most|no (?:more|longer|greater|larger|higher|bigger) than|not (?:more|longer|greater|larger|higher|bigger) than|not over|not above|"
    r"not exceed(?:ing)?|up to|a maximum of|maximum(?: of)?|max\.?|<=|≤|until|within|capped at|cap (?:it )?at|limit(?:ed)? to"
)
_BELOW = r"less than|fewer than|smaller than|shorter than|lower than|under|below|before|earlier than|older than|worse than|<"
_ABOUT = r"(?:about |around |roughly |approximately |some |exactly |a total of )?"
_BOUND = re.compile(
    rf"(?P<between>\b(?:between|from)\s+{_ABOUT}(?P<a>{NUMBER})\s*(?:[a-z]+\s+)?(?:and|to|through|-|–)\s*{_ABOUT}(?P<b>{NUMBER}))"
    rf"|(?P<range>(?<![\w/.-])(?P<c>{NUMBER})\s*(?:-|–|—|\bto\b|\.\.\.?)\s*(?P<d>{NUMBER})(?![\w/]))"
    rf"|(?P<no>\b(?:not|isn't|aren't|n't)\s+)?(?:(?P<low>(?<![\w-])(?:{_LOW}))|(?P<high>(?<![\w-])(?:{_HIGH}))|(?P<above>(?<![\w-])(?:{_ABOVE}))|"
    rf"(?P<below>(?<![\w-])(?:{_BELOW})))\s*(?:or equal to )?(?:the year |of )?{_ABOUT}(?P<n>{NUMBER})"
    rf"|(?P<m>{NUMBER})(?P<unit>\s+[a-z]+)?\s*(?P<after>\bor (?:more|longer|higher|greater|above|over|better|up|later|"
    rf"newer)\b|\+|\band (?:more|up|above|over|higher|longer)\b|\bat (?:least|a minimum|minimum)\b|"
    rf"\bor (?:less|fewer|shorter|lower|below|under|earlier|older|worse)\b|\bat (?:most|a maximum|maximum|the most)\b|"
    rf"\band (?:less|below|under|fewer)\b|\bmax(?:imum)?\b|\bmin(?:imum)?\b)"
    rf"|(?P<exact>(?:exactly|precisely|equal to|equals?|==?)\s*(?P<e>{NUMBER}))"
)
_RATIO = re.compile(
    r"(?P<a>\d+(?:\.\d+)?)\s?(?:%|percent)?\s*(?:/|:|-|–|\band\b|\bto\b)\s*(?P<b>\d+(?:\.\d+)?)\s?(?:%|percent)?(?:\s*(?:/|"
    r":|-|–|,|and)\s*(?P<c>\d+(?:\.\d+)?)\s?(?:%|percent)?)?"
)
_SHARE = re.compile(
    rf"(?P<n>{_DIGITS}|{_SPOKEN})\s?(?:%|percent\b|per cent\b)|\b(?:(?:a|one|"
    rf"the)\s+)?(?P<part>{'|'.join(PARTS)})s?\b(?!\s+a\s+(?:dozen|hundred|thousand|million))(?!\s+of\s+each\s+pair)|(?<![\w.])0?\.\d+\b"
)
_FRACTION = re.compile(r"(?<![\w/.:-])([1-4])/([2-9]|10)(?![\w/%.:-])(?=\s+(?:of|for|to|goes|as|in|train|test|val|dev)\b)")  # `3/4 of the rows`
_SEED = re.compile(r"\b(?:random\s+)?seed(?:ed)?\s*(?:is|=|:|of|with|number|set to|to|by)?\s*(?:the\s+)?(\d+)")

SIZE_UNITS = {
    "word": "words", "words": "words", "character": "characters", "characters": "characters", "chars": "characters", "char": "characters",
    "letters": "characters", "letter": "characters", "codepoints": "characters", "token": "tokens", "tokens": "tokens", "line": "lines",
    "lines": "lines", "sentence": "sentences", "sentences": "sentences", "paragraph": "paragraphs", "paragraphs": "paragraphs",
    "turns": "turns", "turn": "turns", "bytes": "bytes", "byte": "bytes",
}  # fmt: skip


@dataclass(frozen=True)
class Number:
    """A number where it stands; `share`: it was a percentage or a fraction, the value is between 0 and 1."""

    value: float
    start: int
    end: int
    share: bool = False


@dataclass(frozen=True)
class Bounds:
    """A lower and an upper bound as said; `open` ends exclude their value."""

    low: float | None
    high: float | None
    start: int
    end: int
    low_open: bool = False
    high_open: bool = False
    share: bool = False

    def whole(self) -> tuple[int | None, int | None]:
        """The same for whole numbers, both ends inclusive."""
        low = None if self.low is None else int(-(-self.low // 1)) + (1 if self.low_open and self.low == self.low // 1 else 0)
        high = None if self.high is None else int(self.high // 1) - (1 if self.high_open and self.high == self.high // 1 else 0)
        return low, high

    def outside(self) -> "Bounds | None":
        """What is left when these are dropped; none when that is two ranges."""
        if self.low is not None and self.high is not None:
            return None
        return Bounds(self.high, self.low, self.start, self.end, not self.high_open, not self.low_open, self.share)


def value(text: str) -> tuple[float, bool]:
    """A number in digits or words; true when it is a share."""
    lower = text.strip().lower()
    share = lower.endswith(("%", "percent", "per cent"))
    lower = re.sub(r"\s?(?:%|percent|per cent)$", "", lower)
    match = re.fullmatch(rf"({_DIGITS})\s?(k|m|mn|thousand|million|hundred|dozen)?", lower)
    number = float(re.sub(r"[,_ ]", "", match[1])) * SCALES.get(match[2] or "", 1) if match else _spoken(lower)
    return (number / 100, True) if share else (number, False)


def numbers(lower: str) -> list[Number]:
    """All numbers in lower-case text, shares and fractions among them."""
    found = []
    for match in _NUMBER.finditer(lower):
        if re.search(r"[a-z_]$", lower[: match.start()]) or re.match(r"\d*[a-z_]", lower[match.end() :]):
            continue
        number, share = value(match[0])
        found.append(Number(number, match.start(), match.end(), share))
    return found


def bounds(lower: str) -> list[Bounds]:
    """All bounds in lower-case text, left to right."""
    return [_bounds(match) for match in _BOUND.finditer(lower)]


def shares(lower: str) -> list[Number]:
    """All percentages and fractions: `10%`, `a tenth`, `0.1`."""
    found = []
    for match in _FRACTION.finditer(lower):
        found.append(Number(int(match[1]) / int(match[2]), match.start(), match.end(), True))
    for match in _SHARE.finditer(lower):
        if match["part"]:
            many = re.search(r"\b(two|three|four|nine)\s+$", lower[: match.start()])
            number = PARTS[match["part"]] * (WORDS[many[1]] if many else 1)
        elif match["n"]:
            number = value(match["n"])[0] / 100
        else:
            number = float(match[0])
        if 0 < number <= 1:
            found.append(Number(number, match.start(), match.end(), True))
    return found


def ratio(lower: str) -> list[float]:
    """Shares of a split as said, `90/10` or `80% - 10% - 10%`, that sum to one; empty when there are none."""
    for match in _RATIO.finditer(lower):
        parts = [float(match[name]) for name in "abc" if match[name]]
        if abs(sum(parts) - 100) < 1e-6:
            return [part / 100 for part in parts]
        if abs(sum(parts) - 1) < 1e-6:
            return parts
        if match["c"] is None and sum(parts) == 10 and "%" not in match[0]:
            return [part / 10 for part in parts]
    return []


def seed(lower: str) -> int | None:
    """The seed that the text names."""
    match = _SEED.search(lower)
    return int(match[1]) if match else None


def unit(lower: str, at: Bounds | Number) -> str:
    """The unit of size that belongs to a number: right behind it, or named before it as in `word count over 50`."""
    behind = re.match(r"[\s-]*(?:or (?:more|fewer|less)\s+)?(?:[a-z]+\s+)?([a-z]+)", lower[at.end :])
    first = re.match(r"[\s-]*([a-z]+)", lower[at.end :])
    for match in (first, behind):
        if match and match[1] in SIZE_UNITS:
            return SIZE_UNITS[match[1]]
    inside = re.search(r"(?<=[\s\d])([a-z]+)\b(?=\s+(?:or|and|at|max|min)\b|\s*$)", lower[at.start : at.end])
    if inside and inside[1] in SIZE_UNITS:
        return SIZE_UNITS[inside[1]]
    before = re.findall(r"\b(word|character|char|token|line|sentence|paragraph)s?(?:[ -](?:count|length|number)s?)?\b", lower[: at.start])
    return SIZE_UNITS[before[-1]] if before and re.search(r"\b(?:count|number of|length in|many)\b", lower) else ""


def _spoken(lower: str) -> float:
    if re.fullmatch(_ROUGHLY, lower):
        return (2 if "couple" in lower else 0.5) * SCALES[lower.split()[-1]]
    total, current = 0.0, 0.0
    for word in re.split(r"[ -]+", lower):
        if word in ("a", "and"):
            continue
        number = WORDS[word]
        if number >= 1000:
            total, current = total + max(current, 1) * number, 0.0
        else:
            current = max(current, 1) * number if number in (100, 12) and word in ("hundred", "dozen") else current + number
    return total + current


def _bounds(match: re.Match[str]) -> Bounds:
    start, end = match.span()
    pair = (match["a"], match["b"]) if match["between"] else (match["c"], match["d"]) if match["range"] else None
    if pair:
        (low, low_share), (high, high_share) = value(pair[0]), value(pair[1])
        low = low / 100 if high_share and not low_share else low
        return Bounds(min(low, high), max(low, high), start, end, share=high_share)
    if match["exact"]:
        number, share = value(match["e"])
        return Bounds(number, number, start, end, share=share)
    if match["after"]:
        number, share = value(match["m"])
        most = re.search(r"\b(?:less|fewer|shorter|lower|below|under|earlier|older|worse|most|max|maximum)\b", match["after"])
        return Bounds(None, number, start, end, share=share) if most else Bounds(number, None, start, end, share=share)
    number, share = value(match["n"])
    lower_side = bool(match["low"] or match["above"])
    is_open = bool(match["above"] or match["below"])
    found = (
        Bounds(number, None, start, end, low_open=is_open, share=share)
        if lower_side
        else Bounds(None, number, start, end, high_open=is_open, share=share)
    )
    return found.outside() or found if match["no"] else found
