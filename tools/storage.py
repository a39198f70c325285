"""What a source and a sink are: files cut into shards, shards read into rows, rows written into pieces, pieces joined."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import Field

from .contract import Operator
from .story import Story

SHARD_BYTES = 16 << 20
ROW_LIMIT = 16 << 20
FILE_SHIFT = 43  # a row's number is its file × 2^43 + its offset
PART_BYTES = 256 << 20  # of a folder of parts: what a part holds at most, compression aside
REST = "_rest"  # JSON text of keys that the schema does not know, null where there are none


@dataclass(frozen=True, kw_only=True)
class File:
    """One input file."""

    path: str  # where it lies
    inside: str  # its name within the source, no compression suffix: what draws and the ledger know it by
    layout: str = ""  # format that its folder says it is part of, whatever its own ending says


@dataclass(frozen=True, kw_only=True)
class Shard:
    """A fixed slice of one file's decoded input, cut by the source alone."""

    path: str  # file to read: the input, or a decoded piece of it in the cache
    inside: str
    file: int  # number of the file within its source, by sorted `inside`
    start: int  # decoded byte offset or row index where its first record begins
    stop: int  # where the last one ends
    seek: int = 0  # where `start` lies in `path`: equal to `start` in a plain input, 0 in a piece of its own
    line: int = 0  # how many lines of the file lie before it
    digest: str = ""  # xxh3-128 of its bytes, hex
    damaged: str = ""  # set on the last shard of a file that ends early: why
    skip: int = 0  # rows between `seek` and `start`, where a file can be entered at few places only
    members: tuple[File, ...] = ()  # small files read as one shard: a row's offset is its file's turn among them × 2^43

    def name_at(self, offset: int) -> str:
        """The file that a row of this offset lies in."""
        return self.members[offset >> FILE_SHIFT].inside if self.members else self.inside

    def holds(self, file: int, offset: int) -> bool:
        """Whether a row of this file number within the source and this offset within the file is here."""
        if self.members:
            return self.file <= file < self.file + len(self.members)
        return file == self.file and self.start <= offset < max(self.stop, self.start + 1)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Small shards drawn at random, every record with the same chance of being in one."""

    shards: tuple[Shard, ...]
    clusters: tuple[int, ...]  # for each shard the draw that it came from: what one draw brings may be alike
    drawn: int  # how many draws there were, those without a record too
    total: float  # what they were drawn from, in the unit of a shard's `stop - start`
    bytes: float  # the same, decoded
    records: float | None = None  # how many records there are, where that is quickly counted
    heads: tuple[str, ...] = ()  # files of which only the head could be drawn from
    whole: bool = False  # these are all records there are


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A record that is no row: what the quarantine keeps of it."""

    offset: int  # decoded byte offset or row index in the file
    line: int  # counted from the shard's first line, 0 is the first; -1 where lines mean nothing
    reason: str
    raw: bytes  # its bytes, cut at ROW_LIMIT
    length: int
    misfit: str = ""  # the column whose value does not fit its type; empty for what is no record at all


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A shard in memory. Arrays have one value a row."""

    table: pa.Table  # the columns of the schema, in its order and types; large strings brought to string
    offset: pa.Array  # int64: decoded byte offset or row index in the file
    line: pa.Array  # int64, counted from the shard's first line; -1 where lines mean nothing
    lines: int  # lines in the shard, blank and bad ones too
    length: pa.Array | None = None  # int64 bytes of each record as read; none where a record has no bytes of its own
    raw: pa.Buffer | None = None  # the shard's bytes; a row's record is raw[offset - start :][:length]
    bad: tuple[Bad, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AsRead:
    """Records as they were read, so that a sink can write what no step touched byte for byte."""

    format: str  # name of the source operator: a sink uses only the format it writes itself
    records: pa.Array  # large_binary: each row's record, null where the row was born
    keys: Mapping[str, str]  # output column → key in the record
    touched: Mapping[str, pa.Array]  # output column → bool: rows whose value is no longer the record's
    whole: bool  # the output's columns are all the record's own, in its order: an untouched row is copied as it is
    options: Mapping[str, object] = field(default_factory=dict)  # parameters of the source operator


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of a folder that a sink wrote."""

    path: str  # within the folder
    rows: int
    bytes: int
    digest: str  # sha256, hex


