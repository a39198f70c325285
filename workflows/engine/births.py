"""Born rows: their identity, their parents."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.digest import digest
from tools.draws import value_digests
from tools.errors import ContractError, RecipeError

from .flows import Universe
from .fragments import Rows
from .keys import part_of


def universe_of(table: pa.Table, parent: Universe, step: str, name: str) -> Universe:
    """Born rows as a universe of their own: their number is their first parent's."""
    parents = table["parents"].combine_chunks()
    parents = parents if isinstance(parents, pa.Array) else pa.concat_arrays(parents.chunks)
    first = pc.list_element(parents, 0).to_numpy().astype(np.int64) if len(table) else np.zeros(0, np.int64)
    starts = np.flatnonzero(np.diff(first, prepend=-1))
    turns = np.arange(len(first)) - np.repeat(starts, np.diff(np.append(starts, len(first))))
    part = part_of(parent.part[first], step, turns.tolist()).to_numpy()
    packed = [value_digests(table[c].combine_chunks()).tolist() for c in table.column_names if c not in ("at", "parents")]
    own = (
        digest(pa.array([b"".join(row) for row in zip(*packed, strict=True)], pa.binary())) if packed and len(table) else pa.array([], pa.binary(16))
    )
    return Universe(
        key=name,
        offset=parent.offset[first],
        line=parent.line[first],
        part=part,
        digest=own,
        number=parent.number,
        parent=parent,
        parents=parents,
        first=first,
        table=table,
    )


def parent_rows(step: str, parents: pa.Array, at: Rows) -> pa.Array:
    flat, sizes = pc.list_flatten(parents).to_numpy(), pc.list_value_length(parents).to_numpy()
    if len(flat) and not 0 <= flat.min() <= flat.max() < len(at):
        raise ContractError(f"step {step!r}: a born row names parent {flat.max()} of a batch of {len(at)}")
    if len(sizes) and sizes.min() < 1:
        raise RecipeError(f"step {step!r}: rows born from nothing need a source of their own; give each born row a parent")
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(at[flat]))
