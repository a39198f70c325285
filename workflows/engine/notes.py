"""Notes of Group steps. An index of their keys lies sorted by hash, so that any range of keys is one slice of each file; what else was
noted lies beside it, one entry a note, however many keys it stands under."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from tools.draws import mix

from .files import open_table, save
from .fragments import Fragments, Rows, at_of
from .keys import rows_key

Hashes = np.ndarray[Any, np.dtype[np.uint64]]


@dataclass(frozen=True)
class Notes:
    """Some notes of one shard. The index: `hash`, `turn` (which note) and, where the hash is not the key itself, `key`."""

    path: Path

    def index(self) -> pa.Table:
        return open_table(self.path)

    def rest(self) -> pa.Table:
        """`at` and the columns other than the key, one row a note."""
        return open_table(self.path.with_suffix(".notes"))


def keep_notes(fragments: Fragments, name: str, notes: list[pa.Table], by: str) -> None:
    """Write notes (columns `at`, the card's notes) with an index of the column `by`."""
    if not sum(map(len, notes)):
        return
    table = pa.concat_tables(notes).combine_chunks()
    keys, turns = table[by].combine_chunks(), np.arange(len(table), dtype=np.int32)
    is_list = pa.types.is_list(keys.type)
    if is_list:
        turns = np.repeat(turns, pc.list_value_length(keys).to_numpy())
        keys = keys.flatten()
    hashes = keys.to_numpy() if is_list else hash_of(keys)
    order = order_of(hashes)
    index = {"hash": hashes[order], "turn": turns[order]} | ({} if is_list else {"key": keys.take(pa.array(order))})
    path = fragments.folder / name[:2] / name / f"{rows_key(at_of(table))}.arrow"
    save(path.with_suffix(".notes"), table.drop_columns(by))
    save(path, pa.table(index))  # last: whoever finds it finds both


def notes_of(fragments: Fragments, name: str) -> Iterator[Notes]:
    return map(Notes, fragments.paths(name))


def between(index: pa.Table, low: int, high: int) -> pa.Table:
    """The part of an index with hashes in [low, high)."""
    hashes = index["hash"].to_numpy()
    start, stop = np.searchsorted(hashes, np.array([low, min(high, (1 << 64) - 1)], np.uint64))
    stop = len(hashes) if high >= 1 << 64 else stop
    return index.slice(start, stop - start)


def order_of(hashes: Hashes) -> Rows:
    """What puts hashes in ascending order; equal ones stay as they stand.

    By their first 16 bits, which numpy sorts by counting, most are where they belong; what it does then is fast on what is nearly in order.
    """
    coarse = np.argsort((hashes >> np.uint64(48)).astype(np.uint16), kind="stable")
    order: Rows = coarse[np.argsort(hashes[coarse], kind="stable")]
    return order


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


def where(notes: pa.Table, at: Rows) -> Rows:
    """For each note the position of its row among the rows `at` (ascending), -1 where it is not one of them."""
    noted = at_of(notes)
    if np.array_equal(noted, at):
        return np.arange(len(at), dtype=np.int64)
    if not len(at):
        return np.full(len(noted), -1, np.int64)
    found = np.searchsorted(at, noted).clip(0, len(at) - 1)
    return np.where(at[found] == noted, found, -1)
