"""How many rows of the whole input, told from a sample: ratio estimates with 95% intervals that allow for rows drawn together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf, sqrt
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
NORMAL = 1.959964  # 97.5% of the normal distribution lie below


@dataclass(frozen=True)
class Estimate:
    """A number and the 95% interval that it lies in; no value: only the interval is known."""

    value: float | None
    low: float = 0.0
    high: float = inf

    def times(self, share: "Estimate") -> "Estimate":
        """What a share lets through. The ends are multiplied: wider than need be, never narrower."""
        value = None if self.value is None or share.value is None else self.value * share.value
        return Estimate(value, self.low * share.low, self.high * share.high)

    def most(self, limit: float) -> "Estimate":
        """No more than a limit."""
        return Estimate(None if self.value is None else min(self.value, limit), min(self.low, limit), min(self.high, limit))


NOTHING = Estimate(0.0, 0.0, 0.0)
UNKNOWN = Estimate(None)


@dataclass(frozen=True)
class Stratum:
    """One source's sample: for each draw its size, its rows, and how many of them were seen at each place (step and port)."""

    total: float  # size of the source, in the unit of `size`
    size: Floats
    rows: Floats
    seen: Mapping[str, Floats]
    whole: bool = False  # the sample is all there is
    records: float | None = None  # rows of the source, where they were counted
    one_by_one: bool = False  # each row was drawn for itself

    @property
    def expected_rows(self) -> Estimate:
        """Rows of the source."""
        if self.records is not None:
            return Estimate(self.records, self.records, self.records)
        return self._ratio(self.rows) if self.rows.sum() else NOTHING

    @property
    def scale(self) -> float:
        """How many rows of the source one row of the sample stands for."""
        drawn = float(self.rows.sum())
        return (self.expected_rows.value or 0.0) / drawn if drawn else 0.0

    def at(self, place: str) -> Estimate:
        """Rows of the whole source that come to a place."""
        counts = self.seen.get(place, np.zeros(len(self.rows)))
        if self.whole:
            total = float(counts.sum())
            return Estimate(total, total, total)
        rows = self.expected_rows
        drawn, found = float(self.rows.sum()), float(counts.sum())
        if not drawn or rows.value is None:
            return NOTHING
        if (counts > self.rows).any() or found > drawn:  # born rows: no share
            return self._ratio(counts) if not self.one_by_one else _scaled(found / drawn, rows.value, sqrt(2 / max(found, 1.0)))
        share = found / drawn
        low, high = wilson(share, drawn / self._likeness(counts), self.quantile)
        spread = (rows.high - rows.low) / 2 * share
        value = share * rows.value
        return Estimate(value, max(0.0, value - _both(value - low * rows.value, spread)), value + _both(high * rows.value - value, spread))

    def _likeness(self, counts: Floats) -> float:
        """How many times the variance is larger than of rows drawn one by one (the design effect)."""
        if self.one_by_one or len(self.rows) < 2:
            return 1.0
        found = self._likeness_of(counts)
        return self.typical_likeness if found is None else max(found, 0.5)

    @property
    def typical_likeness(self) -> float:
        """Where a count does not tell, because all rows or none are in it: what the others tell."""
        found = [one for place in self.seen.values() if (one := self._likeness_of(place)) is not None] if len(self.rows) > 1 else []
        return max(1.0, float(np.median(found))) if found and not self.one_by_one else 1.0

    def _likeness_of(self, counts: Floats) -> float | None:
        drawn = self.rows.sum()
        share = counts.sum() / drawn
        if not 0 < share < 1:
            return None
        draws = len(self.rows)
        variance = draws / (draws - 1) * ((counts - share * self.rows) ** 2).sum() / drawn**2
        return float(variance / (share * (1 - share) / drawn)) * (1 - self._seen_share())

    def _ratio(self, counts: Floats) -> Estimate:
        """A total by its ratio to the size drawn."""
        if self.whole:
            return Estimate(float(counts.sum()), float(counts.sum()), float(counts.sum()))
        ratio, draws = counts.sum() / self.size.sum(), len(counts)
        if draws < 2 or np.array_equal(counts, self.size):
            exact = counts.sum() == self.size.sum()
            return Estimate(self.total * ratio, self.total * ratio * (1.0 if exact else 0.5), self.total * ratio * (1.0 if exact else 2.0))
        error = sqrt(draws / (draws - 1) * ((counts - ratio * self.size) ** 2).sum()) / self.size.sum() / max(ratio, 1e-300)
        return _scaled(ratio, self.total, error * sqrt(1 - self._seen_share()), self.quantile)

    def _seen_share(self) -> float:
        return min(1.0, float(self.size.sum()) / self.total) if self.total else 0.0

    @property
    def quantile(self) -> float:
        """Student's t at 97.5% for as many draws, to two terms."""
        freedom = inf if self.one_by_one else max(len(self.rows) - 1, 1)
        return NORMAL + (NORMAL**3 + NORMAL) / (4 * freedom)


def share_of(strata: Iterable[Stratum], out: str, into: str) -> Estimate:
    """The share of the rows at one place that come to another."""
    found = [one for one in strata if one.seen.get(into, np.zeros(1)).sum()]
    if not found:
        return UNKNOWN
    nothing = [np.zeros(len(one.rows)) for one in found]
    came = np.concatenate([one.scale * one.seen[into] for one in found])
    left = np.concatenate([one.scale * one.seen.get(out, zero) for one, zero in zip(found, nothing, strict=True)])
    share = float(left.sum() / came.sum())
    if all(one.whole for one in found):
        return Estimate(share, share, share)
    rows = sum(float(one.seen[into].sum()) for one in found)
    draws = len(came)
    spread = draws / max(draws - 1, 1) * float(((left - share * came) ** 2).sum()) / float(came.sum()) ** 2
    if not 0 <= share <= 1:  # born rows
        error = 2 * sqrt(spread) if draws > 1 else 2 * share / sqrt(max(rows, 1.0))
        return Estimate(share, max(0.0, share - error), share + error)
    single = share * (1 - share) / rows
    likeness = max(0.5, spread / single) if draws > len(found) and single > 0 else max(one.typical_likeness for one in found)
    low, high = wilson(share, rows / likeness, max(one.quantile for one in found))
    return Estimate(share, low, high)


def together(estimates: Iterable[Estimate]) -> Estimate:
    """The sum of independent estimates."""
    found = list(estimates)
    if any(one.value is None for one in found):
        return Estimate(None, sum(one.low for one in found), sum(one.high for one in found))
    value = sum(one.value or 0.0 for one in found)
    low = sqrt(sum(((one.value or 0.0) - one.low) ** 2 for one in found))
    high = sqrt(sum((one.high - (one.value or 0.0)) ** 2 for one in found))
    return Estimate(value, max(0.0, value - low), value + high)


def wilson(share: float, rows: float, quantile: float = NORMAL) -> tuple[float, float]:
    """Wilson's interval of a share seen in so many rows."""
    if rows <= 0:
        return 0.0, 1.0
    square = quantile * quantile
    middle = (share + square / (2 * rows)) / (1 + square / rows)
    half = quantile * sqrt(max(share * (1 - share), 0.0) / rows + square / (4 * rows * rows)) / (1 + square / rows)
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


def _scaled(ratio: float, total: float, error: float, quantile: float = NORMAL) -> Estimate:
    value = ratio * total
    return Estimate(value, max(0.0, value * (1 - quantile * error)), value * (1 + quantile * error))


def _both(one: float, other: float) -> float:
    return sqrt(one * one + other * other)
