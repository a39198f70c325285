"""Finds personal data in a column of texts: anchors of many texts at once, then what stands around each, then which of what overlaps stays."""

from bisect import bisect
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.digest import offsets_of

from . import addresses, cues, national, numbers, secrets, wallets
from .anchors import Anchors, Places
from .kinds import NATIONAL
from .near import Block, Found

BLOCK_BYTES = 8 << 20
SPARE = bytes(64)  # so that a look ahead, or before the first byte, meets no text
ORDER = ("secret", "email", "iban", "ip", "mac", "wallet", "card", *sorted(NATIONAL), "birth_date", "passport", "driver_licence", "phone", "url")
_RANK = {kind: rank for rank, kind in enumerate(ORDER)}
NUMBERS = frozenset({"iban", "card", "phone", "passport", "driver_licence"}) | NATIONAL


@dataclass(frozen=True)
class Spans:
    """What was found, in the order of the texts, none inside another: row, first byte of the row's text and the byte after the last, kind."""

    rows: list[int]
    starts: list[int]
    stops: list[int]
    kinds: list[str]

    def __iter__(self) -> Iterator[tuple[int, int, int, str]]:
        return zip(self.rows, self.starts, self.stops, self.kinds, strict=True)


def spans_of(texts: pa.Array, kinds: Collection[str], countries: Sequence[str] = ()) -> Spans:
    """Everything of these kinds (`kinds_of`) in an array of strings; nulls hold nothing."""
    offsets = offsets_of(texts).astype(np.int64)
    found = Spans([], [], [], [])
    first = 0
    while first < len(texts):
        last = max(first + 1, int(np.searchsorted(offsets, offsets[first] + BLOCK_BYTES)) - 1)
        _add(found, first, _block(texts.slice(first, last - first), frozenset(kinds), countries), kinds)
        first = last
    return found


def found_in(text: str, kinds: Collection[str], countries: Sequence[str] = ()) -> list[tuple[int, int, str]]:
    """The same of one text, by characters."""
    raw = text.encode()
    spans = spans_of(pa.array([text], pa.string()), kinds, countries)
    return [(len(raw[:start].decode()), len(raw[:stop].decode()), kind) for _, start, stop, kind in spans]


def _add(found: Spans, first: int, block: tuple[Block, Iterable[Found]], kinds: Collection[str]) -> None:
    bounds = block[0].bounds
    row = 0
    for span in _apart(block[1]):
        if span.kind not in kinds:
            continue
        while bounds[row + 1] <= span.start:
            row += 1
        found.rows.append(first + row)
        found.starts.append(span.start - bounds[row])
        found.stops.append(span.stop - bounds[row])
        found.kinds.append(span.kind)


def _block(texts: pa.Array, kinds: frozenset[str], countries: Sequence[str]) -> tuple[Block, list[Found]]:
    plain = pc.fill_null(texts, "") if texts.null_count else texts
    bounds = np.append(0, np.cumsum(pc.binary_length(plain).to_numpy().astype(np.int64) + 1))
    raw = _joined(plain)
    block, anchors = Block(raw, bounds.tolist()), Anchors(np.frombuffer(raw, np.uint8), bounds)
    found = [*_numbers(block, anchors, kinds, countries), *_signs(block, anchors, kinds), *_words(plain, block, kinds)]
    return block, found


def _joined(texts: pa.Array) -> bytes:
    """All texts with a zero byte after each, and spare ones at the end."""
    whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts.cast(pa.binary()))
    return b"".join((memoryview(pc.binary_join(whole, b"\0")[0].as_buffer()), b"\0", SPARE))


