"""Digests of values: the same value gives the same bytes in any batch, run or process."""

import json
import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from .kernels import compiled

DIGEST = pa.binary(16)


def digest(values: pa.Array) -> pa.Array:
    """The xxh3-128 of each value, null for null.

    Text and bytes are taken as they are. Whole numbers, floats and booleans are taken as text, so that the width of a
    number does not matter and 1 equals 1.0; lists and records as JSON with sorted keys.
    """
    plain = _as_binary(values)
    found = pa.FixedSizeBinaryArray.from_buffers(DIGEST, len(plain), [None, pa.py_buffer(_digests(plain))])
    return found if not plain.null_count else pc.if_else(plain.is_valid(), found, pa.scalar(None, DIGEST))


def hashes(values: pa.Array) -> npt.NDArray[np.uint64]:
    """The xxh3-64 of each text; of a null, that of the empty text."""
    plain = _as_binary(values)
    data, offsets = bytes_of(plain), offsets_of(plain)
    if fast := compiled("xxh3", int(offsets[-1] - offsets[0])):
        found = np.empty(len(plain), np.uint64)
        fast.hashes(data, offsets, found)
        return found
    return np.fromiter((xxhash.xxh3_64_intdigest(piece) for piece in pieces(plain)), np.uint64, len(plain))


def offsets_of(values: pa.Array) -> npt.NDArray[np.int32]:
    """Where each value of a string, binary or list array begins in its buffer, and where the last one ends."""
    found = values.buffers()[1]
    if found is None:
        return np.zeros(1, np.int32)
    offsets: npt.NDArray[np.int32] = np.frombuffer(found, np.int32)[values.offset : values.offset + len(values) + 1]
    return offsets if len(offsets) else np.zeros(1, np.int32)


def bytes_of(values: pa.Array) -> npt.NDArray[np.uint8]:
    """The buffer in which the values of a string or binary array lie, uncopied."""
    data = values.buffers()[2]
    return np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)


def pieces(values: pa.Array) -> Iterator[memoryview]:
    """The bytes of each value of a string or binary array, uncopied; empty for null."""
    data = memoryview(values.buffers()[2] or b"")
    offsets = offsets_of(values).tolist()
    return (data[start:stop] for start, stop in pairwise(offsets))


def _digests(values: pa.Array) -> bytes | npt.NDArray[np.uint64]:
    data, offsets = bytes_of(values), offsets_of(values)
    if fast := compiled("xxh3", int(offsets[-1] - offsets[0])):
        found = np.empty((len(values), 2), np.uint64)
        fast.digests(data, offsets, found)
        return found
    return b"".join(xxhash.xxh3_128_digest(piece) for piece in pieces(values))


def _as_binary(values: pa.Array) -> pa.Array:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _as_binary(values.dictionary_decode())
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        return values
    if pa.types.is_null(kind):
        return values.cast(pa.binary())
    if _is_text(kind) or _is_bytes(kind):
        return values.cast(pa.string() if _is_text(kind) else pa.binary())
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return values.cast(pa.string())
    if pa.types.is_floating(kind):
        return pa.array([None if value is None else _number(value) for value in values.to_pylist()], pa.binary())
    return pa.array([None if value is None else _json(value).encode() for value in values.to_pylist()], pa.binary())


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind) or pa.types.is_binary_view(kind))


def _number(value: float) -> bytes:
    whole = math.isfinite(value) and value.is_integer()
    return (str(int(value)) if whole else repr(value)).encode()


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_as_text)


def _as_text(value: object) -> str:
    """Of what JSON has no form for."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta | Decimal):
        return str(value)
    raise TypeError(f"no stable text for a value of type {type(value).__name__}")
