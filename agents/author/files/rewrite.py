"""Takes quotation marks away."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Card, Columns, Desk, Example, Rewrite


class Unquote(Rewrite):
    """Take double quotation marks out of a text."""

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        aliases=("remove quotation marks",),
        examples=(Example(given={"text": ['a "b" c', ""]}, gives={"text": ["a b c", ""]}),),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"text": pc.replace_substring(batch["text"], '"', "")}
