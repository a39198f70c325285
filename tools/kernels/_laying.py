"""Laying out the tokens of a chunk that takes the general way."""

import numpy as np
import numpy.typing as npt

from tools.tokens import ENDS_SENTENCE, HAS_LETTER, LETTER, MARK, ONLY_MARKS, ONLY_SYMBOLS, STOP, STOP_WORD, SYMBOL

from ._chunk import BEGINS, IS_STOP_WORD, Chunk, Lookup
from ._decorators import Flag, Place, woven
from ._english import cut, join, known, opens
from ._text import decoded
from ._token_hash import hashed

U = np.uint64
Hashes = npt.NDArray[np.uint64]
Marks = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.int32]


@woven
def lay(
    chunk: Chunk, lookup: Lookup, start: Place, stop: Place, classes: Marks, hashes: Hashes, lengths: Counts, marks: Marks, count: Place
) -> Place:
    """Cut any chunk and lay out its tokens; gives their number."""
    size, place = np.int64(0), start
    while place < stop:
        code, width = np.int64(chunk.data[U(place)]), np.int64(1)
        if code >= 128:
            code, width = decoded(chunk.data, place)
        chunk.codes[U(size)], chunk.kinds[U(size)], chunk.at[U(size)] = code, classes[U(code)], place
        size += 1
        place += width
    chunk.at[size] = stop
    found = cut(chunk, lookup, size)
    if _write(chunk, lookup, found, hashes, lengths, marks, count):
        joined = join(chunk, lookup, hashes, count, found)
        if joined:
            found = joined
            _write(chunk, lookup, found, hashes, lengths, marks, count)
    return found


@woven
def _write(chunk: Chunk, lookup: Lookup, found: Place, hashes: Hashes, lengths: Counts, marks: Marks, count: Place) -> Flag:
    """Whether tokens may make an exception together."""
    begins: Flag = False
    may_join: Flag = False
    before, first = U(0), np.int64(0)
    for token in range(found):
        last = np.int64(chunk.cuts[U(token + 1)])
        together, any_of = chunk.kinds[U(first)], chunk.kinds[U(first)]
        place = first + 1
        while place < last and not (any_of & LETTER and not together & (SYMBOL | MARK)):  # else nothing changes any more
            together &= chunk.kinds[U(place)]
            any_of |= chunk.kinds[U(place)]
            place += 1
        mark = HAS_LETTER if any_of & LETTER else 0
        mark |= ONLY_SYMBOLS if together & SYMBOL else 0
        mark |= ONLY_MARKS if together & MARK else 0
        mark |= ENDS_SENTENCE if last - first == 1 and together & STOP else 0
        value = hashed(chunk.data, np.int64(chunk.at[U(first)]), np.int64(chunk.at[U(last)]))
        said = known(lookup, value)
        may_join |= begins and opens(lookup, before, value)
        begins, before, first = (said & BEGINS) != 0, value, last
        at = U(count + token)
        hashes[at], lengths[at], marks[at] = value, last - chunk.cuts[U(token)], mark | ((said & IS_STOP_WORD) << STOP_WORD)
    return may_join
