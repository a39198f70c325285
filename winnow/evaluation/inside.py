"""What a file of goals brings along as code: its checks and the SQL that shapes its inputs. Called in a cell of the jail, or here where
the file is trusted."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from . import check_words

Row = dict[str, object]
ROW, MOST_NOTE = "row", 160
SETTINGS: Mapping[str, str | bool | int] = {
    "threads": 1,
    "memory_limit": "2GB",
    "autoinstall_known_extensions": False,
    "python_enable_replacements": False,
}
PARTS = (("train", "train(?:ing)?"), ("validation", "val|valid|validation|dev"), ("test", "test|eval|held_?out"))
PART_COLUMNS = ("split", "_split", "partition", "subset", "fold", "part", "set")


def check(order: Mapping[str, object], batches: Sequence[pa.RecordBatch]) -> tuple[Mapping[str, object], Sequence[pa.RecordBatch]]:
    """`inputs` and `files`: names of the batches, in this order; `checks`. Gives for each check whether it holds, and a note."""
    names, files, checks = order["inputs"], order["files"], order["checks"]
    assert isinstance(names, list)
    assert isinstance(files, list)
    assert isinstance(checks, list)
    tables = [unpacked(batch) for batch in batches]
    inputs = dict(zip(names, tables, strict=False))
    found = verdicts(checks, inputs, list(zip(map(Path, files), tables[len(names) :], strict=True)))
    return {"found": [list(one) for one in found]}, ()


def shape(order: Mapping[str, object], batches: Sequence[pa.RecordBatch]) -> tuple[Mapping[str, object], Sequence[pa.RecordBatch]]:
    """`sql` over the batches as `tables`. Gives its rows."""
    tables = order["tables"]
    assert isinstance(tables, list)
    with duckdb.connect(":memory:", config=dict(SETTINGS)) as base:
        for name, batch in zip(tables, batches, strict=True):
            _table(base, name, pa.Table.from_batches([batch]))
        base.execute("set enable_external_access = false")
        base.execute("set lock_configuration = true")
        return {}, [packed(rows_of(base, str(order["sql"])))]


def packed(rows: Sequence[Mapping[str, object]]) -> pa.RecordBatch:
    """Rows of any shape as one plain column: each is JSON; what JSON has no word for is text."""
    return pa.RecordBatch.from_pydict({ROW: pa.array([json.dumps(row, default=str).encode() for row in rows], pa.binary())})


def unpacked(batch: pa.RecordBatch) -> list[Row]:
    return [json.loads(row) for row in batch.column(ROW).to_pylist()]


def rows_of(base: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    cursor = base.execute(sql)
    columns = [one[0] for one in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def verdicts(
    checks: Sequence[Mapping[str, str | None]], inputs: Mapping[str, list[Row]], files: Sequence[tuple[Path, list[Row]]]
) -> list[tuple[bool | None, str]]:
    """Whether each check holds, None where nobody can tell, and why it does not."""
    out = [row for _, rows in files for row in rows]
    parts = parts_of(files)
    scope = {**check_words.WORDS, **inputs, "out": out, "parts": parts, "files": files}
    found: list[tuple[bool | None, str]] = []
    for one in checks:
        try:
            if (sql := one.get("sql")) is not None:
                apart = [{**row, "_part": part} for part, rows in parts.items() for row in rows]
                holds = _by_sql(sql, {**inputs, "out": out, "out_parts": apart})
            else:
                holds = bool(eval(str(one.get("py")), dict(scope)))
        except check_words.CannotTell as error:
            found.append((None, str(error)))
        except Exception as error:  # whatever the code of a stranger raises: the check does not hold
            found.append((False, f"{type(error).__name__}: {str(error)[:MOST_NOTE]}"))
        else:
            found.append((holds, ""))
    return found


def parts_of(files: Sequence[tuple[Path, list[Row]]]) -> dict[str, list[Row]]:
    """The rows by train, validation and test: from the names of the files, else from a column that says so."""
    rows = files[0][1] if files else []
    if len(files) > 1:
        return _by_part([(path.name, row) for path, some in files for row in some])
    for column in PART_COLUMNS:
        values = [row.get(column) for row in rows]
        if (
            rows
            and {part_of(value) for value in values if isinstance(value, str)} <= {part for part, _ in PARTS}
            and all(isinstance(value, str) for value in values)
        ):
            return _by_part(list(zip(map(str, values), rows, strict=True)))
    return {"all": rows}


def part_of(name: str) -> str:
    """train, validation or test, when a name says so."""
    return next((part for part, pattern in PARTS if re.search(rf"(?:^|[^a-z])(?:{pattern})(?:[^a-z]|$)", name.lower())), name)


def _by_part(named: Sequence[tuple[str, Row]]) -> dict[str, list[Row]]:
    known = {name: part_of(name) for name in {name for name, _ in named}}
    parts: dict[str, list[Row]] = {}
    for name, row in named:
        parts.setdefault(known[name], []).append(row)
    return parts


def _by_sql(sql: str, tables: Mapping[str, list[Row]]) -> bool:
    with duckdb.connect(":memory:", config=dict(SETTINGS)) as base:
        for name, rows in tables.items():
            if re.search(rf"\b{name}\b", sql):
                _table(base, name, typed(rows))
        base.execute("set enable_external_access = false")
        base.execute("set lock_configuration = true")
        first = base.execute(sql).fetchone()
        return bool(first and first[0])


def typed(rows: Sequence[Row]) -> pa.Table:
    """Rows as a table for SQL; a column whose values are of several types is text."""
    if not rows:
        return pa.table({"_empty": pa.array([], pa.string())})
    columns = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: _column([row.get(name) for row in rows]) for name in columns})


def _column(values: list[object]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):  # values of several types
        return pa.array([None if value is None else check_words.norm(value) for value in values], pa.string())


def _table(base: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    base.register("_given", rows)
    base.execute(f'create table "{name}" as select * from _given')  # a table and no view: SQL may ask for rowid
    base.unregister("_given")
