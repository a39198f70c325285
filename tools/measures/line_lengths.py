"""How long the lines of a text are, without the space at their ends. Blank lines do not count."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Bounded, Card, Columns, Desk, Example
from tools.lists import highest, total

from .shape import quotient

SHORT = 30


class MeanLineLength(Bounded):
    """Average the characters of a line. Menus and verse have short lines, paragraphs that were never broken have long ones.

    Lines count without the space at their ends, blank lines not at all. A text without lines has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"mean_line_length": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        aliases=(
            "mean line length",
            "average line length",
            "average length of lines",
            "characters per line",
            "lines are short on average",
            "lines are long on average",
        ),
        not_for=("number of lines: use lines", "the longest line: use max_line_length", "share of short lines: use short_line_share"),
        examples=(
            Example(given={"text": ["ab\n abcd \n\n", "", "a"]}, gives={"mean_line_length": [3.0, 0.0, 1.0]}),
            Example(params={"at_least": 10}, given={"text": ["Home\nAbout", "It rained all day."]}, keeps=(1,), drops={0: "mean_line_length"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        lengths = desk.scan(batch["text"]).line_lengths
        return {"mean_line_length": quotient(total(lengths), pc.list_value_length(lengths))}


class MaxLineLength(Bounded):
    """Count the characters of the longest line. Data, minified code and encoded files have lines of thousands.

    Lines count without the space at their ends. A text without lines has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"max_line_length": pa.int32()},
        exact=True,
        micros_per_row=8.0,
        paper="arXiv:2107.03374, section 3.1",
        aliases=(
            "max line length",
            "maximum line length",
            "longest line",
            "a line longer than N characters",
            "line is longer than N characters",
            "any line over N characters",
            "very long lines",
            "minified code",
        ),
        not_for=("number of lines: use lines", "average line length: use mean_line_length", "remove long lines"),
        examples=(
            Example(given={"text": ["ab\n abcd \n\n", "", "a"]}, gives={"max_line_length": [4, 0, 1]}),
            Example(params={"at_most": 10}, given={"text": ["var a=1;var b=2;", "a = 1\nb = 2"]}, keeps=(1,), drops={0: "max_line_length"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"max_line_length": highest(desk.scan(batch["text"]).line_lengths)}


class ShortLineShare(Bounded):
    """The share of lines of at most so many characters. Menus, tables and lists of links have many; FineWeb drops pages above 0.67.

    Lines count without the space at their ends, blank lines not at all. A text without lines has 0.
    """

    short: int = Field(default=SHORT, ge=1, description="Most characters of a short line.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"short_line_share": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        paper="arXiv:2406.17557, section 3.6",
        aliases=(
            "short line share",
            "share of short lines",
            "short lines",
            "lines are short",
            "mostly short lines",
            "too many short lines",
            "percentage of short lines",
            "pages of menu lines",
        ),
        not_for=("short texts: use words", "remove short lines", "average line length: use mean_line_length"),
        examples=(
            Example(params={"short": 2}, given={"text": ["ab\nabc\n\n a \nabcd", "", "abc"]}, gives={"short_line_share": [0.5, 0.0, 0.0]}),
            Example(
                params={"at_most": 0.67},
                given={"text": ["Home\nAbout\nLogin", "It rained all day and all of the night."]},
                keeps=(1,),
                drops={0: "short_line_share"},
            ),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        lengths = desk.scan(batch["text"]).line_lengths
        short = total(lengths, pc.less_equal(lengths.flatten(), self.short).cast(pa.int32()))
        return {"short_line_share": quotient(short, pc.list_value_length(lengths))}
