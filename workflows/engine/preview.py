"""What a recipe would do with the whole input, and what that would take: told from rows drawn over all files and offsets."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from tools.contract import Cut, Expand, Group, Numbers, Rank, Synthesize, Whole
from tools.errors import RecipeError

from ..executor import Executor
from ..graph import Graph
from .barriers import Clock, decide_all
from .by_key import Kin, by_key
from .cost import Cost, Windows, cost_of, cost_of_rest, trial
from .execute import SMALL_INPUT, carry_out, job_of
from .expected import MOST_ROWS, StepExpected, expect
from .finish import Finished, finish_shard
from .job import Job
from .reports import ShardReport
from .result import Result
from .sample import Sample, strata, take
from .sample_rows import MOST_BYTES, SampleRows, sample_rows
from .survey import numbers_of
from .trace import keep_decisions, trace_in

SHOWN = 3
KEYS_BYTES = 32 << 20  # decoded input up to this size is read whole for the keys of its rows without being asked
By = Literal["whole", "sample", "keys"]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A sample row that a step dropped."""

    row: int
    part: int
    reason: str
    value: float | None
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class PreviewStep:
    """What one step does. `share` of the rows that come in goes on, `rows_out` of the whole input; `low` and `high` of each
    are the 95% interval. Where only the interval is known, the number is none."""

    id: str
    operator: str
    rows_in: int  # in the sample
    share: float | None
    low: float | None
    high: float | None
    changed: int | None  # none: it depends on all rows, which were not read
    reasons: Mapping[str, int]
    unknown: bool  # how many rows go on depends on all rows, which were not read
    rows_out: float | None
    rows_low: float
    rows_high: float
    seconds: float | None  # of computing, summed over workers; none where its values are there already
    examples: tuple[Shown, ...] = ()
    numbers: Numbers = field(default_factory=dict)  # what it tells of all rows; in a sample, of those that reach it there


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A recipe tried on a sample."""

    by: By  # whole: all rows went through it; keys: drawn rows with all that share a key with them
    rows: int  # in the sample
    total_rows: float  # expected of the inputs
    bytes: float  # of the inputs, decoded
    heads_only: tuple[str, ...]  # files of which only the head could be drawn from
    steps: tuple[PreviewStep, ...]
    cost: Cost

    @property
    def whole(self) -> bool:
        """Whether all numbers are exact."""
        return self.by == "whole"


@dataclass(frozen=True)
class Seen:
    """What the walks of a sample told."""

    job: Job
    done: list[Finished]
    result: Result | None  # where all rows went through
    seconds: float = 0.0  # for the drawn windows, which are so small that it is mostly for beginning and ending with each

    @property
    def reports(self) -> list[ShardReport]:
        return [one.report for one in self.done]


def preview(
    graph: Graph,
    cache: Path,
    *,
    rows: int = 1000,
    examples: bool = True,
    keys: bool | None = None,
    workers: int = 1,
    pace: Mapping[str, float] | None = None,
    seed: int | None = None,
    look: Callable[[SampleRows], None] | None = None,
) -> Preview:
    """Try a recipe on about `rows` rows; a small input is tried whole. References are read whole; nothing is written but to the cache.

    `keys`: whether all rows are read for what steps that compare them will keep; by default of up to 32 MB. The
    run needs that work too and does not do it again. `pace`: for operators and whole runs, how much longer they took than was
    foretold. `look` is shown the sample's rows, which takes one more walk. Raises RecipeError."""
    drawn_by = graph.seed if seed is None else seed
    bare, known = replace(graph, checks=()), pace or {}
    with tempfile.TemporaryDirectory(prefix="winnow-preview-") as name:
        folder = Path(name)
        sample = take(graph, cache, rows, drawn_by)
        seen = _whole(bare, folder, cache, sample) if sample.whole else _sampled(bare, folder, sample)
        found = strata(graph, sample, seen.reports)
        told = expect(seen.job, found, seen.reports)
        by: By = "whole" if sample.whole else "sample"
        kin: Kin | None = None
        if seen.result is not None:
            cost = cost_of_rest(seen.result, sample.size, workers, known)
        else:
            tried = trial(bare, cache, folder / "trial", drawn_by)
            cost = cost_of(bare, tried, sample, Windows(seen.reports, seen.seconds), _rows_out(bare, told), workers, known)
            grouped = any(isinstance(node.operator, Group | Cut) for node in graph.nodes)
            if keys or (keys is None and grouped and sample.size <= KEYS_BYTES):
                with Executor(workers if sample.size > SMALL_INPUT else 1) as executor:
                    kin = by_key(bare, cache, folder / "keys", executor, drawn_by)
                found, by, cost = kin.strata, "whole" if kin.exact else "keys", cost.after_measuring()
                told = expect(kin.job, found, kin.reports)
        shown = _examples(seen.job, folder) if examples else {}
        if look is not None:
            look(_rows_of(seen, kin, sample))
        numbers = numbers_of(seen.job, seen.done, Clock())
        return Preview(
            by=by,
            rows=sum(report.rows for report in seen.reports if not _is_reference(seen.job, report)),
            total_rows=sum(one.expected_rows.value or 0.0 for one in found.values()),
            bytes=sample.size,
            heads_only=sample.heads,
            steps=tuple(
                replace(
                    _step(seen, kin, node.id, told[node.id], cost.fresh.get(node.id)),
                    examples=shown.get(node.id, ()),
                    numbers=numbers.get(node.id, {}),
                )
                for node in graph.nodes
            ),
            cost=cost,
        )


