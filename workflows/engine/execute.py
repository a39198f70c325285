"""A run: rounds of walks and decisions, then the books, then the outputs are put in place."""

import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from tools.contract import Model
from tools.errors import RecipeError
from tools.provenance import sources_of
from tools.storage import SHARD_BYTES, Shard
from tools.story import Story

from ..executor import Executor, Progress
from ..graph import Graph
from ..usage import counter, used_since
from ..workers import prepare
from .barriers import Clock, Report, decide_all, look_for_misfits
from .books import balance, result_of
from .finish import Finished, finish_shard
from .furnish import furnish
from .job import Job, lanes_of, step_keys, undecided
from .joining import Joining, Staged
from .result import Result, Spent
from .standing import put_in_place, refuse_existing, remove
from .survey import numbers_of
from .trace import keep_decisions, keep_shards

KERNELS = "tools.kernels."
SMALL_INPUT = 4 << 20  # bytes that are not worth starting a process for


@dataclass(frozen=True)
class Ran:
    """A run with what each shard told, for those who ask more of it than its books."""

    job: Job
    done: tuple[Finished, ...]
    result: Result


def execute(
    graph: Graph,
    folder: Path,
    cache: Path,
    *,
    workers: int = 1,
    shard_bytes: int = SHARD_BYTES,
    overwrite: bool = False,
    write: bool = True,
    shards: Sequence[tuple[int, Shard]] | None = None,
    models: Mapping[str, Model] | None = None,
    progress: Report | None = None,
    look: Callable[[Result], None] | None = None,
    tell_story: Callable[[Result], Story] | None = None,
) -> Result:
    """Run a checked recipe. The run's ledger, measures and quarantine go to `folder`; calling again with the same folder
    goes on where an earlier call was cut off. With `write` off only counts and ledger are made. `look` sees the books before
    an output is put in place and may raise; `tell_story` tells what a card beside the rows says. Raises RecipeError or
    ContractError; then no output has been touched."""
    started = time.perf_counter()
    if write:
        refuse_existing(graph.outputs, overwrite)
    tell = progress or (lambda _: None)
    if write and not models and shards is None:
        warm(graph, workers)
    found = tuple(shards) if shards is not None else find_shards(graph, cache, shard_bytes, tell)
    job = job_of(graph, folder, cache, found, models=models)
    is_worth = worth_processes(found) if shards is not None else _input_bytes(graph) > SMALL_INPUT  # a shard may be counted in rows
    with Executor(workers if is_worth and not models else 1, threads=not write) as executor:
        return carry_out(job, executor, tell, started, write=write, look=look, tell_story=tell_story).result


def warm(graph: Graph, workers: int) -> None:
    """Let the process begin from which workers will be copied, where a run will have some: it loads while this one goes on."""
    if workers > 1 and _input_bytes(graph) > SMALL_INPUT:
        prepare(_kernels(graph))


def expect(paths: Iterable[str]) -> None:
    """The same where no more is known yet than files that will be an input."""
    if sum(Path(path).stat().st_size for path in paths if Path(path).is_file()) > SMALL_INPUT:
        prepare()


def _kernels(graph: Graph) -> set[str]:
    """The kernels that the steps ask for."""
    reached = {name.removeprefix(KERNELS) for node in graph.nodes for name in sources_of(type(node.operator)) if name.startswith(KERNELS)}
    return {name for name in reached if not name.startswith("_")}


def _input_bytes(graph: Graph) -> int:
    return sum(Path(file.path).stat().st_size for given in graph.inputs for file in given.files if Path(file.path).is_file())


def job_of(
    graph: Graph,
    folder: Path,
    cache: Path,
    shards: tuple[tuple[int, Shard], ...],
    *,
    models: Mapping[str, Model] | None = None,
    unknown: frozenset[str] = frozenset(),
    trial: bool = False,
) -> Job:
    """What the tasks of a run are told; its folder remembers the shards. Steps in `unknown` let all rows pass; `trial`: it is
    run on a few rows only."""
    folder.mkdir(parents=True, exist_ok=True)
    keep_shards(folder, shards)
    return Job(
        graph=graph,
        cache=str(cache),
        folder=str(folder),
        shards=shards,
        lanes=lanes_of(graph),
        keys=step_keys(graph),
        models=models or {},
        unknown=undecided(graph, unknown),
        trial=trial,
    )


