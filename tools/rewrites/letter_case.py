"""Write texts in one letter case."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Card, Columns, Desk, Example, Rewrite


class LowerCase(Rewrite):
    """Write every letter in lower case, in any script that has two.

    Character by character, so that no text changes its length in characters: it is not made for comparing (`ß` and `SS` stay apart).
    """

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=0.7,
        aliases=(
            "lower case",
            "lowercase everything",
            "lower-case the text",
            "make it lower case",
            "uncapitalise",
            "all small letters",
            "no capitals",
        ),
        not_for=(
            "comparing without case: exact_dedup, replace and matches have `ignore case` of their own",
            "dropping shouted texts: use uppercase_share",
        ),
        examples=(Example(given={"text": ["Hi THERE", "ÄÖÜ ΣΑΣ", "", "日本"]}, gives={"text": ["hi there", "äöü σασ", "", "日本"]}),),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"text": pc.utf8_lower(batch["text"])}


class UpperCase(Rewrite):
    """Write every letter in upper case, in any script that has two. Character by character: `ß` becomes `ẞ`, a ligature such as `ﬁ` stays."""

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=0.7,
        aliases=("upper case", "uppercase everything", "upper-case the text", "all capitals", "capitalise everything", "capital letters"),
        not_for=("lower case: use lower_case", "dropping shouted texts: use uppercase_share"),
        examples=(Example(given={"text": ["Hi there", "äöü ß", ""]}, gives={"text": ["HI THERE", "ÄÖÜ ẞ", ""]}),),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"text": pc.utf8_upper(batch["text"])}
