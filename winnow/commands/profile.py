"""What lies in a data set, before any goal is stated: `profile`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from winnow import options
from winnow.answer import BadUsage

Paths = Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders or globs, or - for JSONL on stdin.")]
Html = Annotated[str | None, typer.Option("--html", metavar="FILE", help="Write the profile as one HTML page too.")]
Rows = Annotated[int | None, typer.Option("--rows", min=1, help="Read a sample of about this many rows, also of small input.")]
Full = Annotated[bool, typer.Option("--full", help="Read every row; needed for duplicates in large input.")]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: winnow profile data/*.jsonl --html profile.html")(profile)


def profile(
    paths: Paths, html: Html = None, rows: Rows = None, full: Full = False, workers: options.Workers = None, json: options.AsJson = False
) -> None:
    """Show what lies in files: columns, lengths, languages, repeats, personal data, bad records.

    Input up to 128 MB is read whole, of larger input a sample over all files and offsets; --full reads all of it. Nothing is changed.
    """
    from winnow import profile_shown, render
    from workflows.executor import cores
    from workflows.profile import profile as make

    if full and rows is not None:
        raise BadUsage("--full reads every row and --rows only some; give one of them up")
    page = None if html is None else Path(options.absolute(html))
    if page is not None and not page.parent.is_dir():
        raise BadUsage(f"--html {html!r}: there is no folder {str(page.parent)!r}")
    with cache() as kept, render.progress() as progress:
        found = make(paths, Path.cwd(), kept, full=full, rows=rows, workers=workers or min(cores(), 8), progress=progress)
    if page is not None:
        from winnow.profile_page import page_of

        page.write_text(page_of(found), encoding="utf-8")
    if json:
        render.emit(found.as_json())
    else:
        profile_shown.show(found)
    if page is not None:
        render.say(f"page: {page}")


@contextmanager
def cache() -> Iterator[Path]:
    """The store's cache where there is a store: looking at a file makes none."""
    from workflows.store import Store, find_home

    store = Store(find_home())
    if store.home.is_dir():
        yield store.cache
        return
    with TemporaryDirectory(prefix="winnow-cache-") as folder:
        yield Path(folder)
