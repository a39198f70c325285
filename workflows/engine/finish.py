"""The last walk of a shard: its part of the ledger, its measures, and its piece of every output."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from tools.contract import Measure
from tools.one_array import one_array
from tools.storage import REST, AsRead

from ..graph import Edge, Output
from .fates import STATES
from .files import commit, save
from .flows import Flow
from .fragments import Rows
from .job import Job
from .keys import key, rows_key
from .ledger import histogram, write_ledger, write_measures
from .loose import loose_table
from .reports import ShardReport
from .streams import aligned, arrives_once
from .walk import Walk

PIECE_BYTES = 32 << 20
COPIED = {  # (source, sink) → the format under which the sink can copy the source's records
    ("Jsonl", "WriteJsonl"): "jsonl",
    ("Jsonl", "WriteJson"): "json",
    ("JsonArray", "WriteJson"): "json",
    ("Text", "WriteText"): "text",
}


@dataclass
class Piece:
    """A shard's rows of one lane of an output."""

    path: str
    rows: int
    loose: bool  # in no order yet: columns, place and records, to be put in order with those of other shards


@dataclass
class Finished:
    """What the last walk of a shard gave."""

    report: ShardReport
    states: Counter[str]
    reasons: dict[str, Counter[str]]
    histograms: dict[tuple[str, str], Counter[float]]
    pieces: dict[tuple[str, int], Piece] = field(default_factory=dict)
    nulls: Counter[str] = field(default_factory=Counter)  # check → nulls
    values: dict[str, Rows] = field(default_factory=dict)  # check → hashes of distinct values
    totals: dict[str, Counter[str]] = field(default_factory=dict)  # step → number that it tells of all rows


def finish_shard(task: tuple[Job, int, bool]) -> Finished:
    """Walk a shard with every barrier decided and write all that comes of it; `write`: the outputs' pieces too."""
    job, number, write = task
    walk = Walk(job, number, _decoded(job, number) if write else ())
    report = walk.run()
    folder = Path(job.folder)
    done = Finished(report, Counter(), {}, {})
    for output in job.graph.outputs:
        for lane, flow in output_flows(walk, output):
            walk.fates.keep(flow.universe, flow.at)
            if write and len(flow.at):
                done.pieces[output.name, lane] = _piece(walk, output, lane, flow)
    assert walk.read is not None
    if not job.graph.inputs[walk.input].reference:
        ends = walk.fates.of(walk.read.universe)
        counts = np.bincount(ends.state, minlength=len(STATES))
        done.states.update({state: int(count) for state, count in zip(STATES, counts, strict=True)})
        done.states["quarantined"] += report.bad
        write_ledger(walk, folder)
    done.reasons = {job.graph.nodes[step].id: counts_ for step, counts_ in walk.fates.counts.items()}
    if write:
        write_measures(walk, folder)
    for step, _, table in walk.measured:
        for name in table.column_names:
            done.histograms.setdefault((step, name), Counter()).update(histogram(one_array(table[name])))
        operator = job.graph.node(step).operator
        if isinstance(operator, Measure) and operator.numbers():
            done.totals.setdefault(step, Counter()).update(operator.totals(table))
    _checks(walk, done)
    return done


def _decoded(job: Job, number: int) -> set[str]:
    """The columns that outputs write from decoded values: all but those whose records are copied."""
    given = job.graph.inputs[job.shards[number][0]]
    outputs = [output for output in job.graph.outputs if (type(given.operator).__name__, type(output.sink).__name__) not in COPIED]
    return {name for output in outputs for name in output.schema.names if name in given.schema.names}


def output_flows(walk: Walk, output: Output) -> list[tuple[int, Flow]]:
    """The flows of an output in this shard, each with its lane."""
    found = []
    seen: dict[str, Rows] = {}
    for lane in walk.job.lanes[f"output {output.name}"]:
        flow = walk.out.get((lane.edge.step, lane.edge.port, lane.upstream)) if lane.input == walk.input else None
        if flow is None:
            continue
        arrives_once(f"output {output.name!r}", lane.edge, flow, seen)
        found.append((lane.index, flow))
    return found


def _piece(walk: Walk, output: Output, lane: int, flow: Flow) -> Piece:
    columns = {name: column for name, column in aligned(flow, output.schema).items() if name in output.schema.names or name == REST}
    sink = (type(output.sink).__name__, output.sink.model_dump(mode="json"))
    identity = key(
        sink, [(name, c.key, c.name) for name, c in columns.items()], rows_key(flow.at), rows_key(flow.place) if flow.place is not None else None
    )
    loose = flow.place is not None
    suffix = "arrow" if loose else "piece"
    path = Path(walk.job.folder) / "work" / "pieces" / output.name / f"{lane:04d}-{walk.number:06d}-{identity[:16]}.{suffix}"
    if path.exists():
        return Piece(str(path), len(flow.at), loose)
    as_read = _as_read(walk, output, flow)
    if loose:
        save(path, loose_table(output_table(walk, output, flow, None), flow, as_read))
    else:
        table = output_table(walk, output, flow, as_read)
        commit(path, lambda temp: output.sink.piece(table, as_read, temp))
    return Piece(str(path), len(flow.at), loose)


def _as_read(walk: Walk, output: Output, flow: Flow) -> AsRead | None:
    source = type(walk.job.graph.inputs[walk.input].operator).__name__
    format_ = COPIED.get((source, type(output.sink).__name__))
    if format_ is None:
        return None
    columns = {name: flow.columns[name] for name in output.schema.names if name in flow.columns}
    if REST in flow.columns:
        columns[REST] = flow.columns[REST]
    return walk.content.as_read(flow.universe, columns, flow.at, format_)


def output_table(walk: Walk, output: Output, flow: Flow, as_read: AsRead | None) -> pa.Table:
    """The output's columns; one that is copied from the record in every row stays undecoded."""
    columns = aligned(flow, output.schema)
    names = [*output.schema.names, *([REST] if REST in columns and REST not in output.schema.names else [])]
    copied = {name for name in names if as_read and (name in as_read.keys or (as_read.whole and name == REST)) and name not in as_read.touched}
    walk.content.need([columns[name] for name in names if name not in copied])
    made, fields = [], []
    for name in names:
        column = columns[name]
        made.append(pa.nulls(len(flow.at), column.type) if name in copied else walk.content.fetch(column, flow.universe, flow.at))
        metadata = output.schema.field(name).metadata if name in output.schema.names else {b"winnow": b"json"}
        fields.append(pa.field(name, column.type, metadata=metadata))
    return pa.Table.from_arrays(made, schema=pa.schema(fields))


def _checks(walk: Walk, done: Finished) -> None:
    for check in {check.text: check for check in walk.job.graph.checks}.values():  # one that is said twice is counted once
        if check.column is None or check.measure == "value":
            continue
        for flow in _edge_flows(walk, check.edge):
            values = walk.content.fetch(flow.columns[check.column], flow.universe, flow.at)
            done.nulls[check.text] += values.null_count
            if check.measure == "distinct":
                from tools.digest import digest

                heads = np.frombuffer(b"".join(digest(values.drop_null()).to_pylist()), np.int64)[::2]
                done.values[check.text] = np.union1d(done.values.get(check.text, heads[:0]), heads)


def _edge_flows(walk: Walk, edge: Edge) -> list[Flow]:
    return [flow for _, flow in walk.flows((edge,)) if flow is not None]
