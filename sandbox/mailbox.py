"""What is sent to a cell, and what comes back, lie in two memory files. They serve one cell after another: their pages are there already, and
fetching fresh ones costs more than most operators do."""

import ctypes
import fcntl
import mmap
import os
from collections.abc import Sequence

import pyarrow as pa

from .errors import Misbehaved
from .parcel import Order, write

F_ADD_SEALS = 1033
SEALS = 0x1 | 0x2 | 0x4  # F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW: a cell cannot cut a file that is being read
SEAL_FUTURE_WRITE = 0x10  # nobody writes but by the mapping that was there before the seal
LEAST, MOST_KEPT = 64 << 10, 16 << 20  # bytes of a room; one that is larger serves one call


class Mailbox:
    """Two files for one cell at a time. Before another cell gets them, the one before must have ended and `wipe` must have been called:
    then they are in all that a cell can see as they were made, and nothing went from one cell to the other."""

    def __init__(self, room: int, answer: int) -> None:
        self.room, self.kept = room, min(room, answer, MOST_KEPT)
        self._most, self._filled = answer, 0
        self._sent, self._answer = (os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING) for name in ("sent", "answer"))
        os.ftruncate(self._sent, room)
        os.ftruncate(self._answer, answer)
        self._going, self._coming = mmap.mmap(self._sent, room), mmap.mmap(self._answer, answer)
        fcntl.fcntl(self._sent, F_ADD_SEALS, SEALS | SEAL_FUTURE_WRITE)
        fcntl.fcntl(self._answer, F_ADD_SEALS, SEALS)
        _zero(self._going, 0, room)  # no page is missing: which of them there are would tell the next cell what the one before looked at
        self.wipe()

    def opened(self) -> list[int]:
        """Both files, opened once more: places and locks that a cell sets go with it."""
        return [os.open(f"/proc/self/fd/{file}", mode | os.O_CLOEXEC) for file, mode in ((self._sent, os.O_RDONLY), (self._answer, os.O_RDWR))]

    def put(self, order: Order, batches: Sequence[pa.RecordBatch]) -> int:
        """Bytes of the parcel, which must fit into the room."""
        with pa.FixedSizeBufferWriter(pa.py_buffer(self._going)) as target:
            size = write(target, order, batches)
        if self._filled > size:
            _zero(self._going, size, self._filled)
        self._filled = size
        return size

    def take(self, length: int) -> pa.Buffer:
        """The answer, copied out before anything of it is looked at: the cell may still write. Raises Misbehaved."""
        if length > self._most:
            raise Misbehaved(f"the answer claims {length} bytes of at most {self._most}")
        raw = pa.allocate_buffer(length)
        if length <= self.kept:
            ctypes.memmove(raw.address, pa.py_buffer(self._coming).address, length)
        elif os.preadv(self._answer, [memoryview(raw)], 0) != length:  # does not fill the holes of a file that claims to be large
            raise Misbehaved("the answer is shorter than it claims")
        return raw

    def fits(self, room: int, answer: int) -> bool:
        return room <= self.room <= MOST_KEPT and answer == self._most

    def wipe(self) -> None:
        """Zeros in place of what a cell left in the answer. The pages of the beginning are all there afterwards, and no others."""
        _zero(self._coming, 0, self.kept)
        if self.kept < self._most:
            self._coming.madvise(mmap.MADV_REMOVE, self.kept)
        for file in (self._sent, self._answer):
            os.utime(file, ns=(0, 0))

    def close(self) -> None:
        self._going.close()
        self._coming.close()
        os.close(self._sent)
        os.close(self._answer)


def room_for(size: int) -> int:
    """A little more, so that few sizes serve all."""
    step = max(LEAST, 1 << (size.bit_length() - 3))
    return -(-size // step) * step


def _zero(space: mmap.mmap, start: int, end: int) -> None:
    ctypes.memset(pa.py_buffer(space).address + start, 0, end - start)
