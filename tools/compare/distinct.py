"""How many different hashes there are, told from the smallest of them: exact up to a number of them, within half a percent above."""

import numpy as np

from tools.dedupe.known import in_order, together
from tools.dedupe.shingles import Hashes

KEPT = 1 << 16
ALL = float(1 << 64)


def smallest(hashes: Hashes) -> Hashes:
    """The KEPT smallest different ones, sorted. Those of a whole are the smallest of those of its parts."""
    below = 2.0 * KEPT / max(len(hashes), 1)  # share of all numbers in which enough lie, were none given twice
    while below < 0.5:
        found = in_order(hashes[hashes < np.uint64(below * ALL)])
        if len(found) >= KEPT:
            return found[:KEPT]
        below *= 1.5 * KEPT / max(len(found), 1)
    return in_order(hashes)[:KEPT]


def of_both(one: Hashes, other: Hashes) -> Hashes:
    """The smallest of both."""
    return together(one, other)[:KEPT]


def estimate(kept: Hashes) -> int:
    """How many there are: they are spread evenly, so that the largest that was kept says how dense they lie."""
    return len(kept) if len(kept) < KEPT else round((KEPT - 1) / (float(kept[-1]) / ALL))
