"""Files of bytes cut into shards: one sequential pass finds where records start, decodes and digests; the cuts are remembered."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import numpy as np
import numpy.typing as npt

from tools.errors import RecipeError
from tools.storage import File, Shard

from .compression import Damaged, chunks, compression_of
from .cut import Cut
from .line_cuts import line_cuts
from .remembering import folder_of, key_of, new_folder, recall, remember

Offsets = npt.NDArray[np.int64]


class Finder(Protocol):
    """Finds record starts in a stream of blocks; keeps what it must know from block to block."""

    def starts(self, block: bytes, base: int) -> Offsets:
        """Starts within (base, base + len(block)], ascending; `base`: the block's offset in the file."""


class Lines:
    """A record starts after each line break."""

    def starts(self, block: bytes, base: int) -> Offsets:
        return np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n")) + (base + 1)


@dataclass(frozen=True)
class Layout:
    """How a file is cut: `kind` names the finder, its options and so the cuts; at most `limit` shards, from the head."""

    kind: str
    finder: Callable[[], Finder]
    shard_bytes: int
    limit: int | None = None


def shards_of(file: File, number: int, cache: Path, layout: Layout) -> list[Shard]:
    """The file's shards. A record belongs to the shard in whose nominal range its first byte lies; empty ones are left out."""
    key = key_of(file.path, kind=layout.kind, shard_bytes=layout.shard_bytes, limit=layout.limit or 0, version=2)
    decodes = bool(compression_of(file.path))
    folder = folder_of(cache, key)
    cuts = _known(recall(cache, key), folder if decodes else None)
    if cuts is None:
        cuts = _cut_into(cache, key, file.path, layout) if decodes else list(_plain_cuts(file.path, layout))
        if key_of(file.path, kind=layout.kind, shard_bytes=layout.shard_bytes, limit=layout.limit or 0, version=2) != key:
            raise RecipeError(f"{file.path!r} changed while it was read; run again when nothing writes to it")
        remember(cache, key, {"cuts": [asdict(cut) for cut in cuts]})
    return [
        Shard(
            path=str(folder / _name(cut.start)) if decodes else file.path,
            inside=file.inside,
            file=number,
            start=cut.start,
            stop=cut.stop,
            seek=0 if decodes else cut.start,
            line=cut.line,
            digest=cut.digest,
            damaged=cut.damaged,
        )
        for cut in cuts
    ]


def _known(note: Mapping[str, object] | None, folder: Path | None) -> list[Cut] | None:
    if note is None:
        return None
    try:
        cuts = [Cut(**cut) for cut in cast(list[dict[str, object]], note["cuts"])]  # type: ignore[arg-type]
        whole = folder is None or all((folder / _name(cut.start)).stat().st_size == cut.stop - cut.start for cut in cuts)
    except (KeyError, TypeError, OSError):
        return None
    return cuts if whole else None


def _name(start: int) -> str:
    return f"{start:016x}"


def _plain_cuts(path: str, layout: Layout) -> Iterator[Cut]:
    return line_cuts(path, layout.shard_bytes, layout.limit) if isinstance(layout.finder(), Lines) else _cuts(path, layout, None)


def _cut_into(cache: Path, key: str, path: str, layout: Layout) -> list[Cut]:
    with new_folder(cache, key) as folder:
        return list(_cuts(path, layout, folder))


def _cuts(path: str, layout: Layout, folder: Path | None) -> Iterator[Cut]:
    """One pass over the decoded file; with a folder each shard's bytes are written there."""
    finder, size = layout.finder(), layout.shard_bytes
    next_cut, position, given, damage = size, 0, 0, ""
    stream = chunks(path)
    with ExitStack() as closing:
        piece = closing.enter_context(_Piece(0, 0, folder))
        while (block := _next(stream)) is not None:
            if isinstance(block, str):
                damage = block
                break
            starts, written = finder.starts(block, position), 0
            while (index := int(np.searchsorted(starts, next_cut))) < len(starts):
                stop = int(starts[index])
                piece.write(block[written : stop - position])
                written = stop - position
                yield piece.close()
                given += 1
                if given == layout.limit:
                    return
                piece, next_cut = closing.enter_context(_Piece(stop, piece.next_line, folder)), (stop // size + 1) * size
            piece.write(block[written:] if written else block)
            position += len(block)
        if position > piece.start or damage:
            yield piece.close(damage)


def _next(stream: Iterator[bytes]) -> bytes | str | None:
    try:
        return next(stream, None)
    except Damaged as damage:
        return str(damage)


class _Piece:
    """A shard being written and digested, or only digested."""

    def __init__(self, start: int, line: int, folder: Path | None) -> None:
        import xxhash

        self.start, self.next_line = start, line
        self._line, self._length, self._hash = line, 0, xxhash.xxh3_128()
        self._folder = folder
        self._file: BinaryIO | None = None

    def __enter__(self) -> "_Piece":
        return self

    def __exit__(self, *error: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, data: bytes) -> None:
        if self._folder is not None and data:
            self._open(self._folder).write(data)
        self._hash.update(data)
        self._length += len(data)
        self.next_line += int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord("\n")))  # bytes.count looks at one after the other

    def close(self, damaged: str = "") -> Cut:
        if self._folder is not None:
            with self._open(self._folder) as file:
                file.flush()
                os.fsync(file.fileno())
        return Cut(self.start, self.start + self._length, self._line, self._hash.hexdigest(), damaged)

    def _open(self, folder: Path) -> BinaryIO:
        self._file = self._file or (folder / _name(self.start)).open("wb")
        return self._file


def numbered(files: Sequence[File]) -> list[tuple[int, File]]:
    """Files with their numbers: by sorted `inside`."""
    return list(enumerate(sorted(files, key=lambda file: file.inside)))
