"""A goal and a planner: what comes of them, before anybody is asked."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Literal

from . import options, render
from .answer import BadUsage

if TYPE_CHECKING:
    from agents.author.author import Author
    from agents.critique import Tried
    from agents.draft import Draft
    from agents.evidence import Evidence
    from agents.turns import Planner
    from workflows.chosen import Chosen
    from workflows.recipe import Recipe
    from workflows.store import Store

Kind = Literal["auto", "rules", "llm"]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Who plans, and what that may take."""

    planner: Kind = "auto"
    model: str | None = None
    budget: str | None = None
    values: bool = True  # whether single values of the data are shown to a model

    @property
    def is_rules(self) -> bool:
        return self.planner == "rules" or (self.planner == "auto" and self.model is None)

    def make(self, store: "Store") -> "tuple[Planner, Author | None]":
        """The planner, and where it is a model also the author of operators; what leaves this machine is said. Raises BadUsage for a model
        that is not configured."""
        from agents.author.author import Author
        from agents.llm.planner import LlmPlanner
        from agents.planners import planner_for
        from sandbox.gateway import GatewayError

        tokens, money = options.budget_of(self.budget)
        model = None if self.is_rules else self.model or _only_model()
        try:
            made = planner_for(self.planner, model, tokens=tokens, money=money, cache=store.cache / "replies", shows_values=self.values, store=store)
        except GatewayError as error:
            raise BadUsage(str(error)) from None
        if not isinstance(made, LlmPlanner):
            return made, None
        if made.gateway.endpoint.leaves_machine:
            told = "up to 20 values, " if self.values else ""
            host = made.gateway.endpoint.host
            render.say(f"note: {model} is at {host}: your words, columns with their types and counts, {told}but no file go there")
        return made, Author(made.gateway, shows_values=self.values)


def draft(goal: str, input: list[str] | None, output: str | None, wanted: Wanted, seed: int, name: str | None, store: "Store") -> "Draft":
    """The planner's answer to a goal. Raises BadUsage for a call that cannot be planned."""
    options.budget_of(wanted.budget)
    if not goal.strip():
        raise BadUsage("GOAL is empty; say in plain words what rows you want")
    named = options.named_inputs(input)
    if not named:
        raise BadUsage("--input is missing; name the file, folder or glob that the rows come from")
    made = _planned(goal, named, output, wanted, seed, store)
    if name is None or made.recipe is None:
        return made
    return replace(made, recipe=made.recipe.model_copy(update={"name": name}))


def chosen_of(made: "Draft", recipe: "Recipe", store: "Store", inputs: dict[str, str], place: str | None) -> "Chosen":
    """The draft's recipe, checked, with the record of how it came about."""
    from workflows.chosen import from_draft
    from workflows.planned import Planned

    record = Planned.of(
        made.planner, recipe.goal or "", made.clauses, made.unclear, made.suggestions, model=made.model, prompt=made.prompt, note=made.note
    )
    return replace(from_draft(recipe, store, inputs, place), plan=record)


def try_out(goal: str, made: "Draft", chosen: "Chosen", store: "Store", *, shown: bool) -> "Tried":
    """The draft on a sample; a person is shown what each step does and what holds of the goal."""
    from agents.critique import tried

    from . import show

    seen = tried(chosen, goal, made.clauses, store.cache, examples=shown)
    if shown:
        for warning in chosen.warnings:
            render.say(f"note: {warning}")
        show.preview(seen.preview, stderr=True)
        show.evidence(seen.evidence)
    return seen


def told(made: "Draft", evidence: "Sequence[Evidence]" = ()) -> dict[str, object]:
    """How a plan came about, for machines; with what the sample says of each clause."""
    found = {one.clause: one for one in evidence}
    clauses = [
        {**asdict(one), "verdict": found[one.text].verdict, "found": found[one.text].says} if one.text in found else asdict(one)
        for one in made.clauses
    ]
    return {
        "planner": made.planner,
        "model": made.model or None,
        "tokens": made.tokens,
        "cost": made.cost,
        "note": made.note,
        "clauses": clauses,
        "unclear": list(made.unclear),
        "suggestions": list(made.suggestions),
    }


def _planned(goal: str, inputs: dict[str, str], output: str | None, wanted: Wanted, seed: int, store: "Store") -> "Draft":
    if wanted.is_rules:
        from agents import plan

        return plan(goal, inputs, output, cache=store.cache, seed=seed)
    from agents.planners import draft_of
    from agents.turns import Situation

    planner, _ = wanted.make(store)
    turn = planner.turn(Situation(message=goal, inputs=inputs, output=output, cache=store.cache, seed=seed))
    if turn.tokens:
        render.say(f"asked {turn.model}: {turn.tokens:,} tokens" + (f", {turn.cost:.4g} of money" if turn.cost else ""))
    if turn.note:
        render.say(f"note: {turn.note}")
    return draft_of(turn)


def _only_model() -> str:
    """The one model that is configured, where `--planner llm` names none."""
    from sandbox.gateway.endpoints import read

    known = list(read())
    if len(known) != 1:
        raise BadUsage(f"--planner llm: say which model, with --model ALIAS; there are {', '.join(known) or 'none: `winnow models add` makes one'}")
    return known[0]
