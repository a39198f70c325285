"""What was expected beside what came of it: each quantity that a preview tells is one line here, and the page shows them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..manifest import Books, StepBooks
from .predicted import Prediction, StepPrediction

Unit = Literal["share", "rows", "seconds", "bytes"]
SLACK = 1e-9  # of a share: what a float may be off


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One quantity. `low` and `high` bound the 95% interval, where one was told."""

    name: str
    unit: Unit
    predicted: float | None = None
    low: float | None = None
    high: float | None = None
    actual: float | None = None
    note: str = ""  # why nothing was predicted

    @property
    def inside(self) -> bool | None:
        """Whether the interval held; None where there is none, or nothing to hold against it."""
        if self.low is None or self.high is None or self.actual is None:
            return None
        return self.low - SLACK <= self.actual <= self.high + SLACK


OF_RUN: tuple[Callable[[Prediction, Books], Compared], ...] = (
    lambda guess, books: Compared(name="rows in", unit="rows", predicted=guess.total_rows, actual=books.rows_in),
    lambda guess, books: Compared(name="time", unit="seconds", predicted=guess.cost.seconds or None, actual=books.seconds),
    lambda guess, books: Compared(name="memory, all processes", unit="bytes", predicted=guess.cost.memory or None, actual=books.spent.memory or None),
    lambda guess, books: Compared(name="written to disk", unit="bytes", predicted=guess.cost.disk or None, actual=books.spent.written or None),
)
OF_STEP: tuple[Callable[[StepPrediction, StepBooks], Compared], ...] = (
    lambda guess, books: Compared(
        name="share let through",
        unit="share",
        predicted=guess.share,
        low=guess.low,
        high=guess.high,
        actual=books.rows_out / books.rows_in if books.rows_in and not books.born else None,
        note=_why_not(guess),
    ),
    lambda guess, books: Compared(
        name="rows out",
        unit="rows",
        predicted=guess.rows_out,
        low=guess.rows_low if guess.rows_out is not None else None,
        high=guess.rows_high if guess.rows_out is not None else None,
        actual=books.rows_out,
        note=_why_not(guess),
    ),
    lambda guess, books: Compared(name="computing", unit="seconds", predicted=guess.seconds, actual=books.seconds),
)


def of_run(guess: Prediction | None, books: Books) -> tuple[Compared, ...]:
    """The run as a whole."""
    return () if guess is None else tuple(compare(guess, books) for compare in OF_RUN)


def of_step(guess: StepPrediction | None, books: StepBooks | None) -> tuple[Compared, ...]:
    """One step; the same quantities in the same order for every step."""
    return () if guess is None or books is None else tuple(compare(guess, books) for compare in OF_STEP)


def _why_not(guess: StepPrediction) -> str:
    return "needs all rows" if guess.unknown else "not tried"
