"""What crosses the wall of a jail: one JSON object and record batches, never a pickle.

    for each batch its Arrow IPC stream · JSON: the object, and where each stream ends · 8 bytes: length of the JSON

What comes out of a cell may have been written by an enemy. It is copied first and looked at afterwards, and nothing of it is used
before it was found to be plain: no compression (a few kB can unpack to very much), no dictionaries, no extension types, valid through and through.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pyarrow as pa

from .errors import Misbehaved

Order = Mapping[str, object]
LENGTH = struct.Struct("<Q")
MOST_JSON, MOST_BATCHES, DEEPEST = 1 << 20, 64, 16


def write(target: pa.NativeFile, order: Order, batches: Sequence[pa.RecordBatch]) -> int:
    """Bytes written."""
    ends = []
    for batch in batches:
        with pa.ipc.new_stream(target, batch.schema) as stream:
            stream.write_batch(batch)
        ends.append(target.tell())
    told = json.dumps({"order": order, "ends": ends}).encode()
    target.write(told)
    target.write(LENGTH.pack(len(told)))
    return int(target.tell())


def size_of(order: Order, batches: Sequence[pa.RecordBatch]) -> int:
    """Bytes that `write` would write."""
    return write(pa.MockOutputStream(), order, batches)


def read(raw: pa.Buffer) -> tuple[dict[str, object], list[pa.RecordBatch]]:
    """A parcel of one's own making, without a second look; the batches lie in `raw`."""
    order, streams = _parts(raw)
    return order, [pa.ipc.open_stream(stream).read_next_batch() for stream in streams]


def read_strange(raw: pa.Buffer) -> tuple[dict[str, object], list[pa.RecordBatch]]:
    """A parcel that somebody else made. Raises Misbehaved for all that may not cross."""
    try:
        order, streams = _parts(raw)
    except (ValueError, TypeError, KeyError, RecursionError, struct.error) as error:
        raise Misbehaved(f"the answer is no parcel: {str(error)[:200]}") from None
    return order, [_plain(stream) for stream in streams]


def _parts(raw: pa.Buffer) -> tuple[dict[str, object], list[pa.Buffer]]:
    lies = memoryview(raw)
    (length,) = LENGTH.unpack(lies[-LENGTH.size :])
    start = len(lies) - LENGTH.size - length
    if length > MOST_JSON or start < 0:
        raise ValueError(f"its JSON claims {length} bytes")
    told = json.loads(bytes(lies[start : start + length]))
    order, ends = told["order"], told["ends"]
    if not isinstance(order, dict) or len(ends) > MOST_BATCHES or not all(isinstance(end, int) for end in ends):
        raise ValueError("its JSON is of another form")
    if [0, *ends] != sorted([0, *ends]) or (ends[-1] if ends else 0) != start:
        raise ValueError("its batches lie outside of it")
    return order, [raw.slice(before, end - before) for before, end in pairwise([0, *ends])]


def _plain(stream: pa.Buffer) -> pa.RecordBatch:
    try:
        _refuse_packed(stream)
        reader = pa.ipc.open_stream(stream)
        for field in reader.schema:
            _refuse_strange(field, 0)
        batch = reader.read_next_batch()
        batch.validate(full=True)
        schema = pa.schema([field.remove_metadata() for field in batch.schema])
        return pa.RecordBatch.from_arrays(batch.columns, schema=schema)
    except (pa.ArrowException, OSError, StopIteration, struct.error, RecursionError, IndexError, UnicodeDecodeError) as error:
        raise Misbehaved(f"the answer holds a broken batch: {str(error)[:200]}") from None


def _refuse_strange(field: pa.Field, depth: int) -> None:
    """Only types whose values are what they look like may cross."""
    kind, is_ = field.type, pa.types
    if depth > DEEPEST:
        raise Misbehaved(f"column {field.name[:60]!r} is nested more than {DEEPEST} deep")
    if field.metadata and any(key.startswith(b"ARROW:extension") for key in field.metadata):
        raise Misbehaved(f"column {field.name[:60]!r} has an extension type, which may not leave a jail")
    if is_.is_struct(kind) or is_.is_list(kind) or is_.is_large_list(kind) or is_.is_fixed_size_list(kind):
        for inner in range(kind.num_fields):
            _refuse_strange(kind.field(inner), depth + 1)
    elif isinstance(kind, pa.BaseExtensionType) or not (
        is_.is_primitive(kind)
        or is_.is_null(kind)
        or is_.is_string(kind)
        or is_.is_large_string(kind)
        or is_.is_binary(kind)
        or is_.is_large_binary(kind)
        or is_.is_fixed_size_binary(kind)
    ):
        raise Misbehaved(f"column {field.name[:60]!r} has type {str(kind)[:60]}, which may not leave a jail")


def _refuse_packed(stream: pa.Buffer) -> None:
    """One schema, one batch, and no body that has to be unpacked."""
    kinds = []
    for message in pa.ipc.MessageReader.open_stream(stream):
        kinds.append(message.type)
        if message.type == "record batch" and _is_compressed(message.metadata.to_pybytes()):
            raise Misbehaved("the answer holds a compressed batch")
    if kinds != ["schema", "record batch"]:
        raise Misbehaved(f"the answer holds {', '.join(kinds[:4]) or 'nothing'} where a schema and one batch were due")


def _is_compressed(metadata: bytes) -> bool:
    """Whether the header of a record batch names a compression: slot 3 of its flatbuffer, in slot 2 of the message."""

    def field(table: int, slot: int) -> int:
        index = table - struct.unpack_from("<i", metadata, table)[0]
        size = struct.unpack_from("<H", metadata, index)[0]
        place = struct.unpack_from("<H", metadata, index + 4 + 2 * slot)[0] if 4 + 2 * slot < size else 0
        return table + place if place else 0

    header = field(struct.unpack_from("<I", metadata, 0)[0], 2)
    return bool(field(header + struct.unpack_from("<I", metadata, header)[0], 3))
