"""What the sinks of columnar files share: pieces are Arrow files, and rows are gathered into runs whose ends depend on the rows alone."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tools.storage import AsRead, Sink

from .parquet_types import row_sizes


class TableSink(Sink):
    """A sink whose pieces are Arrow files."""

    def piece(self, table: pa.Table, as_read: AsRead | None, target: Path) -> None:
        with pa.OSFile(str(target), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)

    def sizes(self, piece: Path) -> npt.NDArray[np.int64]:
        sizes = [row_sizes(batch) for batch in _batches(piece)]
        return np.concatenate(sizes) if sizes else np.empty(0, np.int64)

    def cut(self, piece: Path, start: int, stop: int, target: Path) -> None:
        with pa.memory_map(str(piece)) as file:
            table = pa.ipc.open_file(file).read_all()
            self.piece(table.slice(start, stop - start), None, target)


def runs_of(pieces: Iterable[Path], schema: pa.Schema, most_bytes: int) -> Iterator[pa.Table]:
    """The rows of all pieces in runs cut by the sizes of rows alone: a run ends before the row that would make it too large. Each is one
    run of memory, as a Parquet writer starts a page where a chunk starts."""
    waiting: list[pa.RecordBatch] = []
    size = 0
    for batch in (_aligned(batch, schema) for piece in pieces for batch in _batches(piece)):
        ends, first = np.cumsum(row_sizes(batch)), 0
        while first < batch.num_rows:
            before = int(ends[first - 1]) if first else 0
            stop = int(np.searchsorted(ends, before + most_bytes - size, "right"))
            if stop == first and not waiting:
                stop = first + 1  # a row larger than a run
            if stop > first:
                waiting.append(batch.slice(first, stop - first))
                size += int(ends[stop - 1]) - before
                first = stop
            if first < batch.num_rows:
                yield pa.Table.from_batches(waiting, schema).combine_chunks()
                waiting, size = [], 0
    if waiting:
        yield pa.Table.from_batches(waiting, schema).combine_chunks()


def _batches(piece: Path) -> Iterator[pa.RecordBatch]:
    with pa.memory_map(str(piece)) as file:
        reader = pa.ipc.open_file(file)
        for index in range(reader.num_record_batches):
            yield reader.get_batch(index)


def _aligned(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with exactly the columns of the file: one that a piece lacks (`_rest`) is null."""
    has = set(batch.schema.names)
    columns = [batch.column(one.name) if one.name in has else pa.nulls(batch.num_rows, one.type) for one in schema]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
