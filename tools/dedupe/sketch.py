"""MinHash sketches of sets of hashes, all rows of a batch at once.

Each of 256 places of a sketch holds the smallest of the set's elements under an order of its own, so that two sets agree at a
place with the probability of their Jaccard similarity. The order of a place is drawn in rounds (Dahlgaard, Knudsen and Thorup,
arXiv:1704.04370): in a round each element falls to one place; what falls in an earlier round is smaller; after the last round
every element falls to every place. A row stops when its places are full, which for a long text is after one or two rounds.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tools.kernels import compiled

from .shingles import MIXER, ODD, Grams, Hashes, Numbers, characters, mixed, positions, shingles, text_bytes

Sketches = npt.NDArray[np.uint32]

PLACES = 256
ROUNDS = 40  # in the top six bits of a value; the last round is number 40
EMPTY = np.uint32(0xFFFFFFFF)
BLOCK = 1 << 16  # elements computed at once


def text_bands(texts: pa.Array, n: int, count: int, size: int) -> pa.Array:
    """`count` bands of `size` places each of the sketch of each text's word n-grams (list<uint64>; empty: it has no words)."""
    data, offsets = text_bytes(texts)
    fast = compiled("near", len(data))
    if fast is None:
        sets = shingles(texts, n)
        noted = sets.counts > 0
        made = bands(sketches(sets)[noted], count, size).reshape(-1)
    else:
        noted, made = np.zeros(len(texts), np.bool_), np.zeros(count * len(texts), np.uint64)
        fast.bands(data, offsets, characters(data), n, count, size, made, noted)
        made = made if noted.all() else made.reshape(-1, count)[noted].reshape(-1)
    return pa.ListArray.from_arrays(pa.array(np.append(0, np.cumsum(noted * count)), pa.int32()), pa.array(made))


def sketches(sets: Grams) -> Sketches:
    """One sketch a row; of an empty set all places are EMPTY."""
    found = np.full((len(sets.counts), PLACES), EMPTY, np.uint32)
    start = 0
    while start < len(found):  # blocks of whole rows
        stop = max(start + 1, int(np.searchsorted(sets.offsets, sets.offsets[start] + BLOCK, side="right")) - 1)
        stop = min(stop, start + BLOCK // 32, len(found))
        _fill(found[start:stop], sets.hashes, sets.offsets[start : stop + 1])
        start = stop
    return found


def bands(found: Sketches, count: int, size: int) -> Hashes:
    """Hashes of `count` bands of `size` places each; a band's number is part of its hash."""
    parts = found[:, : count * size].reshape(len(found), count, size)
    summed = np.zeros((len(found), count), np.uint64)
    for place in range(size):
        summed = (summed ^ parts[:, :, place]) * ODD
        summed ^= summed >> np.uint64(31)
    return mixed(summed + np.arange(1, count + 1, dtype=np.uint64) * MIXER)


def _fill(target: Sketches, hashes: Hashes, offsets: Numbers) -> None:
    rows = np.flatnonzero(np.diff(offsets))
    for turn in range(ROUNDS):
        if turn:
            rows = rows[(target[rows] == EMPTY).any(axis=1)]
        if not len(rows):
            return
        _fall(target, hashes, offsets, rows, turn)
    _fall_everywhere(target, hashes, offsets, rows)


def _fall(target: Sketches, hashes: Hashes, offsets: Numbers, rows: Numbers, turn: int) -> None:
    counts = offsets[rows + 1] - offsets[rows]
    all_of_them = int(counts.sum()) == int(offsets[-1] - offsets[0])
    elements = hashes[offsets[0] : offsets[-1]] if all_of_them else hashes[positions(offsets[rows], counts)]
    drawn = _drawn(elements, turn)
    at = np.repeat(rows * PLACES, counts) + (drawn >> np.uint64(56)).astype(np.int64)
    np.minimum.at(target.reshape(-1), at, _value(drawn, turn))


def _fall_everywhere(target: Sketches, hashes: Hashes, offsets: Numbers, rows: Numbers) -> None:
    """The last round: for each place still empty the smallest of all elements, under an order of that place."""
    where, places = np.nonzero(target[rows] == EMPTY)
    owner = rows[where]
    counts = offsets[owner + 1] - offsets[owner]
    ends = np.cumsum(counts)
    start = 0
    while start < len(owner):
        stop = max(start + 1, int(np.searchsorted(ends, (ends[start - 1] if start else 0) + 4 * BLOCK, side="right")))
        part = slice(start, stop)
        elements = hashes[positions(offsets[owner[part]], counts[part])]
        orders = mixed(places[part].astype(np.uint64) + np.uint64(ROUNDS))
        values = _value(_drawn(elements ^ np.repeat(orders, counts[part]), ROUNDS), ROUNDS)
        target[owner[part], places[part]] = np.minimum.reduceat(values, ends[part] - counts[part] - (ends[start] - counts[start]))
        start = stop


def _drawn(elements: Hashes, turn: int) -> Hashes:
    drawn = elements * np.uint64((int(MIXER) * (2 * turn + 1)) & 0xFFFFFFFFFFFFFFFF)
    drawn ^= drawn >> np.uint64(32)
    drawn *= ODD
    return drawn


def _value(drawn: Hashes, turn: int) -> npt.NDArray[np.uint32]:
    return ((drawn >> np.uint64(28)) & np.uint64(0x3FFFFFF)).astype(np.uint32) | np.uint32(turn << 26)
