"""Lines and paragraphs of texts: where each lies, and a hash of what it says.

A line ends at `\\n`, `\\r\\n` or `\\r`, as in `desk.scan`, and is taken bare of the white space at its ends. Its bytes reach from its
first character to behind the line break, so that cutting a line leaves no empty one. Compiled (tools/kernels/line_spans.py), or in numpy
with the same result.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

from tools.kernels import compiled

from .passages import kinds
from .shingles import MIXER, ODD, Bytes, Hashes, Numbers, mixed, text_bytes

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
    characters: Numbers  # from first to last
    marks: Hashes  # what the piece says
    data: Bytes

    @property
    def sizes(self) -> Numbers:
        return self.last - self.first

    def only(self, chosen: npt.NDArray[np.bool_]) -> "Pieces":
        names = ("row", "start", "stop", "first", "last", "characters", "marks")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})

    def texts(self) -> pa.Array:
        """The bare texts."""
        bounds = np.empty(2 * len(self.row) + 1, np.int64)  # piece, gap, piece, gap …
        bounds[0:-1:2], bounds[1::2] = self.first, self.last
        bounds[-1] = self.last[-1] if len(self.row) else 0
        whole = pa.LargeStringArray.from_buffers(2 * len(self.row), pa.py_buffer(bounds), pa.py_buffer(self.data))
        return whole.take(pa.array(np.arange(0, 2 * len(self.row), 2))).cast(pa.string())


def lines(texts: pa.Array) -> Pieces:
    """All lines, blank ones too; what they say is the xxh3-64 of their bare text."""
    data, offsets = text_bytes(texts)
    fast = compiled("line_spans", len(data))
    if fast is None:
        return _lines(data, offsets)
    count = fast.count(data, offsets)
    found, marks = np.empty((6, count), np.int64), np.empty(count, np.uint64)
    fast.lines(data, offsets, kinds(), found, marks)
    row, start, stop, first, last, characters = found
    return Pieces(row, start, stop, first, last, characters, marks, data)


def paragraphs(all_lines: Pieces) -> tuple[Pieces, Numbers]:
    """Blocks of lines that are not blank, each with the blank lines after it; and how many bytes the lines of each have."""
    filled = all_lines.sizes > 0
    begins = filled.copy()
    begins[1:] &= ~filled[:-1] | (all_lines.row[1:] != all_lines.row[:-1])
    heads = np.flatnonzero(begins)
    if not len(heads):
        return all_lines.only(begins), heads
    ends = np.append(heads[1:], len(filled)) - 1  # the last line before the next block
    row_ends = np.searchsorted(all_lines.row, all_lines.row[heads], side="right") - 1
    ends = np.minimum(ends, row_ends)
    own = np.flatnonzero(filled)
    at = np.searchsorted(own, heads)
    turns = np.arange(len(own)) - np.repeat(at, np.diff(np.append(at, len(own))))
    powers = np.cumprod(np.concatenate(([1], np.full(int(turns.max()), ODD))), dtype=np.uint64)
    marks = mixed(np.add.reduceat((all_lines.marks[own] ^ MIXER) * powers[turns], at))
    lasts = np.append(at[1:], len(own)) - 1
    sizes = np.add.reduceat(all_lines.sizes[own] + 1, at)
    last = own[lasts]
    before = np.concatenate(([0], np.cumsum(all_lines.characters + 1)))  # a line break counts
    found = Pieces(
        all_lines.row[heads],
        all_lines.start[heads],
        all_lines.stop[ends],
        all_lines.first[heads],
        all_lines.last[last],
        before[last + 1] - before[heads] - 1,
        marks,
        all_lines.data,
    )
    return found, sizes


def line_bounds(data: Bytes, offsets: Numbers) -> Numbers:
    """Where lines begin, over all texts, and where the last one ends; texts that are empty have none."""
    breaks = np.flatnonzero(data == 10) + 1
    returns = np.flatnonzero(data == 13) + 1
    if len(returns):
        alone = returns[data[np.minimum(returns, len(data) - 1)] != 10]
        breaks = np.concatenate((breaks, alone))
    bounds = np.concatenate((offsets, breaks))
    bounds.sort(kind="stable")
    return bounds[np.concatenate(([True], bounds[1:] != bounds[:-1]))]


def _lines(data: Bytes, offsets: Numbers) -> Pieces:
    bounds = line_bounds(data, offsets)
    starts, stops = bounds[:-1], bounds[1:]
    row = np.repeat(np.arange(len(offsets) - 1), np.diff(np.searchsorted(bounds, offsets)))
    first, last = _bare(data, starts, stops)
    before = np.concatenate(([0], np.cumsum((data & 0xC0) != 0x80, dtype=np.int64)))
    view = memoryview(data.data)
    spans = zip(first.tolist(), last.tolist(), strict=True)
    marks = np.fromiter((xxhash.xxh3_64_intdigest(view[start:stop]) for start, stop in spans), np.uint64, len(first))
    return Pieces(row, starts - offsets[row], stops - offsets[row], first, last, before[last] - before[first], marks, data)


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
    is_blank = first == last
    return np.where(is_blank, stops, first), np.where(is_blank, stops, last)


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
