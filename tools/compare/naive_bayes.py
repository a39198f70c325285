"""Naive Bayes over hashed words and pairs of words, where each row is judged by all others: its own counts are taken out first."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tools.hashed_ngrams import ngrams_up_to, sparse_counts

BUCKETS = 1 << 16
SMOOTHED = (0.1, 1.0)  # what is added to every count: little where classes have few rows, more where they are alike
SHARPNESS = (1.0, 0.7, 0.5, 0.35, 0.25, 0.18, 0.125, 0.09, 0.0625)  # words are not independent, so that plain products are far too sure
MOST_FEATURES = 4000  # of one text
CELLS_AT_ONCE = 1 << 21

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Features:
    """Which buckets occur in each text, each once: those of text i are `buckets[offsets[i]:offsets[i + 1]]`."""

    offsets: Numbers
    buckets: Numbers

    @classmethod
    def of(cls, words: pa.Array) -> "Features":
        found = sparse_counts(ngrams_up_to(words, 2), BUCKETS)
        each = np.diff(found.offsets)
        first = np.arange(len(found.buckets)) - np.repeat(found.offsets[:-1], each) < MOST_FEATURES
        return cls(np.concatenate([np.zeros(1, np.int64), np.cumsum(np.minimum(each, MOST_FEATURES))]), found.buckets[first])

    @property
    def sizes(self) -> Numbers:
        sizes: Numbers = np.diff(self.offsets)
        return sizes

    @property
    def rows(self) -> Numbers:
        return np.repeat(np.arange(len(self.sizes)), self.sizes)


@dataclass(frozen=True)
class Model:
    """In how many rows of each class (column) each bucket (line) occurs."""

    counts: npt.NDArray[np.int32]

    @cached_property
    def totals(self) -> Numbers:
        return np.asarray(self.counts.sum(axis=0, dtype=np.int64))

    @cached_property
    def width(self) -> int:
        """Buckets that occur."""
        return int((self.counts.max(axis=1, initial=0) > 0).sum())

    def scores(self, own: Features, classes: Numbers, smoothed: float) -> Floats:
        """The logarithm of the likelihood of each row (line) under each class (column), without the row; `classes`: those of the rows."""
        found = np.zeros((len(classes), self.counts.shape[1]))
        spread = smoothed * max(self.width, 1)
        below = np.log(self.totals + spread)
        for start, stop in self._slices(own.offsets):
            bounds = own.offsets[start : stop + 1]
            buckets, row = own.buckets[bounds[0] : bounds[-1]], np.repeat(np.arange(start, stop), np.diff(bounds))
            counts = self.counts[buckets]
            cells = np.log(counts + smoothed) - below
            label, each = classes[row], np.arange(len(row))
            without = np.log(self.totals[classes] - own.sizes + spread)[row]
            cells[each, label] = np.log(counts[each, label] - 1 + smoothed) - without
            filled = np.flatnonzero(np.diff(bounds))
            if len(filled):
                found[start + filled] = np.add.reduceat(cells, (bounds[:-1] - bounds[0])[filled], axis=0)
        return found

    def _slices(self, offsets: Numbers) -> Iterator[tuple[int, int]]:
        """Runs of whole rows, so that no sum is made of two parts."""
        most, start = max(1, CELLS_AT_ONCE // max(self.counts.shape[1], 1)), 0
        while start < len(offsets) - 1:
            stop = max(start + 1, int(np.searchsorted(offsets, offsets[start] + most, side="right")) - 1)
            yield start, stop
            start = stop


def probabilities(scores: Floats, sharpness: float) -> Floats:
    """Of each class for each row; all classes alike before a word is read."""
    raised = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True, initial=-np.inf)))
    found: Floats = raised / raised.sum(axis=1, keepdims=True)
    return found
