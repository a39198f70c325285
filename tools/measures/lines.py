"""How the lines of a text begin and end. Blank lines do not count."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.characters import SPACE_CLASS
from tools.contract import Bounded, Card, Columns, Desk, Example

from .shape import quotient
from .symbols import ELLIPSIS

# each begins or ends with a line break, since Arrow counts anchors too often; `_between_breaks` brings the first and last
FILLED = rf"[\n\r]{SPACE_CLASS}*[^{SPACE_CLASS[1:-1]}]"
BULLET = rf"[\n\r]{SPACE_CLASS}*[•-]"
TRAILS_OFF = rf"(?:{ELLIPSIS}){SPACE_CLASS}*[\n\r]"
STOPS = rf"""[.!?…。！？｡؟۔।॥։።]["'”’»)\]」』]*{SPACE_CLASS}*[\n\r]|["”»」』]{SPACE_CLASS}*[\n\r]"""


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
        return {"line_end_punctuation_share": _share(_between_breaks(batch["text"]), STOPS)}


def bullet_line_share(texts: pa.Array) -> pa.Array:
    """The share of lines that begin with `•` or `-`."""
    return _share(_between_breaks(texts), BULLET)


def ellipsis_line_share(texts: pa.Array) -> pa.Array:
    """The share of lines that end with `...` or `…`."""
    return _share(_between_breaks(texts), TRAILS_OFF)


def _between_breaks(texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise("\n", texts, "\n", "")


def _share(texts: pa.Array, pattern: str) -> pa.Array:
    return quotient(pc.count_substring_regex(texts, pattern), pc.count_substring_regex(texts, FILLED))
