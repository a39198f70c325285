"""Inputs as a program has them: paths, or rows in memory, which are written as Parquet into the cache and read from there like any file.

The folder of such a file is named by what it holds, so that the same rows are the same input, and a replay finds them.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pyarrow as pa

from tools.errors import RecipeError

from . import options

GROUP_BYTES = 16 << 20  # of rows in memory that become one row group
BATCH_ROWS = 1000  # taken from a data set at a time
UNNAMED = "rows"
MEND = "give a path, a list of paths, an Arrow table, a pandas or polars frame, a DuckDB relation, a datasets.Dataset, or a list of dicts"


class Tabular(Protocol):
    """What hands its rows over as Arrow: tables, record batch readers, frames of pandas and polars, relations of DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class Formatted(Protocol):
    """A `datasets.Dataset`."""

    def with_format(self, type: str | None = None) -> Any: ...


Location: TypeAlias = str | os.PathLike[str]
Input: TypeAlias = Location | Sequence[Location] | Sequence[Mapping[str, object]] | Tabular | Formatted
Inputs: TypeAlias = Input | Mapping[str, Input]


def named_inputs(inputs: Inputs | None, known: Sequence[str], cache: Path) -> dict[str, str | list[str]]:
    """Name → where the rows lie. What has no name gets that of the only source, else it is made from the path."""
    if inputs is None:
        return {}
    if isinstance(inputs, Mapping):
        return {str(name): _place(str(name), value, cache) for name, value in inputs.items()}
    if len(known) > 1:
        raise RecipeError(f"the recipe has {len(known)} sources; say which one is meant: inputs={{{known[0]!r}: ...}} ({', '.join(known)})")
    if isinstance(inputs, str | os.PathLike) and not known:
        return dict(options.named_inputs([os.fspath(inputs)]))
    name = known[0] if known else UNNAMED
    return {name: _place(name, inputs, cache)}


def _place(name: str, value: object, cache: Path) -> str | list[str]:
    if isinstance(value, str | os.PathLike):
        return _absolute(os.fspath(value))
    if isinstance(value, list | tuple):
        if not value:
            raise RecipeError(f"input {name!r} is an empty list: it holds neither paths nor rows")
        if all(isinstance(one, str | os.PathLike) for one in value):
            return [_absolute(os.fspath(one)) for one in value]
    return _kept(name, value, cache)


def _absolute(path: str) -> str:
    return path if path == options.STANDARD else options.absolute(path)


def _kept(name: str, rows: object, cache: Path) -> str:
    """Write rows to `cache/tables/DIGEST/NAME.parquet`, or find them there."""
    folder = cache / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=folder, suffix=".part")
    os.close(handle)
    part = Path(beside)
    try:
        _write(_reader(name, rows), part)
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        place = folder / digest[:32] / f"{re.sub(r'[^0-9A-Za-z_-]+', '_', name)}.parquet"  # a name may hold anything
        place.parent.mkdir(exist_ok=True)
        if not place.exists():
            os.replace(part, place)
        return str(place)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise RecipeError(f"input {name!r}: {type(rows).__module__}.{type(rows).__qualname__} cannot be written as Parquet: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def _write(reader: pa.RecordBatchReader, place: Path) -> None:
    from pyarrow import parquet

    with parquet.ParquetWriter(place, reader.schema.remove_metadata(), compression="zstd", compression_level=1) as writer:
        waiting: list[pa.RecordBatch] = []
        for batch in reader:
            waiting.append(batch)
            if sum(one.nbytes for one in waiting) >= GROUP_BYTES:
                _write_group(writer, waiting)
                waiting = []
        if waiting:
            _write_group(writer, waiting)


def _write_group(writer: Any, batches: Sequence[pa.RecordBatch]) -> None:
    table = pa.Table.from_batches(batches).replace_schema_metadata(None)
    writer.write_table(table, row_group_size=max(table.num_rows, 1))


def _reader(name: str, rows: Any) -> pa.RecordBatchReader:
    kind = f"{type(rows).__module__}.{type(rows).__qualname__}"
    if kind.startswith("pandas.") and hasattr(rows, "columns"):
        return pa.Table.from_pandas(rows, preserve_index=False).to_reader()
    if kind.startswith("polars.") and hasattr(rows, "collect"):
        rows = rows.collect()
    if hasattr(rows, "__arrow_c_stream__") and not kind.endswith("Series"):
        return pa.RecordBatchReader.from_stream(rows)
    if hasattr(rows, "with_format"):
        return _of_dataset(rows)
    if isinstance(rows, list | tuple) and all(isinstance(row, Mapping) for row in rows):
        return _of_mappings(name, rows).to_reader()
    raise RecipeError(f"input {name!r} is of the type {kind.removeprefix('builtins.')}; {MEND}")


def _of_dataset(rows: Any) -> pa.RecordBatchReader:
    tables: Iterator[pa.Table] = rows.with_format("arrow").iter(batch_size=BATCH_ROWS)
    first = next(tables, None)
    if first is None:
        return rows.features.arrow_schema.empty_table().to_reader()

    def batches() -> Iterator[pa.RecordBatch]:
        yield from first.to_batches()
        for table in tables:
            yield from table.cast(first.schema).to_batches()

    return pa.RecordBatchReader.from_batches(first.schema, batches())


def _of_mappings(name: str, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    columns = dict.fromkeys(key for row in rows for key in row)
    made: dict[str, pa.Array] = {}
    for column in columns:
        try:
            made[str(column)] = pa.array([row.get(column) for row in rows])
        except (pa.ArrowException, TypeError) as error:
            raise RecipeError(f"input {name!r}: column {column!r} holds values of several kinds; bring them to one: {error}") from error
    return pa.table(made)
