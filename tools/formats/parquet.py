"""Parquet: row groups read as shards, pieces joined into one file of even row groups."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, ClassVar, cast

import pyarrow as pa
import pyarrow.parquet as pq

from tools.contract import Card
from tools.errors import RecipeError
from tools.storage import SHARD_BYTES, Drawn, File, Loaded, Shard, Source

from .byte_source import MOST_FILES
from .cut import Cut
from .parquet_drawing import Group, draw, groups_of
from .parquet_types import as_plain, plain
from .remembering import key_of, recall, remember
from .shard_bytes import file_digest, spread
from .splitting import numbered
from .table_rows import columns_to_read, loaded, united
from .table_sink import TableSink, runs_of

_GROUP_BYTES = 64 << 20  # decoded, of a row group that is written
_READ_ROWS = 8192


class Parquet(Source):
    """Read Parquet. Large and view strings and dictionaries of strings become plain strings, other types stay; text that is not UTF-8
    puts its row into quarantine."""

    suffixes: ClassVar[tuple[str, ...]] = (".parquet", ".pq")
    is_by_rows: ClassVar[bool] = True
    card: ClassVar[Card] = Card(stage="read", exact=True, aliases=("parquet", "columnar file"), examples=())

    def shards(self, files: Sequence[File], cache: Path, shard_bytes: int = SHARD_BYTES) -> list[Shard]:
        return [shard for number, file in numbered(files) for shard in _shards_of(file, number, cache, shard_bytes)]

    def slices(self, files: Sequence[File], cache: Path, count: int, slice_bytes: int) -> list[Shard]:
        import xxhash

        chosen = spread(numbered(files), MOST_FILES)
        sizes = [max(_decoded_bytes(file), 1) for _, file in chosen]
        found: list[Shard] = []
        for (number, file), size in zip(chosen, sizes, strict=True):
            with _opened(file.path, file.inside) as parquet:
                ranges = _slices_of(parquet.metadata.num_rows, max(1, round(count * size / sum(sizes))), size, slice_bytes)
            for start, stop in ranges:
                digest = xxhash.xxh3_128_hexdigest(f"{key_of(file.path)}:{start}:{stop}".encode())
                found.append(Shard(path=file.path, inside=file.inside, file=number, start=start, stop=stop, seek=start, digest=digest))
        return found

    def draw(self, files: Sequence[File], cache: Path, count: int, window: int, seed: int) -> Drawn:
        groups: list[Group] = []
        for number, file in numbered(files):
            with _opened(file.path, file.inside) as parquet:
                groups += groups_of(file, number, parquet.metadata)
        size = sum(group.bytes for group in groups)
        if size <= count * window:
            shards = tuple(self.shards(files, cache))
            rows = sum(group.rows for group in groups)
            return Drawn(shards=shards, clusters=tuple(range(len(shards))), drawn=len(shards), total=float(rows), bytes=float(size), whole=True)
        return draw(groups, cache, count, window, seed)

    def infer(self, shards: Sequence[Shard]) -> pa.Schema:
        schemas: dict[str, pa.Schema] = {}
        for shard in shards:
            if shard.path not in schemas:
                with _opened(shard.path, shard.inside) as parquet:
                    schemas[shard.path] = plain(parquet.schema_arrow)
        return united(list(schemas.values()), "Parquet")

    def load(self, shard: Shard, schema: pa.Schema, columns: Sequence[str] | None = None) -> Loaded:
        with _opened(shard.path, shard.inside) as parquet:
            here = plain(parquet.schema_arrow)
            wanted = columns_to_read(here, schema, columns, shard)
            table = as_plain(_rows(parquet, shard, wanted), here)
        return loaded(table, schema, columns, shard)


class WriteParquet(TableSink):
    """Write one Parquet file, zstd, in row groups of at most about 64 MB decoded. JSON text stays text, marked as such."""

    suffixes: ClassVar[tuple[str, ...]] = (".parquet", ".pq")
    card: ClassVar[Card] = Card(stage="write", exact=True, aliases=("parquet", "save as parquet"), examples=())

    def join(self, pieces: Iterable[Path], schema: pa.Schema, target: BinaryIO, compression: str) -> None:
        if compression:
            name = Path(target.name).name
            raise RecipeError(f"a Parquet file is compressed within (zstd): write {name!r} without {compression!r} at its end")
        with pq.ParquetWriter(target, schema, compression="zstd", store_schema=True) as writer:
            for group in runs_of(pieces, schema, _GROUP_BYTES):
                writer.write_table(group, row_group_size=max(group.num_rows, 1))


@contextmanager
def _opened(path: str, inside: str) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError) as error:
        first = str(error).split("\n", 1)[0]
        raise RecipeError(f"{inside!r} ({path}) cannot be read as Parquet: {first}; is it complete, and is it Parquet?") from error


def _shards_of(file: File, number: int, cache: Path, shard_bytes: int) -> list[Shard]:
    import xxhash

    key = key_of(file.path, kind="parquet", shard_bytes=shard_bytes, version=2)
    note = recall(cache, key)
    if note is None:
        with _opened(file.path, file.inside) as parquet:
            ranges = list(_ranges(parquet.metadata, shard_bytes))
        content = file_digest(file.path)
        cuts = [Cut(start, stop, 0, xxhash.xxh3_128_hexdigest(f"{content}:{start}:{stop}".encode())) for start, stop in ranges]
        note = {"cuts": [asdict(cut) for cut in cuts]}
        remember(cache, key, note)
    known = cast("list[dict[str, str]]", note["cuts"])
    return [
        Shard(
            path=file.path,
            inside=file.inside,
            file=number,
            start=int(cut["start"]),
            stop=int(cut["stop"]),
            seek=int(cut["start"]),
            digest=cut["digest"],
        )
        for cut in known
    ]


def _ranges(metadata: pq.FileMetaData, shard_bytes: int) -> Iterator[tuple[int, int]]:
    """Small row groups together, large ones apart, each about the size of a shard when decoded."""
    start, row, size = 0, 0, 0
    for index in range(metadata.num_row_groups):
        group = metadata.row_group(index)
        if row > start and size + group.total_byte_size > shard_bytes:
            yield start, row
            start, size = row, 0
        parts = min(max(-(-group.total_byte_size // shard_bytes), 1), max(group.num_rows, 1))
        for part in range(1, parts):
            yield start, row + part * group.num_rows // parts
            start = row + part * group.num_rows // parts
        row, size = row + group.num_rows, size + group.total_byte_size // parts
    if row > start:
        yield start, row


def _slices_of(rows: int, count: int, size: int, slice_bytes: int) -> list[tuple[int, int]]:
    each = max(1, rows * slice_bytes // size)
    if count * each >= rows:
        return [(0, rows)] if rows else []
    return [(index * rows // count, min(index * rows // count + each, rows)) for index in range(count)]


def _rows(parquet: pq.ParquetFile, shard: Shard, columns: Sequence[str]) -> pa.Table:
    """The shard's rows; of a row group that begins before it what comes first is decoded and let go, batch by batch."""
    groups: list[int] = []
    begin, end = shard.seek, shard.seek + shard.stop - shard.start  # rows of the file that is read
    first, row = 0, 0
    for index in range(parquet.metadata.num_row_groups):
        count = parquet.metadata.row_group(index).num_rows
        if row < end and row + count > begin:
            first = row if not groups else first
            groups.append(index)
        row += count
    batches: list[pa.RecordBatch] = []
    for batch in parquet.iter_batches(_READ_ROWS, row_groups=groups, columns=list(columns), use_threads=False):
        skip = max(begin - first, 0)
        if skip < batch.num_rows and first < end:
            batches.append(batch.slice(skip, min(batch.num_rows - skip, end - first - skip)))
        first += batch.num_rows
        if first >= end:
            break
    return pa.Table.from_batches(batches) if batches else parquet.schema_arrow.empty_table().select(list(columns))


def _decoded_bytes(file: File) -> int:
    with _opened(file.path, file.inside) as parquet:
        return sum(parquet.metadata.row_group(index).total_byte_size for index in range(parquet.metadata.num_row_groups))
