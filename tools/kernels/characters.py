"""Counts of characters by class, and of words."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import BYTES, OFFSETS, Place, kernel, part
from ._text import DIGIT, EMOJI, IDEOGRAPH, LETTER, PUNCTUATION, SPACE, UPPER, Bytes, code_at

# one byte of a word for each count, the words last; `FIELDS` names the rows of what is found
FIELDS = ("whitespace", "alphabetic", "digits", "uppercase", "punctuation", "ideographs", "emoji", "words", "characters", "replacements")
LANES = (SPACE, LETTER, DIGIT, UPPER, PUNCTUATION, IDEOGRAPH, EMOJI)
PACKED = np.array([sum(1 << 8 * lane for lane, mark in enumerate(LANES) if value & mark) for value in range(256)], np.uint64)
ALONE_LANE, WORD_LANE = np.uint64(40), np.uint64(56)
ONE = np.uint64(1)
MOST = 255  # what a lane holds


@part
def _count(data: Bytes, start: Place, stop: Place, classes: Bytes, ascii_lanes: npt.NDArray[np.uint64], found: npt.NDArray[np.int32]) -> None:
    found[:] = 0
    was_apart = ONE  # what came before: white space, or a character that is a word of its own
    place = start
    while place < stop:
        lanes, read, limit = np.uint64(0), 0, min(place + MOST, stop)
        while place < limit:
            first = data[place]
            if first < 128:
                lane = ascii_lanes[first]
                place += 1
            else:
                code, size = code_at(data, place)
                lane = PACKED[classes[code]]
                found[9] += code == 0xFFFD
                place += size
            is_space, is_alone = lane & ONE, (lane >> ALONE_LANE) & ONE
            lanes += lane + (((is_space ^ ONE) & (was_apart | is_alone)) << WORD_LANE)
            was_apart = is_space | is_alone
            read += 1
        for field in range(8):
            found[field] += (lanes >> np.uint64(8 * field)) & np.uint64(0xFF)
        found[8] += read


@kernel(types.void(BYTES, OFFSETS, BYTES, types.int32[:, ::1]))
def counts(data: Bytes, offsets: npt.NDArray[np.int32], classes: Bytes, found: npt.NDArray[np.int32]) -> None:
    """All of FIELDS; each Han, Hiragana and Katakana character is a word of its own, other scripts count by white space."""
    ascii_lanes = PACKED[classes[:128]]
    for row in range(found.shape[1]):
        _count(data, np.int64(offsets[row]), np.int64(offsets[row + 1]), classes, ascii_lanes, found[:, row])
