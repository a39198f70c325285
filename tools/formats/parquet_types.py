"""Arrow types as the engine wants them: one kind of string, one of binary, one of list; and text that must be UTF-8."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def plain(schema: pa.Schema) -> pa.Schema:
    """The schema with plain strings, binaries and lists; what marks JSON text is kept, other metadata is not."""
    return pa.schema([_field(one) for one in schema])


def as_plain(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table's columns under these plain types."""
    columns = [column if column.type.equals(schema.field(name).type) else column.cast(schema.field(name).type) for name, column in _named(table)]
    return pa.table(columns, schema=pa.schema([schema.field(name) for name in table.column_names]))


def is_sound(column: pa.ChunkedArray) -> bool:
    """Whether all text in it is UTF-8: Parquet does not promise it."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def unsound(column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """The rows whose text is not UTF-8."""
    return np.array([not _is_sound_row(column.slice(index, 1)) for index in range(len(column))], np.bool_)


def row_sizes(batch: pa.RecordBatch) -> npt.NDArray[np.int64]:
    """About how many bytes each row takes in memory; of a row alone, whatever stands beside it."""
    sizes = np.zeros(batch.num_rows, np.int64)
    for column in batch.columns:
        sizes += _sizes(column)
    return sizes


def _sizes(array: pa.Array) -> npt.NDArray[np.int64]:
    kind = array.type
    if pa.types.is_list(kind) or pa.types.is_map(kind):
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(_sizes(array.values))])
        offsets = np.asarray(array.offsets, np.int64)
        lengths: npt.NDArray[np.int64] = ends[offsets[1:]] - ends[offsets[:-1]]
        return lengths + 4
    if pa.types.is_struct(kind):
        sizes = np.ones(len(array), np.int64)
        for index in range(kind.num_fields):
            sizes += _sizes(array.field(index))
        return sizes
    if pa.types.is_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_string(kind) or pa.types.is_large_binary(kind):
        return 4 + np.asarray(pc.fill_null(pc.binary_length(array), 0), np.int64)
    return np.full(len(array), kind.byte_width if pa.types.is_primitive(kind) and not pa.types.is_boolean(kind) else 1, np.int64)


def _is_sound_row(row: pa.ChunkedArray) -> bool:
    return is_sound(pa.chunked_array([pc.take(chunk, pa.array([0])) for chunk in row.chunks]))


def _named(table: pa.Table) -> list[tuple[str, pa.ChunkedArray]]:
    return list(zip(table.column_names, table.columns, strict=True))


def _field(one: pa.Field) -> pa.Field:
    marked = (one.metadata or {}).get(b"winnow")
    return pa.field(one.name, _type(one.type), metadata={b"winnow": marked} if marked else None)


def _type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind):
        return pa.binary()
    if pa.types.is_dictionary(kind):
        return _type(kind.value_type)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind):
        return pa.list_(_type(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(kind.field(index).name, _type(kind.field(index).type)) for index in range(kind.num_fields)])
    return kind
