"""A run: rounds of walks and decisions, then the books, then the outputs are put in place."""

import hashlib
import os
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pyarrow as pa

from tools.contract import Group, Learner, Model, Operator, Rank
from tools.errors import ContractError, RecipeError
from tools.storage import REST, SHARD_BYTES, Shard

from ..graph import Graph, Node, Output
from .executor import Executor
from .files import open_table
from .finish import PIECE_BYTES, Finished, Piece, finish_shard
from .group import decide_group
from .job import Decision, Job, lanes_of, learns_from_reference, step_keys, undecided
from .keys import key
from .learn import decide_state, decide_whole
from .loose import PLACE, order_pieces
from .places import Member, Places
from .rank import decide_rank
from .reports import ShardReport
from .result import CheckResult, Progress, Result, StepResult, Written
from .trace import keep_decisions, keep_shards
from .walk import Walk

SMALL_INPUT = 4 << 20  # bytes that are not worth starting a process for
MOST_MISFITS = 0.001

Report = Callable[[Progress], None]


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
    unknown: frozenset[str] = frozenset(),
    progress: Report | None = None,
) -> Result:
    """Run a checked recipe. The run's ledger, measures and quarantine go to `folder`; calling again with the same folder
    goes on where an earlier call was cut off. With `write` off only counts and ledger are made; steps in `unknown` let all
    rows pass. Raises RecipeError or ContractError; then no output has been touched."""
    started = time.perf_counter()
    if write:
        for output in graph.outputs:
            if Path(output.path).exists() and not overwrite:
                raise RecipeError(f"output {output.name!r}: {output.path!r} exists; give another path, or --overwrite")
    tell = progress or (lambda _: None)
    found = tuple(shards) if shards is not None else find_shards(graph, cache, shard_bytes, tell)
    folder.mkdir(parents=True, exist_ok=True)
    keep_shards(folder, found)
    job = Job(
        graph=graph,
        cache=str(cache),
        folder=str(folder),
        shards=found,
        lanes=lanes_of(graph),
        keys=step_keys(graph),
        models=models or {},
        unknown=undecided(graph, unknown),
    )
    size = sum(shard.stop - shard.start for _, shard in found)
    with Executor(workers if size > SMALL_INPUT and not models else 1, threads=not write) as executor:
        seconds: dict[str, float] = defaultdict(float)
        job = _decide_all(job, executor, tell, seconds)
        keep_decisions(folder, job)
        done = _finish(job, executor, tell, write)
        _look_for_misfits(graph, [one.report for one in done])
        staged = _stage(job, done, executor, tell) if write else {}
    result = _result(job, done, staged, seconds, time.perf_counter() - started)
    _balance(result)
    failed = [check for check in result.checks if not check.ok]
    if failed and write:
        for temp, _ in staged.values():
            temp.unlink(missing_ok=True)
        told = "; ".join(f"{check.text} (it is {check.value:g})" for check in failed)
        raise RecipeError(f"the run's checks do not hold: {told}; no output was put in place")
    if write:
        _put_in_place(graph, staged)
        shutil.rmtree(folder / "work", ignore_errors=True)
    return result


def find_shards(graph: Graph, cache: Path, shard_bytes: int = SHARD_BYTES, tell: Report = lambda _: None) -> tuple[tuple[int, Shard], ...]:
    """All shards of all inputs, in stream order."""
    found: list[tuple[int, Shard]] = []
    for number, given in enumerate(graph.inputs):
        tell(Progress(phase="looking at the input", done=number, total=len(graph.inputs)))
        found += [(number, shard) for shard in given.operator.shards(given.files, cache / "shards", shard_bytes)]
    return tuple(found)


def _add(total: dict[str, float], more: Mapping[str, float]) -> None:
    for name, seconds in more.items():
        total[name] = total.get(name, 0.0) + seconds


def walk_shard(task: tuple[Job, int]) -> ShardReport:
    """One round's work on one shard."""
    job, number = task
    return Walk(job, number).run()


# ---- barriers


def _decide_all(job: Job, executor: Executor, tell: Report, seconds: dict[str, float]) -> Job:
    round_ = 0
    while open_ := [node for node in job.graph.nodes if _is_open(job, node)]:
        round_ += 1
        reports: list[ShardReport] = []
        for report in executor.map(walk_shard, [(job, number) for number in range(len(job.shards))]):
            reports.append(report)
            _add(seconds, report.seconds)
            tell(Progress(phase=f"reading and measuring, round {round_}", done=len(reports), total=len(job.shards)))
        _look_for_misfits(job.graph, reports)
        decided = dict(job.decisions)
        for node in open_:
            members = _members(job, node, reports)
            if members is not None:
                tell(Progress(phase=f"deciding {node.id}", done=0, total=1))
                started = time.perf_counter()
                decided[node.id] = _decide(job, node, members, executor)
                seconds[node.id] += time.perf_counter() - started
        if decided == job.decisions:
            raise ContractError(f"no step of {[node.id for node in open_]} can be decided")
        job = replace(job, decisions=decided)
    return job


