"""Scans of one shard's texts: steps that read the same column share what was counted, also when rows were dropped between them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tools.contract import Scan
from tools.counted import Behind
from tools.scan import TextScan

from .fragments import Rows

Place = tuple[int, int, int]  # where an array lies in memory, for as long as it lives


@dataclass(frozen=True)
class Read:
    """A text column as a step reads it: its content's key, the rows, their texts."""

    name: str
    at: Rows
    texts: pa.ChunkedArray


class Scans:
    """The newest scan of each column of a shard."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[Rows, TextScan]] = {}

    def of(self, read: Read) -> tuple[Rows, TextScan]:
        """A scan of these rows or more, and the rows that it is of; what an earlier scan has counted is taken from it."""
        known = self._newest.get(read.name)
        if known is None:
            self._newest[read.name] = read.at, TextScan(read.texts)
        elif known[0] is not read.at and not np.array_equal(known[0], read.at):
            where = positions(known[0], read.at)
            self._newest[read.name] = read.at, TextScan(read.texts, None if where is None else Behind(known[1], where, asks=False))
        return self._newest[read.name]


class Lent:
    """What a step's desk scans with: batches of the step's columns by the shard's scans, other texts by themselves."""

    def __init__(self, scans: Scans, columns: dict[str, Read], batch: pa.RecordBatch, at: Rows) -> None:
        self._scans, self._at = scans, at
        self._columns = {place_of(batch[name]): read for name, read in columns.items() if name in batch.schema.names}

    def scan(self, texts: pa.Array) -> Scan:
        read = self._columns.get(place_of(texts))
        if read is None:
            return TextScan(texts)
        rows, whole = self._scans.of(read)
        if len(rows) == len(self._at):
            return whole
        where = positions(rows, self._at)
        return TextScan(texts, None if where is None else Behind(whole, where, asks=True))


def positions(rows: Rows, some: Rows) -> Rows | None:
    """Where some rows stand among others (both ascending), or nothing when one is not among them."""
    where = np.searchsorted(rows, some)
    found = not len(some) or (where[-1] < len(rows) and np.array_equal(rows[where], some))
    return where if found else None


def is_text(values: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(values.type)) and values.num_chunks == 1


def place_of(texts: pa.Array) -> Place:
    data = texts.buffers()[1]
    return (data.address if data is not None else 0, texts.offset, len(texts))
