"""Cut steps: spans are matched hash range by hash range, and what goes is gathered row by row; no process holds more than a range or a shard."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from tools.contract import Cut

from ..executor import Executor
from ..graph import Node
from .call import batches
from .cut_out import SCHEMA
from .desk import BatchDesk
from .files import commit, open_table, save
from .fragments import Fragments, Rows
from .job import Decision, Job
from .places import Places
from .spans import joined, keep_spans, losers, placed, repeated, spans_between, spans_of
from .walk import Walk

PARTITION_BYTES = 32 << 20
AT_ONCE = 1 << 20  # spans that are put in order together
FOUND = pa.schema([("slot", pa.int64()), ("start", pa.int32()), ("stop", pa.int32()), ("into", pa.int64())])


@dataclass(frozen=True)
class Task:
    """What all tasks of a decision are told."""

    job: Job
    step: str
    places: Places
    folder: Path

    @property
    def node(self) -> Node:
        return self.job.graph.node(self.step)

    @property
    def operator(self) -> Cut:
        operator = self.node.operator
        assert isinstance(operator, Cut)
        return operator


def decide_cuts(job: Job, node: Node, places: Places, name: str, executor: Executor) -> Decision:
    """Which spans of which rows go; the decision file has a batch a flow with the rows that lose some."""
    task = Task(job, node.id, places, Path(job.folder) / "work" / "cuts" / name)
    fragments = Fragments(job.fragments)
    noted = [[str(path) for path in fragments.paths(member.report.notes)] for member in places.members]
    if type(task.operator).around is not Cut.around:
        noted = _around(task, _matched(task, noted, True, executor), executor)
    found = _matched(task, noted, False, executor)
    numbers = [number for number, member in enumerate(places.members) if not member.lane.reference]
    path = Path(job.cache) / "decisions" / f"{name}.arrow"
    commit(path, lambda temp: _write(temp, executor.map(gather, [(task, found, number) for number in numbers])))
    shutil.rmtree(task.folder, ignore_errors=True)
    members = [places.members[number] for number in numbers]
    return Decision(path=str(path), batches={(member.lane.index, member.shard): turn for turn, member in enumerate(members)})


def match_range(work: tuple[Task, list[list[str]], bool, int, int]) -> str:
    """All spans whose hash lies in a range, matched: writes the clues that occur more than once, or the spans that go, by slot."""
    task, noted, are_clues, low, high = work
    places, parts = task.places, []
    for number, paths in enumerate(noted):
        if paths:
            parts.append(spans_between([Path(path) for path in paths], low, high, places.at(number), places.of(number), int(places.starts[number])))
    if not parts:
        return ""
    spans, heads = repeated(joined(parts))
    into = np.full(len(spans.hash), -1, np.int64)
    if not are_clues:
        goes, into = losers(spans, heads, task.operator.repeats(), places.total - places.references)
        goes &= spans.place >= places.references
        spans, into = spans.only(goes), into[goes]
    if not len(into):
        return ""
    order = np.argsort(spans.slot << 31 | spans.start)
    columns = (spans.slot[order], spans.start[order].astype(np.int32), spans.stop[order].astype(np.int32), into[order])
    path = task.folder / f"{'clues' if are_clues else 'spans'}-{low:016x}.arrow"
    save(path, pa.table(dict(zip(FOUND.names, columns, strict=True)), schema=FOUND), durable=False)
    return str(path)


def note_around(work: tuple[Task, list[str], int, list[int]]) -> list[tuple[int, str]]:
    """The spans about the clues of one shard's flows, kept as notes."""
    task, clues, shard, numbers = work
    walk = Walk(task.job, shard)
    walk.run()
    made = []
    for number in numbers:
        for turn, spans in enumerate(_spans_around(task, walk, clues, number)):
            path = task.folder / f"around-{number:08d}-{turn:06d}.arrow"
            keep_spans(path, [spans], durable=False)
            made += [(number, str(path))] if len(spans) else []
    return made


def gather(work: tuple[Task, list[str], int]) -> pa.RecordBatch:
    """The spans that rows of one flow lose, those that overlap made one."""
    task, files, number = work
    places = task.places
    pieces = [_apart(*piece) for piece in _pieces_of_flow(files, places, number)]
    position, start, stop, into = (np.concatenate([piece[turn] for piece in pieces]) for turn in range(4))
    if not len(position):
        return pa.RecordBatch.from_pylist([], schema=SCHEMA)
    fresh = np.flatnonzero(np.concatenate([[True], position[1:] != position[:-1]]))
    nowhere = into < 0
    rows, parts = places.identities(into.clip(0))
    columns = {
        "starts": pa.array(start, pa.int32()),
        "stops": pa.array(stop, pa.int32()),
        "into": pa.array(rows, pa.int64(), mask=nowhere),
        "into_part": pa.array(parts, pa.int64(), mask=nowhere),
    }
    bounds = pa.array(np.append(fresh, len(position)), pa.int32())
    lists = {name: pa.ListArray.from_arrays(bounds, values) for name, values in columns.items()}
    at = places.at(number)[position[fresh]]
    return pa.RecordBatch.from_pydict({"at": pa.array(at, pa.int64()), **lists}, schema=SCHEMA)


