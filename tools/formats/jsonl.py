"""JSON Lines: one object a line."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, ClassVar

import pyarrow as pa

from tools.contract import Card
from tools.storage import AsRead, File, Shard

from .byte_sink import ByteSink
from .byte_source import line_slices
from .compression import compressing, copy
from .json_source import Found, JsonSource, without_broken_end, without_giants
from .json_write import objects, write_lines
from .records import as_bytes, blank, bom_length, lines_of
from .splitting import Finder, Lines


class Jsonl(JsonSource):
    """Read JSON Lines, plain or compressed. Blank lines are passed over; a line that is no JSON object goes to quarantine."""

    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")
    card: ClassVar[Card] = Card(stage="read", exact=True, aliases=("json lines", "ndjson", "one object per line"), examples=())

    def finder(self) -> Finder:
        return Lines()

    def kind(self) -> str:
        return "lines"

    def is_entered_anywhere(self) -> bool:
        return True

    def spread_slices(self, file: File, number: int, cache: Path, count: int, slice_bytes: int) -> list[Shard]:
        return line_slices(file, number, count, slice_bytes)

    def records(self, buffer: pa.Buffer, shard: Shard) -> Found:
        data = as_bytes(buffer)
        spans, lines = lines_of(data, bom_length(buffer, shard.start))
        spans, broken = without_broken_end(buffer, shard, spans)
        spans, giants = without_giants(buffer, shard, spans)
        return Found(spans.only(~blank(data, spans)), [*giants, *broken], lines)


class WriteJsonl(ByteSink):
    """Write JSON Lines, compact UTF-8. A row that no step touched is written byte for byte as it was read."""

    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")
    card: ClassVar[Card] = Card(stage="write", exact=True, aliases=("json lines", "ndjson", "save as jsonl"), examples=())

    def finder(self) -> Finder:
        return Lines()

    def piece(self, table: pa.Table, as_read: AsRead | None, target: Path) -> None:
        own = as_read if as_read is not None and as_read.format == "jsonl" else None
        with target.open("wb") as file:
            for rows in objects(table, own):
                write_lines(rows, b"\n", file)

    def join(self, pieces: Iterable[Path], schema: pa.Schema, target: BinaryIO, compression: str) -> None:
        with compressing(target, compression) as file:
            for piece in pieces:
                copy(piece, file)
