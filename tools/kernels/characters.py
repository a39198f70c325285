"""Counts of characters by class, and of words."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._blocks import NONE, ONE, below, blanks, going_on, within
from ._decorators import BYTES, OFFSETS, Place, lean, lean_kernel
from ._machine import BLOCK, low_zeros, ones
from ._text import DIGIT, EMOJI, IDEOGRAPH, LETTER, PUNCTUATION, SPACE, UPPER, Bytes, decoded

U = np.uint64
# one byte of a word for each count of a block; `FIELDS` names the rows of what is found
FIELDS = ("whitespace", "alphabetic", "digits", "uppercase", "punctuation", "ideographs", "emoji", "words", "characters", "replacements")
LANES = (SPACE, LETTER, DIGIT, UPPER, PUNCTUATION, IDEOGRAPH, EMOJI)
PACKED = np.array([sum(1 << 8 * lane for lane, mark in enumerate(LANES) if value & mark) for value in range(256)], np.uint64)
ALONE, LAST = U(5), U(BLOCK - 1)


@lean
def _wide(
    data: Bytes, block: Place, leads: np.uint64, classes: Bytes, found: npt.NDArray[np.int32], row: Place
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Count the characters beyond ASCII that begin in a block. Gives where those begin that are space, and those that are words of their own;
    the bytes of both, and how many more of them lie behind the block, as bits."""
    spaces, alone, apart, spilt, lanes = NONE, NONE, NONE, NONE, NONE
    while leads:
        bit = low_zeros(leads)
        leads &= leads - ONE
        code, size = decoded(data, block + np.int64(bit))
        code = code if code < 0x110000 else np.int64(0xFFFD)
        kind = U(classes[code])
        lanes += PACKED[kind]
        found[9, row] += code == 0xFFFD
        if kind & U(SPACE | IDEOGRAPH):
            spaces |= (kind & ONE) << bit
            alone |= ((kind >> ALONE) & ONE) << bit
            own = (ONE << U(size)) - ONE
            apart |= own << bit
            spilt |= own >> (U(BLOCK) - bit) if bit > U(BLOCK - 4) else NONE
    for field in range(7):
        found[field, row] += np.int64((lanes >> U(8 * field)) & U(0xFF))
    return spaces, alone, apart, spilt


@lean_kernel(types.void(BYTES, OFFSETS, BYTES, types.int32[:, ::1]))
def counts(data: Bytes, offsets: npt.NDArray[np.int32], classes: Bytes, found: npt.NDArray[np.int32]) -> None:
    """All of FIELDS; each Han, Hiragana and Katakana character is a word of its own, other scripts count by white space."""
    for row in range(found.shape[1]):
        found[:, row] = 0
        start, stop = np.int64(offsets[row]), np.int64(offsets[row + 1])
        before, spilt = ONE, NONE  # what lies before a block: white space, or a character that is a word of its own
        spaces, letters, capitals, digits, marks, words, characters = NONE, NONE, NONE, NONE, NONE, NONE, NONE
        for block in range(start, stop, BLOCK):
            inside = within(block, stop)
            below_a, below_z = below(data, block, U(0x41)), below(data, block, U(0x5B))
            upper = below_z & ~below_a & inside
            letter = upper | (below(data, block, U(0x7B)) & ~below(data, block, U(0x61)) & inside)
            digit = below(data, block, U(0x3A)) & ~below(data, block, U(0x30)) & inside
            printed = below(data, block, U(0x7F)) & ~below(data, block, U(0x21)) & inside
            space = blanks(data, block) & inside
            spaces, letters, capitals = spaces + ones(space), letters + ones(letter), capitals + ones(upper)
            digits, marks = digits + ones(digit), marks + ones(printed & ~letter & ~digit)
            begins, alone, apart = inside, NONE, space | spilt
            spilt = NONE
            if inside & ~below(data, block, U(0x80)):
                begins = inside & ~going_on(data, block)
                more, alone, wide, spilt = _wide(data, block, begins & ~below(data, block, U(0x80)), classes, found, row)
                space, apart = space | more, apart | wide
            characters += ones(begins)
            words += ones(begins & ~space & (alone | (apart << ONE) | before))
            before = apart >> LAST
        found[0, row] += np.int64(spaces)
        found[1, row] += np.int64(letters)
        found[2, row] += np.int64(digits)
        found[3, row] += np.int64(capitals)
        found[4, row] += np.int64(marks)
        found[7, row] = np.int64(words)
        found[8, row] = np.int64(characters)
