"""Plain files of lines cut into shards: a cut is looked for where it must be, what lies between two of them is read by several threads."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from .compression import CHUNK, threads
from .cut import Cut
from .shard_bytes import line_start


def line_cuts(path: str, shard_bytes: int, limit: int | None) -> Iterator[Cut]:
    """As one pass over the file would cut it: each shard ends with the first line break at or behind a multiple of the size."""
    with open(path, "rb") as file, ThreadPoolExecutor(threads()) as pool:
        handle = file.fileno()
        bounds = _bounds(handle, os.fstat(handle).st_size, shard_bytes, limit)
        line = 0
        for (start, stop), (digest, breaks) in zip(pairwise(bounds), pool.map(lambda both: _facts(handle, *both), pairwise(bounds)), strict=True):
            yield Cut(start, stop, line, digest)
            line += breaks


def _bounds(handle: int, size: int, shard_bytes: int, limit: int | None) -> list[int]:
    found = [0]
    while found[-1] < size and (limit is None or len(found) <= limit):
        start = line_start(handle, (found[-1] // shard_bytes + 1) * shard_bytes, size, size)
        found.append(size if start is None else start)
    return found


def _facts(handle: int, start: int, stop: int) -> tuple[str, int]:
    """The digest of these bytes, and how many line breaks they have."""
    import xxhash

    hashing, breaks = xxhash.xxh3_128(), 0
    block, is_break = bytearray(CHUNK), np.empty(CHUNK, np.bool_)
    view, values = memoryview(block), np.frombuffer(block, np.uint8)
    while start < stop:
        size = os.preadv(handle, [view[: stop - start]], start)
        if not size:
            break  # it got shorter; who asked looks whether it changed
        hashing.update(view[:size])
        breaks += int(np.count_nonzero(np.equal(values[:size], ord("\n"), out=is_break[:size])))
        start += size
    return hashing.hexdigest(), breaks
