"""Whether two answers are the same: by exact rules for numbers, words, lists and brackets; what these leave open goes to a library."""

import re
import unicodedata
from collections.abc import Callable
from itertools import permutations

from .plain_number import equal, number

Verdict = bool | None  # none: it cannot be told
Ask = Callable[[str, str], Verdict]
_RELATION = re.compile(r"[<>≤≥]|\\(?:le|ge|leq|geq|lt|gt|in)(?![a-zA-Z])")
MOST_PARTS = 64
MOST_ORDERS = 6  # parts that are matched in any order where the library must compare them

_DROPPED = re.compile(
    r"\\(?:left|right|displaystyle|,|;|!|:|quad|qquad|limits)(?![a-zA-Z])"
    r"|\\ |~|\\(?:text|textbf|mathrm|mathbf|operatorname|mbox)\s*\{(?P<inside>[^{}]*)\}"
)
_SPELLED = (("\\dfrac", "\\frac"), ("\\tfrac", "\\frac"), ("\\cfrac", "\\frac"), ("\\%", "%"), ("\\$", "$"), ("\\{", "{"), ("\\}", "}"), ("**", "^"))
_SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "÷": "/", "∞": "∞", "⁄": "/", "’": "'", "“": '"', "”": '"'})
_BARE_FRACTION = re.compile(r"\\frac\s*(\d)\s*(\d)(?!\d)|\\frac\s*(\d)\s*\{|\\frac\s*(\{[^{}]*\})\s*(\d)(?!\d)")
_ABOUT = re.compile(
    r"^(?:approximately|approx\.?|about|around|roughly|exactly|only|just|≈|\\approx|~|equal to|equals?|=|:|it is|a total of|is)\s*", re.I
)
_LEFT_SIDE = re.compile(
    r"^(?:[a-zA-Z](?:_\{?\w+\}?)?|[a-zA-Z]\([a-zA-Z]\)|[\w\s'’,$+*/().<>^-]*\d[\w\s'’,$+*/().<>^-]*|[A-Za-z][A-Za-z ]{2,60})"
    r"\s*(?:=|≈|\\approx)\s*(?=[^=<>]+$)"
)
_WORDS = re.compile(r"[^\W\d_]+(?:[\s'-]+[^\W\d_]+)*")
_CHOICE = re.compile(r"[(\[]?([a-jA-J])[)\]]?(?:[.:)].*)?", re.DOTALL)
_PARTS = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s*;\s*", re.IGNORECASE)
OPEN, CLOSE = "({[", ")}]"


def same(given: str, wanted: str, ask: Ask) -> Verdict:
    """Whether `given` says what `wanted` does. `ask` is for expressions, and is asked last."""
    one, other = plain(given), plain(wanted)
    if _key(one) == _key(other):
        return True
    first, second = number(one), number(other)
    if first and second:
        return equal(first, second)
    if _is_choice(one, other):
        return _letter(one) == _letter(other)
    if _WORDS.fullmatch(one) and _WORDS.fullmatch(other):
        return _words(one) == _words(other) if len(one) > 1 and len(other) > 1 else False
    short, brief = _right_side(one), _right_side(other)
    if (short, brief) != (one, other) and (short == one or brief == other or (number(short) and number(brief))):
        return same(short, brief, ask)
    parts = _same_parts(one, other, ask)
    if parts is not ...:
        return parts  # type: ignore[return-value]
    if (first or second) and (_WORDS.fullmatch(one) or _WORDS.fullmatch(other)):
        return False
    return ask(given, wanted)


def plain(text: str) -> str:
    """The answer in one spelling: signs of layout gone, `\\frac12` as `\\frac{1}{2}`."""
    text = unicodedata.normalize("NFKC", re.sub(r"(?<=\d)(?=[¼-¾⅐-⅞])", " ", text)).translate(_SIGNS)
    for said, put in _SPELLED:
        text = text.replace(said, put)
    text = _DROPPED.sub(lambda found: f" {found['inside']}" if found["inside"] is not None else " ", text)
    text = _BARE_FRACTION.sub(_braced, text)
    text = re.sub(r"\^\{?\\circ\}?", "°", text).replace("\\infty", "∞").replace("\\pi", "π").replace("\\cup", "∪")
    return _ABOUT.sub("", " ".join(text.replace("$", " $").split()).replace("$ ", "$").strip("$ ")).strip().rstrip(".").strip()


