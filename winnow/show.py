"""How a plan, a preview, a run and a row's path look to a person."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from . import kinds
from .answer import Answer
from .render import counts, duration, number, numbers, one_line, plain, put, say, size, table

if TYPE_CHECKING:
    from agents.draft import Draft
    from agents.evidence import Evidence
    from workflows.engine.cost import Cost
    from workflows.engine.preview import Preview, PreviewStep
    from workflows.engine.scaled import Scaled
    from workflows.engine.trace import Trace
    from workflows.planned import Planned
    from workflows.recipe import Recipe
    from workflows.replay import Replayed
    from workflows.runs import Finished

MOST_VALUE = 400
MOST_GROUPS = 12  # shown of those that a step chose by
MARKS = {"holds": "✓", "fails": "✗", "unknown": "·"}
UNBOUNDED = 1e15  # more rows than anybody has: nothing is known


def draft(made: "Draft") -> None:
    """How each part of the goal was read, and the steps it led to."""
    understood(made)
    if made.recipe is not None:
        steps(made.recipe)


def understood(made: "Draft | Planned", known: Collection[str] | None = None) -> None:
    """How each part of the goal was read, on stderr. `known`: the steps that there are, where some may be gone since."""
    for clause in made.clauses:
        if clause.text in made.unclear and not clause.steps:
            continue
        led = ", ".join(_step(step, known) for step in clause.steps) if clause.steps else "nothing"
        say(f"  {one_line(clause.text)} → {led}" + (f"   ({one_line(clause.evidence)})" if clause.evidence else ""))
    why = {clause.text: clause.evidence.removeprefix("not understood; ") for clause in made.clauses if not clause.steps}
    for part in made.unclear:
        say(f"  not understood: {one_line(part)}" + (f"   ({one_line(why[part])})" if why.get(part, "not understood") != "not understood" else ""))
    for offer in made.suggestions:
        say(f"  could be added: {one_line(offer, 240)}")


def steps(recipe: "Recipe") -> None:
    """The recipe as a table on stderr."""
    rows = [(step.id, step.op, _edge(step.rows), _edge(step.on), _edge(step.params), step.why or "") for step in recipe.steps]
    if rows:
        table(("step", "operator", "from", "on", "with", "why"), rows, stderr=True)
    else:
        say("  (no steps: every row is written as it is)")


def preview(seen: "Preview", stderr: bool = True) -> None:
    """What each step keeps and is expected to let out of the whole input, and what a run will take."""
    rows = [(step.id, step.operator, step.rows_in, _keeps(step), step.changed or None, _expected(step), counts(step.reasons)) for step in seen.steps]
    drawn = {
        "whole": "the whole input",
        "sample": f"drawn from about {round(seen.total_rows):,}",
        "keys": f"of {round(seen.total_rows):,}; for steps that compare rows, 1,500 with all that share a key with them",
    }
    columns = ("step", "operator", "rows seen", "keeps", "changes", "expected out", "drops")
    table(columns, rows, right=("rows seen", "changes", "expected out"), title=f"Preview on {seen.rows:,} rows, {drawn[seen.by]}", stderr=stderr)
    tell = say if stderr else put
    for step in seen.steps:
        for shown in step.examples[:1]:
            values = ", ".join(f"{name}: {one_line(value, 60)}" for name, value in shown.before.items())
            tell(f"  {step.id} drops, for one ({shown.reason}{'' if shown.value is None else f' {number(shown.value)}'}): {values}")
    for step in seen.steps:
        if step.numbers:
            tell(f"  {step.id} tells{'' if seen.whole else ' of these rows'}  {numbers(step.numbers)}")
    for name in seen.heads_only:
        tell(f"  of {one_line(name)} only the head was seen: it is large and compressed")
    if any(step.unknown or step.changed is None for step in seen.steps):
        tell("  what a step that compares rows keeps or cuts is known when all rows were read: `winnow preview --all-rows`; the run reuses that work")
    tell(f"  a run takes {cost(seen.cost)}")


def evidence(found: "Sequence[Evidence]") -> None:
    """What the sample says of each part of the goal."""
    for one in found:
        if one.verdict != "unknown":
            say(f"  {MARKS[one.verdict]} {one_line(one.clause)}: {one_line(one.says, 200)}")


def scaled(told: "Scaled", workers: int, stderr: bool = True) -> None:
    """What a run over more such data would take."""
    tell = say if stderr else put
    takes = f"about {duration(told.seconds)} with {workers} worker{'' if workers == 1 else 's'}, {size(round(told.memory))} of memory"
    tell(f"  over {size(round(told.bytes))} of such data, {round(told.rows):,} rows, a run takes {takes} and {size(round(told.disk))} of disk")
    for group in told.groups:
        parts = f"{group.partitions:,} part{'' if group.partitions == 1 else 's'}"
        tell(f"  {group.step} notes {size(round(group.notes))}, of which {size(round(group.index))} are matched in {parts}")


def cost(expected: "Cost") -> str:
    """Seconds, memory and disk in words."""
    about = "about" if expected.sure else "at least about"
    workers = f"{expected.workers} worker{'' if expected.workers == 1 else 's'}"
    return f"{about} {duration(expected.seconds)} with {workers}, {size(round(expected.memory))} of memory and {size(round(expected.disk))} of disk"


def finished(run: "Finished", to_stderr: bool = False, *, to_stdout: bool = False) -> None:
    """The funnel, where everything lies, and what to try next. `to_stdout`: that is where the rows go, whatever file held them."""
    books, manifest = run.books, run.manifest
    rows: list[tuple[object, ...]] = []
    for step in books.steps:
        ports = counts({port: rows for port, rows in step.ports.items() if port not in ("kept", "dropped")})
        cut = f"{size(step.cut)} cut out of {step.changed:,}" if step.cut else ""
        told = "; ".join(part for part in (counts(step.reasons), ports, cut) if part)
        rows.append((step.id, step.operator, step.rows_in, step.rows_out, told, step.seconds))
    table(("step", "operator", "rows in", "out", "dropped, or by port", "seconds"), rows, right=("rows in", "out", "seconds"), stderr=to_stderr)
    tell = say if to_stderr else put
    for step in books.steps:
        for line in by_group(step.id, step.groups):
            tell(line)
    tell(
        f"{books.rows_in:,} rows in, {books.rows_out:,} out in {books.seconds:.1f} s ({counts(books.states)})"
        + (f", born {books.born:,}" if books.born else "")
    )
    for step in books.steps:
        if step.numbers:
            tell(f"{step.id} tells  {numbers(step.numbers)}")
        for line in kinds.told(run.folder / "measures" / step.id, step.rows_in) if step.rows_in and not step.reasons else ():
            tell(f"{step.id} tells  {line}")
    for check in books.checks:
        tell(f"check {check.text}: {'holds' if check.ok else 'FAILS'} ({number(check.value)})")
    for output in books.outputs:
        parts = f" in {output.parts} parts {output.part!r}" if output.parts > 1 else f" in one part {output.part!r}" if output.part else ""
        place = f"{output.path}/" if output.part else output.path
        tell(f"output  {'stdout' if to_stdout else place}  ({output.rows:,} rows{parts}, {size(output.bytes)})")
    tell(f"ledger  {run.folder / 'ledger'}")
    tell(f"run     {manifest.run}")
    for warning in books.warnings:
        say(f"note: {warning}")
    for line in manifest.drift:
        say(f"note: accepted although {line}")
    _next(run)


def by_group(step: str, groups: Mapping[str, Mapping[str, int | None]]) -> list[str]:
    """What each group had and gave, where a step chose by group; of many groups the largest, and all that fell short are counted."""
    told = []
    for name, rows in list(groups.items())[:MOST_GROUPS]:
        there, asked, kept = rows["there"] or 0, rows["asked"], rows["kept"] or 0
        short = f", {asked - kept:,} fewer than asked" if asked is not None and kept < asked else ""
        told.append(f"{one_line(name, 40)} {kept:,} of {there:,}{short}")
    if not told:
        return []
    missing = [(rows["asked"] or 0) - (rows["kept"] or 0) for rows in groups.values() if (rows["asked"] or 0) > (rows["kept"] or 0)]
    more = f"; and {len(groups) - MOST_GROUPS:,} groups more" if len(groups) > MOST_GROUPS else ""
    lines = [f"{step}: {'; '.join(told)}{more}"]
    if missing:
        lines.append(f"{step}: {len(missing):,} of {len(groups):,} groups had too few rows: {sum(missing):,} rows fewer than asked")
    return lines


def answer(run: "Finished", **more: object) -> Answer:
    """The same for machines."""
    books = run.books.model_dump(mode="json", exclude={"steps": {"__all__": {"histograms"}}})
    version = "" if run.manifest.version is None else f"@{run.manifest.version}"
    keys = ("rows_in", "rows_out", "states", "born", "references", "steps", "outputs", "checks", "warnings", "seconds")
    made = Answer(status="done", run=run.manifest.run, recipe=f"{run.manifest.recipe}{version}", **{key: books[key] for key in keys})
    for key, value in more.items():
        setattr(made, key, value)
    return made


def comparison(again: "Replayed", to_stderr: bool = False) -> None:
    tell = say if to_stderr else put
    for note in again.notes:
        tell(f"not as it was: {note}")
    tell(f"{'the same' if again.same else 'DIFFERENT'}: compared by {again.compared}")
    for line in again.differences:
        tell(f"  {line}")


def trace(path: "Trace", to_stderr: bool = False) -> None:
    """One row's way through the recipe, one screen."""
    tell = say if to_stderr else put
    tell(f"row {_identity((path.row, path.part))}   {plain(path.file)}{f':{path.line}' if path.line is not None else ''}   {path.state}")
    for parent in path.parents:
        tell(f"  born of row {_identity(parent)}")
    for name, value in path.record.items():
        tell(f"  {plain(name)}: {one_line(value, MOST_VALUE)}")
    for step in path.steps:
        tell()
        ended = f"→ {step.port}" if step.port else "ended here"
        tell(f"{step.step}  ({step.operator})  {ended}" + (f", reason {step.reason}" if step.reason else ""))
        for name, value in step.measures.items():
            bound = step.bounds.get(name)
            tell(f"    {name} = {number(value)}" + (f"   (wanted {bound})" if bound else ""))
        if step.into is not None:
            tell(f"    merged into row {_identity(step.into)}")
        for span in step.cut:
            lives_on = f"which stays in row {_identity(span.into)}" if span.into else "which stays in no row"
            tell(f"    cut {one_line(span.text, MOST_VALUE)}, {lives_on}")
        for child in step.children:
            tell(f"    gave row {_identity(child)}")
        _changes(step.before, step.after, tell)


