"""How varied a data set is."""

from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import zstandard
from pydantic import Field

from tools.contract import Card, Desk, Example, Numbers, Survey, Types
from tools.hashed_ngrams import Vectors, bucket_counts, ngrams

from .distinct import estimate, of_both, smallest
from .features import VECTOR, counted, drawn, given, joined, lowest, of_texts, sound
from .states import arrow_part, packed, part, rounded

SIZES = (1, 2, 3)
BUCKETS = 1 << 16
HEAD = 1000  # characters of a sampled text that are compressed with the others
LEVEL = 3
OF_VECTORS = ("rows", "sampled", "vendi")


class Diversity(Survey):
    """Tell how varied all texts together are; every row goes on.

    `distinct_1`, `distinct_2` and `distinct_3` are the shares of different words, pairs and triples of words among all of them (the
    first is the type-token ratio): 1 where nothing is said twice. They fall with the size of a data set, so compare sets of like size.
    `word_entropy` and `pair_entropy` say in bits how evenly words and pairs are spread (over 65,536 buckets). `vendi` is the Vendi score
    of a sample of rows: how many wholly different rows would be as varied, from 1 up to `sampled`. `compression` is by how much the
    beginnings of the sampled texts shrink together: the higher, the more they repeat each other. Counts of different n-grams are exact
    up to 65,536, within about 0.4% above. With `by: vector` the Vendi score alone, by the cosine of given vectors.
    """

    by: Literal["text", "vector"] = Field(default="text", description="What a row is looked at by.")
    sample: int = Field(default=1000, ge=10, le=4000, description="Rows drawn for `vendi` and `compression`.")

    card: ClassVar[Card] = Card(
        stage="score",
        reads={"text": pa.string()},
        numbers=(
            *("rows", "words", "distinct_1", "distinct_2", "distinct_3", "word_entropy", "pair_entropy"),
            *("sampled", "vendi", "compression"),
        ),
        seeded=True,
        tolerance=1e-5,
        state_bytes=64 << 20,
        micros_per_row=30.0,
        aliases=(
            "diversity",
            "how diverse",
            "how varied",
            "diversity of the data set",
            "distinct-n",
            "distinct n-grams",
            "type token ratio of the corpus",
            "vendi score",
            "lexical diversity of all texts",
            "n-gram entropy of the corpus",
            "variety report",
            "self-similarity of the corpus",
        ),
        not_for=("variety within one text: use unique_word_share or word_entropy", "choosing varied rows: use k_center"),
        proof="Vendi score of 1,000 drawn rows: 518 for alpaca, at most 50 for 50 rows said twenty times; 26 MB/s per core (2026-11-28)",
        paper="Vendi score: arXiv:2210.02410; distinct-n: arXiv:1510.03055",
        examples=(
            Example(
                given={"text": ["a b c", "a b c", "d e f"]},
                keeps=(0, 1, 2),
                numbers={"rows": 3, "words": 9, "distinct_1": 0.666667, "distinct_2": 0.666667, "distinct_3": 0.666667, "vendi": 1.88988},
            ),
            Example(
                params={"by": "vector"},
                given={"vector": [[1.0, 0.0], [0.0, 2.0], [0.0, 1.0], [3.0, 0.0]]},
                numbers={"rows": 4, "sampled": 4, "vendi": 2.0},
            ),
        ),
    )

    def reads(self) -> Types:
        return self.card.reads if self.by == "text" else {"vector": VECTOR}

    def numbers(self) -> tuple[str, ...]:
        return self.card.numbers if self.by == "text" else OF_VECTORS

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        at, draws = drawn(desk, len(batch), self.sample)
        known = {"rows": len(batch), "draws": draws}
        if self.by == "vector":
            return packed({**known, "lines": given(batch["vector"], at)})
        words = desk.scan(batch["text"]).word_hashes
        sizes = [ngrams(words, size) for size in SIZES]
        return packed(
            {
                **known,
                "lines": counted(words, at),
                "heads": pc.utf8_slice_codeunits(batch["text"].take(pa.array(at)), 0, HEAD),
                "total": [len(one.hashes) for one in sizes],
                **{f"kept_{size}": smallest(one.hashes) for size, one in zip(SIZES, sizes, strict=True)},
                **{f"spread_{size}": bucket_counts(one, BUCKETS) for size, one in zip(SIZES[:2], sizes, strict=False)},
            }
        )

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        draws = np.concatenate([part(one, "draws"), part(other, "draws")])
        at = lowest(draws, self.sample)
        made = {name: part(one, name) + part(other, name) for name in ("rows", "total", "spread_1", "spread_2") if name in one.column_names}
        made |= {"draws": draws[at], "lines": joined(part(one, "lines"), part(other, "lines"))[at]}
        made |= {name: of_both(part(one, name), part(other, name)) for name in one.column_names if name.startswith("kept_")}
        if self.by == "text":
            made["heads"] = pa.concat_arrays([arrow_part(one, "heads"), arrow_part(other, "heads")]).take(pa.array(at))
        return packed(made).select(one.column_names)

    def tell(self, state: pa.Table, against: pa.Table | None) -> Numbers:
        rows, lines = int(part(state, "rows")[0]), part(state, "lines")
        if self.by == "vector":
            vectors = _unit(sound(lines))
            return {"rows": rows, "sampled": len(vectors), "vendi": vendi(vectors)}
        vectors, total = of_texts(lines), part(state, "total").tolist()
        shares = {f"distinct_{n}": rounded(estimate(part(state, f"kept_{n}")) / t) if t else None for n, t in zip(SIZES, total, strict=True)}
        return {
            "rows": rows,
            "words": total[0],
            **shares,
            "word_entropy": entropy(part(state, "spread_1")),
            "pair_entropy": entropy(part(state, "spread_2")),
            "sampled": len(vectors),
            "vendi": vendi(vectors),
            "compression": _compression(arrow_part(state, "heads")),
        }


def vendi(vectors: Vectors) -> float | None:
    """The exponential of the entropy of the eigenvalues of the rows' products, divided by their number."""
    if not len(vectors):
        return None
    wide = vectors.astype(np.float64)
    products = wide @ wide.T if len(wide) <= wide.shape[1] else wide.T @ wide
    values = np.clip(np.linalg.eigvalsh(products / len(wide)), 0.0, None)
    values = values[values > 1e-12]
    return rounded(float(np.exp(-(values * np.log(values)).sum())))


def entropy(counts: npt.NDArray[np.integer]) -> float | None:
    """In bits."""
    some = counts[counts > 0].astype(np.float64)
    return rounded(float(np.log2(some.sum()) - (some * np.log2(some)).sum() / some.sum())) if len(some) else None


def _unit(lines: Vectors) -> Vectors:
    lengths = np.linalg.norm(lines.astype(np.float64), axis=1, keepdims=True)
    some: Vectors = (lines[lengths[:, 0] > 0] / lengths[lengths[:, 0] > 0]).astype(np.float32)
    return some


def _compression(heads: pa.Array) -> float | None:
    text = "\n".join(heads.to_pylist()).encode()
    return rounded(len(text) / len(zstandard.ZstdCompressor(level=LEVEL).compress(text))) if text else None
