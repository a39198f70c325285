"""How crowded it is around a point: counts under many hashes of place, which add up over any parts of the data (RACE, DENSITY)."""

from dataclasses import dataclass
from functools import lru_cache
from math import erf, exp, pi, sqrt

import numpy as np
import numpy.typing as npt

from tools.hashed import FACTOR, UNIT, Units, mixed

GRAIN = 64  # steps in 1 of a projection's numbers: with points of length UNIT all sums stay below 2^24, exact in float32
SEED = 20_240_209
MEDIAN_KERNEL = 0.003  # of two points of the data
WIDTHS = (0.01, 64.0)

Cells = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Sketch:
    """`hashes` rows of `buckets` counts. A hash is `concat` projections, each cut into pieces of `width` (the length of a point is 1)."""

    hashes: int
    buckets: int
    concat: int
    width: float

    def cells(self, points: Units) -> Cells:
        """For each point the cell that it falls into under each hash, counted through."""
        directions, shifts = _projections(points.shape[1], self.hashes * self.concat)
        places = np.floor((points @ directions) / np.float32(UNIT * GRAIN * self.width) + shifts).astype(np.int64).astype(np.uint64)
        places = places.reshape(len(points), self.hashes, self.concat)
        found = np.zeros((len(points), self.hashes), np.uint64)
        for turn in range(self.concat):
            found = mixed(found * FACTOR + places[:, :, turn])
        return (found % np.uint64(self.buckets)).astype(np.int64) + np.arange(self.hashes) * self.buckets

    def counts(self, points: Units) -> Counts:
        """The sketch of these points; those of two sets add up to that of both."""
        found = np.zeros(self.hashes * self.buckets, np.int32)
        np.add.at(found, self.cells(points).reshape(-1), 1)
        return found

    def density(self, points: Units, counts: Counts, rows: int) -> npt.NDArray[np.float64]:
        """The mean kernel of each point with `rows` points, less what falls together by chance; a point of them counts itself."""
        mean = counts[self.cells(points)].mean(axis=1, dtype=np.float64) / max(rows, 1)
        found: npt.NDArray[np.float64] = np.maximum((mean - 1 / self.buckets) / (1 - 1 / self.buckets), 1 / max(rows, 1))
        return found


def kernel(distance: float, width: float) -> float:
    """The chance that one projection puts two points so far apart into one piece (Datar et al. 2004)."""
    if distance <= 0:
        return 1.0
    ratio = width / distance
    return erf(ratio / sqrt(2)) - 2 / (sqrt(2 * pi) * ratio) * (1 - exp(-ratio * ratio / 2))


def fitting_width(points: Units, concat: int) -> float:
    """The width at which the median kernel of two of these points is MEDIAN_KERNEL."""
    if len(points) < 2:
        return 1.0
    products = (points @ points.T)[np.triu_indices(len(points), 1)]
    cosine = float(np.partition(products, len(products) // 2)[len(products) // 2]) / (UNIT * UNIT)
    distance = sqrt(max(2 - 2 * cosine, 1e-6))
    low, high = WIDTHS
    for _ in range(60):
        middle = sqrt(low * high)
        low, high = (middle, high) if kernel(distance, middle) ** concat < MEDIAN_KERNEL else (low, middle)
    return round(sqrt(low * high), 6)


@lru_cache(maxsize=2)
def _projections(dimensions: int, count: int) -> tuple[Units, npt.NDArray[np.float32]]:
    draw = np.random.default_rng(SEED)
    directions = np.rint(draw.standard_normal((dimensions, count)) * GRAIN).astype(np.float32)
    return directions, draw.random(count).astype(np.float32)
