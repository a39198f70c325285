"""How much of a text is characters of one class. Shares are of the characters that are no white space, unless the class says otherwise."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Bounded, Card, Columns, Desk, Example

from .shape import quotient, solid

PLAIN = r"[\p{L}\p{M}\p{N}]+"


class AlphanumericShare(Bounded):
    """The share of letters and digits among the characters that are no white space. Drawings, rulers and tables have few.

    Letters and decimal digits of every script count, the signs that some scripts set above or below them do not. A text without
    characters has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"alphanumeric_share": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        aliases=(
            "alphanumeric share",
            "alphanumeric ratio",
            "share of letters and digits",
            "characters are letters or digits",
            "characters are alphanumeric",
            "percentage of alphanumeric characters",
            "mostly alphanumeric",
        ),
        not_for=("letters alone: use alphabetic_share", "digits alone: use digit_share"),
        examples=(
            Example(given={"text": ["ab 12", "", "a+1!", "---"]}, gives={"alphanumeric_share": [1.0, 0.0, 0.5, 0.0]}),
            Example(params={"at_least": 0.6}, given={"text": ["plain words", "+---+ 1 +---+"]}, keeps=(0,), drops={1: "alphanumeric_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        return {"alphanumeric_share": quotient(pc.add(scan.alphabetic, scan.digits), solid(scan))}


class DigitShare(Bounded):
    """The share of digits among the characters that are no white space. Tables, logs and lists of numbers have many.

    Decimal digits of every script count. A text without characters has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"digit_share": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        aliases=(
            "digit share",
            "share of digits",
            "digit ratio",
            "characters are digits",
            "characters are numbers",
            "percentage of digits",
            "proportion of digits",
            "too many digits",
            "numeric characters",
            "tables of numbers",
        ),
        not_for=("texts with any digit: use matches", "letters and digits: use alphanumeric_share", "a column of numbers: use field"),
        examples=(
            Example(given={"text": ["ab 12", "", "a123", "٣ x"]}, gives={"digit_share": [0.5, 0.0, 0.75, 0.5]}),
            Example(params={"at_most": 0.3}, given={"text": ["in 1999", "1999-12-31 23:59"]}, keeps=(), drops={0: "digit_share", 1: "digit_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        return {"digit_share": quotient(scan.digits, solid(scan))}


class UppercaseShare(Bounded):
    """The share of capitals among the letters. Prose lies below 0.1; headings, warnings and shouting lie above.

    A text without letters has 0; scripts without capitals have none.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"uppercase_share": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        aliases=(
            "uppercase share",
            "upper case letters",
            "share of capital letters",
            "mostly upper case",
            "all caps",
            "written in capitals",
            "letters are capitals",
            "letters are uppercase",
            "percentage of uppercase letters",
            "too many capitals",
            "shouting",
            "caps lock",
        ),
        not_for=("turn to lower case", "starts with a capital: use matches"),
        examples=(
            Example(given={"text": ["Ab cd", "", "ABC!", "数"]}, gives={"uppercase_share": [0.25, 0.0, 1.0, 0.0]}),
            Example(params={"at_most": 0.5}, given={"text": ["BUY NOW", "Buy now"]}, keeps=(1,), drops={0: "uppercase_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        return {"uppercase_share": quotient(scan.uppercase, scan.alphabetic)}


class WhitespaceShare(Bounded):
    """The share of white space among all characters. English prose lies near 0.17; tables laid out by blanks, and code, lie above."""

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"whitespace_share": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        aliases=(
            "whitespace share",
            "share of white space",
            "whitespace ratio",
            "characters are white space",
            "characters are spaces",
            "mostly white space",
            "too much white space",
            "percentage of whitespace",
            "proportion of spaces",
        ),
        not_for=("nothing but white space: use is_empty", "tidy white space: use normalise_whitespace"),
        examples=(
            Example(given={"text": ["ab c", "", " \n", "a"]}, gives={"whitespace_share": [0.25, 0.0, 1.0, 0.0]}),
            Example(params={"at_most": 0.4}, given={"text": ["a    b    c", "a b c d e: no"]}, keeps=(1,), drops={0: "whitespace_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        return {"whitespace_share": quotient(scan.whitespace, scan.characters)}


class PunctuationShare(Bounded):
    """The share of punctuation and symbols among the characters that are no white space. Prose lies below 0.1.

    It counts the Unicode classes P and S: marks, brackets, currency, mathematics, emoji. A text without characters has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"punctuation_share": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        aliases=(
            "punctuation share",
            "share of punctuation",
            "punctuation ratio",
            "characters are punctuation",
            "percentage of punctuation",
            "share of punctuation characters",
            "mostly punctuation",
            "proportion of punctuation marks",
            "without any punctuation",
        ),
        not_for=("lines that end with punctuation: use line_end_punctuation_share", "control characters too: use special_character_share"),
        examples=(
            Example(given={"text": ["ab, c", "", "+1", "?!"]}, gives={"punctuation_share": [0.25, 0.0, 0.5, 1.0]}),
            Example(params={"at_most": 0.3}, given={"text": ["*** >>> <<<", "It rained, again."]}, keeps=(1,), drops={0: "punctuation_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        return {"punctuation_share": quotient(scan.punctuation, solid(scan))}


class SpecialCharacterShare(Bounded):
    """The share of what is neither letter, mark, number nor white space. Beside punctuation it counts controls and characters without meaning.

    Broken downloads and binary data have many. Zero-width joiners count; the signs that scripts set above or below letters do not. A
    text without characters has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"special_character_share": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        aliases=(
            "special characters",
            "special character share",
            "share of special characters",
            "special character ratio",
            "too many special characters",
            "percentage of special characters",
            "control characters",
            "binary garbage",
            "weird characters",
        ),
        not_for=("punctuation alone: use punctuation_share", "replacement characters: use replacement_character_share", "remove special characters"),
        examples=(
            Example(given={"text": ["ab, c", "", "\x00\x01a1", "नमस्ते"]}, gives={"special_character_share": [0.25, 0.0, 0.5, 0.0]}),
            Example(params={"at_most": 0.3}, given={"text": ["\x7f\x08|a|", "It rained, again."]}, keeps=(1,), drops={0: "special_character_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        without_plain = pc.replace_substring_regex(batch["text"], PLAIN, "")
        special = pc.subtract(pc.utf8_length(without_plain), scan.whitespace)
        return {"special_character_share": quotient(special, solid(scan))}
