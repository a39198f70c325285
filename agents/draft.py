"""What a planner answers: a recipe, a question or a refusal, and how each part of the goal was read."""

from dataclasses import dataclass, field
from typing import Literal

from workflows.recipe import Recipe

Status = Literal["draft", "ask", "refuse"]


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One part of the goal and what came of it."""

    text: str
    steps: tuple[str, ...] = ()  # ids of the steps it led to
    evidence: str = ""  # which words led to which operator and parameter


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A planner's answer. A `draft` has a recipe; `ask` and `refuse` have a message and write nothing."""

    status: Status
    message: str = ""
    recipe: Recipe | None = None
    clauses: tuple[Clause, ...] = ()
    unclear: tuple[str, ...] = field(default=())  # parts that no step answers
    suggestions: tuple[str, ...] = ()  # what the data would profit from: words to add to the goal, never added unasked
    planner: str = "rules"  # who made it
    note: str = ""  # why it was not the planner that was asked for, or what else there is to say of how it came about
    model: str = ""  # alias of the model that was asked, if one was
    prompt: str = ""  # digest of the first question to it
    tokens: int = 0
    cost: float = 0.0
