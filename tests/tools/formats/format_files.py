"""Files to read, in every compression, and what comes out of them."""

import bz2
import gzip
import lzma
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import zstandard

from tools.formats.records import cut_out
from tools.storage import AsRead, File

PACK = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstandard.ZstdCompressor().compress}


@dataclass
class Out:
    """All shards of some files, loaded."""

    rows: list
    places: list
    bad: list
    shards: list
    loaded: list


class Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"

    def file(self, data: bytes, name: str = "a.txt", packing: str = "") -> File:
        path = self.folder / (name + packing)
        path.write_bytes(PACK[packing](data))
        return File(path=str(path), inside=name)

    def read(self, source, files, shard_bytes: int = 1 << 20, columns=None, schema=None) -> Out:
        files = [files] if isinstance(files, File) else files
        shards = source.shards(files, self.cache, shard_bytes)
        schema = schema if schema is not None else source.infer(source.slices(files, self.cache, 64, 1 << 16))
        loaded = [source.load(shard, schema, columns) for shard in shards]
        places, bad, line = [], [], 0
        for shard, one in zip(shards, loaded, strict=True):
            line = 0 if shard.start == 0 else line
            places += [(shard.file, offset, line + at) for offset, at in zip(one.offset.to_pylist(), one.line.to_pylist(), strict=True)]
            bad += [(shard.file, each.offset, line + each.line, each.reason, each.raw, each.misfit) for each in one.bad]
            line += one.lines
        return Out([row for one in loaded for row in one.table.to_pylist()], places, bad, shards, loaded)

    def data(self, source, data: bytes, **options) -> Out:
        return self.read(source, self.file(data), **options)


def as_read(shard, loaded, *, form="jsonl", whole=True, keys=None, touched=None, options=None) -> AsRead:
    start = loaded.offset.to_numpy() - shard.start
    records = cut_out(loaded.raw, start, start + loaded.length.to_numpy())
    return AsRead(
        format=form,
        records=records,
        keys={name: name for name in loaded.table.column_names} if keys is None else keys,
        touched=touched or {},
        whole=whole,
        options=options or {},
    )


def written(sink, pieces, folder: Path, compression: str = "") -> bytes:
    """What a sink makes of (table, as_read) pairs."""
    paths = []
    for index, (table, read) in enumerate(pieces):
        paths.append(folder / f"piece{index}")
        sink.piece(table, read, paths[-1])
    schema = pieces[0][0].schema if pieces else pa.schema([("text", pa.string())])
    with (folder / "joined").open("wb") as file:
        sink.join(paths, schema, file, compression)
    return (folder / "joined").read_bytes()
