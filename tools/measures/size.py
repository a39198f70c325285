"""How long a text is: words and characters."""

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
