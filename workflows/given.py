"""One operator over rows in memory, by the real engine: what vetting, tests and authors of operators try it with."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from tools.contract import Card, Cut, Expand, Group, Layout, Measure, Operator, Rewrite, Survey, Synthesize, Whole
from tools.errors import RecipeError
from tools.formats.table_sink import TableSink
from tools.storage import SHARD_BYTES, Drawn, File, Loaded, Shard, Source

from .binding import Binder
from .columns import Stream
from .engine import Result, execute
from .findings import Findings
from .graph import Edge, Graph, Input, Node, Output
from .recipe import Step

AT = "_at"  # which given row a row is, or was born of first
MEASURED = "measured."
APART = 1 << 20  # rows lie so far apart that no input counts as small, and the engine uses all its workers
FILE_SHIFT = 43
ROOM = 4 << 30


class Rows(Source):
    """Rows of an Arrow file, cut into shards of `cut` rows; 0: one shard."""

    cut: int = 0
    card: ClassVar[Card] = Card(stage="read", exact=True, aliases=("rows in memory",), examples=())

    def shards(self, files: Sequence[File], cache: Path, shard_bytes: int = SHARD_BYTES) -> list[Shard]:
        found = []
        for number, file in enumerate(files):
            content = xxhash.xxh3_128_hexdigest(Path(file.path).read_bytes())
            rows = len(_read(file.path))
            step = self.cut or max(rows, 1)
            for start in range(0, rows, step):
                stop = min(start + step, rows)
                digest = f"{content}.{start}.{stop}"
                found.append(
                    Shard(path=file.path, inside=file.inside, file=number, start=start * APART, stop=stop * APART, line=start, digest=digest)
                )
        return found

    def slices(self, files: Sequence[File], cache: Path, count: int, slice_bytes: int) -> list[Shard]:
        return self.shards(files, cache)

    def draw(self, files: Sequence[File], cache: Path, count: int, window: int, seed: int) -> Drawn:
        shards = tuple(self.shards(files, cache))
        size = float(sum(shard.stop - shard.start for shard in shards))
        return Drawn(shards=shards, clusters=tuple(range(len(shards))), drawn=len(shards), total=size, bytes=size, whole=True)

    def infer(self, shards: Sequence[Shard]) -> pa.Schema:
        return pa.unify_schemas([_read(shard.path).schema for shard in shards])

    def load(self, shard: Shard, schema: pa.Schema, columns: Sequence[str] | None = None) -> Loaded:
        start, stop = shard.start // APART, shard.stop // APART
        table = _read(shard.path).slice(start, stop - start).combine_chunks()
        return Loaded(
            table=table if columns is None else table.select([name for name in schema.names if name in set(columns)]),
            offset=pa.array(np.arange(start, stop, dtype=np.int64) * APART),
            line=pa.array(np.arange(stop - start, dtype=np.int64)),
            lines=stop - start,
        )


class Sheet(TableSink):
    """Writes an Arrow file."""

    card: ClassVar[Card] = Card(stage="write", exact=True, aliases=("rows in memory",), examples=())

    def join(self, pieces: Iterable[Path], schema: pa.Schema, target: BinaryIO, compression: str) -> None:
        tables = [_read(str(piece)) for piece in pieces]
        with pa.ipc.new_file(target, schema) as writer:
            writer.write_table(pa.concat_tables(tables) if tables else schema.empty_table())


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What became of one given row."""

    reason: str | None = None  # a measure's name, null, quota, merged, childless, error; none: it passed
    value: float | None = None
    into: int | None = None  # position of the row it was merged into; -1 - position for one of `against`


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one operator and some rows."""

    ports: Mapping[str, pa.Table]  # rows in their order; `_at` says which given row each is, but after a Layout
    fates: tuple[Fate, ...]  # one a given row
    parents: tuple[tuple[int, ...], ...]  # one a born row
    result: Result

    @property
    def kept(self) -> pa.Table:
        return self.ports["kept"]

    @property
    def kept_or_first(self) -> pa.Table:
        """The rows on the port `kept`, or where there is none on the first."""
        return self.ports.get("kept", next(iter(self.ports.values())))

    def rows(self, port: str = "kept") -> list[int]:
        found: list[int] = self.ports[port][AT].to_pylist()
        return found

    def measures(self, name: str) -> list[object]:
        """The measure of each given row, none where it was quarantined."""
        found: list[object] = [None] * len(self.fates)
        for table in self.ports.values():
            for at, value in zip(table[AT].to_pylist(), table[MEASURED + name].to_pylist(), strict=True):
                found[at] = value
        return found


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How the engine is run; the outcome must not depend on it."""

    cut: int = 0  # rows a shard
    workers: int = 1
    seed: int = 0
    cache: Path | None = None  # kept between runs


PLAIN = Setting()


