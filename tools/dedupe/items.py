"""An index over the n-grams of known items, and the look-up of rows in it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .known import Known, made_once
from .shingles import Grams, Hashes, Numbers, grams, positions

WORDS_AT_ONCE = 1 << 20
HITS_AT_ONCE = 1 << 23


@dataclass(frozen=True)
class Found:
    """For each row the item it holds the most of: its position in the index (-1: none), the share, between which words."""

    item: Numbers
    share: npt.NDArray[np.float64]
    start: Numbers
    stop: Numbers


@dataclass(frozen=True)
class Shelf:
    """The n-grams of one length, sorted, each with the item it is of."""

    length: int
    known: Known
    items: Numbers


@dataclass(frozen=True)
class Index:
    """Items, ready to be looked for."""

    shown: pa.Array
    sizes: Numbers  # n-grams of each item
    shelves: tuple[Shelf, ...]

    def find(self, own: Grams) -> Found:
        """The item of which each row holds the largest share; of equal shares the first in the index."""
        rows = len(own.counts)
        best = Found(np.full(rows, -1), np.zeros(rows), np.zeros(rows, np.int64), np.zeros(rows, np.int64))
        for start, stop in _slices(own.offsets):
            for shelf in self.shelves:
                self._look(shelf, own, start, stop, best)
        return best

    def _look(self, shelf: Shelf, own: Grams, start: int, stop: int, best: Found) -> None:
        bounds = own.offsets[start : stop + 1]
        inside = grams(Grams(own.hashes[bounds[0] : bounds[-1]], bounds - bounds[0]), shelf.length)
        at, first, last = shelf.known.find(inside.hashes)
        if stop - start > 1 and int((last - first).sum()) > HITS_AT_ONCE:
            middle = (start + stop) // 2
            self._look(shelf, own, start, middle, best)
            self._look(shelf, own, middle, stop, best)
        elif len(at):
            self._keep_best(shelf, inside, (at, first, last), start, best)

    def _keep_best(self, shelf: Shelf, inside: Grams, hits: tuple[Numbers, Numbers, Numbers], start: int, best: Found) -> None:
        at, first, last = hits
        many = last - first
        row = np.searchsorted(inside.offsets, at, side="right") - 1
        word = at - inside.offsets[row]
        row, word, gram, item = np.repeat(row, many), np.repeat(word, many), np.repeat(first, many), shelf.items[positions(first, many)]
        order = np.lexsort((word, gram, item, row))
        row, word, gram, item = row[order], word[order], gram[order], item[order]
        new = np.concatenate(([True], (row[1:] != row[:-1]) | (item[1:] != item[:-1])))
        distinct = new | np.concatenate(([True], gram[1:] != gram[:-1]))
        heads = np.flatnonzero(new)
        held = np.add.reduceat(distinct.astype(np.int64), heads)
        shares = held / self.sizes[item[heads]]
        starts, stops = np.minimum.reduceat(word, heads), np.maximum.reduceat(word, heads) + shelf.length
        row, item = row[heads] + start, item[heads]
        choice = np.lexsort((item, -shares, row))
        choice = choice[np.concatenate(([True], row[choice][1:] != row[choice][:-1]))]
        rows = row[choice]
        better = (shares[choice] > best.share[rows]) | ((shares[choice] == best.share[rows]) & (item[choice] < best.item[rows]))
        rows, choice = rows[better], choice[better]
        for kept, now in ((best.item, item), (best.share, shares), (best.start, starts), (best.stop, stops)):
            kept[rows] = now[choice]


def indexed(state: pa.Table) -> Index:
    """The index over a state with the columns `shown`, `words`, `hashes`."""
    return made_once(state, _built)


def _built(state: pa.Table) -> Index:
    lists = state["hashes"].combine_chunks()
    sizes: Numbers = np.asarray(lists.value_lengths(), np.int64)
    flat, lengths = lists.flatten().to_numpy(), state["words"].to_numpy()
    items = np.repeat(np.arange(len(sizes)), sizes)
    each = np.repeat(lengths, sizes)
    shelves = tuple(_shelf(int(length), flat[each == length], items[each == length]) for length in np.unique(lengths))
    return Index(state["shown"].combine_chunks(), sizes, shelves)


def _shelf(length: int, hashes: Hashes, items: Numbers) -> Shelf:
    order = np.lexsort((items, hashes))
    return Shelf(length, Known.of(hashes[order]), items[order])


def _slices(offsets: Numbers) -> list[tuple[int, int]]:
    """Runs of whole rows of about WORDS_AT_ONCE words."""
    cuts, start = [], 0
    while start < len(offsets) - 1:
        stop = max(start + 1, int(np.searchsorted(offsets, offsets[start] + WORDS_AT_ONCE, side="right")) - 1)
        cuts.append((start, stop))
        start = stop
    return cuts
