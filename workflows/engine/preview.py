"""What a recipe would do, tried on rows drawn over all files and offsets. Group steps are not tried: they need all rows."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from tools.contract import Counts, Group, Quota, Rank, Whole
from tools.errors import RecipeError
from tools.formats.parquet import Parquet
from tools.storage import File, Shard

from ..graph import Graph, Node
from .execute import execute
from .result import Result, StepResult
from .trace import finished_job, trace_in

SLICE_BYTES = 16 << 10
SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A sample row that a step dropped or changed."""

    row: int
    part: int
    reason: str
    value: float | None
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class PreviewStep:
    """What one step does on the sample. `low`, `high`: 95% interval of the share that it lets through (Wilson)."""

    id: str
    operator: str
    rows_in: int
    share: float | None
    low: float | None
    high: float | None
    changed: int
    reasons: Mapping[str, int]
    unknown: bool
    rows_out: float | None  # expected of the whole input, where it can be told
    examples: tuple[Shown, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A recipe tried on a sample."""

    rows: int  # in the sample
    whole: bool  # the sample is the whole input
    total_rows: float  # expected of the inputs
    heads_only: tuple[str, ...]  # files of which only the head could be drawn from
    steps: tuple[PreviewStep, ...]


def preview(graph: Graph, cache: Path, *, rows: int = 1000, examples: bool = True) -> Preview:
    """Try a recipe on about `rows` rows. References are read whole; nothing is written outside a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="winnow-preview-") as name:
        folder = Path(name)
        shards, heads = _sample(graph, cache, folder, rows)
        unknown = frozenset(node.id for node in graph.nodes if isinstance(node.operator, Group | Rank | Whole))
        bare = replace(graph, checks=())
        result = execute(bare, folder / "run", folder / "cache", write=False, shards=shards, unknown=unknown)
        scale, whole = _scale(graph, shards, result)
        expected = _expected(graph, result, scale, unknown)
        shown = _examples(bare, folder, unknown) if examples else {}
        steps = tuple(_step(graph.node(step.id), step, expected.get(step.id), step.id in unknown, shown.get(step.id, ())) for step in result.steps)
        return Preview(rows=result.rows_in, whole=whole, total_rows=result.rows_in * scale, heads_only=heads, steps=steps)


def _sample(graph: Graph, cache: Path, folder: Path, rows: int) -> tuple[list[tuple[int, Shard]], tuple[str, ...]]:
    found: list[tuple[int, Shard]] = []
    heads: list[str] = []
    for number, given in enumerate(graph.inputs):
        if given.reference:
            found += [(number, shard) for shard in given.operator.shards(given.files, cache / "shards")]
            continue
        slices = given.operator.slices(given.files, folder / "slices", max(8, rows // 16), SLICE_BYTES)
        found += [(number, shard) for shard in slices]
        heads += [file.inside for file in given.files if file.path.endswith((".gz", ".zst", ".bz2", ".xz"))]
    return found, tuple(heads)


def _scale(graph: Graph, shards: list[tuple[int, Shard]], result: Result) -> tuple[float, bool]:
    """How many times larger the inputs are than the sample: by rows where files say how many they have, else by bytes."""
    inputs = [(number, given) for number, given in enumerate(graph.inputs) if not given.reference]
    sampled = sum(shard.stop - shard.start for number, shard in shards if number in dict(inputs))
    counted = [isinstance(given.operator, Parquet) for _, given in inputs]
    if not sampled or any(counted) != all(counted):  # rows and bytes do not add up
        return 1.0, False
    total = sum(_size(file, all(counted)) for _, given in inputs for file in given.files)
    scale = max(1.0, total / sampled)
    return (1.0, True) if scale < 1.05 else (scale, False)


def _size(file: File, rows: bool) -> float:
    """A file's rows, or its bytes; what is compressed counts threefold, as texts are."""
    if rows:
        return float(pq.read_metadata(file.path).num_rows)
    return Path(file.path).stat().st_size * (3.0 if file.path.endswith((".gz", ".zst", ".bz2", ".xz")) else 1.0)


def _expected(graph: Graph, result: Result, scale: float, unknown: frozenset[str]) -> dict[str, float | None]:
    """Rows that each step is expected to let out of the whole input; none where a step before it cannot be tried."""
    steps = {step.id: step for step in result.steps}
    found: dict[str, float | None] = {}
    tried: set[str] = {given.name for given in graph.inputs}  # what only tried steps stand before
    for node in graph.nodes:
        step = steps[node.id]
        into: float | None = step.rows_in * scale
        if not all(edge.step in tried for edge in node.rows):
            before = [found.get(edge.step) if edge.port == "kept" else None for edge in node.rows]
            into = None if any(one is None for one in before) else sum(one for one in before if one is not None)
        elif node.id not in unknown:
            tried.add(node.id)
        found[node.id] = _out(node, step, into)
    return found


def _out(node: Node, step: StepResult, into: float | None) -> float | None:
    if into is None:
        return None
    operator = node.operator
    if isinstance(operator, Group | Whole):
        return None
    if isinstance(operator, Rank):
        quotas = operator.quota(Counts({None: round(into)}, {None: into}))
        limits = [quotas] if isinstance(quotas, Quota) else list(quotas.values())
        if any(isinstance(limit.rows, Mapping) or limit.weight is not None for limit in limits):
            return None
        taken = [into if limit.rows is None else float(limit.rows) for limit in limits if not isinstance(limit.rows, Mapping)]
        return min(into, sum(taken))
    return into * step.rows_out / step.rows_in if step.rows_in else into


def _step(node: Node, step: StepResult, expected: float | None, unknown: bool, examples: tuple[Shown, ...]) -> PreviewStep:
    share = None if unknown or not step.rows_in or step.born else step.rows_out / step.rows_in
    low, high = wilson(step.rows_out, step.rows_in) if share is not None else (None, None)
    return PreviewStep(
        id=step.id,
        operator=step.operator,
        rows_in=step.rows_in,
        share=share,
        low=low,
        high=high,
        changed=step.changed,
        reasons=step.reasons,
        unknown=isinstance(node.operator, Group | Whole),
        rows_out=expected,
        examples=examples,
    )


def wilson(kept: int, rows: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share."""
    if not rows:
        return 0.0, 1.0
    share = kept / rows
    middle = (share + z * z / (2 * rows)) / (1 + z * z / rows)
    half = z * sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows)) / (1 + z * z / rows)
    return max(0.0, middle - half), min(1.0, middle + half)


def _examples(graph: Graph, folder: Path, unknown: frozenset[str]) -> dict[str, tuple[Shown, ...]]:
    """For each step up to three rows of the sample that it dropped."""
    ledger = f"{folder}/run/ledger/*.parquet"
    if not list((folder / "run" / "ledger").glob("*.parquet")):
        return {}
    rows = duckdb.execute(
        "select step, row, part, measure, value from read_parquet(?) where state = 'dropped' "
        "qualify row_number() over (partition by step order by hash(row)) <= ? order by step, row",
        [ledger, SHOWN],
    ).fetchall()
    job = replace(finished_job(graph, folder / "run", folder / "cache"), unknown=unknown)
    found: dict[str, tuple[Shown, ...]] = {}
    for step, row, part, measure, value in rows:
        try:
            told = trace_in(job, row, part)
        except RecipeError:
            continue
        here = next((one for one in told.steps if one.step == step), None)
        shown = Shown(row=row, part=part, reason=measure, value=value, before=here.before if here else {}, after=here.after if here else {})
        found[step] = (*found.get(step, ()), shown)
    return found
