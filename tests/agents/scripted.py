"""A model that says what a test tells it to, behind the gateway's own interface; and answers in the form that models give."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbox.gateway import Ask, Budget, Endpoint, Reply
from sandbox.gateway.budget import tokens_of

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
