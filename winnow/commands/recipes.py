"""Recipes and their versions: `save`, `fmt`, `show`, `recipes`, `history`, `diff`, `approve`, `preview`."""

from pathlib import Path
from typing import Annotated

import typer

from winnow import options
from winnow.answer import FAILED, BadUsage

RecipeFile = Annotated[Path, typer.Argument(metavar="FILE", help="A recipe in YAML.", exists=True, dir_okay=False)]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A stored recipe.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when the file would change.")]
DropComments = Annotated[bool, typer.Option("--drop-comments", help="Go on where comments would be lost.")]
Note = Annotated[str, typer.Option("--note", help="Why it is approved; kept with the approval.")]
Before = Annotated[str, typer.Argument(metavar="A", help="NAME@V, FILE or a run.")]
After = Annotated[str, typer.Argument(metavar="B", help="NAME@V, FILE or a run.")]
Builtin = Annotated[bool, typer.Option("--builtin", help="List those that come with winnow.")]
Rows = Annotated[int, typer.Option("--rows", min=1, help="Rows of the sample.")]
SAMPLE = 1000


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: winnow save german.yaml --input chat=chat.jsonl")(save)
    app.command(epilog="Example: winnow fmt german.yaml")(fmt)
    app.command(epilog="Example: winnow show german@2")(show)
    app.command(epilog="Example: winnow recipes")(recipes)
    app.command(epilog="Example: winnow history german")(history)
    app.command(epilog="Example: winnow diff german@1 german@2")(diff)
    app.command(epilog="Example: winnow approve german@2 --note 'looked at 50 dropped rows'")(approve)
    app.command(epilog="Example: winnow preview german@2 --input chat=chat.jsonl --rows 500")(preview)


def save(file: RecipeFile, input: options.Inputs = None, scan_all: options.ScanAll = False, json: options.AsJson = False) -> None:
    """Check a recipe file and store the next version.

    Its lock is written beside it: the recipe and its lock belong together.
    """
    from winnow import render, review

    store = review.open_store()
    saved = review.save_file(store, file, input, scan_all)
    if json:
        render.emit({"status": "done", "recipe": saved.name, "lock_digest": saved.lock.digest, "findings": list(saved.warnings)})
        return
    for warning in saved.warnings:
        render.say(f"note: {warning}")
    render.put(saved.name)
    render.say(f"Next: winnow preview {saved.name}, winnow approve {saved.name}, winnow run {saved.name}")


def fmt(file: RecipeFile, check: Check = False, drop_comments: DropComments = False, json: options.AsJson = False) -> None:
    """Write a recipe file in the one way they are written.

    Fixed key order, defaults left out.
    """
    from winnow import render
    from workflows.loader import load
    from workflows.text import dump

    before = file.read_text(encoding="utf-8")
    after = dump(load(before, str(file)).recipe)
    commented = [number for number, line in enumerate(before.splitlines(), 1) if line.lstrip().startswith("#") or " # " in line]
    changes = before != after
    if changes and commented and not drop_comments and not check:
        raise BadUsage(f"{file}:{commented[0]}: a comment would be lost; move it to a step's `why:`, or give --drop-comments")
    if changes and not check:
        file.write_text(after, encoding="utf-8")
    if json:
        render.emit({"status": "done", "changed": changes})
    else:
        render.say(f"{file}: {('would be changed' if check else 'written anew') if changes else 'is as it should be'}")
    if check and changes:
        raise typer.Exit(FAILED)


def show(recipe: options.Named, json: options.AsJson = False) -> None:
    """Print a recipe; NAME without a version is the latest.

    How a planner read the goal goes to stderr: what is on stdout is the recipe's file.
    """
    from winnow import render, review
    from winnow import show as shown
    from workflows.builtin_recipes import is_builtin
    from workflows.loader import load
    from workflows.strangers.believed import unvetted

    store = review.open_store()
    text, place = review.text_of(store, recipe)
    made = load(text, place).recipe
    stored = None if is_builtin(recipe) or review.is_file(recipe) else store.load(*review.stored_name(store, recipe))
    plan = None if stored is None else stored.plan
    if json:
        told = made.model_dump(mode="json", by_alias=True)
        render.emit({"recipe": place, "text": text, "plan": None if plan is None else plan.model_dump(mode="json"), **told})
        return
    render.put(text.rstrip("\n"))
    for one in [] if stored is None else unvetted(stored.lock):
        render.say(f"note: {one}")
    if plan is not None:
        asked = f", asking {render.one_line(plan.model)}," if plan.model else ""
        render.say(f"\nThe {plan.planner} planner{asked} read the goal so:")
        shown.understood(plan, [step.id for step in made.steps])


