"""Notes of Group steps: kept sorted by a hash of their key, so that any range of keys is one slice of each file."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import xxhash

from .desk import mix
from .files import open_table, save
from .fragments import Fragments, at_of
from .keys import rows_key

Hashes = np.ndarray[Any, np.dtype[np.uint64]]


def keep_notes(fragments: Fragments, name: str, notes: list[pa.Table], by: str) -> None:
    """Write notes (columns `at`, the card's notes) sorted by the hash of the column `by`."""
    if not sum(map(len, notes)):
        return
    table = pa.concat_tables(notes).combine_chunks()
    hashes = hash_of(table[by].combine_chunks())
    order = np.argsort(hashes, kind="stable")
    sorted_table = table.take(pa.array(order)).append_column("hash", pa.array(hashes[order]))
    save(fragments.folder / name[:2] / name / f"{rows_key(at_of(table))}.arrow", sorted_table)


def hash_of(values: pa.Array) -> Hashes:
    """A uint64 a value, equal for equal values."""
    kind = values.type
    if pa.types.is_integer(kind):
        return mix(values.cast(pa.int64()).to_numpy().view(np.uint64) if not pa.types.is_uint64(kind) else values.to_numpy())
    if pa.types.is_fixed_size_binary(kind) and kind.byte_width >= 8:
        width = kind.byte_width
        raw = np.frombuffer(values.buffers()[1], np.uint8)[values.offset * width : (values.offset + len(values)) * width].reshape(-1, width)
        return mix(np.ascontiguousarray(raw[:, :8]).view(np.uint64).reshape(-1))
    coded = values.dictionary_encode()
    words = [value if isinstance(value, bytes) else str(value).encode() for value in coded.dictionary.to_pylist()]
    return np.array([xxhash.xxh3_64_intdigest(word) for word in words], np.uint64)[coded.indices.to_numpy()] if words else np.zeros(0, np.uint64)


def notes_between(paths: list[Path], low: int, high: int) -> list[pa.Table]:
    """From each file the notes whose key hash is in [low, high)."""
    found = []
    for path in paths:
        table = open_table(path)
        hashes = table["hash"].to_numpy()
        start, stop = np.searchsorted(hashes, np.array([low, min(high, (1 << 64) - 1)], np.uint64))
        stop = len(hashes) if high >= 1 << 64 else stop
        if stop > start:
            found.append(table.slice(start, stop - start))
    return found
