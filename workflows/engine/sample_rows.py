"""The rows of a sample: as they come in, what becomes of each, and as they would go out. Nothing is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tools.contract import Cut, Group, Rank, Whole

from ..graph import Output
from .fates import STATES
from .finish import output_flows, output_table
from .flows import Flow
from .fragments import Rows
from .job import Job
from .walk import Walk

MOST_BYTES = 16 << 20  # of one input's or output's rows that are kept


@dataclass(frozen=True, kw_only=True, eq=False)
class OutputRows:
    """The rows that one output would hold, in its order. Past 16 MB the table stops; `total` counts on."""

    table: pa.Table
    number: Rows  # of the row as read, or of the first row that it was born of
    part: Rows  # 0: a row as read, else a born one
    total: int

    @property
    def is_all(self) -> bool:
        """Whether the table holds every row that was seen."""
        return self.total == len(self.table)


@dataclass(frozen=True, kw_only=True, eq=False)
class InputRows(OutputRows):
    """The rows of one input and what became of each."""

    reference: bool  # only looked up; nothing becomes of it
    state: tuple[str, ...]  # kept, dropped, merged, …
    step: tuple[str, ...]  # the last step that it reached; empty: none
    into: Rows  # merged: the number of the row that stays; else -1


@dataclass(frozen=True, kw_only=True, eq=False)
class SampleRows:
    """What a recipe makes of a sample, row by row."""

    inputs: Mapping[str, InputRows]
    outputs: Mapping[str, OutputRows]
    whole: bool  # all rows of all inputs went through all steps
    let_pass: frozenset[str]  # steps that need all rows, and here let every row pass


def sample_rows(job: Job, whole: bool) -> SampleRows:
    """Walk every shard of a decided job once more, keeping the rows. Values that are stored are not computed again."""
    inputs: dict[str, list[InputRows]] = {given.name: [] for given in job.graph.inputs}
    outputs: dict[str, list[_Seen]] = {output.name: [] for output in job.graph.outputs}
    room = dict.fromkeys((*inputs, *(f"output {name}" for name in outputs)), MOST_BYTES)
    for number in range(len(job.shards)):
        walk = Walk(job, number, job.graph.inputs[job.shards[number][0]].schema.names)
        walk.run()
        for output in job.graph.outputs:
            for lane, flow in output_flows(walk, output):
                walk.fates.keep(flow.universe, flow.at)
                outputs[output.name].append(_Seen(lane, flow, _within(output_table(walk, output, flow, None), room, f"output {output.name}")))
        name = job.graph.inputs[walk.input].name
        inputs[name].append(_read(walk, room))
    return SampleRows(
        inputs={given.name: _together(inputs[given.name], given.schema, given.reference) for given in job.graph.inputs},
        outputs={output.name: _ordered(job, output, outputs[output.name]) for output in job.graph.outputs},
        whole=whole,
        let_pass=frozenset(node.id for node in job.graph.nodes if node.id in job.unknown and isinstance(node.operator, Group | Cut | Rank | Whole)),
    )


@dataclass(frozen=True, eq=False)
class _Seen:
    """A flow of an output, and as many of its rows as there was room for."""

    lane: int
    flow: Flow
    table: pa.Table

    @property
    def number(self) -> Rows:
        return np.asarray(self.flow.universe.rows[self.flow.at[: len(self.table)]], np.int64)

    @property
    def part(self) -> Rows:
        return np.asarray(self.flow.universe.part[self.flow.at[: len(self.table)]], np.int64)


def _within(table: pa.Table, room: dict[str, int], name: str) -> pa.Table:
    """The rows at the head of a table that there is room for."""
    share = min(1.0, max(room[name], 0) / max(table.nbytes, 1))
    room[name] -= table.nbytes
    return table if share == 1.0 else table.slice(0, int(share * len(table)))


def _read(walk: Walk, room: dict[str, int]) -> InputRows:
    given, read = walk.job.graph.inputs[walk.input], walk.read
    assert read is not None
    columns = walk.content.columns(read.universe, read.rest)
    at = np.arange(len(read.universe), dtype=np.int64)
    arrays = [walk.content.fetch(column, read.universe, at) for column in columns.values()]
    fields = [column.field if column.field is not None else pa.field(name, column.type) for name, column in columns.items()]
    table = _within(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), room, given.name)
    ends, size = walk.fates.of(read.universe), len(table)
    return InputRows(
        table=table,
        number=read.universe.rows[:size],
        part=read.universe.part[:size],
        total=len(read.universe),
        reference=given.reference,
        state=tuple(STATES[state] for state in ends.state[:size].tolist()),
        step=tuple(walk.job.graph.nodes[step].id if step >= 0 else "" for step in ends.step[:size].tolist()),
        into=ends.into[:size],
    )


def _together(parts: list[InputRows], schema: pa.Schema, reference: bool) -> InputRows:
    return InputRows(
        table=pa.concat_tables([schema.empty_table(), *(part.table for part in parts)], promote_options="permissive"),
        number=_joined([part.number for part in parts]),
        part=_joined([part.part for part in parts]),
        total=sum(part.total for part in parts),
        reference=reference,
        state=tuple(state for part in parts for state in part.state),
        step=tuple(step for part in parts for step in part.step),
        into=_joined([part.into for part in parts]),
    )


def _ordered(job: Job, output: Output, seen: list[_Seen]) -> OutputRows:
    """The rows as the output has them: lane by lane, and where a step has put them in place, by that."""
    found = list(_in_place(job, output, seen))
    tables = [table for table, _, _ in found]
    return OutputRows(
        table=pa.concat_tables([output.schema.empty_table(), *tables], promote_options="permissive"),
        number=_joined([number for _, number, _ in found]),
        part=_joined([part for _, _, part in found]),
        total=sum(len(one.flow.at) for one in seen),
    )


def _in_place(job: Job, output: Output, seen: list[_Seen]) -> Iterator[tuple[pa.Table, Rows, Rows]]:
    lanes = job.lanes[f"output {output.name}"]
    for group in dict.fromkeys(lane.group for lane in lanes):
        here = [one for lane in lanes if lane.group == group for one in seen if one.lane == lane.index]
        if not any(one.flow.place is not None for one in here):
            yield from ((one.table, one.number, one.part) for one in here)
            continue
        places = [one.flow.place if one.flow.place is not None else np.zeros(len(one.flow.at), np.int64) for one in here]
        order = np.argsort(_joined([place[: len(one.table)] for place, one in zip(places, here, strict=True)]), kind="stable")
        table = pa.concat_tables([one.table for one in here], promote_options="permissive")
        yield table.take(pa.array(order)), _joined([one.number for one in here])[order], _joined([one.part for one in here])[order]


def _joined(parts: list[Rows]) -> Rows:
    return np.concatenate([np.zeros(0, np.int64), *parts])
