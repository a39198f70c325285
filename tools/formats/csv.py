"""CSV: records of fields as RFC 4180 has them, a header first."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, ClassVar

import pyarrow as pa
from pydantic import Field

from tools.contract import Card
from tools.errors import RecipeError
from tools.storage import REST, ROW_LIMIT, SHARD_BYTES, AsRead, Bad, File, Loaded, Shard

from .byte_sink import ByteSink
from .byte_source import ByteSource
from .compression import compressing, copy
from .csv_records import Rows, State, records_of
from .csv_rows import CsvReader, Kinds, fields_of
from .csv_write import header_line, lines
from .json_schema import MOST_COLUMNS
from .json_source import bad, without_broken_end, without_giants
from .records import BOM, Spans, bom_length, values_of
from .shard_bytes import read_bytes

_UNCLOSED = "a quoted field is never closed"


class Csv(ByteSource):
    """Read comma-separated values in UTF-8. A column is a number only where each value is written as numbers are written: `007` stays text.
    Quotes that RFC 4180 does not foresee mean what Python's csv module takes them for; a wrong number of fields is no row."""

    delimiter: str = Field(default=",", min_length=1, max_length=1, pattern=r"^[\x00-\x7f]$", description="What stands between fields.")
    header: bool = Field(default=True, description="Whether the first record holds the names of the columns.")

    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    card: ClassVar[Card] = Card(stage="read", exact=True, aliases=("csv", "comma separated", "spreadsheet export"), examples=())

    def finder(self) -> Rows:
        return Rows(self.delimiter)

    def kind(self) -> str:
        return f"csv{self.delimiter}"

    def shards(self, files: Sequence[File], cache: Path, shard_bytes: int = SHARD_BYTES) -> list[Shard]:
        found = super().shards(files, cache, shard_bytes)
        return self.framed(found)

    def framed(self, shards: list[Shard]) -> list[Shard]:
        heads: dict[int, bytes] = {}
        for shard in shards if self.header else ():
            if shard.file not in heads:
                heads[shard.file] = self._head_record(shard)
        return [_with_header(shard, heads[shard.file]) if self.header and shard.start else shard for shard in shards]

    def infer(self, shards: Sequence[Shard]) -> pa.Schema:
        kinds: dict[str, Kinds] = {}
        for shard in shards:
            names = self._names(shard)
            table = self.load(shard, pa.schema([(name, pa.string()) for name in names])).table
            for name in names:
                kinds.setdefault(name, Kinds()).add(table[name].combine_chunks())
        return pa.schema([(name, kind.type) for name, kind in kinds.items()])

    def load(self, shard: Shard, schema: pa.Schema, columns: Sequence[str] | None = None) -> Loaded:
        """Without the records' bytes: a record means nothing without its file's header, and the values are as they were read."""
        buffer, finder = read_bytes(shard), self.finder()
        spans, lines = records_of(buffer, finder, bom_length(buffer, shard.start))
        if shard.start == 0 and self.header:
            spans = spans.only(slice(1, None))
        spans, bads = self._sound(buffer, shard, spans, finder)
        asked = None if columns is None else [name for name in columns if name != REST]
        names = self._names(shard)
        if unknown := sorted(set(names) - set(schema.names)):
            raise RecipeError(f"{shard.inside!r}: the header names {unknown}, which no file of the sample has; check again with --scan-all")
        rows = CsvReader(names, self.delimiter, schema, asked).rows(buffer, spans, finder.irregular)
        bads += [bad(buffer, shard, spans, one.position, one.reason, one.misfit) for one in rows.refused]
        kept = spans.only(rows.kept)
        return Loaded(
            table=rows.table,
            offset=pa.array(kept.start + shard.start),
            line=pa.array(kept.line),
            lines=lines,
            bad=tuple(sorted(bads, key=lambda one: one.offset)),
        )

    def _sound(self, buffer: pa.Buffer, shard: Shard, spans: Spans, finder: Rows) -> tuple[Spans, list[Bad]]:
        spans, bads = without_broken_end(buffer, shard, spans)
        if finder.state is State.QUOTED and not bads and len(spans):
            bads = [bad(buffer, shard, spans, len(spans) - 1, shard.damaged or _UNCLOSED)]
            spans = spans.only(slice(0, -1))
        spans, giants = without_giants(buffer, shard, spans)
        return spans, [*bads, *giants]

    def _names(self, shard: Shard) -> list[str]:
        head = self._head_record(shard)
        try:
            first = fields_of(head, self.delimiter)
        except UnicodeDecodeError as error:
            raise RecipeError(f"{shard.inside!r}: the header is not UTF-8; convert the file first") from error
        names = (
            [name or f"column_{index}" for index, name in enumerate(first, 1)]
            if self.header
            else [f"column_{index}" for index in range(1, len(first) + 1)]
        )
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            raise RecipeError(f"{shard.inside!r}: the header names {twice} more than once; give each column a name of its own, or set header: false")
        if len(names) > MOST_COLUMNS:
            raise RecipeError(f"{shard.inside!r}: {len(names)} columns, at most {MOST_COLUMNS} are read; is the delimiter {self.delimiter!r} right?")
        return names

    def _head_record(self, shard: Shard) -> bytes:
        """The file's first record: at its start, or in the first piece beside this one."""
        path = shard.path if shard.seek == shard.start else str(Path(shard.path).with_name(f"{0:016x}"))
        with open(path, "rb") as file:
            data = os.pread(file.fileno(), 1 << 16, 0)
            spans = self._first(data)
            if len(spans) < 2:
                data = os.pread(file.fileno(), ROW_LIMIT, 0)
                spans = self._first(data)
        return data[int(spans.start[0]) : int(spans.stop[0])] if len(spans) else b""

    def _first(self, data: bytes) -> Spans:
        return records_of(pa.py_buffer(data), self.finder(), len(BOM) if data.startswith(BOM) else 0)[0]


