"""Adds up what small trees say, in whole numbers: each tree asks all rows the same few questions in turn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

AT_ONCE = 4096  # a page may hold any number of blocks


@dataclass(frozen=True)
class Forest:
    """Trees of one depth: `asked` and `above` hold a column and a bound for each question, `said` a number for each row of answers."""

    asked: npt.NDArray[np.int64]  # trees, depth
    above: npt.NDArray[np.int32]
    said: npt.NDArray[np.int64]  # trees, 2 ** depth
    bias: int

    @classmethod
    def of(cls, bias: int, depth: int, questions: Sequence[int], answers: Sequence[int]) -> "Forest":
        """`questions`: column and bound in turn; `answers`: what each tree says, tree by tree."""
        pairs = np.array(questions, np.int64).reshape(-1, depth, 2)
        return cls(pairs[:, :, 0], pairs[:, :, 1].astype(np.int32), np.array(answers, np.int64).reshape(len(pairs), -1), bias)

    def sums(self, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
        """One number a row."""
        return np.concatenate([self._sums(rows[start : start + AT_ONCE]) for start in range(0, len(rows), AT_ONCE)])

    def _sums(self, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
        trees, depth = self.asked.shape
        leaf = np.zeros((len(rows), trees), np.int64)
        for place in range(depth):
            leaf <<= 1
            leaf += rows[:, self.asked[:, place]] > self.above[:, place]
        sums: npt.NDArray[np.int64] = self.said[np.arange(trees), leaf].sum(axis=1) + self.bias
        return sums