def _numbers(block: Block, anchors: Anchors, kinds: frozenset[str], countries: Sequence[str]) -> Iterator[Found]:
    if kinds & NUMBERS:
        yield from numbers.numbers(block.raw, anchors.clusters(), kinds, countries)
    if kinds & NATIONAL:
        for start in anchors.lettered().tolist():
            yield from national.identities(block.near(start, start + 1, numbers.BEFORE, numbers.AFTER), 0, True, kinds)
    if kinds & {"ip", "phone"}:  # no number of a phone stands in one
        for start in anchors.quads().tolist():
            yield from addresses.ipv4(block, start)
    if "wallet" in kinds:
        for start in anchors.hexes().tolist():
            yield from wallets.wallets(block, start)


def _signs(block: Block, anchors: Anchors, kinds: frozenset[str]) -> Iterator[Found]:
    """What at-signs, colons, hyphens and equals signs lead to."""
    looks: tuple[tuple[set[str], Callable[[], Places], Callable[[Block, int], Iterator[Found]]], ...] = (
        ({"email", "phone"}, anchors.ats, addresses.emails),
        ({"secret"}, anchors.ats, secrets.login),
        ({"secret"}, anchors.assigned, secrets.assigned),
        ({"ip"}, anchors.colons, addresses.ipv6),
        ({"mac"}, anchors.pairs, addresses.macs),
    )
    for wanted, places, look in looks:
        if kinds & wanted:
            for place in places().tolist():
                yield from look(block, place)


WORDS: tuple[tuple[str, str, Callable[[Block, int, int], Iterator[Found]]], ...] = (
    ("secret", secrets.SIGNS, secrets.formed),
    ("birth_date", cues.BIRTH, cues.birth_dates),
    ("email", addresses.SPELT_AT, addresses.spelt_emails),
    ("url", addresses.URL_BEGINS, addresses.urls),
)


def _words(texts: pa.Array, block: Block, kinds: frozenset[str]) -> Iterator[Found]:
    """What words and prefixes lead to: RE2 says in which texts any of them is, then in which lines of these."""
    asked = [(pattern, look) for kind, pattern, look in WORDS if kind in kinds]
    if not asked:
        return
    pattern = "|".join(pattern for pattern, _ in asked)
    rows = np.flatnonzero(pc.match_substring_regex(texts, pattern))
    for start, stop in _lines(texts.take(pa.array(rows)), pattern, [block.bounds[row] for row in rows.tolist()]):
        for _, look in asked:
            yield from look(block, start, stop)


def _lines(texts: pa.Array, pattern: str, begins: list[int]) -> Iterator[tuple[int, int]]:
    """Where the lines that a pattern is in begin and end in the block."""
    lines = pc.split_pattern(texts, "\n")
    sizes = pc.binary_length(lines.values).to_numpy().astype(np.int64) + 1
    ends = np.cumsum(sizes)
    firsts = lines.offsets.to_numpy()[:-1]
    shifts = np.array(begins, np.int64) - (ends[firsts] - sizes[firsts])
    counts = np.diff(lines.offsets.to_numpy())
    ends = ends + np.repeat(shifts, counts)
    hit = np.flatnonzero(pc.match_substring_regex(lines.values, pattern))
    return zip((ends[hit] - sizes[hit]).tolist(), (ends[hit] - 1).tolist(), strict=True)


def _apart(found: Iterable[Found]) -> list[Found]:
    """In order, none inside another: of those that overlap the kind that comes first in ORDER stays, of one kind the longest."""
    ordered = sorted(set(found))
    kept: list[Found] = []
    group: list[Found] = []
    stop = -1
    for span in ordered:
        if span.start >= stop and group:
            kept += _best(group)
            group = []
        group.append(span)
        stop = max(stop, span.stop)
    return kept + _best(group)


def _best(group: list[Found]) -> list[Found]:
    if len(group) < 2:
        return group
    kept: list[Found] = []
    for span in sorted(group, key=lambda span: (_RANK[span.kind], span.start - span.stop, span.start)):
        place = bisect(kept, span)
        if (not place or kept[place - 1].stop <= span.start) and (place == len(kept) or span.stop <= kept[place].start):
            kept.insert(place, span)
    return kept
