"""Near-duplicates estimated from all rows of some keys: rows that are nearly the same share a key with the chance of their similarity."""

from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tools.dedupe.minhash import band_size
from tools.dedupe.pairs import buckets, pairs_within
from tools.dedupe.shingles import mixed, shingles
from tools.dedupe.sketch import PLACES, Sketches, bands, sketches
from tools.digest import offsets_of

from .keys import Hashes

Numbers: TypeAlias = npt.NDArray[np.int64]

SIMILAR = 0.8  # share of word 5-grams, as minhash_dedup asks for by default
NGRAM = 5
MOST_ROWS = 8192  # whose sketches are held
MOST_BYTES = 16 << 20  # of text that is sketched
GRAM = 24  # bytes from the start of a word: about as long as five words, so that an edit breaks about as many
PIECE = 1 << 17
WIDE = 0xE3  # from here on UTF-8 lead bytes are of scripts without spaces, or of signs
FACTORS = tuple(np.uint64(one) for one in (0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xC2B2AE3D27D4EB4F))
EVERY = float(1 << 64)


@dataclass(frozen=True, kw_only=True)
class Twins:
    """Rows drawn by key: those whose key, mixed, lies below `share`."""

    share: float
    keys: Hashes
    sketches: Sketches

    def cut(self, share: float) -> "Twins":
        if share >= self.share:
            return self
        kept = _drawn(self.keys, share)
        return Twins(share=share, keys=self.keys[kept], sketches=self.sketches[kept])

    def fitting(self) -> "Twins":
        found = self
        while len(found.keys) > MOST_ROWS and found.share > 1 / EVERY:
            found = found.cut(found.share / 2)
        return found


@dataclass(frozen=True, kw_only=True)
class NearDuplicates:
    """The share of rows with an earlier row nearly the same, and its 95% interval. `share_read`: of keys that were looked at."""

    share: float
    low: float
    high: float
    rows_compared: int
    share_read: float
    similarity: float = SIMILAR


def draw(texts: pa.Array, share: float) -> Twins:
    """The rows of one shard that are drawn; when there are far more than were expected, a smaller share of them."""
    if not share:
        return Twins(share=share, keys=np.zeros(0, np.uint64), sketches=np.zeros((0, PLACES), np.uint32))
    keys = row_keys(texts)
    chosen = np.flatnonzero(_drawn(keys, share))
    while len(chosen) > MOST_ROWS and share > 1 / EVERY:
        share /= 2
        chosen = np.flatnonzero(_drawn(keys, share))
    grams = shingles(texts.take(pa.array(chosen)), NGRAM)
    filled = np.flatnonzero(grams.counts)
    return Twins(share=share, keys=keys[chosen][filled], sketches=sketches(grams)[filled])


def together(parts: list[Twins]) -> Twins:
    """Parts brought to one share."""
    share = min((part.share for part in parts), default=1.0)
    same = [part.cut(share) for part in parts]
    keys = np.concatenate([np.zeros(0, np.uint64), *(part.keys for part in same)])
    held = np.concatenate([np.zeros((0, PLACES), np.uint32), *(part.sketches for part in same)])
    return Twins(share=share, keys=keys, sketches=held).fitting()


def estimate(twins: Twins) -> NearDuplicates | None:
    """Nothing where no row has a word. Pairs are found by bands; unless all rows are drawn, only among rows of one key: then a pair is
    missed with the chance that its keys differ, and each one found counts for those missed."""
    if not len(twins.keys):
        return None
    whole = twins.share >= 1.0
    likeness = _best(twins.sketches, _bands(twins.sketches) if whole else mixed(_bands(twins.sketches) ^ twins.keys[:, None]))
    found = likeness >= SIMILAR
    weights = np.where(found, 1.0 if whole else 1 / np.maximum(likeness, SIMILAR), 0.0)
    rows = len(twins.keys)
    share = min(1.0, float(weights.sum()) / rows)
    spread = 0.0 if whole else 1.96 * _deviation(twins.keys, weights, share)
    return NearDuplicates(share=share, low=max(0.0, share - spread), high=min(1.0, share + spread), rows_compared=rows, share_read=twins.share)


