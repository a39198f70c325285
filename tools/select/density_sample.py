"""Down-sample where the data are dense."""

from typing import ClassVar, Self

import numpy as np
import pyarrow as pa
from pydantic import Field, model_validator

from tools.contract import Card, Columns, Counts, Desk, Example, Learner, Quota, Rank

from .drawing import keys
from .sample import one_size, sized
from .sketch import Sketch, fitting_width
from .vectors import ROWS_PER_BATCH, TEXT, OverVectors, Rows, Share, packed, unpacked

CALIBRATION = 2000  # rows that the width is fitted to


class DensitySample(OverVectors, Learner, Rank):
    """Draw rows evenly over all that there is, not over all rows: crowded regions are thinned out, rare kinds survive.

    Each row has a chance in proportion to 1 / density ^ power, the density estimated by a sketch that two passes over the data fill and
    read; memory does not grow with the rows. It brings up noise as well as what is rare: filter for quality first. The order of the
    input stays.
    """

    rows: Rows = Field(default=None, ge=0, description="How many rows to keep.")
    share: Share = Field(default=None, ge=0, le=1, description="Share of the rows to keep.")
    power: float = Field(default=1.0, ge=0, le=8, description="How strongly: 1 as published, 0 is a random sample, above 1 prefers the rare.")
    width: float | None = Field(
        default=None, gt=0, le=64, description="How near counts as near, in lengths of a vector; by default fitted to the data."
    )
    concat: int = Field(default=8, ge=1, le=32, description="Projections to a hash: one alone cannot tell dense from sparse.")
    hashes: int = Field(default=128, ge=8, le=4096, description="Hashes: more are more exact and take longer.")
    buckets: int = Field(default=1 << 15, ge=64, le=1 << 20, description="Counts to a hash.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads=TEXT,
        exact=True,
        seeded=True,
        passes=2,
        state_bytes=2 << 30,
        rows_per_batch=ROWS_PER_BATCH,
        micros_per_row=160.0,
        paper="arXiv:2402.09668 (Density; p ∝ 1/S, its printed line has the reverse)",
        proof="of 723 templates in 8,000 log lines 1,000 rows keep 308, at random 264; docs/selection.md (2026-11-28)",
        aliases=(
            "density sampling",
            "down-sample dense regions",
            "thin out the crowded regions",
            "so that rare kinds are not lost",
            "keep the rare kinds",
            "coverage sampling",
            "sample evenly over the whole space",
            "inverse density sampling",
            "up-weight rare examples",
            "less of the same",
        ),
        not_for=(
            "labels are there: use balance or stratified_sample",
            "a score is there: use ips_sample",
            "near-duplicates: use minhash_dedup",
            "few rows, as different as can be: use k_center or dpp",
        ),
        examples=(
            Example(
                params={"rows": 2, "power": 8.0, "of": "vector", "width": 0.5},
                given={"vector": [[1, 0]] * 6 + [[0, 1], None]},
                drops={7: "null"},
            ),
            Example(params={"share": 1.0}, given={"text": ["one", "two"]}, keeps=(0, 1)),
        ),
    )

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        one_size(self.rows, self.share)
        return self

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        points = self.points(batch, desk)
        if desk.state.num_columns:
            sketch = self._sketch(desk.state)
            return _state(sketch.width, len(points), sketch.counts(points))
        draws = np.asarray(desk.draw(), np.uint64)
        lowest = np.argsort(draws, kind="stable")[:CALIBRATION]
        return pa.table({"draw": draws[lowest], "point": packed(points[lowest])})

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        if "draw" in one.column_names:
            both = pa.concat_tables([one, other])
            lowest = np.argsort(both["draw"].to_numpy(), kind="stable")[:CALIBRATION]
            return both.take(pa.array(lowest)).combine_chunks()
        return _state(one["width"][0].as_py(), one["rows"][0].as_py() + other["rows"][0].as_py(), _counts(one) + _counts(other))

    def conclude(self, learned: pa.Table) -> pa.Table:
        if "draw" not in learned.column_names:
            return learned
        return _state(self.width or fitting_width(unpacked(learned["point"]), self.concat), 0, np.zeros(0, np.int32))

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        points = self.points(batch, desk)
        density = self._sketch(desk.state).density(points, _counts(desk.state), desk.state["rows"][0].as_py())
        return {"order": keys(-self.power * np.log(density), desk.draw())}

    def quota(self, counts: Counts) -> Quota:
        return sized(counts, self.rows, self.share)

    def _sketch(self, state: pa.Table) -> Sketch:
        return Sketch(self.hashes, self.buckets, self.concat, float(state["width"][0].as_py()))


def _state(width: float, rows: int, counts: np.ndarray[tuple[int], np.dtype[np.int32]]) -> pa.Table:
    return pa.table(
        {
            "width": [float(width)],
            "rows": pa.array([rows], pa.int64()),
            "counts": pa.array([pa.compress(counts.tobytes(), "lz4_raw", asbytes=True)], pa.large_binary()),
            "bytes": [counts.nbytes],
        }
    )


def _counts(state: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    packed_ = state["counts"].combine_chunks()[0].as_buffer()
    return np.frombuffer(pa.decompress(packed_, state["bytes"][0].as_py(), "lz4_raw"), np.int32)
