"""Take the same from each cluster of rows."""

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

import numpy as np
import pyarrow as pa
from pydantic import Field, model_validator

from tools.contract import Card, Columns, Counts, Desk, Example, Key, Quota, Rank

from .clusters import Clustered, nearest
from .groups import in_equal_parts
from .vectors import ROWS_PER_BATCH, TEXT, Rows, Share


class ClusterBalance(Clustered, Rank):
    """Even out topics that nobody labelled: find clusters of rows, then take as many from each, or by the root of their sizes.

    Rows are compared by the words of their text or by a vector column; clusters are learned from up to 16,384 rows at random, and rows
    are drawn at random within each. What a small cluster cannot give comes from the larger ones. The order of the input stays.
    """

    rows: Rows = Field(default=None, ge=0, description="How many rows to keep.")
    share: Share = Field(default=None, ge=0, le=1, description="Share of the rows to keep.")
    rows_each: Rows = Field(default=None, ge=0, description="Most rows of each cluster.")
    parts: Literal["equal", "root"] = Field(default="equal", description="equal: as many from each cluster; root: by the root of its size.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads=TEXT,
        exact=True,
        seeded=True,
        state_bytes=128 << 20,
        rows_per_batch=ROWS_PER_BATCH,
        micros_per_row=90.0,
        proof="1,000 of 5,486 log lines of 16 systems: distance from even 0.30, at random 0.37 (2026-11-28)",
        aliases=(
            "balance the topics by clustering",
            "balance over clusters",
            "cluster and sample evenly",
            "same number from each cluster",
            "equal share per cluster",
            "cluster balanced sample",
            "even out the topics without labels",
            "k-means and sample",
            "sample across clusters",
        ),
        not_for=(
            "labels are there: use balance",
            "rows as different as can be: use k_center",
            "no clusters, only denser regions: use density_sample",
        ),
        examples=(
            Example(
                params={"rows": 2, "clusters": 2, "of": "vector"},
                given={"vector": [[1, 0], [0, 1], None]},
                keeps=(0, 1),
                drops={2: "null"},
            ),
            Example(params={"share": 1.0}, given={"text": ["one", "two"]}, keeps=(0, 1)),
            Example(params={"rows_each": 1, "clusters": 2}, given={"text": ["one", "two"]}, keeps=(0, 1)),
        ),
    )

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if sum(size is not None for size in (self.rows, self.share, self.rows_each)) != 1:
            raise ValueError(f"rows={self.rows!r}, share={self.share!r}, rows_each={self.rows_each!r}: give exactly one of the three")
        return self

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        at, _ = nearest(self.points(batch, desk), self.centres(desk))
        return {"order": desk.draw(), "key": pa.array(at).cast(pa.string())}

    def quota(self, counts: Counts) -> Quota:
        if self.rows_each is not None:
            return Quota(rows=dict.fromkeys(counts.rows, self.rows_each))
        rows = self.rows if self.share is None else round(sum(counts.rows.values()) * self.share)
        part = in_equal_parts if self.parts == "equal" else by_root
        return Quota(rows=part(counts.rows, rows or 0))


def by_root(sizes: Mapping[Key, int], total: int) -> dict[Key, int]:
    """Parts of `total` by the root of each size, none above its size; what does not divide goes to the largest remainders."""
    parts: dict[Key, int] = dict.fromkeys((key for key, size in sizes.items() if not size), 0)
    rest, left = {key: size for key, size in sizes.items() if size}, min(total, sum(sizes.values()))
    while rest:
        roots = sum(size**0.5 for size in rest.values())
        full = [key for key, size in rest.items() if size <= left * size**0.5 / roots]
        if not full:
            break
        parts |= {key: rest[key] for key in full}
        left -= sum(rest.pop(key) for key in full)
    exact = {key: left * size**0.5 / sum(other**0.5 for other in rest.values()) for key, size in rest.items()}
    parts |= {key: int(np.floor(value)) for key, value in exact.items()}
    missing = min(total, sum(sizes.values())) - sum(parts.values())
    for key in sorted(exact, key=lambda key: parts[key] - exact[key])[:missing]:
        parts[key] += 1
    return parts
