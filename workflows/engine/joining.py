"""Joining an output while its pieces are still being made: one thread an output writes them, in stream order, beside where it will stand."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO, cast

import pyarrow as pa

from tools.storage import REST, Part

from ..executor import Executor
from ..graph import Output
from .digested import Digested
from .files import open_table
from .finish import PIECE_BYTES, Finished, Piece
from .job import Job
from .keys import key
from .loose import PLACE, order_pieces
from .parts import write_parts
from .standing import remove


@dataclass(frozen=True)
class Staged:
    """An output that is whole, beside its place."""

    path: Path
    rows: int
    bytes: int
    digest: str  # sha256, hex; of a folder it is known when all that goes into it is there
    parts: tuple[Part, ...] = ()  # of a folder
    sources: Mapping[str, int] = field(default_factory=dict)  # source → rows that come from it
    schema: pa.Schema | None = None


class Joining:
    """One output. Pieces are offered as shards end; where it turns out that they cannot be written as they come, all of it is written
    at the end: rows in a new order, or columns that only a later shard has."""

    def __init__(self, job: Job, output: Output) -> None:
        self.job, self.output = job, output
        self.temp = _temp(job, output)
        self._order = [
            (shard, lane.index) for lane in job.lanes[f"output {output.name}"] for shard, (given, _) in enumerate(job.shards) if given == lane.input
        ]
        self._done: dict[int, Finished] = {}
        self._next = 0
        self._is_in_order = True
        self._writer: _Writer | None = None

    def offer(self, finished: Finished) -> None:
        """A shard has ended."""
        self._done[finished.report.shard] = finished
        rest = finished.report.rest and _hides_rest(self.output)
        self._is_in_order &= not rest and not any(piece.loose for (name, _), piece in finished.pieces.items() if name == self.output.name)
        if not self._is_in_order:
            self.abandon()
            return
        while self._next < len(self._order) and self._order[self._next][0] in self._done:
            shard, lane = self._order[self._next]
            piece = self._done[shard].pieces.get((self.output.name, lane))
            if piece is not None:
                self._written().add(Path(piece.path))
            self._next += 1

    def whole(self, executor: Executor) -> Staged:
        """The rest is written; what went wrong while joining is raised here."""
        done = [self._done[number] for number in sorted(self._done)]
        if not self._is_in_order:
            for path in _pieces(self.job, self.output, done, executor):
                self._written(_schema(self.output, done)).add(Path(path))
        schema = _schema(self.output, done)
        parts = self._written(schema).close()
        sources = self._sources(done)
        size, digest = sum(part.bytes for part in parts), "" if self.output.part else parts[0].digest
        found = tuple(parts) if self.output.part else ()
        return Staged(self.temp, sum(sources.values()), size, digest, found, sources, schema)

    def _sources(self, done: Sequence[Finished]) -> dict[str, int]:
        """How many rows came from each source, in recipe order."""
        inputs = {lane.index: self.job.graph.inputs[lane.input].name for lane in self.job.lanes[f"output {self.output.name}"]}
        rows = Counter[str]()
        for one in done:
            for (name, lane), piece in one.pieces.items():
                if name == self.output.name:
                    rows[inputs[lane]] += piece.rows
        return {given.name: rows[given.name] for given in self.job.graph.inputs if rows[given.name]}

    def abandon(self) -> None:
        """Stop writing; nothing is left behind."""
        if self._writer is not None:
            self._writer.stop()
            self._writer = None
        remove(self.temp)

    def _written(self, schema: pa.Schema | None = None) -> "_Writer":
        if self._writer is None:
            self._writer = _Writer(self.output, schema or self.output.schema, self.temp)
        return self._writer


class _Stopped(Exception):
    """Nobody wants the rest."""


class _Writer:
    """Writes pieces in a thread of its own: Arrow, hashing and files leave the interpreter free meanwhile."""

    def __init__(self, output: Output, schema: pa.Schema, temp: Path) -> None:
        self._output, self._schema, self._temp = output, schema, temp
        self._queue: SimpleQueue[Path | _Stopped | None] = SimpleQueue()
        self._error: BaseException | None = None
        self._made: list[Part] = []
        self._thread = Thread(target=self._run, name=f"join {output.name}", daemon=True)
        self._thread.start()

    def add(self, piece: Path) -> None:
        self._queue.put(piece)

    def close(self) -> list[Part]:
        """What was written, whole: the one file, or the parts of a folder."""
        self._queue.put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._made

    def stop(self) -> None:
        self._queue.put(_Stopped())
        self._thread.join()

    def _run(self) -> None:
        try:
            if self._output.part:
                self._made = write_parts(self._output, self._pieces(), self._schema, self._temp)
                return
            with Digested(self._temp) as file:
                self._output.sink.join(self._pieces(), self._schema, cast(BinaryIO, file), self._output.compression)
                file.sync()
                self._made = [Part(path="", rows=0, bytes=file.tell(), digest=file.hexdigest())]
        except _Stopped:
            return
        except BaseException as error:  # raised again in `close`, by the thread that waits for it
            self._error = error

    def _pieces(self) -> Iterator[Path]:
        while (piece := self._queue.get()) is not None:
            if isinstance(piece, _Stopped):
                raise piece
            yield piece


def _temp(job: Job, output: Output) -> Path:
    target = Path(output.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    own = f".{output.part}" if output.part else ""  # outputs that share a folder come together when all are whole
    return target.with_name(f".{target.name}.{Path(job.folder).name}{own}.tmp")  # the run's own: a resumed run writes it again


def _hides_rest(output: Output) -> bool:
    """Whether unknown keys would come as a column of their own."""
    return type(output.sink).__name__ not in ("WriteJsonl", "WriteJson") and REST not in output.schema.names


def _schema(output: Output, done: Sequence[Finished]) -> pa.Schema:
    rest = any(one.report.rest for one in done) and _hides_rest(output)
    return output.schema.append(pa.field(REST, pa.string())) if rest else output.schema


def _pieces(job: Job, output: Output, done: Sequence[Finished], executor: Executor) -> list[str]:
    found: list[tuple[int, Piece]] = []
    for lane in job.lanes[f"output {output.name}"]:
        for one in done:
            piece = one.pieces.get((output.name, lane.index))
            if piece is not None:
                found.append((lane.index, piece))
    lanes = {lane.index: lane for lane in job.lanes[f"output {output.name}"]}
    paths: list[str] = []
    for group in dict.fromkeys(lane.group for lane in lanes.values()):
        here = [piece for lane, piece in found if lanes[lane].group == group]
        paths += _in_order(output, [p.path for p in here], executor) if any(p.loose for p in here) else [p.path for p in here]
    return paths


def _in_order(output: Output, loose: list[str], executor: Executor) -> list[str]:
    """Loose pieces, sorted by place, as pieces of bounded size."""
    import numpy as np

    places = np.sort(np.concatenate([open_table(Path(path))[PLACE].to_numpy() for path in loose]))
    ranges = max(1, sum(Path(path).stat().st_size for path in loose) // PIECE_BYTES)
    cuts = [int(places[len(places) * number // ranges]) for number in range(ranges)] + [int(places[-1]) + 1]
    folder = Path(loose[0]).parent
    name = key("ordered", loose)[:16]
    tasks = [(output, loose, low, high, str(folder / f"{name}-{n:06d}.piece")) for n, (low, high) in enumerate(pairwise(cuts)) if high > low]
    return list(executor.map(order_pieces, tasks))
