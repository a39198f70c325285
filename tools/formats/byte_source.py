"""What the sources over bytes share: shards and slices of files, and a shard's bytes."""

import os
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tools.errors import RecipeError
from tools.storage import ROW_LIMIT, SHARD_BYTES, Drawn, File, Shard, Source

from .compression import CHUNK, compression_of
from .drawing import draw
from .shard_bytes import digested, line_start, read_bytes, spread
from .splitting import Finder, Layout, Offsets, numbered, shards_of

MOST_FILES = 1000  # of more files a sample looks into this many


class ByteSource(Source):
    """A source whose rows are runs of bytes; subclasses say where they start."""

    @abstractmethod
    def finder(self) -> Finder: ...

    def kind(self) -> str:
        """Names the cuts: sources of one kind cut alike."""
        return type(self).__name__

    def shards(self, files: Sequence[File], cache: Path, shard_bytes: int = SHARD_BYTES) -> list[Shard]:
        layout = Layout(self.kind(), self.finder, shard_bytes)
        return [shard for number, file in numbered(files) for shard in shards_of(file, number, cache, layout)]

    def slices(self, files: Sequence[File], cache: Path, count: int, slice_bytes: int) -> list[Shard]:
        chosen = spread(numbered(files), MOST_FILES)
        sizes = [_size(file.path) for _, file in chosen]
        total = max(sum(sizes), 1)
        found: list[Shard] = []
        for (number, file), size in zip(chosen, sizes, strict=True):
            share = max(1, round(count * size / total))
            if compression_of(file.path):
                found += shards_of(file, number, cache, Layout(self.kind(), self.finder, slice_bytes, share))
            elif size <= share * slice_bytes:
                found += shards_of(file, number, cache, Layout(self.kind(), self.finder, slice_bytes))
            else:
                found += self.spread_slices(file, number, cache, share, slice_bytes)
        return found

    def draw(self, files: Sequence[File], cache: Path, count: int, window: int, seed: int) -> Drawn:
        return draw(self, files, cache, count, window, seed)

    def is_entered_anywhere(self) -> bool:
        """Whether records begin after line breaks and nowhere else, so that a plain file need not be read from its start."""
        return False

    def framed(self, shards: list[Shard]) -> list[Shard]:
        """Shards whose digests cover all that gives their bytes a meaning."""
        return shards

    def spread_slices(self, file: File, number: int, cache: Path, count: int, slice_bytes: int) -> list[Shard]:
        """Slices of a large plain file that cannot be entered just anywhere: heads of its shards."""
        cuts = spread(shards_of(file, number, cache, Layout(self.kind(), self.finder, SHARD_BYTES)), count)
        each = slice_bytes * max(1, count // max(len(cuts), 1))
        return [self._head(cut, each) for cut in cuts]

    def _head(self, shard: Shard, length: int) -> Shard:
        window = replace(shard, stop=min(shard.stop, shard.start + length + ROW_LIMIT))
        after = self._starts(window, shard.start + length)
        within = after[after <= shard.start + length]
        stop = int(within[-1]) if len(within) else int(after[0]) if len(after) else shard.stop
        return digested(replace(shard, stop=stop, damaged=shard.damaged if stop == shard.stop else ""))

    def _starts(self, window: Shard, until: int) -> Offsets:
        """Where records start in the window, its own start apart, up to the first that lies behind `until`."""
        data, finder, found = read_bytes(window), self.finder(), np.empty(0, np.int64)
        for at in range(0, data.size, CHUNK):
            starts = finder.starts(data[at : at + CHUNK].to_pybytes(), window.start + at)
            found = np.append(found, starts[starts > window.start])
            if len(found) and found[-1] > until:
                break
        return found


def line_slices(file: File, number: int, count: int, slice_bytes: int) -> list[Shard]:
    """Slices of a plain file of lines, evenly spread: each begins after a line break and ends with one. What comes before is not read,
    so their lines are not known."""
    size, found, last = _size(file.path), list[Shard](), 0
    with open(file.path, "rb") as stream:
        for index in range(count):
            start = line_start(stream.fileno(), max(index * size // count, last), size, ROW_LIMIT)
            if start is None or start >= size:
                continue
            stop = line_start(stream.fileno(), min(start + slice_bytes, size), size, ROW_LIMIT if found else size)
            if stop is not None:
                found.append(digested(Shard(path=file.path, inside=file.inside, file=number, start=start, stop=stop, seek=start)))
                last = stop
    return found


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError as error:
        raise RecipeError(f"{path!r} cannot be read: {error.strerror or error}; check the path and its permissions") from error
