"""How much of a text its repeated n-grams make up."""

from typing import ClassVar

import numpy as np
import pyarrow as pa
from pydantic import Field

from tools import ngrams
from tools.contract import Bounded, Card, Columns, Desk, Example
from tools.digest import offsets_of


class TopNgramShare(Bounded):
    """The share of characters in the most frequent n-gram of tokens. Gopher drops documents above 0.2 for 2-grams, 0.18 for 3 and 0.16 for 4.

    Its length, with one space between tokens, times how often it occurs; of several the first. Tokens are those of English; in text
    without spaces use character_repetition. A text without characters has none (null), one without n-grams 0.
    """

    n: int = Field(default=2, ge=2, le=4, description="Tokens in an n-gram.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"top_ngram_share": pa.float64()},
        exact=True,
        micros_per_row=30.0,
        paper="arXiv:2112.11446, table A1",
        aliases=(
            "most frequent n-gram",
            "top n-gram",
            "top bigram share",
            "top trigram share",
            "the same phrase again and again",
            "most repeated phrase",
        ),
        not_for=("all repeated n-grams: use duplicate_ngram_share", "repeated lines: use duplicate_line_share"),
        examples=(
            Example(given={"text": ["ha ha ha", "a b c", "", "one"]}, gives={"top_ngram_share": [10 / 8, 3 / 5, None, 0.0]}),
            Example(
                params={"n": 3, "at_most": 0.18}, given={"text": ["to be or not to be or not", "to be"]}, keeps=(1,), drops={0: "top_ngram_share"}
            ),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        return {"top_ngram_share": ngrams.share(ngrams.repeats(scan, self.n)[-1], scan)}


class DuplicateNgramShare(Bounded):
    """The share of characters in n-grams of tokens that came before. Gopher drops documents above 0.15 for 5-grams down to 0.10 for 10-grams.

    Read from the left; what is counted once is passed over, so that no character counts twice. Tokens are those of English; in text
    without spaces use character_repetition. A text without characters has none (null).
    """

    n: int = Field(default=5, ge=5, le=10, description="Tokens in an n-gram.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"duplicate_ngram_share": pa.float64()},
        exact=True,
        micros_per_row=40.0,
        paper="arXiv:2112.11446, table A1",
        aliases=(
            "duplicate n-grams",
            "repeated n-grams",
            "share of repeated phrases",
            "duplicated 5-grams",
            "repeated passages",
            "passages that come twice",
        ),
        not_for=("the most frequent phrase: use top_ngram_share", "passages that other documents have: use substring_dedup"),
        examples=(
            Example(given={"text": ["a b c d e x a b c d e", "a b c d e", ""]}, gives={"duplicate_ngram_share": [5 / 21, 0.0, None]}),
            Example(params={"at_most": 0.15}, given={"text": ["a b c d e x a b c d e", "a b"]}, keeps=(1,), drops={0: "duplicate_ngram_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        return {"duplicate_ngram_share": ngrams.share(ngrams.repeats(scan, self.n)[-1], scan)}


class WordRepetition(Bounded):
    """The share of n-grams of words that occur more than once in their text, all their occurrences counted.

    Words are runs of characters without space, each Han, Hiragana or Katakana character a word of its own; case and punctuation at
    their ends do not count. A text with fewer words than an n-gram has 0.
    """

    n: int = Field(default=10, ge=1, le=100, description="Words in an n-gram.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"word_repetition": pa.float64()},
        exact=True,
        micros_per_row=40.0,
        aliases=("word repetition", "repeated word n-grams", "repeats its words", "word level repetition", "share of repeated word sequences"),
        not_for=("one word twice in a row", "how many different words: use unique_word_share", "Gopher's rules: use gopher_repetition"),
        examples=(
            Example(params={"n": 2}, given={"text": ["a b a b", "a b c", "A b, a. B", ""]}, gives={"word_repetition": [2 / 3, 0.0, 2 / 3, 0.0]}),
            Example(params={"n": 1, "at_most": 0.5}, given={"text": ["go go go", "go on"]}, keeps=(1,), drops={0: "word_repetition"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        words = desk.scan(batch["text"]).word_hashes
        offsets = offsets_of(words)
        return {"word_repetition": pa.array(ngrams.recurring(np.asarray(words.flatten()), offsets - offsets[0], self.n))}


class CharacterRepetition(Bounded):
    """The share of n-grams of characters that occur more than once in their text, all their occurrences counted.

    It works for every script, Chinese, Japanese and Thai too. Prose lies below 0.1 for ten characters; long texts repeat more than
    short ones. A text with fewer characters than an n-gram has 0.
    """

    n: int = Field(default=10, ge=1, le=100, description="Characters in an n-gram.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"character_repetition": pa.float64()},
        exact=True,
        micros_per_row=120.0,
        rows_per_batch=2048,
        aliases=(
            "character repetition",
            "repeated character n-grams",
            "character level repetition",
            "repeats the same characters",
            "aaaaaa",
            "gibberish that repeats",
        ),
        not_for=("repeated words: use word_repetition", "repeated lines: use duplicate_line_share"),
        examples=(
            Example(params={"n": 2}, given={"text": ["abab", "abc", ""]}, gives={"character_repetition": [2 / 3, 0.0, 0.0]}),
            Example(params={"at_most": 0.2}, given={"text": ["=" * 80, "no line like the other"]}, keeps=(1,), drops={0: "character_repetition"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        codes = np.frombuffer("".join(texts.to_pylist()).encode("utf-32-le"), np.uint32).astype(np.uint64)
        lengths = np.asarray(desk.scan(texts).characters)
        rows = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        return {"character_repetition": pa.array(ngrams.recurring(codes, rows, self.n))}
