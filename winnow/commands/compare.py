"""Two data sets side by side: `compare`."""

from typing import Annotated

import typer

from winnow import options

One = Annotated[str, typer.Argument(metavar="A", help="File, folder or glob.")]
Other = Annotated[str, typer.Argument(metavar="B", help="What it is compared with.")]
Column = Annotated[
    str | None,
    typer.Option("--column", metavar="NAME[=OTHER]", help="The texts that are compared; OTHER: what B calls them. By default the longest."),
]
Ngram = Annotated[int, typer.Option("--ngram", min=1, max=64, help="Words in an n-gram of the overlap.")]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: winnow compare new.jsonl old.jsonl --column text")(compare)


def compare(a: One, b: Other, column: Column = None, ngram: Ngram = 8, workers: options.Workers = None, json: options.AsJson = False) -> None:
    """Show how two data sets differ: columns, rows that stand in both, how far apart they are, how varied each is.

    Every row is read, and nothing is changed.
    """
    from winnow import comparison_shown, render
    from workflows import compare as comparing

    from .profile import cache

    name, _, other = (column or "").partition("=")
    one, two = options.absolute(a), options.absolute(b)
    with cache() as kept, render.progress() as progress:
        found = comparing.compare(one, two, kept, column=name or None, other_column=other or None, ngram=ngram, workers=workers, progress=progress)
    if json:
        render.emit({"status": "done", **found.as_json()})
    else:
        comparison_shown.show(found)
