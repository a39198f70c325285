"""The counts of tools/heuristics.py over bytes."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import types

from tools import tokens as slow
from tools.digest import bytes_of, offsets_of
from tools.heuristics import KEPT, LINES, OUTLINE, POLICIES, REPEATED, WORDS
from tools.tokens import HAS_LETTER, ONLY_SYMBOLS, STOP_WORD

from . import _ended, _kept, _outline, _repeated
from ._decorators import MARKS, OFFSETS, lean_kernel
from ._kept import FILLER, POLICY, SCRIPT
from ._lines_of import RESULT, Bytes, Classes, Found, Texts

U = np.uint64
SYMBOLS_BIT = np.int32(ONLY_SYMBOLS.bit_length() - 1)
STOP_WORDS = len(slow.STOP_WORDS)
# where the first letter is of a pair that is rare at its distance; `suspects` looks for these
PHRASES = (
    ("javascript", 0, SCRIPT),
    ("lorem ipsum", 4, FILLER),
    ("terms of use", 3, POLICY),
    ("privacy policy", 3, POLICY),
    *((phrase, phrase.index("cookie"), POLICY) for phrase in POLICIES if "cookie" in phrase),
)
CITED = ("[edit]", "[citation needed]")


def repeated(texts: pa.Array) -> Found:
    data, offsets = bytes_of(texts), offsets_of(texts)
    found = np.zeros((len(REPEATED), len(texts)), np.int64)
    slots = _slots(offsets)
    _repeated.repeated(
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
    _outline.outline(bytes_of(texts), offsets_of(texts), slow.classes(), found)
    return found


def lines(texts: pa.Array) -> Found:
    data, offsets = bytes_of(texts), offsets_of(texts)
    found = np.zeros((len(LINES), len(texts)), np.int64)
    slots = _slots(offsets)
    _ended.ended(data, offsets, slow.classes(), np.empty(slots, np.uint64), np.zeros(slots, np.int32), found)
    return found


def kept(texts: pa.Array, token_rows: Texts, marks: Classes) -> tuple[Found, tuple[npt.NDArray[np.int64], pa.Array]]:
    """The counts but for the sentences of lines with citations: those lines, and the rows that they belong to."""
    data, offsets = bytes_of(texts), offsets_of(texts)
    found = np.zeros((len(KEPT), len(texts)), np.int64)
    size = int(offsets[-1] - offsets[0])
    room, ends, rows = np.empty(size + 8, np.uint8), np.zeros(size // 2 + 2, np.int32), np.empty(size // 2 + 2, np.int64)
    fill: Any = _kept.kept
    count = fill(data, offsets, slow.classes(), token_rows, marks, *_phrases(), room, ends, rows, found)
    lines_ = pa.StringArray.from_buffers(count, pa.py_buffer(ends[: count + 1].copy()), pa.py_buffer(room[: ends[count]].copy()))
    return found, (rows[:count].copy(), lines_)


def sentences(token_rows: Texts, marks: Classes) -> npt.NDArray[np.int64]:
    found = np.zeros(len(token_rows) - 1, np.int64)
    _kept.sentences(token_rows, marks, found)
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


def _slots(offsets: Texts) -> int:
    """Twice the lines that the longest text can have."""
    size = 64
    while size < int(np.diff(offsets).max(initial=0)) + 2:
        size *= 2
    return size


@cache
def _phrases() -> Any:
    ends = np.cumsum([0, *(len(entry[0]) for entry in PHRASES)], dtype=np.int32)
    cited_ends = np.cumsum([0, *map(len, CITED)], dtype=np.int32)
    return (
        _bytes("".join(entry[0] for entry in PHRASES)),
        ends,
        np.array([entry[1:] for entry in PHRASES], np.int32),
        _bytes("".join(CITED)),
        cited_ends,
    )


def _bytes(text: str) -> Bytes:
    return np.frombuffer(text.encode(), np.uint8).copy()
