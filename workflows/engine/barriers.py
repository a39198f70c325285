"""What has to be decided before rows can go on: rounds of walks, and after each the barriers whose rows have all come."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.contract import Cut, Group, Learner, Rank
from tools.errors import ContractError, RecipeError

from ..executor import Executor, Progress
from ..graph import Node
from .call import blamed
from .cuts import decide_cuts
from .group import decide_group
from .job import Decision, Job, is_open, learns_from_reference, still_learns
from .keys import key
from .learn import decide_state, decide_whole
from .places import Member, Places
from .rank import decide_rank
from .reports import ShardReport
from .walk import Walk

MOST_MISFITS = 0.001
Report = Callable[[Progress], None]


def add(total: dict[str, float], more: Mapping[str, float]) -> None:
    for name, seconds in more.items():
        total[name] = total.get(name, 0.0) + seconds


def walk_shard(task: tuple[Job, int]) -> ShardReport:
    """One round's work on one shard."""
    job, number = task
    return Walk(job, number).run()


@dataclass
class Clock:
    """Seconds that each step has taken, those of them at its barrier, and how many rounds of walks there were."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    waits: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    rounds: int = 0


def decide_all(job: Job, executor: Executor, tell: Report, clock: Clock) -> Job:
    """The job with all barriers decided; the clock is told."""
    while open_ := [node for node in job.graph.nodes if is_open(job, node)]:
        clock.rounds += 1
        reports: list[ShardReport] = []
        for report in executor.map(walk_shard, [(job, number) for number in range(len(job.shards))]):
            reports.append(report)
            add(clock.seconds, report.seconds)
            tell(Progress(phase=f"reading and measuring, round {clock.rounds}", done=len(reports), total=len(job.shards)))
        look_for_misfits(job, reports)
        decided = dict(job.decisions)
        for node in open_:
            members = members_of(job, node, reports)
            if members is not None:
                tell(Progress(phase=f"deciding {node.id}", done=0, total=1))
                started = time.perf_counter()
                with blamed(node):
                    decided[node.id] = _decide(job, node, members, executor)
                took = time.perf_counter() - started
                clock.waits[node.id] += took
                clock.seconds[node.id] += took
        if decided == job.decisions:
            raise ContractError(f"no step of {[node.id for node in open_]} can be decided")
        job = replace(job, decisions=decided)
    return job


def members_of(job: Job, node: Node, reports: Sequence[ShardReport]) -> list[Member] | None:
    """The flows that the decision needs, in stream order; none as long as one of them is behind another barrier."""
    by_shard = {report.shard: report.flows for report in reports}
    lanes = job.lanes[node.id]
    if isinstance(node.operator, Learner):
        lanes = tuple(lane for lane in lanes if lane.reference == (still_learns(job, node) and learns_from_reference(job, node)))
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
    if still_learns(job, node):
        return decide_state(job, node, members, name)
    learned = before or Decision()
    places = Places(members)
    path = Path(job.cache) / "decisions" / f"{name}.arrow"
    if path.exists():
        numbers = [(m.lane.index, m.shard) for m in members if not m.lane.reference]
        return replace(learned, path=str(path), batches={where: number for number, where in enumerate(numbers)})
    if isinstance(node.operator, Group):
        return decide_group(job, node, places, name, executor)
    if isinstance(node.operator, Cut):
        return decide_cuts(job, node, places, name, executor)
    if isinstance(node.operator, Rank):
        made = decide_rank(job, node, places, name)
        return replace(learned, path=made.path, batches=made.batches)
    return decide_whole(job, node, places, name)


def look_for_misfits(job: Job, reports: Sequence[ShardReport]) -> None:
    """Raises RecipeError where more rows do not fit their types than a run bears."""
    misfits: Counter[str] = Counter()
    for report in reports:
        misfits.update(report.misfits)
    rows = sum(report.rows + report.bad for report in reports)
    if not job.trial and sum(misfits.values()) > MOST_MISFITS * rows:
        column, count = misfits.most_common(1)[0]
        raise RecipeError(
            f"column {column!r}: {count} of {rows} rows hold a value that does not fit the type seen in the sample (more than {MOST_MISFITS:.1%}); "
            f"plan again with --scan-all, or give the source `columns: {{{column}: json}}` to keep such values as JSON text"
        )
