"""Pick rows that stand for all others."""

import heapq
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import Field

from tools.contract import Between, Card, Columns, Desk, Example, Rule, Whole
from tools.hashed import Units

from .vectors import ROWS_PER_BATCH, TEXT, OverVectors, packed, unpacked

AT_ONCE, AGAIN = 256, 16  # candidates whose gains are computed together: at first, and where they may have fallen


class FacilityLocation(OverVectors, Whole):
    """Keep the rows that best stand for all: the sum, over all rows, of how like each is to the kept row most like it, is made large.

    Greedily, which is at least 63% of the best there is. Unlike k_center it follows the crowd: dense regions get more rows, outliers few.
    Rows are compared by the words of their text or by a vector column. Of more than `audience` rows, so many drawn at random are those
    to be stood for; every row may be picked. The order of the input stays.
    """

    rows: int = Field(ge=1, description="How many rows to keep.")
    audience: int = Field(default=10_000, ge=1, le=200_000, description="Most rows that the kept ones must stand for.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads=TEXT,
        adds={"pick": pa.int32()},
        notes={"point": pa.list_(pa.int16()), "draw": pa.uint64()},
        most_rows=200_000,
        exact=True,
        seeded=True,
        rows_per_batch=ROWS_PER_BATCH,
        micros_per_row=500.0,
        paper="Nemhauser, Wolsey and Fisher 1978; Minoux 1978 (lazy greedy)",
        proof="mean likeness of all rows to the kept 89%, at random 80% (1,000 of 8,000 log lines, 2026-11-28)",
        aliases=(
            "facility location",
            "rows that stand for all others",
            "most representative rows",
            "best summary of the data set",
            "submodular selection",
            "representative subset",
            "cover the data by examples",
            "exemplars",
        ),
        not_for=(
            "more than 200,000 rows: cluster_balance, or random_sample before it",
            "the odd rows too: use k_center",
            "any rows: use random_sample",
        ),
        examples=(
            Example(
                params={"rows": 2, "of": "vector"},
                given={"vector": [[1, 0], [1, 0], [1, -0.1], [0, 1]]},
                keeps=(0, 3),
                drops={1: "pick", 2: "pick"},
            ),
            Example(params={"rows": 9}, given={"text": ["same words", "same words", None]}, keeps=(0, 1), drops={2: "null"}),
        ),
    )

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"point": packed(self.points(batch, desk)), "draw": desk.draw()}

    def settle(self, notes: pa.Table) -> Columns:
        points = unpacked(notes["point"])
        audience = np.sort(np.argsort(notes["draw"].to_numpy(), kind="stable")[: self.audience])
        picks = np.full(len(points), -1, np.int32)
        for turn, pick in enumerate(lazy_greedy(points, points[audience], min(self.rows, len(points)))):
            picks[pick] = turn
        return {"pick": pa.array(picks, mask=picks < 0)}

    def rule(self) -> Rule:
        return (Between("pick", at_least=0),)


def lazy_greedy(points: Units, audience: Units, wanted: int) -> list[int]:
    """Picks, each the one that gains most, of equal ones the first. A gain never grows, so only those on top are computed again."""
    best, picked = np.zeros(len(audience), np.float32), list[int]()
    heap: list[tuple[int, int, int]] = []  # less its gain, the row, and after how many picks that was its gain
    for start in range(0, len(points), AT_ONCE):
        heap += _gains(points, audience, best, np.arange(start, min(start + AT_ONCE, len(points))), 0)
    heapq.heapify(heap)
    while len(picked) < wanted:
        if heap[0][2] == len(picked):
            picked.append(heapq.heappop(heap)[1])
            best = np.maximum(best, audience @ points[picked[-1]])
            continue
        stale: list[int] = []
        while heap and len(stale) < AGAIN and heap[0][2] < len(picked):
            stale.append(heapq.heappop(heap)[1])
        for entry in _gains(points, audience, best, np.array(stale), len(picked)):
            heapq.heappush(heap, entry)
    return picked


def _gains(points: Units, audience: Units, best: Units, rows: npt.NDArray[np.int64], picks: int) -> list[tuple[int, int, int]]:
    gains = np.maximum(points[rows] @ audience.T - best, 0).sum(axis=1, dtype=np.float64)  # whole numbers below 2^53: exact
    return [(-int(gain), int(row), picks) for row, gain in zip(rows, gains, strict=True)]
