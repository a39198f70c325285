"""Word n-grams of texts, hashed: the common ground of minhash_dedup, decontaminate.

A word is a run of letters, digits and marks, lower-cased; each Han, Hiragana and Katakana character is a word of its own, so
that texts without spaces have n-grams too. All is computed over whole batches in numpy, a piece of about a megabyte at a time.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Hashes: TypeAlias = npt.NDArray[np.uint64]
Numbers: TypeAlias = npt.NDArray[np.int64]

PIECE = 1 << 19  # bytes computed at once: small enough for the processor's cache
HIGHEST = 0x32400  # no letter stands above
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
    offsets, data = _bytes(texts)
    hashes, starts = [], []
    for start, stop in _pieces(data, offsets):
        found, at = _words(data[start:stop], offsets[np.searchsorted(offsets, start) : np.searchsorted(offsets, stop)] - start)
        hashes.append(found)
        starts.append(at + start)
    flat, at = np.concatenate([np.zeros(0, np.uint64), *hashes]), np.concatenate([np.zeros(0, np.int64), *starts])
    return Grams(flat, np.searchsorted(at, offsets).astype(np.int64))


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


def _bytes(texts: pa.Array) -> tuple[Numbers, npt.NDArray[np.uint8]]:
    _, bounds, data = texts.buffers()
    offsets = np.frombuffer(bounds, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64) if bounds else np.zeros(1, np.int64)
    if len(offsets) == 0 or data is None:
        return np.zeros(len(texts) + 1, np.int64), np.zeros(0, np.uint8)
    held = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]
    return offsets - offsets[0], held


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


def _words(data: npt.NDArray[np.uint8], rows: Numbers) -> tuple[Hashes, Numbers]:
    """Hashes of the words of one piece and the byte where each begins; no word goes across one of `rows`."""
    points, at = _points(data)
    values = _values(int(points.max(initial=0)) + 1)[points]
    inside = values != 0
    fresh = np.ones(len(points) + 1, bool)  # where a word may not go on from the character before
    fresh[1:-1] = ~inside[:-1]
    fresh[:-1] |= ~inside
    fresh[np.searchsorted(at, rows) if at is not None else rows] = True
    if at is not None and points.max(initial=0) >= SINGLES[0][0]:
        alone = _alone()[np.minimum(points, HIGHEST)]
        fresh[:-1] |= alone
        fresh[1:] |= alone
    heads = np.flatnonzero(inside & fresh[:-1])
    ends = np.flatnonzero(inside & fresh[1:]) + 1
    powers, inverses = _powers(len(points))
    sums = np.zeros(len(points) + 1, np.uint64)
    np.cumsum(values * powers, out=sums[1:])
    hashes = mixed((sums[ends] - sums[heads]) * inverses[heads])
    return hashes, heads if at is None else at[heads]


def _points(data: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.integer], Numbers | None]:
    """Code points, and the byte where each begins; none where every byte is a character."""
    if len(data) == 0 or int(data.max()) < 0x80:
        return data, None
    return np.frombuffer(data.tobytes().decode().encode("utf-32-le"), np.uint32), np.flatnonzero((data & 0xC0) != 0x80)


def _values(most: int) -> Hashes:
    """For each code point the lower-cased one where it belongs to a word, else 0."""
    return _table(128) if most <= 128 else _table(0x600) if most <= 0x600 else _table(HIGHEST) if most <= HIGHEST else _table(0x110000)


@lru_cache(maxsize=4)
def _table(size: int) -> Hashes:
    table = np.zeros(size, np.uint64)
    for point in range(min(size, HIGHEST)):
        character = chr(point)
        if character.isalnum() or unicodedata.category(character)[0] == "M":
            table[point] = ord(character.lower()[0])
    return table


@lru_cache(maxsize=1)
def _alone() -> npt.NDArray[np.bool_]:
    table = np.zeros(HIGHEST + 1, bool)
    for start, stop in SINGLES + MORE_SINGLES:
        table[start:stop] = True
    return table


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
