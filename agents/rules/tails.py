"""Reads slices of a distribution with two ends: both tails cut off, the middle kept, from one percentile to another."""

import re

from . import slots
from .clauses import Phrase
from .columns import called, mentions, text_of
from .profile import Column
from .wishes import SELECT, Scene, Trouble, Wish

_LOW = r"(?:lowest|bottom|smallest|worst|shortest|lower|least|low)"
_HIGH = r"(?:highest|top|largest|biggest|best|longest|upper|greatest|high)"
_BOTH = re.compile(
    r"\b(?:both (?:ends|tails|sides|extremes)|either (?:end|side|tail)|each (?:end|side|tail)|(?:top|upper|highest|"
    r"high) (?:and|&) (?:the )?(?:bottom|lower|lowest|low)|"
    r"(?:bottom|lower|lowest|low) (?:and|&) (?:the )?(?:top|upper|highest|high))\b"
)
_MOST = r"(?:[a-z]{2,}est|(?:most|least)\s+[a-z]+|best|worst|top|bottom)"
_TWO_ENDS = re.compile(
    rf"(?P<a>{slots.NUMBER})\s+(?:of\s+the\s+)?(?P<one>{_MOST})\b[^.;]{{0,40}}?\b(?:and|&|plus|as well as)\s+(?:also\s+)?(?:the\s+)?"
    rf"(?:(?P<b>{slots.NUMBER})\s+(?:of\s+the\s+)?)?(?P<two>{_MOST})\b"
)  # `the 10% easiest and the 10% hardest`
_LENGTHS = re.compile(r"\b(?:longest|shortest)\b|\blength\b")
_MIDDLE = re.compile(r"\b(?:middle|central|inner)\b")
_CENTILE = re.compile(r"(?P<n>\d+(?:\.\d+)?)\s?(?:st|nd|rd|th)?(?=(?:\s*(?:percentile|and|to|-|–)))")
_OUTLIERS = re.compile(r"\boutliers?\b|\bextremes?\b|\btails\b")


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """A bound on the quantile at both ends."""
    ends = _ends(phrase)
    if ends is None:
        return []
    column = _column(phrase, scene)
    low, high = round(ends[0], 6), round(ends[1], 6)
    if _LENGTHS.search(phrase.lower) and not any(one.column.is_number for one in mentions(phrase, scene.main)):
        return _by_length(phrase, scene, {"at_least": low, "at_most": high})
    if column is None:
        known = ", ".join(one.name for one in scene.main.columns if one.is_number) or f"none, only {', '.join(scene.main.names)}"
        return Trouble("ask", f"{phrase.text!r}: the distribution of which number column? There is {known}.")
    evidence = f"quantile: {column.name} from {low:g} to {high:g} stays, from {phrase.text!r}"
    params: dict[str, object] = {"at_least": low, "at_most": high}
    span = (0, len(phrase.lower))
    return [Wish(op="quantile", id="middle", stage=SELECT, params=params, on=column.name, filters=True, span=span, evidence=evidence)]


def _by_length(phrase: Phrase, scene: Scene, params: dict[str, object]) -> list[Wish]:
    """`the shortest and the longest tenth`: the length is measured first."""
    column = text_of(phrase, scene.main)
    measure = "characters" if re.search(r"\bcharacters?\b", phrase.lower) else "words"
    span = (0, len(phrase.lower))
    measured = Wish(
        op=measure,
        id="lengths",
        stage=SELECT,
        on=column.name if column else None,
        span=span,
        evidence=f"{measure}: longest and shortest in {measure}",
    )
    shown = f"quantile: lengths from {params['at_least']:g} to {params['at_most']:g} stay"
    on = f"lengths.{measure}"
    return [measured, Wish(op="quantile", id="middle", stage=SELECT, params=params, on=on, filters=True, span=span, evidence=shown)]


def explains(phrase: Phrase, others: list[Phrase]) -> bool:
    """`trim the outliers`, where another clause says which."""
    return bool(_OUTLIERS.search(phrase.lower)) and not slots.shares(phrase.lower) and any(_ends(other) for other in others)


def _ends(phrase: Phrase) -> tuple[float, float] | None:
    if re.search(r"\bpercentiles?\b", phrase.lower):
        found = sorted(float(match["n"]) / 100 for match in _CENTILE.finditer(phrase.lower))
        return (found[0], found[1]) if len(found) == 2 and 0 <= found[0] < found[1] <= 1 and phrase.side != "drop" else None
    shares = slots.shares(phrase.lower)
    if _MIDDLE.search(phrase.lower) and len(shares) == 1 and phrase.side != "drop":
        rest = (1 - shares[0].value) / 2
        return rest, 1 - rest
    if phrase.side == "keep":
        return None
    low = next((one.value for one in shares if _beside(phrase, one, _LOW)), None)
    high = next((one.value for one in shares if _beside(phrase, one, _HIGH)), None)
    if low and high:
        return low, 1 - high
    two = _TWO_ENDS.search(phrase.lower)
    first, second = (slots.value(two["a"]), slots.value(two["b"] or two["a"])) if two else ((0.0, False), (0.0, False))
    if two and two["one"] != two["two"] and first == second and first[1]:
        return first[0], 1 - first[0]
    if len(shares) == 1 and _BOTH.search(phrase.lower):
        return shares[0].value, 1 - shares[0].value
    return None


def _beside(phrase: Phrase, share: slots.Number, word: str) -> bool:
    before = re.search(rf"\b{word}\s+$", phrase.lower[: share.start])
    return bool(before or re.match(rf"\s*(?:of the\s+|with the\s+)?{word}\b", phrase.lower[share.end :]))


def _column(phrase: Phrase, scene: Scene) -> Column | None:
    found = [mention.column for mention in mentions(phrase, scene.main) if mention.column.is_number]
    numbers = [column for column in scene.main.columns if column.is_number and not column.is_key]
    return next(iter(found), None) or called(phrase, scene.main, ("number",)) or (numbers[0] if len(numbers) == 1 else None)
