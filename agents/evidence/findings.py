"""What a check can be and what it can find."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .ground import Ground, Row

Verdict = Literal["holds", "fails", "unknown"]
MOST_SHOWN = 60  # characters of a value that are shown


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    verdict: Verdict
    says: str


@dataclass(frozen=True)
class RowTest:
    """Something that is so of a row, is not so, or cannot be told; and whether rows of which it is so are to stay."""

    columns: tuple[str, ...]
    judge: Callable[[Row], bool | None]
    says: str  # behind `rows`: `with more than 200 words in output`
    wanted: bool
    slack: float = 0.0  # of the rows that had to go, the share that may be left: what cannot be told for sure


@dataclass(frozen=True)
class Filter:
    """A clause's test of rows, once for each column that it may be about."""

    start: int
    end: int
    tests: tuple[RowTest, ...]


@dataclass(frozen=True)
class Claim:
    """Something that the output as a whole must be."""

    start: int
    end: int
    check: Callable[[Ground], Finding]
    keeps_rows: bool = False  # what it asks for loses no row


Check = Filter | Claim


def unknown(why: str) -> Finding:
    return Finding("unknown", why)


def verdict_of(holds: bool, says: str) -> Finding:
    return Finding("holds" if holds else "fails", says)


def shown(value: object) -> str:
    """A value of a row, short and of one line: rows are strangers' words."""
    text = "".join(sign if sign.isprintable() else " " for sign in str(value))
    text = " ".join(text.split())
    return repr(text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…")
