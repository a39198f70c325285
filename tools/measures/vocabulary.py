"""How varied the words of a text are."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Bounded, Card, Columns, Desk, Example
from tools.lists import distinct, entropy

from .shape import quotient


class UniqueWordShare(Bounded):
    """The share of different words among all words. Texts that say the same again and again have few; long texts have fewer than short ones.

    Words are compared case aside and bare of punctuation at their ends. A text without words has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"unique_word_share": pa.float64()},
        exact=True,
        micros_per_row=30.0,
        aliases=(
            "unique word share",
            "share of unique words",
            "unique words",
            "distinct words",
            "different words",
            "words are unique",
            "words are different",
            "type token ratio",
            "vocabulary richness",
            "lexical diversity",
            "poor vocabulary",
        ),
        not_for=("number of words: use words", "repeated lines: use duplicate_line_share", "diversity of a data set"),
        examples=(
            Example(given={"text": ["a b A. a", "", "one two"]}, gives={"unique_word_share": [0.5, 0.0, 1.0]}),
            Example(params={"at_least": 0.3}, given={"text": ["buy buy buy buy", "buy some milk"]}, keeps=(1,), drops={0: "unique_word_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        words = desk.scan(batch["text"]).word_hashes
        return {"unique_word_share": quotient(distinct(words), pc.list_value_length(words))}


class WordEntropy(Bounded):
    """Shannon's entropy of the words of a text, in bits. Spam and templates lie below 3, pages of prose between 6 and 9.

    Words are compared case aside and bare of punctuation at their ends. It grows with length: a text of n words has at most log2(n),
    one without words 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"word_entropy": pa.float64()},
        exact=True,
        micros_per_row=30.0,
        aliases=(
            "word entropy",
            "entropy of words",
            "unigram entropy",
            "shannon entropy",
            "entropy",
            "low entropy texts",
            "bits of entropy",
            "information per word",
        ),
        not_for=("perplexity of a model", "how far it compresses: use compression_ratio", "share of unique words: use unique_word_share"),
        examples=(
            Example(given={"text": ["a b a b", "a b c D", "", "x X x"]}, gives={"word_entropy": [1.0, 2.0, 0.0, 0.0]}),
            Example(params={"at_least": 1.5}, given={"text": ["buy buy buy now", "buy some milk now"]}, keeps=(1,), drops={0: "word_entropy"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"word_entropy": entropy(desk.scan(batch["text"]).word_hashes)}
