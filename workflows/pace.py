"""How fast this machine is: what earlier runs took against what was foretold, kept in the user's state folder."""

from math import exp, log

from .manifest import Books
from .report.predicted import Prediction
from .trust import State
from .usage import DISK, MEMORY, RUN

LEAST_SECONDS = 0.05  # of a step that is learned from: less is noise
MOST_WRONG = 4.0  # by more than this something else was at work: values found in the cache, a busy machine
LEARNING = 0.5  # how far one run moves what is known of an operator
LEARNING_WHOLE = 0.25  # and of whole runs, which are of many kinds


def known(state: State | None = None) -> dict[str, float]:
    """For each operator, and for whole runs (`run`, `memory`, `disk`), how many times more they took than the trial said."""
    return {name: factor for name, (factor, _) in (state or State()).paces().items()}


def learn(foretold: Prediction, books: Books, state: State | None = None) -> None:
    """Set what a run took against what was foretold of it."""
    found: dict[str, tuple[float, float | None]] = {}
    kilobytes = max(foretold.bytes / max(foretold.total_rows, 1.0) / 1000, 0.001)
    for step in books.steps:
        expected = foretold.cost.steps.get(step.id, 0.0)
        if expected >= LEAST_SECONDS and step.seconds >= LEAST_SECONDS and not foretold.cost.measured:
            found[step.operator] = (step.seconds / expected, step.seconds * 1e6 / max(step.rows_in, 1) / kilobytes)
    known_steps = {step.id: step.seconds for step in books.steps}
    elsewhere = sum(known_steps.get(step, 0.0) - seconds for step, seconds in foretold.cost.steps.items()) / max(foretold.cost.workers, 1)
    whole = {
        RUN: (books.seconds, max(foretold.cost.seconds + (0.0 if foretold.cost.measured else elsewhere), 0.1 * foretold.cost.seconds)),
        MEMORY: (books.spent.memory, foretold.cost.memory),
        DISK: (books.spent.written, foretold.cost.disk),
    }
    found |= {name: (actual / expected, None) for name, (actual, expected) in whole.items() if actual and expected}
    before = (state or State()).paces()
    for name, (wrong, micros) in found.items():
        if 1 / MOST_WRONG <= wrong <= MOST_WRONG:
            factor, kept = before.get(name, (1.0, None))
            learning = LEARNING if name not in whole else LEARNING_WHOLE
            (state or State()).put_pace(name, exp(log(factor) + learning * log(wrong)), micros if kept is None else micros and (micros + kept) / 2)
