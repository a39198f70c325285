"""Drop the lines that C4's rules drop."""

from typing import ClassVar

import pyarrow as pa

from tools import heuristics
from tools.contract import Card, Columns, Desk, Example, Rewrite


class C4Lines(Rewrite):
    """Keep the lines that end as a sentence does and have three words, and drop those about JavaScript, cookies and terms of use.

    Citations such as `[12]` or `[edit]` go too. These are the rules for lines of C4; c4_quality judges a document by the same lines.
    """

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=30.0,
        paper="arXiv:1910.10683, section 2.2",
        aliases=(
            "c4 line rules",
            "c4 line filter",
            "c4 line cleaning",
            "drop lines without a full stop",
            "remove menu lines",
            "remove cookie notices",
            "remove lines about javascript",
            "remove wikipedia citations",
        ),
        not_for=(
            "drop whole documents: use c4_quality",
            "repeated lines",
            "code and poems, whose lines end otherwise",
            "languages without Latin full stops",
        ),
        examples=(
            Example(
                given={"text": ["Home\nIt is late now.[1]\nPlease enable JavaScript to go on.\nToo short.", "This site uses cookies, be warned."]},
                gives={"text": ["It is late now.", ""]},
            ),
        ),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"text": pa.array(list(map(heuristics.cleaned, batch["text"].to_pylist())), pa.string())}
