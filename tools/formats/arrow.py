"""Arrow IPC: record batches read as shards, pieces joined into one file or stream of even batches."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, ClassVar, Literal, cast

import pyarrow as pa
from pydantic import Field

from tools.contract import Card
from tools.errors import RecipeError
from tools.storage import SHARD_BYTES, Drawn, File, Loaded, Shard, Source

from .arrow_messages import Batch, batches_of, rows_from, schema_of
from .byte_source import MOST_FILES
from .canonical import canonical
from .compression import compression_of
from .drawing import places
from .parquet_types import as_plain, plain
from .remembering import key_of, recall, remember
from .shard_bytes import file_digest, spread
from .splitting import numbered
from .table_rows import columns_to_read, loaded, united
from .table_sink import TableSink, runs_of

_BATCH_BYTES = 8 << 20  # decoded, of a batch that is written


class Arrow(Source):
    """Read Arrow IPC, the file format (Feather too) and the stream format, told apart by their first bytes; batches may be compressed
    within. Types come as with Parquet: plain strings, dictionaries decoded; text that is not UTF-8 puts its row into quarantine."""

    suffixes: ClassVar[tuple[str, ...]] = (".arrow", ".feather", ".arrows", ".ipc")
    is_by_rows: ClassVar[bool] = True
    card: ClassVar[Card] = Card(stage="read", exact=True, aliases=("arrow", "feather", "arrow ipc", "arrow stream"), examples=())

    def shards(self, files: Sequence[File], cache: Path, shard_bytes: int = SHARD_BYTES) -> list[Shard]:
        return [shard for number, file in numbered(files) for shard in _shards_of(file, number, cache, shard_bytes)]

    def slices(self, files: Sequence[File], cache: Path, count: int, slice_bytes: int) -> list[Shard]:
        found: list[Shard] = []
        known = [(number, file, _known(file, cache)[0]) for number, file in spread(numbered(files), MOST_FILES)]
        sizes = [max(sum(batch.bytes for batch in batches), 1) for _, _, batches in known]
        for (number, file, batches), size in zip(known, sizes, strict=True):
            rows = sum(batch.rows for batch in batches)
            share = max(1, round(count * size / sum(sizes)))
            each = max(1, rows * slice_bytes // size)
            starts = [0] if share * each >= rows else [index * rows // share for index in range(share)]
            stops = [rows] if share * each >= rows else [min(start + each, rows) for start in starts]
            ranges = zip(starts, stops, strict=True)
            found += [_shard(file, number, batches, start, stop, key_of(file.path)) for start, stop in ranges if start < stop or not rows]
        return found

    def draw(self, files: Sequence[File], cache: Path, count: int, window: int, seed: int) -> Drawn:
        known = [(number, file, batch, batches) for number, file in numbered(files) for batches in [_known(file, cache)[0]] for batch in batches]
        size, rows = sum(one[2].bytes for one in known), sum(one[2].rows for one in known)
        if size <= count * window:
            shards = tuple(self.shards(files, cache))
            return Drawn(shards=shards, clusters=tuple(range(len(shards))), drawn=len(shards), total=float(rows), bytes=float(size), whole=True)
        each = max(1, round(rows * window / max(size, 1)))
        found: list[tuple[int, Shard]] = []
        for index, chosen in places([batch.rows for _, _, batch, _ in known], count, count, seed).items():
            (number, file, batch, batches), free = known[index], 0
            for at, cluster in chosen:
                start, stop = max(at, free), min(at + each, batch.rows)
                if start < stop:
                    found.append((cluster, _shard(file, number, batches, batch.row + start, batch.row + stop, key_of(file.path))))
                    free = stop
        return Drawn(
            shards=tuple(shard for _, shard in found),
            clusters=tuple(cluster for cluster, _ in found),
            drawn=count,
            total=float(rows),
            records=float(rows),
            bytes=float(size),
        )

    def infer(self, shards: Sequence[Shard]) -> pa.Schema:
        paths = {shard.path: shard.inside for shard in shards}
        return united([plain(schema_of(path, inside)) for path, inside in paths.items()], "Arrow")

    def load(self, shard: Shard, schema: pa.Schema, columns: Sequence[str] | None = None) -> Loaded:
        table = rows_from(shard.path, shard.inside, shard.seek, shard.skip, shard.stop - shard.start)
        here = plain(table.schema)
        wanted = columns_to_read(here, schema, columns, shard)
        return loaded(as_plain(table.select(wanted), here), schema, columns, shard)


class WriteArrow(TableSink):
    """Write Arrow IPC in batches of at most about 8 MB. Without compression a reader maps the file and copies nothing."""

    layout: Literal["file", "stream"] = Field(default="file", description="The file format, which can be entered anywhere, or a stream.")
    compression: Literal["none", "lz4", "zstd"] = Field(default="none", description="How the values within a batch are packed.")

    suffixes: ClassVar[tuple[str, ...]] = (".arrow", ".feather", ".arrows", ".ipc")
    card: ClassVar[Card] = Card(stage="write", exact=True, aliases=("arrow", "feather", "save as arrow", "arrow ipc"), examples=())

    def join(self, pieces: Iterable[Path], schema: pa.Schema, target: BinaryIO, compression: str) -> None:
        if compression:
            name = Path(target.name).name
            raise RecipeError(
                f"an Arrow file is compressed within: write {name!r} without {compression!r} at its end, and `with: {{compression: zstd}}`"
            )
        options = pa.ipc.IpcWriteOptions(compression=None if self.compression == "none" else self.compression, use_threads=False)
        opened = pa.ipc.new_file if self.layout == "file" else pa.ipc.new_stream
        with opened(target, schema, options=options) as writer:
            for run in runs_of(pieces, schema, _BATCH_BYTES):
                for batch in run.to_batches():
                    writer.write_batch(canonical(batch))


def _shards_of(file: File, number: int, cache: Path, shard_bytes: int) -> list[Shard]:
    """Small batches together, large ones apart, each about the size of a shard when decoded."""
    batches, content = _known(file, cache)
    found: list[Shard] = []
    start, size = 0, 0
    for batch in batches:
        if batch.row > start and size + batch.bytes > shard_bytes:
            found.append(_shard(file, number, batches, start, batch.row, content))
            start, size = batch.row, 0
        parts = min(max(-(-batch.bytes // shard_bytes), 1), batch.rows)
        for part in range(1, parts):
            stop = batch.row + part * batch.rows // parts
            found.append(_shard(file, number, batches, start, stop, content))
            start = stop
        size += batch.bytes // parts
    rows = batches[-1].row + batches[-1].rows if batches else 0
    return [*found, _shard(file, number, batches, start, rows, content)] if rows > start else found


def _shard(file: File, number: int, batches: Sequence[Batch], start: int, stop: int, content: str) -> Shard:
    from bisect import bisect_right

    import xxhash

    inside = max(bisect_right(batches, start, key=lambda batch: batch.row) - 1, 0)
    batch = batches[inside] if batches else Batch(0, 0, 0, 0)
    return Shard(
        path=file.path,
        inside=file.inside,
        file=number,
        start=start,
        stop=stop,
        seek=batch.position,
        skip=start - batch.row,
        digest=xxhash.xxh3_128_hexdigest(f"{content}:{start}:{stop}".encode()),
    )


def _known(file: File, cache: Path) -> tuple[list[Batch], str]:
    """The file's batches and the digest of its bytes, remembered."""
    if compression_of(file.path):
        raise RecipeError(f"{file.path!r}: Arrow is compressed within, batch by batch; decompress the file first")
    key = key_of(file.path, kind="arrow", version=1)
    note = recall(cache, key)
    if note is None:
        note = {"batches": [asdict(batch) for batch in batches_of(file.path, file.inside)], "content": file_digest(file.path)}
        remember(cache, key, note)
    return [Batch(**one) for one in cast("list[dict[str, int]]", note["batches"])], str(note["content"])
