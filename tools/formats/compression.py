"""Compressed files: decoded in bounded chunks, every byte before a damage included; written as one member a piece."""

import bz2
import lzma
import os
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from tools.errors import RecipeError

SUFFIXES = {".gz": "gz", ".zst": "zst", ".bz2": "bz2", ".xz": "xz"}
CHUNK = 1 << 20
MEMBER = 4 << 20  # decoded bytes of a member that is written
BOMB_BYTES = 1 << 30  # a bomb gives more than this ...
BOMB_RATIO = 1000  # ... and more than this for every byte read; plain text stays below 100
XZ_MEMORY = 512 << 20
_FEED = {"gz": 1 << 16, "bz2": 1 << 16, "xz": 1 << 16, "zst": 1 << 10}  # zstd cannot bound its output: 1 kB in is 32 MB out at most
_LEVEL_ZSTD = 3


class Damaged(Exception):
    """A compressed file ends early or is corrupt; all bytes before the damage have been given."""


class Decoder(Protocol):
    """One member or frame, its output bounded."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def hungry(self) -> bool: ...
    def decode(self, data: bytes) -> bytes: ...


def compression_of(path: str | Path) -> str:
    """`gz`, `zst`, `bz2`, `xz` by the file's ending, or empty."""
    return SUFFIXES.get(Path(path).suffix.lower(), "")


def chunks(path: str) -> Iterator[bytes]:
    """The file's decoded bytes. Raises Damaged after the last good byte, RecipeError for a decompression bomb."""
    compression = compression_of(path)
    if not compression:
        yield from _plain(path)
        return
    good, consumed = 0, 0
    try:
        for chunk, consumed in _decoded(path, compression):
            good += len(chunk)
            _refuse_bomb(path, good, consumed)
            yield chunk
    except _errors(compression) as error:
        if not isinstance(error, EOFError):  # nothing is held back at the end
            yield from _last_bytes(path, compression, good, consumed)
        raise Damaged(f"the {compression} data is damaged after {consumed} compressed bytes: {str(error) or 'it ends early'}") from error


class Writable(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> object: ...


@contextmanager
def compressing(target: BinaryIO, compression: str) -> Iterator[Writable]:
    """A file to write to, compressed on its way to `target`: the bytes depend on what is written, not on how it is cut."""
    if not compression:
        yield target
        return
    with ThreadPoolExecutor(threads()) as pool:
        blocks = _Blocks(target, _encoder(compression), pool)
        yield blocks
        blocks.close()


def copy(source: Path, target: Writable) -> None:
    """Append a file's bytes."""
    with source.open("rb") as stream:
        while part := stream.read(CHUNK):
            target.write(part)


class _Blocks:
    """Every few MB become a member of their own, several of them at a time."""

    def __init__(self, target: BinaryIO, encode: Callable[[bytes], bytes], threads: ThreadPoolExecutor) -> None:
        self._target, self._encode, self._threads = target, encode, threads
        self._held = bytearray()
        self._waiting = deque[Future[bytes]]()
        self._is_empty = True

    def write(self, data: bytes, /) -> None:
        self._held += data
        while len(self._held) >= MEMBER:
            self._submit(bytes(self._held[:MEMBER]))
            del self._held[:MEMBER]

    def close(self) -> None:
        if self._held or self._is_empty:  # nothing at all is one empty member
            self._submit(bytes(self._held))
        while self._waiting:
            self._target.write(self._waiting.popleft().result())

    def _submit(self, data: bytes) -> None:
        self._is_empty = False
        self._waiting.append(self._threads.submit(self._encode, data))
        if len(self._waiting) > 2 * threads():
            self._target.write(self._waiting.popleft().result())


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def hungry(self) -> bool:
        return not self._inner.unconsumed_tail

    def decode(self, data: bytes) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, CHUNK)


class _Block:
    """bz2 and xz."""

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner = inner

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def hungry(self) -> bool:
        return self._inner.needs_input

    def decode(self, data: bytes) -> bytes:
        return self._inner.decompress(data, CHUNK)


class _Zstd:
    hungry = True

    def __init__(self) -> None:
        import zstandard

        self._inner = zstandard.ZstdDecompressor().decompressobj()

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decode(self, data: bytes) -> bytes:
        return self._inner.decompress(data) if data else b""


def _decoder(compression: str) -> Decoder:
    if compression == "gz":
        return _Gzip()
    if compression == "zst":
        return _Zstd()
    return _Block(bz2.BZ2Decompressor() if compression == "bz2" else lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY))


def threads() -> int:
    """How many threads may work at once: the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _encoder(compression: str) -> Callable[[bytes], bytes]:
    if compression == "gz":
        return lambda data: zlib.compress(data, 6, 31)  # zlib writes mtime 0
    if compression == "zst":
        import zstandard

        return lambda data: bytes(zstandard.ZstdCompressor(level=_LEVEL_ZSTD).compress(data))  # one of its own: they serve no two threads
    if compression == "bz2":
        return bz2.compress
    if compression == "xz":
        return lambda data: lzma.compress(data, preset=3)
    raise RecipeError(f"no compression {compression!r}: use one of {', '.join(SUFFIXES.values())}")


def _errors(compression: str) -> tuple[type[Exception], ...]:
    errors: tuple[type[Exception], ...] = (zlib.error, OSError, EOFError, lzma.LZMAError)
    if compression == "zst":
        import zstandard

        return (*errors, zstandard.ZstdError)
    return errors


def _plain(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _decoded(path: str, compression: str, fine_from: int | None = None) -> Iterator[tuple[bytes, int]]:
    """Decoded chunks, each with the compressed bytes fed before it; byte by byte from `fine_from` on."""
    with open(path, "rb") as file:
        decoder: Decoder | None = None
        fed = 0
        while data := file.read(_feed(compression, fed, fine_from)):
            before, rest = fed, data
            fed += len(data)
            while rest:
                if decoder is None:
                    rest = rest.lstrip(b"\0")  # padding between members
                    if not rest:
                        break
                    decoder = _decoder(compression)
                chunk, rest = decoder.decode(rest), b""
                while chunk or not (decoder.hungry or decoder.eof):
                    yield chunk, before
                    chunk = b"" if decoder.eof or decoder.hungry else decoder.decode(b"")
                if decoder.eof:
                    rest, decoder = decoder.unused_data, None
        if decoder is not None:
            raise EOFError("it ends early")


def _feed(compression: str, fed: int, fine_from: int | None) -> int:
    if fine_from is None:
        return _FEED[compression]
    return 1 if fed >= fine_from else min(_FEED[compression], fine_from - fed)


def _last_bytes(path: str, compression: str, good: int, consumed: int) -> Iterator[bytes]:
    """What the decoder held back when it failed: decoded again, byte by byte from the feed that failed."""
    seen = 0
    try:
        for chunk, _ in _decoded(path, compression, consumed):
            if seen + len(chunk) > good:
                yield chunk[max(good - seen, 0) :]
            seen += len(chunk)
    except _errors(compression):
        return


def _refuse_bomb(path: str, given: int, consumed: int) -> None:
    if given > BOMB_BYTES and given > BOMB_RATIO * max(consumed, 1):
        raise RecipeError(
            f"{path!r}: {given} bytes came out of {consumed} compressed ones, more than {BOMB_RATIO} for one: "
            "it looks like a decompression bomb; decompress it by hand if it is meant"
        )
