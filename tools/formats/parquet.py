"""Parquet: row groups read as shards, pieces joined into one file of even row groups."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, ClassVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tools.contract import Card
from tools.errors import RecipeError
from tools.storage import SHARD_BYTES, AsRead, Bad, Drawn, File, Loaded, Shard, Sink, Source

from .byte_source import MOST_FILES
from .parquet_drawing import Group, draw, groups_of
from .parquet_types import as_plain, is_sound, plain, row_sizes, unsound
from .records import table_of
from .remembering import key_of, recall, remember
from .shard_bytes import spread
from .splitting import Cut, numbered

_GROUP_BYTES = 64 << 20  # decoded, of a row group that is written
_READ_ROWS = 8192


class Parquet(Source):
    """Read Parquet. Large and view strings and dictionaries of strings become plain strings, other types stay; text that is not UTF-8
    puts its row into quarantine."""

    suffixes: ClassVar[tuple[str, ...]] = (".parquet", ".pq")
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
        try:
            return pa.unify_schemas(list(schemas.values()), promote_options="permissive") if schemas else pa.schema([])
        except pa.ArrowException as error:
            raise RecipeError(f"the Parquet files do not have the same columns: {error}; read them as two sources") from error

    def load(self, shard: Shard, schema: pa.Schema, columns: Sequence[str] | None = None) -> Loaded:
        """All text columns are read also where some are asked for: they must be UTF-8, so that the rows are always the same."""
        asked = schema if columns is None else pa.schema([schema.field(name) for name in columns if name in schema.names])
        with _opened(shard.path, shard.inside) as parquet:
            here = plain(parquet.schema_arrow)
            if unknown := sorted(set(here.names) - set(schema.names)):
                raise RecipeError(f"{shard.inside!r}: columns {unknown} were in no file of the sample; check again with --scan-all")
            wanted = [name for name in here.names if name in asked.names or _holds_text(here.field(name).type)]
            table = as_plain(_rows(parquet, shard, wanted), here)
        offsets = np.arange(shard.start, shard.stop)
        bads: list[Bad] = []
        for name in (name for name in wanted if not is_sound(table[name])):
            for index in np.flatnonzero(unsound(table[name])).tolist():
                reason = f"the value of column {name!r} is not UTF-8"
                bads.append(Bad(offset=shard.start + index, line=-1, reason=reason, raw=b"", length=0, misfit=name))
        if bads:
            good = ~np.isin(offsets, [one.offset for one in bads])
            table, offsets = table.filter(pa.array(good)), offsets[good]
        return Loaded(
            table=_under(table, asked, shard),
            offset=pa.array(offsets),
            line=pa.array(np.full(len(offsets), -1, np.int64)),
            lines=0,
            bad=tuple({one.offset: one for one in reversed(bads)}[offset] for offset in sorted({one.offset for one in bads})),
        )


class WriteParquet(Sink):
    """Write one Parquet file, zstd, in row groups of at most about 64 MB decoded. JSON text stays text, marked as such."""

    suffixes: ClassVar[tuple[str, ...]] = (".parquet", ".pq")
    card: ClassVar[Card] = Card(stage="write", exact=True, aliases=("parquet", "save as parquet"), examples=())

    def piece(self, table: pa.Table, as_read: AsRead | None, target: Path) -> None:
        with pa.OSFile(str(target), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)

    def join(self, pieces: Iterable[Path], schema: pa.Schema, target: BinaryIO, compression: str) -> None:
        if compression:
            name = Path(target.name).name
            raise RecipeError(f"a Parquet file is compressed within (zstd): write {name!r} without {compression!r} at its end")
        with pq.ParquetWriter(target, schema, compression="zstd", store_schema=True) as writer:
            for group in _groups(pieces, schema):
                writer.write_table(group, row_group_size=max(group.num_rows, 1))


def _groups(pieces: Iterable[Path], schema: pa.Schema) -> Iterator[pa.Table]:
    """Row groups cut by the sizes of rows alone: a group ends before the row that would make it too large. Each is one run of memory,
    as the writer starts a page where a chunk starts."""
    waiting: list[pa.RecordBatch] = []
    size = 0
    for batch in (batch for piece in pieces for batch in _batches(piece, schema)):
        ends, first = np.cumsum(row_sizes(batch)), 0
        while first < batch.num_rows:
            before = int(ends[first - 1]) if first else 0
            stop = int(np.searchsorted(ends, before + _GROUP_BYTES - size, "right"))
            if stop == first and not waiting:
                stop = first + 1  # a row larger than a group
            if stop > first:
                waiting.append(batch.slice(first, stop - first))
                size += int(ends[stop - 1]) - before
                first = stop
            if first < batch.num_rows:
                yield pa.Table.from_batches(waiting, schema).combine_chunks()
                waiting, size = [], 0
    if waiting:
        yield pa.Table.from_batches(waiting, schema).combine_chunks()


def _batches(piece: Path, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    with pa.memory_map(str(piece)) as file:
        reader = pa.ipc.open_file(file)
        for index in range(reader.num_record_batches):
            yield _aligned(reader.get_batch(index), schema)


def _aligned(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with exactly the columns of the file: one that a piece lacks (`_rest`) is null."""
    has = set(batch.schema.names)
    columns = [batch.column(one.name) if one.name in has else pa.nulls(batch.num_rows, one.type) for one in schema]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


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
        content = _digest(file.path)
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


def _under(table: pa.Table, schema: pa.Schema, shard: Shard) -> pa.Table:
    try:
        columns = [table[one.name].cast(one.type) if one.name in table.column_names else pa.nulls(table.num_rows, one.type) for one in schema]
    except pa.ArrowInvalid as error:
        raise RecipeError(f"{shard.inside!r}: a column does not fit its type: {error}; declare another type under `columns`") from error
    return table_of(columns, schema, table.num_rows)


def _holds_text(kind: pa.DataType) -> bool:
    if pa.types.is_string(kind):
        return True
    return any(_holds_text(kind.field(index).type) for index in range(kind.num_fields))


def _decoded_bytes(file: File) -> int:
    with _opened(file.path, file.inside) as parquet:
        return sum(parquet.metadata.row_group(index).total_byte_size for index in range(parquet.metadata.num_row_groups))


def _digest(path: str) -> str:
    import xxhash

    found = xxhash.xxh3_128()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            found.update(chunk)
    return str(found.hexdigest())
