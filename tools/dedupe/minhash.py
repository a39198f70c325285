"""Drop texts that are nearly the same as one that stays."""

from typing import ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tools.contract import Between, Bound, Card, Columns, Desk, Example, Group, Rule, Types
from tools.kernels import compiled

from .pairs import buckets, pairs_within
from .shingles import Grams, Numbers, distinct
from .sketch import PLACES, text_bands

RECALL = 0.995  # of pairs at `reach` that notes must bring together


class MinHashDedup(Group):
    """Drop texts that share most of their word n-grams with one that stays; of each cluster one row is kept.

    MinHash finds the pairs, and every pair is then checked by the true Jaccard similarity of its n-grams, so nothing below
    `similarity` is merged with its neighbour. Rows join a cluster by any one neighbour: the ends of a chain may differ more.
    Words are runs of letters and digits, lower-cased, each Han or kana character by itself; a text of fewer than `ngram`
    words is one n-gram. Texts without words never pair. With an input `against` rows that are nearly the same as one of its rows go
    too, and notes that an earlier run took of those are used again.
    """

    similarity: Bound = Field(default=0.8, ge=0, le=1, description="Least share of n-grams (true Jaccard) that two texts have in common.")
    ngram: int = Field(default=5, ge=1, le=32, description="Words in an n-gram; fewer for short texts.")
    keep: Literal["first", "longest", "best"] = Field(
        default="first", description="Which row of a cluster stays; `best`: the one with the largest value of the column `by`."
    )
    reach: float = Field(default=0.8, ge=0.2, le=1, description="Least similarity whose pairs are looked for: lower it together with `similarity`.")

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads={"text": pa.string()},
        adds={"jaccard": pa.float64()},
        against={"text": pa.string()},
        notes={"bands": pa.list_(pa.uint64()), "prefer": pa.float64()},
        key="bands",
        prefer="prefer",
        exact=True,
        micros_per_row=9.0,
        paper="Broder 1997; arXiv:1704.04370",
        aliases=(
            "near duplicates",
            "near-duplicates",
            "near-identical texts",
            "almost the same",
            "fuzzy dedup",
            "fuzzy deduplication",
            "minhash",
            "LSH dedup",
            "similar documents",
            "dedup keep the longest",
            "keep the best of similar texts",
            "more than 80% the same",
            "no two texts that share most of their words",
            "twins and variants",
            "jaccard similarity",
            "not already in an earlier crawl",
            "new against yesterday's data",
        ),
        not_for=(
            "texts that are the same to the letter: use exact_dedup",
            "the same meaning in other words",
            "test questions in training rows: use decontaminate",
        ),
        examples=(
            Example(params={"ngram": 1, "similarity": 0.8}, given={"text": ["a b c d", "x y z", "A b, c d e!", ""]}, keeps=(0, 1, 3), into={2: 0}),
            Example(
                params={"ngram": 1, "similarity": 0.8, "keep": "longest"},
                given={"text": ["a b c d", "a b c d e"]},
                keeps=(1,),
                drops={0: "merged"},
                into={0: 1},
            ),
            Example(params={"keep": "best"}, given={"text": ["Same text.", "same text"], "by": [1.0, 2.0]}, keeps=(1,), into={0: 1}),
            Example(given={"text": ["A new page.", "an old page"]}, against={"text": ["An old page!"]}, keeps=(0,), drops={1: "merged"}),
        ),
    )

    @model_validator(mode="after")
    def _within_reach(self) -> Self:
        if self.similarity is not None and self.similarity < self.reach:
            raise ValueError(f"similarity={self.similarity!r} is below reach={self.reach!r}: set reach to {self.similarity!r} too")
        return self

    def reads(self) -> Types:
        return {**self.card.reads, "by": pa.float64()} if self.keep == "best" else self.card.reads

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        size = band_size(self.reach)
        return {"bands": text_bands(batch["text"], self.ngram, PLACES // size, size), "prefer": pa.array(self._prefer(batch))}

    def match(self, partition: pa.Table) -> pa.Table:
        return pairs_within(buckets(partition["bands"], partition["row"]))

    def evidence(self, batch: pa.RecordBatch, desk: Desk) -> pa.Array:
        sets = distinct(batch["text"], self.ngram)
        return pa.ListArray.from_arrays(pa.array(sets.offsets, pa.int32()), pa.array(sets.hashes))

    def verify(self, pairs: pa.Table, desk: Desk) -> Columns:
        row, other = (pairs[side].to_numpy() for side in ("row", "other"))
        places, at = np.unique(np.concatenate((row, other)), return_inverse=True)
        sets = desk.evidence(pa.array(places))
        return {"jaccard": pa.array(jaccards(Grams(sets.flatten().to_numpy(), _offsets(sets)), at[: len(row)], at[len(row) :]))}

    def rule(self) -> Rule:
        return (Between("jaccard", at_least=self.similarity),)

    def _prefer(self, batch: pa.RecordBatch) -> npt.NDArray[np.float64]:
        if self.keep == "best" and "by" in batch.schema.names:  # reference rows have none: they stay as it is
            by: npt.NDArray[np.float64] = batch["by"].to_numpy()
            return np.where(np.isnan(by), -np.inf, by)
        if self.keep == "longest":
            return np.asarray(pc.utf8_length(batch["text"]), np.float64)
        return np.zeros(len(batch), np.float64)


def band_size(reach: float) -> int:
    """The most places a band may have so that pairs at `reach` share a band with probability RECALL."""
    return next(size for size in range(16, 0, -1) if 1 - (1 - reach**size) ** (PLACES // size) >= RECALL)


def jaccards(sets: Grams, ones: Numbers, others: Numbers) -> npt.NDArray[np.float64]:
    """The true similarity of each pair of sets, given by their numbers."""
    fast = compiled("near", sets.hashes.nbytes)
    if fast is None:
        common = _common(sets, ones, others)
    else:
        common = np.zeros(len(ones), np.int64)
        fast.common(sets.hashes, sets.offsets, ones, others, common)
    sizes = sets.counts
    found: npt.NDArray[np.float64] = common / np.maximum(1, sizes[ones] + sizes[others] - common)
    return found


def _common(sets: Grams, ones: Numbers, others: Numbers) -> Numbers:
    """How many values are in both."""
    names, members = np.unique(sets.hashes, return_inverse=True)
    marked = np.zeros(len(names), bool)
    common = np.zeros(len(ones), np.int64)
    order = np.argsort(ones, kind="stable")  # the pairs of one set together: its members are marked once
    last, held = members[:0], -1
    for turn, one, other in zip(order.tolist(), ones[order].tolist(), others[order].tolist(), strict=True):
        if one != held:
            marked[last] = False
            held, last = one, members[sets.offsets[one] : sets.offsets[one + 1]]
            marked[last] = True
        common[turn] = np.count_nonzero(marked[members[sets.offsets[other] : sets.offsets[other + 1]]])
    return common


def _offsets(lists: pa.ListArray) -> Numbers:
    """Where each list begins and ends among the values of all."""
    lengths = pc.list_value_length(lists).to_numpy()
    offsets: Numbers = np.append(0, np.cumsum(lengths, dtype=np.int64))
    return offsets
