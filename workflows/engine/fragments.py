"""Values that were computed once: stored per shard and step, each fragment knows which rows it covers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .files import open_table, save
from .keys import rows_key

Rows = np.ndarray[Any, np.dtype[np.int64]]


class Fragments:
    """A folder of columns by content key. A fragment is a table with `at` (int64 row positions) beside its values."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, pa.Table | None] = {}

    def read(self, name: str) -> pa.Table | None:
        """All pieces of a fragment as one table sorted by `at`, or nothing."""
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def add(self, name: str, table: pa.Table, known: pa.Table | None = None) -> pa.Table:
        """Add a piece that covers rows no piece covers yet; gives back the whole fragment."""
        save(self._place(name) / f"{rows_key(at_of(table))}.arrow", table)
        whole = table if known is None or not len(known) else _sorted(pa.concat_tables([known, table]))
        self._read[name] = whole
        return whole

    def paths(self, name: str) -> list[Path]:
        """The files of a fragment's pieces."""
        place = self._place(name)
        return sorted(place.glob("[!.]*.arrow")) if place.is_dir() else []

    def forget(self) -> None:
        self._read.clear()

    def _place(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def _load(self, name: str) -> pa.Table | None:
        pieces = [open_table(path) for path in self.paths(name)]
        if not pieces:
            return None
        return pieces[0] if len(pieces) == 1 else _sorted(pa.concat_tables(pieces))


def at_of(table: pa.Table) -> Rows:
    """The rows that a fragment covers."""
    return np.asarray(table["at"].to_numpy(), np.int64)


def uncovered(fragment: pa.Table | None, at: Rows) -> Rows:
    """Those of these rows that the fragment does not cover."""
    return at if fragment is None else at[~np.isin(at, at_of(fragment), assume_unique=True)] if not covers(fragment, at) else at[:0]


def covers(fragment: pa.Table, at: Rows) -> bool:
    have = at_of(fragment)
    return len(have) == len(at) and bool(np.array_equal(have, at))


def values(fragment: pa.Table, at: Rows, columns: Sequence[str]) -> pa.Table:
    """The values of these rows, all of which the fragment covers."""
    chosen = fragment.select(list(columns))
    return chosen if covers(fragment, at) else chosen.take(pa.array(np.searchsorted(at_of(fragment), at)))


def _sorted(table: pa.Table) -> pa.Table:
    ordered = table.take(pc.sort_indices(table["at"]))
    keep = np.diff(at_of(ordered), prepend=-1) != 0  # two processes may have measured the same rows
    return ordered if keep.all() else ordered.filter(pa.array(keep))
