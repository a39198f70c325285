"""Plain text: a row a line or a paragraph."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Card
from tools.errors import RecipeError
from tools.storage import REST, AsRead, File, Loaded, Shard

from .byte_sink import ByteSink
from .byte_source import ByteSource, line_slices
from .compression import compressing, copy
from .json_source import bad, without_broken_end, without_giants
from .records import Spans, as_bytes, blank, bom_length, cut_out, glued, is_space, is_utf8, lines_of, table_of, values_of
from .shard_bytes import read_bytes
from .splitting import Finder, Lines, Offsets


class Text(ByteSource):
    """Read UTF-8 text. By lines each line is a row, an empty one too. A paragraph is a run of lines that are not blank; its inner line
    breaks stay. What is not UTF-8 goes to quarantine."""

    records: Literal["line", "paragraph"] = Field(default="line", description="What becomes a row.")
    column: str = Field(default="text", min_length=1, description="Name of the column that holds the text.")

    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".text")
    card: ClassVar[Card] = Card(
        stage="read", exact=True, aliases=("plain text", "one text per line", "paragraphs"), not_for=("a row a file: text_files",), examples=()
    )

    def finder(self) -> Finder:
        return Lines() if self.records == "line" else Paragraphs()

    def kind(self) -> str:
        return {"line": "lines", "paragraph": "paragraphs"}[self.records]

    def is_entered_anywhere(self) -> bool:
        return self.records == "line"

    def spread_slices(self, file: File, number: int, cache: Path, count: int, slice_bytes: int) -> list[Shard]:
        if self.records == "line":
            return line_slices(file, number, count, slice_bytes)
        return super().spread_slices(file, number, cache, count, slice_bytes)

    def infer(self, shards: Sequence[Shard]) -> pa.Schema:
        return pa.schema([(self.column, pa.string())])

    def load(self, shard: Shard, schema: pa.Schema, columns: Sequence[str] | None = None) -> Loaded:
        buffer = read_bytes(shard)
        spans, lines = self._spans(buffer, shard)
        spans, broken = without_broken_end(buffer, shard, spans)
        spans, giants = without_giants(buffer, shard, spans)
        good = np.ones(len(spans), np.bool_)
        if not is_utf8(buffer):
            good = np.array([is_utf8(cut) for cut in _each(buffer, spans)], np.bool_)
        bads = [bad(buffer, shard, spans, index, "not UTF-8") for index in np.flatnonzero(~good).tolist()]
        kept = spans.only(good)
        return Loaded(
            table=self._table(cut_out(buffer, kept.start, kept.stop, pa.large_string()), schema, columns),
            offset=pa.array(kept.start + shard.start),
            line=pa.array(kept.line),
            lines=lines,
            length=pa.array(kept.stop - kept.start),
            raw=buffer,
            bad=tuple(sorted([*giants, *broken, *bads], key=lambda one: one.offset)),
        )

    def _table(self, texts: pa.Array, schema: pa.Schema, columns: Sequence[str] | None) -> pa.Table:
        has = {self.column: texts.cast(pa.string())}
        asked = pa.schema([schema.field(name) for name in columns if name != REST]) if columns is not None else schema
        return table_of([has.get(one.name, pa.nulls(len(texts), one.type)) for one in asked], asked, len(texts))

    def _spans(self, buffer: pa.Buffer, shard: Shard) -> tuple[Spans, int]:
        data, skip = as_bytes(buffer), bom_length(buffer, shard.start)
        spans, lines = lines_of(data, skip)
        if self.records == "line":
            return spans, lines
        filled = ~blank(data, spans)
        before, after = np.append(False, filled[:-1]), np.append(filled[1:], False)
        first, last = np.flatnonzero(filled & ~before), np.flatnonzero(filled & ~after)
        return Spans(spans.start[first], spans.stop[last], spans.line[first]), lines


class WriteText(ByteSink):
    """Write one column of text, a row a line. A line break within a text becomes a space; null is an empty line."""

    column: str = Field(default="text", min_length=1, description="Name of the column to write.")

    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".text")
    card: ClassVar[Card] = Card(stage="write", exact=True, aliases=("plain text", "one text per line", "save as txt"), examples=())

    def finder(self) -> Finder:
        return Lines()

    def piece(self, table: pa.Table, as_read: AsRead | None, target: Path) -> None:
        if self.column not in table.column_names:
            raise RecipeError(f"write_text: no column {self.column!r} among {table.column_names}; name one of them as `column`")
        with target.open("wb") as file:
            for chunk in self._texts(table, as_read):
                flat = pc.replace_substring_regex(pc.fill_null(chunk, ""), "\r\n|\r|\n", " ")
                file.write(values_of(glued(flat.cast(pa.large_binary()), b"\n")))

    def _texts(self, table: pa.Table, as_read: AsRead | None) -> list[pa.Array]:
        texts = table[self.column].cast(pa.large_string())
        if as_read is None or as_read.format != "text" or self.column not in as_read.keys:
            return list(texts.chunks)
        read = pc.is_valid(as_read.records)  # what no step touched is the record, and the table need not hold it
        copied = pc.and_(read, pc.invert(as_read.touched[self.column])) if self.column in as_read.touched else read
        return [pc.if_else(copied, as_read.records.cast(pa.large_string()), texts.combine_chunks())]

    def join(self, pieces: Iterable[Path], schema: pa.Schema, target: BinaryIO, compression: str) -> None:
        with compressing(target, compression) as file:
            for piece in pieces:
                copy(piece, file)


class Paragraphs:
    """A shard may start after any blank line: whether the next one is blank too is not known there yet."""

    def __init__(self) -> None:
        self._filled = False  # the line that the block before did not end

    def starts(self, block: bytes, base: int) -> Offsets:
        data = np.frombuffer(block, np.uint8)
        breaks = np.flatnonzero(data == ord("\n"))
        seen = np.append(0, np.cumsum(~is_space(data)))
        in_line = np.diff(seen[np.append(0, breaks)]) if len(breaks) else np.empty(0, np.int64)
        if len(breaks):
            in_line[0] += self._filled
        rest = int(seen[-1] - seen[breaks[-1]]) if len(breaks) else int(seen[-1]) + self._filled
        self._filled = rest > 0
        found: Offsets = breaks[in_line == 0] + (base + 1)
        return found


def _each(buffer: pa.Buffer, spans: Spans) -> list[pa.Buffer]:
    return [buffer.slice(start, stop - start) for start, stop in zip(spans.start.tolist(), spans.stop.tolist(), strict=True)]