def _step(id: str, known: Collection[str] | None) -> str:
    return one_line(id) if known is None or id in known else f"{one_line(id)} (not in the recipe any more)"


def _identity(row: tuple[int, int]) -> str:
    return f"{row[0]}.{row[1]}" if row[1] else str(row[0])


def _changes(before: Mapping[str, object], after: Mapping[str, object], tell: Callable[[str], None]) -> None:
    for name, value in after.items():
        if name not in before:
            tell(f"    + {plain(name)}: {one_line(value, MOST_VALUE)}")
        elif before[name] != value:
            tell(f"    - {plain(name)}: {one_line(before[name], MOST_VALUE)}")
            tell(f"    + {plain(name)}: {one_line(value, MOST_VALUE)}")


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


def _keeps(step: "PreviewStep") -> str:
    if step.unknown:
        return "needs all rows"
    if step.share is None:
        return ""
    interval = "" if step.low is None or step.high is None or step.low == step.high else f" ({step.low:.1%} to {step.high:.1%})"
    return f"{step.share:.1%}{interval}"


def _expected(step: "PreviewStep") -> str:
    """Rows of the whole input, with their interval unless they are known exactly."""
    low, high = round(step.rows_low), step.rows_high
    if step.rows_out is None:
        return f"at most {round(high):,}" if high < UNBOUNDED else ""
    told = f"{round(step.rows_out):,}"
    return told if low == round(step.rows_out) == round(high) else f"{told} ({low:,} to {round(high):,})"
