"""Where sentences begin. Rules, not a model: a stop ends a sentence unless what stands before or behind it says otherwise.

Written for languages with Latin stops, English and German above all, and for Chinese, Japanese, Arabic and Hindi stops.
"""

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .sentence_words import ABBREVIATIONS, AFTER_TIMES, BEFORE_NUMBER, ENDS_EITHER_WAY, INSIDE, MONTHS, STARTERS, TIMES, TITLES

LATIN, WIDE, OTHER, SPACE, CLOSER = (1 << n for n in range(5))
SIGNS = (
    (LATIN, ".!?…"),
    (WIDE, "。！？｡"),
    (OTHER, "؟۔।॥።"),
    (SPACE, "".join(chr(code) for code in range(0x3001) if chr(code).isspace())),
    (CLOSER, "\"'”’»)]*_["),  # `[` of `[3]`, a source behind the stop
)
HIGHEST = 0xFF61  # of all these
CLOSED = re.compile(r"[\"'”’»)\]*_]*(?:\[\d{1,3}\])*")
CLOSED_WIDE = re.compile(r"[。！？｡]*[”’」』）)\"]*")
CLOSED_OTHER = re.compile(r"[؟۔।॥።]*[\"”»)]*")
_ITEM = r"[^\S\n]*(?:\n|(?:[-*•–]|#{1,6}|\(?\d{1,3}[.)])[^\S\n])"
ITEM_AHEAD, BREAK_BEFORE_ITEM = re.compile(_ITEM), re.compile(rf"\n(?={_ITEM})")
WORD_BEFORE = re.compile(r"[\w.&’'-]*$")
REACH = 24  # characters before a stop that are looked at

PRONOUN = re.compile(r"(?:^|\W)[a-z]\w*\sI$")  # `you and I`, not `Albert I`
QUOTED_ON = frozenset("とっなのはがをにでも")  # 「…。」と言った goes on


def starts(whole: str, bounds: npt.NDArray[np.int64]) -> list[int]:
    """Where the sentences of texts begin, which lie one after the other: each at its first character that is no white space."""
    found: list[int] = []
    stops = _candidates(whole, bounds)
    for start, stop, low, high in zip(
        bounds[:-1].tolist(), bounds[1:].tolist(), *np.searchsorted(stops, (bounds[:-1], bounds[1:])).tolist(), strict=True
    ):
        first = _solid(whole, start, stop)
        if first < stop:
            found.append(first)
            _starts(whole, stops[low:high].tolist(), stop, found)
    return found


def _candidates(whole: str, bounds: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where a sentence may end: the last of a run of stops with a space or a closing sign behind it, a wide stop, a line break before an item."""
    is_plain = whole.isascii()
    codes = np.frombuffer(whole.encode("ascii" if is_plain else "utf-32-le"), np.uint8 if is_plain else np.uint32)
    kind = _kinds()[codes if is_plain else np.minimum(codes, HIGHEST + 1)]
    after = np.full(len(kind), SPACE, np.uint8)
    after[:-1] = kind[1:]
    after[bounds[1:][bounds[1:] > 0] - 1] = SPACE
    ends = (kind & LATIN > 0) & (after & (SPACE | CLOSER) > 0) | (kind & (WIDE | OTHER) > 0)
    breaks = np.array([found.start() for found in BREAK_BEFORE_ITEM.finditer(whole)], np.int64)
    return np.sort(np.concatenate((np.flatnonzero(ends), breaks)))


@lru_cache(maxsize=1)
def _kinds() -> npt.NDArray[np.uint8]:
    found = np.zeros(HIGHEST + 2, np.uint8)
    for kind, signs in SIGNS:
        found[[ord(sign) for sign in signs]] |= kind
    return found


def _starts(whole: str, stops: list[int], stop: int, found: list[int]) -> None:
    """Adds the sentences of one text behind the first."""
    for at in stops:
        if at < found[-1]:
            continue
        after = _after(whole, at, found[-1], stop)
        if after == stop:
            return
        if after > found[-1]:
            found.append(after)


def _after(whole: str, at: int, begun: int, stop: int) -> int:
    """Where the next sentence begins if one ends at this stop, else 0; the end of the text if nothing comes behind it."""
    sign = whole[at]
    if sign in ".!?…":
        end = at + 1
        if end < stop and not whole[end].isspace():
            end = CLOSED.match(whole, end, stop).end()  # type: ignore[union-attr]
        after = _solid(whole, end, stop)
        if after in (end, stop):
            return after if after == stop else 0
        follows = whole[after]
        if follows.islower() or follows in ",;:).!?…":
            return 0
        is_full = sign == "." and end == at + 1 and whole[at - 1] not in ".!?…"
        return after if not is_full or at == begun or _full_stop(whole, at, begun, after) else 0
    if sign == "\n":
        return _solid(whole, at, stop) if ITEM_AHEAD.match(whole, at + 1, stop) else 0
    end = (CLOSED_OTHER if sign in "؟۔।॥።" else CLOSED_WIDE).match(whole, at, stop).end()  # type: ignore[union-attr]
    after = _solid(whole, end, stop)
    goes_on = end < stop and whole[end - 1] in "」』" and (whole[end] in QUOTED_ON or whole[end] in "「『")
    return 0 if goes_on else after


def _full_stop(whole: str, at: int, begun: int, after: int) -> bool:
    """Whether a full stop with a word, number or capital behind it ends its sentence."""
    near = whole[max(whole.rfind(" ", begun, at) + 1, begun) : at]
    if len(near) > 1 and near.isalpha() and near.lower() not in ABBREVIATIONS:
        return True
    found = WORD_BEFORE.search(whole, max(begun, at - REACH), at)
    said = found[0] if found else ""
    word = said.lower().strip("'’-").rpartition("'")[2]
    if not word:
        return True
    if word in TITLES or word in INSIDE:
        return False
    if word.isdigit():
        counts = found is not None and found.start() == begun and len(word) <= 3  # `1. Install it`
        return not counts and not (len(word) <= 2 and _next_word(whole, after) in MONTHS)
    if word in BEFORE_NUMBER and (word != "no" or said[0].islower() or whole[at - len(said) - 1 : at - len(said)] != "\n"):
        return not (whole[after].isdigit() or whole[after] in "#(")
    if len(said) == 1 and said.isupper() and whole[at - 2 : at - 1] not in ("°", "%"):
        return said == "I" and PRONOUN.search(whole, max(begun, at - REACH), at) is not None
    if word in TIMES:
        return _next_word(whole, after) not in AFTER_TIMES
    if word in ENDS_EITHER_WAY or _is_acronym(said):
        return _next_word(whole, after) in STARTERS or not whole[after].isalnum()
    return True


def _is_acronym(said: str) -> bool:
    """`U.S`, `e.V`: single letters with stops between."""
    return "." in said and all(len(part) == 1 and part.isalpha() for part in said.split("."))


def _next_word(whole: str, after: int) -> str:
    found = NEXT.match(whole, after)
    return found[0].lower() if found else ""


NEXT = re.compile(r"\w+")


def _solid(whole: str, start: int, stop: int) -> int:
    """The first place from `start` on that holds no white space."""
    while start < stop and whole[start].isspace():
        start += 1
    return start
