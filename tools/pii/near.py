"""What a finder sees of a text: some bytes around an anchor, never beyond the text; and what it says it found."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Found(NamedTuple):
    """A span of a block, by bytes. An empty kind claims the span for what is no personal data."""

    start: int
    stop: int
    kind: str


class Near(NamedTuple):
    """Bytes of one text; `start` and `stop`: the anchor in them; `base`: where they begin in the block."""

    text: bytes
    start: int
    stop: int
    base: int

    def found(self, start: int, stop: int, kind: str) -> Found:
        return Found(self.base + start, self.base + stop, kind)


class Block:
    """Some texts, one behind the other with a zero byte after each; `bounds`: where each begins, and where one more would."""

    def __init__(self, raw: bytes, bounds: Sequence[int]) -> None:
        self.raw, self.bounds = raw, bounds

    def text_of(self, place: int) -> tuple[int, int]:
        """Where the text begins and ends in which a place lies."""
        row = bisect_right(self.bounds, place) - 1
        return self.bounds[row], self.bounds[row + 1] - 1

    def near(self, start: int, stop: int, before: int, after: int) -> Near:
        first, last = self.text_of(start)
        first, last = max(first, start - before), min(last, stop + after)
        return Near(self.raw[first:last], start - first, min(stop, last) - first, first)
