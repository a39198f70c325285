"""Runs a program and its tests. It is called in a cell of the jail and nowhere else: what it runs may be anything."""

import io
import random
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout

import pyarrow as pa

MOST_WORDS = 300
NAME = "solution"  # not `__main__`: what a script does when it is run is not what is tested


def run(order: Mapping[str, object], batches: Sequence[pa.RecordBatch]) -> tuple[Mapping[str, object], Sequence[pa.RecordBatch]]:
    """`code`, then each of `tests`, then `check(ENTRY_POINT)` where one is named. Gives the outcome: `passed`, or what went wrong."""
    random.seed(0)
    sys.stdin = io.StringIO()
    tests, entry = order["tests"], order["entry_point"]
    assert isinstance(tests, list)
    names: dict[str, object] = {"__name__": NAME}
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        outcome = _outcome("code", str(order["code"]), names)
        for test in [*tests, *([f"check({entry})"] if entry else [])]:
            outcome = outcome or _outcome("test", str(test), names)
    return {"outcome": outcome or "passed"}, ()


def _outcome(part: str, code: str, names: dict[str, object]) -> str | None:
    try:
        made = compile(code, f"<{part}>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"{part} does not compile: {_words(error)}"
    try:
        exec(made, names)
    except BaseException as error:  # whatever strangers raise, SystemExit too
        return f"{part} raised {_words(error)}"
    return None


def _words(error: BaseException) -> str:
    said = str(error).strip()
    return f"{type(error).__name__}{': ' if said else ''}{said}"[:MOST_WORDS]
