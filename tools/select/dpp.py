"""Pick rows that are good and unlike each other."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import Field

from tools.contract import Between, Card, Columns, Desk, Example, Rule, Types, Whole
from tools.errors import RecipeError
from tools.hashed import UNIT, Units

from .vectors import ROWS_PER_BATCH, TEXT, OverVectors, packed, unpacked

LEAST = 1e-10  # volume below which nothing new is added: what is left lies upon what was picked
MOST_NUMBERS = 1 << 28  # rows × picks that are held: 2 GiB
Floats = npt.NDArray[np.float64]


class Dpp(OverVectors, Whole):
    """Keep the rows that together span the largest volume: greedily, each pick is what the picks so far explain least.

    This is the greedy answer to the likeliest set of a determinantal point process. Rows are compared by the words of their text or by a
    vector column; two rows are alike by exp((cosine - 1) / reach). With `by: quality` the column `quality` counts as well, as
    exp(weight × quality). Copies of a picked row are never picked, so it may keep fewer rows than asked. The order of the input stays.
    """

    rows: int = Field(ge=1, description="How many rows to keep.")
    reach: float = Field(default=0.5, gt=0, le=100, description="How far likeness reaches: small values only push near rows apart.")
    weight: float = Field(default=0.0, ge=0, le=100, description="Above 0: how much the column `quality` counts against being unlike.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads=TEXT,
        adds={"pick": pa.int32()},
        notes={"point": pa.list_(pa.int16()), "quality": pa.float64()},
        most_rows=100_000,
        exact=True,
        rows_per_batch=ROWS_PER_BATCH,
        micros_per_row=500.0,
        paper="arXiv:1709.05135 (Chen, Zhang and Zhou 2018: greedy MAP)",
        proof="1,000 of 8,000 log lines keep 606 of 723 templates, at random 264 (2026-11-28)",
        aliases=(
            "dpp",
            "determinantal point process",
            "diverse and good",
            "diverse subset by volume",
            "most diverse rows",
            "rows that repeat each other least",
            "quality and diversity",
            "maximise diversity",
        ),
        not_for=(
            "more than 100,000 rows: density_sample, or random_sample before it",
            "every row near a kept one: use k_center",
            "near-duplicates: use minhash_dedup",
        ),
        examples=(
            Example(params={"rows": 2, "of": "vector"}, given={"vector": [[1, 0], [1, 0.1], [0, 1]]}, keeps=(0, 2), drops={1: "pick"}),
            Example(params={"rows": 9}, given={"text": ["same words", "same words", "others", None]}, keeps=(0, 2), drops={1: "pick", 3: "null"}),
            Example(
                params={"rows": 1, "of": "vector", "weight": 2.0},
                given={"vector": [[1, 0], [0, 1]], "quality": [0.1, 0.9]},
                keeps=(1,),
            ),
        ),
    )

    def reads(self) -> Types:
        return {**super().reads(), **({"quality": pa.float64()} if self.weight else {})}

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        quality = batch["quality"] if self.weight else pa.array(np.zeros(len(batch)))
        return {"point": packed(self.points(batch, desk)), "quality": quality}

    def settle(self, notes: pa.Table) -> Columns:
        points = unpacked(notes["point"])
        wanted = min(self.rows, len(points))
        if wanted * len(points) > MOST_NUMBERS:
            most = MOST_NUMBERS // len(points)
            raise RecipeError(f"dpp: {wanted:,} of {len(points):,} rows take too much memory; keep at most {most:,}, or use density_sample")
        told = np.clip(np.nan_to_num(notes["quality"].to_numpy(), nan=-700.0), -1e6, 1e6)  # or a weight makes infinity of it
        quality = np.exp(np.clip(self.weight * told, -300, 300))
        picks = np.full(len(points), -1, np.int32)
        for turn, pick in enumerate(greedy(points, quality, wanted, self.reach)):
            picks[pick] = turn
        return {"pick": pa.array(picks, mask=picks < 0)}

    def rule(self) -> Rule:
        return (Between("pick", at_least=0),)


def greedy(points: Units, quality: Floats, wanted: int, reach: float) -> list[int]:
    """Picks, each the one that adds most volume; of equal ones the first. O(rows × picks) memory, one row of likeness at a time."""
    gains, picked = quality * quality, list[int]()
    made = np.empty((wanted, len(points)))  # row t: what pick t explains of each row
    floor = LEAST * float(gains.max(initial=0.0))
    for turn in range(wanted):
        pick = int(gains.argmax())
        if gains[pick] <= floor:
            break
        own = np.sqrt(gains[pick])
        alike = np.exp((points @ points[pick] / np.float32(UNIT * UNIT) - 1).astype(np.float64) / reach) * quality * quality[pick]
        alike[pick] = quality[pick] ** 2
        explained = np.einsum("ij,i->j", made[:turn], made[:turn, pick])  # without BLAS, whose sums depend on the number of threads
        made[turn] = (alike - explained) / own
        gains = gains - made[turn] * made[turn]
        gains[pick] = -np.inf
        picked.append(pick)
    return picked
