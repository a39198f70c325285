"""How long a text is: words, characters, bytes, lines, sentences, paragraphs."""

from typing import ClassVar

import pyarrow as pa

from tools.contract import Bounded, Card, Columns, Desk, Example


class Words(Bounded):
    """Count words. Below fifty a web document is usually a menu, above a hundred thousand a dump.

    A word is a run of non-space characters; each Chinese or Japanese character counts as a word of its own.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"words": pa.int32()},
        exact=True,
        micros_per_row=8.0,
        paper="arXiv:2112.11446, appendix A1.1",
        aliases=(
            "at least N words",
            "at most N words",
            "no longer than N words",
            "more than N words",
            "fewer than N words",
            "between N and M words",
            "too short",
            "too long",
            "drop tiny documents",
            "drop short texts",
            "remove short rows",
            "minimum word count",
            "maximum word count",
            "number of words",
            "keep long answers",
        ),
        not_for=("number of characters", "length of words", "cut a text to N words"),
        examples=(
            Example(params={"at_least": 2}, given={"text": ["one", "one two", ""]}, keeps=(1,), drops={0: "words", 2: "words"}),
            Example(given={"text": ["a b\n c", "", "数据 ok", "don't stop"]}, gives={"words": [3, 0, 3, 2]}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"words": desk.scan(batch["text"]).words}


class Characters(Bounded):
    """Count characters, white space and all. It counts Unicode code points: an accent set apart or a joined emoji adds to them."""

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"characters": pa.int32()},
        exact=True,
        micros_per_row=0.4,
        aliases=(
            "at least N characters",
            "at most N characters",
            "no longer than N characters",
            "more than N chars",
            "fewer than N letters",
            "between N and M characters",
            "text length",
            "string length",
            "length in characters",
            "minimum length",
            "maximum length",
            "number of characters",
        ),
        not_for=("number of words", "cut a text to N characters", "share of letters"),
        examples=(
            Example(params={"at_most": 3}, given={"text": ["four", "one", ""]}, keeps=(1, 2), drops={0: "characters"}),
            Example(given={"text": ["héé", "数据", ""]}, gives={"characters": [3, 2, 0]}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"characters": desk.scan(batch["text"]).characters}


class Bytes(Bounded):
    """Count the bytes of a text in UTF-8: what it takes on disk."""

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"bytes": pa.int32()},
        exact=True,
        micros_per_row=0.1,
        aliases=(
            "number of bytes",
            "at least N bytes",
            "at most N bytes",
            "size in bytes",
            "bytes of utf-8",
            "larger than N bytes",
            "smaller than N kilobytes",
            "fewer than N bytes",
        ),
        not_for=("number of characters: use characters", "size of a file", "tokens: use tokens_estimate"),
        examples=(
            Example(given={"text": ["abc", "é", "数", ""]}, gives={"bytes": [3, 2, 3, 0]}),
            Example(params={"at_most": 2}, given={"text": ["abc", "é"]}, keeps=(1,), drops={0: "bytes"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"bytes": desk.scan(batch["text"]).bytes}


class Lines(Bounded):
    """Count lines, blank ones too. A line ends at a line feed, a carriage return or both; a break at the very end opens no line."""

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"lines": pa.int32()},
        exact=True,
        micros_per_row=0.5,
        aliases=(
            "number of lines",
            "at least N lines",
            "at most N lines",
            "line count",
            "more than N lines",
            "fewer than N lines",
            "texts of one line",
            "multi-line texts",
        ),
        not_for=("length of lines: use mean_line_length", "repeated lines: use duplicate_line_share", "remove lines", "paragraphs: use paragraphs"),
        examples=(
            Example(given={"text": ["a\nb", "a\r\n\nb\n", "", "\n"]}, gives={"lines": [2, 3, 0, 1]}),
            Example(params={"at_least": 2}, given={"text": ["one", "one\ntwo"]}, keeps=(1,), drops={0: "lines"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"lines": desk.scan(batch["text"]).lines}


class Sentences(Bounded):
    """Count sentences by their end marks. C4 drops pages of fewer than three or five; captions and titles have one or none.

    A sentence ends at `.`, `!`, `?` or `…` before white space, or at a full stop of Chinese or Japanese; what follows the last one is
    a sentence too. `Mr. Smith` therefore counts as two.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"sentences": pa.int32()},
        exact=True,
        micros_per_row=8.0,
        paper="arXiv:1910.10683, section 2.2",
        aliases=(
            "number of sentences",
            "at least N sentences",
            "at most N sentences",
            "sentence count",
            "more than N sentences",
            "fewer than N sentences",
            "single sentences",
            "texts of several sentences",
        ),
        not_for=(
            "all rules of C4: use c4_quality",
            "cut a text into sentences: use chunk",
            "lines that end as sentences: use line_end_punctuation_share",
        ),
        examples=(
            Example(given={"text": ["One. Two! Three", "好。好。", "", "3.5 is a number"]}, gives={"sentences": [3, 2, 0, 1]}),
            Example(params={"at_least": 2}, given={"text": ["A title", "It rained. We left."]}, keeps=(1,), drops={0: "sentences"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"sentences": desk.scan(batch["text"]).sentences}


class Paragraphs(Bounded):
    """Count paragraphs: blocks of lines with blank lines between them."""

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"paragraphs": pa.int32()},
        exact=True,
        micros_per_row=3.0,
        aliases=(
            "number of paragraphs",
            "at least N paragraphs",
            "at most N paragraphs",
            "paragraph count",
            "more than N paragraphs",
            "fewer than N paragraphs",
            "single paragraphs",
            "documents of several paragraphs",
        ),
        not_for=("lines: use lines", "repeated paragraphs: use duplicate_paragraph_share", "cut a text into paragraphs: use chunk"),
        examples=(
            Example(given={"text": ["a\nb\n\nc", "a\n \n\nb\n\n", "", "\n\n"]}, gives={"paragraphs": [2, 2, 0, 0]}),
            Example(params={"at_least": 2}, given={"text": ["one\nblock", "two\n\nblocks"]}, keeps=(1,), drops={0: "paragraphs"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"paragraphs": desk.scan(batch["text"]).paragraphs}
