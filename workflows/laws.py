"""The laws every operator keeps, whatever it does; each is a function that raises Broken where an operator does not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter

import numpy as np
import pyarrow as pa

from tools.contract import ANY, Cut, Example, Group, Layout, Learner, Measure, Numbers, Operator, Rank, Survey, Whole
from tools.errors import RowError, WinnowError

from . import nasty
from .engine.desk import BatchDesk
from .given import AT, MEASURED, Outcome, Setting, Trial, ports_of, run
from .parameters import make
from .watched import watched

CRASHES: tuple[type[Exception], ...] = (  # all that Python code can raise but what ends the process
    *(WinnowError, ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, ImportError, LookupError, MemoryError),
    *(NameError, OSError, RuntimeError, SyntaxError, TypeError, ValueError),
)
ROWS = 32
FEW = 6  # rows that get a shard each
LONG = 10 << 20  # bytes
LONG_SECONDS = 60.0
RECALL = 0.98  # of the rows that merge by true similarity


class Broken(Exception):
    """An operator does not keep a law; the text says how."""


@dataclass(frozen=True)
class Case:
    """An operator with parameters, and rows to try it on."""

    name: str
    operator: Operator
    given: pa.Table
    against: pa.Table | None

    def trial(self, given: pa.Table | None = None, operator: Operator | None = None, setting: Setting | None = None) -> Trial:
        return Trial(
            operator=operator or self.operator,
            given=self.given if given is None else given,
            against=self.against,
            name=self.name,
            setting=setting or Setting(),
        )

    @cached_property
    def outcome(self) -> Outcome:
        return run(self.trial())

    @property
    def texts(self) -> list[str]:
        """Columns of text that the operator reads."""
        return [name for name, kind in self.operator.reads().items() if kind == pa.string() and name in self.given.column_names]


Law = Callable[[Case], str]  # gives a note


def cases(name: str, made: type[Operator], more: Sequence[Mapping[str, object]] = ()) -> list[Case]:
    """One case for each set of parameters, those of `more` before those of the card's examples."""
    examples = list(made.card.examples)
    first = examples[0] if examples else Example(given={})
    found: dict[str, Case] = {}
    for example in [*(replace(_nearest(params, examples) or first, params=params) for params in more), *examples]:
        operator = make(made, example.params)
        against = None if example.against is None else _reference(operator, example)
        key = f"{operator!r} {against is None}"
        if key not in found:
            found[key] = Case(name, operator, nasty.rows(operator.reads(), example.given, ROWS), against)
    return list(found.values())


def examples_hold(name: str, made: type[Operator]) -> str:
    """Everything that the card's examples say comes true."""
    if not made.card.examples:
        raise Broken("the card has no example; a reader and the planner learn from them")
    for number, example in enumerate(made.card.examples, 1):
        operator = make(made, example.params)
        given = _table(example.given, operator.reads())
        against = None if example.against is None else _table(example.against, operator.against())
        wrong = _unlike(example, operator, run(Trial(operator=operator, given=given, against=against, name=name)))
        if wrong:
            raise Broken(f"example {number}: {wrong}")
    return f"{len(made.card.examples)} examples"


def columns_and_types(case: Case) -> str:
    """What comes back has the columns and types that the operator says."""
    given = {name: case.given.schema.field(name).type for name in case.operator.reads() if name in case.given.column_names}
    given |= {f"against.{name}": case.against.schema.field(name).type for name in case.operator.against()} if case.against is not None else {}
    if isinstance(case.operator, Layout):
        return ""
    stores = isinstance(case.operator, Measure | Group | Whole)
    for name, kind in case.operator.adds(given).items():
        for port, table in case.outcome.ports.items():
            have = table.schema.field(MEASURED + name if stores else name).type
            if kind not in (ANY, have):
                raise Broken(f"column {name!r} on port {port!r} is {have}, the card says {kind}")
    for port in ports_of(case.operator):
        if case.outcome.ports[port].schema.names != case.outcome.kept_or_first.schema.names:
            raise Broken(f"port {port!r} has other columns")
    return ""


def one_row_at_a_time(case: Case) -> str:
    """A row's result does not depend on the rows beside it."""
    _same(case, case.outcome, run(case.trial(operator=watched(case.operator, rows_per_batch=1))), "one row at a time")
    return ""