def _is_open(job: Job, node: Node) -> bool:
    if node.id in job.unknown:
        return False
    decision = job.decisions.get(node.id)
    if isinstance(node.operator, Learner):
        return decision is None or decision.passes < node.operator.card.passes
    return is_barrier(node.operator) and decision is None


def is_barrier(operator: Operator) -> bool:
    from tools.contract import Whole

    return isinstance(operator, Group | Rank | Whole)


def _members(job: Job, node: Node, reports: Sequence[ShardReport]) -> list[Member] | None:
    """The flows that the decision needs, in stream order; none as long as one of them is behind another barrier."""
    by_shard = {report.shard: report.flows for report in reports}
    lanes = job.lanes[node.id]
    if isinstance(node.operator, Learner):
        lanes = tuple(lane for lane in lanes if lane.reference == learns_from_reference(node))
    found: list[Member] = []
    for lane in lanes:
        for shard in (number for number, (given, _) in enumerate(job.shards) if given == lane.input):
            report = by_shard[shard].get((node.id, lane.index))
            if report is None:
                return None
            found.append(Member(lane, shard, report))
    return found


def _decide(job: Job, node: Node, members: list[Member], executor: Executor) -> Decision:
    parts = [(m.lane.index, m.lane.reference, m.report.universe, m.report.members, m.report.notes, m.report.learned) for m in members]
    before = job.decisions.get(node.id)
    name = key("decision", node.id, job.keys[node.id], node.operator.model_dump(mode="json"), node.nulls, parts, before.digest if before else "")
    if isinstance(node.operator, Learner):
        return decide_state(job, node, members, name)
    places = Places(members)
    path = Path(job.cache) / "decisions" / f"{name}.arrow"
    if path.exists():
        numbers = [(m.lane.index, m.shard) for m in members if not m.lane.reference]
        return Decision(path=str(path), batches={where: number for number, where in enumerate(numbers)})
    if isinstance(node.operator, Group):
        return decide_group(job, node, places, name, executor)
    if isinstance(node.operator, Rank):
        return decide_rank(job, node, places, name)
    return decide_whole(job, node, places, name)


# ---- the end


def _finish(job: Job, executor: Executor, tell: Report, write: bool) -> list[Finished]:
    done: list[Finished] = []
    for one in executor.map(finish_shard, [(job, number, write) for number in range(len(job.shards))]):
        done.append(one)
        tell(Progress(phase="writing" if write else "deciding again", done=len(done), total=len(job.shards)))
    return done


def _look_for_misfits(graph: Graph, reports: Sequence[ShardReport]) -> None:
    misfits: Counter[str] = Counter()
    for report in reports:
        misfits.update(report.misfits)
    rows = sum(report.rows + report.bad for report in reports)
    if sum(misfits.values()) > MOST_MISFITS * rows:
        column, count = misfits.most_common(1)[0]
        raise RecipeError(
            f"column {column!r}: {count} of {rows} rows hold a value that does not fit the type seen in the sample (more than {MOST_MISFITS:.1%}); "
            f"plan again with --scan-all, or give the source `columns: {{{column}: json}}` to keep such values as JSON text"
        )


