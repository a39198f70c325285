"""The one object that `prepare`, `run`, `resume` and `replay` give to machines, and the exit codes that go with it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

DONE, FAILED, BAD_USAGE, ASKED = 0, 1, 2, 3
Status = Literal["done", "ask", "refuse", "failed"]
EXIT_CODES: dict[Status, int] = {"done": DONE, "failed": FAILED, "ask": ASKED, "refuse": ASKED}


class BadUsage(Exception):
    """What the command line names does not exist or does not fit: exit code 2."""


@dataclass(kw_only=True)
class Answer:
    """Every key is always there; those that nothing is known of are null or empty."""

    status: Status
    message: str = ""
    planner: str | None = None
    model: str | None = None
    tokens: int | None = None
    cost: float | None = None
    note: str = ""
    clauses: Sequence[Mapping[str, object]] = ()
    unclear: Sequence[str] = ()
    suggestions: Sequence[str] = ()
    run: str | None = None
    recipe: str | None = None
    rows_in: int | None = None
    rows_out: int | None = None
    states: Mapping[str, int] = field(default_factory=dict)
    born: int | None = None
    references: Mapping[str, int] = field(default_factory=dict)
    steps: Sequence[Mapping[str, object]] = ()
    outputs: Sequence[Mapping[str, object]] = ()
    checks: Sequence[Mapping[str, object]] = ()
    warnings: Sequence[str] = ()
    seconds: float | None = None
    replay: Mapping[str, object] | None = None

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.status]

    def as_json(self) -> dict[str, object]:
        return asdict(self)
