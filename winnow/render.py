"""What people and machines see: tables and bars for people, one JSON object for machines, no control character of a row in either."""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from workflows.executor import Progress

# C0 (tab and line break apart), DEL, C1, and the marks that turn the direction of what follows
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
QUIET_SECONDS = 1.0
WIDTH_OF_PIPES = 140


def plain(value: object) -> str:
    """Text of a row, path or message, fit for a terminal: control characters and direction marks are gone."""
    return UNSAFE.sub("", str(value).encode("utf-8", "replace").decode("utf-8"))


def one_line(value: object, width: int = 100) -> str:
    """The same on one line, cut where it gets long."""
    text = " ".join(plain(value).split())
    return text if len(text) <= width else text[: width - 1] + "…"


def console(stderr: bool = False) -> "Console":
    """Colour on a terminal only, and not where NO_COLOR is set; pipes get lines that are not cut at 80."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else WIDTH_OF_PIPES, markup=False, highlight=False, emoji=False)


def say(text: str = "") -> None:
    """Talk to the person: a line on stderr."""
    sys.stderr.write(plain(text) + "\n")


def put(text: str = "") -> None:
    """A line of the result on stdout."""
    sys.stdout.write(plain(text) + "\n")


def emit(value: object) -> None:
    """One JSON value on stdout. Characters that move the cursor stand as escapes, which mean the same to a reader."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    sys.stdout.write(UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode("utf-8", "replace").decode("utf-8") + "\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = (), title: str = "", stderr: bool = False) -> None:
    """A table for people; the columns named `right` are numbers."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(title=Text(plain(title)) if title else None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for name in columns:
        made.add_column(name, justify="right" if name in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(number(value)) for value in row))
    console(stderr).print(made)


def number(value: object) -> str:
    """A value as a cell: integers in groups of three, floats short, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4g}"
    return plain(value)


def counts(reasons: Mapping[str, int]) -> str:
    """`words 12, null 3`, the largest first."""
    return ", ".join(f"{name} {rows:,}" for name, rows in sorted(reasons.items(), key=lambda item: (-item[1], item[0])) if rows)


def numbers(told: Mapping[str, object]) -> str:
    """`rows 1,200, vendi 31.4`, as they are told."""
    return ", ".join(f"{name} {'–' if value is None else number(value)}" for name, value in told.items())


def duration(seconds: float) -> str:
    """Seconds, minutes or hours, as a person says them."""
    if seconds < 10:
        return f"{max(seconds, 0.1):.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def size(bytes_: int) -> str:
    amount = float(bytes_)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


@contextmanager
def progress(wanted: bool = True) -> "Iterator[Callable[[Progress], None] | None]":
    """What to hand to the engine as `progress`: a bar on a terminal that appears after a second, else nothing."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    started = time.monotonic()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bars = Bars(*columns, console=console(stderr=True), transient=True)
    lines: dict[str, object] = {}

    def show(at: "Progress") -> None:
        if time.monotonic() - started < QUIET_SECONDS:
            return
        if not bars.live.is_started:
            bars.start()
        if at.phase not in lines:
            lines[at.phase] = bars.add_task(plain(at.phase), total=at.total or None)
        bars.update(lines[at.phase], completed=at.done, total=at.total or None)  # type: ignore[arg-type]

    try:
        yield show
    finally:
        bars.stop()
