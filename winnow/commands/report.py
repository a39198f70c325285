"""The report of a run: `report`."""

from typing import Annotated

import typer

from winnow import options
from winnow.answer import FAILED

Open = Annotated[bool, typer.Option("--open", help="Show it in the browser.")]


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
    made = reporting.make(runs.find(store, run), store.cache)
    if json:
        render.emit({"status": "done", "run": made.facts.manifest.run, "report": str(made.path), "note": made.facts.examples_note})
    else:
        render.put(str(made.path))
        if made.facts.examples_note:
            render.say(f"note: {made.facts.examples_note}")
    if open:
        import webbrowser

        if not webbrowser.open(made.path.as_uri()):
            render.say(f"no browser could be started; open {made.path}")
            raise typer.Exit(FAILED)
