"""The counts of tools/heuristics.py over bytes."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import types

from tools import tokens as slow
from tools.digest import bytes_of, offsets_of
from tools.heuristics import KEPT, LEAST_WORDS, LINES, LONGEST_WORD, OUTLINE, POLICIES, REPEATED, SHORT_LINE, WORDS
from tools.tokens import AFTER_SPACES, BREAK, ENDS_SENTENCE, HAS_LETTER, ONLY_MARKS, ONLY_SYMBOLS, SPACE, STARTS_LINE, STOP_WORD, TERMINAL

from ._decorators import BYTES, MARKS, OFFSETS, Flag, Place, lean, lean_kernel
from ._lines_of import before, characters, ends_open, ends_well, is_repeat, mask_for, past_space, short_of_space, without_citations
from ._text import decoded
from ._xxh3 import hash64

U = np.uint64
Bytes = npt.NDArray[np.uint8]
Texts = npt.NDArray[np.int32]
Classes = npt.NDArray[np.uint16]
Found = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
FEED, DOT, BRACKET, CURLY, HASH_SIGN = 10, 0x2E, 0x5B, 0x7B, 0x23
FILLER, SCRIPT, POLICY = 1, 2, 4
IS_BLANK, IS_SIGN, IS_TRIGGER = 1, 2, 4
SYMBOLS_BIT = np.int32(ONLY_SYMBOLS.bit_length() - 1)
STOP_WORDS = len(slow.STOP_WORDS)
# a rare letter of each phrase is looked for; then the phrase around it
PHRASES = (
    ("javascript", 0, SCRIPT),
    ("lorem ipsum", 7, FILLER),
    *((phrase, phrase.index("k" if "k" in phrase else "f" if " of " in phrase else "v"), POLICY) for phrase in POLICIES),
)
CITED = ("[edit]", "[citation needed]")
RESULT = types.int64[:, ::1]
CLASSES = types.uint16[::1]
SMALL = types.uint8[::1]


def repeated(texts: pa.Array) -> Found:
    data, offsets = bytes_of(texts), offsets_of(texts)
    found = np.zeros((len(REPEATED), len(texts)), np.int64)
    slots = _slots(offsets)
    _repeated(
        data,
        offsets,
        slow.classes(),
        np.empty(slots, np.uint64),
        np.zeros(slots, np.int32),
        np.empty(slots, np.uint64),
        np.zeros(slots, np.int32),
        found,
    )
    return found


def outline(texts: pa.Array) -> Found:
    found = np.zeros((len(OUTLINE), len(texts)), np.int64)
    _outline(bytes_of(texts), offsets_of(texts), slow.classes(), _kinds(), found)
    return found


def lines(texts: pa.Array) -> Found:
    data, offsets = bytes_of(texts), offsets_of(texts)
    found = np.zeros((len(LINES), len(texts)), np.int64)
    slots = _slots(offsets)
    _lines(data, offsets, slow.classes(), np.empty(slots, np.uint64), np.zeros(slots, np.int32), found)
    return found


def kept(texts: pa.Array, token_rows: Texts, marks: Classes) -> tuple[Found, tuple[npt.NDArray[np.int64], pa.Array]]:
    """The counts but for the sentences of lines with citations: those lines, and the rows that they belong to."""
    data, offsets = bytes_of(texts), offsets_of(texts)
    found = np.zeros((len(KEPT), len(texts)), np.int64)
    size = int(offsets[-1] - offsets[0])
    room, ends, rows = np.empty(size + 8, np.uint8), np.zeros(size // 2 + 2, np.int32), np.empty(size // 2 + 2, np.int64)
    fill: Any = _kept
    count = fill(data, offsets, slow.classes(), _kinds(), token_rows, marks, *_phrases(), room, ends, rows, found)
    lines_ = pa.StringArray.from_buffers(count, pa.py_buffer(ends[: count + 1].copy()), pa.py_buffer(room[: ends[count]].copy()))
    return found, (rows[:count].copy(), lines_)


def sentences(token_rows: Texts, marks: Classes) -> npt.NDArray[np.int64]:
    found = np.zeros(len(token_rows) - 1, np.int64)
    _sentences(token_rows, marks, found)
    return found


def words(tokens: slow.Tokens) -> Found:
    found = np.zeros((len(WORDS), len(tokens.rows) - 1), np.int64)
    _words(tokens.rows, tokens.lengths, tokens.marks, found)
    return found


@lean_kernel(types.void(OFFSETS, OFFSETS, MARKS, RESULT))
def _words(rows: Texts, lengths: Texts, marks: Classes, found: Found) -> None:
    one = np.int32(1)
    for row in range(len(rows) - 1):
        # places without a sign and sums as narrow as lengths: so many tokens are counted together
        count, size, alphabetic, said = np.int32(0), np.int32(0), np.int32(0), np.int32(0)
        for token in range(U(rows[row]), U(rows[row + 1])):
            mark = np.int32(marks[token])
            is_word = one - ((mark >> SYMBOLS_BIT) & one)
            count += is_word
            size += lengths[token] & -is_word
            alphabetic += mark & np.int32(HAS_LETTER)
            said |= one << (mark >> np.int32(STOP_WORD))
        found[0, row], found[1, row], found[2, row], found[3, row] = rows[row + 1] - rows[row], count, size, alphabetic
        for number in range(1, STOP_WORDS + 1):
            found[4, row] += (said >> number) & 1


@lean_kernel(types.void(BYTES, OFFSETS, CLASSES, types.uint64[::1], types.int32[::1], types.uint64[::1], types.int32[::1], RESULT))
def _repeated(
    data: Bytes, offsets: Texts, classes: Classes, keys: Hashes, stamps: Texts, block_keys: Hashes, block_stamps: Texts, found: Found
) -> None:
    for row in range(len(offsets) - 1):
        start, stop, turn = np.int64(offsets[row]), np.int64(offsets[row + 1]), row + 1
        mask = mask_for(stop - start, len(keys))
        first = past_space(data, classes, start, stop)
        last = short_of_space(data, classes, first, stop)
        line, block, place = start, first, start
        while place <= stop:
            if place < stop and data[place] != FEED:
                place += 1
                continue
            end = place
            while end < stop and data[end] == FEED:
                end += 1
            found[3, row] += 1
            if is_repeat(keys, stamps, turn, mask, hash64(data, line, place)):
                found[4, row] += 1
                found[5, row] += characters(data, line, place)
            if end - place > 1 and place > first and end < last:
                found[0, row] += 1
                if is_repeat(block_keys, block_stamps, turn, mask, hash64(data, block, place)):
                    found[1, row] += 1
                    found[2, row] += characters(data, block, place)
                block = end
            line = end
            if place == stop:
                break
            place = end
        found[0, row] += 1
        if is_repeat(block_keys, block_stamps, turn, mask, hash64(data, block, last)):
            found[1, row] += 1
            found[2, row] += characters(data, block, last)


@lean
def break_at(data: Bytes, classes: Classes, place: Place, stop: Place) -> Place:
    """The bytes of the line break at a place, 0 where there is none."""
    code, size = decoded(data, place)
    if not classes[code] & BREAK:
        return np.int64(0)
    return np.int64(2) if code == 13 and place + 1 < stop and data[place + 1] == FEED else size


@lean
def _note_line(data: Bytes, classes: Classes, start: Place, stop: Place, found: Found, row: Place) -> None:
    found[2, row] += 1
    start = past_space(data, classes, start, stop)
    stop = short_of_space(data, classes, start, stop)
    if start == stop:
        return
    found[3, row] += data[start] == 45 or (stop - start > 2 and data[start] == 0xE2 and data[start + 1] == 0x80 and data[start + 2] == 0xA2)
    found[4, row] += ends_open(data, start, stop) or (
        stop - start > 2 and data[stop - 3] == 0xE2 and data[stop - 2] == 0x80 and data[stop - 1] == 0xA6
    )


@lean_kernel(types.void(BYTES, OFFSETS, CLASSES, SMALL, RESULT))
def _outline(data: Bytes, offsets: Texts, classes: Classes, kinds: Bytes, found: Found) -> None:
    for row in range(len(offsets) - 1):
        start, stop = np.int64(offsets[row]), np.int64(offsets[row + 1])
        line, place, dots_from = start, start, start
        while place < stop:
            kind = kinds[data[place]]
            if not kind & (IS_BLANK | IS_SIGN):
                place += 1
                continue
            byte = data[place]
            if byte == HASH_SIGN:
                found[0, row] += 1
            elif byte == DOT:
                if place >= dots_from and place + 2 < stop and data[place + 1] == DOT and data[place + 2] == DOT:
                    found[1, row] += 1
                    dots_from = place + 3
            elif byte == 0xE2 and data[place + 1] == 0x80 and data[place + 2] == 0xA6:
                found[1, row] += 1
            elif byte != 32:
                size = break_at(data, classes, place, stop)
                if size:
                    _note_line(data, classes, line, place, found, row)
                    place += size
                    line = place
                    continue
            place += 1
        if line < stop:
            _note_line(data, classes, line, stop, found, row)


@lean_kernel(types.void(BYTES, OFFSETS, CLASSES, types.uint64[::1], types.int32[::1], RESULT))
def _lines(data: Bytes, offsets: Texts, classes: Classes, keys: Hashes, stamps: Texts, found: Found) -> None:
    for row in range(len(offsets) - 1):
        line, stop, turn = np.int64(offsets[row]), np.int64(offsets[row + 1]), row + 1
        mask = mask_for(stop - line, len(keys))
        place = line
        while place <= stop:
            if place < stop and data[place] != FEED:
                place += 1
                continue
            if past_space(data, classes, line, place) < place:
                found[0, row] += 1
                found[1, row] += (classes[decoded(data, before(data, place))[0]] & TERMINAL) != 0
                found[2, row] += place - line <= SHORT_LINE or (place - line <= 4 * SHORT_LINE and characters(data, line, place) <= SHORT_LINE)
                if is_repeat(keys, stamps, turn, mask, hash64(data, line, place)):
                    found[3, row] += characters(data, line, place)
            found[4, row] += place < stop
            place += 1
            line = place


@lean
def says(data: Bytes, start: Place, stop: Place, phrases: Bytes, first: Place, last: Place) -> Flag:
    """Whether the bytes from a place on are this phrase, whatever the case of its letters."""
    if start + last - first > stop:
        return False
    for place in range(first, last):
        byte = data[start + place - first]
        if 65 <= byte <= 90:
            byte |= 32
        if byte != phrases[place]:
            return False
    return True


@lean
def phrases_in(
    data: Bytes, kinds: Bytes, start: Place, stop: Place, phrases: Bytes, ends: Texts, places: Texts, values: Texts
) -> tuple[np.int64, np.int64]:
    """Which kinds of phrases a line has, and how many curly brackets."""
    seen, curly = np.int64(0), np.int64(0)
    for place in range(start, stop):
        if not kinds[data[place]] & IS_TRIGGER:
            continue
        byte = data[place]
        if byte == CURLY:
            curly += 1
        byte |= 32
        for phrase in range(len(places)):
            first = ends[phrase]
            at = place - places[phrase]
            if phrases[first + places[phrase]] == byte and at >= start and says(data, at, stop, phrases, first, ends[phrase + 1]):
                seen |= values[phrase]
    return seen, curly


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


@lean_kernel(types.void(types.int32[::1], CLASSES, types.int64[::1]))
def _sentences(rows: Texts, marks: Classes, found: Found) -> None:
    for row in range(len(found)):
        found[row] = sentences_of(marks, rows[row], rows[row + 1])


@lean_kernel(
    types.int64(
        BYTES, OFFSETS, CLASSES, SMALL, OFFSETS, MARKS, SMALL, types.int32[::1], types.int32[::1], types.int32[::1], SMALL, types.int32[::1],
        SMALL, types.int32[::1], types.int64[::1], RESULT,
    )
)  # fmt: skip
def _kept(
    data: Bytes, offsets: Texts, classes: Classes, kinds: Bytes, token_rows: Texts, marks: Classes, phrases: Bytes, ends: Texts, places: Texts,
    values: Texts, cited: Bytes, cited_ends: Texts, room: Bytes, room_ends: Texts, room_rows: Found, found: Found,
) -> int:  # fmt: skip
    changed = 0
    filled: Place = np.int64(0)
    for row in range(len(offsets) - 1):
        start, stop = np.int64(offsets[row]), np.int64(offsets[row + 1])
        token, last_token = np.int64(token_rows[row]), np.int64(token_rows[row + 1])
        while start < stop:
            # one line: its words, whether one is too long, whether it has a bracket
            place, word, words, is_cited = start, start, 0, False
            is_long: Flag = False
            size: Place = np.int64(0)
            first, last = np.int64(-1), start
            while place <= stop:
                if place < stop:
                    byte = data[place]
                    kind = kinds[byte]
                    if not kind & IS_BLANK:
                        is_cited |= byte == BRACKET
                        place += 1
                        continue
                    code, size = decoded(data, place)
                    if not classes[code] & SPACE:
                        place += size
                        continue
                if place > word:
                    words += 1
                    is_long |= place - word > LONGEST_WORD and characters(data, word, place) > LONGEST_WORD
                    first, last = (word if first < 0 else first), place
                if place == stop:
                    size = np.int64(0)
                    break
                found_break = break_at(data, classes, place, stop)
                if found_break:
                    size = found_break
                    break
                place += size
                word = place
            after = place + size
            if first >= 0:
                line_token = token
                token += 1
                while token < last_token and not marks[token] & STARTS_LINE:
                    token += 1
                if words >= LEAST_WORDS and not is_long:
                    end = filled
                    if is_cited:
                        end = without_citations(data, first, last, cited, cited_ends, room, filled)
                    is_changed = is_cited and end - filled != last - first
                    if is_changed:
                        is_sentence = ends_well(room, filled, end)
                    else:
                        is_sentence = ends_well(data, first, last)
                    if is_sentence:
                        if is_changed:
                            seen, curly = phrases_in(room, kinds, filled, end, phrases, ends, places, values)
                        else:
                            seen, curly = phrases_in(data, kinds, first, last, phrases, ends, places, values)
                        found[0, row] += seen & FILLER
                        found[1, row] += 0 if seen & SCRIPT else curly
                        if not seen & (SCRIPT | POLICY):
                            if is_changed:
                                filled = end
                                room_rows[changed] = row
                                changed += 1
                                room_ends[changed] = filled
                            else:
                                found[2, row] += sentences_of(marks, line_token, token)
            start = after
            if after == place:
                break
    return changed


def _slots(offsets: Texts) -> int:
    """Twice the lines that the longest text can have."""
    size = 64
    while size < int(np.diff(offsets).max(initial=0)) + 2:
        size *= 2
    return size


@cache
def _kinds() -> Bytes:
    found = np.zeros(256, np.uint8)
    found[[9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 0xC2, 0xE1, 0xE2, 0xE3]] |= IS_BLANK
    found[[HASH_SIGN, DOT]] |= IS_SIGN
    for phrase, place, _ in PHRASES:
        found[[ord(phrase[place]), ord(phrase[place].upper())]] |= IS_TRIGGER
    found[CURLY] |= IS_TRIGGER
    return found


@cache
def _phrases() -> Any:
    ends = np.cumsum([0, *(len(phrase) for phrase, _, _ in PHRASES)], dtype=np.int32)
    places, values = (np.array([entry[column] for entry in PHRASES], np.int32) for column in (1, 2))
    cited_ends = np.cumsum([0, *map(len, CITED)], dtype=np.int32)
    return _bytes("".join(phrase for phrase, _, _ in PHRASES)), ends, places, values, _bytes("".join(CITED)), cited_ends


def _bytes(text: str) -> Bytes:
    return np.frombuffer(text.encode(), np.uint8).copy()
