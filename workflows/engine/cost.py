"""What a run will take: seconds, memory and disk, from a trial of a few pieces of the input, and from what earlier trials got wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.contract import Group, Rank, Whole
from tools.errors import RecipeError
from tools.storage import SHARD_BYTES, Shard

from ..executor import Executor
from ..graph import Graph
from .execute import SMALL_INPUT, carry_out, job_of
from .reports import ShardReport
from .result import Result
from .sample import Sample, pieces

FOUND = 0.05  # of the time of measuring and deciding, that finding the values takes
MEASURED = 0.7  # of the time of measuring that a run saves which finds all values
RUN, MEMORY, DISK = "run", "memory", "disk"  # beside the operators' names: what is learned of whole runs
START_SECONDS = 1.2  # until the worker processes have loaded what they need
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


def cost_of(graph: Graph, tried: Trial, sample: Sample, reports: list[ShardReport], workers: int, pace: Mapping[str, float]) -> Cost:
    """Scale a trial up to the whole input."""
    spent, scale = tried.result.spent, sample.size / max(_decoded(tried, sample), 1.0)
    shards = max(1.0, sample.size / SHARD_BYTES)
    steps: dict[str, float] = {}
    saved = 0.0  # what starting many small pieces took
    for step in tried.result.steps:
        small = sum(report.seconds.get(step.id, 0.0) for report in reports) / max(len(reports), 1)
        start = min(small, step.seconds / max(tried.shards, 1))
        saved += start * tried.shards
        steps[step.id] = (max(step.seconds - start * tried.shards, 0.3 * step.seconds) * scale + start * shards) * pace.get(step.operator, 1.0)
    computing = max(spent.measuring + spent.deciding + spent.finishing - saved, 0.3 * (spent.measuring + spent.deciding + spent.finishing)) * scale
    computing += sum(steps.values()) - sum(steps[step.id] / pace.get(step.operator, 1.0) for step in tried.result.steps)  # what is known better
    alone = (spent.cutting + spent.joining) * scale
    several = workers if sample.size > SMALL_INPUT else 1
    seconds = (max(computing, 0.0) / (1 + SPEED_UP * (several - 1)) + alone) * pace.get(RUN, 1.0) + (START_SECONDS if several > 1 else 0.0)
    rows = tried.result.rows_in * scale
    held = SHARDS_HELD * min(SHARD_BYTES, sample.size / several)
    memory = (several + (several > 1)) * PROCESS_BYTES + several * held + ROW_BYTES * rows * len(_barriers(graph))
    return Cost(
        seconds=seconds,
        memory=memory * pace.get(MEMORY, 1.0),
        disk=spent.written * scale * pace.get(DISK, 1.0),
        steps=steps,
        measuring=spent.measuring * scale / (1 + SPEED_UP * (several - 1)),
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
        measured=True,
        workers=workers,
    )


def _barriers(graph: Graph) -> list[str]:
    return [node.id for node in graph.nodes if isinstance(node.operator, Group | Whole)]


def _decoded(tried: Trial, sample: Sample) -> float:
    """Bytes of the trial; of Parquet, whose shards are counted in rows, by the share of the rows."""
    total = sum(one.total for one in sample.drawn.values())
    return tried.size * sample.size / total if total else tried.size