class Source(Operator):
    """Reads files of one format. Its fields are its options."""

    suffixes: ClassVar[tuple[str, ...]] = ()  # without compression: (".jsonl", ".ndjson")

    is_by_rows: ClassVar[bool] = False  # start and stop of a shard count rows or files, not bytes

    def picks(self, files: Sequence[File]) -> Sequence[File]:
        """Those of the files that these options ask for."""
        return files

    @abstractmethod
    def shards(self, files: Sequence[File], cache: Path, shard_bytes: int = SHARD_BYTES) -> list[Shard]:
        """All shards of all files, in order. What cannot be cut in place is decoded into `cache` first (atomically; kept
        and found again by path, size, mtime and inode). Each carries the digest of its bytes."""

    @abstractmethod
    def slices(self, files: Sequence[File], cache: Path, count: int, slice_bytes: int) -> list[Shard]:
        """About `count` small shards spread over all files and offsets, at least one a file up to 1,000 files; of a
        compressed file its head. With every byte of small input when it fits."""

    @abstractmethod
    def draw(self, files: Sequence[File], cache: Path, count: int, window: int, seed: int) -> Drawn:
        """About `count` windows of about `window` decoded bytes from all files and offsets. What has to be decoded for it goes to
        `cache`, where `shards` finds it."""

    @abstractmethod
    def infer(self, shards: Sequence[Shard]) -> pa.Schema:
        """Columns and types that hold all values of these shards."""

    @abstractmethod
    def load(self, shard: Shard, schema: pa.Schema, columns: Sequence[str] | None = None) -> Loaded:
        """The shard's rows under `schema`; with `columns` only those are decoded (the others may still be checked)."""


class Sink(Operator):
    """Writes files of one format. Pieces are written in parallel, one a shard, and joined in order."""

    part_bytes: int = Field(default=PART_BYTES, ge=1, description="Of a folder of parts: bytes after which the next part begins.")
    part_rows: int | None = Field(default=None, ge=1, description="Of a folder of parts: rows of each part.")

    suffixes: ClassVar[tuple[str, ...]] = ()
    part_suffix: ClassVar[str] = ""  # of the parts in a folder; empty: the first of the suffixes
    part_folder: ClassVar[str] = ""  # where in the folder they lie
    only_folder: ClassVar[bool] = False  # it writes no single file

    def stem(self) -> str:
        """What the parts of a folder are called where they come by no port."""
        return "part"

    def describe(self, folder: Path, parts: Mapping[str, Sequence[Part]], schema: pa.Schema, story: Story | None) -> None:
        """Write what goes beside the parts (by stem) of a folder. It depends on the rows and the story alone."""

    @abstractmethod
    def piece(self, table: pa.Table, as_read: AsRead | None, target: Path) -> None:
        """Write one piece (no header)."""

    @abstractmethod
    def join(self, pieces: Iterable[Path], schema: pa.Schema, target: BinaryIO, compression: str) -> None:
        """Join pieces into one file, each as it comes; `compression`: gz, zst, bz2, xz or empty. No pieces: a valid empty file. The
        bytes depend on the rows alone, never on where one piece ends and the next begins."""

    @abstractmethod
    def sizes(self, piece: Path) -> npt.NDArray[np.int64]:
        """How many bytes each row of a piece takes, by the row alone: where a part of a folder ends depends on them."""

    @abstractmethod
    def cut(self, piece: Path, start: int, stop: int, target: Path) -> None:
        """Write some rows of a piece, by position, as a piece of their own."""