def empty_input(case: Case) -> str:
    """No rows give no rows, of the same columns and types; nor does a batch of which every row was refused."""
    refusing = watched(case.operator, inspect=_refuse_all)
    for given, operator in ((case.given.slice(0, 0), case.operator), (case.given.slice(0, 3), refusing)):
        outcome = run(case.trial(given=given, operator=operator))
        for port, table in outcome.ports.items():
            if len(table) and not isinstance(case.operator, Layout):
                raise Broken(f"an empty batch gives {len(table)} rows on port {port!r}")
            if table.schema.remove_metadata() != case.outcome.ports[port].schema.remove_metadata():
                raise Broken(f"an empty batch gives other columns on port {port!r}: {table.schema.names}")
    return ""


def nulls_stay_out(case: Case) -> str:
    """Nulls in columns that are read reach only operators that take them; every row is still accounted for."""
    operator, given = case.operator, nasty.holed(case.given)
    outcome = run(case.trial(given=given, operator=watched(operator, inspect=None if operator.card.takes_nulls else _no_nulls)))
    _same(case, outcome, run(case.trial(given=given, operator=watched(operator, rows_per_batch=1))), "one row at a time, nulls among them")
    return ""


def same_seed_same_result(case: Case) -> str:
    """Twice the same."""
    if not case.operator.card.repeatable:
        return "the card says that it is not repeatable"
    _same(case, case.outcome, run(case.trial()), "run again with the same seed")
    return ""


def any_cut(case: Case) -> str:
    """Shards and batches do not show in the result."""
    small = watched(case.operator, rows_per_batch=4)
    _same(case, case.outcome, run(case.trial(operator=small, setting=Setting(cut=7))), "in shards of 7 rows and batches of 4")
    few = case.given.slice(0, FEW)
    _same(case, run(case.trial(given=few)), run(case.trial(given=few, setting=Setting(cut=1))), "in shards of one row")
    return ""


def any_order_of_notes(case: Case) -> str:
    """A Group may be handed the notes of a partition in any order; a Cut may give its own in any."""
    if not isinstance(case.operator, Group | Cut):
        return "no notes to order"
    for turn in range(2):
        _same(case, case.outcome, run(case.trial(operator=watched(case.operator, shuffle=turn))), "with the notes of each partition shuffled")
    return ""


def any_number_of_workers(case: Case) -> str:
    """One process or two."""
    if not isinstance(case.operator, Group | Cut | Rank | Learner | Survey | Whole):
        return "rows are taken one by one"
    _same(case, case.outcome, run(case.trial(setting=Setting(cut=7, workers=2))), "with two workers")
    return ""


def only_declared_columns(case: Case) -> str:
    """It asks for the columns that it declares, and is handed no other."""
    given = case.given
    if not isinstance(case.operator, Layout):
        given = given.append_column("another_text", pa.array(["other"] * len(given))).append_column("another_number", pa.array([7] * len(given)))
    declared = {True: set(case.operator.against()), False: set(case.operator.reads())}

    def look(batch: pa.RecordBatch, of_reference: bool) -> None:
        more = set(batch.schema.names) - declared[of_reference] - {"_"}
        if more:
            raise Broken(f"it was handed the columns {sorted(more)}, which it does not declare")

    run(case.trial(given=given, operator=watched(case.operator, inspect=look)))
    return ""


def nasty_text(case: Case) -> str:
    """Odd texts give a value or a row error, alone as in company, never a crash."""
    if not case.texts:
        return "reads no text"
    given = nasty.nasty(case.given)
    together = run(case.trial(given=given))
    _same(case, together, run(case.trial(given=given, operator=watched(case.operator, rows_per_batch=1))), "one nasty text at a time")
    refused = sum(fate.reason == "error" for fate in together.fates)
    return f"{refused} of {len(given)} texts refused" if refused else ""


def long_text(case: Case) -> str:
    """A line of 10 MB and a text of many lines end in time."""
    if not case.texts:
        return "reads no text"
    started = perf_counter()
    for text in (nasty.long_line(LONG), nasty.many_lines(200_000), "x" * (1 << 20)):
        run(case.trial(given=nasty.with_text(case.given, text)))
    took = perf_counter() - started
    if took > LONG_SECONDS:
        raise Broken(f"texts of {LONG >> 20} MB take {took:.0f} seconds, {LONG_SECONDS:.0f} are allowed")
    return f"{took:.1f} s"


