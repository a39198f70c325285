"""Whether the rows still do what was approved: what steps keep now against the preview that a person said yes to."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from tools.contract import Rank

from .chosen import Refused
from .engine.estimates import wilson
from .graph import Graph
from .report.predicted import Prediction

Interval = tuple[float, float]
ALLOWED = 0.15  # of the rows of a step, beyond the approved interval


class Kept(Protocol):
    """How many rows a step got and let through."""

    @property
    def id(self) -> str: ...
    @property
    def rows_in(self) -> int: ...
    @property
    def rows_out(self) -> int: ...


class Drifted(Refused):
    """Rows came that are not like those that were approved; no output was put in place."""


def drifts(approved: Prediction, graph: Graph, steps: Iterable[Kept]) -> list[str]:
    """One line for each step whose kept share lies outside the approved interval by more than 15 points. A step that got too
    few rows to tell is let pass, and so is one that ranks: its quota decides, not the rows."""
    found = []
    for step in steps:
        if (said := _said(approved, graph, step.id)) is not None and step.rows_in:
            share = min(step.rows_out / step.rows_in, 1.0)
            if _is_beyond(wilson(share, step.rows_in), said):
                found.append(f"step {step.id!r} keeps {share:.1%} of {step.rows_in:,} rows; approved were {_told(said)}")
    return found


def drifts_foretold(approved: Prediction, graph: Graph, seen: Prediction) -> list[str]:
    """The same of a preview on other inputs."""
    found = []
    for step in seen.steps:
        said, now = _said(approved, graph, step.id), step.interval
        if said is not None and now is not None and _is_beyond(now, said):
            found.append(f"step {step.id!r} would keep {_told(now)} of its rows; approved were {_told(said)}")
    return found


def refuse(lines: Sequence[str], mend: str) -> None:
    """Raises Drifted with these lines."""
    if lines:
        raise Drifted("these rows are not like those of the approved preview:\n" + "\n".join(f"  {line}" for line in lines) + f"\n{mend}")


def _said(approved: Prediction, graph: Graph, step: str) -> Interval | None:
    found = approved.by_step.get(step)
    return None if found is None or isinstance(graph.node(step).operator, Rank) else found.interval


def _is_beyond(now: Interval, said: Interval) -> bool:
    return now[1] < said[0] - ALLOWED or now[0] > said[1] + ALLOWED


def _told(interval: Interval) -> str:
    low, high = (f"{end:.1%}" for end in interval)
    return low if low == high else f"{low} to {high}"
