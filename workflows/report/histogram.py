"""The bins of a run's books as bars on an axis, with the bounds where they cut."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor, frexp, inf, ldexp, log10, sqrt

BARS = 56
MOST_DISCRETE = 24
WIDE = 40.0  # the upper tail over the lower: from here on an axis of powers tells more
STEEP = 25.0  # the highest bar over the mean of the others: from here on heights are square roots
TAIL = 0.995
LETTER = 0.019  # the width of a bound's letter where the axis is as narrow as on a telephone
NEAR_TICKS = 0.09
FAR = 10.0  # a bound that is so many times the range away is named at the end of the axis


@dataclass(frozen=True, kw_only=True)
class Bar:
    """`left`, `right` and `height` in 0..1; `keeps`: these rows were within the bounds."""

    left: float
    right: float
    height: float
    keeps: bool


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A tick or a bound on the axis. The words of a bound begin at its line or end there; where they would run into those of
    another, they stand one row higher."""

    at: float
    text: str
    ends_there: bool = False
    row: int = 0


@dataclass(frozen=True, kw_only=True)
class Histogram:
    """One measure of one step."""

    measure: str
    rows: int
    bars: tuple[Bar, ...]
    ticks: tuple[Mark, ...]
    bounds: tuple[Mark, ...]
    is_log: bool
    is_root: bool
    above: int  # rows beyond the right end, shown in the last bar
    most: int  # rows of the highest bar


@dataclass(frozen=True)
class _Bin:
    low: float
    high: float
    rows: float


@dataclass(frozen=True)
class _Axis:
    """Where a value stands, 0..1."""

    low: float
    high: float
    is_log: bool

    def at(self, value: float) -> float:
        scale = _power if self.is_log else _same
        low, high = scale(self.low), scale(self.high)
        return min(1.0, max(0.0, (scale(value) - low) / (high - low))) if high > low else 0.0


def histogram(measure: str, counts: Mapping[float, int], at_least: float | None, at_most: float | None) -> Histogram | None:
    """Bars for a measure; none where nothing was measured."""
    if not counts:
        return None
    is_whole = all(value == floor(value) for value in (*counts, at_least or 0, at_most or 0))
    bins = [_bin(edge, rows, is_whole) for edge, rows in sorted(counts.items())]
    keep_low = -inf if at_least is None else ceil(at_least) if is_whole else at_least
    keep_high = inf if at_most is None else floor(at_most) + 1 if is_whole else at_most
    axis = _axis(bins, [value for value in (keep_low, keep_high) if abs(value) != inf], is_whole)
    edges = _edges(axis, bins, is_whole, [keep_low, keep_high])
    axis = replace(axis, low=edges[0], high=edges[-1])
    heights = _spread(bins, edges)
    is_root = _is_steep(heights)
    drawn = [sqrt(height) if is_root else height for height in heights]
    most = max(drawn) or 1.0
    bars = [
        bar
        for (left, right), height in zip(pairwise(edges), drawn, strict=True)
        if height
        for bar in _pieces(axis, left, right, height / most, keep_low, keep_high)
    ]
    bounds = [_mark(axis, at, bound, word) for at, bound, word in _bounds(keep_low, at_least, keep_high, at_most)]
    above = sum(one.rows for one in bins if one.low > axis.high)
    return Histogram(
        measure=measure,
        rows=sum(counts.values()),
        bars=tuple(bars),
        ticks=tuple(_ticks(axis, is_whole)),
        bounds=_placed(bounds),
        is_log=axis.is_log,
        is_root=is_root,
        above=round(above),
        most=round(max(heights)),
    )


def number(value: float) -> str:
    """Short: 12, 0.35, 12k."""
    for unit, name in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= unit:
            return f"{value / (1e3 if name == 'k' else unit):g}{name}" if len(f"{value:g}") > 6 or value % 1000 == 0 else f"{value:,.0f}"
    return f"{value:,.0f}" if value == floor(value) else f"{value:.3g}"


def _bin(edge: float, rows: int, is_whole: bool) -> _Bin:
    """The interval that a lower edge stands for: sixteenths of an octave, away from zero."""
    if not edge:
        return _Bin(0.0, 1.0 if is_whole else 0.0, rows)
    width = ldexp(1.0, frexp(abs(edge))[1]) / 32
    width = max(width, 1.0) if is_whole else width
    return _Bin(edge, edge + width, rows) if edge > 0 else _Bin(edge - width + is_whole, edge + is_whole, rows)


def _axis(bins: Sequence[_Bin], bounds: Sequence[float], is_whole: bool) -> _Axis:
    low, high = bins[0].low, max(one.high for one in bins)
    small, large = _quantile(bins, 0.02), _quantile(bins, TAIL)
    if low >= 0 and large > WIDE * max(small, _least(bins)) and large > 8:
        least = min([_least(bins), *(bound for bound in bounds if bound > 0)])
        return _Axis(least / 2 if low == 0 else least, max([high, *bounds]), True)
    if low >= 0 and high <= 1.1 and high > 0.3:
        return _Axis(0.0, max(1.0, *bounds, min(high, 1.0)) if bounds else 1.0, False)
    high = large * 1.1 if high > 2 * large > 0 else high
    room = FAR * (high - low) or inf
    near = [bound for bound in bounds if low - room <= bound <= high + room]
    low, high = min([low, *near]), max([high, *near])
    margin = 0.06 * (high - low)  # a bound at the very end would look like the end
    margin = ceil(margin) if is_whole else margin
    return _Axis(low - margin * (low in near), high + margin * (high in near) if high > low else low + 1, False)