def near_duplicates(case: Case) -> str:
    """On families of near-duplicates a Group decides the same in any cut and order, and as the true similarity of all pairs does."""
    if not isinstance(case.operator, Group) or not case.texts:
        return "groups no texts"
    texts = nasty.families(9)
    at = pa.array(np.arange(len(texts)) % len(case.given))
    given = pa.table({name: pa.array(texts) if name in case.texts else case.given[name].take(at) for name in case.given.column_names})
    outcome = run(case.trial(given=given))
    _same(
        case, outcome, run(case.trial(given=given, setting=Setting(cut=17), operator=watched(case.operator, shuffle=5))), "in shards, notes shuffled"
    )
    if type(case.operator).verify is Group.verify or case.against is not None:
        return f"{sum(fate.into is not None for fate in outcome.fates)} of {len(texts)} merge"
    return _as_all_pairs(case.operator, given, outcome)


LAWS: Mapping[str, Law] = {
    law.__name__: law
    for law in (
        columns_and_types,
        one_row_at_a_time,
        empty_input,
        nulls_stay_out,
        same_seed_same_result,
        any_cut,
        any_order_of_notes,
        only_declared_columns,
        nasty_text,
        near_duplicates,
    )
}
SLOW_LAWS: Mapping[str, Law] = {law.__name__: law for law in (any_number_of_workers, long_text)}


def difference(one: Outcome, other: Outcome, tolerance: float | None = None) -> str:
    """Where two outcomes are not the same; empty: nowhere."""
    for port, table in one.ports.items():
        theirs = other.ports[port]
        if table.schema.remove_metadata() != theirs.schema.remove_metadata():
            return f"port {port!r}: columns {table.schema.names} and {theirs.schema.names}"
        for name in ([AT] if AT in table.column_names else []) + [name for name in table.column_names if name != AT]:
            ours, others = table[name].to_pylist(), theirs[name].to_pylist()
            if not alike(ours, others, tolerance):
                return f"port {port!r}, column {name!r}: {_first_unlike(ours, others, tolerance)}"
    if [(fate.reason, fate.into) for fate in one.fates] != [(fate.reason, fate.into) for fate in other.fates]:
        return "rows are dropped or merged for other reasons"
    ours, others = numbers(one), numbers(other)
    if told := [name for name in ours if not alike(ours[name], others.get(name), tolerance)]:
        return f"number {told[0]!r}: {ours[told[0]]!r} and {others.get(told[0])!r}"
    return "" if one.parents == other.parents else "born rows have other parents"


def numbers(outcome: Outcome) -> Numbers:
    """What the operator tells of all rows."""
    (step,) = outcome.result.steps
    return step.numbers


