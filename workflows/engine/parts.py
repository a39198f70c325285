"""Parts of a folder: pieces of an output cut at rows that neither shards nor workers have a say in, and joined part by part."""

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pyarrow as pa

from tools.storage import Part, Sink

from ..graph import Output
from .digested import Digested


def write_parts(output: Output, pieces: Iterable[Path], schema: pa.Schema, folder: Path) -> list[Part]:
    """Write the parts of one output into a folder; those of no rows are one part without rows. Their names say how many there are."""
    place = folder / output.sink.part_folder
    place.mkdir(parents=True, exist_ok=True)
    counted = _Counted(output.sink)
    made: list[tuple[Path, int, str]] = []
    for number, group in groupby(counted.cuts(pieces, place), key=itemgetter(0)):
        made.append(_written(output, (piece for _, piece in group), schema, place / f".{output.part}-{number:05d}"))
    if not made:
        made.append(_written(output, [], schema, place / f".{output.part}-00000"))
    found: list[Part] = []
    for number, (path, size, digest) in enumerate(made):
        named = path.with_name(f"{output.part}-{number:05d}-of-{len(made):05d}{_ending(output)}")
        os.replace(path, named)
        rows = counted.rows[number] if counted.rows else 0
        found.append(Part(path=str(named.relative_to(folder)), rows=rows, bytes=size, digest=digest))
    return found


def _ending(output: Output) -> str:
    suffix = output.sink.part_suffix or next(iter(output.sink.suffixes), "")
    return f"{suffix}.{output.compression}" if output.compression else suffix


def _written(output: Output, pieces: Iterable[Path], schema: pa.Schema, path: Path) -> tuple[Path, int, str]:
    with Digested(path) as file:
        output.sink.join(pieces, schema, cast(BinaryIO, file), output.compression)
        file.sync()
        return path, file.tell(), file.hexdigest()


class _Counted:
    """Counts rows and bytes from the first row on, and says where each part ends: before the row that would make it too large."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._bytes = 0  # of the part that is being filled
        self.rows: list[int] = []

    def cuts(self, pieces: Iterable[Path], scratch: Path) -> Iterator[tuple[int, Path]]:
        """Whole pieces and cuts of pieces, each with the number of its part."""
        for piece in pieces:
            ends, first = np.append(np.int64(0), np.cumsum(self._sink.sizes(piece))), 0
            last = len(ends) - 1
            while first < last:
                stop = self._fits(ends, first)
                self.rows[-1] += stop - first
                self._bytes += int(ends[stop] - ends[first])
                number = len(self.rows) - 1
                if (first, stop) == (0, last):
                    yield number, piece
                else:
                    cut = scratch / f".{number:05d}-{first}.cut"
                    self._sink.cut(piece, first, stop, cut)
                    yield number, cut
                    cut.unlink()
                first = stop

    def _fits(self, ends: "np.ndarray[tuple[int], np.dtype[np.int64]]", first: int) -> int:
        """How far the piece goes into the part; a new part is begun where not one more row does."""
        for _ in range(2):
            if self.rows:
                stop = int(np.searchsorted(ends, ends[first] + self._sink.part_bytes - self._bytes, "right")) - 1
                stop = max(stop, first if self.rows[-1] else first + 1)  # a row larger than a part is one of its own
                if self._sink.part_rows is not None:
                    stop = min(stop, first + self._sink.part_rows - self.rows[-1])
                if stop > first:
                    return stop
            self.rows.append(0)
            self._bytes = 0
        return first + 1
