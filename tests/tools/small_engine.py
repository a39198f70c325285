"""The engine of a page: enough to run one operator over a small table, cut as a test likes."""

import random
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tools.contract import ANY, Counts, Expand, Group, Learner, Measure, Operator, Quota, Rank, Whole
from tools.digest import digest, hashes


@dataclass
class SmallDesk:
    """`first`: the place of the batch's first row."""

    first: int = 0
    length: int = 0
    state: pa.Table = field(default_factory=lambda: pa.table({}))
    values: pa.Array | None = None

    def digest(self, values):
        return digest(values)

    def draw(self, by=None):
        if by is not None:
            return pa.array(hashes(by.cast(pa.string())))
        return pa.array(hashes(pa.array([f"row {self.first + turn}" for turn in range(self.length)])))

    def evidence(self, places):
        return self.values.take(places)


def typed(given, types):
    """The columns as a table: of the types the operator reads."""
    kinds = {name: kind for name, kind in types.items() if kind != ANY}
    return pa.table({name: pa.array(values, kinds.get(name)) for name, values in given.items()})


def batches(table, cut):
    """Batches of at most `cut` rows, each with a desk; one empty batch of an empty table."""
    for start in range(0, max(1, len(table)), cut):
        piece = table.slice(start, cut).combine_chunks()
        columns = [column.chunk(0) if column.num_chunks else column.combine_chunks() for column in piece.columns]
        batch = pa.RecordBatch.from_arrays(columns, names=table.column_names)
        yield batch, SmallDesk(first=start, length=len(batch))


def learned(operator, table, cut):
    states = [operator.learn(batch, desk) for batch, desk in batches(table, cut)]
    state = states[0]
    for other in states[1:]:
        state = operator.merge(state, other)
    return state.combine_chunks()


def run(operator: Operator, given, against=None, cut=10**9, shake=None):
    """What becomes of the rows: {"kept": places, ...ports, "reasons", "into", "columns"}."""
    table = typed(given, operator.reads())
    null = np.zeros(len(table), bool)
    if not operator.card.takes_nulls:
        for name in operator.reads():
            null |= table[name].is_null().to_numpy()
    live = table.filter(pa.array(~null))
    places = np.flatnonzero(~null)
    reference = None if against is None else typed(against, operator.against())
    if isinstance(operator, Group):
        return _group(operator, table, live, places, reference, cut, shake)
    if isinstance(operator, Rank):
        return _rank(operator, live, places, null, cut)
    state = learned(operator, live if reference is None else reference, cut) if isinstance(operator, Learner) else pa.table({})
    if isinstance(operator, Whole):
        notes = pa.concat_tables([pa.table(dict(operator.note(batch, desk))) for batch, desk in batches(live, cut)])
        return _decided(operator, pa.table(dict(operator.settle(notes))), places, null)
    work = operator.measure if isinstance(operator, Measure) else operator.expand if isinstance(operator, Expand) else operator.rewrite
    made, parents = [], []
    for batch, desk in batches(live, cut):
        desk.state = state
        found = work(batch, desk)
        if isinstance(operator, Expand):
            found, own = found
            parents += [[int(places[desk.first + at]) for at in each] for each in own.to_pylist()]
        made.append(pa.table(dict(found)))
    table = pa.concat_tables(made)
    if isinstance(operator, Measure):
        return _decided(operator, table, places, null)
    return {"columns": table.to_pydict(), "parents": parents, "kept": list(range(len(table)))}


def _decided(operator, measures, places, null):
    reasons = {int(place): "null" for place in np.flatnonzero(null)} if operator.rule() else {}
    for clause in operator.rule():
        for place, holds in zip(places, clause.holds(measures[clause.measure].combine_chunks()).to_pylist(), strict=True):
            if not holds:
                reasons.setdefault(int(place), clause.measure)
    kept = [place for place in range(len(null)) if place not in reasons]
    return {"columns": measures.to_pydict(), "kept": kept, "reasons": reasons}


