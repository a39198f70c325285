"""How much a text repeats itself."""

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Bounded, Card, Columns, Desk, Example


class DuplicateLineShare(Bounded):
    """The share of non-blank lines that repeat an earlier line of the same text. Menus, logs and templates repeat theirs.

    Lines are compared without the space at their ends. A text without lines has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"duplicate_line_share": pa.float64()},
        exact=True,
        micros_per_row=14.0,
        paper="arXiv:2112.11446, table A1",
        aliases=(
            "repeated lines",
            "duplicate lines",
            "lines that repeat",
            "same line again and again",
            "share of duplicate lines",
            "repetitive text",
            "repetitive documents",
            "boilerplate lines",
            "too much repetition",
            "at most 30% repeated lines",
        ),
        not_for=("remove duplicate rows", "near duplicates", "delete repeated lines from the text"),
        examples=(
            Example(given={"text": ["a\nb\na\na", "", "one line", "x\n\n x \n"]}, gives={"duplicate_line_share": [0.5, 0.0, 0.0, 0.5]}),
            Example(params={"at_most": 0.3}, given={"text": ["a\na", "a\nb"]}, keeps=(1,), drops={0: "duplicate_line_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        hashes = desk.scan(batch["text"]).line_hashes
        counts = pc.fill_null(pc.list_value_length(hashes), 0).to_numpy()
        rows, lines = np.repeat(np.arange(len(counts)), counts), hashes.flatten().to_numpy()
        order = np.lexsort((lines, rows))
        rows, lines = rows[order], lines[order]
        repeats = (rows[1:] == rows[:-1]) & (lines[1:] == lines[:-1])
        repeated = np.bincount(rows[1:][repeats], minlength=len(counts))
        return {"duplicate_line_share": pa.array(repeated / np.maximum(counts, 1), pa.float64())}
