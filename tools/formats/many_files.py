"""Sources of which each file is a document: many small files are read as one shard, and each keeps its own number."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pyarrow as pa

from tools.errors import RecipeError
from tools.storage import FILE_SHIFT, ROW_LIMIT, SHARD_BYTES, Bad, Drawn, File, Loaded, Shard, Source

from .compression import Damaged, chunks
from .drawing import positions
from .records import table_of
from .remembering import key_of, recall, remember
from .shard_bytes import file_digest, spread
from .splitting import numbered

MOST_MEMBERS = 4096  # files of one shard


@dataclass(frozen=True)
class Document:
    """A row of a file: where it begins in the decoded bytes, in which line, and its values."""

    offset: int
    line: int
    values: dict[str, str]


class Unreadable(Exception):
    """The file is no row: why."""


class ManyFiles(Source):
    """A source that reads file by file; subclasses make documents of a file's bytes."""

    is_by_rows: ClassVar[bool] = True

    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """All are text."""

    @abstractmethod
    def documents(self, data: bytes, inside: str) -> Iterator[Document]:
        """The rows of one file. Raises Unreadable."""

    def shards(self, files: Sequence[File], cache: Path, shard_bytes: int = SHARD_BYTES) -> list[Shard]:
        found: list[Shard] = []
        group: list[tuple[int, File]] = []
        size = 0
        for number, file in numbered(files):
            length = _size(file)
            if group and (size + length > shard_bytes or len(group) == MOST_MEMBERS):
                found.append(_shard(group, cache))
                group, size = [], 0
            group.append((number, file))
            size += length
        return [*found, _shard(group, cache)] if group else found

    def slices(self, files: Sequence[File], cache: Path, count: int, slice_bytes: int) -> list[Shard]:
        return [_shard([one], cache) for one in spread(numbered(files), count)]

    def draw(self, files: Sequence[File], cache: Path, count: int, window: int, seed: int) -> Drawn:
        known, size = numbered(files), sum(map(_size, files))
        if size <= count * window:
            shards = self.shards(files, cache)
        else:
            average = size / len(known)
            wanted = min(len(known), max(1, round(count * window / max(average, 1.0))), MOST_MEMBERS)
            shards = [_shard([known[int(at)]], cache) for at in positions(wanted, float(len(known)), seed)]
        return Drawn(
            shards=tuple(shards),
            clusters=tuple(range(len(shards))),
            drawn=len(shards),
            total=float(len(known)),
            bytes=float(size),
            whole=size <= count * window,
        )

    def infer(self, shards: Sequence[Shard]) -> pa.Schema:
        names = self.columns()
        if len(set(names)) < len(names):
            raise RecipeError(f"the columns {', '.join(names)} are not all different; call one of them something else")
        return pa.schema([(name, pa.string()) for name in names])

    def load(self, shard: Shard, schema: pa.Schema, columns: Sequence[str] | None = None) -> Loaded:
        rows: list[Document] = []
        bads: list[Bad] = []
        for turn, file in enumerate(shard.members):
            base = turn << FILE_SHIFT
            try:
                data = _read(file)
                rows += [replace(one, offset=base + one.offset) for one in self.documents(data, file.inside)]
            except Unreadable as error:
                bads.append(Bad(offset=base, line=-1, reason=str(error), raw=_head(file), length=_size(file)))
        asked = schema if columns is None else pa.schema([schema.field(name) for name in columns if name in schema.names])
        arrays = [pa.array([one.values.get(name) for one in rows], pa.string()) for name in asked.names]
        return Loaded(
            table=table_of(arrays, asked, len(rows)),
            offset=pa.array(np.array([one.offset for one in rows], np.int64)),
            line=pa.array(np.array([one.line for one in rows], np.int64)),
            lines=0,
            bad=tuple(bads),
        )


def _shard(group: Sequence[tuple[int, File]], cache: Path) -> Shard:
    """Digested with the names: they are values of the rows."""
    first = group[0]
    members = tuple(File(path=file.path, inside=file.inside) for _, file in group)
    return Shard(path=first[1].path, inside=first[1].inside, file=first[0], start=0, stop=len(group), digest=_digest(members, cache), members=members)


def _digest(members: Sequence[File], cache: Path) -> str:
    import xxhash

    seen = "\0".join(f"{file.inside}\0{key_of(file.path)}" for file in members)
    key = str(xxhash.xxh3_128_hexdigest(f"many files\0{seen}".encode()))
    note = recall(cache, key)
    if note is None:
        told = "\0".join(f"{file.inside}\0{file_digest(file.path)}" for file in members)
        note = {"digest": xxhash.xxh3_128_hexdigest(told.encode())}
        remember(cache, key, note)
    return str(note["digest"])


def _read(file: File) -> bytes:
    """The decoded bytes. Raises Unreadable for a file that is larger than a row may be, or damaged."""
    parts, size = [], 0
    try:
        for block in chunks(file.path):
            parts.append(block)
            size += len(block)
            if size > ROW_LIMIT:
                raise Unreadable(f"larger than a row may be ({ROW_LIMIT:,} bytes)")
    except Damaged as damage:
        raise Unreadable(str(damage)) from damage
    except OSError as error:
        raise RecipeError(f"{file.path!r} cannot be read: {error}; was it moved or deleted during the run?") from error
    return b"".join(parts)


def _head(file: File) -> bytes:
    with open(file.path, "rb") as stream:
        return stream.read(ROW_LIMIT)


def _size(file: File) -> int:
    import os

    try:
        return os.stat(file.path).st_size
    except OSError as error:
        raise RecipeError(f"{file.path!r} cannot be read: {error.strerror or error}; check the path and its permissions") from error
