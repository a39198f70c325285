"""Lines and paragraphs of texts: where each lies, and a hash of what it says.

A line ends at `\\n`, `\\r\\n` or `\\r`, as in `desk.scan`, and is taken bare of the white space at its ends. Its bytes reach from its
first character to behind the line break, so that cutting a line leaves no empty one.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

from .shingles import MIXER, ODD, Hashes, Numbers, mixed

Bytes = npt.NDArray[np.uint8]
SPACES = bytes([*range(9, 14), *range(28, 33)])
WIDE = np.array([0xE19A80, *range(0xE28080, 0xE2808B), 0xE280A8, 0xE280A9, 0xE280AF, 0xE2819F, 0xE38080])  # white space of three bytes
STEPS = 64  # characters of white space that are walked over for all lines at once


@dataclass(frozen=True)
class Pieces:
    """Pieces in the order of the texts. `first`, `last`: what is left without white space at the ends, in `data`."""

    row: Numbers
    start: Numbers  # in the row's text
    stop: Numbers
    first: Numbers
    last: Numbers
    data: Bytes

    @property
    def sizes(self) -> Numbers:
        return self.last - self.first

    def only(self, chosen: npt.NDArray[np.bool_]) -> "Pieces":
        return Pieces(self.row[chosen], self.start[chosen], self.stop[chosen], self.first[chosen], self.last[chosen], self.data)

    def characters(self) -> Numbers:
        """Code points of each piece's bare text."""
        if len(self.data) == 0 or int(self.data.max()) < 0x80:
            return self.sizes
        before = np.zeros(len(self.data) + 1, np.int64)
        np.cumsum((self.data & 0xC0) != 0x80, out=before[1:])
        found: Numbers = before[self.last] - before[self.first]
        return found

    def texts(self) -> pa.Array:
        """The bare texts."""
        bounds = np.empty(2 * len(self.row) + 1, np.int64)  # piece, gap, piece, gap …
        bounds[0:-1:2], bounds[1::2] = self.first, self.last
        bounds[-1] = self.last[-1] if len(self.row) else 0
        whole = pa.LargeStringArray.from_buffers(2 * len(self.row), pa.py_buffer(bounds), pa.py_buffer(self.data))
        return whole.take(pa.array(np.arange(0, 2 * len(self.row), 2))).cast(pa.string())

    def hashes(self) -> Hashes:
        """The xxh3-64 of each bare text."""
        view = memoryview(self.data.data)
        spans = zip(self.first.tolist(), self.last.tolist(), strict=True)
        return np.fromiter((xxhash.xxh3_64_intdigest(view[first:last]) for first, last in spans), np.uint64, len(self.row))


def lines(texts: pa.Array) -> Pieces:
    """All lines, blank ones too."""
    offsets, data = _bytes(texts)
    bounds = _bounds(data, offsets)
    starts, stops = bounds[:-1], bounds[1:]
    row = np.repeat(np.arange(len(texts)), np.diff(np.searchsorted(bounds, offsets)))
    first, last = _bare(data, starts, stops)
    return Pieces(row, starts - offsets[row], stops - offsets[row], first, last, data)


def paragraphs(all_lines: Pieces, hashes: Hashes) -> tuple[Pieces, Hashes, Numbers]:
    """Blocks of lines that are not blank, each with the blank lines after it; their hashes, and how many bytes their lines have.

    `hashes`: of the lines that are not blank, in order.
    """
    filled = all_lines.sizes > 0
    begins = filled.copy()
    begins[1:] &= ~filled[:-1] | (all_lines.row[1:] != all_lines.row[:-1])
    heads = np.flatnonzero(begins)
    if not len(heads):
        return all_lines.only(begins), hashes[:0], heads
    ends = np.append(heads[1:], len(filled)) - 1  # the last line before the next block
    row_ends = np.searchsorted(all_lines.row, all_lines.row[heads], side="right") - 1
    ends = np.minimum(ends, row_ends)
    own = np.flatnonzero(filled)
    at = np.searchsorted(own, heads)
    turns = np.arange(len(own)) - np.repeat(at, np.diff(np.append(at, len(own))))
    powers = np.cumprod(np.concatenate(([1], np.full(int(turns.max()), ODD))), dtype=np.uint64)
    marks = mixed(np.add.reduceat((hashes ^ MIXER) * powers[turns], at))
    lasts = np.append(at[1:], len(own)) - 1
    sizes = np.add.reduceat(all_lines.sizes[own] + 1, at)
    chosen = Pieces(
        all_lines.row[heads], all_lines.start[heads], all_lines.stop[ends], all_lines.first[heads], all_lines.last[own[lasts]], all_lines.data
    )
    return chosen, marks, sizes


def _bytes(texts: pa.Array) -> tuple[Numbers, Bytes]:
    """Where each text begins, from 0 on, and their bytes."""
    _, bounds, data = texts.buffers()
    if not len(texts) or bounds is None:
        return np.zeros(len(texts) + 1, np.int64), np.zeros(0, np.uint8)
    offsets = np.frombuffer(bounds, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    held = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]] if data is not None else np.zeros(0, np.uint8)
    return offsets - offsets[0], held


def _bounds(data: Bytes, offsets: Numbers) -> Numbers:
    """Where lines begin, over all texts, and where the last one ends; texts that are empty have none."""
    breaks = np.flatnonzero(data == 10) + 1
    returns = np.flatnonzero(data == 13) + 1
    if len(returns):
        alone = returns[data[np.minimum(returns, len(data) - 1)] != 10]
        breaks = np.concatenate((breaks, alone))
    bounds = np.concatenate((offsets, breaks))
    bounds.sort(kind="stable")
    return bounds[np.concatenate(([True], bounds[1:] != bounds[:-1]))]


def _bare(data: Bytes, starts: Numbers, stops: Numbers) -> tuple[Numbers, Numbers]:
    """The bounds less the white space at both ends."""
    first, last = starts.copy(), stops.copy()
    is_space = np.zeros(256, np.bool_)
    is_space[list(SPACES)] = True
    left = np.arange(len(first))
    for _ in range(STEPS):
        left = left[first[left] < last[left]]
        left = left[is_space[data[first[left]]]]
        first[left] += 1
    right = np.arange(len(first))
    for _ in range(STEPS):
        right = right[first[right] < last[right]]
        right = right[is_space[data[last[right] - 1]]]
        last[right] -= 1
    for at in np.unique(np.concatenate((left, right, _with_wide_space(data, first, last)))).tolist():
        text = data[first[at] : last[at]].tobytes().decode()
        first[at] += len(text.encode()) - len(text.lstrip().encode())
        last[at] = first[at] + len(text.strip().encode())
    return first, last


def _with_wide_space(data: Bytes, first: Numbers, last: Numbers) -> Numbers:
    """Pieces that begin or end with white space of more than one byte."""
    if len(data) == 0 or int(data.max()) < 0x80:
        return first[:0]
    two = np.flatnonzero(last - first >= 2)
    found = [two[_is_narrow(data, side)] for side in (first[two], last[two] - 2)]
    three = np.flatnonzero(last - first >= 3)
    for side in (first[three], last[three] - 3):
        codes = data[side].astype(np.int64) << 16 | data[side + 1].astype(np.int64) << 8 | data[side + 2]
        found.append(three[np.isin(codes, WIDE)])
    return np.concatenate(found)


def _is_narrow(data: Bytes, side: Numbers) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (data[side] == 0xC2) & ((data[side + 1] == 0x85) | (data[side + 1] == 0xA0))
    return found
