"""Texts as vectors without a model: their words and pairs of words, hashed into a few hundred dimensions."""

import numpy as np
import numpy.typing as npt

from .contract import Scan
from .digest import offsets_of

Units = npt.NDArray[np.float32]  # whole numbers, one row a vector of length UNIT
UNIT = 2048  # so fine that a cosine is off by some ten-thousandths, so coarse that sums of products are exact in float32, in any order
LONG = 8  # letters from which on a word counts in full: long words tell more of what a text is about than short ones
FACTOR, SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)


def grams(scan: Scan) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Words and pairs of neighbours: hash, the text it stands in, and how much it weighs (whole numbers)."""
    lists = scan.word_hashes
    offsets = offsets_of(lists)
    words = np.asarray(lists.flatten(), np.uint64)
    length = np.minimum(np.asarray(scan.word_lengths.flatten()), LONG).astype(np.int64)
    row = np.repeat(np.arange(len(lists)), np.diff(offsets))
    pair = row[1:] == row[:-1]
    pairs = words[:-1][pair] * FACTOR + words[1:][pair]
    hashes = mixed(np.concatenate([words, pairs]))
    return hashes, np.concatenate([row, row[1:][pair]]), np.concatenate([4 * length * length, (length[1:] * length[:-1])[pair]])


def hashed(scan: Scan, dimensions: int) -> Units:
    """One vector a text. A gram goes to one dimension with a sign, both by its hash; the root of what meets there tames what is repeated."""
    hashes, row, weight = grams(scan)
    signed = np.where(hashes >> np.uint64(63), -weight, weight)
    cell = row * dimensions + ((hashes >> SHIFT) % np.uint64(dimensions)).astype(np.int64)
    sums = np.bincount(cell, signed, len(scan.word_hashes) * dimensions).reshape(-1, dimensions)
    return units(np.sign(sums) * np.sqrt(np.abs(sums)))


def units(vectors: npt.NDArray[np.floating] | npt.NDArray[np.integer]) -> Units:
    """The vectors at length UNIT, in whole numbers; zeros stay zeros."""
    wide = np.asarray(vectors, np.float64)
    lengths = np.sqrt(np.einsum("ij,ij->i", wide, wide))  # without BLAS, whose sums depend on the number of threads
    scale = np.divide(UNIT, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    found: Units = np.rint(wide * scale[:, None]).astype(np.float32)
    return found


def mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread over all 64 bits, so that any of them can be taken."""
    found = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    spread: npt.NDArray[np.uint64] = found ^ (found >> np.uint64(31))
    return spread