def alike(one: object, other: object, tolerance: float | None = None) -> bool:
    """The same to the bit, or numbers within the tolerance."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(alike(a, b, tolerance) for a, b in zip(one, other, strict=True))
    if tolerance is not None and isinstance(one, float) and isinstance(other, int | float):
        return bool(np.isclose(one, other, rtol=tolerance, atol=tolerance, equal_nan=True))
    return repr(one) == repr(other)


def _same(case: Case, one: Outcome, other: Outcome, when: str) -> None:
    wrong = difference(one, other, None if case.operator.card.exact else case.operator.card.tolerance or 0.0)
    if wrong:
        raise Broken(f"{when} it gives something else: {wrong}")


def _unlike(example: Example, operator: Operator, outcome: Outcome) -> str:
    """What an example says that did not come true."""
    told: list[tuple[str, object, object]] = []
    for name, wanted in (example.gives or {}).items():
        table = outcome.kept_or_first
        have = (
            outcome.measures(name) if MEASURED + name in table.column_names else table[name].to_pylist() if name in table.column_names else "missing"
        )
        told.append((f"column {name!r}", have, list(wanted)))
    if isinstance(operator, Layout) and example.gives is not None:
        told.append(("columns", outcome.kept.column_names, list(example.gives)))
    if example.keeps is not None:
        told.append(("keeps", outcome.rows(), list(example.keeps)))
    told += [(f"port {port!r}", outcome.rows(port), list(rows)) for port, rows in (example.ports or {}).items()]
    told += [(f"why row {row} is dropped", outcome.fates[row].reason, why) for row, why in (example.drops or {}).items()]
    told += [(f"what row {row} goes into", outcome.fates[row].into, into) for row, into in (example.into or {}).items()]
    if example.parents is not None:
        told.append(("parents", [list(parents) for parents in outcome.parents], [list(parents) for parents in example.parents]))
    told += [(f"number {name!r}", numbers(outcome).get(name, "missing"), wanted) for name, wanted in example.numbers.items()]
    tolerance = None if operator.card.exact else operator.card.tolerance
    wrong = [f"{what}: {have!r} instead of {wanted!r}" for what, have, wanted in told if not (have == wanted or alike(have, wanted, tolerance))]
    return "; ".join(wrong)


def _first_unlike(ours: list[object], others: list[object], tolerance: float | None) -> str:
    if len(ours) != len(others):
        return f"{len(ours)} rows and {len(others)}"
    row = next(row for row, (one, other) in enumerate(zip(ours, others, strict=True)) if not alike(one, other, tolerance))
    return f"row {row} has {ours[row]!r:.80} and {others[row]!r:.80}"


def _as_all_pairs(operator: Group, given: pa.Table, outcome: Outcome) -> str:
    """No cluster but those that true similarity makes, and nearly all of these."""
    row, other = (side.astype(np.int64) for side in np.triu_indices(len(given), 1))
    read = given.select([name for name in operator.reads() if name in given.column_names]).combine_chunks().to_batches()[0]
    evidence = operator.evidence(read, BatchDesk(0, "it"))
    desk = BatchDesk(0, "it", reader=evidence.take)
    measures = operator.verify(pa.table({"row": row, "other": other}), desk)
    holds = np.logical_and.reduce([clause.holds(measures[clause.measure]).to_numpy(zero_copy_only=False) for clause in operator.rule()])
    true = _components(len(given), zip(row[holds].tolist(), other[holds].tolist(), strict=True))
    merged = [(at, fate.into) for at, fate in enumerate(outcome.fates) if fate.into is not None]
    for at, into in merged:
        if true[at] != true[into]:
            raise Broken(f"rows {at} and {into} of the families are merged, but no chain of pairs within its rule joins them")
    wanted = len(given) - len(set(true))
    if len(merged) < RECALL * wanted:
        raise Broken(f"of {wanted} rows that merge by true similarity it finds {len(merged)}")
    return f"{len(merged)} of the {wanted} that merge by true similarity"


def _components(count: int, pairs: object) -> list[int]:
    label = list(range(count))

    def top(at: int) -> int:
        while label[at] != at:
            at = label[at]
        return at

    for one, other in pairs:  # type: ignore[attr-defined]
        low, high = sorted((top(one), top(other)))
        label[high] = low
    return [top(at) for at in range(count)]


def _no_nulls(batch: pa.RecordBatch, of_reference: bool) -> None:
    holed = [name for name in batch.schema.names if name != "_" and batch[name].null_count]
    if holed:
        raise Broken(f"nulls of the columns {holed} reached it, and the card does not take them")


def _refuse_all(batch: pa.RecordBatch, of_reference: bool) -> None:
    if len(batch) and not of_reference:
        raise RowError(0, "refused to see what comes of none")


def _table(columns: Mapping[str, Sequence[object]], types: Mapping[str, pa.DataType]) -> pa.Table:
    kinds = {name: kind for name, kind in types.items() if kind != ANY}
    return pa.table({name: pa.array(list(values), kinds.get(name)) for name, values in columns.items()})


def _reference(operator: Operator, example: Example) -> pa.Table:
    """The example's reference rows, and some prose where all columns are texts."""
    table = _table(example.against or {}, operator.against())
    if any(kind != pa.string() for kind in operator.against().values()):
        return table
    return pa.concat_tables([table, pa.table({name: pa.array(nasty.PROSE[:3]) for name in table.column_names})])


def _nearest(params: Mapping[str, object], examples: Sequence[Example]) -> Example | None:
    """The example that has most of these parameters: its columns fit them."""
    return max(examples, key=lambda one: sum(one.params.get(key) == value for key, value in params.items()), default=None)
