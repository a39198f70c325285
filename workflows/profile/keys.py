"""How often each key occurs, in bounded memory: exact while there are few keys, else of a share of them drawn by hash."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Hashes: TypeAlias = npt.NDArray[np.uint64]
Counts: TypeAlias = npt.NDArray[np.int64]

TIDIED_AT = 1 << 20  # entries that wait before they are brought together


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Distinct hashes, ascending, and how many rows have each. Only hashes whose first `level` bits are 0 are kept."""

    hashes: Hashes
    counts: Counts
    level: int = 0

    @property
    def is_exact(self) -> bool:
        return self.level == 0

    @property
    def distinct(self) -> int:
        return len(self.hashes) << self.level

    @property
    def repeated_share(self) -> float:
        """The share of rows whose key an earlier row has."""
        rows = int(self.counts.sum())
        return (rows - len(self.hashes)) / rows if rows else 0.0


def keys_of(hashes: Hashes, most: int) -> Keys:
    """The keys of some rows, cut to `most` by drawing."""
    found, counts = np.unique(hashes, return_counts=True)
    return cut(Keys(hashes=found, counts=counts.astype(np.int64)), most)


def cut(keys: Keys, most: int, level: int = 0) -> Keys:
    """The keys at this level or above, and at most so many."""
    level = max(level, keys.level)
    kept = len(keys.hashes) if level == keys.level else _below(keys.hashes, level)
    while kept > most:
        level += 1
        kept = _below(keys.hashes, level)
    return Keys(hashes=keys.hashes[:kept], counts=keys.counts[:kept], level=level)


class KeyTally:
    """Keys of all parts together; they are brought together when many wait, so that a part costs about its own size."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = Keys(hashes=np.zeros(0, np.uint64), counts=np.zeros(0, np.int64))
        self._waiting: list[Keys] = []
        self._entries = 0

    def add(self, keys: Keys) -> None:
        self._waiting.append(keys)
        self._entries += len(keys.hashes)
        if self._entries > max(TIDIED_AT, len(self._held.hashes)):
            self._tidy()

    @property
    def keys(self) -> Keys:
        self._tidy()
        return self._held

    def _tidy(self) -> None:
        if not self._waiting:
            return
        parts = [self._held, *self._waiting]
        level = max(part.level for part in parts)
        parts = [cut(part, self._most, level) for part in parts]
        level = max(part.level for part in parts)
        parts = [cut(part, self._most, level) for part in parts]
        found, at = np.unique(np.concatenate([part.hashes for part in parts]), return_inverse=True)
        counts = np.bincount(at, np.concatenate([part.counts for part in parts]), len(found)).astype(np.int64)
        self._held = cut(Keys(hashes=found, counts=counts, level=level), self._most)
        self._waiting, self._entries = [], 0


def _below(hashes: Hashes, level: int) -> int:
    return int(np.searchsorted(hashes, np.uint64(1 << (64 - level)))) if level else len(hashes)
