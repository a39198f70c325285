"""Candidate pairs of a Group step: all notes of a range of keys matched at once, then each pair once, in order, in files."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from tools.contract import Group
from tools.errors import ContractError

from ..executor import Executor
from ..graph import Node
from .call import one_batch
from .files import open_table, save
from .fragments import Fragments, Rows
from .job import Job
from .notes import Notes, between, notes_of, where
from .places import Places

PARTITION_BYTES = 32 << 20  # of the index of notes that are matched in one call
MOST_PARTITIONS = 4096
MOST_OPENED = 64  # flows whose notes are opened for every partition
GATHERED_AT_ONCE = 16  # flows, where there are more
PAIRS_AT_ONCE = 4 << 20  # that are sorted at once
MOST_PACKED = 1 << 32  # rows: a pair of their places fits into 64 bits
WORTH_SHARING = 4 << 20  # bytes of an index that all workers match, even where they are one part
SAMPLES = 256  # places of each file, to cut all pairs into parts of about one size


@dataclass(frozen=True)
class Pairs:
    """A file of distinct pairs (row, other), row < other, in order."""

    path: str
    count: int

    def table(self) -> pa.Table:
        return open_table(Path(self.path))


def candidates(job: Job, node: Node, places: Places, folder: Path, executor: Executor) -> list[Pairs]:
    """The pairs that share a key, each once, in files that follow each other; at least one of each pair is no reference row."""
    fragments = Fragments(job.fragments)
    names = {member.report.notes for member in places.members}
    size = sum(path.stat().st_size for name in names for path in fragments.paths(name))
    ranges = max(partitions(size), executor.workers if size > WORTH_SHARING else 1)
    cuts = [(1 << 64) * number // ranges for number in range(ranges + 1)]
    runs = _gathered(job, node, places, folder, executor) if len(places.members) > MOST_OPENED else ()
    tasks = [(job, node.id, places, runs, cuts[turn], cuts[turn + 1], str(folder / f"matched-{turn:06d}.arrow")) for turn in range(ranges)]
    matched = [one for one in executor.map(match_range, tasks) if one.count]
    for run in runs:
        Path(run).unlink()
    if len(matched) < 2:
        return matched
    low = _cuts(matched)
    parts = [(matched, *between, str(folder / f"pairs-{turn:06d}.arrow")) for turn, between in enumerate(pairwise(low))]
    found = [one for one in executor.map(merge_pairs, parts) if one.count]
    for one in matched:
        Path(one.path).unlink()
    return found


def partitions(size: int) -> int:
    """Into how many key ranges notes are cut whose index has so many bytes."""
    return max(1, min(-(-size // PARTITION_BYTES), MOST_PARTITIONS))


def gather(task: tuple[Job, str, Places, int, int, str]) -> str:
    """The notes of some flows in one file, sorted by hash: every key range opens every file, and there are too many flows for that."""
    job, step, places, start, stop, path = task
    operator = job.graph.node(step).operator
    assert isinstance(operator, Group)
    whole = _read(job, operator, places, range(start, stop), 0, 1 << 64, sortable=True)
    if whole is not None:
        save(Path(path), whole.take(pa.array(np.argsort(whole["hash"].to_numpy(), kind="stable"))), durable=False)
    return path if whole is not None else ""


def match_range(task: tuple[Job, str, Places, tuple[str, ...], int, int, str]) -> Pairs:
    """All notes whose key hash lies in a range, matched; from files that were gathered, or as they are."""
    job, step, places, runs, low, high, path = task
    operator = job.graph.node(step).operator
    assert isinstance(operator, Group)
    if runs:
        found: pa.Table | None = pa.concat_tables([between(open_table(Path(run)), low, high).drop_columns("hash") for run in runs]).combine_chunks()
    else:
        found = _read(job, operator, places, range(len(places.members)), low, high)
    if found is None or not len(found):
        return Pairs(path, 0)
    made = _checked(step, operator.match(found), places.total)
    return _kept(path, *_once(*_ordered(made, places.references)))


def merge_pairs(task: tuple[list[Pairs], int, int, str]) -> Pairs:
    """The pairs of all files whose first row lies in a range, each once."""
    files, low, high, path = task
    found = []
    for file in files:
        table = file.table()
        start, stop = np.searchsorted(table["row"].to_numpy(), [low, high])
        found.append(table.slice(start, stop - start))
    table = pa.concat_tables(found)
    return _kept(path, *_once(table["row"].to_numpy(), table["other"].to_numpy()))


def _cuts(files: list[Pairs]) -> list[int]:
    """Places that cut all pairs into parts of about one size."""
    parts = -(-sum(file.count for file in files) // PAIRS_AT_ONCE)
    seen, weights = [], []
    for file in files:
        rows = file.table()["row"].to_numpy()
        at = np.linspace(0, len(rows) - 1, min(SAMPLES, len(rows))).astype(np.int64)
        seen.append(rows[at])
        weights.append(np.full(len(at), len(rows) / len(at)))
    rows, weight = np.concatenate(seen), np.concatenate(weights)
    order = np.argsort(rows)
    total = np.cumsum(weight[order])
    inner = rows[order][np.searchsorted(total, total[-1] * np.arange(1, parts) / parts)]
    return [0, *np.unique(inner[inner > 0]).tolist(), int(np.iinfo(np.int64).max)]


def _gathered(job: Job, node: Node, places: Places, folder: Path, executor: Executor) -> tuple[str, ...]:
    starts = range(0, len(places.members), GATHERED_AT_ONCE)
    stops = [min(start + GATHERED_AT_ONCE, len(places.members)) for start in starts]
    tasks = [(job, node.id, places, *span, str(folder / f"notes-{span[0]:06d}.arrow")) for span in zip(starts, stops, strict=True)]
    return tuple(path for path in executor.map(gather, tasks) if path)


def _read(job: Job, operator: Group, places: Places, flows: range, low: int, high: int, sortable: bool = False) -> pa.Table | None:
    """The notes of some flows with hashes in [low, high), placed; none: there are none. `sortable`: with the hashes."""
    fragments, found = Fragments(job.fragments), []
    for number in flows:
        for notes in notes_of(fragments, places.members[number].report.notes):
            placed = _placed(operator, notes, between(notes.index(), low, high), places, number)
            if len(placed):
                found.append(placed if sortable else placed.drop_columns("hash"))
    return pa.concat_tables(found).combine_chunks() if found else None


def _placed(operator: Group, notes: Notes, index: pa.Table, places: Places, number: int) -> pa.Table:
    """Notes of rows that are in the stream: hash, row (its place), key, and what else was noted."""
    rest, turn = notes.rest(), index["turn"].to_numpy()
    position = where(rest, places.at(number))[turn]
    here = position >= 0
    if not here.all():
        index, turn, position = index.filter(pa.array(here)), turn[here], position[here]
    key = index["key"] if "key" in index.column_names else index["hash"]
    made = pa.table({"hash": index["hash"], "row": pa.array(places.of(number)[position]), operator.card.key or "": key})
    for name in rest.column_names:
        if name not in ("at", operator.card.prefer):
            made = made.append_column(name, rest[name].take(pa.array(turn)))
    return made


def _checked(step: str, pairs: pa.Table, total: int) -> pa.RecordBatch:
    made = one_batch(pairs.select(["row", "other"]).cast(pa.schema([("row", pa.int64()), ("other", pa.int64())])))
    for side in made.columns:
        values = side.to_numpy()
        if len(values) and not 0 <= values.min() <= values.max() < total:
            raise ContractError(f"step {step!r}: match names row {values.max()}, the input has {total}")
    return made


def _ordered(pairs: pa.RecordBatch, references: int) -> tuple[Rows, Rows]:
    """(smaller, larger), less the pairs of a row with itself and those of two reference rows."""
    row, other = pairs["row"].to_numpy(), pairs["other"].to_numpy()
    low, high = np.minimum(row, other), np.maximum(row, other)
    real = (low != high) & (high >= references)
    return low[real], high[real]


def _once(row: Rows, other: Rows) -> tuple[Rows, Rows]:
    """Each pair once, in order."""
    if not len(row):
        return row, other
    if other.max() < MOST_PACKED:
        packed = np.sort(row.astype(np.uint64) << np.uint64(32) | other.astype(np.uint64))
        packed = packed[np.append(True, packed[1:] != packed[:-1])]
        return (packed >> np.uint64(32)).astype(np.int64), (packed & np.uint64(MOST_PACKED - 1)).astype(np.int64)
    order = np.lexsort((other, row))
    row, other = row[order], other[order]
    new = np.append(True, (row[1:] != row[:-1]) | (other[1:] != other[:-1]))
    return row[new], other[new]


def _kept(path: str, row: Rows, other: Rows) -> Pairs:
    if len(row):
        save(Path(path), pa.table({"row": row, "other": other}), durable=False)
    return Pairs(path, len(row))
