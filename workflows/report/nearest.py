"""Of many rows that pass by, the few that are nearest to what was asked for."""

from collections.abc import Iterator
from heapq import nsmallest
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tools.draws import mix

Row: TypeAlias = dict[str, Any]
Kind: TypeAlias = tuple[str, ...]


class Nearest:
    """Of each kind the `most` nearest rows; of those equally near some that follow from `row` and `part` alone, in whatever order they come."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._found: dict[Kind, list[tuple[float, int, Row]]] = {}

    def add(self, batch: pa.RecordBatch, distance: npt.NDArray[np.float64], kind: Kind = ()) -> None:
        """Rows of one kind, and how far away each is."""
        if not len(batch):
            return
        last = min(self.most, len(batch)) - 1
        near = np.flatnonzero(distance <= np.partition(distance, last)[last])  # all that are as near as the last
        row, part = (batch[name].to_numpy().view(np.uint64)[near] for name in ("row", "part"))
        draws = mix(row ^ mix(part))
        first = np.lexsort((draws, distance[near]))[: self.most]
        rows = zip(distance[near[first]].tolist(), draws[first].tolist(), batch.take(pa.array(near[first])).to_pylist(), strict=True)
        self._found[kind] = nsmallest(self.most, [*self._found.get(kind, ()), *rows], key=lambda one: one[:2])

    def rows(self) -> Iterator[tuple[Kind, Row]]:
        """Kinds as they first came, of each the nearest row first."""
        return ((kind, row) for kind, found in self._found.items() for _, _, row in found)
