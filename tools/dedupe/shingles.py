"""Word n-grams of texts, hashed: the common ground of minhash_dedup, decontaminate.

A word is a run of letters, digits and marks, lower-cased; each Han, Hiragana and Katakana character is a word of its own, so
that texts without spaces have n-grams too. Compiled (tools/kernels/near.py), or over whole batches in numpy, a piece of about
a megabyte at a time, with the same result.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tools.kernels import compiled

Bytes: TypeAlias = npt.NDArray[np.uint8]
Hashes: TypeAlias = npt.NDArray[np.uint64]
Numbers: TypeAlias = npt.NDArray[np.int64]
Characters: TypeAlias = npt.NDArray[np.uint32]

PIECE = 1 << 19  # bytes computed at once: small enough for the processor's cache
HIGHEST = 0x32400  # no letter stands above
DOTTED = 0x130  # İ, the one character that is two in lower case; the first of them counts
ALONE = 1 << 31  # in the table of characters: a word of its own
UNMET = np.uint32(0xFFFFFFFF)
WIDE = 0xD8  # no byte of a character below U+0600 is as high
ODD = np.uint64(0x9E3779B97F4A7C15)
MIXER = np.uint64(0xD6E8FEB86659FD93)
BASE = 0xC2B2AE3D27D4EB4F  # of the polynomial over the characters of a word
SINGLES = ((0x3005, 0x3008), (0x3021, 0x302A), (0x3038, 0x303C), (0x3041, 0x3100), (0x31F0, 0x3200), (0x3400, 0x4DC0), (0x4E00, 0xA000))
MORE_SINGLES = ((0xF900, 0xFB00), (0xFF66, 0xFFA0), (0x1AFF0, 0x1B170), (0x20000, HIGHEST))


@dataclass(frozen=True)
class Grams:
    """The n-grams of each row, in order: those of row i are `hashes[offsets[i]:offsets[i + 1]]`."""

    hashes: Hashes
    offsets: Numbers

    @property
    def counts(self) -> Numbers:
        counts: Numbers = np.diff(self.offsets)
        return counts


def words(texts: pa.Array) -> Grams:
    """The words of each text."""
    data, offsets = text_bytes(texts)
    fast = compiled("near", len(data))
    if fast is None:
        return _words_of_pieces(data, offsets)
    hashes, ends = np.empty(most_words(data, offsets), np.uint64), np.zeros(len(offsets), np.int64)
    count = fast.words(data, offsets, characters(data), hashes, ends[1:])
    return Grams(hashes[:count], ends)


def distinct(texts: pa.Array, n: int) -> Grams:
    """The word n-grams of each text, each once, in any order."""
    data, offsets = text_bytes(texts)
    fast = compiled("near", len(data))
    if fast is None:
        own = grams(_words_of_pieces(data, offsets), n)
        sets = [np.unique(own.hashes[one:two]) for one, two in pairwise(own.offsets.tolist())]
        return Grams(np.concatenate([np.zeros(0, np.uint64), *sets]), np.cumsum([0, *map(len, sets)], dtype=np.int64))
    hashes, ends = np.empty(most_words(data, offsets), np.uint64), np.zeros(len(offsets), np.int64)
    count = fast.distinct(data, offsets, characters(data), n, hashes, ends[1:])
    return Grams(hashes[:count], ends)


def text_bytes(texts: pa.Array) -> tuple[Bytes, Numbers]:
    """The bytes of all texts, and where each begins and ends in them."""
    _, bounds, data = texts.buffers()
    offsets = np.frombuffer(bounds, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64) if bounds else np.zeros(1, np.int64)
    if len(offsets) == 0 or data is None:
        return np.zeros(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    return np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]], offsets - offsets[0]


def most_words(data: Bytes, offsets: Numbers) -> int:
    """Room for the words of all texts: between two words stands at least one byte, or they have three each."""
    return len(data) // 2 + len(offsets)


def characters(data: Bytes) -> Characters:
    """A table for all code points that may occur in these bytes: the lower-cased one where it belongs to a word, else 0."""
    highest = int(data.max(initial=0))
    return _table(0x80 if highest < 0x80 else 0x600 if highest < WIDE else HIGHEST)


def shingles(texts: pa.Array, n: int) -> Grams:
    """The word n-grams of each text; a text of fewer words is one n-gram by itself, a text of none has none."""
    return grams(words(texts), n)


def grams(own: Grams, n: int) -> Grams:
    counts = own.counts
    each = np.where(counts >= n, counts - n + 1, counts > 0)
    offsets = np.concatenate(([0], np.cumsum(each)))
    rolled = np.zeros(len(own.hashes), np.uint64)
    for turn in range(min(n, len(rolled))):
        rolled[: len(rolled) - turn] += own.hashes[turn:] * np.uint64(pow(int(ODD), turn, 1 << 64))
    hashes = rolled[positions(own.offsets[:-1], each)]
    for length in range(1, n):  # the sums above ran on into the next row
        short = np.flatnonzero(counts == length)
        inside = own.hashes[own.offsets[short][:, None] + np.arange(length)]
        hashes[offsets[short]] = (inside * np.array([pow(int(ODD), turn, 1 << 64) for turn in range(length)], np.uint64)).sum(axis=1)
    return Grams(mixed(hashes), offsets)


def positions(starts: Numbers, counts: Numbers) -> Numbers:
    """starts[0], starts[0] + 1, … (counts[0] of them), starts[1], …"""
    before = np.cumsum(counts) - counts
    found: Numbers = np.arange(int(counts.sum()), dtype=np.int64) + np.repeat(starts - before, counts)
    return found


def mixed(values: Hashes) -> Hashes:
    """Spread each value over all 64 bits."""
    values = (values ^ (values >> np.uint64(32))) * MIXER
    values = (values ^ (values >> np.uint64(29))) * ODD
    return values ^ (values >> np.uint64(32))


def _words_of_pieces(data: Bytes, offsets: Numbers) -> Grams:
    hashes, starts = [], []
    for start, stop in _pieces(data, offsets):
        found, at = _words(data[start:stop], offsets[np.searchsorted(offsets, start) : np.searchsorted(offsets, stop)] - start)
        hashes.append(found)
        starts.append(at + start)
    flat, at = np.concatenate([np.zeros(0, np.uint64), *hashes]), np.concatenate([np.zeros(0, np.int64), *starts])
    return Grams(flat, np.searchsorted(at, offsets).astype(np.int64))


def _pieces(data: npt.NDArray[np.uint8], offsets: Numbers) -> list[tuple[int, int]]:
    """Cuts of about PIECE bytes before a row or at a space, where no word can be cut in two."""
    whole, cuts, start = memoryview(data.data), [], 0
    while start < len(data):
        stop = start + PIECE
        if stop >= len(data):
            stop = len(data)
        else:
            row = int(offsets[np.searchsorted(offsets, stop, side="right") - 1])
            space = row if row > start else start + bytes(whole[start:stop]).rfind(b" ")
            stop = space if space > start else _next_cut(whole, offsets, stop)
        cuts.append((start, stop))
        start = stop
    return cuts


def _next_cut(whole: memoryview, offsets: Numbers, start: int) -> int:
    """A long text without spaces: on to the next space or the next row."""
    row = int(offsets[np.searchsorted(offsets, start)])
    space = bytes(whole[start:row]).find(b" ")
    return row if space < 0 else start + space


def _words(data: Bytes, rows: Numbers) -> tuple[Hashes, Numbers]:
    """Hashes of the words of one piece and the byte where each begins; no word goes across one of `rows`."""
    points, at = _points(data)
    values = _met(points)
    inside = values != 0
    fresh = np.ones(len(points) + 1, bool)  # where a word may not go on from the character before
    fresh[1:-1] = ~inside[:-1]
    fresh[:-1] |= ~inside
    fresh[np.searchsorted(at, rows) if at is not None else rows] = True
    if len(data) and int(data.max()) >= WIDE:
        alone = values >= ALONE
        fresh[:-1] |= alone
        fresh[1:] |= alone
        values &= np.uint32(ALONE - 1)
    heads = np.flatnonzero(inside & fresh[:-1])
    ends = np.flatnonzero(inside & fresh[1:]) + 1
    powers, inverses = _powers(len(points))
    sums = np.zeros(len(points) + 1, np.uint64)
    np.cumsum(values * powers, out=sums[1:])
    hashes = mixed((sums[ends] - sums[heads]) * inverses[heads])
    return hashes, heads if at is None else at[heads]


def _points(data: Bytes) -> tuple[npt.NDArray[np.integer], Numbers | None]:
    """Code points, and the byte where each begins; none where every byte is a character."""
    if len(data) == 0 or int(data.max()) < 0x80:
        return data, None
    return np.frombuffer(data.tobytes().decode().encode("utf-32-le"), np.uint32), np.flatnonzero((data & 0xC0) != 0x80)


@lru_cache(maxsize=3)
def _table(size: int) -> Characters:
    """The last entry stands for all that come after it."""
    points = np.arange(size, dtype=np.uint32)
    inside = np.strings.isalnum(points.view("U1"))
    others = np.flatnonzero(~inside)
    inside[others] = [unicodedata.category(one)[0] == "M" for one in map(chr, others.tolist())]
    text = points.tobytes().decode("utf-32-le", "surrogatepass")
    lower = text[:DOTTED].lower() + ("i" + text[DOTTED + 1 :].lower() if size > DOTTED else "")
    table = np.frombuffer(lower.encode("utf-32-le", "surrogatepass"), np.uint32) * inside
    for start, stop in SINGLES + MORE_SINGLES:
        table[start:stop] |= np.where(table[start:stop] != 0, np.uint32(ALONE), np.uint32(0))
    return table


def _met(points: npt.NDArray[np.integer]) -> Characters:
    """The entries of these characters in the whole table, found as characters are met: to ask Unicode for all takes longer than a small run."""
    within, table = np.minimum(points, np.uint32(HIGHEST - 1)), _met_so_far()
    values: Characters = table[within]
    unmet = values == UNMET
    if unmet.any():
        for point in np.flatnonzero(np.bincount(within[unmet])).tolist():
            one = chr(point)
            is_single = any(start <= point < stop for start, stop in SINGLES + MORE_SINGLES)
            table[point] = ord(one.lower()[0]) | (ALONE if is_single else 0) if _is_inside(one) else 0
        values = table[within]
    return values


@lru_cache(maxsize=1)
def _met_so_far() -> Characters:
    return np.full(HIGHEST, UNMET, np.uint32)


def _is_inside(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _powers(count: int) -> tuple[Hashes, Hashes]:
    powers, inverses = _long_powers() if count <= PIECE else _some_powers(count)
    return powers[:count], inverses[:count]


@lru_cache(maxsize=1)
def _long_powers() -> tuple[Hashes, Hashes]:
    return _some_powers(PIECE)


def _some_powers(count: int) -> tuple[Hashes, Hashes]:
    """Powers of BASE and of its inverse, modulo 2**64."""

    def powers(base: int) -> Hashes:
        return np.cumprod(np.concatenate((np.ones(1, np.uint64), np.full(count - 1, base, np.uint64))), dtype=np.uint64)

    return powers(BASE), powers(pow(BASE, -1, 1 << 64))