def _stage(job: Job, done: Sequence[Finished], executor: Executor, tell: Report) -> dict[str, tuple[Path, int]]:
    """Join the pieces of each output beside where it will stand."""
    staged: dict[str, tuple[Path, int]] = {}
    for number, output in enumerate(job.graph.outputs):
        tell(Progress(phase="joining the output", done=number, total=len(job.graph.outputs)))
        pieces = _pieces(job, output, done, executor)
        rows = sum(piece.rows for one in done for (name, _), piece in one.pieces.items() if name == output.name)
        target = Path(output.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        temp = target.with_name(f".{target.name}.{Path(job.folder).name}.tmp")  # the run's own: a resumed run writes it again
        rest = any(one.report.rest for one in done) and type(output.sink).__name__ not in ("WriteJsonl", "WriteJson")
        schema = output.schema.append(pa.field(REST, pa.string())) if rest and REST not in output.schema.names else output.schema
        output.sink.join([Path(path) for path in pieces], schema, temp, output.compression)
        with open(temp, "rb+") as file:
            os.fsync(file.fileno())
        staged[output.name] = (temp, rows)
    return staged


def _pieces(job: Job, output: Output, done: Sequence[Finished], executor: Executor) -> list[str]:
    found: list[tuple[int, Piece]] = []
    for lane in job.lanes[f"output {output.name}"]:
        for one in done:
            piece = one.pieces.get((output.name, lane.index))
            if piece is not None:
                found.append((lane.index, piece))
    if not any(piece.loose for _, piece in found):
        return [piece.path for _, piece in found]
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


def _put_in_place(graph: Graph, staged: Mapping[str, tuple[Path, int]]) -> None:
    for output in graph.outputs:
        temp, _ = staged[output.name]
        os.replace(temp, output.path)
        folder = os.open(Path(output.path).parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _result(job: Job, done: Sequence[Finished], staged: Mapping[str, tuple[Path, int]], seconds: dict[str, float], took: float) -> Result:
    graph = job.graph
    states: Counter[str] = Counter()
    for one in done:
        states.update(one.states)
        _add(seconds, one.report.seconds)
    references = {given.name: 0 for given in graph.inputs if given.reference}
    rows_in = 0
    for one in done:
        given = graph.inputs[job.shards[one.report.shard][0]]
        rows = one.report.rows + one.report.bad
        if given.reference:
            references[given.name] += rows
        else:
            rows_in += rows
    steps = tuple(_step(node, done, seconds) for node in graph.nodes)
    return Result(
        rows_in=rows_in,
        rows_out=sum(rows for _, rows in staged.values()),
        states={state: count for state, count in states.items() if count},
        born=sum(step.born for step in steps),
        references=references,
        steps=steps,
        outputs=tuple(_written(output, *staged[output.name]) for output in graph.outputs if output.name in staged),
        checks=tuple(_check(job, done, {step.id: step for step in steps})),
        seconds=took,
        warnings=tuple(dict.fromkeys(f"{shard.inside}: {shard.damaged}" for _, shard in job.shards if shard.damaged)),
    )


def _step(node: Node, done: Sequence[Finished], seconds: Mapping[str, float]) -> StepResult:
    ports: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    histograms: dict[str, Counter[float]] = {}
    for one in done:
        ports.update({port: count for (step, port), count in one.report.ports.items() if step == node.id})
        reasons.update(one.reasons.get(node.id, {}))
        for (step, measure), counts in one.histograms.items():
            if step == node.id:
                histograms.setdefault(measure, Counter()).update(counts)
    return StepResult(
        id=node.id,
        operator=node.op,
        rows_in=sum(one.report.entered[node.id] for one in done),
        rows_out=sum(count for port, count in ports.items() if port != "dropped"),
        seconds=seconds.get(node.id, 0.0),
        reasons=dict(reasons),
        ports=dict(ports),
        born=sum(one.report.born[node.id] for one in done),
        changed=sum(one.report.changed[node.id] for one in done),
        histograms={measure: dict(sorted(counts.items())) for measure, counts in histograms.items()},
    )


def _written(output: Output, temp: Path, rows: int) -> Written:
    with open(temp, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Written(name=output.name, path=output.path, rows=rows, bytes=temp.stat().st_size, digest=digest)


def _check(job: Job, done: Sequence[Finished], steps: Mapping[str, StepResult]) -> list[CheckResult]:
    import numpy as np

    found = []
    for check in job.graph.checks:
        if check.edge.step in steps:
            rows = steps[check.edge.step].ports.get(check.edge.port, 0)
            entered = steps[check.edge.step].rows_in
        else:
            rows = entered = sum(one.report.rows for one in done if job.graph.inputs[job.shards[one.report.shard][0]].name == check.edge.step)
        if check.measure == "rows":
            value = float(rows)
        elif check.measure == "share":
            value = rows / entered if entered else 1.0
        elif check.measure == "nulls":
            value = float(sum(one.nulls[check.text] for one in done))
        else:
            value = float(
                len(np.unique(np.concatenate([one.values[check.text] for one in done if check.text in one.values] or [np.zeros(0, np.int64)])))
            )
        inside = (check.at_least is None or value >= check.at_least) and (check.at_most is None or value <= check.at_most)
        found.append(CheckResult(text=check.text, value=value, ok=inside and value not in check.excludes))
    return found


def _balance(result: Result) -> None:
    """The books must be even, or the run fails."""
    told = sum(result.states.values())
    if told != result.rows_in:
        raise ContractError(f"the books do not balance: {result.rows_in} rows came in, {told} are accounted for ({dict(result.states)})")
    for step in result.steps:
        gone = sum(step.reasons.values())
        left = sum(count for port, count in step.ports.items() if port != "dropped")
        if not step.born and "childless" not in step.reasons and step.rows_in != left + gone:
            raise ContractError(f"step {step.id!r}: {step.rows_in} rows came in, {left} left and {gone} are accounted for ({step.reasons})")
