"""Which of the data's columns an operator reads, and which columns its results become."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from tools.contract import ANY, Cut, Expand, Group, Layout, Operator, Rewrite, Synthesize
from tools.errors import WinnowError
from tools.names import nearest
from tools.storage import REST

from .columns import Stream, fits, is_name, type_name
from .findings import Spot
from .recipe import Step

AGAINST = "against."
On = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Bound:
    """What a step reads, and the types that its operator is handed; those of `against` under `against.NAME`."""

    on: On = field(default_factory=dict)
    against_on: On = field(default_factory=dict)
    given: Mapping[str, pa.DataType] = field(default_factory=dict)


@dataclass(frozen=True)
class Leaving:
    """What a step makes of the rows' columns."""

    schema: pa.Schema | None
    writes: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, pa.DataType] = field(default_factory=dict)


class Binder:
    """Binds one step; says what is wrong with it and goes on."""

    def __init__(self, step: Step, operator: Operator, spot: Spot, measures: Mapping[str, Mapping[str, pa.DataType]]) -> None:
        self.step, self.operator, self.spot = step, operator, spot
        self.measures = measures  # of all steps before, upstream or not: for messages
        self.is_sound = True
        self._columns_here: list[str] = []

    # ---- what is read

    def bind(self, rows: Stream, against: Stream | None) -> Bound:
        if against is None and self.operator.card.needs_against:  # said where the names were looked up
            self.is_sound = False
        reads, others = self.operator.reads(), self.operator.against() if against is not None else {}
        wanted = self._wanted(reads, others)
        if wanted is None:
            return Bound()
        on = self._side(reads, {name: columns for name, columns in wanted.items() if not name.startswith(AGAINST)}, rows, "")
        named = {name.removeprefix(AGAINST): columns for name, columns in wanted.items() if name.startswith(AGAINST)}
        for name in others:
            shared = on.get(name)
            if name not in named and shared and against is not None and all(against.type(column) for column in shared):
                named[name] = shared
        against_on = self._side(others, named, against, AGAINST) if against is not None else {}
        given = {name: _handed(reads[name], columns, rows) for name, columns in on.items()}
        if against is not None:
            given |= {AGAINST + name: _handed(others[name], columns, against) for name, columns in against_on.items()}
        return Bound(on, against_on, given)

    def _wanted(self, reads: Mapping[str, pa.DataType], others: Mapping[str, pa.DataType]) -> dict[str, tuple[str, ...]] | None:
        """What `on` says, in its long form; None where it cannot be told."""
        on = self.step.on
        if on is None:
            return {}
        if not reads and not others:
            self._error("on", on, f"operator {self.step.op!r} reads no column", "take `on:` out")
            return {}
        if not isinstance(on, dict):
            first = self._only(reads)
            return {first: _tuple(on)} if first else None
        known = [*reads, *(AGAINST + name for name in others)]
        for name in on:
            if name not in known:
                mend = nearest(name, known) or f"; it reads {', '.join(known)}"
                self._error(f"on.{name}", name, f"operator {self.step.op!r} reads no column {name!r}", mend)
        return {name: _tuple(columns) for name, columns in on.items() if name in known}

    def _only(self, reads: Mapping[str, pa.DataType]) -> str | None:
        """The one column that the short form of `on` can mean: not those that parameters name."""
        fixed = [name for name in reads if name in self.operator.card.reads]
        for names in (list(reads), fixed):
            if len(names) == 1:
                return names[0]
        self._error("on", self.step.on, f"operator {self.step.op!r} reads several columns", f"bind each: `on: {{{': ..., '.join(reads)}: ...}}`")
        return None

    def _side(self, reads: Mapping[str, pa.DataType], wanted: On, stream: Stream | None, prefix: str) -> dict[str, tuple[str, ...]]:
        bound: dict[str, tuple[str, ...]] = {}
        if stream is None or stream.schema is None:
            self.is_sound = False
            return bound
        for name, kind in reads.items():
            columns = wanted.get(name, (name,))
            key = "on" if name not in wanted or not isinstance(self.step.on, dict) else f"on.{prefix}{name}"
            if self._all_there(prefix + name, columns, stream, key, name in wanted) and self._all_fit(prefix + name, kind, columns, stream, key):
                bound[name] = columns
        return bound

    def _all_there(self, name: str, columns: Sequence[str], stream: Stream, key: str, is_said: bool) -> bool:
        if not columns or len(set(columns)) < len(columns):
            self._error(key, columns, "names no column" if not columns else "names a column twice", "name each column once")
            return False
        missing = [column for column in columns if stream.type(column) is None]
        for column in missing:
            if not is_said:
                some = _some(name for name in stream.names if name != REST)
                side = "the rows of `against`" if name.startswith(AGAINST) else "the rows"
                bind = f"on: {{{name}: COLUMN}}" if len(self.operator.reads()) != 1 or name.startswith(AGAINST) else "on: COLUMN"
                near = nearest(column, stream.names) if name.removeprefix(AGAINST) not in self.operator.card.reads else ""
                self._error("on", column, f"reads the column {column!r}, which {side} do not have", near or f"bind it, `{bind}`: there are {some}")
            else:
                message, mend = self._unknown(column, stream)
                self._error(key, column, message, mend)
        return not missing

    def _unknown(self, column: str, stream: Stream) -> tuple[str, str]:
        step, _, measure = column.rpartition(".")
        if step in self.measures:
            if measure not in self.measures[step]:
                known = [f"{step}.{name}" for name in self.measures[step]]
                return f"step {step!r} stores no measure {measure!r}", nearest(column, known) or f"; it stores {_some(self.measures[step])}"
            return (
                f"measure {column!r} is not known of all rows here",
                f"let every row pass step {step!r} first, or keep it there with `keep_measures: true`",
            )
        names = [name for name in stream.names if name != REST]
        others = f"; there are {_some(names)}; `--column {column}=NAME` takes the one called NAME for it"
        return f"no column {column!r}", nearest(column, names) or others

    def _all_fit(self, name: str, want: pa.DataType, columns: Sequence[str], stream: Stream, key: str) -> bool:
        several = len(columns) > 1
        if several and not (pa.types.is_string(want) or want == ANY) and not isinstance(self.operator, Rewrite):
            self._error(key, list(columns), f"{name!r} is {want}; only texts can be joined", "bind one column")
            return False
        for column in columns:
            have = stream.type(column)
            need = pa.string() if several and not isinstance(self.operator, Rewrite) else want
            if not fits(need, have):
                self._error(key, column, f"column {column!r} is {have}, and {name!r} must be {need}", _other(need, stream))
                return False
        return True

    # ---- what becomes of the columns

    def leave(self, rows: Stream, bound: Bound) -> Leaving:
        if rows.schema is None or not self.is_sound:
            return Leaving(None)
        self._columns_here = [f"{field.name} ({type_name(field)})" for field in rows.schema if field.name != REST]
        try:
            if isinstance(self.operator, Layout):
                self._refuse_names("changes no value and adds no column")
                return Leaving(self._laid_out(self.operator, rows.schema))
            adds = self.operator.adds(bound.given)
        except WinnowError as error:  # a stranger's operator may answer with any
            self.is_sound = False
            key = next((f"with.{name}" for name, value in self.step.params.items() if repr(value) in str(error)), "with")
            key = "on" if str(error).startswith("on: ") else key
            self.spot.refuse(key, self.step.on if key == "on" else self.step.params, error, self._help())
            return Leaving(None)
        if isinstance(self.operator, Rewrite | Cut | Expand | Synthesize):
            return self._columns(adds, rows.schema, bound)
        return self._measures(adds, rows.schema)

    def _laid_out(self, operator: Layout, schema: pa.Schema) -> pa.Schema | None:
        names = operator.layout([name for name in schema.names if name != REST])
        for name in names:
            self._refuse_no_name("with", name)
        return pa.schema([schema.field(old).with_name(new) for new, old in names.items()])

    def _measures(self, adds: Mapping[str, pa.DataType], schema: pa.Schema) -> Leaving:
        named = self._named(adds)
        kept = {name: named.get(name, name) for name in adds if self.step.keep_measures or name in named}
        if self.step.keep_measures and not adds:
            self._error("keep_measures", True, f"operator {self.step.op!r} stores no measure", "take `keep_measures:` out")
        return Leaving(self._written(kept, adds, schema, in_place=()), kept, adds)

    def _columns(self, adds: Mapping[str, pa.DataType], schema: pa.Schema, bound: Bound) -> Leaving:
        if self.step.keep_measures:
            self._error("keep_measures", True, f"operator {self.step.op!r} adds columns, not measures", "take `keep_measures:` out")
        named = self._named(adds)
        turns = isinstance(self.operator, Rewrite) and next((name for name, columns in bound.on.items() if len(columns) > 1), None)
        in_place = [name for name in adds if name in bound.on]
        for name in in_place:
            if stored := [column for column in bound.on[name] if column not in schema.names]:
                self._error("on", stored[0], f"the stored measure {stored[0]!r} cannot be written to", "let its step keep it as a column with `as:`")
            if name in named:
                self._error(
                    "as", named[name], f"{name!r} is written back to the column it was read from", "copy that with `derive` first, or take `as:` out"
                )
            if len(bound.on[name]) > 1 and name != turns:
                said = f"{name!r} is written back to the column it was read from, and here that is several"
                self._error("on", self.step.on, said, "join them into one column with `derive` first")
        new = [name for name in adds if name not in in_place]
        if turns and new:
            self._error("on", self.step.on, f"runs once for each column, and would add {new[0]!r} each time", "bind one column a step")
        writes = {name: bound.on[name][0] if name in in_place else named.get(name, name) for name in adds}
        schema = self._written(writes, adds, schema, in_place)
        for name in in_place:
            for column in bound.on[name][1:]:
                schema = _set(schema, column, adds[name])
        return Leaving(schema, writes)

    def _named(self, adds: Mapping[str, pa.DataType]) -> dict[str, str]:
        """What `as` says: added column → its name."""
        names = self.step.rename
        if names is None:
            return {}
        if not adds:
            self._refuse_names("adds nothing")
            return {}
        if isinstance(names, str):
            if len(adds) > 1:
                self._error("as", names, f"adds several: {', '.join(adds)}", f"name each: `as: {{{next(iter(adds))}: {names}}}`")
                return {}
            return {next(iter(adds)): names}
        for name in names:
            if name not in adds:
                self._error(f"as.{name}", name, f"adds no {name!r}", nearest(name, adds) or f"; it adds {', '.join(adds)}")
        return {name: target for name, target in names.items() if name in adds}

    def _written(self, writes: Mapping[str, str], adds: Mapping[str, pa.DataType], schema: pa.Schema, in_place: Sequence[str]) -> pa.Schema:
        taken: set[str] = set()
        before = set(schema.names)
        for name, column in writes.items():
            self._refuse_no_name("as" if self.step.rename else "with", column)
            said = isinstance(self.step.rename, str) or name in (self.step.rename or ())
            if column in taken:
                self._error("as", column, f"two results would both become column {column!r}", f"name one of them: `as: {{{name}: OTHER}}`")
            elif column in before and name not in in_place:
                self._error(
                    "as" if said else "op", column, f"would overwrite the column {column!r}", f"name it: `as: {{{name}: {_free(column, before)}}}`"
                )
            taken.add(column)
            schema = _set(schema, column, adds[name])
        return schema

    def _refuse_no_name(self, key: str, column: str) -> None:
        if not is_name(column):
            self._error(key, column, f"{column!r} is no column name", f"call it something else: {REST!r} holds what a source does not know")

    def _help(self) -> str:
        return f"there are {_some(self._columns_here)}; `winnow operators show {self.step.op.partition('@')[0]}` says what it takes"

    def _refuse_names(self, why: str) -> None:
        for key, value in (("as", self.step.rename), ("keep_measures", self.step.keep_measures)):
            if value:
                self._error(key, value, f"operator {self.step.op!r} {why}", f"take `{key}:` out")

    def _error(self, key: str, value: object, message: str, mend: str = "") -> None:
        self.is_sound = False
        self.spot.error(key, value, message, mend)


