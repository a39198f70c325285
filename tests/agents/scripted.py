"""A model that says what a test tells it to, behind the gateway's own interface; and answers in the form that models give."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agents.llm.portable import NO_VALUE
from agents.turns import Turn
from sandbox.gateway import Ask, Budget, Endpoint, Reply
from sandbox.gateway.budget import tokens_of
from tools.cards import summaries
from workflows.recipe import Step

Answer = Mapping[str, Any] | Exception


class Scripted:
    """Gives the answers in turn, the last one for ever; an exception is raised. `answer` may also be a function of what is asked."""

    def __init__(self, *answers: Answer | Callable[[Ask], Answer], **endpoint: Any) -> None:
        known = {"alias": "scripted", "url": "http://127.0.0.1:9/v1", "model": "m", "context_tokens": 100_000}
        self.endpoint = Endpoint(**{**known, **endpoint})
        self.budget = Budget(10_000_000)
        self.asked: list[Ask] = []
        self._answers = list(answers)

    def ask(self, ask: Ask, *, heard: Any = None, cancelled: Any = None) -> Reply:
        self.asked.append(ask)
        held = self.budget.reserve(tokens_of(ask.messages), ask.most_tokens)
        given = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        answer = given(ask) if callable(given) else given
        self.budget.settle(held, tokens_of(ask.messages), 10)
        if isinstance(answer, Exception):
            raise answer
        return Reply(json.dumps(answer), dict(answer), tokens_of(ask.messages), 10)

    @property
    def prompts(self) -> list[str]:
        return ["\n".join(message.content for message in ask.messages) for ask in self.asked]


def step(name: str, op: str, on: Mapping[str, str] | None = None, **given: Any) -> dict[str, Any]:
    """A step as a model writes it."""
    bound = [{"reads": key, "columns": [column]} for key, column in (on or {}).items()]
    return {"id": name, "op": op, "from": given.pop("rows", []), "on": bound, "with": given, "as": []}


def plan(clauses: Mapping[str, Iterable[str]], *steps: Mapping[str, Any], columns: list[str] | None = None) -> dict[str, Any]:
    """A plan as a model writes it."""
    told = [{"text": text, "steps": list(names)} for text, names in clauses.items()]
    out = {"name": "out", "from": [], "columns": columns}
    return {"clauses": told, "answer": {"kind": "plan", "steps": list(steps), "outputs": [out]}}


def edits(text: str, *names: str, do: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Edits as a model writes them."""
    return {"clauses": [{"text": text, "steps": list(names)}], "answer": {"kind": "edits", "edits": list(do)}}


def parroted(turn: Turn) -> dict[str, Any]:
    """A turn of the rules planner as a model would say it."""
    assert turn.recipe is not None
    told = [{"text": one.text, "steps": list(one.steps)} for one in turn.clauses]
    outputs = [{"name": name, "from": _listed(spec.rows), "columns": None} for name, spec in turn.recipe.outputs.items()]
    return {"clauses": told, "answer": {"kind": "plan", "steps": [_said(one) for one in turn.recipe.steps], "outputs": outputs}}


def _said(step: Step) -> dict[str, Any]:
    card = summaries()[step.op.partition("@")[0]]
    rows = step.rows if isinstance(step.rows, dict) else {"rows": step.rows}
    on = step.on if isinstance(step.on, dict) else {} if step.on is None else {next(iter(card.reads)): step.on}
    names = step.rename if isinstance(step.rename, dict) else {} if step.rename is None else {next(iter(card.adds)): step.rename}
    return {
        "id": step.id,
        "op": card.name,
        "from": _listed(rows.get("rows", [])),
        "against": _listed(rows.get("against", [])),
        "on": [{"reads": name, "columns": _listed(columns)} for name, columns in on.items()],
        "with": {key: as_answered(card.params[key], value) for key, value in step.params.items()},
        "as": [{"adds": name, "column": column} for name, column in names.items()],
    }


def as_answered(given: Mapping[str, Any], value: Any) -> Any:
    """A parameter's value as a model must write it; `given`: the parameter's schema."""
    if value is None and given.get("default") is not None:
        return NO_VALUE
    if isinstance(value, dict) and given.get("type") == "object":
        return [{"name": key, "value": one} for key, one in value.items()]
    return list(value) if isinstance(value, tuple) else value


def _listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)
