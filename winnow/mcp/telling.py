"""Numbers fit for JSON, and how far a long job is."""

import math
from asyncio import CancelledError
from collections.abc import Callable

from anyio import from_thread
from mcp.server.mcpserver import Context

from tools.errors import WinnowError
from workflows.executor import Progress

UNBOUNDED = 1e15  # more rows than anybody has: nothing is known


class Stopped(WinnowError):
    """The client called the job off."""


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
