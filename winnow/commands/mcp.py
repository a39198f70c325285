"""For other agents: `mcp` serves the tools of winnow over stdin and stdout."""

from typing import TYPE_CHECKING, Annotated

import typer

from winnow.answer import BadUsage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Root = Annotated[
    list[str] | None,
    typer.Option("--root", metavar="DIR", help="A folder whose data clients may name, by default the project's; may be given again."),
]
AllowRun = Annotated[bool, typer.Option("--allow-run", help="Clients may run recipes of vetted operators, as --yes does.")]
Entry = Annotated[bool, typer.Option("--json", help="Print what a client's configuration takes, and serve nothing.")]
AllowSave = Annotated[bool, typer.Option("--allow-save", help="Clients may store versions of recipes.")]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: winnow mcp --root data --allow-save")(mcp)


def mcp(root: Root = None, allow_run: AllowRun = False, allow_save: AllowSave = False, json: Entry = False) -> None:
    """Serve the tools to other agents: MCP over stdin and stdout.

    A client starts it. It reads, plans and previews; nothing is run or stored that is not allowed here.
    """
    import os
    from importlib.util import find_spec
    from pathlib import Path

    from winnow import render, review

    if find_spec("mcp") is None:
        raise BadUsage("mcp is not installed; pip install 'winnow[mcp]'")
    from winnow.mcp.grants import Grants, roots_of
    from winnow.mcp.meant import House
    from winnow.mcp.server import server_of

    roots = roots_of(root or (), review.open_store(), Path.cwd())
    if json:
        render.emit(_entry(roots, allow_run, allow_save))
        return
    os.chdir(roots[0])  # clients start servers wherever they like: relative paths start here, and the store is the one of this folder
    grants = Grants(roots=roots, may_run=allow_run, may_save=allow_save)
    allowed = f"runs {'allowed' if allow_run else 'not allowed'}, storing {'allowed' if allow_save else 'not allowed'}"
    render.say(f"winnow serves MCP over stdin and stdout, beneath {grants.told()}; {allowed}")
    server_of(House(grants=grants, store=review.open_store())).run("stdio")


def _entry(roots: "Sequence[Path]", allow_run: bool, allow_save: bool) -> dict[str, object]:
    """What most clients take, whatever their folder and PATH are; `-P`: no module of the folder they start it in is imported."""
    import sys

    allowed = [option for option, given in (("--allow-run", allow_run), ("--allow-save", allow_save)) if given]
    arguments = ["-P", "-m", "winnow", "mcp", *(part for root in roots for part in ("--root", str(root))), *allowed]
    return {"mcpServers": {"winnow": {"command": sys.executable, "args": arguments}}}
