"""The texts of candidate rows, by place: what `verify` may read back, each file touched only for the rows it holds."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from .files import open_table
from .fragments import Rows


class VerifyStore:
    """Tables with a column `place` beside the columns of the operator."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._tables = [open_table(Path(path)) for path in paths]
        places = [table["place"].to_numpy() for table in self._tables]
        have = np.concatenate([np.zeros(0, np.int64), *places])
        self._order = np.argsort(have)
        self._have = have[self._order]
        self._starts = np.cumsum([0, *map(len, places)])

    def read(self, places: pa.Array, columns: Sequence[str]) -> pa.Table:
        """The rows at these places, in the order asked."""
        asked = places.combine_chunks() if isinstance(places, pa.ChunkedArray) else places
        where: Rows = self._order[np.searchsorted(self._have, asked.to_numpy())]
        owner = np.searchsorted(self._starts, where, side="right") - 1
        # table by table: `take` on one column over all of them would first copy them all into one
        numbers = np.unique(owner)
        parts = [self._tables[n].select(columns).take(pa.array(where[owner == n] - self._starts[n])) for n in numbers]
        if not parts:
            return self._tables[0].select(columns).slice(0, 0)
        back = np.empty(len(where), np.int64)
        back[np.concatenate([np.flatnonzero(owner == n) for n in numbers])] = np.arange(len(where))
        made = pa.concat_tables(parts).combine_chunks()
        return made if len(parts) == 1 else made.take(pa.array(back))

    def sizes(self) -> tuple[Rows, Rows]:
        """Places, ascending, and the bytes of the texts of each."""
        size = np.concatenate([table["_bytes"].to_numpy() for table in self._tables])
        return self._have, size[self._order]
