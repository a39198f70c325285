"""What a text is made of: how long its words are, how much of it is letters."""

from collections.abc import Iterable
from functools import cache
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.characters import IDEOGRAPHS, SPACE_CLASS
from tools.contract import Bounded, Card, Columns, Desk, Example, Scan
from tools.lists import highest


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


class MaxWordLength(Bounded):
    """Count the characters of the longest word. Keys, encoded data and addresses are longer than any word of prose.

    Punctuation at a word's ends counts with it. A text without words has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"max_word_length": pa.int32()},
        exact=True,
        micros_per_row=8.0,
        aliases=(
            "max word length",
            "maximum word length",
            "longest word",
            "a word longer than N characters",
            "word is longer than N characters",
            "any word over N characters",
            "very long words",
            "base64 blobs",
        ),
        not_for=("average length of words: use mean_word_length", "number of words: use words"),
        examples=(
            Example(given={"text": ["ab abcd!", "", "a 数据"]}, gives={"max_word_length": [5, 0, 1]}),
            Example(params={"at_most": 12}, given={"text": ["plain words", "aGVsbG8gd29ybGQgaGVsbG8="]}, keeps=(0,), drops={1: "max_word_length"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"max_word_length": highest(desk.scan(batch["text"]).word_lengths)}


class AlphabeticWordShare(Bounded):
    """The share of words that have a letter in them. Gopher drops what lies below 0.8: tables, logs, lists of prices.

    A text without words has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"alphabetic_word_share": pa.float64()},
        exact=True,
        micros_per_row=25.0,
        paper="arXiv:2112.11446, appendix A1.1",
        aliases=(
            "alphabetic word share",
            "words with a letter",
            "words that have a letter",
            "words contain a letter",
            "words are alphabetic",
            "share of alphabetic words",
            "share of words with letters",
            "80% of words with a letter",
        ),
        not_for=("share of letters: use alphabetic_share", "all rules of Gopher: use gopher_quality"),
        examples=(
            Example(given={"text": ["a1 12 + b", "", "数12 5"]}, gives={"alphabetic_word_share": [0.5, 0.0, 1 / 3]}),
            Example(params={"at_least": 0.8}, given={"text": ["plain words", "12:30 +++ ok"]}, keeps=(0,), drops={1: "alphabetic_word_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        lettered = pc.count_substring_regex(batch["text"], _lettered_word())
        return {"alphabetic_word_share": quotient(lettered, desk.scan(batch["text"]).words)}


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


@cache
def _lettered_word() -> str:
    """From the first letter of a word to its end; an ideograph is a word of its own."""
    alone = _class_of(IDEOGRAPHS)
    letters = _class_of([(code, code) for low, high in IDEOGRAPHS for code in range(low, high + 1) if chr(code).isalpha()])
    return rf"[{letters}]|\p{{L}}[^{SPACE_CLASS[1:-1]}{alone}]*"


def _class_of(ranges: Iterable[tuple[int, int]]) -> str:
    """Inner part of a class of a regular expression; ranges that touch become one."""
    merged: list[tuple[int, int]] = []
    for low, high in ranges:
        touches = merged and merged[-1][1] == low - 1
        merged[-1:] = [(merged[-1][0], high)] if touches else [*merged[-1:], (low, high)]
    return "".join(f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in merged)


def solid(scan: Scan) -> pa.Array:
    """Characters that are no white space."""
    return pc.subtract(scan.characters, scan.whitespace)


def quotient(part: pa.Array, whole: pa.Array) -> pa.Array:
    return pc.divide(part.cast(pa.float64()), pc.max_element_wise(whole, 1, skip_nulls=False))
