"""One shard's way through the recipe: every step that can be taken, with values computed once and kept."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Cut, Expand, Group, Layout, Learner, Measure, Rank, Rewrite, Survey, Synthesize, Whole
from tools.errors import RecipeError
from tools.one_array import one_array

from ..graph import Edge, Node
from .call import blamed
from .compute import Compute
from .content import Content, Read
from .cut_out import Cuts
from .fates import Fates
from .files import open_table, save
from .flows import Column, Flow, Universe
from .fragments import Fragments, Rows
from .job import Decision, Job, Lane, is_open, learns_from_reference, still_learns
from .keys import key, rows_key
from .reports import FlowReport, ShardReport
from .streams import aligned, arrives_once, bound_columns, bound_text, laid_out, stream_schema

Ports = dict[str, Flow]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Walk:
    """Walks one shard. After `run`, `out` holds the flow of every edge that could be reached."""

    def __init__(self, job: Job, number: int, written: Iterable[str] = ()) -> None:
        """`written`: columns that are wanted beside those that steps read, so that the shard is read once for all of them."""
        self.job, self.number = job, number
        self.input, shard = job.shards[number]
        given = job.graph.inputs[self.input]
        self.fragments = Fragments(job.fragments)
        self.content = Content(given, shard, self.fragments, Path(job.cache), sorted({*bound_columns(job.graph), *written}))
        self.compute = Compute(job, self.content, self.fragments)
        self.fates = Fates()
        self.out: dict[tuple[str, str, int], Flow] = {}
        self.read: Read | None = None
        self.measured: list[tuple[str, Flow, pa.Table]] = []
        self.counted: Rows | None = None  # rows of the shard; none: all
        self._states: dict[str, pa.Table] = {}

    def run(self) -> ShardReport:
        read = self.content.read()
        self.read = read
        misfits = Counter(name for name in read.bad["misfit"].to_pylist() if name)
        report = ShardReport(self.number, len(read.universe), len(read.bad), misfits, read.lines, read.rest)
        name = self.job.graph.inputs[self.input].name
        all_rows = self._rows(read)
        self.out[name, "kept", 0] = Flow(lane=0, universe=read.universe, at=all_rows, columns=self.content.columns(read.universe, read.rest))
        self.fates.of(read.universe)
        for step, node in enumerate(self.job.graph.nodes):
            started = time.perf_counter()
            with blamed(node):
                self._node(step, node, report)
            report.seconds[node.id] = time.perf_counter() - started
        return report

    def _rows(self, read: Read) -> Rows:
        """The rows that are walked: all, unless the job says which."""
        if not self.job.only or self.job.graph.inputs[self.input].reference:
            return np.arange(len(read.universe), dtype=np.int64)
        told = open_table(Path(self.job.only) / f"{self.number:06d}.arrow")
        self.counted = told["at"].to_numpy()[told["counted"].to_numpy(zero_copy_only=False)]
        return np.asarray(told["at"].to_numpy(), np.int64)

    def _count(self, flow: Flow) -> int:
        """How many rows: of those that are counted, where the job says which, or born of them."""
        if self.counted is None:
            return len(flow.at)
        at, universe = flow.at, flow.universe
        while universe.parent is not None and universe.first is not None:
            at, universe = universe.first[at], universe.parent
        return int(np.isin(at, self.counted).sum())

    def flows(self, edges: tuple[Edge, ...]) -> list[tuple[Edge, Flow | None]]:
        """The flows of these edges in this shard, in stream order; none where a barrier is still closed."""
        return [(edge, self.out.get((edge.step, edge.port, lane))) for edge in edges for lane in self._lanes_here(edge.step)]

    def _lanes_here(self, step: str) -> list[int]:
        return [lane.index for lane in self.job.lanes[step] if lane.input == self.input and not lane.reference]

    def _node(self, step: int, node: Node, report: ShardReport) -> None:
        seen: dict[str, Rows] = {}
        for lane in self.job.lanes[node.id]:
            if lane.input != self.input:
                continue
            flow = self.out.get((lane.edge.step, lane.edge.port, lane.upstream))
            if flow is None:
                continue
            flow = replace(flow, lane=lane.index)
            flow = self._aligned(node.against if lane.reference else node.rows, flow)
            if not lane.reference:
                arrives_once(f"step {node.id!r}", lane.edge, flow, seen)
                report.entered[node.id] += self._count(flow)
            is_closed = is_open(self.job, node)
            if is_closed or node.id in self.job.noted:
                report.flows[node.id, lane.index] = self._prepare(node, lane, flow)
            elif isinstance(node.operator, Survey) and node.id not in self.job.unknown:
                report.flows[node.id, lane.index] = self._surveyed(node, lane, flow)
            if not is_closed and not lane.reference:
                for port, left in self._take(step, node, flow, report).items():
                    self.out[node.id, port, lane.index] = left
                    report.ports[node.id, port] += self._count(left)

    def _aligned(self, edges: tuple[Edge, ...], flow: Flow) -> Flow:
        """The flow with the columns that the step's whole stream has, in its types."""
        if len(edges) < 2:
            return flow
        return replace(flow, columns=aligned(flow, stream_schema(self.job.graph, edges)))

    # ---- barriers

    def _prepare(self, node: Node, lane: Lane, flow: Flow) -> FlowReport:
        """Do all that the barrier needs of this flow, and say where it lies."""
        reference = lane.reference
        report = self._members(node, flow)
        if still_learns(self.job, node):
            if reference == learns_from_reference(self.job, node):
                decision = self.job.decisions.get(node.id)
                report.learned = self.compute.learned(node, flow, self._state(node), decision.passes if decision else 0)
        elif not (reference and isinstance(node.operator, Learner)):
            report.notes, _ = self.compute.notes(node, flow, reference, self._state(node))
        return report

    def _surveyed(self, node: Node, lane: Lane, flow: Flow) -> FlowReport:
        """What a survey learns of this flow. It keeps no row waiting: its numbers are told when all have gone through."""
        return FlowReport(len(flow.at), False, flow.universe.key, "", "", learned=self.compute.surveyed(node, flow, lane.reference))

    def _members(self, node: Node, flow: Flow) -> FlowReport:
        columns = {"at": flow.at, "row": flow.universe.rows[flow.at], "part": flow.universe.part[flow.at]}
        if flow.place is not None:
            columns["place"] = flow.place
        name = key(
            rows_key(flow.at), rows_key(flow.universe.rows[flow.at]), rows_key(flow.place) if flow.place is not None else None, flow.universe.key
        )
        path = Path(self.job.folder) / "work" / "members" / f"{name}.arrow"
        if not path.exists():
            save(path, pa.table(columns), durable=False)
        return FlowReport(len(flow.at), flow.place is not None, flow.universe.key, name, str(path))

    def _state(self, node: Node) -> pa.Table | None:
        decision = self.job.decisions.get(node.id)
        if decision is None or not decision.state:
            return None
        if node.id not in self._states:
            self._states[node.id] = open_table(Path(decision.state))
        return self._states[node.id]

    def decided(self, node: Node, lane: int) -> pa.RecordBatch:
        """What the barrier decided of this flow, one value a row."""
        decision: Decision = self.job.decisions[node.id]
        with pa.memory_map(decision.path) as source:
            return pa.ipc.open_file(source).get_batch(decision.batches[lane, self.number])

    # ---- steps

    def _take(self, step: int, node: Node, flow: Flow, report: ShardReport) -> Ports:
        self.fates.reach(flow.universe, flow.at, step)
        operator = node.operator
        if node.id in self.job.unknown:
            return _let_pass(node, _unmeasured(node, flow))
        if isinstance(operator, Layout):
            return {"kept": replace(flow, columns=laid_out(operator, flow.columns))}
        if isinstance(operator, Measure):
            return self._measure(step, node, flow)
        if isinstance(operator, Rewrite | Cut | Expand | Synthesize | Survey):
            read, unread = self._without_nulls(step, node, flow)
            # what the step adds is null in rows that it did not read
            dropped = {"dropped": replace(unread, columns=aligned(unread, node.schema))} if node.nulls == "drop" else {}
            return self._work(step, node, read, report) | dropped
        if isinstance(operator, Group):
            return self._group(step, node, flow)
        if isinstance(operator, Rank):
            return self._rank(step, node, flow)
        return self._whole(step, node, flow)

    def _work(self, step: int, node: Node, flow: Flow, report: ShardReport) -> Ports:
        if isinstance(node.operator, Survey):  # all rows but those that it could not read
            return {"kept": self._without_errors(step, node, flow, report.flows[node.id, flow.lane].learned)[0]}
        if isinstance(node.operator, Rewrite):
            return self._rewrite(step, node, flow, report)
        return (self._cut if isinstance(node.operator, Cut) else self._expand)(step, node, flow, report)

    def _measure(self, step: int, node: Node, flow: Flow) -> Ports:
        name, table = self.compute.measures(node, flow, self._state(node))
        flow, keep = self._without_errors(step, node, flow, name)
        unread = self._unread(node, flow) if node.operator.card.takes_nulls else None
        return self._decide(step, node, flow, table.filter(pa.array(keep)) if not keep.all() else table, name, unread)

    def _unread(self, node: Node, flow: Flow) -> Mask:
        """Rows without a value that the step reads, where it matters."""
        if node.nulls not in ("drop", "error"):
            return np.zeros(len(flow.at), np.bool_)
        return self.compute.nulls(self.compute.bound(node, flow), flow.universe, flow.at)

    def _without_nulls(self, step: int, node: Node, flow: Flow) -> tuple[Flow, Flow]:
        """Rows that the step goes on with, and those that `nulls: drop` lets go."""
        empty = self._unread(node, flow)
        _refuse_nulls(node, flow, empty)
        self.fates.drop(flow.universe, flow.at[empty], step, "null")
        return (flow, flow.only(empty)) if not empty.any() else (flow.only(~empty), flow.only(empty))

    def _decide(self, step: int, node: Node, flow: Flow, table: pa.Table, name: str, unread: Mask | None = None) -> Ports:
        """Rule over measures: who passes, and for the others the first measure that is out of bounds. `unread`: rows that had no
        value to read, where the measures do not tell."""
        rule, nulls = node.operator.rule(), node.nulls
        empty = _all_null(table) if unread is None else unread
        alive = np.ones(len(flow.at), np.bool_)
        missing = empty if nulls == "drop" or ((rule or isinstance(node.operator, Whole)) and nulls != "keep") else ~alive
        _refuse_nulls(node, flow, empty)
        self.fates.drop(flow.universe, flow.at[missing], step, "null")
        alive &= ~missing
        spared = empty if nulls == "keep" else ~np.ones(len(flow.at), np.bool_)
        for clause in rule:
            values = one_array(table[clause.measure])
            holds = clause.holds(values).to_numpy(zero_copy_only=False) | spared
            failed = alive & ~holds
            self.fates.drop(flow.universe, flow.at[failed], step, clause.measure, bound_text(clause), values.filter(pa.array(failed)))
            alive &= holds
        return self._ports(node, self._measured(node, flow, table, name), alive)

    def _measured(self, node: Node, flow: Flow, table: pa.Table, name: str) -> Flow:
        measures, columns = dict(flow.measures), dict(flow.columns)
        if node.measures and not isinstance(node.operator, Group):
            self.measured.append((node.id, flow, table.select(list(node.measures))))
        for measure, kind in node.measures.items():
            column = Column(key=name, type=kind, origin="measured", name=measure)
            self.content.keep(column, flow.at, table[measure])
            measures[f"{node.id}.{measure}"] = column
            if measure in node.writes:
                columns[node.writes[measure]] = column
        return replace(flow, measures=measures, columns=columns)

    def _rewrite(self, step: int, node: Node, flow: Flow, report: ShardReport) -> Ports:
        made = self.compute.rewrites(node, flow, self._state(node))
        for name in sorted({column.key for column in made.values()}):
            flow, _ = self._without_errors(step, node, flow, name)
        changed = np.zeros(len(flow.at), np.bool_)
        for column in made.values():
            changed |= self.content.changed(column, flow.at).to_numpy(zero_copy_only=False).astype(np.bool_)
        report.changed[node.id] += int(changed.sum())
        return {"kept": replace(flow, columns={**flow.columns, **made})}

    def _cut(self, step: int, node: Node, flow: Flow, report: ShardReport) -> Ports:
        flow, _ = self._without_errors(step, node, flow, self.compute.notes(node, flow, False)[0])
        cuts = Cuts(pa.Table.from_batches([self.decided(node, flow.lane)]))
        column = self.compute.cut_column(node, flow, cuts)
        self.content.cuts[column.key] = cuts
        (target,) = next(iter(node.on.values()))
        report.changed[node.id] += self._count(flow.only(np.isin(flow.at, cuts.at, assume_unique=True)))
        report.cut[node.id] += cuts.bytes(flow.at)
        return {"kept": replace(flow, columns={**flow.columns, target: column})}

    def _expand(self, step: int, node: Node, flow: Flow, report: ShardReport) -> Ports:
        universe, childless = self.compute.born(node, flow, self._state(node))
        self.fates.expand(flow.universe, flow.at, step)
        sound, _ = self._without_errors(step, node, flow, universe.key)
        self.fates.drop(flow.universe, np.intersect1d(childless, sound.at), step, "childless")
        self.fates.of(universe)
        report.born[node.id] += len(universe)
        table = universe.table
        assert table is not None
        columns = {
            name: Column(key=key(universe.key, c.key), type=c.type, origin="inherited", name=c.name, source=c) for name, c in flow.columns.items()
        }
        for added in (name for name in table.column_names if name not in ("at", "parents")):
            target = node.on[added][0] if added in node.on else node.writes.get(added, added)
            columns[target] = Column(key=key(universe.key, added), type=table[added].type, origin="born", name=added)
        at = np.arange(len(universe), dtype=np.int64)
        return {"kept": Flow(lane=flow.lane, universe=universe, at=at, columns=columns, place=_places_of_children(node, flow, universe))}

    def _group(self, step: int, node: Node, flow: Flow) -> Ports:
        flow, keep = self._without_errors(step, node, flow, self.compute.notes(node, flow, False)[0])
        batch = self.decided(node, flow.lane)
        batch = batch if keep.all() else batch.filter(pa.array(keep))
        stays = pc.is_null(batch["into"]).to_numpy(zero_copy_only=False)
        gone = pa.array(~stays)
        read, _ = self._without_nulls(step, node, flow)
        self.fates.merge(flow.universe, flow.at[~stays], step, batch["into"].filter(gone).to_numpy(), batch["into_part"].filter(gone).to_numpy())
        table = pa.Table.from_batches([batch]).drop_columns(["into", "into_part"])
        decided = self._measured(node, flow, table, self._decided_key(node, flow))
        cluster = Column(key=key("cluster", self._decided_key(node, flow)), type=pa.int64(), origin="measured", name="cluster")
        self.content.keep(cluster, flow.at, table["cluster"])
        passes = stays & np.isin(flow.at, read.at, assume_unique=True)
        return self._ports(node, replace(decided, measures={**decided.measures, f"{node.id}.cluster": cluster}), passes)

    def _rank(self, step: int, node: Node, flow: Flow) -> Ports:
        flow, keep = self._without_errors(step, node, flow, self.compute.notes(node, flow, False, self._state(node))[0])
        batch = self.decided(node, flow.lane)
        batch = batch if keep.all() else batch.filter(pa.array(keep))
        port = batch["port"].to_numpy()
        _refuse_nulls(node, flow, port == -2)
        self.fates.drop(flow.universe, flow.at[port == -1], step, "quota")
        self.fates.drop(flow.universe, flow.at[port == -2], step, "null")
        if "place" in batch.schema.names:
            flow = replace(flow, place=batch["place"].to_numpy())
        found = {name: flow.only(port == number) for number, name in enumerate(node.operator.ports())}
        if "dropped" in found:
            found["dropped"] = flow.only(port < 0)
        return found

    def _whole(self, step: int, node: Node, flow: Flow) -> Ports:
        flow, keep = self._without_errors(step, node, flow, self.compute.notes(node, flow, False)[0])
        batch = self.decided(node, flow.lane)
        table = pa.Table.from_batches([batch if keep.all() else batch.filter(pa.array(keep))])
        unread = table["_null"].combine_chunks().to_numpy(zero_copy_only=False)
        return self._decide(step, node, flow, table.drop_columns("_null"), self._decided_key(node, flow), unread)

    def _decided_key(self, node: Node, flow: Flow) -> str:
        # by lane: the values lie in no fragment that would hold those of two lanes of one shard
        return key("decided", self.job.decisions[node.id].path, flow.lane)

    def _ports(self, node: Node, flow: Flow, passes: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ports:
        return {"kept": flow if passes.all() else flow.only(passes), "dropped": flow.only(~passes)}

    def _without_errors(self, step: int, node: Node, flow: Flow, name: str) -> tuple[Flow, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        """The flow less the rows that the step could not process: these are quarantined."""
        at, reasons = self.compute.errors(name)
        here = np.isin(at, flow.at)
        self.fates.quarantine(flow.universe, at[here], step, [reason for reason, is_here in zip(reasons, here, strict=True) if is_here])
        keep = ~np.isin(flow.at, at)
        return (flow, keep) if keep.all() else (flow.only(keep), keep)


def _unmeasured(node: Node, flow: Flow) -> Flow:
    """The flow as the step leaves it, with nulls for all that it would have measured."""
    if isinstance(node.operator, Cut):
        return flow
    names = {**node.measures, **({"cluster": pa.int64()} if isinstance(node.operator, Group) else {})}
    nulls = {name: Column(key=key("missing", flow.universe.key, str(kind)), type=kind, origin="missing", name=name) for name, kind in names.items()}
    measures = {f"{node.id}.{name}": column for name, column in nulls.items()}
    columns = {node.writes[name]: nulls[name] for name in node.writes}
    return replace(flow, measures={**flow.measures, **measures}, columns={**flow.columns, **columns})


def _refuse_nulls(node: Node, flow: Flow, empty: Mask) -> None:
    if node.nulls == "error" and empty.any():
        row = int(flow.universe.rows[flow.at[empty][0]])
        columns = ", ".join(column for columns in node.on.values() for column in columns)
        raise RecipeError(f"step {node.id!r}: row {row} has no value in {columns}; set `nulls: keep` or `nulls: drop`")


def _let_pass(node: Node, flow: Flow) -> Ports:
    """Every row by some port, none dropped: what comes after is tried on all of them."""
    ports = [port for port in node.operator.ports() if port != "dropped"]
    turn = flow.at % len(ports)
    return {port: flow.only(turn == number) for number, port in enumerate(ports)} | {"dropped": flow.only(turn < 0)}


def _all_null(table: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if not table.num_columns:
        return np.zeros(len(table), np.bool_)
    empty = [pc.is_null(column).to_numpy(zero_copy_only=False) for column in table.columns]
    return np.asarray(np.logical_and.reduce(empty), np.bool_)


def _places_of_children(node: Node, flow: Flow, universe: Universe) -> Rows | None:
    """Children stand where their first parent stood, one after the other."""
    if flow.place is None or universe.first is None:
        return None
    turns = np.arange(len(universe)) - np.searchsorted(universe.first, universe.first)
    if len(turns) and (turns.max() >= 1 << 20 or flow.place.max() >= 1 << 40):
        raise RecipeError(f"step {node.id!r}: too many children of rows in a given order; order the rows after this step")
    return (flow.place[np.searchsorted(flow.at, universe.first)] << 20) + turns
