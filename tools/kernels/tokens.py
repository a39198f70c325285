"""The tokens of each text, as tools/tokens.py cuts them: their hashes, lengths and marks in one pass over the bytes."""

from functools import cache
from threading import local
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash
from numba import types

from tools import tokens as slow
from tools.tokens import (
    AFTER_SPACES,
    BREAK,
    ENDS_SENTENCE,
    HAS_LETTER,
    LETTER,
    MARK,
    ONLY_MARKS,
    ONLY_SYMBOLS,
    SPACE,
    STARTS_LINE,
    STOP,
    STOP_WORD,
    SYMBOL,
)

from ._chunk import BEGINS, DOT, IS_EXCEPTION, IS_STOP_WORD, IS_UNIT, Bytes, Chunk, Lookup
from ._decorators import BYTES, OFFSETS, Place, lean, lean_kernel, woven
from ._english import cut, join, known, looked_up
from ._machine import low_zeros, read64
from ._text import decoded
from ._xxh3 import hash64

U = np.uint64
LETTERS, DIGITS, CLOSING, OTHER, WIDE, BLANK = 1, 2, 4, 8, 16, 32
# each byte of eight by itself: its top bit is set where the sum passes 127
SMALL, SEVEN, TOP = U(0x2020202020202020), U(0x7F7F7F7F7F7F7F7F), U(0x8080808080808080)
FROM_A, PAST_Z = U(0x1F1F1F1F1F1F1F1F), U(0x0505050505050505)
SLOTS, SIEVE_BITS = 4096, 1 << 16
REMEMBERED, MOST_REMEMBERED = 1 << 15, 8  # chunks that took the long way lately, of so many tokens at most
MASK = (1 << 64) - 1

Texts = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
Marks = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.int32]


class Memory(NamedTuple):
    """The tokens of some chunks, each where its hash says; behind the lengths of a chunk's tokens stands how many they are."""

    keys: Hashes
    hashes: npt.NDArray[np.uint64]
    lengths: npt.NDArray[np.int32]
    marks: npt.NDArray[np.uint16]


def scan(data: Bytes, offsets: Texts) -> slow.Tokens:
    """The tokens of the texts between the offsets."""
    most = int(offsets[-1]) - int(offsets[0])
    longest = int(np.diff(offsets).max(initial=0))
    hashes, lengths, marks = np.empty(most, np.uint64), np.empty(most, np.int32), np.empty(most, np.uint16)
    rows = np.zeros(len(offsets), np.int32)
    room = np.empty((6, longest + 2), np.int32)
    classes = np.empty(longest + 2, np.uint16)
    _scan(
        data, offsets, rows, hashes, lengths, marks, slow.classes(), _kinds(), room, classes, np.empty(longest + 2, np.uint8), *_memory(), *_lookup()
    )
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
def _put(hashes: Hashes, lengths: Counts, marks: Marks, count: Place, found: np.uint64, size: Place, mark: Place) -> None:
    hashes[count], lengths[count], marks[count] = found, size, mark


@lean
def _lay(
    chunk: Chunk, lookup: Lookup, start: Place, stop: Place, classes: Marks, hashes: Hashes, lengths: Counts, marks: Marks, count: Place
) -> Place:
    """Cut any chunk and lay out its tokens; gives the number of all tokens then."""
    size, place = np.int64(0), start
    while place < stop:
        code, width = decoded(chunk.data, place)
        chunk.codes[size], chunk.kinds[size], chunk.at[size] = code, classes[code], place
        size += 1
        place += width
    chunk.at[size] = stop
    found = cut(chunk, lookup, size)
    if _write(chunk, lookup, found, hashes, lengths, marks, count) and found > 1:
        again = join(chunk, lookup, hashes, count, found)
        if again != found:
            found = again
            _write(chunk, lookup, found, hashes, lengths, marks, count)
    return count + found


@lean
def _write(chunk: Chunk, lookup: Lookup, found: Place, hashes: Hashes, lengths: Counts, marks: Marks, count: Place) -> bool:
    """Whether a token begins a compound."""
    begins = False
    for token in range(found):
        first, last = chunk.cuts[token], chunk.cuts[token + 1]
        together, any_of = chunk.kinds[first], chunk.kinds[first]
        for place in range(first + 1, last):
            together &= chunk.kinds[place]
            any_of |= chunk.kinds[place]
        mark = HAS_LETTER if any_of & LETTER else 0
        mark |= ONLY_SYMBOLS if together & SYMBOL else 0
        mark |= ONLY_MARKS if together & MARK else 0
        mark |= ENDS_SENTENCE if last - first == 1 and together & STOP else 0
        value = hash64(chunk.data, chunk.at[first], chunk.at[last])
        said = known(lookup, value)
        begins |= (said & BEGINS) != 0
        _put(hashes, lengths, marks, count + token, value, last - first, mark | ((said & IS_STOP_WORD) << STOP_WORD))
    return begins


