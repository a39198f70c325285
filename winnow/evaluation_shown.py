"""How an evaluation looks: a line for each goal as it ends, then the figures by level."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .render import duration, one_line, put, say, table

if TYPE_CHECKING:
    from .evaluation.figures import Figures, Share
    from .evaluation.playing import Outcome

NOTHING = "–"


def line(one: "Outcome") -> None:
    """One goal, on stderr."""
    word = "not judged" if not one.is_judged else "ok" if one.ok else "WRONG" if one.confident else "no"
    say(f"{one.id:<8} {one.level:<7} {word:<10} {one.kind:<8} {one.seconds:>6.1f} s  {one_line(one.note, 160)}".rstrip())


def figures(found: "Sequence[Figures]", markdown: bool) -> None:
    """Figures as rows, levels as columns."""
    rows = [(name, *(cell(one) for one in found)) for name, cell in ROWS if any(cell(one) != NOTHING for one in found)]
    columns = ("", *(one.level for one in found))
    if not markdown:
        table(columns, rows)
        return
    put("| " + " | ".join(columns) + " |")
    put("|" + "---|" * len(columns))
    for row in rows:
        put("| " + " | ".join(row) + " |")


def _share(share: "Share") -> str:
    if share.interval is None or share.value is None:
        return NOTHING
    low, high = share.interval
    return f"{share.part} of {share.of}, {100 * share.value:.0f}% ({100 * low:.0f}–{100 * high:.0f})"


def _count(value: float | None, form: str) -> str:
    return NOTHING if value is None else format(value, form)


ROWS: "Sequence[tuple[str, Callable[[Figures], str]]]" = (
    ("goals", lambda one: f"{one.cases:,}"),
    ("right", lambda one: _share(one.passed)),
    ("ran to the end, of those that should", lambda one: _share(one.executable)),
    ("asked or refused rightly, of those asked or refused", lambda one: _share(one.asked_right)),
    ("asked or refused, of those where it is due", lambda one: _share(one.asked_due)),
    ("wrong but confident", lambda one: _share(one.confident)),
    ("right, yet a part called not understood", lambda one: _share(one.false_unclear)),
    ("operators, F1", lambda one: _count(one.operators, ".3f")),
    ("parameters", lambda one: _share(one.parameters)),
    ("not judged", lambda one: f"{one.not_judged:,}" if one.not_judged else NOTHING),
    ("time, median", lambda one: duration(one.seconds)),
    ("processor time, median", lambda one: duration(one.cpu_seconds)),
    ("tokens", lambda one: _count(one.tokens, ",.0f")),
    ("cost", lambda one: _count(one.cost, ".4f")),
)
