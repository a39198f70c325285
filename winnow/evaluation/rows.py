"""Rows of files: read and written in every format that goals come in, and as DuckDB sees them."""

import contextlib
import csv
import io
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from winnow.answer import BadUsage

from . import inside
from .check_words import norm

Row = dict[str, Any]
READ = "format='newline_delimited', records=true, sample_size=-1, map_inference_threshold=-1, maximum_object_size=268435456"


def read(path: Path, most: int | None = None) -> list[Row]:
    """Rows of a file, or of a folder of parts: these get a column `_part`."""
    if path.is_dir():
        return [{**row, "_part": part.name.partition("-")[0]} for part in sorted(path.rglob("*-of-*")) for row in read(part)]
    name = path.name.removesuffix(".zst").removesuffix(".gz")
    if name.endswith((".arrow", ".feather")):
        rows: list[Row] = pa.ipc.open_file(pa.memory_map(str(path))).read_all().to_pylist()
        return rows[:most]
    if name.endswith(".parquet"):
        return list(pq.read_table(path).to_pylist())[:most]
    with _text(path) as lines:
        if name.endswith((".csv", ".tsv")):
            csv.field_size_limit(1 << 30)
            return list(islice(csv.DictReader(lines, delimiter="," if name.endswith(".csv") else "\t"), most))
        if name.endswith(".json"):
            whole = json.load(lines)
            return whole[:most] if isinstance(whole, list) else [whole]
        return [json.loads(line) for line in islice(lines, most) if line.strip()]


def write(rows: Sequence[Row], path: Path) -> None:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(list(rows)), path)
    elif path.suffix == ".arrow":
        table = pa.Table.from_pylist(list(rows))
        with pa.ipc.new_file(str(path), table.schema) as target:
            target.write_table(table)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            if path.suffix == ".csv":
                _csv(rows, file)
            else:
                file.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)


def typed(path: Path) -> pa.RecordBatch:
    """A file as DuckDB types it. The query is ours; the cell that the batch goes to sees no file."""
    with duckdb.connect(config={"threads": 1}) as base:
        view(base, "one", path)
        found = base.sql("select * from one").to_arrow_table()
    plain = pa.table({name: _storage(found[name]) for name in found.column_names})
    return pa.RecordBatch.from_arrays([column.combine_chunks() for column in plain.columns], schema=plain.schema)


def _storage(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if isinstance(column.type, pa.BaseExtensionType) else column


def view(base: duckdb.DuckDBPyConnection, name: str, path: Path, kind: str = "view") -> None:
    """Let SQL see a file."""
    if path.name.endswith(".parquet"):
        base.execute(f"create {kind} {name} as select * from read_parquet({_quoted(path)})")
        return
    try:
        base.execute(f"create {kind} {name} as select * from read_json_auto({_quoted(path)}, {READ})")
    except duckdb.Error:  # columns without a name, or keys that differ in their case alone, are more than its reader takes
        base.register("_given", inside.typed(read(path)))
        base.execute(f"create table {name} as select * from _given")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _csv(rows: Sequence[Row], file: io.TextIOBase) -> None:
    columns = dict.fromkeys(name for row in rows for name in row)
    target = csv.writer(file)
    target.writerow(columns)
    plain = (str, int, float)
    for row in rows:
        values = [row.get(name) for name in columns]
        target.writerow([one if isinstance(one, plain) and not isinstance(one, bool) else norm(one) for one in values])


@contextlib.contextmanager
def _text(path: Path) -> Iterator[io.TextIOWrapper]:
    import gzip

    import zstandard

    try:
        with contextlib.ExitStack() as open_files:
            raw: Any = open_files.enter_context(path.open("rb"))
            if path.suffix == ".zst":
                raw = open_files.enter_context(zstandard.ZstdDecompressor().stream_reader(raw))
            elif path.suffix == ".gz":
                raw = open_files.enter_context(gzip.open(raw))
            yield io.TextIOWrapper(raw, encoding="utf-8", newline="" if ".csv" in path.name or ".tsv" in path.name else "\n")
    except OSError as error:
        raise BadUsage(f"{str(path)!r} cannot be read: {error.strerror or error}") from None