def _rows_of(seen: Seen, kin: Kin | None, sample: Sample) -> SampleRows:
    """Of an input that was read whole for its keys, all rows; else those drawn."""
    if kin is not None and kin.exact and sample.size <= MOST_BYTES:
        return sample_rows(kin.job, whole=True)
    return sample_rows(replace(seen.job, noted=frozenset()), whole=sample.whole)


def _rows_out(graph: Graph, told: Mapping[str, StepExpected]) -> float | None:
    """Rows of all outputs; none where one reads a source, or what cannot be told."""
    edges = [edge for output in graph.outputs for edge in output.rows]
    rows = [told[edge.step].ports[edge.port].value if edge.step in told else None for edge in edges]
    return None if None in rows else sum(one for one in rows if one is not None)


def _whole(graph: Graph, folder: Path, cache: Path, sample: Sample) -> Seen:
    """All rows, through the store's own cache: the run that follows finds its values there."""
    job = job_of(graph, folder / "run", cache, sample.shards)
    with Executor(1) as executor:
        ran = carry_out(job, executor, lambda _: None, None, write=False)
    return Seen(ran.job, list(ran.done), ran.result)


def _sampled(graph: Graph, folder: Path, sample: Sample) -> Seen:
    """The drawn rows, with the barriers that need all rows let pass."""
    ranks = frozenset(node.id for node in graph.nodes if isinstance(node.operator, Rank))
    unknown = ranks | frozenset(node.id for node in graph.nodes if isinstance(node.operator, Group | Cut | Whole))
    job = job_of(graph, folder / "run", folder / "cache", sample.shards, unknown=unknown, trial=True)
    with Executor(1) as executor:
        job = decide_all(job, executor, lambda _: None, Clock())
        keep_decisions(folder / "run", job)
        started = time.perf_counter()
        done = list(executor.map(finish_shard, [(replace(job, noted=ranks), number, False) for number in range(len(job.shards))]))
        return Seen(replace(job, noted=ranks), done, None, time.perf_counter() - started)


def _is_reference(job: Job, report: ShardReport) -> bool:
    return job.graph.inputs[job.shards[report.shard][0]].reference


def _step(seen: Seen, kin: Kin | None, step: str, told: StepExpected, seconds: float | None) -> PreviewStep:
    node, reasons = seen.job.graph.node(step), Counter[str]()
    for one in seen.done:
        reasons.update(one.reasons.get(step, {}))
    out, share = told.out, told.share
    needs_all = isinstance(node.operator, Cut) and step in seen.job.unknown  # the walks let it pass; with kin they did not
    reports = kin.reports if kin and needs_all else seen.reports
    is_share = isinstance(node.operator, Expand | Synthesize)  # that give other rows than came in
    return PreviewStep(
        id=step,
        operator=node.op,
        rows_in=sum(report.entered[step] for report in reports),
        share=None if is_share else share.value,
        low=None if is_share or share.value is None else share.low,
        high=None if is_share or share.value is None else share.high,
        changed=None if needs_all and kin is None else sum(report.changed[step] for report in reports),
        reasons=dict(reasons),
        unknown=out.value is None and isinstance(node.operator, Group | Whole),
        rows_out=out.value,
        rows_low=out.low,
        rows_high=min(out.high, MOST_ROWS),
        seconds=seconds,
    )


def _examples(job: Job, folder: Path) -> dict[str, tuple[Shown, ...]]:
    """For each step up to three rows of the sample that it dropped."""
    ledger = f"{folder}/run/ledger/*.parquet"
    if not list((folder / "run" / "ledger").glob("*.parquet")):
        return {}
    import duckdb

    rows = duckdb.execute(
        "select step, row, part, measure, value from read_parquet(?) where state = 'dropped' "
        "qualify row_number() over (partition by step order by hash(row)) <= ? order by step, row",
        [ledger, SHOWN],
    ).fetchall()
    found: dict[str, tuple[Shown, ...]] = {}
    for step, row, part, measure, value in rows:
        try:
            told = trace_in(replace(job, noted=frozenset()), row, part)
        except RecipeError:
            continue
        here = next((one for one in told.steps if one.step == step), None)
        shown = Shown(row=row, part=part, reason=measure, value=value, before=here.before if here else {}, after=here.after if here else {})
        found[step] = (*found.get(step, ()), shown)
    return found
