"""Near-duplicates by the angle between vectors."""

from functools import lru_cache
from math import acos, ceil, log, pi
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import Field

from tools.contract import Between, Bound, Card, Columns, Desk, Example, Group, Rule
from tools.hashed import Units
from tools.select.vectors import ROWS_PER_BATCH, TEXT, OverVectors, packed

from .pairs import buckets, pairs_within

BITS = 18  # of a band: so many that rows which are unlike seldom share one
MOST_BANDS = 128
MISSED = 0.02  # of the pairs that are just alike enough
PAIRS_AT_ONCE = 1 << 15
SEED = 20_230_316


class VectorDedup(OverVectors, Group):
    """Keep one row of those whose vectors point nearly the same way: the first.

    Rows are compared by a vector column, as of an embedding model (SemDeDup without its clusters), or by the words of their text. Pairs
    are found by bands of random hyperplanes, about 98 in 100 of those at `reach`, and their true cosine is computed before they merge.
    """

    similarity: Bound = Field(default=0.95, ge=0, le=1, description="Least cosine of rows that merge.")
    reach: float = Field(default=0.9, ge=0.8, le=0.999, description="Least cosine for which pairs are looked for.")

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads=TEXT,
        adds={"cosine": pa.float32()},
        notes={"bands": pa.list_(pa.uint64())},
        key="bands",
        exact=True,
        rows_per_batch=ROWS_PER_BATCH,
        micros_per_row=150.0,
        paper="arXiv:2303.09540 (SemDeDup); Charikar 2002 (hyperplanes)",
        aliases=(
            "semdedup",
            "duplicates by embedding",
            "near-duplicate vectors",
            "cosine similarity above",
            "similar embeddings",
            "deduplicate by vectors",
            "d4",
        ),
        not_for=("texts that share most words: use minhash_dedup, which is cheaper", "equal texts: use exact_dedup"),
        examples=(
            Example(params={"of": "vector"}, given={"vector": [[1, 0], [0, 1], [2, 0.01]]}, keeps=(0, 1), into={2: 0}),
            Example(given={"text": ["the same few words", "the same few words", "others", None]}, keeps=(0, 2, 3), into={1: 0}),
        ),
    )

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        points = self.points(batch, desk)
        bands = bands_of(points, count(self.reach))
        empty = np.asarray(~points.any(axis=1))  # no direction: alike to nothing
        lists = [[] if nothing else row for nothing, row in zip(empty.tolist(), bands.tolist(), strict=True)] if empty.any() else None
        if lists is not None:
            return {"bands": pa.array(lists, pa.list_(pa.uint64()))}
        offsets = np.arange(len(points) + 1, dtype=np.int32) * bands.shape[1]
        return {"bands": pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(bands.reshape(-1)))}

    def match(self, partition: pa.Table) -> pa.Table:
        return pairs_within(buckets(partition["bands"], partition["row"]))

    def evidence(self, batch: pa.RecordBatch, desk: Desk) -> pa.Array:
        return packed(self.points(batch, desk))

    def verify(self, pairs: pa.Table, desk: Desk) -> Columns:
        row, other = (pairs[side].to_numpy() for side in ("row", "other"))
        places, at = np.unique(np.concatenate((row, other)), return_inverse=True)
        lists = desk.evidence(pa.array(places))
        points = lists.flatten().to_numpy().astype(np.float32).reshape(len(places), -1)
        return {"cosine": pa.array(_cosines(points, at[: len(row)], at[len(row) :]))}

    def rule(self) -> Rule:
        return (Between("cosine", at_least=self.similarity),)


def count(reach: float) -> int:
    """Bands so that of pairs at `reach` all but MISSED share one."""
    shared = (1 - acos(reach) / pi) ** BITS
    return min(MOST_BANDS, ceil(log(MISSED) / log(1 - shared)))


def bands_of(points: Units, bands: int) -> npt.NDArray[np.uint64]:
    """For each point the side of BITS hyperplanes on which it lies, a number a band."""
    sides = (points @ _planes(points.shape[1], bands * BITS) > 0).reshape(len(points), bands, BITS)
    words = sides.astype(np.uint64) @ (np.uint64(1) << np.arange(BITS, dtype=np.uint64))
    spread: npt.NDArray[np.uint64] = (words << np.uint64(8) | np.arange(bands, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    return spread


def _cosines(points: Units, ones: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    lengths = np.sqrt(np.einsum("ij,ij->i", points, points, dtype=np.float64))
    found = np.empty(len(ones), np.float32)
    for start in range(0, len(ones), PAIRS_AT_ONCE):
        one, other = ones[start : start + PAIRS_AT_ONCE], others[start : start + PAIRS_AT_ONCE]
        products = np.einsum("ij,ij->i", points[one], points[other])
        found[start : start + PAIRS_AT_ONCE] = products / np.maximum(lengths[one] * lengths[other], 1.0)
    return found


@lru_cache(maxsize=2)
def _planes(dimensions: int, planes: int) -> Units:
    return np.rint(np.random.default_rng(SEED).standard_normal((dimensions, planes)) * 64).astype(np.float32)
