"""Streams of rows: which columns they have, under which names and types, and what a rule says in words."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from tools.contract import Between, Layout, OneOf
from tools.errors import RecipeError
from tools.storage import REST

from ..columns import Stream, meet
from ..graph import Edge, Graph
from .flows import Column, Flow
from .fragments import Rows
from .keys import key


def bound_text(clause: Between | OneOf) -> str:
    """A rule's clause in words."""
    if isinstance(clause, OneOf):
        return (
            f"one of {', '.join(str(value) for value in clause.values)}"
            if clause.values not in ((True,), (False,))
            else str(clause.values[0]).lower()
        )
    sides = [
        f"at least {clause.at_least:g}" if clause.at_least is not None else "",
        f"at most {clause.at_most:g}" if clause.at_most is not None else "",
    ]
    return ", ".join(side for side in sides if side)


def laid_out(operator: Layout, columns: Mapping[str, Column]) -> dict[str, Column]:
    visible = {name: column for name, column in columns.items() if name != REST}
    layout = operator.layout(list(visible))
    kept = {new: visible[old] for new, old in layout.items()}
    selects = not set(visible) <= set(layout.values())
    return kept if selects or REST not in columns else {**kept, REST: columns[REST]}


def stream_schema(graph: Graph, edges: tuple[Edge, ...]) -> pa.Schema:
    """Columns of a concatenation, as the check has them: the union by name, ints widened to float where they meet."""
    known = {given.name: given.schema for given in graph.inputs} | {node.id: node.schema for node in graph.nodes}
    met = meet([Stream(known[edge.step]) for edge in edges]).schema
    assert met is not None
    return met


def aligned(flow: Flow, wanted: pa.Schema) -> dict[str, Column]:
    """The flow's columns under a wider schema: cast where they differ, null where they are missing."""
    made: dict[str, Column] = {}
    for field_ in wanted:
        column = flow.columns.get(field_.name)
        if column is None:
            made[field_.name] = Column(key=key("missing", flow.universe.key, str(field_.type)), type=field_.type, origin="missing", name=field_.name)
        elif column.type != field_.type:
            made[field_.name] = Column(key=key("cast", column.key, column.name, str(field_.type)), type=field_.type, origin="cast", source=column)
        else:
            made[field_.name] = column
    return made | {name: column for name, column in flow.columns.items() if name not in made}


def bound_columns(graph: Graph) -> set[str]:
    """Every column name that a step may read: what a shard is decoded for."""
    return {name for node in graph.nodes for columns in (*node.on.values(), *node.against_on.values()) for name in columns}


def arrives_once(where: str, edge: Edge, flow: Flow, seen: dict[str, Rows]) -> None:
    """Raises RecipeError when a row of the flow is among those that came before it; then adds the flow's rows to `seen`."""
    name = flow.universe.key
    before = seen.get(name)
    if before is None:
        seen[name] = flow.at
        return
    twice = np.intersect1d(before, flow.at)
    if len(twice):
        raise RecipeError(f"{where}: row {int(flow.universe.rows[twice[0]])} arrives twice, the second time by {edge}; read it from one place only")
    seen[name] = np.union1d(before, flow.at)