def worth_processes(shards: Sequence[tuple[int, Shard]]) -> bool:
    """Whether there is more to do than starting processes takes."""
    return sum(shard.stop - shard.start for _, shard in shards) > SMALL_INPUT


def carry_out(
    job: Job,
    executor: Executor,
    tell: Report,
    started: float | None,
    *,
    write: bool = True,
    look: Callable[[Result], None] | None = None,
    tell_story: Callable[[Result], Story] | None = None,
) -> Ran:
    """Decide, finish, and put the outputs in place."""
    graph, folder, before = job.graph, Path(job.folder), counter()
    now = time.perf_counter()
    marks, clock = [now if started is None else started, now], Clock()
    job = decide_all(job, executor, tell, clock)
    keep_decisions(folder, job)
    marks.append(time.perf_counter())
    joinings = [Joining(job, output) for output in graph.outputs] if write else []
    try:
        done = _finish(job, executor, tell, joinings)
        look_for_misfits(job, [one.report for one in done])
        numbers = numbers_of(job, done, clock)
        marks.append(time.perf_counter())
        staged = _stage(job, joinings, executor, tell)
    except BaseException:
        for joining in joinings:
            joining.abandon()
        raise
    marks.append(time.perf_counter())
    cutting, until_decided, finishing, waiting = (late - early for early, late in pairwise(marks))
    waited = sum(clock.waits.values())
    spent = Spent(
        cutting=cutting,
        measuring=until_decided - waited,
        deciding=waited,
        finishing=finishing,
        joining=waiting,
        rounds=clock.rounds,
        memory=_peak(executor),
        written=counter() - before + executor.usage.written + sum(one.bytes for one in staged.values()),
    )
    result = result_of(job, done, numbers, staged, clock.seconds, time.perf_counter() - marks[0], spent)
    balance(result)
    try:
        refuse_failed(result, write)
        if look is not None:
            look(result)
        told = None if tell_story is None else tell_story(result)
        staged = {**staged, **furnish([output for output in graph.outputs if output.part and write], staged, told)}
    except BaseException:
        for one in staged.values():
            remove(one.path)
        raise
    result = replace(result, outputs=tuple(replace(one, digest=staged[one.name].digest) for one in result.outputs))
    if write:
        put_in_place(graph, {output.path: staged[output.name].path for output in reversed(graph.outputs)})
        shutil.rmtree(folder / "work", ignore_errors=True)
    return Ran(job, tuple(done), result)


def refuse_failed(result: Result, write: bool) -> None:
    """Raises RecipeError where a check of the recipe does not hold."""
    failed = [check for check in result.checks if not check.ok]
    if failed and write:
        told = "; ".join(f"{check.text} (it is {'not known' if check.value is None else f'{check.value:g}'})" for check in failed)
        raise RecipeError(f"the run's checks do not hold: {told}; no output was put in place")


def find_shards(graph: Graph, cache: Path, shard_bytes: int = SHARD_BYTES, tell: Report = lambda _: None) -> tuple[tuple[int, Shard], ...]:
    """All shards of all inputs, in stream order."""
    found: list[tuple[int, Shard]] = []
    for number, given in enumerate(graph.inputs):
        tell(Progress(phase="looking at the input", done=number, total=len(graph.inputs)))
        found += [(number, shard) for shard in given.operator.shards(given.files, cache / "shards", shard_bytes)]
    return tuple(found)


def _finish(job: Job, executor: Executor, tell: Report, joinings: Sequence[Joining]) -> list[Finished]:
    done: list[Finished] = []
    for one in executor.map(finish_shard, [(job, number, bool(joinings)) for number in range(len(job.shards))]):
        done.append(one)
        for joining in joinings:
            joining.offer(one)
        tell(Progress(phase="writing" if joinings else "deciding again", done=len(done), total=len(job.shards)))
    return done


def _stage(job: Job, joinings: Sequence[Joining], executor: Executor, tell: Report) -> dict[str, Staged]:
    """Wait until each output is whole beside where it will stand."""
    staged: dict[str, Staged] = {}
    for number, joining in enumerate(joinings):
        tell(Progress(phase="joining the output", done=number, total=len(joinings)))
        staged[joining.output.name] = joining.whole(executor)
    return staged


def _peak(executor: Executor) -> int:
    executor.usage.add(used_since(counter()))
    return executor.usage.peak
