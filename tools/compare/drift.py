"""How far one data set is from another."""

from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field

from tools.contract import Card, Desk, Example, Numbers, Survey, Types
from tools.hashed_ngrams import Vectors, bucket_counts, ngrams_up_to

from .features import VECTOR, alike, counted, drawn, given, joined, lowest, of_texts, sound
from .states import packed, part, rounded
from .two_samples import by_chance, discrepancy, jensen_shannon, kullback_leibler

BUCKETS = 1 << 16
OF_VECTORS = ("rows", "against_rows", "mmd", "p_value")


class Drift(Survey):
    """Tell how far the rows are from those of the reference input, as a whole; every row goes on.

    `mmd` is the maximum mean discrepancy of a sample of rows of each side, over the words and pairs of words of each row (the root of the
    unbiased square, 0 where that is below 0; Gaussian kernel as wide as the median distance). Rows of one kind lie below 0.02, other
    topics or another style above. `p_value` says how often rows of one kind would be that far apart by chance: below 0.01 they are not
    of one kind. `js` is the Jensen-Shannon divergence of the words and pairs of all rows, in bits from 0 (the same) to 1 (nothing
    common); small data sets of one kind are apart too, by about `js_chance`. `kl` is the Kullback-Leibler divergence of the reference
    from the rows, in bits: the difference before and after a selection is its KL reduction. Words are hashed into 65,536 buckets. With
    `by: vector` the discrepancy alone, of given vectors.
    """

    by: Literal["text", "vector"] = Field(default="text", description="What a row is looked at by.")
    sample: int = Field(default=1000, ge=10, le=2000, description="Rows drawn from each side for `mmd`.")
    permutations: int = Field(default=500, ge=200, le=10_000, description="How often the rows are mixed for `p_value`.")

    card: ClassVar[Card] = Card(
        stage="score",
        reads={"text": pa.string()},
        against={"text": pa.string()},
        needs_against=True,
        numbers=("rows", "against_rows", "mmd", "p_value", "js", "js_chance", "kl"),
        seeded=True,
        tolerance=1e-5,
        state_bytes=64 << 20,
        micros_per_row=20.0,
        aliases=(
            "drift",
            "distribution shift",
            "data drift",
            "how far from the reference",
            "how different are two data sets",
            "maximum mean discrepancy",
            "mmd test",
            "jensen-shannon divergence",
            "kl reduction",
            "two-sample test",
            "has the data changed since",
            "compare with the last crawl",
        ),
        not_for=("rows that stand in another input: use overlap", "one number column: compare its values with field or quantile"),
        proof="p below 0.05 for 5 of 60 pairs of random halves; 0.002 for all 9 pairs of news topics and instruction sets (2026-11-28)",
        paper="MMD: Gretton et al., JMLR 13, 2012; hashed n-grams and KL reduction: arXiv:2302.03169",
        examples=(
            Example(
                given={"text": ["a b", "c d", "a b", "c d"]},
                against={"text": ["a b", "c d", "a b", "c d"]},
                keeps=(0, 1, 2, 3),
                numbers={"rows": 4, "js": 0.0},
            ),
            Example(
                params={"by": "vector"},
                given={"vector": [[0.0, size, 0.0, 0.0] for size in (1.0, 1.1, 0.9, 1.2, 1.3)]},
                against={"vector": [[size, 0.0, 0.0, 0.0] for size in (1.0, 1.1, 0.9, 1.2, 1.3)]},
                numbers={"rows": 5, "against_rows": 5, "p_value": 0.0139721},
            ),
        ),
    )

    def reads(self) -> Types:
        return self.card.reads if self.by == "text" else {"vector": VECTOR}

    def against(self) -> Types:
        return self.reads()

    def numbers(self) -> tuple[str, ...]:
        return self.card.numbers if self.by == "text" else OF_VECTORS

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        at, draws = drawn(desk, len(batch), self.sample)
        known = {"rows": len(batch), "draws": draws}
        if self.by == "vector":
            return packed({**known, "lines": given(batch["vector"], at)})
        words = desk.scan(batch["text"]).word_hashes
        return packed({**known, "lines": counted(words, at), "spread": bucket_counts(ngrams_up_to(words, 2), BUCKETS)})

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        draws = np.concatenate([part(one, "draws"), part(other, "draws")])
        at = lowest(draws, self.sample)
        sums = {name: part(one, name) + part(other, name) for name in ("rows", "spread") if name in one.column_names}
        return packed({**sums, "draws": draws[at], "lines": joined(part(one, "lines"), part(other, "lines"))[at]}).select(one.column_names)

    def tell(self, state: pa.Table, against: pa.Table | None) -> Numbers:
        assert against is not None
        square, p_value = discrepancy(*alike(self._vectors(state), self._vectors(against)), self.permutations)
        told: dict[str, int | float | None] = {
            "rows": int(part(state, "rows")[0]),
            "against_rows": int(part(against, "rows")[0]),
            "mmd": None if square is None else rounded(max(square, 0.0) ** 0.5),
            "p_value": _short(p_value),
        }
        if self.by == "vector":
            return told
        ours, theirs = part(state, "spread"), part(against, "spread")
        return {
            **told,
            "js": _short(jensen_shannon(ours, theirs)),
            "js_chance": _short(by_chance(ours, theirs)),
            "kl": _short(kullback_leibler(theirs, ours)),
        }

    def _vectors(self, state: pa.Table) -> Vectors:
        lines = part(state, "lines")
        return of_texts(lines) if self.by == "text" else sound(lines)


def _short(number: float | None) -> float | None:
    return None if number is None else rounded(number)
