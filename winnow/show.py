"""How a plan, a preview, a run and a row's path look to a person."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from .answer import Answer
from .render import counts, number, one_line, plain, put, say, size, table

if TYPE_CHECKING:
    from agents.draft import Draft
    from workflows.engine import Preview, Trace
    from workflows.recipe import Recipe
    from workflows.replay import Replayed
    from workflows.runs import Finished

MOST_VALUE = 400


def draft(made: "Draft") -> None:
    """How each part of the goal was read, and the steps it led to."""
    for clause in made.clauses:
        if clause.text in made.unclear and not clause.steps:
            continue
        led = ", ".join(clause.steps) if clause.steps else "nothing"
        say(f"  {one_line(clause.text)} → {led}" + (f"   ({one_line(clause.evidence)})" if clause.evidence else ""))
    why = {clause.text: clause.evidence.removeprefix("not understood; ") for clause in made.clauses if not clause.steps}
    for part in made.unclear:
        say(f"  not understood: {one_line(part)}" + (f"   ({one_line(why[part])})" if why.get(part, "not understood") != "not understood" else ""))
    for offer in made.suggestions:
        say(f"  could be added: {one_line(offer)}")
    if made.recipe is not None:
        steps(made.recipe)


def steps(recipe: "Recipe") -> None:
    """The recipe as a table on stderr."""
    rows = [(step.id, step.op, _edge(step.rows), _edge(step.on), _edge(step.params), step.why or "") for step in recipe.steps]
    if rows:
        table(("step", "operator", "from", "on", "with", "why"), rows, stderr=True)
    else:
        say("  (no steps: every row is written as it is)")


def preview(seen: "Preview", stderr: bool = True) -> None:
    """What each step keeps of the sample, and what it is expected to let out of the whole input."""
    rows = [
        (
            step.id,
            step.operator,
            step.rows_in,
            "needs all rows" if step.unknown else _share(step.share, step.low, step.high),
            step.changed or None,
            None if step.rows_out is None else round(step.rows_out),
            counts(step.reasons),
        )
        for step in seen.steps
    ]
    title = f"Preview on {seen.rows:,} rows, " + ("the whole input" if seen.whole else f"drawn from about {round(seen.total_rows):,}")
    columns = ("step", "operator", "rows seen", "keeps", "changes", "expected out", "drops")
    table(columns, rows, right=("rows seen", "changes", "expected out"), title=title, stderr=stderr)
    tell = say if stderr else put
    for step in seen.steps:
        for shown in step.examples[:1]:
            values = ", ".join(f"{name}: {one_line(value, 60)}" for name, value in shown.before.items())
            tell(f"  {step.id} drops, for one ({shown.reason}{'' if shown.value is None else f' {number(shown.value)}'}): {values}")
    for name in seen.heads_only:
        tell(f"  of {one_line(name)} only the head was seen: it is compressed")


def finished(run: "Finished", to_stderr: bool = False) -> None:
    """The funnel, where everything lies, and what to try next."""
    books, manifest = run.books, run.manifest
    rows: list[tuple[object, ...]] = []
    for step in books.steps:
        ports = counts({port: rows for port, rows in step.ports.items() if port not in ("kept", "dropped")})
        rows.append(
            (step.id, step.operator, step.rows_in, step.rows_out, "; ".join(part for part in (counts(step.reasons), ports) if part), step.seconds)
        )
    table(("step", "operator", "rows in", "out", "dropped, or by port", "seconds"), rows, right=("rows in", "out", "seconds"), stderr=to_stderr)
    tell = say if to_stderr else put
    tell(
        f"{books.rows_in:,} rows in, {books.rows_out:,} out in {books.seconds:.1f} s ({counts(books.states)})"
        + (f", born {books.born:,}" if books.born else "")
    )
    for check in books.checks:
        tell(f"check {check.text}: {'holds' if check.ok else 'FAILS'} ({number(check.value)})")
    for output in books.outputs:
        tell(f"output  {'stdout' if to_stderr else output.path}  ({output.rows:,} rows, {size(output.bytes)})")
    tell(f"ledger  {run.folder / 'ledger'}")
    tell(f"run     {manifest.run}")
    for warning in books.warnings:
        say(f"note: {warning}")
    _next(run)


def answer(run: "Finished", **more: object) -> Answer:
    """The same for machines."""
    books = run.books.model_dump(mode="json", exclude={"steps": {"__all__": {"histograms"}}})
    version = "" if run.manifest.version is None else f"@{run.manifest.version}"
    keys = ("rows_in", "rows_out", "states", "born", "references", "steps", "outputs", "checks", "warnings", "seconds")
    made = Answer(status="done", run=run.manifest.run, recipe=f"{run.manifest.recipe}{version}", **{key: books[key] for key in keys})
    for key, value in more.items():
        setattr(made, key, value)
    return made


def clauses(made: "Draft") -> list[dict[str, object]]:
    return [asdict(clause) for clause in made.clauses]


def comparison(again: "Replayed", to_stderr: bool = False) -> None:
    tell = say if to_stderr else put
    for note in again.notes:
        tell(f"not as it was: {note}")
    tell(f"{'the same' if again.same else 'DIFFERENT'}: compared by {again.compared}")
    for line in again.differences:
        tell(f"  {line}")


def trace(path: "Trace") -> None:
    """One row's way through the recipe, one screen."""
    put(f"row {_identity((path.row, path.part))}   {plain(path.file)}{f':{path.line}' if path.line is not None else ''}   {path.state}")
    for parent in path.parents:
        put(f"  born of row {_identity(parent)}")
    for name, value in path.record.items():
        put(f"  {plain(name)}: {one_line(value, MOST_VALUE)}")
    for step in path.steps:
        put()
        ended = f"→ {step.port}" if step.port else "ended here"
        put(f"{step.step}  ({step.operator})  {ended}" + (f", reason {step.reason}" if step.reason else ""))
        for name, value in step.measures.items():
            bound = step.bounds.get(name)
            put(f"    {name} = {number(value)}" + (f"   (wanted {bound})" if bound else ""))
        if step.into is not None:
            put(f"    merged into row {_identity(step.into)}")
        for child in step.children:
            put(f"    gave row {_identity(child)}")
        _changes(step.before, step.after)


def _identity(row: tuple[int, int]) -> str:
    return f"{row[0]}.{row[1]}" if row[1] else str(row[0])


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> None:
    for name, value in after.items():
        if name not in before:
            put(f"    + {plain(name)}: {one_line(value, MOST_VALUE)}")
        elif before[name] != value:
            put(f"    - {plain(name)}: {one_line(before[name], MOST_VALUE)}")
            put(f"    + {plain(name)}: {one_line(value, MOST_VALUE)}")


def _next(run: "Finished") -> None:
    """Commands that work as they stand."""
    name = run.manifest.run
    say("")
    if any(run.books.states.get(state) for state in ("dropped", "merged", "quarantined")):
        say(f"  winnow rows {name} --dropped      the rows that went, and why")
        say(f"  winnow why {name} ROW             one row's whole path")
    say(f"  winnow replay {name} --verify     prove that it comes out the same again")


def _edge(value: object) -> str:
    if value is None or value == {}:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_edge(one) if not isinstance(one, bool | int | float) else json.dumps(one)}" for key, one in value.items())
    if isinstance(value, Sequence):
        return ", ".join(_edge(one) for one in value)
    return plain(value)


def _share(share: float | None, low: float | None, high: float | None) -> str:
    if share is None:
        return ""
    return f"{share:.1%}" + (f" ({low:.1%} to {high:.1%})" if low is not None and high is not None else "")
