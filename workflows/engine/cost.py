"""What a run will take: seconds, memory and disk, from a trial of a few pieces of the input, and from what earlier trials got wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.contract import Cut, Group, Rank, Whole
from tools.errors import RecipeError
from tools.storage import SHARD_BYTES, Shard

from ..executor import Executor
from ..graph import Graph
from ..usage import DISK, MEMORY, RUN
from .execute import SMALL_INPUT, carry_out, job_of
from .reports import ShardReport
from .result import Result
from .sample import Sample, pieces

FOUND = 0.05  # of the time of measuring and deciding, that finding the values takes
MEASURED = 0.7  # of the time of measuring that a run saves which finds all values
START_SECONDS = 0.5  # until the worker processes have loaded what they need
LEAST_PART = 0.2  # of a trial's seconds that are for its bytes
SPEED_UP = 0.9  # of each core beyond the first; they share memory and disk
PROCESS_BYTES = 150 << 20  # a process that has loaded the engine
SHARDS_HELD = 8  # how many times its shard a process holds while it works on it
ROW_BYTES = 24  # that the coordinator holds for each row at a barrier


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a run is expected to take."""

    seconds: float  # on the clock
    memory: float  # bytes: all processes at their largest
    disk: float  # bytes written to the store and the outputs
    steps: Mapping[str, float] = field(default_factory=dict)  # seconds of computing, summed over workers
    measuring: float = 0.0  # seconds of it until the first barrier could be decided
    anew: float = 0.0  # seconds on the clock where nothing is kept from before
    sure: bool = True  # no: a step whose work depends on all rows was timed on a few
    measured: bool = False  # the preview has measured all rows: the run finds their values
    workers: int = 1

    @property
    def fresh(self) -> Mapping[str, float]:
        """Seconds of each step, where they are still to be spent."""
        return {} if self.measured else self.steps

    def after_measuring(self) -> "Cost":
        """What is left when all rows were measured already."""
        return replace(self, seconds=max(self.seconds - MEASURED * self.measuring, 0.1 * self.seconds), measured=True)


@dataclass(frozen=True)
class Windows:
    """The walks of the drawn windows, and the seconds of the clock that they took."""

    reports: Sequence[ShardReport]
    seconds: float


@dataclass(frozen=True)
class Trial:
    """Some pieces of the input, run as the whole will be."""

    result: Result
    size: float  # decoded bytes
    shards: int


def trial(graph: Graph, cache: Path, folder: Path, seed: int) -> Trial:
    """Run pieces of the input into a temporary folder, outputs too."""
    shards = pieces(graph, cache, seed)
    outputs = tuple(
        replace(one, path=str(folder / "out" / f"{number}{''.join(Path(one.path).suffixes)}")) for number, one in enumerate(graph.outputs)
    )
    moved = replace(graph, outputs=outputs, checks=())
    try:
        result = _carried_out(moved, folder / "all", shards, frozenset())
    except RecipeError:  # too many rows for a step over all of them, or too few for a quota: the run may have others
        barred = frozenset(node.id for node in graph.nodes if isinstance(node.operator, Rank | Whole))
        result = _carried_out(moved, folder / "some", shards, barred)
    counted = [shard for number, shard in shards if not graph.inputs[number].reference]
    return Trial(result, float(sum(shard.stop - shard.start for shard in counted)), len(counted))


def _carried_out(graph: Graph, folder: Path, shards: Sequence[tuple[int, Shard]], unknown: frozenset[str]) -> Result:
    job = job_of(graph, folder / "run", folder / "cache", tuple(shards), unknown=unknown, trial=True)
    with Executor(1) as executor:
        return carry_out(job, executor, lambda _: None, None).result