def _edges(axis: _Axis, bins: Sequence[_Bin], is_whole: bool, bounds: Sequence[float]) -> list[float]:
    """The ends of the bars; one of them is a bound, where there is one within the axis."""
    anchor = next((bound for bound in bounds if axis.low < bound < axis.high), axis.low)
    if is_whole and axis.high - axis.low <= MOST_DISCRETE and not axis.is_log:
        return [axis.low + turn for turn in range(ceil(axis.high - axis.low) + 1)]
    if axis.is_log:
        step = (_power(axis.high) - _power(axis.low)) / BARS
        first = _power(anchor) - step * ceil((_power(anchor) - _power(axis.low)) / step)
        return [10 ** (first + step * turn) for turn in range(ceil((_power(axis.high) - first) / step - 1e-9) + 1)]
    step = (axis.high - axis.low) / BARS
    step = max(1, ceil(step)) if is_whole else step
    first = anchor - step * ceil((anchor - axis.low) / step - 1e-9)
    return [first + step * turn for turn in range(ceil((axis.high - first) / step - 1e-9) + 1)]


def _spread(bins: Sequence[_Bin], edges: Sequence[float]) -> list[float]:
    """Rows by bar; a bin that lies in several is shared among them by its width, what lies beyond goes to the outer ones."""
    heights = [0.0] * (len(edges) - 1)
    last = len(heights) - 1
    for one in bins:
        first = min(last, max(0, bisect_right(edges, one.low) - 1))
        end = min(last, max(first, bisect_right(edges, one.high - 1e-12) - 1))
        if first == end or one.high <= one.low:
            heights[first] += one.rows
            continue
        for place in range(first, end + 1):
            inside = min(one.high, edges[place + 1]) - max(one.low, edges[place])
            heights[place] += one.rows * max(0.0, inside) / (min(one.high, edges[end + 1]) - one.low)
    return heights


def _pieces(axis: _Axis, left: float, right: float, height: float, keep_low: float, keep_high: float) -> list[Bar]:
    """A bar, cut where a bound goes through it."""
    cuts = [left, *(bound for bound in sorted({keep_low, keep_high}) if left < bound < right), right]
    found = []
    for one, other in pairwise(cuts):
        middle = (one + other) / 2
        start, stop = axis.at(one), axis.at(other)
        if stop > start:
            found.append(Bar(left=start, right=stop, height=height, keeps=keep_low <= middle < keep_high))
    return found


def _mark(axis: _Axis, at: float, bound: float, word: str) -> Mark:
    beyond = " →" if at > axis.high else " ←" if at < axis.low else ""
    return Mark(at=axis.at(at), text=f"{word} {number(bound)}{beyond}")


def _bounds(keep_low: float, at_least: float | None, keep_high: float, at_most: float | None) -> list[tuple[float, float, str]]:
    sides = ((keep_low, at_least, "at least"), (keep_high, at_most, "at most"))
    return [(at, bound, word) for at, bound, word in sides if bound is not None]


def _placed(bounds: Sequence[Mark]) -> tuple[Mark, ...]:
    """The lower bound's words end at its line, the upper one's begin there, unless the edge is near."""
    placed: list[Mark] = []
    end = 0.0  # of the words before
    for mark in bounds:
        width = LETTER * len(mark.text)
        ends_there = mark.at > (width if mark.text.startswith("at least") else 1 - width)
        start = mark.at - width * ends_there
        placed.append(replace(mark, ends_there=ends_there, row=int(bool(placed) and start < end)))
        end = start + width
    return tuple(placed)


def _ticks(axis: _Axis, is_whole: bool) -> list[Mark]:
    if axis.is_log:
        first, last = floor(_power(axis.low)), ceil(_power(axis.high))
        inside = [power for power in range(first, last + 1) if axis.low <= 10.0**power <= axis.high]
        steps = (1, 2, 5) if len(inside) < 3 else (1,)
        values = [step * 10.0**power for power in range(first, last + 1) for step in steps]
    else:
        step = _round_step((axis.high - axis.low) / 6)
        step = max(1.0, step) if is_whole else step
        start = ceil(axis.low / step - 1e-9)
        values = [step * turn for turn in range(start, start + 12)]
    marks: list[Mark] = []
    for value in values:
        at = axis.at(value)
        if axis.low - 1e-12 <= value <= axis.high * (1 + 1e-12) and (not marks or at - marks[-1].at >= NEAR_TICKS):
            marks.append(Mark(at=at, text=number(value)))
    return marks


def _round_step(rough: float) -> float:
    power: float = 10.0 ** floor(log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * 0.999)


def _is_steep(heights: Sequence[float]) -> bool:
    filled = sorted(height for height in heights if height)
    return len(filled) > 2 and filled[-1] > STEEP * sum(filled[:-1]) / (len(filled) - 1)


def _quantile(bins: Sequence[_Bin], share: float) -> float:
    total, seen = sum(one.rows for one in bins), 0.0
    for one in bins:
        seen += one.rows
        if seen >= share * total:
            return one.low
    return bins[-1].low


def _least(bins: Sequence[_Bin]) -> float:
    return next((one.low for one in bins if one.low > 0), 1.0)


def _power(value: float) -> float:
    return log10(max(value, 1e-300))


def _same(value: float) -> float:
    return value
