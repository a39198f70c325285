"""How the lines of a text begin and end. Blank lines do not count."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Bounded, Card, Columns, Desk, Example, Scan
from tools.lists import total
from tools.scan import BULLET, SENTENCE, TRAILS_OFF

from .shape import quotient


class LineEndPunctuationShare(Bounded):
    """The share of lines that end as a sentence does: with a full stop, a mark or a closing quotation mark.

    Menus, headings and lists end otherwise; FineWeb drops web pages below 0.12. Blank lines do not count; a text without
    lines has 0. The marks of Chinese, Japanese, Arabic, Hindi, Armenian and Amharic count too.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"line_end_punctuation_share": pa.float64()},
        exact=True,
        micros_per_row=12.0,
        paper="arXiv:2406.17557, section 3.6",
        aliases=(
            "lines that end with punctuation",
            "lines ending in punctuation",
            "line end punctuation",
            "terminal punctuation",
            "lines end with a full stop",
            "lines without a full stop",
            "lines of whole sentences",
            "mostly headings",
            "mostly menu lines",
        ),
        not_for=("text ends with a mark: use matches", "number of sentences", "share of punctuation characters"),
        examples=(
            Example(
                given={"text": ["One.\nTwo\n\n\u201cThree!\u201d \nFour?", "", "Home\nAbout", "好。"]},
                gives={"line_end_punctuation_share": [0.75, 0.0, 0.0, 1.0]},
            ),
            Example(params={"at_least": 0.12}, given={"text": ["Home\nAbout", "It rained."]}, keeps=(1,), drops={0: "line_end_punctuation_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"line_end_punctuation_share": _share(desk.scan(batch["text"]), SENTENCE)}


class BulletLineShare(Bounded):
    """The share of lines that begin with `•` or `-`. Gopher drops pages above 0.9: they are lists.

    Blank lines do not count; a text without lines has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"bullet_line_share": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        paper="arXiv:2112.11446, appendix A1.1",
        aliases=(
            "bullet line share",
            "bullet points",
            "bulleted lines",
            "lines that begin with a bullet",
            "lines start with a bullet",
            "lines are bullets",
            "share of bullet lines",
            "mostly bullet points",
            "nothing but a list",
        ),
        not_for=("all rules of Gopher: use gopher_quality", "text starts with a sign: use starts_with", "remove bullets"),
        examples=(
            Example(given={"text": ["- a\n• b\n\nc\n d - e", "", "plain"]}, gives={"bullet_line_share": [0.5, 0.0, 0.0]}),
            Example(params={"at_most": 0.9}, given={"text": ["- a\n- b", "Buy:\n- a\n- b"]}, keeps=(1,), drops={0: "bullet_line_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"bullet_line_share": bullet_line_share(desk.scan(batch["text"]))}


class EllipsisLineShare(Bounded):
    """The share of lines that end with `...` or `…`. Teasers trail off so; Gopher drops pages above 0.3.

    Blank lines do not count; a text without lines has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"ellipsis_line_share": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        paper="arXiv:2112.11446, appendix A1.1",
        aliases=(
            "ellipsis line share",
            "lines that end with an ellipsis",
            "lines ending in an ellipsis",
            "lines end with dots",
            "lines that trail off",
            "share of lines with an ellipsis",
            "lines cut off by dots",
        ),
        not_for=("all rules of Gopher: use gopher_quality", "ellipses per word: use symbol_word_ratio", "text ends with a mark: use last_character"),
        examples=(
            Example(given={"text": ["a...\nb… \n\nc\n... d", "", "plain."]}, gives={"ellipsis_line_share": [0.5, 0.0, 0.0]}),
            Example(params={"at_most": 0.3}, given={"text": ["Read more...", "We left."]}, keeps=(1,), drops={0: "ellipsis_line_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"ellipsis_line_share": ellipsis_line_share(desk.scan(batch["text"]))}


def bullet_line_share(scan: Scan) -> pa.Array:
    """The share of lines that begin with `•` or `-`."""
    return _share(scan, BULLET)


def ellipsis_line_share(scan: Scan) -> pa.Array:
    """The share of lines that end with `...` or `…`."""
    return _share(scan, TRAILS_OFF)


def _share(scan: Scan, mark: int) -> pa.Array:
    marks = scan.line_marks
    marked = pc.not_equal(pc.bit_wise_and(marks.flatten(), pa.scalar(mark, pa.uint8())), 0)
    return quotient(total(marks, marked.cast(pa.int32())), pc.list_value_length(marks))
