"""What type the values of columns have."""

from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from tools.contract import ANY, Card, Columns, Desk, Example, Rewrite, Types
from tools.expression import Expression, expression

Kind = Literal["text", "integer", "number", "boolean", "date", "timestamp"]
SQL: dict[Kind, str] = {
    "text": "varchar",
    "integer": "bigint",
    "number": "double",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}


class Cast(Rewrite):
    """Turn the values of columns into another type: text into numbers or dates, numbers into text, and so on.

    What cannot be turned becomes null, or with `invalid: quarantine` its row is set apart and counted. Text may have white space around it.
    """

    columns: dict[str, Kind] = Field(min_length=1, description="Column → type: text, integer, number, boolean, date or timestamp.")
    invalid: Literal["null", "quarantine"] = Field(default="null", description="What becomes of values that do not fit.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        takes_nulls=True,
        exact=True,
        micros_per_row=1.5,
        aliases=(
            "cast",
            "convert the column to integer",
            "convert to numbers",
            "make it a number",
            "as integers",
            "to float",
            "to string",
            "parse dates",
            "change the type of a column",
            "strings to numbers",
        ),
        not_for=("computing a value: use derive", "rounding: use derive"),
        examples=(
            Example(
                params={"columns": {"n": "integer", "ok": "boolean"}},
                given={"n": ["1", " 2 ", "x", None], "ok": ["true", "no", "1", ""]},
                gives={"n": [1, 2, None, None], "ok": [True, False, True, None]},
            ),
            Example(params={"columns": {"n": "text"}, "invalid": "quarantine"}, given={"n": [1, 2]}, gives={"n": ["1", "2"]}),
        ),
    )

    def reads(self) -> Types:
        return dict.fromkeys(sorted(self.columns), ANY)

    def adds(self, given: Types) -> Types:
        return {name: self._formula(name, given[name]).type(given) for name in self.columns}

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {name: self._formula(name, batch.schema.field(name).type).evaluate(batch) for name in self.columns}

    def _formula(self, name: str, given: pa.DataType) -> Expression:
        wanted, column = self.columns[name], '"' + name.replace('"', '""') + '"'
        text = f"trim({column})" if pa.types.is_string(given) and wanted != "text" else column
        how = "try_cast" if self.invalid == "null" else "cast"
        return expression(f"{how}({text} as {SQL[wanted]})")
