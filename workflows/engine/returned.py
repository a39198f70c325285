"""What operators gave back, as the engine keeps it."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import ANY, Columns, Group
from tools.errors import ContractError
from tools.one_array import one_array

from ..graph import Node
from .call import checked
from .flows import Column
from .fragments import Rows


def changes(made: pa.Table, batch: pa.RecordBatch, before: Mapping[str, Column]) -> pa.Table:
    """Only what changed is kept: (column, changed.column) pairs."""
    kept = {}
    for name in made.column_names:
        new = one_array(made[name])
        if name in before and batch[name].type == new.type:
            same = pc.fill_null(pc.equal(new, batch[name]), False) if not pa.types.is_nested(new.type) else pa.array([False] * len(new))
            changed = pc.invert(same)
            kept[name] = pc.if_else(changed, new, pa.scalar(None, new.type))
        else:
            changed, kept[name] = pa.array(np.ones(len(new), np.bool_)), new
        kept[f"changed.{name}"] = changed
    return pa.table(kept)


def blank(at: Rows) -> list[tuple[pa.RecordBatch, Rows]]:
    """A batch for an operator that reads no column."""
    return [(pa.RecordBatch.from_arrays([pa.nulls(len(at))], ["_"]), at)] if len(at) else []


def ranked(step: str, columns: Columns, rows: int) -> pa.Table:
    if "order" not in columns or set(columns) - {"order", "key", "weight", "unit"}:
        raise ContractError(f"step {step!r}: `order` gave {sorted(columns)}; it gives order and, if need be, key, weight, unit")
    return checked(step, columns, dict.fromkeys(columns, ANY), rows)


def notes_of(node: Node, operator: Group, columns: Columns, at: Rows) -> pa.Table:
    if "row" not in columns:
        return checked(node.id, columns, operator.card.notes, len(at)).append_column("at", pa.array(at))
    made = checked(node.id, columns, {**operator.card.notes, "row": columns["row"].type}, None)
    positions = made["row"].to_numpy()
    if len(positions) and not 0 <= positions.min() <= positions.max() < len(at):
        raise ContractError(f"step {node.id!r}: a note names row {positions.max()} of a batch of {len(at)}")
    return made.drop_columns("row").append_column("at", pa.array(at[positions]))
