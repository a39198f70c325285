"""How much a text repeats itself."""

from typing import ClassVar, Literal, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Bounded, Card, Columns, Desk, Example
from tools.lists import repeats, total

from .shape import quotient

By: TypeAlias = Literal["count", "characters"]


class DuplicateLineShare(Bounded):
    """The share of non-blank lines that repeat an earlier line of the same text. Menus, logs and templates repeat theirs.

    Lines are compared without the space at their ends. By characters it is the share of the characters in such lines; Gopher drops
    documents above 0.3 by count and 0.2 by characters. A text without lines has 0.
    """

    by: By = Field(default="count", description="Whether lines are counted, or the characters in them.")

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
            Example(params={"by": "characters"}, given={"text": ["abc\nd\nabc"]}, gives={"duplicate_line_share": [3 / 7]}),
            Example(params={"at_most": 0.3}, given={"text": ["a\na", "a\nb"]}, keeps=(1,), drops={0: "duplicate_line_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        return {"duplicate_line_share": _repeated(scan.line_hashes, scan.line_lengths, self.by)}


class DuplicateParagraphShare(Bounded):
    """The share of paragraphs that repeat an earlier paragraph of the same text. Pages put together by scripts, and mirrored threads, have many.

    A paragraph is a block of lines with blank lines around it. By characters it is the share of the characters in such paragraphs;
    Gopher drops documents above 0.3 by count and 0.2 by characters. A text without paragraphs has 0.
    """

    by: By = Field(default="count", description="Whether paragraphs are counted, or the characters in them.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"duplicate_paragraph_share": pa.float64()},
        exact=True,
        micros_per_row=14.0,
        paper="arXiv:2112.11446, table A1",
        aliases=(
            "repeated paragraphs",
            "duplicate paragraphs",
            "paragraphs that repeat",
            "paragraphs are duplicates",
            "same paragraph again and again",
            "share of duplicate paragraphs",
            "at most 30% repeated paragraphs",
        ),
        not_for=("remove duplicate rows", "repeated lines: use duplicate_line_share", "delete repeated paragraphs from the text"),
        examples=(
            Example(given={"text": ["a\nb\n\nc\n\na\nb", "", "one\ntwo"]}, gives={"duplicate_paragraph_share": [1 / 3, 0.0, 0.0]}),
            Example(params={"by": "characters"}, given={"text": ["abc\n\nd\n\nabc"]}, gives={"duplicate_paragraph_share": [3 / 7]}),
            Example(params={"at_most": 0.3}, given={"text": ["a\n\na", "a\n\nb"]}, keeps=(1,), drops={0: "duplicate_paragraph_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        return {"duplicate_paragraph_share": _repeated(scan.paragraph_hashes, scan.paragraph_lengths, self.by)}


def _repeated(hashes: pa.Array, lengths: pa.Array, by: By) -> pa.Array:
    count, characters = repeats(hashes, lengths)
    return quotient(count, pc.list_value_length(hashes)) if by == "count" else quotient(characters, total(lengths))
