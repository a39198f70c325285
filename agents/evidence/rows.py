"""Filters judged on the rows: none that should have gone goes out, and none that should stay was dropped."""

from collections.abc import Sequence
from itertools import product
from typing import Literal

from .findings import Filter, Finding, RowTest, Verdict, unknown
from .ground import Ground, Row

MOST_WAYS = 8
How = Literal["all", "any", "cautious"]  # which tests a row must pass to stay; cautious: it is not said


def judged(filters: Sequence[Filter], how: How, is_read: bool, steps: tuple[str, ...], ground: Ground) -> Finding:
    """`steps`: those of this clause alone. The kindest finding over all columns that the clause may mean."""
    found: list[Finding] = []
    for tests in list(product(*(one.tests for one in filters)))[:MOST_WAYS]:
        found.append(_judged(tests, how, is_read, steps, ground))
    order: dict[Verdict, int] = {"holds": 0, "unknown": 1, "fails": 2}
    return min(found, key=lambda one: order[one.verdict], default=unknown("no column fits"))


def _judged(tests: Sequence[RowTest], how: How, is_read: bool, steps: tuple[str, ...], ground: Ground) -> Finding:
    what = " and ".join(f"{'not ' if not test.wanted else ''}{test.says}" for test in tests)
    own = bool(steps) and not ground.rewritten_after(steps, [column for test in tests for column in test.columns])
    seen = bad = 0
    example = ""
    for at in ground.out.picked():
        verdict = _passes(tests, how, ground, at, own)
        seen += verdict is not None
        if verdict is False:
            bad += 1
            example = example or f"e.g. {ground.name_of(ground.out.number[at])}"
    looked = len(ground.out.picked())
    slack = max(test.slack for test in tests)
    if bad and bad > slack * _had(tests, how, ground):
        return Finding("fails", f"{bad} of {looked} rows that go out are not as asked ({what}), {example}")
    lost, gone, example = _lost(tests, how, steps, ground) if is_read else (0, 0, "")
    if lost > slack * gone:
        return Finding("fails", f"{lost} rows were dropped although they are as asked ({what}), e.g. {example}")
    if not seen and (had := _had(tests, how, ground)):
        return Finding("holds", f"{had} rows that came in were plainly not as asked ({what}), none goes out")
    if not seen and not gone:
        return unknown(f"no row can be told to be as asked or not ({what})")
    right = f"all {seen}" if not bad else f"{seen - bad} of {seen}"
    return Finding("holds", f"{right} rows looked at are as asked ({what})" + (f"; none of {gone} dropped ones was" if gone else ""))


def _had(tests: Sequence[RowTest], how: How, ground: Ground) -> int:
    """How many rows that came in had to go."""
    rows = (ground.given.row(at) for at in ground.given.picked())
    return sum(_stays([_both(test, row, row) for test in tests], tests, how) is False for row in rows)


def _passes(tests: Sequence[RowTest], how: How, ground: Ground, at: int, own: bool) -> bool | None:
    """Whether an output row may go out. It was judged when it came to the step: what is bad only before or only after a rewrite may be right.
    `own`: nothing rewrites it behind that step, so that what goes out is what was judged."""
    before = ground.origin(at)
    after = ground.out.row(at)
    told = [_both(test, None if own and all(column in after for column in test.columns) else before, after) for test in tests]
    return _stays(told, tests, how)


def _both(test: RowTest, before: Row | None, after: Row) -> bool | None:
    """Whether the test is so, where both rows that have its columns say the same."""
    rows = [row for row in (before, after) if row is not None and all(column in row for column in test.columns)]
    found = {test.judge(row) for row in rows}
    return found.pop() if len(found) == 1 else None


def _stays(told: Sequence[bool | None], tests: Sequence[RowTest], how: How) -> bool | None:
    right = [None if one is None else one == test.wanted for one, test in zip(told, tests, strict=True)]
    if how == "cautious":
        return right[0] if len(set(right)) == 1 else None
    if how == "any":
        return True if True in right else None if None in right else False
    return False if False in right else None if None in right else True


def _lost(tests: Sequence[RowTest], how: How, steps: tuple[str, ...], ground: Ground) -> tuple[int, int, str]:
    """(rows that this clause's steps dropped and should not have, rows that they dropped, one of the first)."""
    columns = [column for test in tests for column in test.columns]
    if not steps or ground.rewritten_before(steps, columns):
        return 0, 0, ""
    lost = gone = 0
    example = ""
    for at in ground.given.picked():
        state, step = ground.fate[at]
        if state not in ("dropped", "unused") or step not in steps:
            continue
        row = ground.given.row(at)
        told = [_both(test, row, row) for test in tests]
        verdict = _stays(told, tests, how)
        gone += verdict is not None
        if verdict:
            lost += 1
            example = example or f"row {at}"
    return lost, gone, example
