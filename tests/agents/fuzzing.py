"""Plans against a server that fits every schema and makes no sense, with faults mixed in: what must hold of every turn."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agents.llm.judging import checked
from agents.llm.planner import LlmPlanner
from agents.rules.turns import RulesPlanner
from agents.turns import Situation, Turn
from sandbox.gateway import Budget, Endpoint, Gateway
from sandbox.gateway.trying import Patience
from tests.agents.scripted import parroted
from tests.endpoint.server import Server

GOALS = (
    ("messages", "Keep ham messages of at least 5 words, no duplicates."),
    ("books", "Only German and French books since 2000, best stars first, 10 rows."),
    ("pairs", "Drop pairs with an empty input and answers over 40 words; turn the rest into chat messages."),
    ("maths", "Split into train and test, 80/20, and mask e-mail addresses in the answers."),
    ("sites", "One page per domain, at most 20 words each, only the columns url and text."),
    ("chats", "Conversations with more than two turns only"),
)
FOLLOW_UPS = ("only 10 of them", "drop the first step", "stricter", "also without duplicates", "why?", "use another column")
MOST_TOKENS = 600_000


@dataclass
class Count:
    """What came of many turns."""

    turns: int = 0
    planned: int = 0  # recipes of the model
    stood_in: int = 0
    asked: int = 0
    refused: int = 0


def endpoint(server: Server, rng: random.Random) -> Endpoint:
    return Endpoint(
        alias="fuzz",
        url=server.url,
        model="any",
        context_tokens=rng.choice((6000, 16_000, 100_000)),
        most_reply_tokens=rng.choice((64, 2048, 8000)),
        timeout_seconds=0.5,
        small=rng.random() < 0.3,
        price_in=1.0,
        price_out=3.0,
    )


def turns(server: Server, data: Path, cache: Path, numbers: range, counted: Count) -> Iterator[str]:
    """What is wrong with any of these turns: nothing may be."""
    known: dict[str, Turn] = {}
    for number in numbers:
        rng = random.Random(f"turn {number}")
        server.reset(faults=server.faults, seed=number)
        name, goal = rng.choice(GOALS)
        situation = Situation(message=goal, inputs={name: str(data / f"{name}.jsonl")}, output=str(data / "OUT.jsonl"), cache=cache, seed=number)
        first = known.setdefault(name, RulesPlanner().turn(situation))
        if rng.random() < 0.3 and first.recipe is not None:
            situation = replace(situation, message=rng.choice(FOLLOW_UPS), said=(goal,), recipe=first.recipe, clauses=first.clauses)
        if rng.random() < 0.4 and first.recipe is not None:
            server.say(*[json.dumps(as_answer(first, rng))] * 2)
        alone = rng.random() < 0.3
        budget = Budget(rng.choice((20_000, MOST_TOKENS)), rng.choice((None, 0.05, 10.0)))
        gateway = Gateway(endpoint(server, rng), budget=budget, patience=Patience(tries=2, first_wait=0.0))
        turn = LlmPlanner(gateway, None if alone else RulesPlanner(), RulesPlanner() if number % 2 else None).turn(situation)
        counted.turns += 1
        yield from (f"{number}: {one}: {turn}" for one in _faults(turn, situation, budget, alone, counted))


def as_answer(turn: Turn, rng: random.Random) -> dict[str, Any]:
    """What the rules plan in a model's words, now and then with something amiss."""
    answer = parroted(turn)
    steps = answer["answer"]["steps"]
    if rng.random() < 0.3 and steps:
        rng.choice(steps)[rng.choice(("id", "op", "from", "on", "with", "as"))] = rng.choice(("x", [], {}, None, 7, ["y", "z"], {"a": [1]}))
    return answer


def _faults(turn: Turn, situation: Situation, budget: Budget, alone: bool, counted: Count) -> Iterator[str]:
    if turn.kind == "change":
        if turn.recipe is None:
            yield "a change without a recipe"
        elif turn.planner == "llm" and (faults := checked(turn.recipe, situation, Path.cwd())):
            yield f"a recipe that does not hold: {faults}"
    if budget.spent_tokens > (budget.tokens or 0) or (budget.money is not None and budget.spent_money > budget.money):
        yield f"over the budget: {budget.spent_tokens} of {budget.tokens}, {budget.spent_money} of {budget.money}"
    if (turn.tokens, turn.cost) != (budget.spent_tokens, budget.spent_money) and turn.order is None:
        yield f"spent {budget.spent_tokens} and told {turn.tokens}"
    if not alone and turn.planner == "rules" and turn.model and not turn.note:
        yield "the rules stood in and nobody said so"
    if alone and turn.kind == "refuse" and turn.planner == "llm" and not turn.message:
        yield "refused without a word"
    counted.planned += turn.kind == "change" and turn.planner == "llm"
    counted.stood_in += turn.planner == "rules" and bool(turn.note)
    counted.asked += turn.kind == "ask"
    counted.refused += turn.kind == "refuse"
