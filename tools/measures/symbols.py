"""Signs of text that was cut off or tagged: number signs and ellipses, per word."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Bounded, Card, Columns, Desk, Example

from .shape import quotient

ELLIPSIS = r"\.\.\.|…"


class SymbolWordRatio(Bounded):
    """The number of `#` or of ellipses per word, whichever is larger. Prose lies below 0.1; lists of tags and teasers lie above.

    An ellipsis is `...` or `…`. A text without words counts as one of one word.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"symbol_word_ratio": pa.float64()},
        exact=True,
        micros_per_row=20.0,
        paper="arXiv:2112.11446, appendix A1.1",
        aliases=(
            "symbol to word ratio",
            "symbol-word ratio",
            "symbols per word",
            "too many hash signs",
            "too many number signs",
            "too many hashtags",
            "too many ellipses",
            "too many dots",
            "teaser texts",
        ),
        not_for=("share of letters: use alphabetic_share", "texts that contain one hashtag: use matches", "remove symbols from the text"),
        examples=(
            Example(
                given={"text": ["#a #b", "so ... and … on #1", "", "plain words"]}, gives={"symbol_word_ratio": [1.0, 0.3333333333333333, 0.0, 0.0]}
            ),
            Example(params={"at_most": 0.1}, given={"text": ["#so #cool", "no tags here"]}, keeps=(1,), drops={0: "symbol_word_ratio"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"symbol_word_ratio": symbol_word_ratio(batch["text"], desk.scan(batch["text"]).words)}


def symbol_word_ratio(texts: pa.Array, words: pa.Array) -> pa.Array:
    found = pc.max_element_wise(pc.count_substring(texts, "#"), pc.count_substring_regex(texts, ELLIPSIS))
    return quotient(found, words)