def carried(operator: Operator, step: str, rows: Stream, measures: Mapping[str, pa.DataType]) -> dict[str, pa.DataType]:
    """The measures that rows leaving this step can be asked for. Born rows have none of their parents'."""
    before = {} if isinstance(operator, Expand | Synthesize) else dict(rows.stored)
    return before | {f"{step}.{name}": kind for name, kind in bindable(operator, measures).items()}


def bindable(operator: Operator, measures: Mapping[str, pa.DataType]) -> dict[str, pa.DataType]:
    """What a later step may bind: the measures, and of a Group the number of the row's cluster."""
    return {**measures, **({"cluster": pa.int64()} if isinstance(operator, Group) else {})}


def _handed(want: pa.DataType, columns: Sequence[str], stream: Stream) -> pa.DataType:
    if want != ANY:
        return want
    return stream.type(columns[0]) if len(columns) == 1 else pa.string()


def _tuple(columns: str | Sequence[str]) -> tuple[str, ...]:
    return (columns,) if isinstance(columns, str) else tuple(columns)


def _set(schema: pa.Schema, name: str, kind: pa.DataType) -> pa.Schema:
    place = schema.get_field_index(name)
    return schema.set(place, pa.field(name, kind)) if place >= 0 else schema.append(pa.field(name, kind))


def _free(name: str, taken: set[str]) -> str:
    return next(free for number in range(2, len(taken) + 3) if (free := f"{name}_{number}") not in taken)


def _other(want: pa.DataType, stream: Stream) -> str:
    assert stream.schema is not None
    fitting = [f"{column.name} ({type_name(column)})" for column in stream.schema if fits(want, column.type) and column.name != REST]
    return f"columns that fit: {_some(fitting)}" if fitting else "no column here fits"


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return (", ".join(listed[:8]) + (f" and {len(listed) - 8} more" if len(listed) > 8 else "")) or "none"
