"""The command line: finds the command, runs it, turns what goes wrong into one line and an exit code."""

import atexit
import gc
import os
import sys
from collections.abc import Callable, Sequence
from copy import copy
from functools import cache

import typer

from .answer import BAD_USAGE, FAILED, Answer, BadUsage
from .commands import chat, compare, evaluate, goal, house, mcp, models, operators, profile, recipes, report, rows, running

SHAPED = {"prepare", "chat", "run", "resume", "replay"}  # their --json is one object, whatever happens
INTERRUPTED = 130
GARBAGE = 200_000  # objects made until Python looks for rings that nobody holds; importing alone makes it look a hundred times else
INTERRUPTED_SAID = "interrupted; `winnow runs` shows whether a run can be resumed"

app = typer.Typer(
    name="winnow",
    help="State a data goal in plain words, review a readable recipe, run it, replay it, and know why every row stayed or went.",
    epilog="Start here: winnow prepare 'English messages of at least 5 words, no repeats' --input messages.jsonl --output clean.jsonl",
    add_completion=False,
    context_settings={"max_content_width": 100},
    rich_markup_mode=None,  # plain help: rich alone takes longer to load than all the rest
    pretty_exceptions_enable=False,
)
for module in (goal, chat, evaluate, profile, compare, running, rows, report, recipes, mcp, house):
    module.add_to(app)
app.add_typer(operators.app, name="operators")
app.add_typer(models.app, name="models")


def main() -> None:
    """Entry point of the script `winnow`."""
    from workflows.own_process import own_this_process

    gc.set_threshold(GARBAGE)
    own_this_process()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start a thread a core, here and in every worker
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # it would read the entry points of all that is installed
    ended: list[int] = []
    atexit.register(_leave, ended)  # as the first, so that it comes last
    ended.append(call(sys.argv[1:]))
    sys.exit(ended[0])


def _leave(ended: Sequence[int]) -> None:
    """To take down all that was imported would take longer than many a command; what is to be closed is closed by now."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # closed before the start
                stream.flush()
    except (OSError, ValueError):  # nobody reads on: Python's own end says so
        return
    for code in ended:
        os._exit(code)


@cache
def _command(name: str) -> Callable[..., object]:
    """Made of the command of this name alone, since typer looks at every option of every command that it makes; of all of them where
    `name` is no command of ours, but a group, an option, or a slip that the names of all may mend."""
    asked = [one for one in app.registered_commands if one.callback is not None and (one.name or one.callback.__name__) == name]
    if not asked:
        return typer.main.get_command(app)
    alone = copy(app)
    alone.registered_commands, alone.registered_groups = asked, []
    return typer.main.get_group(alone)


def call(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code."""
    try:
        code = _command(arguments[0] if arguments else "")(list(arguments) or ["--help"], prog_name="winnow", standalone_mode=False)
        return _fail(arguments, INTERRUPTED_SAID, "failed", INTERRUPTED) if code == INTERRUPTED else code if isinstance(code, int) else 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left in the buffer has no reader
        return FAILED
    except (KeyboardInterrupt, typer.Abort):
        return _fail(arguments, INTERRUPTED_SAID, "failed", INTERRUPTED)
    except BadUsage as error:
        return _fail(arguments, str(error), "failed", BAD_USAGE)
    except typer.TyperException as error:
        return _fail(arguments, error.format_message(), "failed", error.exit_code)
    except Exception as error:  # the edge: nobody above could answer it
        if os.environ.get("WINNOW_DEBUG") == "1":
            raise
        return _failed(arguments, error)


def _failed(arguments: Sequence[str], error: Exception) -> int:
    from sandbox.gateway.errors import GatewayError
    from tools.errors import WinnowError
    from workflows.chosen import Refused

    if isinstance(error, Refused):
        return _fail(arguments, str(error), "refuse", Answer(status="refuse").exit_code)
    if isinstance(error, WinnowError | GatewayError):
        return _fail(arguments, str(error), "failed", FAILED)
    if isinstance(error, OSError) and error.filename:
        return _fail(arguments, f"{error.filename}: {error.strerror}", "failed", FAILED)
    return _fail(arguments, f"{type(error).__name__}: {error} (a fault of winnow: WINNOW_DEBUG=1 shows where)", "failed", FAILED)


def _fail(arguments: Sequence[str], message: str, status: str, code: int) -> int:
    from .render import emit, say

    if "--json" in arguments:
        shaped = Answer(status="refuse" if status == "refuse" else "failed", message=message)
        is_shaped = bool(SHAPED.intersection(arguments[:1]))
        emit(shaped.as_json() if is_shaped else {"status": shaped.status, "message": message})
    say(f"error: {message}")
    return code
