"""What became of the rows of a run: `why` and `rows`."""

from typing import Annotated

import typer

from winnow import options

Row = Annotated[
    str, typer.Argument(metavar="ROW", help="NUMBER or NUMBER.PART as `winnow rows` shows it, FILE:LINE, or LINE of the only input file.")
]
Step = Annotated[str | None, typer.Option("--step", help="Only rows whose path ended at this step.")]
Dropped = Annotated[bool, typer.Option("--dropped", help="Only rows that did not go on: dropped, merged or quarantined.")]
State = Annotated[str | None, typer.Option("--state", help="kept, dropped, merged, quarantined, expanded or unused.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Only rows that went for this reason, as in the run's table.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many rows to list.")]
GONE = ("dropped", "merged", "quarantined")
SHOWN = 20


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: winnow why last messages.jsonl:17")(why)
    app.command(epilog="Example: winnow rows last --step long_enough --dropped --limit 50")(rows)


def why(run: options.Run, row: Row, json: options.AsJson = False) -> None:
    """Show one row's whole path through a run.

    What each step measured, changed and decided.
    """
    from dataclasses import asdict

    from winnow import render, review, show
    from workflows import inquiry, runs, trail

    store = review.open_store()
    folder = runs.find(store, run)
    name = inquiry.find(folder, row)
    path = trail.trail(store, folder, name.row, name.part)
    if json:
        render.emit(asdict(path))
    else:
        show.trace(path)


def rows(
    run: options.Run,
    step: Step = None,
    dropped: Dropped = False,
    state: State = None,
    reason: Reason = None,
    limit: Limit = SHOWN,
    json: options.AsJson = False,
) -> None:
    """List rows of a run with what became of them."""
    from winnow import render, review
    from workflows import inquiry, runs

    folder = runs.find(review.open_store(), run)
    states = (state,) if state else GONE if dropped else ()
    found = inquiry.select(folder, step=step, states=states, reason=reason, limit=limit + 1).to_pylist()
    if json:
        render.emit(found[:limit])
        return
    lines = [(_number(one), _place(one), one["state"], one["step"], one["measure"], one["value"], one["bound"], _into(one)) for one in found[:limit]]
    render.table(("row", "place", "state", "step", "reason", "value", "wanted", "into"), lines, right=("row", "value"))
    if len(found) > limit:
        render.say(f"more rows follow: --limit {limit * 10} shows more; `winnow why {folder.name} ROW` shows one row's path")


def _number(row: dict[str, object]) -> str:
    return f"{row['row']}.{row['part']}" if row["part"] else str(row["row"])


def _place(row: dict[str, object]) -> str:
    line = row["line"]
    return f"{row['file'] or ''}:{line}" if isinstance(line, int) and line >= 0 else str(row["file"] or "")


def _into(row: dict[str, object]) -> str:
    if row["into"] is None:
        return ""
    return f"{row['into']}.{row['into_part']}" if row["into_part"] else str(row["into"])
