"""How many different hashes there are, told from the smallest of them: exact up to a number of them, within half a percent above."""

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

KEPT = 1 << 16
ALL = float(1 << 64)


def smallest(hashes: Hashes) -> Hashes:
    """The KEPT smallest different ones, sorted. Those of a whole are the smallest of those of its parts."""
    below = 4.0 * KEPT / max(len(hashes), 1)  # share of all numbers, in which about four times as many lie
    while below < 1.0:
        found = np.unique(hashes[hashes < np.uint64(below * ALL)])
        if len(found) >= KEPT:
            return found[:KEPT]
        below *= 4.0
    return np.unique(hashes)[:KEPT]


def together(one: Hashes, other: Hashes) -> Hashes:
    """The smallest of both."""
    return np.union1d(one, other)[:KEPT]


def estimate(kept: Hashes) -> int:
    """How many there are: they are spread evenly, so that the largest that was kept says how dense they lie."""
    return len(kept) if len(kept) < KEPT else round((KEPT - 1) / (float(kept[-1]) / ALL))
