"""What the sources of columnar files share: a table read from a file as rows under the schema of the source."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from tools.errors import RecipeError
from tools.storage import Bad, Loaded, Shard

from .parquet_types import is_sound, unsound
from .records import table_of


def united(schemas: Sequence[pa.Schema], format: str) -> pa.Schema:
    """One schema for all files. Raises RecipeError where they do not go together."""
    try:
        return pa.unify_schemas(list(schemas), promote_options="permissive") if schemas else pa.schema([])
    except pa.ArrowException as error:
        raise RecipeError(f"the {format} files do not have the same columns: {error}; read them as two sources") from error


def columns_to_read(here: pa.Schema, schema: pa.Schema, columns: Sequence[str] | None, shard: Shard) -> list[str]:
    """The file's columns that are asked for, and all that hold text: it must be UTF-8, so that the rows are always the same."""
    if unknown := sorted(set(here.names) - set(schema.names)):
        raise RecipeError(f"{shard.inside!r}: columns {unknown} were in no file of the sample; check again with --scan-all")
    asked = set(schema.names if columns is None else columns)
    return [name for name in here.names if name in asked or _holds_text(here.field(name).type)]


def loaded(table: pa.Table, schema: pa.Schema, columns: Sequence[str] | None, shard: Shard) -> Loaded:
    """The rows of a shard from its table of plain types; a row whose text is not UTF-8 is bad."""
    asked = schema if columns is None else pa.schema([schema.field(name) for name in columns if name in schema.names])
    offsets = np.arange(shard.start, shard.stop)
    bads: dict[int, Bad] = {}
    for name in (name for name in table.column_names if not is_sound(table[name])):
        reason = f"the value of column {name!r} is not UTF-8"
        for index in np.flatnonzero(unsound(table[name])).tolist():
            bads.setdefault(shard.start + index, Bad(offset=shard.start + index, line=-1, reason=reason, raw=b"", length=0, misfit=name))
    if bads:
        good = ~np.isin(offsets, list(bads))
        table, offsets = table.filter(pa.array(good)), offsets[good]
    return Loaded(
        table=_under(table, asked, shard),
        offset=pa.array(offsets),
        line=pa.array(np.full(len(offsets), -1, np.int64)),
        lines=0,
        bad=tuple(bads[offset] for offset in sorted(bads)),
    )


def _under(table: pa.Table, schema: pa.Schema, shard: Shard) -> pa.Table:
    try:
        columns = [table[one.name].cast(one.type) if one.name in table.column_names else pa.nulls(table.num_rows, one.type) for one in schema]
    except pa.ArrowInvalid as error:
        raise RecipeError(f"{shard.inside!r}: a column does not fit its type: {error}; declare another type under `columns`") from error
    return table_of(columns, schema, table.num_rows)


def _holds_text(kind: pa.DataType) -> bool:
    if pa.types.is_string(kind):
        return True
    return any(_holds_text(kind.field(index).type) for index in range(kind.num_fields))
