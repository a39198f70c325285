"""Arrow IPC files and streams entered at any record batch: where each batch lies, and the rows from there on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import pyarrow as pa

from tools.errors import RecipeError

MAGIC = b"ARROW1"
_FIRST = 8  # where a file's messages begin, its magic padded
_FEATHER_1 = b"FEA1"


@dataclass(frozen=True)
class Batch:
    """A record batch of a file."""

    position: int  # of its message
    row: int  # of the file, where it begins
    rows: int
    bytes: int  # decoded


def batches_of(path: str, inside: str) -> list[Batch]:
    """Where the record batches with rows lie. A file whose columns are dictionaries is one batch, entered at its start."""
    found: list[Batch] = []
    with _messages(path, inside) as (stream, schema):
        if _has_dictionary(schema):
            whole = _read_whole(path, inside)
            return [Batch(0, 0, whole.num_rows, whole.nbytes)] if whole.num_rows else []
        row, position = 0, stream.tell()
        while (batch := _next(stream, schema)) is not None:
            if batch.num_rows:
                found.append(Batch(position, row, batch.num_rows, batch.nbytes))
            row, position = row + batch.num_rows, stream.tell()
    return found


def schema_of(path: str, inside: str) -> pa.Schema:
    """The columns as the file has them."""
    with _messages(path, inside) as (_, schema):
        return schema


def rows_from(path: str, inside: str, position: int, skip: int, count: int) -> pa.Table:
    """So many rows, from some rows behind the batch at this position."""
    with _messages(path, inside) as (stream, schema):
        if _has_dictionary(schema):
            return _read_whole(path, inside).slice(skip, count)
        stream.seek(position)
        parts: list[pa.RecordBatch] = []
        while count > 0:
            batch = _next(stream, schema)
            if batch is None:
                raise RecipeError(f"{inside!r} is shorter than when the run began; run again when nothing writes to it")
            part = batch.slice(skip, count)
            skip, count = max(skip - batch.num_rows, 0), count - part.num_rows
            parts.append(part)
        return pa.Table.from_batches(parts, schema)


@contextmanager
def _messages(path: str, inside: str) -> Iterator[tuple[pa.MemoryMappedFile, pa.Schema]]:
    """The mapped file behind its schema."""
    try:
        with pa.memory_map(path) as stream:
            magic = stream.read(_FIRST)
            if magic.startswith(_FEATHER_1):
                raise RecipeError(f"{inside!r} ({path}) is Feather of the first version; write it again as Arrow IPC, which later versions are")
            stream.seek(_FIRST if magic.startswith(MAGIC) else 0)
            yield stream, pa.ipc.read_schema(pa.ipc.read_message(stream))
    except (pa.ArrowException, OSError, EOFError) as error:
        first = str(error).split("\n", 1)[0] or "it ends early"
        raise RecipeError(f"{inside!r} ({path}) cannot be read as Arrow IPC: {first}; is it complete, and is it Arrow?") from error


def _next(stream: pa.MemoryMappedFile, schema: pa.Schema) -> pa.RecordBatch | None:
    """The next record batch; nothing at the end mark, or where a stream ends without one."""
    if stream.tell() >= stream.size():
        return None
    try:
        message = pa.ipc.read_message(stream)
    except EOFError:
        return None
    return pa.ipc.read_record_batch(message, schema)


def _read_whole(path: str, inside: str) -> pa.Table:
    """All rows of a file that has dictionaries: batches of it mean nothing without those before them."""
    with pa.memory_map(path) as stream:
        is_file = stream.read(len(MAGIC)) == MAGIC
        stream.seek(0)
        return (pa.ipc.open_file(stream) if is_file else pa.ipc.open_stream(stream)).read_all()


def _has_dictionary(schema: pa.Schema) -> bool:
    return any(_is_coded(cast(pa.DataType, field.type)) for field in schema)


def _is_coded(kind: pa.DataType) -> bool:
    if isinstance(kind, pa.BaseExtensionType):
        return _is_coded(kind.storage_type)
    return bool(pa.types.is_dictionary(kind)) or any(_is_coded(kind.field(index).type) for index in range(kind.num_fields))