def row_keys(texts: pa.Array) -> Hashes:
    """For each text the least hash of its grams, mixed so that it no longer tells the text's length. Upper and lower case are one."""
    offsets = offsets_of(texts).astype(np.int64)
    buffer = texts.buffers()[2]
    if buffer is None or not len(texts):
        return np.zeros(len(texts), np.uint64)
    data = np.frombuffer(buffer, np.uint8)[offsets[0] : offsets[-1]]
    starts = offsets - offsets[0]
    found = np.full(len(texts), np.uint64(0xFFFFFFFFFFFFFFFF))
    for first in range(0, len(data), PIECE):
        one, two = np.searchsorted(starts, first, "right") - 1, np.searchsorted(starts, first + PIECE, "right")
        rows = starts[one : two + 1] - first  # where the rows of this piece begin and the last one ends
        at, hashes = _grams(data[first : first + PIECE + GRAM + 8], rows)
        counts = np.diff(np.searchsorted(at, rows))
        inside = at + GRAM <= np.repeat(rows[1:], counts)
        row, hashes = np.repeat(np.arange(one, one + len(counts)), counts)[inside], hashes[inside]
        if len(row):
            heads = np.flatnonzero(np.append(True, row[1:] != row[:-1]))
            found[row[heads]] = np.minimum(found[row[heads]], np.minimum.reduceat(hashes, heads))
    return mixed(_with_short(found, data, starts))


def _grams(data: npt.NDArray[np.uint8], rows: Numbers) -> tuple[Numbers, Hashes]:
    """Where rows and words of a piece begin, and the hash of the bytes from there on."""
    begins = np.zeros(len(data) + 1, np.bool_)
    np.less_equal(data, 32, out=begins[1:])
    begins[:-1] |= data >= WIDE
    begins[rows[(rows >= 0) & (rows <= len(data))]] = True
    at = np.flatnonzero(begins[: max(0, min(PIECE, len(data) - GRAM) + 1)])
    if not len(at):
        return at, np.zeros(0, np.uint64)
    folded = data | np.uint8(32)
    eights: Hashes = np.ndarray((len(folded) - 7,), np.uint64, folded.data, 0, (1,))  # eight bytes from every byte on
    hashes = eights[at] * FACTORS[0]
    kept = np.flatnonzero(hashes >> np.uint64(63))  # half of the grams, told by their first bytes, are as good and cost half
    at, hashes = at[kept], hashes[kept]
    for turn, factor in enumerate(FACTORS[1:], 1):
        hashes ^= hashes >> np.uint64(30)
        hashes += eights[at + 8 * turn]
        hashes *= factor
    return at, hashes ^ (hashes >> np.uint64(30))


def _with_short(found: Hashes, data: npt.NDArray[np.uint8], starts: Numbers) -> Hashes:
    """Texts in which no gram begins are hashed as a whole."""
    import xxhash

    whole = data.data
    for row in np.flatnonzero(found == np.uint64(0xFFFFFFFFFFFFFFFF)).tolist():
        found[row] = xxhash.xxh3_64_intdigest(bytes(whole[starts[row] : starts[row + 1]]).lower())
    return found


def _drawn(keys: Hashes, share: float) -> npt.NDArray[np.bool_]:
    return np.ones(len(keys), np.bool_) if share >= 1.0 else keys < np.uint64(share * EVERY)


def _bands(held: Sketches) -> Hashes:
    size = band_size(SIMILAR)
    return bands(held, PLACES // size, size)


def _best(held: Sketches, marks: Hashes) -> npt.NDArray[np.float64]:
    """For each row how much it has in common with the likest earlier row that it shares a mark with; 0 where there is none."""
    rows = np.repeat(np.arange(len(held)), marks.shape[1])
    pairs = pairs_within(buckets(pa.chunked_array([pa.array(marks.reshape(-1))]), pa.chunked_array([pa.array(rows)])))
    best = np.zeros(len(held))
    row, other = pairs["row"].to_numpy(), pairs["other"].to_numpy()
    for start in range(0, len(row), MOST_ROWS):
        here, there = row[start : start + MOST_ROWS], other[start : start + MOST_ROWS]
        np.maximum.at(best, here, (held[here] == held[there]).mean(axis=1))
    return best


def _deviation(keys: Hashes, weights: npt.NDArray[np.float64], share: float) -> float:
    """Of a ratio of sums over keys: rows of one key are drawn together."""
    _, at = np.unique(keys, return_inverse=True)
    rest = np.bincount(at, weights - share)
    return sqrt(float((rest * rest).sum())) / len(keys)
