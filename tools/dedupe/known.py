"""A large set of hashes, ready to be asked."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .shingles import Hashes, Numbers

T = TypeVar("T")
_LAST: dict[Any, tuple[pa.Table, Any]] = {}  # by what makes it: every batch of a worker has the same state


@dataclass(frozen=True)
class Known:
    """Hashes in order, each as often as it was given."""

    hashes: Hashes
    maybe: npt.NDArray[np.bool_]  # by the leading bits of a hash: most of what is asked for ends here
    shift: np.uint64

    @classmethod
    def of(cls, ordered: Hashes) -> "Known":
        bits = min(28, max(10, (16 * len(ordered)).bit_length()))
        shift = np.uint64(64 - bits)
        maybe = np.zeros(1 << bits, bool)
        maybe[ordered >> shift] = True
        return cls(ordered, maybe, shift)

    def find(self, asked: Hashes) -> tuple[Numbers, Numbers, Numbers]:
        """Of what is asked for, that which is known: its positions, and where equal hashes begin and end here."""
        at = np.flatnonzero(self.maybe[asked >> self.shift])
        first, last = (np.searchsorted(self.hashes, asked[at], side) for side in ("left", "right"))
        hit = last > first
        return at[hit], first[hit], last[hit]

    def holds(self, asked: Hashes) -> npt.NDArray[np.bool_]:
        """Whether each is known: from where its leading bits point to, one step for each hash that shares them."""
        found = np.zeros(len(asked), np.bool_)
        left = np.flatnonzero(self.maybe[asked >> self.shift])
        leading = asked[left] >> self._leading
        at, stop = self._starts[leading], self._starts[leading + np.uint64(1)]
        while len(left):
            here = at < stop
            left, at, stop = left[here], at[here], stop[here]
            equal = self.hashes[at] == asked[left]
            found[left[equal]] = True
            left, at, stop = left[~equal], at[~equal] + 1, stop[~equal]
        return found

    @cached_property
    def _leading(self) -> np.uint64:
        return np.uint64(64 - max(1, len(self.hashes).bit_length()))

    @cached_property
    def _starts(self) -> Numbers:
        """Where the hashes of each beginning begin, about one hash for each beginning."""
        beginnings = np.bincount((self.hashes >> self._leading).astype(np.int64), minlength=1 << (64 - int(self._leading)))
        starts: Numbers = np.concatenate([np.zeros(1, np.int64), np.cumsum(beginnings)])
        return starts


def in_order(hashes: Hashes) -> Hashes:
    """Each once, in order. Quicker than numpy's own, which goes by a table of hashes."""
    return once(np.sort(hashes))


def together(one: Hashes, other: Hashes) -> Hashes:
    """Two of such as one: a stable sort is quick with what is in order by parts."""
    return once(np.sort(np.concatenate([one, other]), kind="stable"))


def once(ordered: Hashes) -> Hashes:
    """Hashes in order, each once."""
    first = np.concatenate([np.ones(min(len(ordered), 1), np.bool_), ordered[1:] != ordered[:-1]])
    found: Hashes = ordered[first]
    return found


def made_once(state: pa.Table, make: Callable[[pa.Table], T]) -> T:
    """What is made of a learned state, kept for the next batch."""
    last = _LAST.get(make)
    if last is None or last[0] is not state:
        last = _LAST[make] = (state, make(state))
    found: T = last[1]  # not looked up again: another thread may have put another state's there
    return found
