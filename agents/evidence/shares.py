"""What a text is made of: shares of digits, capitals and repeated lines, a script, brackets, refusals, swear words."""

import re
from collections.abc import Callable

from agents.rules import slots

from .findings import Check, Filter, RowTest, shown
from .ground import Row
from .said import Said

Range = tuple[float, float]
_SCRIPTS = {
    "cyrillic": "\u0400-\u052f", "greek": "\u0370-\u03ff", "arabic": "\u0600-\u06ff", "hebrew": "\u0590-\u05ff", "latin": "A-Za-z\u00c0-\u024f",
    "devanagari": "\u0900-\u097f", "thai": "\u0e00-\u0e7f",
}  # fmt: skip
_SCRIPT = re.compile(rf"\b(?:in |written in )?(?P<name>{'|'.join(_SCRIPTS)}) (?:letters|script|alphabet|characters)\b")
_CAPS = re.compile(r"\b(?:written )?in (?:all caps|capitals|all capitals|capital letters|upper ?case)\b|\ball[ -]caps\b")
_SHARE = re.compile(
    r"\b(?:of (?:the |their |its |all )?)?(?P<of>characters|letters|lines)\s+(?:that )?(?:are|being)\s+(?P<what>digits|numbers|capitals|"
    r"upper ?case|capital letters|"
    r"repeats|repeated|duplicates|duplicated)\b"
)
_BRACKETS = re.compile(r"\bcurly (?:brackets|braces)\b|\bbraces\b")
_SWEARS = re.compile(r"\b(?:profanity|profane|swear ?words?|curse words?|foul language|swearing|obscene \w+)\b")
_LISTED = re.compile(r"\s*(?:\(|,? such as |,? like |: ?)(?:e\.g\. )?(?P<list>[a-z]{3,}(?:(?:, | and | or )[a-z]{3,})*)(?: and so on| etc\.?)?\)?")
_REFUSES = re.compile(r"\brefus\w+\b|\bai disclaimers?\b")
_REFUSAL = re.compile(
    r"(?i)\A\W*(?:i'?m sorry,? but i (?:can'?t|cannot|am unable)|as an ai (?:language )?model,? i (?:can'?t|cannot|do not|don't)|"
    r"i cannot (?:assist|help) with)"
)
SWEARS = ("fuck", "fucking", "shit", "bitch", "asshole", "motherfucker", "cunt")


def read(said: Said) -> list[Check]:
    """`more than 5% of the characters are digits`, `in Cyrillic letters`, `no profanity`."""
    for reader in (_shares, _script, _caps, _brackets, _swears, _refusals):
        found = reader(said)
        if found:
            return found
    return []


def _make(said: Said, start: int, end: int, judge: Callable[[str], bool | None], says: str, slack: float = 0.0) -> list[Check]:
    wanted = said.wanted(start)
    if wanted is None:
        return []
    return [Filter(start, end, tuple(RowTest((name,), _on(name, judge), f"{says} in {name}", wanted, slack) for name in said.texts(start)))]


def _on(column: str, judge: Callable[[str], bool | None]) -> Callable[[Row], bool | None]:
    def of(row: Row) -> bool | None:
        value = row[column]
        return judge(value) if isinstance(value, str) else None

    return of


def _shares(said: Said) -> list[Check]:
    match = _SHARE.search(said.lower)
    bounds = [one for one in slots.bounds(said.lower) if one.share and match and one.end <= match.start() + 4]
    if match is None or len(bounds) != 1:
        return []
    bound, measure = bounds[0], _digits if match["what"] in ("digits", "numbers") else _repeated if match["of"] == "lines" else _capitals

    def judge(text: str) -> bool | None:
        low, high = measure(text)
        if (bound.low is None or low > bound.low + 1e-9) and (bound.high is None or high < bound.high - 1e-9):
            return True
        if (bound.low is not None and high < bound.low - 1e-9) or (bound.high is not None and low > bound.high + 1e-9):
            return False
        return None

    return _make(said, bound.start, match.end(), judge, f"with {said.text[bound.start : match.end()]}")


def _digits(text: str) -> Range:
    count = sum(sign.isdigit() for sign in text)
    return count / max(len(text), 1), count / max(len("".join(text.split())), 1)


def _capitals(text: str) -> Range:
    count, letters = sum(sign.isupper() for sign in text), sum(sign.isalpha() for sign in text)
    return count / max(len(text), 1), count / max(letters, 1)


def _repeated(text: str) -> Range:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    surplus = len(lines) - len(set(lines))
    every = sum(lines.count(line) > 1 for line in lines) if len(lines) < 2000 else len(lines)
    blank = len(text.splitlines()) + 1
    return min(surplus / max(len(lines), 1), surplus / blank), every / max(len(lines), 1)


def _script(said: Said) -> list[Check]:
    match = _SCRIPT.search(said.lower)
    if match is None:
        return []
    signs = re.compile(f"[{_SCRIPTS[match['name']]}]")

    def judge(text: str) -> bool | None:
        letters = sum(sign.isalpha() for sign in text)
        share = len(signs.findall(text)) / letters if letters >= 10 else 0.5
        return True if share > 0.9 else False if share < 0.1 else None

    return _make(said, match.start(), match.end(), judge, f"in {match['name']} letters")


def _caps(said: Said) -> list[Check]:
    match = _CAPS.search(said.lower)

    def judge(text: str) -> bool | None:
        letters = [sign for sign in text if sign.isalpha()]
        share = sum(sign.isupper() for sign in letters) / len(letters) if len(letters) >= 10 else 0.5
        return True if share > 0.95 else False if share < 0.3 else None

    return _make(said, match.start(), match.end(), judge, "in capitals") if match else []


def _brackets(said: Said) -> list[Check]:
    match = _BRACKETS.search(said.lower)
    bounds = [one for one in slots.bounds(said.lower) if match and one.end <= match.start() and not one.share]
    if match is None or len(bounds) != 1:
        return []
    low, high = bounds[0].whole()

    def judge(text: str) -> bool | None:
        least, most = min(text.count("{"), text.count("}")), text.count("{") + text.count("}")
        if (low is None or least >= low) and (high is None or most <= high):
            return True
        return False if (low is not None and most < low) or (high is not None and least > high) else None

    return _make(said, bounds[0].start, match.end(), judge, f"with {said.text[bounds[0].start : match.end()]}")


def _swears(said: Said) -> list[Check]:
    """Only the plainest words are looked for: that none is there says nothing of others."""
    match = _SWEARS.search(said.lower)
    if match is None:
        return []
    listed = _LISTED.match(said.lower[match.end() :])
    known = [word for word in re.split(r", | and | or ", listed["list"]) if word not in ("so", "on")] if listed else list(SWEARS)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})\b", re.I)
    end = match.end() + (listed.end() if listed else 0)
    return _make(said, match.start(), end, lambda text: True if pattern.search(text) else None, f"with {shown(known[0])} or the like", 0.05)


def _refusals(said: Said) -> list[Check]:
    match = _REFUSES.search(said.lower)
    if match is None:
        return []
    last = [one.end() for one in _REFUSES.finditer(said.lower)][-1]
    return _make(said, match.start(), last, lambda text: True if _REFUSAL.search(text) else None, "with a plain refusal", 0.1)
