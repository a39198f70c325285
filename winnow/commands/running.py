"""Run a recipe, take up a broken run, do one again, list them: `run`, `resume`, `replay`, `runs`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from winnow import options
from winnow.answer import FAILED, BadUsage

if TYPE_CHECKING:
    from workflows.chosen import Chosen
    from workflows.store import Store

Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Take only the first N rows of each input.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check and preview; run nothing.")]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="STEP.key=value", help="Another parameter for this run; may be given again.")]
Verify = Annotated[bool, typer.Option("--verify", help="Read every input byte and compute everything anew; exit 1 when the result differs.")]
Locked = Annotated[bool, typer.Option("--locked", help="Refuse when package versions or the processor differ.")]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: winnow run german@2 --input chat=today.jsonl --output german.jsonl")(run)
    app.command(epilog="Example: winnow resume last")(resume)
    app.command(epilog="Example: winnow replay last --verify")(replay)
    app.command(epilog="Example: winnow runs --json")(runs)


def run(
    recipe: options.Named,
    input: options.Inputs = None,
    output: options.Output = None,
    yes: options.Yes = False,
    workers: options.Workers = None,
    overwrite: options.Overwrite = False,
    limit: Limit = None,
    dry_run: DryRun = False,
    accept_drift: options.AcceptDrift = False,
    set: Set = None,
    column: options.Columns = None,
    scan_all: options.ScanAll = False,
    json: options.AsJson = False,
) -> None:
    """Run a stored recipe or a recipe file. NAME without a version is the latest approved one."""
    from winnow import render, review, show
    from winnow.edits import Edits
    from workflows import runs as running
    from workflows.engine import expect

    if workers != 1 and not dry_run:
        expect(given.partition("=")[2] or given for given in input or ())
    store = review.open_store()
    with options.destination(output, json) as place:
        edits = Edits(changes=set or (), columns=column or (), limit=limit)
        chosen = review.choose(store, recipe, input, place, edits=edits, scan_all=scan_all, approved=True, writes=not dry_run)
        if dry_run:
            _dry_run(store, chosen, json)
            return
        running.refuse_existing(chosen.graph, overwrite)
        for warning in chosen.warnings:
            render.say(f"note: {warning}")
        approved_by = review.approved_by(chosen, yes)
        if not accept_drift:
            review.hold(chosen, store, workers)
        with render.progress() as progress:
            done = running.start(
                store,
                chosen,
                approved_by=approved_by,
                workers=workers,
                overwrite=overwrite,
                accept_drift=accept_drift,
                command=sys.argv,
                progress=progress,
            )
    if json:
        render.emit(show.answer(done, warnings=[*chosen.warnings, *done.books.warnings]).as_json())
    else:
        show.finished(done, to_stderr=output == options.STANDARD, to_stdout=output == options.STANDARD)


def resume(
    run: options.Run,
    workers: options.Workers = None,
    overwrite: options.Overwrite = False,
    accept_drift: options.AcceptDrift = False,
    yes: options.Yes = False,
    json: options.AsJson = False,
) -> None:
    """Take up a run that was killed or failed.

    What is finished is not done again.
    """
    from winnow import render, review, show
    from workflows import runs as running

    with render.progress() as progress:
        done = running.resume(
            review.open_store(), run, workers=workers, trusted=yes, overwrite=overwrite, accept_drift=accept_drift, progress=progress
        )
    render.emit(show.answer(done).as_json()) if json else show.finished(done)


def replay(
    run: options.Run,
    verify: Verify = False,
    output: options.Output = None,
    workers: options.Workers = None,
    overwrite: options.Overwrite = False,
    locked: Locked = False,
    yes: options.Yes = False,
    json: options.AsJson = False,
) -> None:
    """Do a run again by its manifest and compare.

    Without --output the rows go into the new run's folder. Exit code 1 when they are not the same.
    """
    from winnow import render, review, show
    from workflows import replay as replaying

    if output == options.STANDARD:
        raise BadUsage("--output -: a replay writes a file; give a path, or none")
    with render.progress() as progress:
        again = replaying.replay(
            review.open_store(),
            run,
            verify=verify,
            output=None if output is None else options.absolute(output),
            workers=workers,
            overwrite=overwrite,
            locked=locked,
            trusted=yes,
            command=sys.argv,
            progress=progress,
        )
    if json:
        result = {"of": again.of, "same": again.same, "compared": again.compared, "notes": list(again.notes), "differences": list(again.differences)}
        status = "failed" if verify and not again.same else "done"
        message = "" if again.same else f"not the same, compared by {again.compared}"
        render.emit(show.answer(again.finished, replay=result, status=status, message=message).as_json())
    else:
        show.finished(again.finished)
        show.comparison(again)
    if not again.same:
        raise typer.Exit(FAILED)


def runs(json: options.AsJson = False) -> None:
    """List the runs of this store, the newest first."""
    from winnow import render, review
    from workflows import runs as running

    found = list(running.all_runs(review.open_store()))
    if json:
        render.emit(
            [manifest.model_dump(mode="json", exclude={"text", "lock", "files", "packages"}) | {"status": state} for manifest, state in found]
        )
        return
    rows = [
        (one.run, one.recipe, one.version, state, one.started, *((one.result.rows_in, one.result.rows_out) if one.result else (None, None)))
        for one, state in found
    ]
    render.table(("run", "recipe", "version", "state", "started", "rows in", "out"), rows, right=("rows in", "out"))
    if any(state in ("stopped", "failed") for _, state in found):
        render.say("`winnow resume RUN` takes up what stopped or failed")


def _dry_run(store: "Store", chosen: "Chosen", json: bool) -> None:
    from dataclasses import asdict

    from winnow import render, review

    seen = review.preview(chosen, store, shown=not json)
    if json:
        render.emit({"status": "done", "recipe": chosen.name, "findings": list(chosen.warnings), "preview": asdict(seen)})
    else:
        render.say("dry run: nothing was written")
