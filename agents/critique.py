"""A plan tried on a sample, and each part of its goal held against the rows that come out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from workflows import pace
from workflows.chosen import Chosen
from workflows.edits import Edit, Remove, Set
from workflows.engine import Preview, SampleRows, preview
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
    return Tried(seen, tuple(one for one in found if not set(one.steps) & set(changed)))


def failing(evidence: Sequence[Evidence]) -> list[str]:
    """What a plan is sent back for."""
    return [f"{one.clause!r}: {one.says}" for one in evidence if one.verdict == "fails"]


def touched(edits: Sequence[Edit]) -> set[str]:
    """Steps of which a follow-up says something else than the goal did."""
    return {edit.step for edit in edits if isinstance(edit, Remove) or (isinstance(edit, Set) and edit.key.partition(".")[0] in ("with", "on", "op"))}
