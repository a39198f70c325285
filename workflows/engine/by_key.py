"""Group steps foretold: some rows drawn from the whole input, with every row that shares a key with them, go through the recipe as in the run.

The notes of all rows are taken first; they lie in the cache, where the run finds them. What becomes of the drawn rows is then certain, so
that their shares are those of a plain random sample, whatever keys the rows have in common.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tools.contract import Cut, Group, Rank, Whole

from ..executor import Executor, Progress
from ..graph import Graph
from .barriers import Clock, decide_all, members_of, walk_shard
from .estimates import Stratum
from .execute import find_shards, job_of
from .files import open_table, save
from .fragments import Fragments, Rows
from .job import Job
from .notes import notes_of, where
from .places import Member
from .reports import ShardReport
from .walk import Walk

PROBES = 1500  # rows drawn
MOST_SHARE = 0.4  # of the rows; when more share keys with the drawn ones, all go through the recipe
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Kin:
    """What became of the drawn rows; `exact`: of all rows."""

    job: Job
    strata: dict[int, Stratum]
    reports: list[ShardReport]
    exact: bool


def by_key(graph: Graph, cache: Path, folder: Path, executor: Executor, seed: int, probes: int = PROBES) -> Kin:
    """Read all rows, note them, and put the drawn ones and their kin through the recipe. Steps that rank are let pass."""
    shards = find_shards(graph, cache)
    numbers = range(len(shards))
    groups, ranks, wholes = (frozenset(n.id for n in graph.nodes if isinstance(n.operator, kind)) for kind in (Group | Cut, Rank, Whole))
    noting = job_of(graph, folder, cache, shards, unknown=groups | ranks | wholes)
    noting = replace(decide_all(noting, executor, _silent, Clock()), noted=groups)
    noted = list(executor.map(walk_shard, [(noting, number) for number in numbers]))
    rows = _Rows(noting)
    drawn = _drawn(len(rows.numbers), probes, seed)
    kin = rows.numbers if drawn.all() else _kin(noting, groups, noted, rows.numbers[drawn], MOST_SHARE * len(drawn))
    exact = len(kin) > MOST_SHARE * len(drawn)
    walked = np.ones(len(drawn), np.bool_) if exact else np.isin(rows.numbers, kin, assume_unique=True)
    counted = walked if exact else drawn
    rows.keep(folder / "only", walked, counted)
    job = replace(noting, unknown=frozenset() if exact else ranks | wholes, noted=frozenset(), only=str(folder / "only"))
    job = replace(decide_all(job, executor, _silent, Clock()), noted=frozenset() if exact else ranks)
    reports = list(executor.map(walk_shard, [(job, number) for number in numbers]))
    return Kin(job, rows.strata(reports, counted, exact), reports, exact)


def _silent(_: Progress) -> None:
    pass


class _Rows:
    """All rows of the inputs that are counted, by number."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.shards = [number for number, (given, _) in enumerate(job.shards) if not job.graph.inputs[given].reference]
        found = [Walk(job, number).content.read().universe.rows for number in self.shards]
        self.numbers: Rows = np.concatenate([np.zeros(0, np.int64), *found])
        self.starts = np.concatenate([[0], np.cumsum([len(one) for one in found])]).astype(np.int64)

    def keep(self, folder: Path, walked: Mask, counted: Mask) -> None:
        """Write down for each shard which rows are walked and which of them are counted."""
        for turn, number in enumerate(self.shards):
            part = slice(int(self.starts[turn]), int(self.starts[turn + 1]))
            at = np.flatnonzero(walked[part])
            save(folder / f"{number:06d}.arrow", pa.table({"at": at, "counted": counted[part][at]}), durable=False)

    def strata(self, reports: Sequence[ShardReport], counted: Mask, exact: bool) -> dict[int, Stratum]:
        found: dict[int, Stratum] = {}
        for given in sorted({self.job.shards[number][0] for number in self.shards}):
            turns = [turn for turn, number in enumerate(self.shards) if self.job.shards[number][0] == given]
            here = [reports[self.shards[turn]] for turn in turns]
            total = float(sum(self.starts[turn + 1] - self.starts[turn] for turn in turns))
            rows = np.array([sum(int(counted[self.starts[t] : self.starts[t + 1]].sum()) for t in turns)], np.float64)
            names = {place for report in here for place in report.places}
            seen = {place: np.array([sum(report.places.get(place, 0) for report in here)], np.float64) for place in names}
            found[given] = Stratum(total=total, size=rows, rows=rows, seen=seen, whole=exact, records=total, one_by_one=True)
        return found


def _drawn(total: int, count: int, seed: int) -> Mask:
    """So many rows, every one with the same chance."""
    chosen = np.zeros(total, np.bool_)
    chosen[np.random.default_rng([seed & (1 << 63) - 1, total]).choice(total, min(count, total), replace=False)] = True
    return chosen


def _kin(job: Job, groups: frozenset[str], reports: list[ShardReport], drawn: Rows, most: float) -> Rows:
    """The drawn rows and all that share a key with them, with those, and so on, up to about `most`."""
    members: list[Member] = []
    for node in (node for node in job.graph.nodes if node.id in groups):
        found = members_of(job, node, reports)
        assert found is not None  # every barrier is open
        members += [member for member in found if not member.lane.reference]
    notes = [one for member in members for one in _notes(job, member)]
    known, fresh = np.unique(drawn), np.unique(drawn)
    keys = np.zeros(0, np.uint64)
    while len(fresh) and len(known) <= most:
        found_keys = np.unique(np.concatenate([keys[:0], *(hashes[np.isin(numbers, fresh)] for numbers, hashes in notes)]))
        new_keys = np.setdiff1d(found_keys, keys, assume_unique=True)
        keys = np.union1d(keys, new_keys)
        near = np.unique(np.concatenate([known[:0], *(_holders(numbers, hashes, new_keys) for numbers, hashes in notes)]))
        fresh = np.setdiff1d(near, known, assume_unique=True)
        known = np.union1d(known, fresh)
    return known


def _notes(job: Job, member: Member) -> list[tuple[Rows, np.ndarray[Any, np.dtype[np.uint64]]]]:
    """(row number, hash of its key) of every note of a flow, sorted by hash."""
    table = open_table(Path(member.report.path))
    at, number = table["at"].to_numpy(), table["row"].to_numpy()
    found = []
    for notes in notes_of(Fragments(job.fragments), member.report.notes):
        index = notes.index()
        in_place = "at" in index.column_names  # spans of a Cut: many a row, so that nothing lies beside them
        position = where(index, at) if in_place else where(notes.rest(), at)[index["turn"].to_numpy()]
        here = position >= 0
        found.append((number[position[here]], index["hash"].to_numpy()[here]))
    return found


def _holders(numbers: Rows, hashes: np.ndarray[Any, np.dtype[np.uint64]], keys: np.ndarray[Any, np.dtype[np.uint64]]) -> Rows:
    """Rows with a note under one of these keys."""
    start, stop = np.searchsorted(hashes, keys, side="left"), np.searchsorted(hashes, keys, side="right")
    lengths = stop - start
    if not lengths.sum():
        return numbers[:0]
    inside = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.unique(numbers[np.repeat(start, lengths) + inside])
