"""Rows drawn at random from Parquet files: each row group that is drawn from is decoded once, and what was drawn kept as small files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tools.storage import Drawn, File, Shard

from .drawing import places
from .remembering import folder_of, key_of, new_folder

DECODED_BYTES = 256 << 20  # of row groups that are decoded; of more, some are drawn and several windows from each
LEAST_GROUPS = 8
READ_ROWS = 8192


@dataclass(frozen=True)
class Group:
    """A row group: where it lies, the file's rows that it holds, and its decoded bytes."""

    file: File
    number: int  # of the file
    index: int
    first: int
    rows: int
    bytes: int


def draw(groups: Sequence[Group], cache: Path, count: int, window: int, seed: int) -> Drawn:
    """About `count` windows of rows that take about `window` bytes decoded."""
    rows, size = sum(group.rows for group in groups), sum(group.bytes for group in groups)
    each = max(1, round(rows * window / max(size, 1)))
    clusters = count if size <= DECODED_BYTES else max(LEAST_GROUPS, min(count, DECODED_BYTES * len(groups) // size))
    wanted = places([group.rows for group in groups], count, clusters, seed)
    found = [one for number, chosen in wanted.items() for one in _cut(groups[number], chosen, each, cache)]
    return Drawn(
        shards=tuple(shard for _, shard in found),
        clusters=tuple(cluster for cluster, _ in found),
        drawn=clusters,
        total=float(rows),
        records=float(rows),
        bytes=float(size),
    )


def groups_of(file: File, number: int, metadata: pq.FileMetaData) -> list[Group]:
    """The row groups of one file that hold rows."""
    found: list[Group] = []
    first = 0
    for index in range(metadata.num_row_groups):
        group = metadata.row_group(index)
        if group.num_rows:
            found.append(Group(file, number, index, first, group.num_rows, max(group.total_byte_size, 1)))
        first += group.num_rows
    return found


def _cut(group: Group, chosen: list[tuple[int, int]], each: int, cache: Path) -> Iterator[tuple[int, Shard]]:
    ranges: list[tuple[int, int, int]] = []
    for at, cluster in chosen:
        start = max(at, ranges[-1][1] if ranges else 0)
        if start < (stop := min(at + each, group.rows)):
            ranges.append((start, stop, cluster))
    key = key_of(group.file.path, kind="parquet rows", group=group.index, ranges=str(ranges))
    folder = folder_of(cache, key)
    if not folder.is_dir():
        with new_folder(cache, key) as made:
            _write(group, [(start, stop) for start, stop, _ in ranges], made)
    for start, stop, cluster in ranges:
        yield (
            cluster,
            Shard(
                path=str(folder / f"{start}.parquet"),
                inside=group.file.inside,
                file=group.number,
                start=group.first + start,
                stop=group.first + stop,
                seek=0,
                digest=_digest(f"{key}:{start}:{stop}"),
            ),
        )


def _write(group: Group, ranges: Sequence[tuple[int, int]], folder: Path) -> None:
    """The ranges of rows of one group, each as a file, in one pass."""
    parts: dict[int, list[pa.RecordBatch]] = {start: [] for start, _ in ranges}
    with pq.ParquetFile(group.file.path) as file:
        schema, row = file.schema_arrow, 0
        for batch in file.iter_batches(READ_ROWS, row_groups=[group.index], use_threads=False):
            for start, stop in ranges:
                low, high = max(start, row), min(stop, row + batch.num_rows)
                if low < high:
                    parts[start].append(batch.slice(low - row, high - low))
            row += batch.num_rows
    for start, batches in parts.items():
        pq.write_table(pa.Table.from_batches(batches, schema), folder / f"{start}.parquet", compression="none")


def _digest(text: str) -> str:
    import xxhash

    return str(xxhash.xxh3_128_hexdigest(text.encode()))
