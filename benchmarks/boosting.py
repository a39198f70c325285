"""Boosted trees that ask all rows the same question at each depth: logistic loss, whole numbers in, for weights that ship as numbers."""

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]
BINS, PENALTY, LEAST = 48, 5.0, 2.0
COLUMNS, ROWS = 0.45, 0.75  # share of each that a tree sees


@dataclass(frozen=True)
class Trees:
    """A start, and of each tree its columns, bounds and answers."""

    bias: float
    grown: list[tuple[list[int], list[int], Real]]

    def sums(self, rows: Whole) -> Real:
        total = np.full(len(rows), self.bias)
        for columns, bounds, said in self.grown:
            leaf = np.zeros(len(rows), np.int64)
            for column, bound in zip(columns, bounds, strict=True):
                leaf = leaf * 2 + (rows[:, column] > bound)
            total += said[leaf]
        return total


def grow(rows: Whole, wanted: Real, weight: Real, *, trees: int, depth: int, rate: float, seed: int) -> Trees:
    """Trees that tell rows apart as `wanted` says, each row as weighty as `weight`."""
    draw = np.random.default_rng(seed)
    bounds = [np.unique(np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1], method="lower")) for column in rows.T]
    binned = np.stack([np.searchsorted(found, column).astype(np.uint8) for found, column in zip(bounds, rows.T, strict=True)])
    share = float((weight * wanted).sum() / weight.sum())
    bias = float(np.log(share / (1 - share)))
    sums, grown = np.full(len(wanted), bias), []
    for _ in range(trees):
        chance = 1 / (1 + np.exp(-sums))
        slope, bend = weight * (wanted - chance), weight * chance * (1 - chance)
        seen = np.flatnonzero(draw.random(len(wanted)) < ROWS)
        columns = np.sort(draw.choice(rows.shape[1], int(rows.shape[1] * COLUMNS), replace=False))
        leaf, asked, limits = np.zeros(len(wanted), np.int64), list[int](), list[int]()
        for level in range(depth):
            counted = _counted(binned, leaf, slope, bend, columns, 1 << level, BINS + 1, seen)
            which, place = _best(counted, PENALTY, LEAST)
            column, place = (int(columns[which]), place) if which >= 0 else (int(columns[0]), len(bounds[columns[0]]))
            found = bounds[column]
            asked.append(column)
            limits.append(int(found[min(place, len(found) - 1)]))
            leaf = leaf * 2 + (binned[column] > min(place, len(found) - 1))
        pull = np.bincount(leaf[seen], slope[seen], minlength=1 << depth)
        mass = np.bincount(leaf[seen], bend[seen], minlength=1 << depth)
        said = rate * pull / (mass + PENALTY)
        sums += said[leaf]
        grown.append((asked, limits, said))
    return Trees(bias, grown)


@numba.njit(cache=False)  # type: ignore[untyped-decorator]
def _counted(binned, leaf, slope, bend, columns, leaves, bins, seen):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    found = np.zeros((len(columns), leaves, bins, 2))
    for place in range(len(columns)):
        column = columns[place]
        for row in seen:
            found[place, leaf[row], binned[column, row], 0] += slope[row]
            found[place, leaf[row], binned[column, row], 1] += bend[row]
    return found


@numba.njit(cache=False)  # type: ignore[untyped-decorator]
def _best(counted, penalty, least):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    columns, leaves, bins, _ = counted.shape
    which, where, most = -1, -1, 1e-9
    for column in range(columns):
        gain = np.zeros(bins)
        for leaf in range(leaves):
            pull, mass = counted[column, leaf, :, 0].sum(), counted[column, leaf, :, 1].sum()
            before, left, held = pull * pull / (mass + penalty), 0.0, 0.0
            for place in range(bins - 1):
                left += counted[column, leaf, place, 0]
                held += counted[column, leaf, place, 1]
                if held >= least and mass - held >= least:
                    gain[place] += left * left / (held + penalty) + (pull - left) ** 2 / (mass - held + penalty) - before
        for place in range(bins - 1):
            if gain[place] > most:
                which, where, most = column, place, gain[place]
    return which, where
