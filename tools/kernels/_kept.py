"""What the rules of C4 count in the lines that they keep."""

import numpy as np
import numpy.typing as npt
from numba import types

from tools.heuristics import LEAST_WORDS, LONGEST_WORD
from tools.tokens import AFTER_SPACES, ENDS_SENTENCE, ONLY_MARKS, SPACE, STARTS_LINE

from ._blocks import ONE, Bytes, below, blanks, characters_in, next_equal, within
from ._decorators import BYTES, MARKS, OFFSETS, Flag, Place, lean, lean_kernel
from ._lines_of import (
    BRACKET,
    CLASSES,
    DOT,
    RESULT,
    SMALL,
    Classes,
    Found,
    Texts,
    ends_well,
    next_break,
    past_space,
    short_of_space,
    size_of_break,
    without_citations,
)
from ._machine import BLOCK, ones
from ._phrases import phrases_in
from ._text import decoded

U = np.uint64
FILLER, SCRIPT, POLICY = 1, 2, 4
LEAST_FREE = LONGEST_WORD // BLOCK - 2  # blocks without a blank in every word that is too long


@lean
def sentences_of(marks: Classes, first: Place, last: Place) -> Place:
    """Of the tokens of one line."""
    count = np.int64(1)
    is_over: Flag = False
    for token in range(first, last):
        mark = marks[token]
        ends = mark & ENDS_SENTENCE
        if is_over and ((mark & AFTER_SPACES and token > first) or not (ends or mark & ONLY_MARKS)):
            count += 1
            is_over = False
        if ends:
            is_over = True
    return count


@lean
def may_end_well(byte: np.uint8) -> Flag:
    """So ends a sentence, or a citation, which may stand behind one."""
    return bool(byte == DOT or byte == 63 or byte == 33 or byte == 34 or byte == 39 or byte == 0x5D)


@lean
def has_words(data: Bytes, classes: Classes, start: Place, stop: Place) -> Flag:
    """Whether a line bare of space has words enough."""
    inside = within(start, stop)
    starts = below(data, start, U(0x80)) & ~blanks(data, start) & (blanks(data, start) << ONE) & inside
    if ones(starts) >= U(LEAST_WORDS - 1):
        return True
    words = np.int64(1)
    place: Place = np.int64(start)
    was_blank: Flag = False
    while place < stop and words < LEAST_WORDS:
        code, size = decoded(data, place)
        is_blank: Flag = (classes[code] & SPACE) != 0
        words += was_blank and not is_blank
        was_blank = is_blank
        place += size
    return bool(words >= LEAST_WORDS)


@lean
def has_long(data: Bytes, classes: Classes, start: Place, stop: Place) -> Flag:
    """Whether a word is too long."""
    if stop - start <= LONGEST_WORD:
        return False
    free, most = 0, 0
    for block in range(start, stop, BLOCK):
        free = 0 if blanks(data, block) else free + 1
        most = max(most, free)
    if most < LEAST_FREE:
        return False
    place: Place = np.int64(start)
    word: Place = np.int64(start)
    while place < stop:
        code, size = decoded(data, place)
        if classes[code] & SPACE:
            if place - word > LONGEST_WORD and characters_in(data, word, place) > LONGEST_WORD:
                return True
            word = place + size
        place += size
    return stop - word > LONGEST_WORD and characters_in(data, word, stop) > LONGEST_WORD


@lean_kernel(types.void(types.int32[::1], CLASSES, types.int64[::1]))
def sentences(rows: Texts, marks: Classes, found: Found) -> None:
    for row in range(len(found)):
        found[row] = sentences_of(marks, rows[row], rows[row + 1])


@lean_kernel(
    types.int64(
        BYTES, OFFSETS, CLASSES, OFFSETS, MARKS, SMALL, types.int32[::1], types.int32[:, ::1],
        SMALL, types.int32[::1], SMALL, types.int32[::1], types.int64[::1], RESULT,
    )
)  # fmt: skip
def kept(
    data: Bytes, offsets: Texts, classes: Classes, token_rows: Texts, marks: Classes, phrases: Bytes, ends: Texts, facts: npt.NDArray[np.int32],
    cited: Bytes, cited_ends: Texts, room: Bytes, room_ends: Texts, room_rows: Found, found: Found,
) -> int:  # fmt: skip
    changed = 0
    filled: Place = np.int64(0)
    for row in range(len(offsets) - 1):
        line, stop = np.int64(offsets[row]), np.int64(offsets[row + 1])
        token, last_token = np.int64(token_rows[row]), np.int64(token_rows[row + 1])
        while line < stop:
            end = next_break(data, line, stop)
            first = past_space(data, classes, line, end)
            last = short_of_space(data, classes, first, end)
            line = end + size_of_break(data, end, stop) if end < stop else stop
            if first == last:
                continue
            line_token = token
            token += 1
            while token < last_token and not marks[token] & STARTS_LINE:
                token += 1
            if not may_end_well(data[last - 1]) or not has_words(data, classes, first, last) or has_long(data, classes, first, last):
                continue
            past: Place = np.int64(filled + last - first)
            if next_equal(data, first, last, U(BRACKET)) < last:
                past = without_citations(data, first, last, cited, cited_ends, room, filled)
            is_changed = past - filled != last - first
            if not is_changed:
                if not ends_well(data, first, last):
                    continue
                seen, curly = phrases_in(data, first, last, phrases, ends, facts)
            elif ends_well(room, filled, past):
                seen, curly = phrases_in(room, filled, past, phrases, ends, facts)
            else:
                continue
            found[0, row] += seen & FILLER
            found[1, row] += 0 if seen & SCRIPT else curly
            if not seen & (SCRIPT | POLICY):
                if not is_changed:
                    found[2, row] += sentences_of(marks, line_token, token)
                    continue
                filled = past
                room_rows[changed] = row
                changed += 1
                room_ends[changed] = filled
    return changed
