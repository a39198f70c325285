"""The report of a run: `report`."""

from pathlib import Path
from typing import Annotated

import typer

from winnow import options

Open = Annotated[bool, typer.Option("--open", help="Show it in the browser.")]

UNFINISHED = {
    "running": "the run is not at its end yet: the page shows its recipe and inputs; ask again when it is",
    "stopped": "the run was cut off: the page shows its recipe and inputs; `winnow resume {run}` takes it up",
    "failed": "the run failed: the page says why and shows its recipe and inputs; `winnow resume {run}` takes it up",
}


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: winnow report last --open")(report)


def report(run: options.Run, open: Open = False, json: options.AsJson = False) -> None:
    """Write a run's report anew, one page of HTML.

    Every run leaves one behind; of a large run only this command shows the texts of rows near each bound.
    """
    from winnow import render, review
    from workflows import report as reporting
    from workflows import runs

    store = review.open_store()
    folder = runs.find(store, run)
    made = reporting.make(folder, store.cache)
    manifest = made.facts.manifest
    note = UNFINISHED.get(runs.standing(folder, manifest), "").format(run=manifest.run) or made.facts.examples_note
    if json:
        render.emit({"status": "done", "run": manifest.run, "report": str(made.path), "note": note})
    else:
        render.put(str(made.path))
        if note:
            render.say(f"note: {note}")
    if open and not _is_shown(made.path):
        render.say(f"no browser could be started; the page lies at {made.path}")


def _is_shown(page: Path) -> bool:
    import webbrowser

    try:
        return webbrowser.open(page.as_uri())
    except webbrowser.Error:
        return False