@woven
def _plain(
    data: Bytes, start: Place, stop: Place, earlier: Place, last: Place, sieve: Bytes, keys: Hashes, values: Counts,
    hashes: Hashes, lengths: Counts, marks: Marks, count: Place, sign_hashes: Hashes,
) -> np.int64:  # fmt: skip
    """Lay out a word or a number, with or without a closing sign; gives the number of tokens, 0 for any other chunk."""
    all_of = earlier | last
    if all_of == LETTERS or all_of == DIGITS:
        found = hash64(data, start, stop)
        said = looked_up(sieve, keys, values, found)
        if said & IS_EXCEPTION:
            return np.int64(0)
        _put(hashes, lengths, marks, count, found, stop - start, (all_of & HAS_LETTER) | ((said & IS_STOP_WORD) << STOP_WORD))
        return np.int64(1)
    if earlier != LETTERS or last != CLOSING:
        return np.int64(0)
    sign = data[stop - 1]
    if sign == DOT and data[stop - 2] < 97:
        return np.int64(0)
    found = hash64(data, start, stop - 1)
    said = looked_up(sieve, keys, values, found)
    if said & (IS_EXCEPTION | BEGINS) or looked_up(sieve, keys, values, hash64(data, start, stop)) & IS_EXCEPTION:
        return np.int64(0)
    _put(hashes, lengths, marks, count, found, stop - 1 - start, HAS_LETTER | ((said & IS_STOP_WORD) << STOP_WORD))
    ends = ENDS_SENTENCE if sign == DOT or sign == 33 or sign == 63 else 0
    _put(hashes, lengths, marks, count + 1, sign_hashes[sign], 1, ONLY_SYMBOLS | ONLY_MARKS | ends)
    return np.int64(2)


@lean
def _recalled(memory: Memory, slot: Place, hashes: Hashes, lengths: Counts, marks: Marks, count: Place) -> Place:
    """Lay out the tokens of a chunk that was cut before; gives their number."""
    size = np.int64(memory.lengths[slot, MOST_REMEMBERED])
    for token in range(size):
        _put(hashes, lengths, marks, count + token, memory.hashes[slot, token], memory.lengths[slot, token], memory.marks[slot, token])
    return count + size


@lean
def _remember(memory: Memory, slot: Place, key: np.uint64, hashes: Hashes, lengths: Counts, marks: Marks, count: Place, size: Place) -> None:
    memory.keys[slot], memory.lengths[slot, MOST_REMEMBERED] = key, size
    for token in range(size):
        memory.hashes[slot, token], memory.lengths[slot, token] = hashes[count + token], lengths[count + token]
        memory.marks[slot, token] = marks[count + token]


@woven
def _letters(data: Bytes, place: Place, stop: Place) -> np.int64:
    """How many letters of ASCII stand at a place, looked at eight by eight; those of the last seven bytes of all are not counted."""
    end: Place = place
    while end < stop and end + 8 <= len(data):
        eight = read64(data, end)
        folded = (eight | SMALL) & SEVEN
        is_letter = (folded + FROM_A) & ~(folded + PAST_Z) & ~eight & TOP
        found = np.int64(low_zeros(is_letter ^ TOP) >> U(3))
        end += found
        if found < 8:
            break
    return np.int64(min(end, stop) - place)


@lean_kernel(
    types.void(
        BYTES, OFFSETS, types.int32[::1], types.uint64[::1], types.int32[::1], types.uint16[::1], types.uint16[::1], types.uint8[::1],
        types.int32[:, ::1], types.uint16[::1], types.uint8[::1], types.uint64[::1], types.uint64[:, ::1], types.int32[:, ::1],
        types.uint16[:, ::1], types.uint8[::1], types.uint64[::1], types.int32[::1], types.uint64[::1],
        types.int32[::1], types.int32[::1], types.int32[::1], types.int64, types.uint64[::1],
    )
)  # fmt: skip
def _scan(
    data: Bytes, offsets: Texts, rows: Texts, hashes: Hashes, lengths: Counts, marks: Marks, classes: Marks, kinds: Bytes, room: Any,
    chunk_kinds: Marks, seen: Bytes, memory_keys: Hashes, memory_hashes: Any, memory_lengths: Any, memory_marks: Any, sieve: Bytes,
    keys: Hashes, values: Counts, compound_keys: Hashes, compound_values: Counts, piece_starts: Counts, pieces: Counts,
    most_pieces: int, sign_hashes: Hashes,
) -> None:  # fmt: skip
    lookup = Lookup(sieve, keys, values, compound_keys, compound_values, piece_starts, pieces, most_pieces)
    chunk = Chunk(data, room[0], chunk_kinds, room[1], room[2], room[3], room[4], seen)
    memory = Memory(memory_keys, memory_hashes, memory_lengths, memory_marks)
    count: Place = np.int64(0)
    for row in range(len(offsets) - 1):
        rows[row] = count
        place, stop = np.int64(offsets[row]), np.int64(offsets[row + 1])
        mark = STARTS_LINE
        while place < stop:
            start, earlier, last = place, 0, 0
            letters = _letters(data, place, stop)
            if letters:
                place += letters
                earlier, last = LETTERS if letters > 1 else 0, LETTERS
            while place < stop:  # the bytes of a chunk, and what kinds they are of
                kind = kinds[data[place]]
                if kind & BLANK and (kind == BLANK or _space(data, classes, place, stop)):
                    break
                earlier |= last
                last = kind
                place += 1
            if place > start:
                made = _plain(data, start, place, earlier, last, sieve, keys, values, hashes, lengths, marks, count, sign_hashes)
                before, count = count, count + made
                if not made:
                    key = hash64(data, start, place)
                    slot = np.int64(key & U(REMEMBERED - 1))
                    if memory.keys[slot] == key:
                        count = _recalled(memory, slot, hashes, lengths, marks, count)
                    else:
                        count = _lay(chunk, lookup, start, place, classes, hashes, lengths, marks, count)
                        if count - before <= MOST_REMEMBERED:
                            _remember(memory, slot, key, hashes, lengths, marks, before, count - before)
                marks[before] |= mark
            blanks, mark = 0, 0
            if place + 1 < stop and data[place] == 32 and not kinds[data[place + 1]] & BLANK and count > rows[row]:
                place += 1
                continue
            while place < stop:
                kind = kinds[data[place]]
                if not kind & BLANK:
                    break
                size = _space(data, classes, place, stop)
                if not size:
                    break
                blanks += 1
                if size < 0:
                    mark, size = STARTS_LINE, -size
                if data[place] != 32 or blanks > 1:
                    mark |= AFTER_SPACES
                place += size
            if count == rows[row]:
                mark = STARTS_LINE
    rows[len(offsets) - 1] = count


