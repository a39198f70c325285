"""Reads a plain number out of an answer: signs, currencies, thousands, fractions, percent, powers of ten, units behind it."""

import re
from dataclasses import dataclass
from fractions import Fraction

LONGEST = 80  # characters: what is longer is no plain number
DECIMALS = 6  # numbers that agree when rounded to so many are equal
LARGEST_POWER = 300
SCALES = {"hundred": 100, "thousand": 1000, "k": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12, "万": 10**4, "亿": 10**8}

_MONEY = "$€£¥₹₩฿"
_ATTACHED = (  # units that stand right behind a number; any other letter there is algebra
    "%|°[CFc]?|º|mm|cm|dm|m|km|mg|g|kg|ml|mL|cl|dl|L|l|s|sec|min|h|hr|hrs|lb|lbs|oz|ft|in|yd|mi|mph|kmh|km/h|m/s|W|kW|kWh|V|A|Hz|J|N|Pa|"
    "am|pm|a\\.m\\.|p\\.m\\.|st|nd|rd|th|个|元|米|人|天|岁|块|只|本|张|年|小时|分钟|公里|千克|克|円|人|日|時間|分"
)
_WHOLE = r"\d{1,3}(?:[,' \u202f]\d{3})+|\d+"
_PLAIN = re.compile(
    rf"(?P<sign>[+-]?)\s*[{_MONEY}]?\s*(?P<after>[+-]?)\s*"
    rf"(?:(?P<mixed>\d{{1,9}})(?:\s+|\s*(?=\\frac))(?P<a>\d{{1,18}}|(?=\\frac))\s*(?:/\s*(?P<b>\d{{1,18}})|\\frac\{{(?P<c>\d{{1,18}})\}}\{{(?P<d>\d{{1,18}})\}})"
    rf"|\\frac\{{(?P<top>-?(?:{_WHOLE})(?:\.\d+)?)\}}\{{(?P<below>-?(?:{_WHOLE})(?:\.\d+)?)\}}"
    rf"|(?P<number>(?:{_WHOLE})(?:\.\d+)?|\.\d+)\.?"
    rf"(?:\s*/\s*(?P<over>(?:{_WHOLE})(?:\.\d+)?)|[eE](?P<e>[+-]?\d{{1,3}})|\s*(?:\\times|\*|x|·|\\cdot)\s*10\s*(?:\^|\*\*)\s*\{{?(?P<ten>[+-]?\d{{1,3}})\}}?)?)"
    rf"(?P<rest>.*)",
    re.DOTALL,
)
_UNIT = re.compile(
    rf"\s*(?:[{_MONEY}]|(?P<percent>%|percent\b|per cent\b|pct\b)|(?:{_ATTACHED})(?![a-zA-Z\d(^]))?"
    rf"(?:\s+(?P<scale>{'|'.join(name for name in SCALES if name.isascii())})s?\b)?"
    rf"(?P<words>(?:[\s-]+(?:[a-zA-Z'’]{{2,}}\.?|[{_MONEY}]|/|a|[A-Z]{{3}}|(?:square|cubic|sq\.?|cu\.?)))*(?:\s*/\s*[a-zA-Z]+)?(?:\s*\^?\{{?[23²³]\}}?)?)\s*[.,;]?\s*"
)
_NO_UNIT = re.compile(
    r"\b(?:and|or|plus|minus|times|over|mod|sqrt|pi|if|for|when|where|hundred|thousand|million|billion|to|sin|cos|tan|log|ln|from)\b", re.I
)


@dataclass(frozen=True)
class Number:
    """An exact value; `percent`: it was said as a percentage."""

    value: Fraction
    percent: bool = False


def number(text: str) -> Number | None:
    """The number that the text is, units aside; none where it is anything else."""
    if len(text) > LONGEST:
        return None
    found = _PLAIN.fullmatch(text.strip())
    if found is None:
        return None
    unit = _UNIT.fullmatch(found["rest"])
    if unit is None or _NO_UNIT.search(unit["words"]):
        return None
    value = _value(found)
    if value is None:
        return None
    value *= SCALES[unit["scale"]] if unit["scale"] else 1
    negative = (found["sign"] == "-") != (found["after"] == "-")
    return Number(-value if negative else value, unit["percent"] is not None or bool(re.match(r"\s*percent|\s*per cent", unit["words"])))


def _value(found: re.Match[str]) -> Fraction | None:
    if found["mixed"]:
        top, below = found["a"] or found["c"], found["b"] or found["d"]
        return None if not int(below) else int(found["mixed"]) + Fraction(int(top), int(below))
    top, below = found["top"] or found["number"], found["below"] or found["over"]
    value = _decimal(top)
    if below:
        under = _decimal(below)
        return value / under if under else None
    power = int(found["e"] or found["ten"] or 0)
    return value * Fraction(10) ** power if abs(power) <= LARGEST_POWER else None


def _decimal(text: str) -> Fraction:
    return Fraction(re.sub(r"[,' \u202f]", "", text))


def equal(one: Number, other: Number) -> bool:
    """Whether two numbers are the same; `50%` is both 50 and 0.5 to one that is no percentage."""
    if _close(one.value, other.value):
        return True
    if one.percent == other.percent:
        return False
    part, whole = (one.value, other.value) if one.percent else (other.value, one.value)
    return _close(part / 100, whole)


def _close(one: Fraction, other: Fraction) -> bool:
    if one.denominator == other.denominator == 1:
        return one == other
    difference: Fraction = abs(one - other)
    return bool(difference * 2 * 10**DECIMALS <= 1)
