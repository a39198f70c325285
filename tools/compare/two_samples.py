"""Whether two samples come from one distribution: maximum mean discrepancy with a permutation test, and divergences of counts."""

import numpy as np
import numpy.typing as npt

from tools.hashed_ngrams import Vectors

SEED = 20120731  # of the permutations: the same samples always give the same p-value
FLOOR = 1e-8  # added to every share, as DSIR does, so that a divergence has an end

Floats = npt.NDArray[np.float64]


def discrepancy(one: Vectors, other: Vectors, permutations: int) -> tuple[float | None, float | None]:
    """The unbiased square of the discrepancy, and the share of permutations of the rows that give no smaller one (itself among them).

    The kernel is Gaussian, as wide as the median distance of all rows. Gretton et al. 2012, lemma 6. None of fewer than two rows.
    """
    m, n = len(one), len(other)
    if m < 2 or n < 2:
        return None, None
    kernel = _kernel(np.concatenate([one, other]))
    draw = np.random.default_rng(SEED)
    sides = np.zeros((m + n, permutations + 1), np.float32)
    sides[:m, 0] = 1.0
    for turn in range(1, permutations + 1):
        sides[draw.permutation(m + n)[:m], turn] = 1.0
    reached = kernel @ sides
    inside = np.einsum("ij,ij->j", sides, reached, dtype=np.float64)
    all_, mixed = float(kernel.sum(dtype=np.float64)), reached.sum(axis=0, dtype=np.float64)
    found = inside / (m * (m - 1)) + (all_ - 2 * mixed + inside) / (n * (n - 1)) - 2 * (mixed - inside) / (m * n)
    least = found[0] - 1e-6 * abs(found[0]) - 1e-9  # equal ones are equal, however they were summed
    return float(found[0]), float((found >= least).sum()) / (permutations + 1)


def _kernel(rows: Vectors) -> npt.NDArray[np.float32]:
    """Of each pair of rows; of a row with itself 0, which is left out of all sums."""
    squares = np.einsum("ij,ij->i", rows, rows)
    apart = np.maximum(squares[:, None] + squares[None, :] - 2 * (rows @ rows.T), 0.0)
    middle = float(np.median(apart[np.triu_indices(len(rows), 1)]))
    kernel: npt.NDArray[np.float32] = np.exp(-apart / (2 * middle if middle > 0 else 1.0)).astype(np.float32)
    np.fill_diagonal(kernel, 0.0)
    return kernel


def jensen_shannon(one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> float | None:
    """Of two lines of counts, in bits: 0 where the shares are equal, 1 where nothing is common."""
    if not one.sum() or not other.sum():
        return None
    p, q = one / one.sum(), other / other.sum()
    middle = (p + q) / 2
    return max(0.0, (_divergence(p, middle) + _divergence(q, middle)) / 2)


def by_chance(one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> float | None:
    """The Jensen-Shannon divergence that two such lines would have if each count had fallen to either by lot: what small ones have of themselves."""
    both = one + other
    if not one.sum() or not other.sum():
        return None
    first = np.random.default_rng(SEED).binomial(both, one.sum() / both.sum())
    return jensen_shannon(first, both - first)


def kullback_leibler(of: npt.NDArray[np.integer], by: npt.NDArray[np.integer]) -> float | None:
    """In bits: what it costs to write `of` in the code that is best for `by`."""
    if not of.sum() or not by.sum():
        return None
    return _divergence(of / of.sum(), by / by.sum(), FLOOR)


def _divergence(p: Floats, q: Floats, floor: float = 0.0) -> float:
    some = p > 0
    return float((p[some] * np.log2((p[some] + floor) / (q[some] + floor))).sum())
