"""Windows of records drawn at random over all files and offsets, every record with the same chance of being in one."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Protocol

import numpy as np

from tools.storage import ROW_LIMIT, SHARD_BYTES, Drawn, File, Shard

from .compression import compression_of
from .remembering import key_of
from .shard_bytes import digested, line_start, read_bytes
from .splitting import Finder, Layout, numbered, shards_of

DECODED_BYTES = 64 << 20  # a compressed file up to this size is decoded (the run needs it decoded too), of a larger one only the head
COUNTED_BYTES = 1 << 30  # lines of input up to this size are counted
PACKING = 3.0  # how much larger a compressed file is taken to be than its bytes
MOST_SHARDS = 24  # that are searched for the starts of their records; of more, some are drawn and several windows from each


class Cuttable(Protocol):
    """What is asked of a source whose rows are runs of bytes."""

    def kind(self) -> str: ...
    def finder(self) -> Finder: ...
    def is_entered_anywhere(self) -> bool: ...
    def framed(self, shards: list[Shard]) -> list[Shard]: ...
    def shards(self, files: Sequence[File], cache: Path, shard_bytes: int = ...) -> list[Shard]: ...


@dataclass(frozen=True)
class Part:
    """A stretch of input that windows are drawn from: a plain file of lines, entered anywhere, or a shard."""

    file: File
    number: int
    length: int
    shard: Shard | None = None


def positions(count: int, total: float, seed: int) -> list[float]:
    """One position drawn from each of `count` equal stretches of [0, total)."""
    draw = np.random.default_rng([seed & (1 << 63) - 1, count])
    return [float(one) for one in (np.arange(count) + draw.random(count)) * (total / max(count, 1))]


def places(lengths: Sequence[int], count: int, clusters: int, seed: int) -> dict[int, list[tuple[int, int]]]:
    """Where windows begin, part by part: (offset within the part, cluster). With fewer clusters than windows, parts are drawn by
    their length and several windows from each."""
    ends = list(accumulate(lengths))
    wanted: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for cluster, position in enumerate(positions(clusters, ends[-1] if ends else 0, seed)):
        number = min(bisect_right(ends, position), len(ends) - 1)
        if clusters == count:
            wanted[number].append((int(position) - (ends[number] - lengths[number]), cluster))
        else:
            wanted[number] += [(int(at), cluster) for at in positions(-(-count // clusters), lengths[number], seed + cluster + 1)]
    return {number: sorted(chosen) for number, chosen in sorted(wanted.items())}


def draw(source: Cuttable, files: Sequence[File], cache: Path, count: int, window: int, seed: int) -> Drawn:
    """About `count` windows of about `window` bytes; all of an input that is no larger than that."""
    parts, packed = _parts(source, files, cache)
    inside = sum(part.length for part in parts)
    total = inside + sum(PACKING * size for _, _, size in packed)
    if not packed and inside <= count * window:
        shards = tuple(source.shards(files, cache))
        return Drawn(shards=shards, clusters=tuple(range(len(shards))), drawn=len(shards), total=float(inside), bytes=float(inside), whole=True)
    here = max(1, round(count * inside / total)) if inside else 0
    found = list(_windows(source, parts, here, window, seed))
    clusters = len({cluster for cluster, _ in found} | set(range(_clusters(parts, here))))
    for number, file, size in packed:
        limit = max(1, round(count * PACKING * size / total))
        for shard in shards_of(file, number, cache, Layout(source.kind(), source.finder, window, limit)):
            found.append((clusters, shard))
            clusters += 1
    return Drawn(
        shards=tuple(source.framed([shard for _, shard in found])),
        clusters=tuple(cluster for cluster, _ in found),
        drawn=clusters,
        total=float(total),
        bytes=float(total),
        records=float(sum(map(_lines, parts))) if not packed and source.is_entered_anywhere() and inside <= COUNTED_BYTES else None,
        heads=tuple(file.inside for _, file, _ in packed),
    )


def _parts(source: Cuttable, files: Sequence[File], cache: Path) -> tuple[list[Part], list[tuple[int, File, int]]]:
    """What can be entered, and the compressed files that are too large for it."""
    parts: list[Part] = []
    packed: list[tuple[int, File, int]] = []
    for number, file in numbered(files):
        key_of(file.path)  # says so when it cannot be read
        size = Path(file.path).stat().st_size
        if compression_of(file.path) and size > DECODED_BYTES:
            packed.append((number, file, size))
        elif not compression_of(file.path) and source.is_entered_anywhere():
            parts.append(Part(file, number, size))
        else:
            layout = Layout(source.kind(), source.finder, SHARD_BYTES)
            parts += [Part(file, number, shard.stop - shard.start, shard) for shard in shards_of(file, number, cache, layout)]
    return parts, packed


def _lines(part: Part) -> int:
    path, start = (part.file.path, 0) if part.shard is None else (part.shard.path, part.shard.seek)
    found, left, last = 0, part.length, b"\n"
    with open(path, "rb") as file:
        file.seek(start)
        while left and (block := file.read(min(left, 1 << 20))):
            found, left, last = found + block.count(b"\n"), left - len(block), block[-1:]
    return found + (last != b"\n")


def _clusters(parts: Sequence[Part], count: int) -> int:
    return count if sum(part.shard is not None for part in parts) <= MOST_SHARDS else min(count, MOST_SHARDS)


def _windows(source: Cuttable, parts: Sequence[Part], count: int, window: int, seed: int) -> Iterator[tuple[int, Shard]]:
    """(cluster, window), in the order of the input, no record twice."""
    if sum(part.length for part in parts):
        for number, chosen in places([part.length for part in parts], count, _clusters(parts, count), seed).items():
            yield from _cut(source, parts[number], chosen, window)


def _cut(source: Cuttable, part: Part, chosen: list[tuple[int, int]], window: int) -> Iterator[tuple[int, Shard]]:
    """The records that begin within each window."""
    if part.shard is None:
        whole = Shard(path=part.file.path, inside=part.file.inside, file=part.number, start=0, stop=part.length)
        with open(part.file.path, "rb") as stream:
            bounds = [tuple(line_start(stream.fileno(), at, part.length, ROW_LIMIT) or 0 for at in (o, o + window)) for o, _ in chosen]
    else:
        whole = part.shard
        found = source.finder().starts(read_bytes(whole).to_pybytes(), whole.start)
        starts = np.concatenate([[whole.start], found[found < whole.stop], [whole.stop]]).astype(np.int64)
        edges = whole.start + np.array([(offset, offset + window) for offset, _ in chosen])
        bounds = [tuple(pair) for pair in starts[np.searchsorted(starts, edges).clip(0, len(starts) - 1)].tolist()]
    last = whole.start
    for (start, stop), (_, cluster) in zip(bounds, chosen, strict=True):
        start = max(start, last)
        if start < stop:
            damaged = whole.damaged if stop == whole.stop else ""
            yield cluster, digested(replace(whole, start=start, stop=stop, seek=whole.seek + start - whole.start, damaged=damaged))
            last = stop