def _apart(position: Rows, start: Rows, stop: Rows, into: Rows) -> tuple[Rows, Rows, Rows, Rows]:
    """Spans that overlap, or that touch and live on in one row, as one, which lives on where its first part does."""
    if not len(position):
        return position, start, stop, into
    order = np.argsort(position << 31 | start, kind="stable")  # runs that are in order already
    if ((position[order][1:] == position[order][:-1]) & (start[order][1:] == start[order][:-1])).any():
        order = np.lexsort((into, stop, start, position))
    position, start, stop, into = position[order], start[order], stop[order], into[order]
    ends = np.maximum.accumulate((position << 32) | stop)  # the furthest end so far; that of a later row is further
    reached = (position[1:] << 32) | start[1:]
    heads = np.flatnonzero(np.concatenate([[True], (reached > ends[:-1]) | ((reached == ends[:-1]) & (into[1:] != into[:-1]))]))
    lasts = np.append(heads[1:], len(position)) - 1
    return position[heads], start[heads], ends[lasts] & 0xFFFFFFFF, into[heads]


def _matched(task: Task, noted: list[list[str]], are_clues: bool, executor: Executor) -> list[str]:
    size = sum(Path(path).stat().st_size for paths in noted for path in paths)
    ranges = max(1, min(-(-size // PARTITION_BYTES), 4096))
    cuts = [(1 << 64) * number // ranges for number in range(ranges + 1)]
    return [path for path in executor.map(match_range, [(task, noted, are_clues, low, high) for low, high in pairwise(cuts)]) if path]


def _around(task: Task, clues: list[str], executor: Executor) -> list[list[str]]:
    by_shard: dict[int, list[int]] = {}
    for number, member in enumerate(task.places.members):
        by_shard.setdefault(member.shard, []).append(number)
    noted: list[list[str]] = [[] for _ in task.places.members]
    for made in executor.map(note_around, [(task, clues, shard, numbers) for shard, numbers in sorted(by_shard.items())] if clues else []):
        for number, path in made:
            noted[number].append(path)
    return noted


def _spans_around(task: Task, walk: Walk, clues: list[str], number: int) -> Iterator[pa.Table]:
    node, lane = task.node, task.places.members[number].lane
    first, behind = task.places.starts[number : number + 2].tolist()
    position, start, _, _ = _of_rows(clues, first, behind, first)
    if not len(position):
        return
    order = np.lexsort((start, position))
    position, start = position[order], start[order]
    rows = np.unique(position)
    flow = walk.out[lane.edge.step, lane.edge.port, lane.upstream]
    bound = walk.compute.bound(node, flow, lane.reference)
    table = walk.compute.batch(bound, flow.universe, flow.at[rows], None)
    done = 0
    for batch, at in batches(table, flow.at[rows], task.operator.card.rows_per_batch):
        low, high = np.searchsorted(position, [rows[done], rows[done + len(at) - 1] + 1])
        own = pa.table(
            {"row": pa.array(np.searchsorted(rows, position[low:high]) - done, pa.int32()), "start": pa.array(start[low:high], pa.int32())}
        )
        yield placed(spans_of(node.id, task.operator.around(batch, BatchDesk(node.seed, node.id), own), batch), at)
        done += len(at)


def _pieces_of_flow(files: Sequence[str], places: Places, number: int) -> Iterator[tuple[Rows, Rows, Rows, Rows]]:
    """What the files of all ranges have of one flow, row after row, in pieces of bounded size."""
    first, behind = places.starts[number : number + 2].tolist()
    count = 0
    for file in files:
        low, high = np.searchsorted(open_table(Path(file))["slot"].to_numpy(), [first, behind])
        count += int(high - low)
    step = max(1, (behind - first) * AT_ONCE // max(count, 1))
    for low in range(first, max(behind, first + 1), step):
        yield _of_rows(files, low, min(low + step, behind), first)


def _of_rows(files: Sequence[str], low: int, high: int, first: int) -> tuple[Rows, Rows, Rows, Rows]:
    """What the files of all ranges have of some slots; counted from `first` on."""
    parts: list[list[Rows]] = [[np.zeros(0, np.int64)] for _ in FOUND.names]
    for file in files:
        table = open_table(Path(file))
        start, stop = np.searchsorted(table["slot"].to_numpy(), [low, high])
        for part, column in zip(parts, table.slice(start, stop - start).columns, strict=True):
            part.append(column.to_numpy().astype(np.int64))
    slots, starts, stops, into = (np.concatenate(part) for part in parts)
    return slots - first, starts, stops, into


def _write(path: Path, made: Iterator[pa.RecordBatch]) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, SCHEMA) as file:
        for batch in made:
            file.write_batch(batch)
