"""A memory of chunks and their tokens: texts that follow each other say much the same.

An entry is one line of the cache: the chunk's hash, how many tokens, four hashes, four lengths, four marks; in the second half of the memory
stand the tokens behind the fourth. A larger memory holds more chunks, and gains nothing: what does not lie in the nearest caches takes as long
as cutting the chunk again.
"""

from threading import local

import numpy as np
import numpy.typing as npt

from ._decorators import Place, woven
from ._machine import write64

U = np.uint64
Hashes = npt.NDArray[np.uint64]
Marks = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.int32]
ENTRIES, ENTRY, TOKENS = 1 << 12, 8, 4
BEHIND = ENTRIES * ENTRY
LONGEST = 0xFFFF  # characters of a token

_own = local()


def memory() -> Hashes:
    """This thread's, for as long as it lives."""
    if not hasattr(_own, "memory"):
        room = np.zeros(2 * BEHIND + ENTRY, np.uint64)
        skipped = -room.ctypes.data // 8 % ENTRY
        _own.memory = room[skipped : skipped + 2 * BEHIND]
    found: Hashes = _own.memory
    return found


@woven
def slot(key: np.uint64) -> np.int64:
    return np.int64(key & U(ENTRIES - 1)) * ENTRY


@woven
def recalled(memory: Hashes, at: Place, hashes: Hashes, lengths: Counts, marks: Marks, count: Place) -> np.int64:
    """Lay out the tokens of the chunk at a slot; gives their number. Up to eight places are written to, whatever their number."""
    size = np.int64(memory[U(at + 1)])
    _four(memory, at + 2, hashes, lengths, marks, count)
    if size > TOKENS:
        _four(memory, at + BEHIND, hashes, lengths, marks, count + TOKENS)
    return size


@woven
def _four(memory: Hashes, at: Place, hashes: Hashes, lengths: Counts, marks: Marks, count: Place) -> None:
    for token in range(TOKENS):
        write64(hashes, count + token, memory[U(at + token)])
    said = memory[U(at + 4)]
    write64(lengths, count, (said & U(0xFFFF)) | ((said & U(0xFFFF0000)) << U(16)))
    write64(lengths, count + 2, ((said >> U(32)) & U(0xFFFF)) | ((said >> U(48)) << U(32)))
    write64(marks, count, memory[U(at + 5)])


@woven
def remember(memory: Hashes, at: Place, key: np.uint64, hashes: Hashes, lengths: Counts, marks: Marks, count: Place, size: Place) -> None:
    """Unless there are more than eight tokens, or a very long one."""
    if size > 2 * TOKENS:
        return
    for token in range(size):
        if lengths[U(count + token)] > LONGEST:
            return
    memory[U(at)], memory[U(at + 1)] = key, U(size)
    place = at + 2
    for first in range(0, size, TOKENS):
        said, marked = U(0), U(0)
        for turn in range(min(size - first, TOKENS)):
            at_token = U(count + first + turn)
            memory[U(place + turn)] = hashes[at_token]
            said |= U(lengths[at_token]) << U(16 * turn)
            marked |= U(marks[at_token]) << U(16 * turn)
        memory[U(place + 4)], memory[U(place + 5)] = said, marked
        place = at + BEHIND
