"""Previews, books and ways of rows, in the form of the answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from agents.evidence import Evidence
from workflows.chosen import Chosen
from workflows.engine.preview import Preview, PreviewStep
from workflows.engine.trace import Trace, TraceStep
from workflows.manifest import Books, StepBooks

from .answers import (
    BooksShown,
    CheckShown,
    CostShown,
    DroppedRow,
    EvidenceShown,
    OutputShown,
    Previewed,
    RowFate,
    SpanShown,
    StepRan,
    StepSeen,
    Way,
    WayStep,
)
from .quoting import MOST_ROWS, quoted, quoted_row, told_all
from .telling import finite
from .words import in_tools

MOST_CHILDREN = 20


def previewed(chosen: Chosen, seen: Preview, evidence: Sequence[Evidence] = ()) -> Previewed:
    """A preview with a few dropped rows of each step, all together no more than are shown at once."""
    dropped = [
        DroppedRow(step=step.id, reason=one.reason, value=finite(one.value), row=quoted_row(one.before))
        for step in seen.steps
        for one in step.examples
    ]
    return Previewed(
        recipe=chosen.name,
        by=seen.by,
        rows=seen.rows,
        total_rows=seen.total_rows,
        steps=[_step_seen(step) for step in seen.steps],
        dropped=dropped[:MOST_ROWS],
        evidence=[EvidenceShown(clause=one.clause, verdict=one.verdict, says=in_tools(one.says)) for one in evidence],
        cost=CostShown(
            seconds=round(seen.cost.seconds, 3),
            memory_bytes=round(seen.cost.memory),
            disk_bytes=round(seen.cost.disk),
            workers=seen.cost.workers,
            at_least=not seen.cost.sure,
        ),
        warnings=told_all(chosen.warnings),
    )


def books_shown(books: Books) -> BooksShown:
    return BooksShown(
        rows_in=books.rows_in,
        rows_out=books.rows_out,
        states=dict(books.states),
        born=books.born,
        steps=[_step_ran(step) for step in books.steps],
        outputs=[OutputShown(name=one.name, path=one.path, rows=one.rows, bytes=one.bytes) for one in books.outputs],
        checks=[CheckShown(text=one.text, holds=one.ok, value=finite(one.value)) for one in books.checks],
        warnings=told_all(books.warnings),
        seconds=round(books.seconds, 3),
    )


def way_shown(run: str, way: Trace) -> Way:
    return Way(
        run=run,
        row=_identity((way.row, way.part)),
        file=quoted(way.file),
        line=way.line,
        state=way.state,
        record=quoted_row(way.record),
        steps=[_way_step(step) for step in way.steps],
        parents=[_identity(parent) for parent in way.parents[:MOST_CHILDREN]],
    )


def row_fate(told: Mapping[str, Any]) -> RowFate:
    """A row as the ledger has it."""
    line, into = told["line"], told["into"]
    return RowFate(
        row=_identity((told["row"], told["part"])),
        file=quoted(told["file"] or ""),
        line=line if isinstance(line, int) and line >= 0 else None,
        state=told["state"],
        step=told["step"],
        reason=told["measure"],
        value=finite(told["value"]),
        wanted=None if told["bound"] is None else quoted(told["bound"]),
        merged_into=None if into is None else _identity((into, told["into_part"] or 0)),
    )


def _step_seen(step: PreviewStep) -> StepSeen:
    return StepSeen(
        id=step.id,
        operator=step.operator,
        rows_in=step.rows_in,
        keeps=finite(step.share),
        low=finite(step.low),
        high=finite(step.high),
        rows_out=finite(step.rows_out),
        rows_low=finite(step.rows_low),
        rows_high=finite(step.rows_high),
        changed=step.changed,
        reasons=dict(step.reasons),
        needs_all_rows=step.unknown,
        tells=_numbers(step.numbers),
    )


def _step_ran(step: StepBooks) -> StepRan:
    return StepRan(
        id=step.id,
        operator=step.operator,
        rows_in=step.rows_in,
        rows_out=step.rows_out,
        changed=step.changed,
        born=step.born,
        reasons=dict(step.reasons),
        ports=dict(step.ports),
        tells=_numbers(step.numbers),
    )


def _way_step(step: TraceStep) -> WayStep:
    return WayStep(
        step=step.step,
        operator=step.operator,
        left_by=step.port,
        reason=step.reason,
        measures=quoted_row(step.measures),
        wanted={name: quoted(bound) for name, bound in step.bounds.items()},
        before=quoted_row(step.before),
        after=quoted_row(step.after),
        merged_into=None if step.into is None else _identity(step.into),
        gave=[_identity(child) for child in step.children[:MOST_CHILDREN]],
        cut=[SpanShown(text=quoted(span.text), stays_in=_identity(span.into) if span.into else None) for span in step.cut[:MOST_CHILDREN]],
    )


def _numbers(told: Mapping[str, int | float | None]) -> dict[str, float | None]:
    return {name: finite(value) for name, value in told.items()}


def _identity(row: tuple[int, int]) -> str:
    return f"{row[0]}.{row[1]}" if row[1] else str(row[0])