@dataclass(frozen=True, kw_only=True)
class Trial:
    """An operator, the rows it is tried on, and the rows it may look up."""

    operator: Operator
    given: pa.Table
    against: pa.Table | None = None
    on: Mapping[str, str | list[str]] | None = None
    name: str = "it"
    nulls: str = ""
    setting: Setting = field(default=PLAIN)


def run(trial: Trial) -> Outcome:
    """Run the trial in a folder of its own. Raises what the engine raises."""
    with scratch() as folder:
        graph = graph_of(trial, folder)
        cache = trial.setting.cache or folder / "cache"
        result = execute(graph, folder / "run", cache, workers=trial.setting.workers, overwrite=True)
        ports = {output.name: _read(output.path) for output in graph.outputs}
        return _outcome(ports, folder / "run" / "ledger", len(trial.given), result)


def graph_of(trial: Trial, folder: Path) -> Graph:
    """A graph of the one step, each port with an output; measures become columns `measured.NAME`."""
    given = trial.given if isinstance(trial.operator, Layout) else _numbered(trial.given)
    inputs = [_input("given", given, folder, trial.setting.cut, 0)]
    if trial.against is not None:
        inputs.append(_input("against", trial.against, folder, trial.setting.cut, 1))
    node = _node(trial, inputs)
    outputs = tuple(
        Output(name=port, rows=(Edge(step="it", port=port),), path=str(folder / f"{port}.arrow"), sink=Sheet(), schema=node.schema)
        for port in ports_of(trial.operator)
    )
    return Graph(name="trial", seed=trial.setting.seed, inputs=tuple(inputs), nodes=(node,), outputs=outputs)


def ports_of(operator: Operator) -> tuple[str, ...]:
    """Ports by which rows leave."""
    return ("kept",) if isinstance(operator, Rewrite | Cut | Layout | Expand | Synthesize | Survey) else operator.ports()


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that goes away, in memory where there is room: nothing in it has to survive a power cut."""
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None
    with tempfile.TemporaryDirectory(prefix="winnow-trial-", dir=place, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _input(name: str, table: pa.Table, folder: Path, cut: int, number: int) -> Input:
    path = folder / f"{name}.arrow"
    _write(path, table)
    files = (File(path=str(path), inside=path.name),)
    return Input(name=name, operator=Rows(cut=cut), files=files, schema=table.schema, first_file=number, reference=number > 0)


def _node(trial: Trial, inputs: Sequence[Input]) -> Node:
    step = Step.model_validate({"id": "it", "op": trial.name, "from": "given", "on": None if trial.on is None else dict(trial.on)})
    findings = Findings()
    binder = Binder(step, trial.operator, findings.at("step", "it", 0), {})
    rows = Stream(inputs[0].schema)
    bound = binder.bind(rows, Stream(inputs[1].schema) if len(inputs) > 1 else None)
    leaving = binder.leave(rows, bound)
    if findings.errors or leaving.schema is None:
        raise RecipeError("; ".join(map(str, findings.errors)) or f"the operator {trial.name!r} cannot be bound")
    stores = isinstance(trial.operator, Measure | Group | Whole)
    writes = {name: MEASURED + name for name in leaving.measures} if stores else leaving.writes
    schema = leaving.schema
    for name, kind in leaving.measures.items() if stores else ():
        schema = schema.append(pa.field(MEASURED + name, kind))
    return Node(
        id="it",
        op=trial.name,
        operator=trial.operator,
        rows=(Edge(step="given"),),
        against=(Edge(step="against"),) if len(inputs) > 1 else (),
        on=bound.on,
        against_on=bound.against_on,
        writes=writes,
        nulls=trial.nulls,  # type: ignore[arg-type]  # one of the recipe's words
        schema=schema,
        measures=leaving.measures,
        seed=trial.setting.seed,
    )


def _outcome(ports: Mapping[str, pa.Table], ledger: Path, rows: int, result: Result) -> Outcome:
    fates = [Fate()] * rows
    parents: list[tuple[int, ...]] = []
    for path in sorted(ledger.glob("*.parquet")):
        for row in pq.read_table(path, columns=["row", "part", "measure", "value", "into", "parents"]).to_pylist():
            if row["part"]:
                parents.append(tuple(_position(parent["row"]) for parent in row["parents"]))
            else:
                into = None if row["into"] is None else _position(row["into"])
                fates[_position(row["row"])] = Fate(reason=row["measure"], value=row["value"], into=into)
    return Outcome(ports=ports, fates=tuple(fates), parents=tuple(parents), result=result)


def _position(row: int) -> int:
    file, offset = row >> FILE_SHIFT, row & ((1 << FILE_SHIFT) - 1)
    return -1 - offset // APART if file else offset // APART


def _numbered(table: pa.Table) -> pa.Table:
    return table.append_column(AT, pa.array(np.arange(len(table), dtype=np.int64)))


def _read(path: str) -> pa.Table:
    with pa.memory_map(path) as source:
        return pa.ipc.open_file(source).read_all()


def _write(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table)
