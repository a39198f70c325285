"""What a conversation remembers: plain JSON alone, so that a checkpoint is data and never an object."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypedDict

from ..draft import Clause

MOST_LINES, MOST_TEXT = 200, 4000  # of the log: every checkpoint holds it


class State(TypedDict, total=False):
    """The state of the graph. Everything that is not here can be made again from it."""

    inputs: dict[str, str]
    output: str | None
    seed: int
    message: str  # what is being answered
    draft: dict[str, Any] | None  # the version that the last turn proposed, until it is checked
    versions: list[dict[str, Any]]
    at: int  # which version holds; -1: none yet
    turn: dict[str, Any]  # what the planner answered last
    wish: str  # for an operator that is to be written
    proposal: dict[str, Any] | None  # an operator that was written, and that nobody has agreed to yet
    question: str
    findings: list[str]  # why its draft does not hold
    tries: int
    preview: dict[str, Any] | None
    evidence: list[dict[str, Any]]
    decision: dict[str, Any]
    run: str | None  # the run of the version that was approved last
    failure: str  # why that run, or its preview, did not come to its end
    log: list[dict[str, str]]  # who said what
    tokens: int
    cost: float


@dataclass(frozen=True, kw_only=True)
class Version:
    """One state of the recipe within a conversation."""

    recipe: str  # YAML
    said: tuple[str, ...] = ()  # the goal and what was added to it
    clauses: tuple[Clause, ...] = ()
    unclear: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()  # what was changed of the version before, in words
    changed: tuple[str, ...] = ()  # steps of which a later message says something else than an earlier one
    planner: str = "rules"
    note: str = ""
    model: str = ""
    prompt: str = ""  # digest of the first question to the model

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Version":
        lists: dict[str, Any] = {key: tuple(data[key]) for key in ("said", "unclear", "suggestions", "changes", "changed")}
        clauses = tuple(Clause(text=one["text"], steps=tuple(one["steps"]), evidence=one["evidence"]) for one in data["clauses"])
        words: dict[str, Any] = {key: data[key] for key in ("recipe", "planner", "note", "model", "prompt")}
        return cls(clauses=clauses, **words, **lists)


def version_of(state: State) -> Version | None:
    """The version that holds."""
    at = state.get("at", -1)
    return Version.of(state["versions"][at]) if at >= 0 else None


def logged(state: State, who: str, text: str) -> list[dict[str, str]]:
    """The log with one more line, where there is something to say; the oldest lines go."""
    lines = state.get("log", [])
    return [*lines, {"who": who, "text": text[:MOST_TEXT]}][-MOST_LINES:] if text else lines
