"""A chunk of text while it is cut into tokens, what is known of tokens, and the code points that the rules name."""

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from ._decorators import Flag, Place, lean

U = np.uint64
Bytes = npt.NDArray[np.uint8]
IS_STOP_WORD, IS_EXCEPTION, IS_UNIT, BEGINS = 0xF, 0xFFF0, 1 << 16, 1 << 17
PLUS, COMMA, HYPHEN, DOT, SLASH, COLON, DOLLAR, AT = 0x2B, 0x2C, 0x2D, 0x2E, 0x2F, 0x3A, 0x24, 0x40
APOSTROPHE, TYPED_APOSTROPHE, DEGREE, ELLIPSIS, EM_DASH, EN_DASH, TILDE = 0x2019, 0x27, 0xB0, 0x2026, 0x2014, 0x2013, 0x7E
UNDERSCORE, STAR, CARET, LESS, EQUALS, MORE, QUESTION, HASH = 0x5F, 0x2A, 0x5E, 0x3C, 0x3D, 0x3E, 0x3F, 0x23


class Lookup(NamedTuple):
    """What is known of a token by its hash, and the exceptions."""

    sieve: npt.NDArray[np.uint8]  # a bit a hash: most are unknown
    pairs: npt.NDArray[np.uint8]  # of the first two tokens of those that make an exception together
    keys: npt.NDArray[np.uint64]
    values: npt.NDArray[np.int32]
    compound_keys: npt.NDArray[np.uint64]
    compound_values: npt.NDArray[np.int32]
    piece_starts: npt.NDArray[np.int32]  # of each exception
    pieces: npt.NDArray[np.int32]  # characters of each
    most_pieces: int


class Chunk(NamedTuple):
    """One chunk: its characters, their classes, where each begins; and room for the cuts."""

    data: Bytes
    codes: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.uint16]
    at: npt.NDArray[np.int32]
    cuts: npt.NDArray[np.int32]
    back: npt.NDArray[np.int32]
    exceptions: npt.NDArray[np.int32]
    seen: npt.NDArray[np.uint8]


Size: TypeAlias = int | np.int64


@lean
def is_digit(code: Place) -> Flag:
    return 48 <= code <= 57