def _braced(found: re.Match[str]) -> str:
    if found[1]:
        return f"\\frac{{{found[1]}}}{{{found[2]}}}"
    return f"\\frac{{{found[3]}}}{{" if found[3] else f"\\frac{found[4]}{{{found[5]}}}"


def _key(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


def _words(text: str) -> str:
    return " ".join(re.sub(r"^(?:the|an?)\s+", "", text.casefold()).split())


def _is_choice(one: str, other: str) -> bool:
    """`(B)` and `B. Paris`: one of several given answers."""
    short = [text for text in (one, other) if re.fullmatch(r"[(\[]?[A-Ja-j][)\].:]?", text)]
    return bool(short) and all(_CHOICE.fullmatch(text) for text in (one, other))


def _letter(text: str) -> str:
    found = _CHOICE.fullmatch(text)
    return found[1].casefold() if found else ""


def _right_side(text: str) -> str:
    return _LEFT_SIDE.sub("", text, count=1)


def _same_parts(one: str, other: str, ask: Ask) -> Verdict | object:
    """The verdict on two lists, sets, pairs or intervals; ... where they are none."""
    (left, first, right), (opened, second, closed) = _apart(one), _apart(other)
    if len(first) == len(second) == 1 and "[" not in (left, opened) and left + opened:
        return same(first[0], second[0], ask)
    if len(first) == len(second) == 1 or max(len(first), len(second)) > MOST_PARTS:
        return ...
    if len(first) != len(second):
        return ... if _RELATION.search(one) or _RELATION.search(other) else False
    if (left, right) != (opened, closed) and "(" in left + opened and {left, opened} != {"", "("}:
        return False
    if "[" in left + opened and (left, right) != (opened, closed):
        return False
    if "(" in (left, opened) or "[" in (left, opened):
        return _all(same(a, b, ask) for a, b in zip(first, second, strict=True))
    return _in_any_order(first, second, ask)


def _in_any_order(first: list[str], second: list[str], ask: Ask) -> Verdict:
    """Whether each part of one stands in the other: sets, and lists without brackets."""
    left = list(second)
    rest = []
    for part in first:
        twin = next((at for at, other in enumerate(left) if _surely(part, other)), None)
        if twin is None:
            rest.append(part)
        else:
            left.pop(twin)
    if not rest:
        return True
    if len(rest) > MOST_ORDERS or all(number(part) for part in (*rest, *left)):
        return False
    told = {(a, b): same(a, b, ask) for a in rest for b in left}
    for order in permutations(left):
        if all(told[pair] for pair in zip(rest, order, strict=True)):
            return True
    return None if None in told.values() else False


def _surely(one: str, other: str) -> bool:
    return same(one, other, lambda *_: None) is True


def _all(verdicts: object) -> Verdict:
    told = list(verdicts)  # type: ignore[call-overload]
    return False if False in told else None if None in told else True


def _apart(text: str) -> tuple[str, list[str], str]:
    """The bracket that opens, the parts at its level, the bracket that closes."""
    opened, closed = (text[0], text[-1]) if len(text) > 1 and text[0] in OPEN and text[-1] in CLOSE and _encloses(text) else ("", "")
    inside = text[1:-1] if opened else text
    cuts, left, parts = [found.span() for found in _PARTS.finditer(inside) if _level(inside, found.start()) == 0], 0, []
    for start, stop in cuts:
        if re.match(r",\d{3}(?!\d)", inside[start:]) and re.search(r"(?<!\d)\d{1,3}$", inside[:start]) and not opened:
            continue  # thousands
        parts.append(inside[left:start].strip())
        left = stop
    return opened, [*parts, inside[left:].strip()], closed


def _encloses(text: str) -> bool:
    return all(_level(text, at) > 0 for at in range(1, len(text)) if text[at - 1] in CLOSE or at == 1)


def _level(text: str, at: int) -> int:
    return sum(text.count(sign, 0, at) for sign in OPEN) - sum(text.count(sign, 0, at) for sign in CLOSE)
