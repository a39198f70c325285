"""What is known of bytes and of tokens before any text is read, as arrays for the kernel."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tools import tokens as slow
from tools.token_hash import token_hash

from ._chunk import BEGINS, IS_UNIT

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int32]
CLOSING, BLANK, WIDE = 1, 2, 4
SLOTS, SIEVE_BITS, PAIR_BITS, FEW = 4096, 1 << 16, 1 << 15, 64
MASK, FACTOR = (1 << 64) - 1, 0x9FB21C651E98DF25


class Simple(NamedTuple):
    """For words of letters of ASCII and signs."""

    odd: Bytes  # a bit a hash: an exception, with or without a sign behind it
    stop_words: Hashes  # their hashes, the number of each in the lowest bits
    sign_hashes: Hashes
    sign_marks: Hashes


@cache
def kinds() -> Bytes:
    """What a byte says of the chunk that it stands in."""
    found = np.zeros(256, np.uint8)
    found[[ord(character) for character in ",;:!?)\"'."]] = CLOSING
    found[[code for code in slow.SPACES if code < 128]] = BLANK
    found[128:] = WIDE
    found[[0xC2, 0xE1, 0xE2, 0xE3]] |= BLANK  # what the white space of other scripts begins with
    return found


@cache
def simple() -> Simple:
    odd = np.zeros(SIEVE_BITS // 8, np.uint8)
    for word in slow.exceptions():
        # a letter and a full stop is looked at where they stand: `a` is no odd word for the sake of `a.`
        for text in {word, word[:-1] if len(word) > 2 or word[-1:] != "." else word}:
            if text.isascii() and text.isalpha():
                _set(odd, _hash(text) >> 48)
    stop_words = np.zeros(FEW, np.uint64)
    for number, word in enumerate(slow.STOP_WORDS, 1):
        stop_words[_hash(word) % FEW] = _hash(word) ^ number
    signs = [chr(byte) for byte in range(128)]
    nothing = np.zeros(128, np.uint64)
    hashes, marks = (np.array([function(sign) for sign in signs], np.uint64) for function in (_hash, slow.marks_of))
    return Simple(odd, stop_words, np.append(hashes, nothing), np.append(marks, nothing))


@cache
def lookup() -> tuple[Any, ...]:
    """The fields of a Lookup."""
    known: dict[str, int] = {}
    exceptions = slow.exceptions()
    for number, word in enumerate(exceptions, 1):
        known[word] = number << 4
    for word in slow.units():
        known[word] = known.get(word, 0) | IS_UNIT
    for number, word in enumerate(slow.STOP_WORDS, 1):
        known[word] = known.get(word, 0) | number
    numbers = {word: number for number, word in enumerate(exceptions, 1)}
    pairs = np.zeros(PAIR_BITS // 8, np.uint8)
    for parts in slow.compounds():
        known[parts[0]] = known.get(parts[0], 0) | BEGINS
        if len(parts) > 1:
            _set(pairs, (_hash(parts[0]) * FACTOR & MASK ^ _hash(parts[1])) >> 49)
    sieve = np.zeros(SIEVE_BITS // 8, np.uint8)
    hashed = {_hash(word): value for word, value in known.items()}
    for value in hashed:
        _set(sieve, value >> 48)
    compounds = {_key(parts): numbers["".join(parts)] for parts in slow.compounds()}
    sizes = [[len(piece) for piece in pieces] for pieces in exceptions.values()]
    starts = np.cumsum([0, *map(len, sizes)], dtype=np.int32)
    pieces = np.array([size for found in sizes for size in found], np.int32)
    return sieve, pairs, *_table(hashed), *_table(compounds), starts, pieces, max(map(len, slow.compounds()))


def _set(bits: Bytes, place: int) -> None:
    bits[place >> 3] |= 1 << (place & 7)


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
    return token_hash(token.encode())


def _key(parts: tuple[str, ...]) -> int:
    """As `compound` of _english.py."""
    key = len(parts)
    for part_ in parts:
        key = ((key ^ _hash(part_)) * FACTOR) & MASK
        key ^= key >> 29
    return key