def recipes(builtin: Builtin = False, json: options.AsJson = False) -> None:
    """List the stored recipes and their versions, or those that come with winnow."""
    from winnow import render, review

    if builtin:
        _builtin(json)
        return
    store = review.open_store()
    found = []
    for name in store.list():
        versions = store.versions(name)
        found.append(
            {
                "name": name,
                "latest": versions[-1],
                "approved": review.latest_approved(store, name),
                "goal": store.load(name, versions[-1]).recipe.goal,
            }
        )
    if json:
        render.emit(found)
        return
    if found:
        render.table(("recipe", "latest", "approved", "goal"), [(one["name"], one["latest"], one["approved"], one["goal"]) for one in found])
    else:
        render.say("no recipes yet; `winnow plan 'GOAL' --input FILE` drafts one")
    render.say("`winnow recipes --builtin` lists those that come with winnow")


def _builtin(json: bool) -> None:
    from winnow import render
    from workflows import builtin_recipes
    from workflows.loader import load

    made = {name: load(builtin_recipes.text_of(name), name).recipe for name in builtin_recipes.names()}
    if json:
        render.emit([{"name": name, "reads": builtin_recipes.reads(one), "goal": one.goal} for name, one in made.items()])
        return
    render.table(("recipe", "reads", "goal"), [(name, ", ".join(builtin_recipes.reads(one)), one.goal) for name, one in made.items()])
    render.say("Next: winnow preview builtin/NAME --input FILE, winnow show builtin/NAME > mine.yaml")


def history(name: Name, json: options.AsJson = False) -> None:
    """List every version of a recipe and its runs."""
    from winnow import render, review, versions

    store = review.open_store()
    review.stored_name(store, name)
    found = versions.history(store, name)
    if json:
        render.emit(found)
        return
    columns = ("version", "saved", "planned by", "approved by", "steps", "runs", "last run", "rows in", "out")
    rows = [
        tuple(one[key] for key in ("version", "saved", "planned_by", "approved_by", "steps", "runs", "last_run", "rows_in", "rows_out"))
        for one in found
    ]
    render.table(columns, rows, right=("steps", "runs", "rows in", "out"))


def diff(one: Before, other: After, json: options.AsJson = False) -> None:
    """Show what changed between two versions.

    Where both ran on the same input, also the rows whose fate changes.
    """
    from dataclasses import asdict

    from winnow import render, review, versions

    found = versions.differences(review.open_store(), one, other)
    fates = found.fates
    counts = [{"before": before, "after": after, "rows": rows} for (before, after), rows in fates.counts.items()] if fates else []
    if json:
        rows = (
            None
            if fates is None
            else {"runs": found.runs, "same": fates.same, "changed": counts, "examples": [asdict(row) for row in fates.examples]}
        )
        render.emit({"lines": found.lines, "changes": found.changes, "rows": rows, "message": found.why_not})
        return
    for line in found.lines or ["(the same text)"]:
        render.put(line)
    if fates is None:
        render.say(f"rows are not compared: {found.why_not}")
        return
    render.put(f"{fates.same:,} rows end as before")
    if counts:
        render.table(("before", "after", "rows"), [tuple(one.values()) for one in counts], right=("rows",), title="Rows whose fate changes")
        examples = [(f"{row.file}:{row.line}", _end(row.before, row.step_before), _end(row.after, row.step_after)) for row in fates.examples]
        render.table(("row", "before", "after"), examples)


def approve(recipe: options.Named, note: Note = "", json: options.AsJson = False) -> None:
    """Approve a version, so that it runs without asking.

    The approval lies in your own state folder and counts for nobody else.
    """
    from winnow import render, review

    approved = review.approve(review.open_store(), recipe, note)
    if json:
        render.emit({"status": "done", "recipe": approved})
    else:
        render.put(f"approved {approved}")
        render.say(f"Next: winnow run {approved}")


def preview(
    recipe: options.Named,
    input: options.Inputs = None,
    rows: Rows = SAMPLE,
    column: options.Columns = None,
    all_rows: options.AllRows = None,
    over: options.OverBytes = None,
    workers: options.Workers = None,
    scan_all: options.ScanAll = False,
    json: options.AsJson = False,
) -> None:
    """Try a recipe on a sample: what each step keeps and drops, and what a run will take.

    Nothing is written but values that the run will find again.
    """
    from dataclasses import asdict

    from winnow import render, review, show
    from winnow.edits import Edits
    from workflows.engine.scaled import scaled

    size = None if over is None else options.size_of("--over", over)
    store = review.open_store()
    chosen = review.choose(store, recipe, input, None, edits=Edits(columns=column or ()), scan_all=scan_all)
    seen = review.preview(chosen, store, rows=rows, keys=all_rows, workers=workers, shown=not json, stderr=False)
    told = None if size is None else scaled(seen, chosen.graph, size)
    if told is not None and not json:
        show.scaled(told, seen.cost.workers, stderr=False)
    if json:
        more = {} if told is None else {"over": asdict(told)}
        render.emit({"status": "done", "recipe": chosen.name, "findings": list(chosen.warnings), "preview": asdict(seen), **more})


def _end(state: str, step: str | None) -> str:
    return state if step is None else f"{state} at {step}"