_own = local()


def _memory() -> Memory:
    """This thread's, for as long as it lives: texts that follow say much the same."""
    if not hasattr(_own, "memory"):
        tables = (np.zeros((REMEMBERED, MOST_REMEMBERED + 1), kind) for kind in (np.uint64, np.int32, np.uint16))
        _own.memory = Memory(np.zeros(REMEMBERED, np.uint64), *tables)
    found: Memory = _own.memory
    return found


@cache
def _kinds() -> Bytes:
    """What a byte says of the chunk that it stands in."""
    found = np.full(256, OTHER, np.uint8)
    for byte in range(256):
        character = chr(byte)
        if byte >= 128:
            found[byte] = WIDE | (BLANK if byte in (0xC2, 0xE1, 0xE2, 0xE3) else 0)  # what the white space of other scripts begins with
        elif character.isalpha():
            found[byte] = LETTERS
        elif character.isdigit():
            found[byte] = DIGITS
        elif character in ",;:!?)\"'.":
            found[byte] = CLOSING
        elif character.isspace():
            found[byte] = BLANK
    return found


@cache
def _lookup() -> tuple[Any, ...]:
    """What _scan asks of a token, by its hash."""
    known: dict[str, int] = {}
    exceptions = slow.exceptions()
    for number, word in enumerate(exceptions, 1):
        known[word] = number << 4
    for word in slow.units():
        known[word] = known.get(word, 0) | IS_UNIT
    for number, word in enumerate(slow.STOP_WORDS, 1):
        known[word] = known.get(word, 0) | number
    numbers = {word: number for number, word in enumerate(exceptions, 1)}
    for parts in slow.compounds():
        known[parts[0]] = known.get(parts[0], 0) | BEGINS
    sieve = np.zeros(SIEVE_BITS // 8, np.uint8)
    hashed = {_hash(word): value for word, value in known.items()}
    for value in hashed:
        sieve[value >> 48 >> 3] |= 1 << (value >> 48 & 7)
    compounds = {_key(parts): numbers["".join(parts)] for parts in slow.compounds()}
    sizes = [[len(piece) for piece in pieces] for pieces in exceptions.values()]
    starts = np.cumsum([0, *map(len, sizes)], dtype=np.int32)
    pieces = np.array([size for found in sizes for size in found], np.int32)
    signs = np.array([_hash(chr(byte)) for byte in range(128)], np.uint64)
    return sieve, *_table(hashed), *_table(compounds), starts, pieces, max(map(len, slow.compounds())), signs


def _table(known: dict[int, int]) -> tuple[Hashes, Counts]:
    """Open addressing; a value of 0 is a free slot."""
    keys, values = np.zeros(SLOTS, np.uint64), np.zeros(SLOTS, np.int32)
    for key, value in known.items():
        slot = key & (SLOTS - 1)
        while values[slot]:
            slot = (slot + 1) & (SLOTS - 1)
        keys[slot], values[slot] = key, value
    return keys, values


def _hash(token: str) -> int:
    return int(xxhash.xxh3_64_intdigest(token.encode()))


def _key(parts: tuple[str, ...]) -> int:
    """As `compound` of _english.py."""
    key = len(parts)
    for part_ in parts:
        key = ((key ^ _hash(part_)) * 0x9FB21C651E98DF25) & MASK
        key ^= key >> 29
    return key
