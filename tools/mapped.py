"""Replaces single characters of texts by a table, for all texts of a batch at once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .digest import bytes_of, offsets_of

HIGHEST = 0x10000  # characters of four bytes are let be
MOST = 3  # bytes of a character below


@dataclass(frozen=True)
class Table:
    """For each character the number of what it becomes, 0: it stays; and the bytes of each, filled up with zeros."""

    number: npt.NDArray[np.uint16]
    bytes: npt.NDArray[np.uint8]
    sizes: npt.NDArray[np.uint8]


def table(becomes: Mapping[str, str]) -> Table:
    """A table of characters beyond ASCII. What one becomes has no more bytes than it has, so that texts never grow."""
    number = np.zeros(HIGHEST, np.uint16)
    known = ["", *dict.fromkeys(becomes.values())]
    for one, other in becomes.items():
        if not 0x80 <= ord(one) < HIGHEST or len(other.encode()) > len(one.encode()):
            raise ValueError(f"{one!r} cannot become {other!r} in place")
        number[ord(one)] = known.index(other, 1)
    rows = [list(text.encode()) for text in known]
    padded = np.array([[*row, *[0] * (MOST - len(row))] for row in rows], np.uint8)
    return Table(number, padded, np.array([len(row) for row in rows], np.uint8))


def mapped(texts: pa.Array, by: Table) -> pa.Array:
    """The texts, none of them null, with each character of the table replaced."""
    offsets = offsets_of(texts).astype(np.int64)
    data = bytes_of(texts)[offsets[0] : offsets[-1]]
    leads = np.flatnonzero((data >= 0xC2) & (data < 0xF0))
    number = by.number[_codes(data, leads)] if len(leads) else np.zeros(0, np.uint16)
    hits, number = leads[number > 0], number[number > 0]
    if not len(hits):
        return texts
    made, stays = data.copy(), np.ones(len(data), np.bool_)
    had, has = np.where(data[hits] < 0xE0, 2, 3), by.sizes[number]
    for turn in range(MOST):
        written = turn < has
        made[hits[written] + turn] = by.bytes[number[written], turn]
        stays[hits[~written & (turn < had)] + turn] = False
    lost = np.concatenate(([0], np.cumsum(had - has)))
    bounds = offsets - offsets[0]
    bounds = (bounds - lost[np.searchsorted(hits, bounds)]).astype(np.int32)
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(bounds), pa.py_buffer(made[stays]))


def _codes(data: npt.NDArray[np.uint8], leads: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The characters that begin there, of two or three bytes."""
    first, second = data[leads].astype(np.int64), data[leads + 1].astype(np.int64) & 0x3F
    third = data[np.minimum(leads + 2, len(data) - 1)].astype(np.int64) & 0x3F
    return np.where(first < 0xE0, (first & 0x1F) << 6 | second, (first & 0xF) << 12 | second << 6 | third)
