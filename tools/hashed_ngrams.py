"""Word n-grams of texts as hashes: counted by bucket for a whole data set or for each text, or as one signed vector a text.

All sums are of whole numbers, so that no result depends on how the texts were cut into batches.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from .dedupe.shingles import mixed

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]

FACTOR = np.uint64(0x9E3779B97F4A7C15)
SIGN, BELOW_SIGN = np.uint64(63), np.uint64(32)


@dataclass(frozen=True)
class Ngrams:
    """N-grams of `texts` texts; in the order of the texts for each size, smaller sizes first."""

    hashes: Hashes  # spread over all 64 bits
    rows: Numbers  # the text that each stands in
    texts: int


@dataclass(frozen=True)
class Sparse:
    """Counts by text: text i has `counts[offsets[i]:offsets[i + 1]]` in `buckets[...]`, each bucket once, in order."""

    offsets: Numbers
    buckets: Numbers
    counts: Numbers


def ngrams(words: pa.Array, size: int) -> Ngrams:
    """The n-grams of `size` words of each text; `words`: hashes of its words in order (list<uint64>), as `desk.scan(...).word_hashes` has them.
    A text of fewer words has none."""
    return _sizes(words, size)[-1]


def ngrams_up_to(words: pa.Array, most: int) -> Ngrams:
    """The n-grams of one word, of two, and so on up to `most`."""
    each = _sizes(words, most)
    return Ngrams(np.concatenate([one.hashes for one in each]), np.concatenate([one.rows for one in each]), len(words))


def bucket_counts(found: Ngrams, buckets: int) -> Numbers:
    """How often an n-gram of each bucket occurs in all texts together."""
    counts: Numbers = np.bincount(buckets_of(found.hashes, buckets), minlength=buckets)
    return counts


def sparse_counts(found: Ngrams, buckets: int) -> Sparse:
    """How often an n-gram of each bucket occurs in each text, for the buckets that do."""
    keys, counts = np.unique(found.rows * buckets + buckets_of(found.hashes, buckets), return_counts=True)
    ends = np.searchsorted(keys, np.arange(1, found.texts + 1) * buckets)
    return Sparse(np.append(0, ends).astype(np.int64), keys % buckets, counts)


def vectors(found: Ngrams, dimensions: int) -> Vectors:
    """One vector of length 1 a text (0 where it has no n-gram): n-grams are added or taken away at a place by their hash, roots are drawn.

    Products of two such vectors estimate how alike the texts are; the root keeps what every text says often from drowning the rest.
    """
    return directions(signed_counts(found, dimensions))


def signed_counts(found: Ngrams, dimensions: int) -> npt.NDArray[np.float64]:
    """Whole numbers, one line a text: how often n-grams of each place occur that are added, less those that are taken away."""
    at = found.rows * dimensions + buckets_of(found.hashes, dimensions)
    signs = 1.0 - 2.0 * ((found.hashes >> SIGN) & np.uint64(1)).astype(np.float64)
    summed = np.asarray(np.bincount(at, signs, found.texts * dimensions), np.float64)
    return summed.reshape(found.texts, dimensions)


def directions(counts: npt.NDArray[np.number]) -> Vectors:
    """The roots of signed counts, each line of length 1."""
    sizes = np.abs(counts).astype(np.float64)
    lengths = np.sqrt(sizes.sum(axis=1, keepdims=True))  # the squares of the roots are whole numbers: their order does not show
    unit: Vectors = (np.copysign(np.sqrt(sizes), counts) / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    return unit


def buckets_of(hashes: Hashes, buckets: int) -> Numbers:
    """The bucket of each hash, from bits that do not decide its sign."""
    found: Numbers = (((hashes & np.uint64(0xFFFFFFFF)) * np.uint64(buckets)) >> BELOW_SIGN).astype(np.int64)
    return found


def _sizes(words: pa.Array, most: int) -> list[Ngrams]:
    counts = pc.fill_null(pc.list_value_length(words), 0).to_numpy().astype(np.int64)
    values = words.flatten().to_numpy()
    rows = np.repeat(np.arange(len(words)), counts)
    left = np.repeat(np.cumsum(counts), counts) - np.arange(len(values))  # words from here to the end of the text
    rolled, each = values.copy(), []
    for size in range(1, most + 1):
        if size > 1:
            rolled = rolled[: len(values) - size + 1] * FACTOR + values[size - 1 :]
        whole = left[: len(rolled)] >= size
        each.append(Ngrams(mixed(rolled[whole]), rows[: len(rolled)][whole], len(words)))
    return each
