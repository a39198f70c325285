"""The tokens of each text, as tools/tokens.py cuts them: their hashes, lengths and marks in one pass over the bytes."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types

from tools import tokens as slow
from tools.tokens import AFTER_SPACES, BREAK, HAS_LETTER, SPACE, STARTS_LINE, STOP_WORD

from ._chunk import DOT, Bytes, Chunk, Lookup
from ._decorators import BYTES, OFFSETS, Flag, Place, lean, lean_kernel, woven
from ._laying import lay
from ._machine import look32, low_zeros, write32, write64
from ._remembered import memory, recalled, remember, slot
from ._text import decoded
from ._token_hash import hash16, hashed, stirred
from ._token_tables import BLANK, CLOSING, Simple, kinds, lookup, simple

U = np.uint64
SEEN = np.int64(32)  # bytes that are looked at together
MORE = 8  # tokens that may be written behind the last

Texts = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
Marks = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.int32]

SMALL, HASHED, NUMBERS, FLAGS = types.uint8[::1], types.uint64[::1], types.int32[::1], types.uint16[::1]
SIGNATURE = types.void(
    BYTES, OFFSETS, NUMBERS, HASHED, NUMBERS, FLAGS, FLAGS, types.int32[:, ::1], FLAGS, SMALL, HASHED, SMALL, SMALL, HASHED, HASHED, HASHED,
    SMALL, SMALL, HASHED, NUMBERS, HASHED, NUMBERS, NUMBERS, NUMBERS, types.int64,
)  # fmt: skip


def scan(data: Bytes, offsets: Texts) -> slow.Tokens:
    """The tokens of the texts between the offsets."""
    most = int(offsets[-1]) - int(offsets[0]) + MORE
    longest = int(np.diff(offsets).max(initial=0)) + 2
    hashes, lengths, marks = np.empty(most, np.uint64), np.empty(most, np.int32), np.empty(most, np.uint16)
    rows = np.zeros(len(offsets), np.int32)
    room = np.empty((5, longest), np.int32), np.empty(longest, np.uint16), np.empty(longest, np.uint8)
    fill: Any = _scan
    fill(data, offsets, rows, hashes, lengths, marks, slow.classes(), *room, memory(), kinds(), *simple(), *lookup())
    count = int(rows[-1])
    return slow.Tokens(rows, hashes[:count], lengths[:count], marks[:count])


@lean
def _space(data: Bytes, classes: Marks, place: Place, stop: Place) -> np.int64:
    """The bytes of the white space at a place, 0 where there is none; below zero where it ends a line."""
    code, size = decoded(data, place)
    kind = classes[code]
    if not kind & SPACE:
        return np.int64(0)
    return -size if kind & BREAK else size


@lean
def _end_of(data: Bytes, kinds: Bytes, classes: Marks, place: Place, stop: Place) -> np.int64:
    """Where a chunk ends, byte by byte: white space of other scripts has more than one."""
    end = np.int64(place)
    while end < stop:
        kind = kinds[data[U(end)]]
        if kind & BLANK and (kind == BLANK or _space(data, classes, end, stop)):
            break
        end += 1
    return end


@lean
def _gap(data: Bytes, kinds: Bytes, classes: Marks, place: Place, stop: Place) -> tuple[np.int64, np.int64]:
    """Where the white space at a place ends, and what it says of the token behind it."""
    blanks, mark, end = 0, np.int64(0), np.int64(place)
    while end < stop:
        if not kinds[data[U(end)]] & BLANK:
            break
        size = _space(data, classes, end, stop)
        if not size:
            break
        blanks += 1
        if size < 0:
            mark, size = np.int64(STARTS_LINE), -size
        if data[U(end)] != 32 or blanks > 1:
            mark |= AFTER_SPACES
        end += size
    return end, mark


@woven
def _plain(
    data: Bytes, place: Place, run: Place, sign: Place, simple: Simple, hashes: Hashes, lengths: Counts, marks: Marks, count: Place, mark: Place
) -> Flag:
    """Lay out a word of letters and the sign behind it, which is counted only where there is one; not where more must be known of the word."""
    found = stirred(hash16(data, place, run, U(0)), run)
    if (simple.odd[found >> U(51)] >> np.uint8((found >> U(48)) & U(7))) & 1:
        return False
    number = simple.stop_words[found & U(63)] ^ found
    write64(hashes, count, found)
    write64(hashes, count + 1, simple.sign_hashes[U(sign)])
    write64(lengths, count, U(run) | U(1 << 32))
    number = number if number < U(16) else U(0)
    write32(marks, count, U(mark | HAS_LETTER) | (number << U(STOP_WORD)) | (simple.sign_marks[U(sign)] << U(16)))
    return True


@lean_kernel(SIGNATURE)
def _scan(
    data: Bytes, offsets: Texts, rows: Texts, hashes: Hashes, lengths: Counts, marks: Marks, classes: Marks, room: Any,
    chunk_kinds: Marks, seen: Bytes, memory: Hashes, kinds: Bytes, odd: Bytes, stop_words: Hashes, sign_hashes: Hashes, sign_marks: Hashes,
    sieve: Bytes, pairs: Bytes, keys: Hashes, values: Counts, compound_keys: Hashes, compound_values: Counts, piece_starts: Counts,
    pieces: Counts, most_pieces: int,
) -> None:  # fmt: skip
    lookup = Lookup(sieve, pairs, keys, values, compound_keys, compound_values, piece_starts, pieces, most_pieces)
    chunk = Chunk(data, room[0], chunk_kinds, room[1], room[2], room[3], room[4], seen)
    simple = Simple(odd, stop_words, sign_hashes, sign_marks)
    count: Place = np.int64(0)
    for row in range(len(offsets) - 1):
        rows[row] = count
        place, stop, mark = np.int64(offsets[row]), np.int64(offsets[row + 1]), np.int64(STARTS_LINE)
        while place < stop:
            made, end = np.int64(0), np.int64(-1)
            if place + SEEN < len(data):
                blanks, letters, wide = look32(data, place)
                ends = blanks | (U(1) << U(min(stop - place, SEEN)))
                size, run = np.int64(low_zeros(ends)), np.int64(low_zeros(~letters | ends))
                sign, before = np.int64(data[U(place + run)]), data[U(place + run - (run > 0))]
                closes = (kinds[U(sign)] & CLOSING != 0) & ((sign != DOT) | ((before >= 97) & (run > 1)))
                if (U(run - 1) < U(16)) & ((size == run) | ((size - run == 1) & closes)):
                    if _plain(data, place, run, sign, simple, hashes, lengths, marks, count, mark):
                        made = 1 + size - run
                    end = place + size
                elif (size == 1) & (sign < 128):
                    write64(hashes, count, sign_hashes[U(sign)])
                    lengths[U(count)], marks[U(count)] = 1, sign_marks[U(sign)] | U(mark)
                    made, end = np.int64(1), place + size
                elif (size < SEEN) & (wide & (ends ^ (ends - U(1))) == U(0)):
                    end = place + size
            if end < 0:
                end = _end_of(data, kinds, classes, place, stop)
            if not made and end > place:
                key = hashed(data, place, end)
                at = slot(key)
                if memory[U(at)] == key:
                    made = recalled(memory, at, hashes, lengths, marks, count)
                else:
                    made = np.int64(lay(chunk, lookup, place, end, classes, hashes, lengths, marks, count))
                    remember(memory, at, key, hashes, lengths, marks, count, made)
                marks[U(count)] |= mark
            count += made
            place = end
            if (place + 1 < stop) and data[U(place)] == 32 and not kinds[data[U(place + 1)]] & BLANK:
                place, mark = place + 1, np.int64(0)
            else:
                place, mark = _gap(data, kinds, classes, place, stop)
            if count == rows[row]:
                mark = np.int64(STARTS_LINE)
    rows[len(offsets) - 1] = count
