"""Whether SQL runs, and gives what another query gives."""

from typing import Annotated, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import DECIDES, Card, Columns, Desk, Example, Measure, OneOf, Rule, Types

EXECUTED = "executed"
TABLE = "create table t (a int); insert into t values (1), (2);"


class SqlExecutes(Measure):
    """Tell whether a text is SQL that runs, in a DuckDB of its own inside the jail; by default drop what does not.

    With `has_setup` the column `setup` makes the tables first. With `has_expected` the query must give the same rows as the query in
    `expected`, in any order unless that one has an `order by`: execution accuracy, as text-to-SQL is judged. It is DuckDB's SQL;
    files, network and extensions are out of reach.
    """

    keep: Annotated[Literal["executing", "failing", "all"], DECIDES] = Field(default="executing", description="Which rows go on.")
    has_setup: bool = Field(default=False, description="Whether there is a column `setup`, statements that make the tables.")
    has_expected: bool = Field(default=False, description="Whether there is a column `expected`, a query whose rows must come out.")
    seconds: int = Field(default=5, ge=1, le=600, description="Most seconds of processor time a row.")

    card: ClassVar[Card] = Card(
        stage="verify",
        reads={"sql": pa.string()},
        adds={"sql_executes": pa.bool_(), "sql_outcome": pa.string(), "sql_rows": pa.int64()},
        exact=True,
        jailed=True,
        micros_per_row=40_000.0,
        aliases=(
            "sql that runs",
            "sql executes",
            "valid sql queries",
            "execute the sql",
            "drop queries that fail",
            "execution accuracy",
            "query gives the expected result",
            "text-to-sql check",
        ),
        not_for=("filter rows by an SQL condition: use field", "Python code: use code_passes_tests", "other dialects of SQL than DuckDB's"),
        examples=(
            Example(
                params={"keep": "all"},
                given={"sql": ["select 1", "selec 1", "select * from nowhere"]},
                gives={
                    "sql_executes": [True, False, False],
                    "sql_outcome": [
                        "executed",
                        'Parser Error: syntax error at or near "selec"',
                        "Catalog Error: Table with name nowhere does not exist!",
                    ],
                    "sql_rows": [1, None, None],
                },
            ),
            Example(
                params={"has_setup": True, "has_expected": True},
                given={"setup": [TABLE] * 3, "sql": ["select a from t", "select 2 a union all select 1", "select a from t where a > 1"],
                       "expected": ["select a from t"] * 3},
                keeps=(0, 1),
                drops={2: "sql_executes"},
            ),
        ),
    )  # fmt: skip

    def reads(self) -> Types:
        more = {"setup": self.has_setup, "expected": self.has_expected}
        return {**self.card.reads, **{name: pa.string() for name, is_there in more.items() if is_there}}

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        given = [batch[name].to_pylist() if name in batch.schema.names else [None] * len(batch) for name in ("setup", "sql", "expected")]
        ends = [self._end(desk, *row) for row in zip(*given, strict=True)]
        outcomes = pa.array([outcome for outcome, _ in ends], pa.string())
        return {"sql_executes": pc.equal(outcomes, EXECUTED), "sql_outcome": outcomes, "sql_rows": pa.array([rows for _, rows in ends], pa.int64())}

    def rule(self) -> Rule:
        return () if self.keep == "all" else (OneOf("sql_executes", (self.keep == "executing",)),)

    def _end(self, desk: Desk, setup: str | None, sql: str, expected: str | None) -> tuple[str, int | None]:
        end = desk.jailed("tools.verify.run_sql:run", {"setup": setup, "sql": sql, "expected": expected}, self.seconds)
        if end.gave is None:
            return f"{end.kind}: {end.why}", None
        rows = end.gave.get("rows")
        return str(end.gave.get("outcome")), rows if isinstance(rows, int) else None
