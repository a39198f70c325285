"""An operator watched at work: the same to the engine, but each batch is looked at, cut small, or its notes put in another order."""

from collections.abc import Callable
from dataclasses import replace
from types import new_class
from typing import Any, cast

import numpy as np
import pyarrow as pa

from tools.contract import Columns, Cut, Desk, Group, Learner, Operator

Inspect = Callable[[pa.RecordBatch, bool], None]  # (batch, it holds rows of `against`)
AT_WORK = ("measure", "rewrite", "expand", "note", "around", "order", "prompts")


def watched(operator: Operator, *, rows_per_batch: int | None = None, shuffle: int | None = None, inspect: Inspect | None = None) -> Operator:
    """`rows_per_batch`: no batch has more; `shuffle`: a seed by which the notes of each partition are put in another order."""
    made = type(operator)
    body: dict[str, Any] = {"__module__": made.__module__, "__doc__": made.__doc__, "__qualname__": made.__qualname__}
    if rows_per_batch is not None:
        body["card"] = replace(made.card, rows_per_batch=rows_per_batch)
    if inspect is not None:
        body |= {
            name: _looking(getattr(made, name), inspect)
            for name in AT_WORK
            if hasattr(made, name) and getattr(made, name) is not getattr(Cut, name, None)
        }
        if hasattr(made, "learn"):
            body["learn"] = _looking(made.learn, inspect, of_reference=isinstance(operator, Learner) and bool(operator.against()))
    if shuffle is not None and isinstance(operator, Group):
        body["match"] = _shuffling(made.match, shuffle)  # type: ignore[attr-defined]
    if shuffle is not None and isinstance(operator, Cut):
        body["note"] = _shuffled(made.note, shuffle)  # type: ignore[attr-defined]
    again = cast(type[Operator], new_class(made.__name__, (made,), exec_body=lambda names: names.update(body)))
    return again.model_validate(operator.model_dump())


def _looking(work: Callable[..., Any], inspect: Inspect, of_reference: bool = False) -> Callable[..., Any]:
    def look(self: Operator, batch: pa.RecordBatch, *more: Desk) -> Any:
        inspect(batch, of_reference)
        return work(self, batch, *more)

    return look


def _shuffling(match: Callable[[Group, pa.Table], pa.Table], seed: int) -> Callable[[Group, pa.Table], pa.Table]:
    def shuffled(self: Group, partition: pa.Table) -> pa.Table:
        order = np.random.default_rng(seed).permutation(len(partition))
        return match(self, partition.take(pa.array(order)).combine_chunks())

    return shuffled


def _shuffled(note: Callable[[Cut, pa.RecordBatch, Desk], Columns], seed: int) -> Callable[[Cut, pa.RecordBatch, Desk], Columns]:
    def shuffled(self: Cut, batch: pa.RecordBatch, desk: Desk) -> Columns:
        made = pa.table(dict(note(self, batch, desk)))
        order = pa.array(np.random.default_rng(seed).permutation(len(made)))
        return {name: made[name].combine_chunks().take(order) for name in made.column_names}

    return shuffled
