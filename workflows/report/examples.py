"""Rows to look at: the texts of chosen rows before and after a step, from one walk of each shard that holds some."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from tools.contract import Cut, Rewrite
from tools.errors import WinnowError

from ..engine.flows import Flow, Universe
from ..engine.fragments import Rows
from ..engine.job import Job
from ..engine.reports import ShardReport
from ..engine.trace import finished_job, shard_of
from ..engine.walk import Ports, Walk
from ..graph import Graph, Node

MOST_CHANGED = 3
MOST_SHARDS = 6
MOST_COLUMNS = 2  # of a row at a step that reads none
QUICK_BYTES = 8 << 20  # a run whose shards to look into are larger tells its examples only when it is asked

Identity = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A row at a step."""

    row: int
    part: int
    file: str
    line: int | None
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was found in the shards."""

    rows: Mapping[tuple[str, int, int], Seen]
    changed: Mapping[str, tuple[Seen, ...]]
    note: str = ""


def look(graph: Graph, run: Path, cache: Path, wanted: Mapping[str, Iterable[Identity]], *, quick: bool) -> Looked:
    """See the wanted rows (by step), and some that rewrites changed. `quick`: only where little must be read."""
    try:
        job = finished_job(graph, run, cache)
        by_shard = _by_shard(job, wanted)
        shards = sorted(by_shard, key=lambda shard: -len(by_shard[shard]))[:MOST_SHARDS]
        if quick and sum(job.shards[shard][1].stop - job.shards[shard][1].start for shard in shards) > QUICK_BYTES:
            return Looked(
                rows={}, changed={}, note=f"The run is large: `winnow report {run.name}` writes this page again with the texts of these rows."
            )
        rows: dict[tuple[str, int, int], Seen] = {}
        changed: dict[str, tuple[Seen, ...]] = {}
        for shard in shards:
            walk = _Looker(job, shard, by_shard[shard])
            walk.run()
            rows |= walk.seen()
            changed = {**walk.seen_changed(), **changed}
    except (WinnowError, OSError) as error:
        return Looked(rows={}, changed={}, note=f"The texts of these rows cannot be shown any more: {error}")
    left = len(by_shard) - len(shards)
    return Looked(rows=rows, changed=changed, note=f"Rows of {left} more parts of the input are shown without their text." if left > 0 else "")


def _by_shard(job: Job, wanted: Mapping[str, Iterable[Identity]]) -> dict[int, dict[str, set[Identity]]]:
    found: dict[int, dict[str, set[Identity]]] = defaultdict(lambda: defaultdict(set))
    for step, rows in wanted.items():
        for row, part in rows:
            found[shard_of(job, row)][step].add((row, part))
    if any(isinstance(node.operator, Rewrite | Cut) for node in job.graph.nodes):
        known = {job.shards[number][0] for number in found}
        for number, (given, _) in enumerate(job.shards):  # of a source that no row was chosen of, the first shard
            if given not in known and not job.graph.inputs[given].reference:
                known.add(given)
                found[number] = defaultdict(set)
    return found


class _Looker(Walk):
    """A walk that remembers where chosen rows stood, to read their texts when it is over: reading on the way would make
    the walk forget what it has read for all."""

    def __init__(self, job: Job, number: int, wanted: Mapping[str, set[Identity]]) -> None:
        super().__init__(job, number)
        self.wanted = wanted
        self.places: list[tuple[Node, Flow, Flow, Rows, bool]] = []

    def _take(self, step: int, node: Node, flow: Flow, report: ShardReport) -> Ports:
        ports = super()._take(step, node, flow, report)
        after = next((left for left in ports.values() if left.universe is flow.universe), flow)
        at = _find(flow.universe, flow.at, self.wanted.get(node.id, ()))
        if len(at):
            self.places.append((node, flow, after, at, False))
        if isinstance(node.operator, Rewrite | Cut) and len(after.at):
            changed = self._changed(flow, after)
            if len(changed):
                self.places.append((node, flow, after, changed, True))
        return ports

    def _changed(self, before: Flow, after: Flow) -> Rows:
        """Some rows that the rewrite changed, spread over the shard."""
        mask = np.zeros(len(after.at), np.bool_)
        for name, column in after.columns.items():
            if before.columns.get(name) is not column and column.origin in ("rewritten", "cut"):
                mask |= self.content.changed(column, after.at).to_numpy(zero_copy_only=False).astype(np.bool_)
        found = after.at[mask]
        return found if len(found) <= MOST_CHANGED else found[np.linspace(0, len(found) - 1, MOST_CHANGED + 2).astype(np.int64)[1:-1]]

    def seen(self) -> dict[tuple[str, int, int], Seen]:
        told = {}
        for node, before, after, at, is_change in self.places:
            for one in () if is_change else at.tolist():
                row = self._seen(node, before, after, one)
                told[node.id, row.row, row.part] = row
        return told

    def seen_changed(self) -> dict[str, tuple[Seen, ...]]:
        return {
            node.id: tuple(self._seen(node, before, after, one) for one in at.tolist())
            for node, before, after, at, is_change in self.places
            if is_change
        }

    def _seen(self, node: Node, before: Flow, after: Flow, at: int) -> Seen:
        read = [name for columns in node.on.values() for name in columns if name in before.columns] or _telling(before)
        written = [name for name, column in after.columns.items() if before.columns.get(name) is not column and at in after.at]
        universe, line = before.universe, int(before.universe.line[at])
        return Seen(
            row=int(universe.rows[at]),
            part=int(universe.part[at]),
            file=self.content.shard.name_at(int(universe.offset[at])),
            line=line + 1 + self.content.shard.line if line >= 0 else None,
            before=self._values(before, list(dict.fromkeys(read)), at),
            after=self._values(after, written, at),
        )

    def _values(self, flow: Flow, names: list[str], at: int) -> dict[str, object]:
        where = np.array([at])
        return {name: self.content.fetch(flow.columns[name], flow.universe, where)[0].as_py() for name in names}


def _telling(flow: Flow) -> list[str]:
    """The first columns of text, else the first of any kind."""
    texts = [name for name, column in flow.columns.items() if column.type == pa.string()]
    return (texts or list(flow.columns))[-MOST_COLUMNS:]


def _find(universe: Universe, at: Rows, wanted: Iterable[Identity]) -> Rows:
    asked = list(wanted)
    if not asked or not len(at):
        return at[:0]
    near = at[np.isin(universe.rows[at], [row for row, _ in asked])]
    return np.array([one for one in near.tolist() if (int(universe.rows[one]), int(universe.part[one])) in set(asked)], np.int64)


def nothing(note: str) -> Looked:
    """No row was looked at, and why."""
    return Looked(rows={}, changed={}, note=note)
