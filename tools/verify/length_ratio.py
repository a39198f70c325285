"""How long one text is beside another of its row."""

from typing import ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Bounded, Card, Columns, Desk, Example
from tools.measures.tokens import TokensEstimate


class LengthRatio(Bounded):
    """Divide the length of a text by that of another: 3 says that it is three times as long.

    Pairs of a translation lie between 0.5 and 2 for most languages; a summary of more than half its source is a copy. Where `other` is
    empty there is no ratio, and any bound drops the row. Tokens are estimated.
    """

    counted_in: Literal["characters", "words", "tokens"] = Field(default="characters", description="What lengths are counted in.")

    card: ClassVar[Card] = Card(
        stage="verify",
        reads={"text": pa.string(), "other": pa.string()},
        adds={"length_ratio": pa.float64()},
        exact=True,
        micros_per_row=1.0,
        aliases=(
            "at most N times as long as",
            "output at most three times as long as the input",
            "longer than the input",
            "shorter than the source",
            "length ratio",
            "ratio of lengths",
            "translation of similar length",
            "no longer than twice the question",
            "compression of a summary",
            "half as long as the original",
        ),
        not_for=("the length of one text: use words or characters", "how far a text can be compressed: use compression_ratio"),
        examples=(
            Example(
                params={"at_most": 2},
                given={"text": ["abcd", "abcde", "", "ab"], "other": ["ab", "ab", "ab", ""]},
                keeps=(0, 2),
                drops={1: "length_ratio", 3: "null"},
            ),
            Example(
                params={"counted_in": "words"},
                given={"text": ["one two three", "one"], "other": ["ein zwei", "a b c d"]},
                gives={"length_ratio": [1.5, 0.25]},
            ),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        one, other = (pc.cast(self._length(batch[name], desk), pa.float64()) for name in ("text", "other"))
        some = pc.if_else(pc.greater(other, 0), other, pa.scalar(None, pa.float64()))
        return {"length_ratio": pc.divide(one, some)}

    def _length(self, texts: pa.Array, desk: Desk) -> pa.Array:
        if self.counted_in == "tokens":
            return TokensEstimate().measure(pa.record_batch({"text": texts}), desk)["tokens_estimate"]
        scan = desk.scan(texts)
        return scan.words if self.counted_in == "words" else scan.characters
