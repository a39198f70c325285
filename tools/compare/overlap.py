"""How much of a row stands in another data set too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Between, Bound, Card, Columns, Desk, Example, Fit, Rule
from tools.dedupe.known import Known, in_order, made_once, together
from tools.dedupe.shingles import BASE, Grams, Hashes, grams, mixed, words

from .states import packed, part

MOST_GRAMS = 1 << 25  # of the reference; above, a half, a quarter, and so on of them is looked for, always the same ones
TOP = 64


class Overlap(Fit):
    """Measure how much of each text stands in the reference input: the share of its word n-grams that occur there, anywhere.

    `exact`: the reference has the whole text, case, space and punctuation aside. `near`: nearly all of its n-grams occur there. Told
    of all rows: how many are `exact`, `near` (those among them) and `overlapping` (with at least one n-gram). A text of fewer than
    `ngram` words overlaps where the reference has a text of just these words. Up to 33 million different n-grams of the reference are
    looked for, about 300 MB of text; of a larger one only a half, a quarter and so on, by hash, so that the share is an estimate.
    """

    at_most: Bound = Field(
        default=None, ge=0, le=1, description="Largest share of a row's n-grams that may stand in the reference; none: all rows pass."
    )
    ngram: int = Field(default=8, ge=1, le=64, description="Words in an n-gram.")
    near_from: float = Field(default=0.8, gt=0, le=1, description="Share of n-grams from which a row is `near`.")

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads={"text": pa.string()},
        against={"text": pa.string()},
        needs_against=True,
        adds={"overlap": pa.float64(), "exact": pa.bool_(), "near": pa.bool_()},
        numbers=("rows", "exact", "near", "overlapping"),
        state_bytes=2 << 30,
        exact=True,
        micros_per_row=15.0,
        proof="all 1,319 gsm8k test questions in test_socratic, none whole in train; 40 MB/s per core (2026-11-28)",
        paper="n-gram overlap of data sets: arXiv:2005.14165, appendix C; arXiv:2104.08758",
        aliases=(
            "overlap",
            "overlap between two data sets",
            "rows that are in the other file",
            "already in the old data",
            "seen in another data set",
            "shared with the last crawl",
            "n-gram overlap",
            "how much is copied from",
            "rows in common",
            "share of rows that stand in another input",
            "novel rows only",
        ),
        not_for=(
            "test questions anywhere within long rows: use decontaminate",
            "how far two data sets are apart as wholes: use drift",
            "repeats within one input: use exact_dedup or minhash_dedup",
        ),
        examples=(
            Example(
                params={"ngram": 2},
                given={"text": ["One two, three!", "two three four", "six seven", "three"]},
                against={"text": ["one two three", "three"]},
                gives={"overlap": [1.0, 0.5, 0.0, 1.0], "exact": [True, False, False, True], "near": [True, False, False, True]},
                numbers={"rows": 4, "exact": 2, "near": 2, "overlapping": 3},
            ),
            Example(
                params={"ngram": 2, "at_most": 0.4},
                given={"text": ["one two three", "six seven eight"]},
                against={"text": ["zero one two three"]},
                keeps=(1,),
                drops={0: "overlap"},
            ),
        ),
    )

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        own = words(batch["text"])
        return _settled(in_order(grams(own, self.ngram).hashes), in_order(_wholes(own)[own.counts > 0]), 0)

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        level = max(int(part(side, "level")[0]) for side in (one, other))
        kept, whole = (together(part(one, name), part(other, name)) for name in ("grams", "whole"))
        return _settled(_below(kept, level), whole, level)

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        known = made_once(desk.state, _Reference.of)
        own = words(batch["text"])
        inside = grams(own, self.ngram)
        row = np.repeat(np.arange(len(batch)), inside.counts)
        asked = np.bincount(row[_is_below(inside.hashes, known.level)], minlength=len(batch))
        held = np.bincount(row[known.grams.holds(inside.hashes)], minlength=len(batch))
        exact = known.whole.holds(_wholes(own)) & (own.counts > 0)
        share = np.where(exact, 1.0, held / np.maximum(asked, 1))
        return {"overlap": pa.array(share), "exact": pa.array(exact), "near": pa.array(share >= self.near_from)}

    def rule(self) -> Rule:
        return () if self.at_most is None else (Between("overlap", at_most=self.at_most),)

    def totals(self, measured: pa.Table) -> Mapping[str, int]:
        share = measured["overlap"].drop_null()
        counts = {"rows": len(share), "overlapping": pc.sum(pc.greater(share, 0.0)).as_py() or 0}
        return counts | {name: pc.sum(measured[name]).as_py() or 0 for name in ("exact", "near")}


@dataclass(frozen=True)
class _Reference:
    grams: Known
    whole: Known
    level: int

    @classmethod
    def of(cls, state: pa.Table) -> "_Reference":
        return cls(Known.of(part(state, "grams")), Known.of(part(state, "whole")), int(part(state, "level")[0]))


def _settled(kept: Hashes, whole: Hashes, level: int) -> pa.Table:
    """The n-grams that are looked for, halved as often as there are too many: how often depends on all of them, not on their order."""
    while len(kept) > MOST_GRAMS:
        level += 1
        kept = _below(kept, level)
    return packed({"grams": kept, "whole": whole, "level": level})


def _below(ordered: Hashes, level: int) -> Hashes:
    return ordered[_is_below(ordered, level)]


def _is_below(hashes: Hashes, level: int) -> npt.NDArray[np.bool_]:
    return hashes >> np.uint64(TOP - level) == 0 if level else np.ones(len(hashes), np.bool_)


def _wholes(own: Grams) -> Hashes:
    """One hash of all words of each text, in their order."""
    count = int(own.counts.max(initial=0))
    powers = np.cumprod(np.concatenate((np.ones(1, np.uint64), np.full(count, BASE, np.uint64))), dtype=np.uint64)
    row = np.repeat(np.arange(len(own.counts)), own.counts)
    running = np.zeros(len(own.hashes) + 1, np.uint64)
    np.cumsum(own.hashes * powers[np.arange(len(row)) - own.offsets[row]], out=running[1:])
    found: Hashes = mixed(running[own.offsets[1:]] - running[own.offsets[:-1]] + own.counts.astype(np.uint64))
    return found
