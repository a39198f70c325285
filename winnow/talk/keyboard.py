"""Messages from a person: a prompt, lines that can be edited, and those of earlier days with the arrow keys."""

import sys
from collections.abc import Iterator
from contextlib import suppress

MOST_KEPT = 1000


def messages() -> Iterator[str]:
    """What is typed, until the end of input."""
    is_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if is_terminal:
        _remember()
    while True:
        line = _typed() if is_terminal else sys.stdin.readline()
        if not line:
            return
        if line.strip():
            yield line.strip()


def _typed() -> str:
    try:
        return input("> ") + "\n"
    except EOFError:
        sys.stderr.write("\n")
        return ""


def _remember() -> None:
    """Line editing and history, where Python has readline; the history lies in the user's own state folder."""
    import atexit

    from workflows.trust import State

    with suppress(ImportError):
        import readline

        place = State().room("chat") / "history"
        with suppress(OSError):
            readline.read_history_file(place)
        readline.set_history_length(MOST_KEPT)
        atexit.register(_keep, str(place))


def _keep(place: str) -> None:
    import readline

    with suppress(OSError):
        readline.write_history_file(place)
