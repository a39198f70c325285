"""What a text is made of: how long its words are, how much of it is letters."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Bounded, Card, Columns, Desk, Example, Scan


class MeanWordLength(Bounded):
    """Average the characters of a word. Prose lies between three and ten; codes, keys and long addresses lie above.

    Punctuation at a word's ends counts with it. A text without words has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"mean_word_length": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        paper="arXiv:2112.11446, appendix A1.1",
        aliases=(
            "mean word length",
            "average word length",
            "length of words",
            "characters per word",
            "average word between 3 and 10 characters",
            "words too long",
            "words too short",
            "gibberish strings",
            "looks like base64",
            "not natural language",
        ),
        not_for=("number of words", "number of characters"),
        examples=(
            Example(given={"text": ["ab abcd", "", "a"]}, gives={"mean_word_length": [3.0, 0.0, 1.0]}),
            Example(params={"at_most": 10}, given={"text": ["plain words", "aGVsbG8gd29ybGQgaGVsbG8="]}, keeps=(0,), drops={1: "mean_word_length"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        return {"mean_word_length": quotient(solid(scan), scan.words)}


class AlphabeticShare(Bounded):
    """The share of letters among the characters that are no white space. Tables, logs and menus have few.

    Letters of every script count, but not the signs that some scripts set above or below them, so that Hindi or Thai
    prose lies near 0.65. A text without characters has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"alphabetic_share": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        paper="arXiv:2112.11446, appendix A1.1",
        aliases=(
            "share of letters",
            "alphabetic share",
            "mostly letters",
            "mostly digits",
            "too many symbols",
            "too many numbers",
            "too much punctuation",
            "percentage of alphabetic characters",
            "drop rows that are mostly numbers",
            "symbol noise",
            "alpha ratio",
        ),
        not_for=("number of characters", "upper case letters"),
        examples=(
            Example(given={"text": ["ab 12", "", "été!", "1 2 3"]}, gives={"alphabetic_share": [0.5, 0.0, 0.75, 0.0]}),
            Example(params={"at_least": 0.6}, given={"text": ["plain words", "12:30 +++ 99"]}, keeps=(0,), drops={1: "alphabetic_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        return {"alphabetic_share": quotient(scan.alphabetic, solid(scan))}


def solid(scan: Scan) -> pa.Array:
    """Characters that are no white space."""
    return pc.subtract(scan.characters, scan.whitespace)


def quotient(part: pa.Array, whole: pa.Array) -> pa.Array:
    return pc.divide(part.cast(pa.float64()), pc.max_element_wise(whole, 1, skip_nulls=False))
