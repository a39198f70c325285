"""Passages of so many words: a few anchors of each text, and all passages about some anchors.

A word is a run of anything but white space, taken as it stands; each Han, Hiragana and Katakana character is a word of its own, as
in `desk.scan`. What stands between words does not count. The anchor of a passage is, of the runs of `window` words in it, the one
with the smallest hash: passages that say the same have the same anchor in the same place, and neighbours mostly share theirs
(winnowing, Schleimer, Wilkerson and Aiken 2003), so that a text has about 2 anchors in `words - window + 2` words.
Compiled (tools/kernels/passages.py), or in numpy with the same result.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import xxhash

from tools.characters import IDEOGRAPHS
from tools.contract import Columns
from tools.kernels import compiled

from .shingles import BASE, ODD, Bytes, Hashes, Numbers, mixed, text_bytes

SPACE, ALONE = 1, 2
HIGHEST = 0x32400  # nothing above is space or stands alone
HELD = 1 << 17  # windows compared at once


@dataclass(frozen=True)
class Words:
    """All words of some texts: first byte and byte after the last in all their bytes, hash, and where each text's begin."""

    first: Numbers
    last: Numbers
    hashes: Hashes
    bounds: Numbers


def anchors(texts: pa.Array, window: int, words: int) -> Columns:
    """The anchor of every passage, each once: what it says is its run of words."""
    data, offsets = text_bytes(texts)
    fast = compiled("passages", len(data))
    if fast is None:
        return _anchors(data, offsets, window, words)
    room = len(data) // 2 + len(offsets)
    found, marks, checks = np.empty(3 * room, np.int64), np.empty(room, np.uint64), np.empty(room, np.uint64)
    count = fast.anchors(data, offsets, kinds(), window, words, found, marks, checks)
    return _spans(found[: 3 * count].reshape(-1, 3), marks[:count], checks[:count])


def passages(texts: pa.Array, window: int, words: int, clues: pa.Table) -> Columns:
    """All passages whose anchor is a clue, each with the space behind it."""
    data, offsets = text_bytes(texts)
    row, start = (clues[name].to_numpy().astype(np.int64) for name in ("row", "start"))
    bounds = np.searchsorted(row, np.arange(len(texts) + 1)).astype(np.int64)
    fast = compiled("passages", len(data))
    if fast is None:
        return _passages(data, offsets, window, words, row, start)
    room = len(data) // 2 + len(offsets)
    found, marks, checks = np.empty(3 * room, np.int64), np.empty(room, np.uint64), np.empty(room, np.uint64)
    count = fast.passages(data, offsets, kinds(), window, words, bounds, start, found, marks, checks)
    return _spans(found[: 3 * count].reshape(-1, 3), marks[:count], checks[:count])


@lru_cache(maxsize=1)
def kinds() -> Bytes:
    """For each code point whether it is space or stands alone; the last entry is for all that come after it."""
    table = np.zeros(HIGHEST, np.uint8)
    table[[point for point in range(0x3001) if chr(point).isspace()]] = SPACE
    for low, high in IDEOGRAPHS:
        table[low : high + 1] = ALONE
    return table


def _spans(found: Numbers, marks: Hashes, checks: Hashes) -> Columns:
    columns = {name: pa.array(np.ascontiguousarray(found[:, turn]), pa.int32()) for turn, name in enumerate(("row", "start", "stop"))}
    return {**columns, "mark": pa.array(marks), "check": pa.array((checks >> np.uint64(32)).astype(np.uint32))}


def _anchors(data: Bytes, offsets: Numbers, window: int, words: int) -> Columns:
    own = _words(data, offsets)
    at, row = _whole(own.bounds, words)
    least = _leasts(_rolled(own.hashes, window, int(ODD)), at, words - window + 1)
    chosen = np.concatenate(([True], least[1:] != least[:-1])) if len(least) else np.zeros(0, np.bool_)
    least, row = least[chosen], row[chosen]
    found = np.stack([row, own.first[least] - offsets[row], own.last[least + window - 1] - offsets[row]], axis=1)
    return _spans(found, _rolled(own.hashes, window, int(ODD))[least], _rolled(own.hashes, window, BASE)[least])


def _passages(data: Bytes, offsets: Numbers, window: int, words: int, clue_row: Numbers, clue_start: Numbers) -> Columns:
    own = _words(data, offsets)
    at, row = _whole(own.bounds, words)
    least = _leasts(_rolled(own.hashes, window, int(ODD)), at, words - window + 1)
    chosen = np.isin(own.first[least], offsets[clue_row] + clue_start)
    at, row = at[chosen], row[chosen]
    behind = np.append(own.first, 0)[at + words]
    stop = np.where(at + words < own.bounds[row + 1], behind, offsets[row + 1])
    found = np.stack([row, own.first[at] - offsets[row], stop - offsets[row]], axis=1)
    return _spans(found, _rolled(own.hashes, words, int(ODD))[at], _rolled(own.hashes, words, BASE)[at])


def _words(data: Bytes, offsets: Numbers) -> Words:
    if len(data) == 0 or int(data.max()) < 0x80:
        points, place = data.astype(np.uint32), np.arange(len(data) + 1)
    else:
        points = np.frombuffer(data.tobytes().decode().encode("utf-32-le"), np.uint32)
        place = np.append(np.flatnonzero((data & 0xC0) != 0x80), len(data))
    kind = kinds()[np.minimum(points, HIGHEST - 1)]
    solid = kind != SPACE
    fresh = np.ones(len(points) + 1, np.bool_)  # where a word may not go on from the character before
    fresh[1:-1] = ~solid[:-1] | ~solid[1:] | (kind[:-1] == ALONE) | (kind[1:] == ALONE)
    fresh[np.searchsorted(place, offsets)] = True
    first = place[:-1][solid & fresh[:-1]]
    last = place[1:][solid & fresh[1:]]
    view = memoryview(data.data)
    spans = zip(first.tolist(), last.tolist(), strict=True)
    hashes = np.fromiter((xxhash.xxh3_64_intdigest(view[start:stop]) for start, stop in spans), np.uint64, len(first))
    return Words(first, last, hashes, np.searchsorted(first, offsets))


def _whole(bounds: Numbers, words: int) -> tuple[Numbers, Numbers]:
    """The first word of every passage, and the row it is in."""
    counts = np.maximum(np.diff(bounds) - words + 1, 0)
    row = np.repeat(np.arange(len(counts)), counts)
    return np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts) + bounds[:-1][row], row


def _rolled(own: Hashes, length: int, base: int) -> Hashes:
    """The hash of each run of so many words; runs that go on into the next text are of no use."""
    total = np.zeros(len(own), np.uint64)
    for turn in range(min(length, len(own))):
        total[: len(own) - turn] += own[turn:] * np.uint64(pow(base, turn, 1 << 64))
    return mixed(total)


def _leasts(rolled: Hashes, at: Numbers, inside: int) -> Numbers:
    """For each passage the run in it with the smallest hash, of equal ones the first."""
    found = np.zeros(len(at), np.int64)
    for start in range(0, len(at), HELD):
        each = at[start : start + HELD]
        found[start : start + HELD] = each + np.argmin(rolled[each[:, None] + np.arange(inside)], axis=1)
    return found
