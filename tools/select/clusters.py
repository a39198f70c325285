"""Clusters of points, learned from a bounded random sample of all rows and the same whatever the rows were cut into."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import Field

from tools.contract import Desk, Learner
from tools.hashed import UNIT, Units, units

from .vectors import ROWS_PER_BATCH, OverVectors, packed, unpacked

__all__ = ["ROWS_PER_BATCH", "Clustered", "nearest"]

SAMPLE = 16_384  # rows that clusters are learned from
ROUNDS = 20
MOST_CLUSTERS = 2000
Numbers = npt.NDArray[np.int64]


class Clustered(OverVectors, Learner):
    """Learns the centres of k-means over directions (spherical k-means) from at most SAMPLE rows, those with the smallest draws."""

    clusters: int | None = Field(default=None, ge=1, le=MOST_CLUSTERS, description="How many clusters; by default the root of half the rows.")

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        draws = np.asarray(desk.draw(), np.uint64)
        lowest = np.argsort(draws, kind="stable")[:SAMPLE]
        points = self.points(batch, desk)
        return pa.table({"draw": draws[lowest], "point": packed(points[lowest])})

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        both = pa.concat_tables([one, other])
        lowest = np.argsort(both["draw"].to_numpy(), kind="stable")[:SAMPLE]
        return both.take(pa.array(lowest)).combine_chunks()

    def conclude(self, learned: pa.Table) -> pa.Table:
        points = unpacked(learned["point"])
        seed = int(learned["draw"][0].as_py()) if len(learned) else 0
        wanted = self.clusters or min(MOST_CLUSTERS, max(1, round((len(points) / 2) ** 0.5)))
        return pa.table({"point": packed(centres(points, wanted, seed))})

    def centres(self, desk: Desk) -> Units:
        return unpacked(desk.state["point"])


def nearest(points: Units, of: Units) -> tuple[Numbers, npt.NDArray[np.float32]]:
    """For each point which centre is nearest (of several the first), and the product of the two, at most UNIT ^ 2."""
    if not len(points):
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    products = points @ of.T  # whole numbers below 2^24: exact, so BLAS may sum in any order
    at = products.argmax(axis=1)
    return at, products[np.arange(len(points)), at]


def centres(points: Units, wanted: int, seed: int) -> Units:
    """k-means++ and then Lloyd's rounds; a cluster that loses all its points starts again at the point that fits its own worst."""
    found = _spread(points, min(wanted, len(points)), seed)
    before = np.full(len(points), -1)
    for _ in range(ROUNDS if len(points) else 0):
        at, near = nearest(points, found)
        if (at == before).all():
            break
        before = at
        found = _means(points, at, near, len(found))
    return found


def _spread(points: Units, wanted: int, seed: int) -> Units:
    """Points drawn one after the other by their squared distance from those before, each the best of a few draws (greedy k-means++)."""
    draw, picked = np.random.default_rng(seed), list[int]()
    apart = np.full(len(points), 4 * UNIT * UNIT, np.int64)
    for turn in range(wanted):
        sums = np.cumsum(apart)
        if not sums[-1]:  # all that is left lies upon a pick
            break
        tried = np.searchsorted(sums, (draw.random(2 + int(np.log(wanted)) if turn else 1) * sums[-1]).astype(np.int64), side="right")
        products = np.rint(points @ points[tried].T).astype(np.int64)
        left = np.minimum(apart[:, None], np.maximum(2 * (UNIT * UNIT - products), 0))
        left[tried, np.arange(len(tried))] = 0
        best = int(left.sum(axis=0).argmin())
        picked.append(int(tried[best]))
        apart = left[:, best]
    return points[picked]


def _means(points: Units, at: Numbers, near: npt.NDArray[np.float32], count: int) -> Units:
    order = np.argsort(at, kind="stable")
    sizes = np.bincount(at, minlength=count)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    sums = np.zeros((count, points.shape[1]), np.int64)
    filled = np.flatnonzero(sizes)
    sums[filled] = np.add.reduceat(points[order].astype(np.int64), starts[filled], axis=0)
    worst = np.argsort(near, kind="stable")
    for turn, empty in enumerate(np.flatnonzero(sizes == 0)):
        sums[empty] = points[worst[turn]]
    return units(sums)
