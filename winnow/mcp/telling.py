"""Numbers fit for JSON, errors in the words of a client, and how far a long job is."""

import math
import re
from asyncio import CancelledError
from collections.abc import Callable

from anyio import from_thread
from mcp.server.mcpserver import Context

from tools.errors import WinnowError
from workflows.executor import Progress

UNBOUNDED = 1e15  # more rows than anybody has: nothing is known
WORDS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"--input (\w+)=PATH", r"inputs: {'\1': PATH}"),
        (r"--input PATH", "inputs: PATH"),
        (r"(?:name|give) (?:it|the path) on the command line(?:: inputs=\S+ PATH)?", "give it in `inputs`"),
        (r"name the path on the command line", "give it in `inputs`"),
        (r" \(`--column \w+=NAME` where yours is called NAME\)", ", or edit its `on:` to what yours is called"),
        (r"; `--column \w+=NAME` takes the one called NAME for it", ""),
        (r"--output PATH, where the rows go \(- for stdout\)", "`output`, where the rows go"),
        (r"Give it with --input", "Give it in `inputs`"),
        (r"--input\b", "`inputs`"),
        (r"--output\b", "`output`"),
        (r"--scan-all\b", "`scan_all: true`"),
        (r"`winnow preview --all-rows`", "preview with `all_rows: true`"),
        (r"`winnow operators list`", "list_operators"),
        (r"`winnow recipes(?: --builtin)?`", "list_recipes"),
        (r"`winnow runs`", "report"),
    )
)


class Stopped(WinnowError):
    """The client called the job off."""


def in_tools(message: str) -> str:
    """The message with options of the command line as the arguments that they are here."""
    for pattern, words in WORDS:
        message = pattern.sub(words, message)
    return message


def finite(value: float | int | None) -> float | None:
    """A number that JSON has; none for what it has not, and for a bound that bounds nothing."""
    return None if value is None or not math.isfinite(value) or abs(value) >= UNBOUNDED else value


def teller(ctx: Context) -> Callable[[Progress], None]:
    """What to hand to the engine as `progress`: tells the client, and stops the job where the client called it off."""

    def tell(at: Progress) -> None:
        must_go_on()
        from_thread.run(ctx.report_progress, float(at.done), float(at.total) if at.total else None, at.phase)

    return tell


def must_go_on() -> None:
    """Raises Stopped where the client called the job off."""
    try:
        from_thread.check_cancelled()
    except CancelledError:  # the thread of a job has no loop of its own to ask for the class
        raise Stopped("the client called the job off; nothing was put in place, and `winnow resume last` goes on with a run") from None
