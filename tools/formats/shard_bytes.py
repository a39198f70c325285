"""A shard's bytes, and where lines begin in a file."""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import pyarrow as pa

from tools.errors import RecipeError
from tools.storage import Shard

from .compression import CHUNK

MAP_ABOVE = 128 << 20  # a shard this large holds a giant record: it is mapped, not read
Item = TypeVar("Item")


def read_bytes(shard: Shard) -> pa.Buffer:
    """The shard's bytes; mapped when a giant record makes it too large to hold."""
    length = shard.stop - shard.start
    if not length:
        return pa.py_buffer(b"")
    try:
        with (pa.memory_map if length > MAP_ABOVE else pa.OSFile)(shard.path, "rb") as file:
            file.seek(shard.seek)
            buffer = file.read_buffer(length)
    except OSError as error:
        raise RecipeError(f"{shard.path!r} cannot be read: {error}; was it moved or deleted during the run?") from error
    if buffer.size != length:
        raise RecipeError(f"{shard.path!r} is shorter than when the run began; run again when nothing writes to it")
    return buffer


def digested(shard: Shard) -> Shard:
    """The shard with the digest of its bytes."""
    import xxhash

    return replace(shard, digest=xxhash.xxh3_128_hexdigest(read_bytes(shard)))


def file_digest(path: str) -> str:
    """xxh3-128 of all bytes of a file, hex."""
    import xxhash

    found, block = xxhash.xxh3_128(), bytearray(CHUNK >> 2)
    view = memoryview(block)
    with open(path, "rb", buffering=0) as file:
        while size := file.readinto(block):
            found.update(view[:size])
    return str(found.hexdigest())


def line_start(handle: int, position: int, size: int, reach: int) -> int | None:
    """The first line start at or after the position; nothing when there is none within reach."""
    if position == 0 or position >= size:
        return min(position, size)
    at = position - 1
    while at < min(position + reach, size):
        block = os.pread(handle, CHUNK, at)
        found = block.find(b"\n")
        if found >= 0:
            return at + found + 1
        if not block:
            break
        at += len(block)
    return size if at >= size else None


def spread(items: Sequence[Item], count: int) -> list[Item]:
    """About `count` items, evenly spread, the first among them; all when there are no more."""
    return list(items) if len(items) <= count else [items[index * len(items) // count] for index in range(count)]
