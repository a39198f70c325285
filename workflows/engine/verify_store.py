"""The texts of candidate rows, by place: what `verify` may read back.

Files are read in small batches, not mapped: a mapping of all of them would count as memory of every worker that touches it.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa

from .call import one_batch
from .files import commit, open_table, save
from .fragments import Rows

ROWS = 16  # in a batch: what is read for one row


def write_store(path: Path, texts: pa.Table, places: Rows, sizes: Rows) -> None:
    """Keep the columns of some rows; beside them, small, their places and the bytes of their texts."""
    whole = pa.Table.from_batches([one_batch(texts)])

    def write(temp: Path) -> None:
        with pa.OSFile(str(temp), "wb") as sink, pa.ipc.new_file(sink, whole.schema) as file:
            file.write_table(whole, max_chunksize=ROWS)

    commit(path, write, durable=False)
    save(_places(path), pa.table({"place": places, "size": sizes}), durable=False)


def remove_store(path: Path) -> None:
    path.unlink(missing_ok=True)
    _places(path).unlink(missing_ok=True)


class VerifyStore:
    """Reads rows back by place, from the files of `write_store`."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        tables = [open_table(_places(Path(path))) for path in paths]
        lengths = [len(table) for table in tables]
        have = np.concatenate([np.zeros(0, np.int64), *(table["place"].to_numpy() for table in tables)])
        size = np.concatenate([np.zeros(0, np.int64), *(table["size"].to_numpy() for table in tables)])
        self._order = np.argsort(have)
        self._have, self._size = have[self._order], size[self._order]
        self._starts = np.cumsum([0, *lengths])
        self._files = ExitStack()
        self._open: dict[int, pa.ipc.RecordBatchFileReader] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def sizes(self) -> tuple[Rows, Rows]:
        """Places, ascending, and the bytes of the texts of each."""
        return self._have, self._size

    def read(self, places: pa.Array, columns: Sequence[str]) -> pa.Table:
        """The rows at these places, in the order asked."""
        asked = places.combine_chunks() if isinstance(places, pa.ChunkedArray) else places
        where: Rows = self._order[np.searchsorted(self._have, asked.to_numpy())]
        owner = np.searchsorted(self._starts, where, side="right") - 1
        row = where - self._starts[owner]
        order = np.lexsort((row, owner))
        cuts = np.flatnonzero((np.diff(owner[order], prepend=-1) != 0) | (np.diff(row[order] // ROWS, prepend=-1) != 0))
        parts = [self._batch(int(owner[some[0]]), row[some]).select(list(columns)) for some in np.split(order, cuts)[1:]]
        if not parts:
            return self._reader(0).schema.empty_table().select(list(columns))
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return pa.Table.from_batches(parts).combine_chunks().take(pa.array(back))

    def _batch(self, file: int, rows: Rows) -> pa.RecordBatch:
        return self._reader(file).get_batch(int(rows[0]) // ROWS).take(pa.array(rows % ROWS))

    def _reader(self, file: int) -> pa.ipc.RecordBatchFileReader:
        if file not in self._open:
            self._open[file] = pa.ipc.open_file(self._files.enter_context(pa.OSFile(self._paths[file], "rb")))
        return self._open[file]


def _places(path: Path) -> Path:
    return path.with_suffix(".places.arrow")
