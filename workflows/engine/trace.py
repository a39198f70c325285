"""One row's whole way through a run: each step's values and bounds, its text before and after, what it merged into, its children."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from tools.contract import Cut, Expand, Synthesize
from tools.errors import RecipeError
from tools.storage import FILE_SHIFT, File, Shard

from ..graph import Graph, Node
from .files import commit
from .flows import Flow, Universe
from .job import Decision, Job, lanes_of, step_keys
from .reports import ShardReport
from .streams import bound_text
from .walk import Ports, Walk

Identity = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class CutSpan:
    """A span that a step cut out of the row."""

    start: int  # bytes of the text before the step
    stop: int
    text: str
    into: Identity | None  # the row in which it lives on; none: in no row


@dataclass(frozen=True, kw_only=True)
class TraceStep:
    """What happened to the row at one step."""

    step: str
    operator: str
    port: str | None  # the port it left by; none where it ended
    reason: str = ""  # a measure, null, quota, merged, childless, error
    measures: Mapping[str, object] = field(default_factory=dict)
    bounds: Mapping[str, str] = field(default_factory=dict)  # measure → bound in words
    before: Mapping[str, object] = field(default_factory=dict)  # what the step read, or what it rewrote
    after: Mapping[str, object] = field(default_factory=dict)  # columns that it changed or added
    into: Identity | None = None
    children: tuple[Identity, ...] = ()
    cut: tuple[CutSpan, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A row and all that is known of it."""

    row: int
    part: int
    source: str
    file: str
    line: int | None
    state: str
    record: Mapping[str, object]  # its columns as read or born
    steps: tuple[TraceStep, ...]
    parents: tuple[Identity, ...] = ()


def keep_shards(folder: Path, shards: Sequence[tuple[int, Shard]]) -> None:
    """Write down what the run is made of, so that it can be told again when the inputs are gone."""
    text = json.dumps([[number, asdict(shard)] for number, shard in shards])
    commit(folder / "shards.json", lambda temp: _text(temp, text))


def known_shards(folder: Path) -> tuple[tuple[int, Shard], ...]:
    """The shards that a run was made of, whether or not its inputs are still there."""
    told = json.loads((folder / "shards.json").read_text())
    return tuple((number, Shard(**{**shard, "members": tuple(File(**file) for file in shard["members"])})) for number, shard in told)


def keep_decisions(folder: Path, job: Job) -> None:
    """Write down where the run's decisions lie."""
    told = {step: asdict(decision) | {"batches": [[*where, n] for where, n in decision.batches.items()]} for step, decision in job.decisions.items()}
    text = json.dumps(told)
    commit(folder / "decisions.json", lambda temp: _text(temp, text))


def finished_job(graph: Graph, folder: Path, cache: Path) -> Job:
    """The job of a finished run, to walk its shards again."""
    told = json.loads((folder / "decisions.json").read_text())
    decisions = {step: Decision(**{**one, "batches": {(lane, shard): n for lane, shard, n in one["batches"]}}) for step, one in told.items()}
    return Job(
        graph=graph,
        cache=str(cache),
        folder=str(folder),
        shards=known_shards(folder),
        lanes=lanes_of(graph),
        keys=step_keys(graph),
        decisions=decisions,
    )


def trace(graph: Graph, folder: Path, cache: Path, row: int, part: int = 0) -> Trace:
    """Follow one row of a finished run. Raises RecipeError when the run has no such row."""
    return trace_in(finished_job(graph, folder, cache), row, part)


def trace_in(job: Job, row: int, part: int) -> Trace:
    number = shard_of(job, row)
    walk = Tracer(job, number, row, part)
    walk.run()
    if walk.universe is None:
        raise RecipeError(f"row {row}{f'.{part}' if part else ''} is not in this run; `winnow rows` lists rows with their numbers")
    for output in job.graph.outputs:
        for lane in job.lanes[f"output {output.name}"]:
            flow = walk.out.get((lane.edge.step, lane.edge.port, lane.upstream)) if lane.input == walk.input else None
            if flow is not None:
                walk.fates.keep(flow.universe, flow.at)
    return walk.told()


def shard_of(job: Job, row: int) -> int:
    """The shard that holds a row's record."""
    file, offset = row >> FILE_SHIFT, row & ((1 << FILE_SHIFT) - 1)
    for number, (given, shard) in enumerate(job.shards):
        if shard.holds(file - job.graph.inputs[given].first_file, offset):
            return number
    raise RecipeError(f"no shard of this run holds row {row}; `winnow rows` lists rows with their numbers")