class Tsv(Csv):
    """Read tab-separated values; quotes as in CSV."""

    delimiter: str = Field(default="\t", min_length=1, max_length=1, pattern=r"^[\x00-\x7f]$", description="What stands between fields.")

    suffixes: ClassVar[tuple[str, ...]] = (".tsv", ".tab")
    card: ClassVar[Card] = Card(stage="read", exact=True, aliases=("tsv", "tab separated"), examples=())


class WriteCsv(ByteSink):
    """Write comma-separated values: a header, quotes where needed, `\\n` at line ends. Null is empty, nested values are JSON text. Keys that
    a JSON source did not know (`_rest`) have no column and are not written."""

    delimiter: str = Field(default=",", min_length=1, max_length=1, pattern=r"^[\x00-\x7f]$", description="What stands between fields.")

    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    card: ClassVar[Card] = Card(stage="write", exact=True, aliases=("csv", "spreadsheet", "save as csv"), examples=())

    def finder(self) -> Rows:
        return Rows(self.delimiter)

    def piece(self, table: pa.Table, as_read: AsRead | None, target: Path) -> None:
        with target.open("wb") as file:
            for rows in lines(table, self.delimiter):
                file.write(values_of(rows))

    def join(self, pieces: Iterable[Path], schema: pa.Schema, target: BinaryIO, compression: str) -> None:
        with compressing(target, compression) as file:
            file.write(header_line(schema, self.delimiter))
            for piece in pieces:
                copy(piece, file)


class WriteTsv(WriteCsv):
    """Write tab-separated values; quotes as in CSV."""

    delimiter: str = Field(default="\t", min_length=1, max_length=1, pattern=r"^[\x00-\x7f]$", description="What stands between fields.")

    suffixes: ClassVar[tuple[str, ...]] = (".tsv", ".tab")
    card: ClassVar[Card] = Card(stage="write", exact=True, aliases=("tsv", "tab separated", "save as tsv"), examples=())


def _with_header(shard: Shard, head: bytes) -> Shard:
    """The header gives the bytes their meaning: it belongs to the digest of every shard."""
    import xxhash

    return replace(shard, digest=xxhash.xxh3_128_hexdigest(head + b"\0" + shard.digest.encode()))
