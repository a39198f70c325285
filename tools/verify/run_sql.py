"""Runs SQL in a DuckDB of its own in memory. It is called in a cell of the jail and nowhere else: memory limits of DuckDB are soft."""

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

MOST_ROWS, MOST_WORDS = 100_000, 300
SETTINGS: Mapping[str, str | bool | int] = {
    "threads": 1,
    "memory_limit": "1GB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
}
Rows = list[tuple[object, ...]]


def run(order: Mapping[str, object], batches: Sequence[pa.RecordBatch]) -> tuple[Mapping[str, object], Sequence[pa.RecordBatch]]:
    """`setup`, then `sql`, then `expected` on the same tables where it is given. Gives the outcome and how many rows `sql` gave."""
    with duckdb.connect(":memory:", config=dict(SETTINGS)) as database:
        database.execute("set enable_external_access = false")
        database.execute("set lock_configuration = true")
        try:
            _rows(database, str(order["setup"] or ""))
        except duckdb.Error as error:
            return {"outcome": f"setup failed: {_words(error)}", "rows": None}, ()
        return _compared(database, str(order["sql"]), order["expected"]), ()


def _compared(database: duckdb.DuckDBPyConnection, sql: str, expected: object) -> Mapping[str, object]:
    """In one transaction that is undone: the expected query sees what the other one saw."""
    database.execute("begin")
    try:
        got, columns = _rows(database, sql)
    except duckdb.Error as error:
        return {"outcome": _words(error), "rows": None}
    finally:
        _undo(database)
    if expected is None:
        return {"outcome": "executed", "rows": len(got)}
    try:
        wanted, wide = _rows(database, str(expected))
    except duckdb.Error as error:
        return {"outcome": f"expected failed: {_words(error)}", "rows": len(got)}
    same = columns == wide and (got == wanted if _is_ordered(str(expected)) else sorted(map(repr, got)) == sorted(map(repr, wanted)))
    return {"outcome": "executed" if same else "another result", "rows": len(got)}


def _rows(database: duckdb.DuckDBPyConnection, sql: str) -> tuple[Rows, int]:
    """Of the last statement. An empty text has none and is an error where a query is due, so it gives no rows."""
    rows: Rows = []
    columns = 0
    for statement in database.extract_statements(sql):
        made = database.execute(statement)
        columns = len(made.description or ())
        rows = made.fetchmany(MOST_ROWS + 1) if columns else []
    if len(rows) > MOST_ROWS:
        raise duckdb.InvalidInputException(f"more than {MOST_ROWS} rows")
    return rows, columns


def _undo(database: duckdb.DuckDBPyConnection) -> None:
    try:
        database.execute("rollback")
    except duckdb.Error:  # the text ended the transaction itself
        return


def _is_ordered(sql: str) -> bool:
    return "order by" in " ".join(sql.lower().split())


def _words(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:MOST_WORDS]
