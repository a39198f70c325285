"""Row-local work: measures, rewrites, births and notes of one shard's rows, computed once and kept as fragments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import ANY, Columns, Cut, Expand, Group, Learner, Measure, Operator, Rank, Rewrite, Survey, Synthesize, Types, Whole

from ..binding import bindable
from ..graph import Node
from .births import parent_rows, universe_of
from .call import Errors, batches, call, checked, one_batch
from .content import Content, cast_to
from .cut_out import Cuts
from .desk import BatchDesk
from .flows import Column, Flow, Universe
from .fragments import Fragments, Rows, at_of, uncovered, values
from .job import Decision, Job, learns_from_reference
from .keys import beside, key, rows_key
from .notes import keep_notes
from .replies import answered
from .returned import blank, changes, notes_of, ranked
from .scans import Lent, Read, Scans, is_text
from .spans import keep_spans, placed, spans_of
from .streams import stream_schema

_ERRORS = pa.schema([("at", pa.int64()), ("reason", pa.string())])
JOINT = "\n\n"


@dataclass(frozen=True)
class Bound:
    """What a step reads of a flow: per operator column the columns it is bound to."""

    columns: Mapping[str, tuple[Column, ...]]
    types: Types

    @property
    def key(self) -> str:
        return key([(name, [column.key + "." + column.name for column in columns], str(self.types[name])) for name, columns in self.columns.items()])


class Compute:
    """Computes and keeps what the steps of one shard need."""

    def __init__(self, job: Job, content: Content, fragments: Fragments) -> None:
        self.job, self.content, self.fragments = job, content, fragments
        self._silent: set[bytes] = set()
        self._scans, self._reads = Scans(), dict[str, Read]()

    # ---- binding

    def bound(self, node: Node, flow: Flow, reference: bool = False) -> Bound:
        on, types = (node.against_on, node.operator.against()) if reference else (node.on, node.operator.reads())
        known = {**flow.measures, **flow.columns}  # a column may be called like a measure: the check takes it for the column too
        return Bound({name: tuple(known[one] for one in on[name]) for name in types if name in on}, types)

    def batch(self, bound: Bound, universe: Universe, at: Rows, errors: Errors | None) -> pa.Table:
        """The bound columns of these rows under the operator's names and types."""
        made = {}
        for name, columns in bound.columns.items():
            parts = [cast_to(self.content.fetch(column, universe, at), bound.types[name] if len(columns) == 1 else pa.string()) for column in columns]
            for (_, wrong), column in zip(parts, columns, strict=True):
                for position in wrong if errors else ():
                    errors.add(int(at[position]), f"column {column.name!r}: a value is no {bound.types[name]}")  # type: ignore[union-attr]
            made[name] = parts[0][0] if len(parts) == 1 else _joined([array for array, _ in parts])
        return pa.table(made) if made else pa.table({"_": pa.nulls(len(at))}).select([])

    def nulls(self, bound: Bound, universe: Universe, at: Rows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Rows in which a bound column has no value."""
        found = np.zeros(len(at), np.bool_)
        for name, columns in bound.columns.items():
            empty = [_empty(self.content.fetch(column, universe, at), bound.types[name]).to_numpy(zero_copy_only=False) for column in columns]
            found |= np.logical_and.reduce(empty)
        return found

    # ---- what steps make

    def measures(self, node: Node, flow: Flow, state: pa.Table | None) -> tuple[str, pa.Table]:
        """The step's measures of the flow's rows, null where a read value is null; and the key they lie under."""
        operator, bound = node.operator, self.bound(node, flow)
        assert isinstance(operator, Measure)
        name = key("measure", flow.universe.key, self.job.keys[node.id], bound.key, self._state_digest(node), self._place(node))
        wanted = node.measures

        def work(batch: pa.RecordBatch, at: Rows) -> pa.Table:
            return checked(node.id, operator.measure(batch, self._desk(node, flow.universe, batch, at, state)), wanted, len(batch))

        found = self._fill(name, node, bound, flow, pa.schema(list(wanted.items())), work)
        return name, values(found, flow.at, list(wanted))

    def rewrites(self, node: Node, flow: Flow, state: pa.Table | None) -> dict[str, Column]:
        """The columns that the step gives, new or rewritten."""
        operator = node.operator
        assert isinstance(operator, Rewrite)
        made: dict[str, Column] = {}
        known = {**flow.measures, **flow.columns}
        several = next((name for name, columns in node.on.items() if len(columns) > 1), None)
        turns = [{**node.on, several: (one,)} for one in node.on[several]] if several else [dict(node.on)]
        for on in turns:
            bound = Bound({name: tuple(known[one] for one in columns) for name, columns in on.items()}, operator.reads())
            made |= self._rewritten(node, flow, bound, on, state)
        return made

    def born(self, node: Node, flow: Flow, state: pa.Table | None) -> tuple[Universe, Rows]:
        """The universe of rows born of the flow's rows, and which of them had no child."""
        bound = self.bound(node, flow)
        name = key("born", self.job.keys[node.id], bound.key, self._state_digest(node), flow.universe.key, rows_key(flow.at), self._place(node))
        table = self.fragments.read(name)
        if table is None:
            table = self.fragments.add(name, self._expand(node, flow, bound, state, name))
        return universe_of(table, flow.universe, node.id, name), np.setdiff1d(flow.at, pc.list_flatten(table["parents"].combine_chunks()).to_numpy())

    def notes(self, node: Node, flow: Flow, reference: bool, state: pa.Table | None = None) -> tuple[str, Bound]:
        """Make sure that the step's notes of these rows are kept; gives the key they lie under."""
        operator, bound = node.operator, self.bound(node, flow, reference)
        # references or not: an earlier run's serve
        name = key("notes", flow.universe.key, self.job.keys[node.id], bound.key, self._place(node), *filter(None, [self._state_digest(node)]))
        if isinstance(operator, Group | Cut):
            self._keyed_notes(name, node, operator, bound, flow)
        elif isinstance(operator, Whole):
            notes = operator.card.notes

            def note(batch: pa.RecordBatch, at: Rows) -> pa.Table:
                return checked(node.id, operator.note(batch, self._desk(node, flow.universe, batch, at)), notes, len(batch))

            self._fill(name, node, bound, flow, pa.schema(list(notes.items())), note)
        elif isinstance(operator, Rank):

            def order(batch: pa.RecordBatch, at: Rows) -> pa.Table:
                return ranked(node.id, operator.order(batch, self._desk(node, flow.universe, batch, at, state)), len(batch))

            self._fill(name, node, bound, flow, None, order)
        return name, bound

    def cut_column(self, node: Node, flow: Flow, cuts: Cuts) -> Column:
        """The step's text less the spans that go."""
        bound = self.bound(node, flow)
        (source,) = next(iter(bound.columns.values()))
        name = key("cut", flow.universe.key, bound.key, cuts.digest)
        return Column(key=name, type=pa.string(), origin="cut", name=source.name, source=source if source.type == pa.string() else _as_text(source))

    def learned(self, node: Node, flow: Flow, state: pa.Table | None, passes: int) -> str:
        """Learn from these rows; gives the key of the state."""
        bound = self.bound(node, flow, learns_from_reference(self.job, node))
        name = key(
            "learned", self.job.keys[node.id], bound.key, flow.universe.key, rows_key(flow.at), passes, self._state_digest(node), self._place(node)
        )
        if self.fragments.paths(name):
            return name
        made, _ = self._learn(node, bound, flow, state)
        if made is not None:
            self._keep_state(name, made)
        return name if made is not None else ""

    def surveyed(self, node: Node, flow: Flow, reference: bool) -> str:
        """Learn what a survey tells from, of its rows or of those that it compares them with; gives the key of the state and of the errors."""
        bound = self.bound(node, flow, reference)
        name = key("surveyed", self.job.keys[node.id], bound.key, flow.universe.key, rows_key(flow.at), self._place(node))
        if not self.fragments.paths(name) and self.fragments.read(beside(name, "errors")) is None:
            made, errors = self._learn(node, bound, flow, None)
            self._keep_errors(name, errors)
            if made is not None:
                self._keep_state(name, made)
        return name

    def errors(self, name: str) -> tuple[Rows, list[str]]:
        """Rows that could not be processed, with reasons."""
        found = self.fragments.read(beside(name, "errors"))
        return (at_of(found), found["reason"].to_pylist()) if found is not None else (np.zeros(0, np.int64), [])

    def rewrite_key(self, node: Node, flow: Flow, bound: Bound) -> str:
        return key("rewrite", flow.universe.key, self.job.keys[node.id], bound.key, self._state_digest(node), self._place(node))

    # ---- private

    def _learn(self, node: Node, bound: Bound, flow: Flow, state: pa.Table | None) -> tuple[pa.Table | None, Errors]:
        operator = node.operator
        assert isinstance(operator, Learner | Survey)
        errors, made = Errors(), None
        given, at = self._readable(node, bound, flow.universe, flow.at, errors)
        for batch, rows in batches(given, at, operator.card.rows_per_batch):
            one, _ = call(lambda b, r: operator.learn(b, self._desk(node, flow.universe, b, r, state)), batch, rows, errors)
            made = one if made is None else operator.merge(made, one)
        return made, errors

    def _keep_state(self, name: str, state: pa.Table) -> None:
        self.fragments.add(name, state.append_column("at", pa.array(np.arange(len(state), dtype=np.int64))))

    def _desk(self, node: Node, universe: Universe, batch: pa.RecordBatch, at: Rows, state: pa.Table | None = None) -> BatchDesk:
        empty = pa.table({})
        return BatchDesk(
            node.seed,
            node.id,
            *self.content.drawn_by(universe.offset[at]),
            universe.part[at],
            empty if state is None else state,
            models=self.job.models,
            source=self.content.given.name,
            lent=Lent(self._scans, self._reads, batch, at),
        )

    def _place(self, node: Node) -> str:
        # a draw depends on where the row lies, so what was drawn must not serve a row that lies elsewhere
        card = node.operator.card
        return (self.content.shard.inside if card.seeded else "") + (f"\0{self.content.given.name}" if card.by_source else "")

    def _state_digest(self, node: Node) -> str:
        return self.job.decisions.get(node.id, Decision()).digest

    def _fill(
        self, name: str, node: Node, bound: Bound, flow: Flow, schema: pa.Schema | None, work: Callable[[pa.RecordBatch, Rows], pa.Table]
    ) -> pa.Table:
        """The fragment with all the flow's rows in it: null for rows with a null, unless the card takes them."""
        known = self.fragments.read(name)
        missing = uncovered(known, flow.at)
        if not len(missing) and known is not None:
            return known
        errors, parts, done = Errors(), [], []
        given, live = self._readable(node, bound, flow.universe, missing, errors)
        for batch, at in batches(given, live, node.operator.card.rows_per_batch) if given.num_columns else blank(live):
            made, through = call(work, batch, at, errors)
            parts.append(made)
            done.append(through)
        if not parts and schema is None:
            parts = [work(one_batch(given.slice(0, 0)), missing[:0])]
            done = [missing[:0]]
        table = pa.concat_tables(parts) if parts else schema.empty_table()  # type: ignore[union-attr]
        self._keep_errors(name, errors)
        return self.fragments.add(name, _spread(table, np.concatenate(done) if done else missing[:0], missing), known)

    def _readable(self, node: Node, bound: Bound, universe: Universe, at: Rows, errors: Errors) -> tuple[pa.Table, Rows]:
        """What the operator may see: rows without nulls (unless it takes them) whose values are of the types it reads."""
        live = at if self._takes_nulls(node) else at[~self.nulls(bound, universe, at)]
        given = self.batch(bound, universe, live, errors)
        if errors.at:
            keep = ~np.isin(live, errors.at)
            given, live = given.filter(pa.array(keep)), live[keep]
        given = given.combine_chunks()
        self._reads = {name: Read(_name(columns, universe), live, given[name]) for name, columns in bound.columns.items() if is_text(given[name])}
        return given, live

    def _takes_nulls(self, node: Node) -> bool:
        return node.operator.card.takes_nulls

    def _keep_errors(self, name: str, errors: Errors) -> None:
        if errors.at:
            order = np.argsort(np.array(errors.at), kind="stable")
            table = pa.table({"at": np.array(errors.at, np.int64)[order], "reason": [errors.reason[i] for i in order]}, schema=_ERRORS)
            self.fragments.add(beside(name, "errors"), table, self.fragments.read(beside(name, "errors")))

    def _rewritten(self, node: Node, flow: Flow, bound: Bound, on: Mapping[str, tuple[str, ...]], state: pa.Table | None) -> dict[str, Column]:
        operator = node.operator
        assert isinstance(operator, Rewrite)
        given = {name: column[0].type for name, column in bound.columns.items()}
        wanted = operator.adds({**given, **self._against_types(node)})
        name = self.rewrite_key(node, flow, bound)
        before = {added: bound.columns[added][0] for added in wanted if added in bound.columns}
        schema = pa.schema([field for added, kind in wanted.items() for field in ((added, kind), (f"changed.{added}", pa.bool_()))])

        def work(batch: pa.RecordBatch, at: Rows) -> pa.Table:
            made = checked(node.id, operator.rewrite(batch, self._desk(node, flow.universe, batch, at, state)), wanted, len(batch))
            return changes(made, batch, before)

        self._fill(name, node, bound, flow, schema, work)
        found: dict[str, Column] = {}
        for added, kind in wanted.items():
            target = on[added][0] if added in on else node.writes.get(added, added)
            source = before.get(added)
            if source is not None and source.type != kind:
                source = _as_text(source) if kind == pa.string() and not pa.types.is_nested(source.type) else None
            found[target] = Column(key=name, type=kind, origin="rewritten", name=added, source=source)
        return found

    def _against_types(self, node: Node) -> dict[str, pa.DataType]:
        if not node.against:
            return {}
        graph = self.job.graph
        measured = {f"{other.id}.{name}": kind for other in graph.nodes for name, kind in bindable(other.operator, other.measures).items()}
        known = {**measured, **{field.name: field.type for field in stream_schema(graph, node.against)}}
        return {f"against.{name}": known[columns[0]] if len(columns) == 1 else pa.string() for name, columns in node.against_on.items()}

    def _expand(self, node: Node, flow: Flow, bound: Bound, state: pa.Table | None, name: str) -> pa.Table:
        operator = node.operator
        wanted = operator.adds({**{k: c[0].type for k, c in bound.columns.items()}, **self._against_types(node)})
        errors, parts = Errors(), []

        def work(batch: pa.RecordBatch, at: Rows) -> pa.Table:
            desk = self._desk(node, flow.universe, batch, at, state)
            columns, parents = self._bear(operator, batch, desk)
            return checked(node.id, columns, wanted, None).append_column("parents", parent_rows(node.id, parents, at))

        nulls = np.zeros(len(flow.at), np.bool_) if self._takes_nulls(node) else self.nulls(bound, flow.universe, flow.at)
        given, live = self._readable(node, bound, flow.universe, flow.at, errors)
        for batch, at in batches(given, live, operator.card.rows_per_batch):
            parts.append(call(work, batch, at, errors)[0])
        if nulls.any():  # a row that cannot be read goes on as its own only child
            parts.append(_themselves(flow.at[nulls], wanted, bound, self.content, flow.universe))
        empty = pa.schema([*wanted.items(), ("parents", pa.list_(pa.int64()))]).empty_table()
        table = pa.concat_tables(parts) if parts else empty
        self._keep_errors(name, errors)
        first = pc.list_element(table["parents"].combine_chunks(), 0) if len(table) else pa.array([], pa.int64())
        order = pa.array(np.argsort(first.to_numpy(), kind="stable"))
        return table.take(order).append_column("at", pa.array(np.arange(len(table), dtype=np.int64)))

    def _bear(self, operator: Operator, batch: pa.RecordBatch, desk: BatchDesk) -> tuple[Columns, pa.Array]:
        if isinstance(operator, Expand):
            return operator.expand(batch, desk)
        assert isinstance(operator, Synthesize)
        prompts = operator.prompts(batch)
        alias = str(getattr(operator, operator.card.models[0])) if operator.card.models else ""
        return operator.read(batch, answered(Path(self.job.cache) / "replies.sqlite", alias, desk.model(alias), prompts, self._silent))

    def _keyed_notes(self, name: str, node: Node, operator: Group | Cut, bound: Bound, flow: Flow) -> None:
        covered = beside(name, "covered")
        known = self.fragments.read(covered)
        missing = uncovered(known, flow.at)
        if known is not None and not len(missing):
            return

        def note(batch: pa.RecordBatch, at: Rows) -> pa.Table:
            made = operator.note(batch, self._desk(node, flow.universe, batch, at))
            return placed(spans_of(node.id, made, batch), at) if isinstance(operator, Cut) else notes_of(node, operator, made, at)

        errors = Errors()
        given, live = self._readable(node, bound, flow.universe, missing, errors)
        notes = [call(note, batch, at, errors)[0] for batch, at in batches(given, live, operator.card.rows_per_batch)]
        if isinstance(operator, Cut):
            keep_spans(self.fragments.folder / name[:2] / name / f"{rows_key(missing)}.arrow", notes)
        else:
            keep_notes(self.fragments, name, notes, operator.card.key or "")
        self._keep_errors(name, errors)
        self.fragments.add(covered, pa.table({"at": missing}), known)


def _name(columns: tuple[Column, ...], universe: Universe) -> str:
    return key(universe.key, [(column.key, column.name) for column in columns])


def _empty(array: pa.Array, want: pa.DataType) -> pa.Array:
    """Where there is no value. A text that should be a number is none where it is empty, as `cast_to` has it."""
    if pa.types.is_string(array.type) and not pa.types.is_string(want) and want != ANY:
        return pc.or_(pc.is_null(array), pc.fill_null(pc.equal(array, ""), True))
    return pc.is_null(array)


def _as_text(column: Column) -> Column:
    return Column(key=key("cast", column.key, column.name, "string"), type=pa.string(), origin="cast", source=column)


def _joined(arrays: list[pa.Array]) -> pa.Array:
    texts = [pc.fill_null(array, "") for array in arrays]
    nothing = pc.is_null(arrays[0])
    for array in arrays[1:]:
        nothing = pc.and_(nothing, pc.is_null(array))
    return pc.if_else(nothing, pa.scalar(None, pa.string()), pc.binary_join_element_wise(*texts, JOINT))


def _spread(table: pa.Table, done: Rows, covered: Rows) -> pa.Table:
    """A table for the rows `done` as one for all `covered`: the others are null."""
    where = pa.array(np.searchsorted(done, covered).clip(0, max(len(done) - 1, 0)))
    have = np.isin(covered, done, assume_unique=True)
    if have.all():
        return table.append_column("at", pa.array(covered))
    where = pc.if_else(pa.array(have), where, pa.scalar(None, pa.int64()))
    return table.take(where).append_column("at", pa.array(covered))


def _themselves(at: Rows, wanted: Types, bound: Bound, content: Content, universe: Universe) -> pa.Table:
    columns = {}
    for name, kind in wanted.items():
        source = bound.columns.get(name)
        columns[name] = cast_to(content.fetch(source[0], universe, at), kind)[0] if source else pa.nulls(len(at), kind)
    offsets = np.arange(len(at) + 1, dtype=np.int32)
    return pa.table(columns).append_column("parents", pa.ListArray.from_arrays(pa.array(offsets), pa.array(at)))
