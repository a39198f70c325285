"""What the readers of a clause see, the scene, and what they answer, wishes: operators with parameters that became no steps yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .clauses import Phrase
from .profile import Table

EVERY = "*"
Columns = str | list[str] | dict[str, str | list[str]] | None

# where a step stands when the goal does not say: joins first, columns last
JOIN, EXTRACT, FIX, CHEAP, FILTER, DEDUPE, NEAR, CLEAN_OF, CUT, SELECT, ADD, TELL, FORMAT, COLUMNS, SPLIT = range(15)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One step to be: the composer gives it a place, an id that is free and an edge to read from."""

    op: str
    id: str
    stage: int
    evidence: str
    params: Mapping[str, object] = field(default_factory=dict)
    on: Columns = None
    rename: str | dict[str, str] | None = None
    against: str | None = None  # input to look up
    port: str = "kept"  # the port that goes on; EVERY: the dropped too
    only: str | None = None  # the input it is for, before inputs are brought together
    filters: bool = False  # it takes rows out because of what they are
    span: tuple[int, int] = (0, 0)
    assumed: str = ""  # the question that was answered by a guess
    lacks: str = ""  # what else the clause asked for and no operator does
    checks: tuple[str, ...] = ()  # that the recipe is to have; `{id}` stands for the step


@dataclass(frozen=True)
class Scene:
    """All that a reader may look at beside its clause."""

    goal: str
    tables: Mapping[str, Table]
    main: Table
    references: tuple[Table, ...]
    seed: int
    made: tuple[str, ...] = ()  # columns that the goal wants made
    joined: tuple[str, ...] = ()  # columns that a clause before took from another input
    forbids_drops: bool = False
    heads: Mapping[str, list[Wish]] = field(default_factory=dict)  # steps of single inputs that bring them into one chat format
    shaped: str = ""  # the chat format that every input was brought into before they came together


@dataclass(frozen=True)
class Trouble:
    """Why a clause cannot become steps: something is missing that the person, or winnow, would have to bring."""

    status: Literal["ask", "refuse", "unclear"]
    message: str


@dataclass
class Reading:
    """What came of one clause."""

    phrase: Phrase
    wishes: list[Wish] = field(default_factory=list)
    trouble: Trouble | None = None
    lacks: str = ""
    says: str = ""  # why it asks for nothing
    lost: tuple[str, ...] = ()  # what it says and no step uses
    unread: tuple[str, ...] = ()  # parts that are orders of their own and led to no step


Reader = Callable[[Phrase, Scene], list[Wish] | Trouble]


def taken(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether words of this span were already read."""
    return any(start < right and left < end for left, right in spans)
