"""Learners and Whole steps: states merged in shard order, or all notes settled at once."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import xxhash

from tools.contract import ANY, Learner, Whole
from tools.errors import ContractError, RecipeError

from ..graph import Node
from .call import checked, one_batch
from .desk import BatchDesk
from .files import open_table, save
from .fragments import Fragments, values
from .job import Decision, Job, learns_from_reference
from .places import Member, Places


def decide_state(job: Job, node: Node, members: list[Member], name: str) -> Decision:
    """Merge what was learned, in stream order, to the state that the step measures with."""
    operator = node.operator
    assert isinstance(operator, Learner)
    before = job.decisions.get(node.id) or Decision()
    path = Path(job.cache) / "states" / f"{name}.arrow"
    if not path.exists():
        save(path, _merged(job, node, operator, members).combine_chunks())
    return Decision(state=str(path), passes=before.passes + 1, digest=str(xxhash.xxh3_128_hexdigest(path.read_bytes())))


def _merged(job: Job, node: Node, operator: Learner, members: list[Member]) -> pa.Table:
    fragments, state = Fragments(job.fragments), None
    for member in members:
        for path in fragments.paths(member.report.learned) if member.report.learned else []:
            one = open_table(path).drop_columns("at")
            state = one if state is None else operator.merge(state, one)
    if state is None:
        before = job.decisions.get(node.id) or Decision()
        none = np.zeros(0, np.int64)
        desk = BatchDesk(node.seed, node.id, offset=none, part=none, state=open_table(Path(before.state)) if before.state else pa.table({}))
        state = operator.learn(nothing(job, node, learns_from_reference(job, node)), desk)
    state = operator.conclude(state)
    size, most = state.nbytes, operator.card.state_bytes
    if most is not None and size > most:
        raise RecipeError(f"step {node.id!r}: what it learned takes {size:,} bytes, its card allows {most:,}; give it fewer rows")
    return state


def decide_whole(job: Job, node: Node, places: Places, name: str) -> Decision:
    """Settle all notes at once; the decision file has the measures, and `_null` for rows that had nothing to note."""
    operator = node.operator
    assert isinstance(operator, Whole)
    most = operator.card.most_rows
    if most is not None and places.total > most:
        raise RecipeError(f"step {node.id!r}: {places.total:,} rows reach it, {node.op} takes at most {most:,}; sample before it, or filter more")
    fragments, parts = Fragments(job.fragments), []
    for number, member in enumerate(places.members):
        fragment = fragments.read(member.report.notes)
        if fragment is not None and member.report.rows:
            parts.append(values(fragment, places.at(number), list(operator.card.notes)).append_column("_place", pa.array(places.of(number))))
    schema = pa.schema([*operator.card.notes.items(), ("_place", pa.int64())])
    notes = (pa.concat_tables(parts) if parts else schema.empty_table()).combine_chunks().sort_by("_place")
    empty = np.logical_and.reduce([np.asarray(notes[c].is_null().to_numpy(), np.bool_) for c in operator.card.notes])
    live = np.flatnonzero(~empty)
    made = checked(node.id, operator.settle(notes.drop_columns("_place").take(pa.array(live))), node.measures, len(live))
    where = np.full(len(notes), -1, np.int64)
    where[live] = np.arange(len(live))
    spread = made.take(pa.array(where, mask=empty)).append_column("_null", pa.array(empty))
    if len(spread) != places.total:
        raise ContractError(f"step {node.id!r}: settled {len(spread)} of {places.total} rows")
    columns = places.by_slot(spread)
    batches, index = places.split(columns)
    path = Path(job.cache) / "decisions" / f"{name}.arrow"
    save(path, batches or [pa.RecordBatch.from_pylist([], schema=columns.schema)])
    return Decision(path=str(path), batches=index)


def nothing(job: Job, node: Node, reference: bool) -> pa.RecordBatch:
    """An empty batch of what the step learns from: of its rows, or of those of `against`."""
    types, on, edges = (node.operator.against(), node.against_on, node.against) if reference else (node.operator.reads(), node.on, node.rows)
    known = {given.name: given.schema for given in job.graph.inputs} | {other.id: other.schema for other in job.graph.nodes}
    schema = known[edges[0].step]
    given = {name: schema.field(columns[0]).type for name, columns in on.items() if columns[0] in schema.names}
    found = {name: given.get(name, kind) if kind == ANY else kind for name, kind in types.items() if name in on}
    return one_batch(pa.schema(list(found.items())).empty_table())
