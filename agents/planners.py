"""Who plans: the rules, a model with the rules beside it, or a model alone."""

from pathlib import Path
from typing import Literal

from sandbox.gateway import Budget, Gateway
from sandbox.gateway.endpoints import find
from sandbox.gateway.errors import Misconfigured
from workflows.store import Store

from .draft import Draft, Status
from .llm.planner import LlmPlanner
from .rules.turns import RulesPlanner
from .turns import Kind, Planner, Turn

PlannerKind = Literal["auto", "rules", "llm"]
MOST_TOKENS = 200_000  # of one planner's life, where nobody says otherwise
STATUSES: dict[Kind, Status] = {"change": "draft", "refuse": "refuse"}


def planner_for(
    kind: PlannerKind,
    model: str | None = None,
    *,
    tokens: int | None = None,
    money: float | None = None,
    cache: Path | None = None,
    shows_values: bool = True,
    store: Store | None = None,
) -> Planner:
    """The planner that is asked for; `auto` without a model is the rules. With a store its recipes are offered for goals that they nearly meet.
    Raises GatewayError for a model that is not configured."""
    rules = RulesPlanner(store)
    if kind == "rules" or (kind == "auto" and model is None):
        return rules
    if model is None:
        raise Misconfigured("the llm planner needs a model: name one")
    budget = Budget(MOST_TOKENS if tokens is None and money is None else tokens, money)
    gateway = Gateway(find(model), budget=budget, cache=cache)
    return LlmPlanner(gateway, rules if kind == "auto" else None, rules, shows_values=shows_values)


def draft_of(turn: Turn) -> Draft:
    """What a first message led to, as a draft; words that change nothing are a question what shall be done."""
    return Draft(
        status=STATUSES.get(turn.kind, "ask"),
        message=turn.message,
        recipe=turn.recipe,
        clauses=turn.clauses,
        unclear=turn.unclear,
        suggestions=turn.suggestions,
        planner=turn.planner,
        note=turn.note,
        model=turn.model,
        prompt=turn.prompt,
        tokens=turn.tokens,
        cost=turn.cost,
    )