def _group(operator: Group, table, live, places, reference, cut, shake):
    """Reference rows stand before all others: their places are the smallest."""
    before = 0 if reference is None else len(reference)
    notes = [] if reference is None else _notes(operator, reference, np.arange(before), cut)
    notes = pa.concat_tables([*notes, *_notes(operator, live, places + before, cut)])
    if shake is not None:
        order = list(range(len(notes)))
        random.Random(shake).shuffle(order)
        notes = notes.take(pa.array(order, pa.int64()))
    pairs = operator.match(notes).sort_by([("row", "ascending"), ("other", "ascending")])
    tables = (
        [pa.table({"text": pc.fill_null(one["text"], "")}) for one in (reference, table) if one is not None] if "text" in table.column_names else []
    )
    values = [operator.evidence(batch, desk) for one in tables for batch, desk in batches(one, cut)]
    pairs = pairs.group_by(["row", "other"], use_threads=False).aggregate([])  # the engine removes double pairs
    measures = dict(operator.verify(pairs, SmallDesk(values=pa.concat_arrays(values) if values else None)))
    for clause in operator.rule():
        pairs = pairs.append_column(clause.measure, measures[clause.measure]).filter(clause.holds(measures[clause.measure]))
    root = list(range(before + len(table)))

    def find(row):
        while root[row] != row:
            row = root[row]
        return row

    for row, other in zip(pairs["row"].to_pylist(), pairs["other"].to_pylist(), strict=True):
        one, two = sorted((find(row), find(other)))
        root[two] = one
    prefer = dict(zip(notes["row"].to_pylist(), notes[operator.card.prefer].to_pylist(), strict=True)) if operator.card.prefer else {}
    clusters = {}
    for row in range(len(root)):
        clusters.setdefault(find(row), []).append(row)
    into = {}
    for rows in clusters.values():
        best = min(rows, key=lambda row: (row >= before, -prefer.get(row, 0.0), row))
        into |= {row - before: best - before for row in rows if row != best and row >= before}
    return {"kept": [row for row in range(len(table)) if row not in into], "into": into, "pairs": pairs.to_pylist()}


def _notes(operator: Group, table, places, cut):
    found = []
    for batch, desk in batches(table, cut):
        columns = dict(operator.note(batch, desk))
        at = columns.pop("row", pa.array(range(len(batch)), pa.int32())).to_numpy()
        table = pa.table({"row": pa.array(places[desk.first : desk.first + len(batch)][at], pa.int64()), **columns})
        keys = table[operator.card.key].combine_chunks()
        if pa.types.is_list(keys.type):  # under each of its keys
            table = table.drop_columns(operator.card.key).take(pc.list_parent_indices(keys)).append_column(operator.card.key, keys.flatten())
        found.append(table)
    return found


def _rank(operator: Rank, live, places, null, cut):
    found = []
    for batch, desk in batches(live, cut):
        found.append(pa.table(dict(operator.order(batch, desk))))
    notes = pa.concat_tables(found)
    order = notes["order"].to_numpy()
    units = notes["unit"].to_pylist() if "unit" in notes.column_names else list(range(len(notes)))
    members = {}
    for at in np.lexsort((np.arange(len(order)), order)).tolist():
        members.setdefault(units[at], []).append(at)
    quotas = operator.quota(Counts({None: len(order)} if len(order) else {}, {}))
    quotas = {"kept": quotas} if isinstance(quotas, Quota) else quotas
    ports = {port: [] for port in operator.ports()}
    waiting = list(members.values())
    for port, quota in quotas.items():
        while waiting and (quota.rows is None or len(ports[port]) + len(waiting[0]) <= quota.rows):
            ports[port] += waiting.pop(0)
    taken = {port: [int(places[at]) for at in (rows if operator.card.reorders else sorted(rows))] for port, rows in ports.items()}
    left = {int(places[at]): "quota" for rows in waiting for at in rows}
    return {**taken, "ports": taken, "reasons": left | {int(place): "null" for place in np.flatnonzero(null)}}


def holds(operator_class, example):
    """One example of a card, as it stands."""
    operator = operator_class(**example.params)
    given = {name: list(values) for name, values in example.given.items()}
    found = run(operator, given, example.against and {name: list(values) for name, values in example.against.items()})
    for name, values in (example.gives or {}).items():
        assert found["columns"][name] == pytest.approx(list(values)) if name == "contamination" else found["columns"][name] == list(values)
    if example.keeps is not None:
        assert found["kept"] == list(example.keeps)
    for row, reason in (example.drops or {}).items():
        if reason == "merged":
            assert row in found["into"]
        elif reason == "childless":
            assert [row] not in found["parents"]
        else:
            assert found["reasons"][row] == reason
    assert found.get("into", {}).items() >= (example.into or {}).items()
    for port, rows in (example.ports or {}).items():
        assert found["ports"][port] == list(rows)
    if example.parents is not None:
        assert found["parents"] == [list(parents) for parents in example.parents]


def same_for_any_cut(operator, given, against=None, cuts=(1, 3, 17)):
    """Law 8: no cut into batches, no order of notes changes anything."""
    whole = run(operator, given, against)
    for cut in cuts:
        assert repr(run(operator, given, against, cut=cut, shake=cut)) == repr(whole), cut  # as text: NaN is not NaN
    return whole
