"""Where the keys and values of JSON objects lie in a buffer, for many records at once: quotes, depths, then members, by numpy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .records import Bytes, Spans, trimmed
from .splitting import Offsets

_MARKS = np.zeros(256, np.bool_)
_MARKS[[ord(mark) for mark in "{}[]:,"]] = True
_STEP = np.zeros(256, np.int8)
_STEP[[ord("{"), ord("[")]] = 1
_STEP[[ord("}"), ord("]")]] = -1


@dataclass(frozen=True)
class Members:
    """The top-level members of all records, in order. Keys lie between their quotes; values are bare of space."""

    record: Offsets  # position of the record among those asked for
    begin: Offsets  # where the member begins: its key's opening quote
    key_start: Offsets
    key_stop: Offsets
    start: Offsets
    stop: Offsets
    comma: Offsets  # where the mark after the value lies: a comma or the closing brace
    last: npt.NDArray[np.bool_]  # it is the closing brace

    def __len__(self) -> int:
        return len(self.record)

    def only(self, chosen: npt.NDArray[np.bool_]) -> "Members":
        return Members(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def real_quotes(data: Bytes) -> Offsets:
    """Double quotes that no backslash escapes."""
    quotes = np.flatnonzero(data == ord('"'))
    slashes = np.flatnonzero(data == ord("\\"))
    if not len(slashes):
        return quotes
    first = np.concatenate([np.ones(1, np.bool_), slashes[1:] != slashes[:-1] + 1])
    run_start = slashes[np.maximum.accumulate(np.where(first, np.arange(len(slashes)), 0))]
    escaping = slashes[(slashes - run_start) % 2 == 0]  # the 1st, 3rd ... of a run escapes what follows
    escaped = np.zeros(len(data) + 1, np.bool_)
    escaped[escaping + 1] = True
    return quotes[~escaped[quotes]]


def marks_outside(data: Bytes, quotes: Offsets, inside: int = 0) -> Offsets:
    """Braces, brackets, colons and commas outside strings; `inside` is 1 where the data begins within one."""
    marks = np.flatnonzero(_MARKS[data])
    outside: Offsets = marks[np.searchsorted(quotes, marks) % 2 == inside]
    return outside


def depth_steps(data: Bytes, marks: Offsets) -> npt.NDArray[np.int64]:
    """Depth after each mark."""
    steps: npt.NDArray[np.int8] = _STEP[data[marks]]
    depth: Offsets = steps.cumsum(dtype=np.int64)
    return depth


def members_of(data: Bytes, records: Spans) -> Members | None:
    """Members of these records; nothing where their marks do not alternate as in JSON objects. It checks no values."""
    quotes = real_quotes(data)
    marks = marks_outside(data, quotes)
    depth, mark = depth_steps(data, marks), data[marks]
    opens = (mark == ord("{")) & (depth == 1)
    closes = (mark == ord("}")) & (depth == 0)
    colons, commas = (mark == ord(":")) & (depth == 1), (mark == ord(",")) & (depth == 1)
    top = opens | closes | colons | commas
    at, kind = marks[top], mark[top]
    if not _alternates(at, kind, records):
        return None
    bare = np.flatnonzero((kind[:-1] == ord("{")) & (kind[1:] == ord("}")))
    empty, closed = trimmed(data, at[bare] + 1, at[bare + 1])
    if not (empty == closed).all():
        return None
    colon = np.flatnonzero(kind == ord(":"))
    begin, comma = at[colon - 1] + 1, at[colon + 1]
    first, after = np.searchsorted(quotes, begin), np.searchsorted(quotes, at[colon])
    if not (after - first == 2).all():
        return None
    open_quote, close_quote = quotes[first], quotes[first + 1]
    key_begin, key_end = trimmed(data, begin, at[colon])
    if not ((key_begin == open_quote) & (key_end == close_quote + 1)).all():
        return None
    start, stop = trimmed(data, at[colon] + 1, comma)
    record = np.searchsorted(records.start, begin, "right") - 1
    return Members(record, open_quote, open_quote + 1, close_quote, start, stop, comma, kind[colon + 1] == ord("}"))


def _alternates(at: Offsets, kind: Bytes, records: Spans) -> bool:
    opening, closing = np.flatnonzero(kind == ord("{")), np.flatnonzero(kind == ord("}"))
    if len(opening) != len(records) or len(closing) != len(records) or len(kind) == 0:
        return False
    if not ((at[opening] == records.start) & (at[closing] == records.stop - 1)).all():
        return False
    before, after = np.roll(kind, 1), np.roll(kind, -1)
    colon, comma = kind == ord(":"), kind == ord(",")
    good = (before[colon] == ord("{")) | (before[colon] == ord(","))
    good_after = (after[colon] == ord("}")) | (after[colon] == ord(","))
    return bool(good.all() and good_after.all() and (before[comma] == ord(":")).all() and (after[comma] == ord(":")).all())