class Tracer(Walk):
    """A walk that keeps an eye on one row."""

    def __init__(self, job: Job, number: int, row: int, part: int) -> None:
        super().__init__(job, number)
        self.row, self.part = row, part
        self.universe: Universe | None = None
        self.at = -1
        self.record: dict[str, object] = {}
        self.steps: list[TraceStep] = []

    def run(self) -> ShardReport:
        report = super().run()
        assert self.read is not None
        self._look(self.read.universe)
        name = self.job.graph.inputs[self.input].name
        if self.universe is self.read.universe:
            self.record = self._values(self.out[name, "kept", 0], list(self.out[name, "kept", 0].columns))
        return report

    def told(self) -> Trace:
        from .fates import STATES

        universe = self.universe
        assert universe is not None
        line = int(universe.line[self.at])
        parents: tuple[Identity, ...] = ()
        if universe.parent is not None and universe.parents is not None:
            parents = tuple(_identity(universe.parent, at) for at in universe.parents[self.at].as_py())
        return Trace(
            row=self.row,
            part=self.part,
            source=self.job.graph.inputs[self.input].name,
            file=self.content.shard.name_at(int(universe.offset[self.at])),
            line=line + 1 + self.content.shard.line if line >= 0 else None,
            state=STATES[int(self.fates.of(universe).state[self.at])],
            record=self.record,
            steps=tuple(self.steps),
            parents=parents,
        )

    def _take(self, step: int, node: Node, flow: Flow, report: ShardReport) -> Ports:
        ports = super()._take(step, node, flow, report)
        self._look(flow.universe)
        if flow.universe is self.universe and self.at in flow.at:
            self.steps.append(self._step(step, node, flow, ports))
        for left in ports.values():
            if left.universe is not flow.universe and self.universe is None:
                self._look(left.universe)
                if left.universe is self.universe:
                    self.record = self._values(left, list(left.columns))
        return ports

    def _step(self, step: int, node: Node, flow: Flow, ports: Ports) -> TraceStep:
        left = {port: out for port, out in ports.items() if out.universe is flow.universe and self.at in out.at}
        port = next(iter(left), None)
        after = left[port] if port is not None else flow
        read = [name for columns in node.on.values() for name in columns if name in flow.columns]
        before = self._values(flow, list(dict.fromkeys(read)))
        written = [name for name, column in after.columns.items() if flow.columns.get(name) is not column]
        ends = self.fates.of(flow.universe)
        reason = int(ends.reason[self.at]) if int(ends.step[self.at]) == step else -1
        children: tuple[Identity, ...] = ()
        if isinstance(node.operator, Expand | Synthesize):
            born = ports["kept"].universe
            assert born.parents is not None
            children = tuple(_identity(born, at) for at, parents in enumerate(born.parents.to_pylist()) if self.at in parents)
        into = int(ends.into[self.at]) if int(ends.step[self.at]) == step else -1
        return TraceStep(
            step=node.id,
            operator=node.op,
            port=port,
            reason=self.fates.reasons[reason][0] if reason >= 0 else "",
            measures=self._measures(node, after),
            bounds={clause.measure: bound_text(clause) for clause in node.operator.rule()},
            before=before,
            after=self._values(after, written),
            into=(into, int(ends.into_part[self.at])) if into >= 0 else None,
            children=children,
            cut=self._cut_spans(node, before, after),
        )

    def _cut_spans(self, node: Node, before: Mapping[str, object], after: Flow) -> tuple[CutSpan, ...]:
        if not isinstance(node.operator, Cut) or self.at not in after.at:
            return ()
        (name,) = next(iter(node.on.values()))
        cuts = self.content.cuts.get(after.columns[name].key)
        text = str(before.get(name) or "").encode()  # empty where the input is gone
        return tuple(
            CutSpan(start=start, stop=stop, text=text[start:stop].decode(), into=None if into is None else (into, part))
            for start, stop, into, part in (cuts.of(self.at) if cuts else ())
        )

    def _measures(self, node: Node, flow: Flow) -> dict[str, object]:
        one = np.array([self.at])
        found: dict[str, object] = {}
        for step, measured, table in self.measured:
            if step == node.id and measured.universe is flow.universe and self.at in measured.at:
                where = int(np.searchsorted(measured.at, self.at))
                found |= {name: table[name][where].as_py() for name in table.column_names}
        for name in node.measures:
            column = flow.measures.get(f"{node.id}.{name}")
            if name not in found and column is not None and self.at in flow.at:
                found[name] = self.content.fetch(column, flow.universe, one)[0].as_py()
        return found

    def _values(self, flow: Flow, names: list[str]) -> dict[str, object]:
        try:
            return {name: self.content.fetch(flow.columns[name], flow.universe, np.array([self.at]))[0].as_py() for name in names}
        except (OSError, RecipeError):  # the input is gone: what was decided can still be told
            return {}

    def _look(self, universe: Universe) -> None:
        if self.universe is None:
            found = np.flatnonzero((universe.rows == self.row) & (universe.part == self.part))
            if len(found):
                self.universe, self.at = universe, int(found[0])


def _identity(universe: Universe, at: int) -> Identity:
    return int(universe.rows[at]), int(universe.part[at])


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
