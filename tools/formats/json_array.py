"""JSON: a file that holds one array of objects, one object, or objects one after the other."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tools.contract import Card
from tools.storage import AsRead, Shard

from .byte_sink import ByteSink
from .compression import compressing, copy
from .json_source import Found, JsonSource, bad, without_giants
from .json_spans import depth_steps, marks_outside, real_quotes
from .json_write import objects
from .records import BLANK, BOM, Spans, as_bytes, bom_length, places
from .splitting import Finder, Offsets

_WINDOW = 4 << 20
_BETWEEN = BLANK + b",[]"
_NEXT = b",\n"
_STRAY = "not a JSON object"
_UNCLOSED = "the file ends within this record: a quote or bracket is never closed"


class JsonArray(JsonSource):
    """Read a JSON array of objects, a single object, or objects one after the other. The file is never parsed as a whole; what stands
    between records must be commas and space, anything else there goes to quarantine."""

    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    card: ClassVar[Card] = Card(stage="read", exact=True, aliases=("json", "json array", "list of objects"), examples=())

    def finder(self) -> Finder:
        return Elements()

    def records(self, buffer: pa.Buffer, shard: Shard) -> Found:
        data, elements = as_bytes(buffer), Elements()
        first = bom_length(buffer, shard.start)
        parts = [elements.feed(data[at : at + _WINDOW].tobytes(), shard.start + at) for at in range(first, len(data), _WINDOW)]
        start = np.concatenate([part[0] for part in parts] or [np.empty(0, np.int64)]) - shard.start
        stop = np.concatenate([part[1] for part in parts] or [np.empty(0, np.int64)]) - shard.start
        broken = start[len(stop) :]
        start = start[: len(stop)]
        breaks = places(data, ord("\n"))
        strays = _strays(buffer, np.append(first, stop), np.append(start, broken[0] if len(broken) else len(data)))
        bads = [bad(buffer, shard, _span(at, end, breaks), 0, _STRAY) for at, end in strays]
        bads += [bad(buffer, shard, _span(int(at), len(data), breaks), 0, shard.damaged or _UNCLOSED) for at in broken]
        spans, giants = without_giants(buffer, shard, Spans(start, stop, np.searchsorted(breaks, start)))
        return Found(spans, [*bads, *giants], len(breaks))


class WriteJson(ByteSink):
    """Write one JSON array, a row a line. A row that no step touched is written as it was read."""

    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    card: ClassVar[Card] = Card(stage="write", exact=True, aliases=("json", "json array", "save as json"), examples=())

    def finder(self) -> Finder:
        return Elements()

    def sizes(self, piece: Path) -> npt.NDArray[np.int64]:
        sizes = super().sizes(piece)
        sizes[-1:] += len(_NEXT)  # what stands between two rows counts for each: where a piece ends must not show
        return sizes

    def cut(self, piece: Path, start: int, stop: int, target: Path) -> None:
        super().cut(piece, start, stop, target)
        with target.open("rb+") as file:
            file.seek(-len(_NEXT), os.SEEK_END)
            if file.read() == _NEXT:  # a row ends in a bracket
                file.truncate(file.tell() - len(_NEXT))

    def piece(self, table: pa.Table, as_read: AsRead | None, target: Path) -> None:
        own = as_read if as_read is not None and as_read.format == "json" else None
        with target.open("wb") as file:
            between = b""
            for rows in objects(table, own):
                for row in rows.to_pylist():
                    file.write(between)
                    file.write(row)
                    between = _NEXT

    def join(self, pieces: Iterable[Path], schema: pa.Schema, target: BinaryIO, compression: str) -> None:
        with compressing(target, compression) as file:
            between = b"[\n"
            for piece in pieces:
                if piece.stat().st_size:
                    file.write(between)
                    copy(piece, file)
                    between = _NEXT
            file.write(b"[]\n" if between == b"[\n" else b"\n]\n")


class Elements:
    """Finds the elements of the array, or the objects in a row, by quotes and depth."""

    def __init__(self) -> None:
        self.is_array = False
        self._begun = False  # something else than space has come
        self._at_start = False  # of the file
        self._escaping = False  # the block before ended in a backslash that escapes what follows
        self._inside = 0  # 1 within a string
        self._depth = 0
        self._top = 0  # depth between records

    def starts(self, block: bytes, base: int) -> Offsets:
        return self.feed(block, base)[0]

    def feed(self, block: bytes, base: int) -> tuple[Offsets, Offsets]:
        """Where records start and stop in this block."""
        if not self._begun:
            self._begin(block, base)
        prefix = b"\\" if self._escaping else b""
        data = np.frombuffer(prefix + block, np.uint8)
        base -= len(prefix)
        quotes = real_quotes(data)
        marks = marks_outside(data, quotes, self._inside)
        depth, mark = depth_steps(data, marks) + self._depth, data[marks]
        opens = ((mark == ord("{")) | (mark == ord("["))) & (depth == self._top + 1)
        closes = ((mark == ord("}")) | (mark == ord("]"))) & (depth == self._top)
        self._depth = int(depth[-1]) if len(depth) else self._depth
        self._inside = (self._inside + len(quotes)) % 2
        tail = len(data) - len(data.tobytes().rstrip(b"\\"))
        self._escaping = tail % 2 == 1
        return marks[opens] + base, marks[closes] + base + 1

    def _begin(self, block: bytes, base: int) -> None:
        self._at_start = self._at_start or base <= len(BOM)
        bare = block.removeprefix(BOM).lstrip(BLANK)
        if bare:
            self._begun = True
            self.is_array = self._at_start and bare.startswith(b"[")
            self._top = int(self.is_array)


def _strays(buffer: pa.Buffer, start: Offsets, stop: Offsets) -> list[tuple[int, int]]:
    """What stands between records and is neither space nor a comma nor the array's brackets."""
    found = []
    for at, end in zip(start.tolist(), stop.tolist(), strict=True):
        gap = buffer.slice(at, end - at).to_pybytes() if end > at else b""
        if bare := gap.strip(_BETWEEN):
            begin = at + gap.index(bare)
            found.append((begin, begin + len(bare)))
    return found


def _span(start: int, stop: int, breaks: Offsets) -> Spans:
    return Spans(np.array([start]), np.array([stop]), np.searchsorted(breaks, np.array([start])))
