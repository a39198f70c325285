"""Texts as units, words, characters, sentences or tokens, and where to cut so that pieces hold at most so many of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from .boundaries import Places, Texts
from .tokenizers import token_starts

Unit = Literal["words", "characters", "lines", "sentences", "paragraphs", "tokens"]
UNITS: tuple[Unit, ...] = ("words", "characters", "lines", "sentences", "paragraphs", "tokens")
Boundary = Literal["word", "sentence", "paragraph"]


@dataclass(frozen=True)
class Units:
    """Where the units of a batch begin, in order; none: each character is one. `nice`: units before which to cut rather, best first."""

    starts: Places | None
    nice: tuple[Places, ...] = ()

    def few(self, bounds: Places, most: int) -> npt.NDArray[np.bool_]:
        """Which of the ranges between bounds hold at most so many."""
        found: npt.NDArray[np.bool_] = np.diff(bounds if self.starts is None else np.searchsorted(self.starts, bounds)) <= most
        return found

    def within(self, start: int, stop: int) -> tuple[Sequence[int], list[list[int]]]:
        """Of a range: where its units begin, and which of them are nice to cut before."""
        if self.starts is None:
            low, own = start, range(start, stop)
        else:
            low, high = np.searchsorted(self.starts, (start, stop)).tolist()
            own = self.starts[low:high].tolist()
        sides = [np.searchsorted(places, (low, low + len(own))).tolist() for places in self.nice]
        return own, [(places[left:right] - low).tolist() for places, (left, right) in zip(self.nice, sides, strict=True)]


def units_of(texts: Texts, unit: Unit, at: Boundary, tokenizer: str = "", digest: str = "") -> Units:
    """The units of a batch of texts."""
    if unit in ("lines", "sentences"):
        return Units(texts.lines if unit == "lines" else texts.sentences)
    if unit == "paragraphs":
        return Units(np.unique(np.concatenate((texts.bounds[:-1], texts.paragraphs))))
    ends = {"word": [], "sentence": [texts.sentences], "paragraph": [texts.paragraphs, texts.sentences]} if at != "word" else {"word": []}
    wanted = ends[at]
    if unit == "words":
        return Units(texts.words, tuple(_first_of(texts.words, places) for places in wanted))
    if unit == "characters":
        return Units(None, (*wanted, texts.words))
    bounds = texts.bounds.tolist()
    whole = [texts.whole[start:stop] for start, stop in pairwise(bounds)]
    found = [places + start for places, start in zip(token_starts(whole, tokenizer, digest), bounds, strict=False)]
    starts = np.concatenate([np.zeros(0, np.int64), *found])
    return Units(starts, tuple(_holding(starts, places) for places in (*wanted, texts.words)))


def cuts(starts: Sequence[int], nice: Sequence[Sequence[int]], most: int, overlap: int) -> list[tuple[int, int]]:
    """The pieces of a range: first unit of each, and the unit after its last. A piece is cut before the last nice unit in its last third."""
    count, first, done, found = len(starts), 0, 0, []
    while first + most < count:
        after = first + most
        low = max(done + 1, first + overlap + 1, after - most // 3)
        for places in nice:
            turn = bisect_right(places, after)
            if turn and places[turn - 1] >= low:
                after = places[turn - 1]
                break
        after = _whole(starts, done, after)
        if after == count:
            break
        found.append((first, after))
        first, done = _again(starts, first, after, most, overlap) if overlap else after, after
    return [*found, (first, count)]


def _whole(starts: Sequence[int], done: int, after: int) -> int:
    """The last unit up to `after` that begins a character; where it is one character alone, what comes behind it."""
    if starts[after] != starts[after - 1]:
        return after
    down = bisect_left(starts, starts[after])
    return down if down > done else bisect_right(starts, starts[after])


def _again(starts: Sequence[int], first: int, after: int, most: int, overlap: int) -> int:
    """Where the next piece begins: `overlap` units before `after`, or fewer where it would have no room for a character of several tokens."""
    at = max(after - overlap, bisect_right(starts, starts[after]) - most, first + 1)
    return min(after, at if starts[at] != starts[at - 1] else bisect_right(starts, starts[at]))


def _first_of(units: Places, places: Places) -> Places:
    """The numbers of the units that begin at these places."""
    at = np.searchsorted(units, places)
    return at[units[np.minimum(at, len(units) - 1)] == places] if len(units) else at


def _holding(units: Places, places: Places) -> Places:
    """The numbers of the units that these places lie in, each once; of tokens that share a character the first."""
    at = np.unique(np.searchsorted(units, places, side="right") - 1)
    return np.unique(np.searchsorted(units, units[at[at >= 0]]))
