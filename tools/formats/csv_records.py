"""Where CSV records start: by the parity of quotes where quoting is regular, else by the state machine of Python's csv module."""

import re
from enum import Enum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .records import Bytes, Spans, places
from .splitting import Offsets

_QUOTE, _LINE_FEED, _RETURN = ord('"'), ord("\n"), ord("\r")
_WINDOW = 1 << 20


class State(Enum):
    FIELD = "a field begins here"
    PLAIN = "within a field without quotes"
    QUOTED = "within quotes"
    CLOSED = "after a quote that closes, or is the first of two"
    RETURN = "after a carriage return outside quotes"


class Rows:
    """Finds record starts block by block; knows afterwards where quoting was irregular."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter.encode()
        self._ends = re.compile(b"[\r\n" + re.escape(self._delimiter) + b"]")
        self.state = State.FIELD
        self.irregular: list[tuple[int, int]] = []

    def starts(self, block: bytes, base: int) -> Offsets:
        found = [self._window(block[first : first + _WINDOW], base + first) for first in range(0, len(block), _WINDOW)]
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def _window(self, block: bytes, base: int) -> Offsets:
        found = self._regular(block)
        if found is None:
            self.irregular.append((base, base + len(block)))
            found = self._exact(block)
        return found + base

    def _regular(self, block: bytes) -> Offsets | None:
        """Starts by parity; nothing where a quote or carriage return stands where it should not."""
        data = np.frombuffer(block, np.uint8)
        inside = int(self.state is State.QUOTED)
        quotes, feeds = np.flatnonzero(data == _QUOTE), np.flatnonzero(data == _LINE_FEED)
        returns = np.flatnonzero(data == _RETURN)
        if not self._first_fits(block[:1]) or not self._quotes_fit(data, quotes, inside):
            return None
        returns = returns[np.searchsorted(quotes, returns) % 2 == inside]
        last_is_return = len(returns) > 0 and int(returns[-1]) == len(data) - 1
        if not (data[returns[: len(returns) - last_is_return] + 1] == _LINE_FEED).all():
            return None
        after: Offsets = feeds[np.searchsorted(quotes, feeds) % 2 == inside] + 1
        self.state = self._end_state(block, (inside + len(quotes)) % 2 == 1)
        return after

    def _first_fits(self, first: bytes) -> bool:
        if self.state is State.RETURN:
            return first == b"\n"
        if self.state is State.CLOSED:
            return first in (b'"', b"\r", b"\n", self._delimiter)
        return not (self.state is State.PLAIN and first == b'"')

    def _quotes_fit(self, data: Bytes, quotes: Offsets, inside: int) -> bool:
        """Each opening quote begins a field or is the second of two, after each closing one the field ends."""
        opening = (np.arange(len(quotes)) + inside) % 2 == 0
        opens, closes = quotes[opening], quotes[~opening]
        before, after = data[opens[opens > 0] - 1], data[closes[closes < len(data) - 1] + 1]
        return bool(self._is_edge(before).all() and self._is_edge(after).all())

    def _is_edge(self, byte: Bytes) -> npt.NDArray[np.bool_]:
        return np.isin(byte, [self._delimiter[0], _LINE_FEED, _QUOTE, _RETURN])

    def _end_state(self, block: bytes, inside: bool) -> State:
        if inside:
            return State.QUOTED
        last = block[-1:]
        if last == b'"':
            return State.CLOSED
        if last == b"\r":
            return State.RETURN
        return State.FIELD if last in (b"\n", self._delimiter) else State.PLAIN

    def _exact(self, block: bytes) -> Offsets:
        """Starts by the state machine, quote by quote and field by field."""
        found: list[int] = []
        at = 0
        while at < len(block):
            byte = block[at : at + 1]
            if self.state is State.RETURN:
                at += byte == b"\n"
                found.append(at)
                self.state = State.FIELD
            elif self.state is State.QUOTED:
                quote = block.find(b'"', at)
                at, self.state = (len(block), State.QUOTED) if quote < 0 else (quote + 1, State.CLOSED)
            elif byte == b'"' and self.state is not State.PLAIN:
                at, self.state = at + 1, State.QUOTED
            else:
                end = self._ends.search(block, at)
                at, self.state = (end.end(), self._after(end.group())) if end else (len(block), State.PLAIN)
                if end and end.group() == b"\n":
                    found.append(at)
        return np.array(found, np.int64)

    def _after(self, end: bytes) -> State:
        return State.RETURN if end == b"\r" else State.FIELD


def records_of(buffer: pa.Buffer, finder: Rows, first: int) -> tuple[Spans, int]:
    """The records of a shard from this byte on, without line breaks, blank lines left out; and its lines."""
    data = np.frombuffer(buffer, np.uint8)
    windows = range(first, len(data), _WINDOW)
    starts = [np.array([first], np.int64), *(finder.starts(data[at : at + _WINDOW].tobytes(), at) for at in windows)]
    start = np.concatenate(starts)
    start = start[start < len(data)]
    stop = np.append(start[1:], len(data)) if len(start) else start
    for byte in (_LINE_FEED, _RETURN):
        if len(start):
            stop = stop - ((stop > start) & (data[np.maximum(stop - 1, 0)] == byte) & _outside(finder, stop, len(data)))
    breaks = places(data, _LINE_FEED)
    full = stop > start
    lines = len(breaks) + (len(data) > 0 and int(data[-1]) != _LINE_FEED)
    return Spans(start[full], stop[full], np.searchsorted(breaks, start[full])), lines


def _outside(finder: Rows, stop: Offsets, size: int) -> npt.NDArray[np.bool_]:
    """A last record that never closes its quotes keeps its break."""
    return (stop < size) | (finder.state is not State.QUOTED)