def cost_of(graph: Graph, tried: Trial, sample: Sample, windows: Windows, rows_out: float | None, workers: int, pace: Mapping[str, float]) -> Cost:
    """Scale a trial up to the whole input: what a shard takes by itself, and what each of its bytes takes. `rows_out`: expected of
    all outputs, where that is known: a quota takes as many rows of the trial as of the whole."""
    spent, size = tried.result.spent, _decoded(tried.size, sample)
    scale, shards = sample.size / max(size, 1.0), max(1.0, sample.size / SHARD_BYTES)
    drawn = [shard for number, shard in sample.shards if number in sample.drawn]  # references are read whole, in every trial
    seen, seen_size = max(len(drawn), 1), _decoded(float(sum(one.stop - one.start for one in drawn)), sample)
    computing = spent.measuring + spent.deciding + spent.finishing
    each, a_byte = _two_parts((tried.shards * (1 + spent.rounds), size, computing), (seen, seen_size, windows.seconds))
    steps: dict[str, float] = {}
    for step in tried.result.steps:
        small = sum(report.seconds.get(step.id, 0.0) for report in windows.reports)
        start, per_byte = _two_parts((tried.shards, size, step.seconds), (seen, seen_size, small))
        steps[step.id] = (start * shards + per_byte * sample.size) * pace.get(step.operator, 1.0)
    total = each * shards * (1 + spent.rounds) + a_byte * sample.size
    total += sum(steps[step.id] * (1 - 1 / pace.get(step.operator, 1.0)) for step in tried.result.steps)  # what is known better
    several = workers if sample.size > SMALL_INPUT else 1
    shared = 1 + SPEED_UP * (min(several, shards) - 1)
    seconds = (max(total, 0.0) / shared + (spent.cutting + spent.joining) * scale) * pace.get(RUN, 1.0) + (START_SECONDS if several > 1 else 0.0)
    held = SHARDS_HELD * min(SHARD_BYTES, sample.size / several)
    memory = (several + (several > 1)) * PROCESS_BYTES + several * held + ROW_BYTES * tried.result.rows_in * scale * len(_barriers(graph))
    return Cost(
        seconds=seconds,
        memory=memory * pace.get(MEMORY, 1.0),
        disk=_written(tried.result, scale, rows_out) * pace.get(DISK, 1.0),
        steps=steps,
        measuring=spent.measuring * scale / shared,
        anew=seconds,
        sure=not _barriers(graph),
        workers=workers,
    )


def cost_of_rest(result: Result, size: float, workers: int, pace: Mapping[str, float]) -> Cost:
    """What is left when the preview has done all but write: the values are kept, only the outputs are missing."""
    spent, kept = result.spent, result.states.get("kept", 0) / max(result.rows_in, 1)
    seconds = (spent.cutting + FOUND * (spent.measuring + spent.deciding) + spent.finishing) * pace.get(RUN, 1.0)
    return Cost(
        seconds=seconds,
        memory=spent.memory * pace.get(MEMORY, 1.0),
        disk=(0.5 * spent.written + 2 * kept * size) * pace.get(DISK, 1.0),  # ledger and measures; pieces, and the outputs made of them
        steps={step.id: step.seconds for step in result.steps},
        anew=(spent.cutting + (spent.measuring + spent.deciding + spent.finishing) / (1 + SPEED_UP * (workers - 1)) + spent.joining)
        * pace.get(RUN, 1.0),
        measured=True,
        workers=workers,
    )


def _barriers(graph: Graph) -> list[str]:
    return [node.id for node in graph.nodes if isinstance(node.operator, Group | Cut | Whole)]


def _written(result: Result, scale: float, rows_out: float | None) -> float:
    """Bytes of what is kept of every row, and of the outputs, each written twice: in pieces, and as one."""
    outputs = 2.0 * sum(output.bytes for output in result.outputs)
    expected = result.rows_out * scale
    share = 1.0 if rows_out is None or not expected else min(1.0, rows_out / expected)
    return max(result.spent.written - outputs, 0.0) * scale + outputs * scale * share


def _decoded(size: float, sample: Sample) -> float:
    """Bytes; of Parquet, whose shards are counted in rows, by the share of the rows."""
    total = sum(one.total for one in sample.drawn.values())
    return size * sample.size / total if total else size


def _two_parts(large: tuple[float, float, float], small: tuple[float, float, float]) -> tuple[float, float]:
    """Seconds a shard and seconds a byte, from two trials of (shards, bytes, seconds), one of large pieces, one of small ones."""
    (shards, size, seconds), (others, other_size, other_seconds) = large, small
    per_byte = (seconds * others - other_seconds * shards) / max(size * others - other_size * shards, 1.0)
    per_byte = min(max(per_byte, LEAST_PART * seconds / max(size, 1.0)), seconds / max(size, 1.0))
    return max((seconds - per_byte * size) / max(shards, 1), 0.0), per_byte
