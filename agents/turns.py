"""One turn of a conversation: what a planner is told, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from workflows.edits import Edit
from workflows.recipe import Recipe

from .draft import Clause

Kind = Literal["change", "ask", "refuse", "tell", "order"]
Order = Literal["run", "undo", "redo", "show", "why", "diff", "compare", "save", "approve", "history", "help", "quit"]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """All that a planner may know when a message comes."""

    message: str
    inputs: Mapping[str, str]  # name → path, as the person gave them
    output: str | None
    cache: Path
    seed: int = 0
    said: tuple[str, ...] = ()  # the goal and what was added to it, oldest first, without what was taken back
    recipe: Recipe | None = None  # as it is now, with all edits
    clauses: tuple[Clause, ...] = ()
    unclear: tuple[str, ...] = ()
    question: str = ""  # what was asked last, where this message may be the answer
    findings: tuple[str, ...] = ()  # why the recipe that this planner proposed last does not hold: mend it
    kept: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)  # step → rows in and out of the last preview
    run: str | None = None  # the last run of this conversation


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What a planner makes of a message.

    `change`: another recipe; `ask`: one question, with the recipe that holds if nobody answers; `refuse`: it cannot be done; `tell`: an answer
    in words; `order`: something that the conversation itself does.
    """

    kind: Kind
    message: str = ""  # the question, what is missing, or what is told
    recipe: Recipe | None = None  # all of it, after the change
    edits: tuple[Edit, ...] = ()  # what was changed
    clauses: tuple[Clause, ...] = ()  # of all that was said, with the steps they led to
    unclear: tuple[str, ...] = ()  # parts that no step answers
    suggestions: tuple[str, ...] = ()
    order: Order | None = None
    of: str = ""  # what the order is about: a row, a version, a step; for undo: how many turns, `all`, `vN`, or a step: back to before it was there
    then: str = ""  # the rest of the message, to be read as a message of its own once this is done: `undo that and only keep 500`
    said: str = ""  # what the goal holds of it, where that is more than the message: an answer with what was asked about
    counts: bool = True  # whether the message belongs to the goal from now on
    planner: str = "rules"  # who made it: with `auto` the rules stand in where the model fails
    note: str = ""  # why it was not the planner that was asked for
    tokens: int = 0
    cost: float = 0.0
    model: str = ""  # alias of the model that was asked
    prompt: str = ""  # digest of the first question to it


class Planner(Protocol):
    """Rules or a model."""

    def turn(self, situation: Situation) -> Turn: ...
