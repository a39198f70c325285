"""Keep what is unusual within its cluster, or what is typical."""

from typing import ClassVar, Literal, Self

import numpy as np
import pyarrow as pa
from pydantic import Field, model_validator

from tools.contract import Card, Columns, Counts, Desk, Example, Quota, Rank

from .clusters import Clustered, nearest
from .sample import one_size, sized
from .vectors import ROWS_PER_BATCH, TEXT, Rows, Share

ALIKE = ["the cat sat on the mat"] * 3


class Prototypes(Clustered, Rank):
    """Drop the most typical rows: those nearest to the centre of their cluster, which many others stand for. `keep: typical` does the reverse.

    Rows are compared by the words of their text or by a vector column; clusters are learned from up to 16,384 rows at random. It
    favours the odd, so filter out noise before it. Rows nearest to no centre (empty texts) count as unusual. The order of the input stays.
    """

    rows: Rows = Field(default=None, ge=0, description="How many rows to keep.")
    share: Share = Field(default=None, ge=0, le=1, description="Share of the rows to keep.")
    keep: Literal["unusual", "typical"] = Field(default="unusual", description="Which rows stay.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads=TEXT,
        exact=True,
        seeded=True,
        state_bytes=128 << 20,
        rows_per_batch=ROWS_PER_BATCH,
        micros_per_row=90.0,
        paper="arXiv:2206.14486 (SSL prototypes)",
        proof="after vector_dedup (D4), 1,000 of 8,000 log lines keep 564 of 723 templates, at random 264 (2026-11-28)",
        aliases=(
            "drop the most typical",
            "prototypes",
            "remove prototypical examples",
            "keep the hard examples",
            "keep the unusual rows",
            "least typical",
            "most typical examples",
            "representative examples",
            "far from the cluster centre",
            "ssl prototypes",
        ),
        not_for=(
            "near-duplicates: use minhash_dedup or vector_dedup",
            "the same number from each cluster: use cluster_balance",
            "rows as different as can be: use k_center or dpp",
        ),
        examples=(
            Example(
                params={"rows": 2, "clusters": 1},
                given={"text": [*ALIKE, "an odd thing about quarks"]},
                keeps=(0, 3),
                drops={1: "quota", 2: "quota"},
            ),
            Example(params={"share": 0.75, "clusters": 1, "keep": "typical"}, given={"text": [*ALIKE, "an odd thing about quarks"]}, keeps=(0, 1, 2)),
            Example(
                params={"rows": 1, "clusters": 1, "of": "vector"},
                given={"vector": [[1, 0], [1, 0], [0, 1], None]},
                keeps=(2,),
                drops={0: "quota", 3: "null"},
            ),
        ),
    )

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        one_size(self.rows, self.share)
        return self

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        at, near = nearest(self.points(batch, desk), self.centres(desk))
        order = near.astype(np.int64)
        return {"order": pa.array(order if self.keep == "unusual" else -order), "key": pa.array(at).cast(pa.string())}

    def quota(self, counts: Counts) -> Quota:
        return sized(counts, self.rows, self.share)
