"""A plan tried on a sample, and each part of its goal held against the rows that come out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workflows import pace
from workflows.chosen import Chosen
from workflows.edits import Edit, Remove, Set
from workflows.engine.preview import Preview, preview
from workflows.engine.sample_rows import SampleRows
from workflows.executor import cores
from workflows.report.predicted import keep

from .draft import Clause, Draft
from .evidence import Evidence, verify

SAMPLE = 1000  # rows


@dataclass(frozen=True)
class Tried:
    """What the sample showed."""

    preview: Preview
    evidence: tuple[Evidence, ...]


def tried(
    chosen: Chosen,
    goal: str,
    clauses: Sequence[Clause],
    cache: Path,
    *,
    changed: Collection[str] = (),
    workers: int | None = None,
    rows: int = SAMPLE,
    examples: bool = True,
) -> Tried:
    """Try it. `changed`: steps that were changed after the goal was told; what it says of them is not held against the rows any more."""
    samples: list[SampleRows] = []
    seen = preview(
        chosen.graph, cache, rows=rows, examples=examples, workers=workers or cores(), pace=pace.known(), look=samples.append if goal else None
    )
    keep(seen, chosen.graph, chosen.lock.digest, cache)
    read = Draft(status="draft", recipe=chosen.recipe, clauses=tuple(clauses))
    found = [one for sample in samples for one in verify(goal, read, sample)]
    nothing = [one for sample in samples for one in _nothing(sample)]
    return Tried(seen, (*(one for one in found if not set(one.steps) & set(changed)), *nothing))


def _nothing(sample: SampleRows) -> Iterator[Evidence]:
    """Rows come in and none goes out: hardly ever what was meant."""
    if any(len(rows.table) for rows in sample.inputs.values()) and not any(rows.total for rows in sample.outputs.values()):
        yield Evidence(
            clause="rows come out", steps=(), verdict="fails", says=f"no row of the {'input' if sample.whole else 'sample'} reaches an output"
        )


def failing(evidence: Sequence[Evidence]) -> list[str]:
    """What a plan is sent back for."""
    return [f"{one.clause!r}: {one.says}" for one in evidence if one.verdict == "fails"]


def touched(edits: Sequence[Edit]) -> set[str]:
    """Steps of which a follow-up says something else than the goal did."""
    return {edit.step for edit in edits if isinstance(edit, Remove) or (isinstance(edit, Set) and edit.key.partition(".")[0] in ("with", "on", "op"))}
