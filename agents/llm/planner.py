"""The planner that asks a model, with the rules planner beside it: to read orders, to be compared with, and to stand in."""

from dataclasses import dataclass, replace
from pathlib import Path

from agents.rules import limits
from agents.rules.turns import read_order
from agents.turns import Planner, Situation, Turn
from sandbox.gateway.errors import Cancelled, GatewayError
from workflows.recipe import Recipe

from . import guards, view
from .agreement import bears_out
from .answers import Fault, Unfit, WordsSaid
from .data import Sight, look
from .judging import Judge, Proposal
from .small import InTwoCalls
from .talk import MOST_REPAIRS, Asked, Heard, Stop, Talk


@dataclass(frozen=True)
class LlmPlanner:
    """Asks the model behind `gateway`. Where it fails within its budget, the turn of `rules_fallback` stands and says so; without one the turn
    is a refusal that names the error, and `beside` is what plans are compared with. Orders, as `undo` or `run`, are never the model's to read."""

    gateway: Asked
    rules_fallback: Planner | None = None
    beside: Planner | None = None
    shows_values: bool = True  # whether single values of the data go into prompts
    heard: Heard | None = None
    cancelled: Stop | None = None

    def turn(self, situation: Situation) -> Turn:
        """Raises RecipeError for an input that cannot be read, and Cancelled."""
        order = read_order(situation.message, situation)
        if order is not None:
            return order
        refused = limits.out_of_bounds(situation.message, situation.inputs.values())
        if refused:
            return Turn(kind="refuse", message=refused.message, unclear=(situation.message.strip(),), counts=False)
        if not situation.message.strip() or not situation.inputs:
            message = "What shall be done, and with which input?" if situation.inputs else "Which data? Give it with --input."
            return Turn(kind="ask", message=message)
        other = self.rules_fallback or self.beside
        rules = other.turn(situation) if other is not None else None
        if rules is not None and (rules.kind == "order" or (rules.kind == "tell" and situation.recipe is not None)):
            return rules
        before = (self.gateway.budget.spent_tokens, self.gateway.budget.spent_money)
        talk = Talk(self.gateway, situation.seed, self.heard, self.cancelled)
        turn = self._asked(situation, rules, talk)
        budget = self.gateway.budget
        alias = self.gateway.endpoint.alias if talk.asked else ""
        return replace(turn, tokens=budget.spent_tokens - before[0], cost=budget.spent_money - before[1], model=alias, prompt=talk.prompt)

    def _asked(self, situation: Situation, rules: Turn | None, talk: Talk) -> Turn:
        folder = Path.cwd()
        sight = look("\n".join((*situation.said, situation.message)), situation.inputs, situation.cache, folder)
        empty = next((table for table in sight.tables.values() if not table.columns), None)
        if empty is not None:
            return Turn(
                kind="ask", message=f"Input {empty.name!r} ({empty.path}) holds no rows, so there are no columns to plan for. Is it the right file?"
            )
        try:
            made, note = self._stands(situation, sight, rules, talk, folder)
            return replace(self._answered(made, rules), note=note) if note else self._answered(made, rules)
        except Cancelled:
            raise
        except GatewayError as error:
            return self._failed(f"{type(error).__name__}: {error}", rules)
        except Unfit as unfit:
            said = guards.to_person(str(unfit.faults[0]), view.words_of(situation))
            return self._failed(f"its answers could not be used, the last because {said}", rules)

    def _stands(self, situation: Situation, sight: Sight, rules: Turn | None, talk: Talk, folder: Path) -> tuple[Proposal | WordsSaid, str]:
        """An answer that no row has swayed: what the rules planner does not bear out must come again where the model sees no value."""
        endpoint = self.gateway.endpoint
        if endpoint.small:
            shown = view.of_choice(situation, sight, _operators(rules), endpoint)
            return InTwoCalls(talk, Judge(situation, sight, shown, rules, folder), self.shows_values).plan(), ""
        first = self._proposed(situation, sight, rules, talk, folder, self.shows_values)
        if not self.shows_values or self._borne_out(first, rules, situation.recipe):
            return first, ""
        again = self._proposed(situation, sight, rules, talk, folder, False)
        if _kinds(first) == _kinds(again):
            return first, ""
        if isinstance(first, Proposal) and isinstance(again, WordsSaid) and rules is not None and rules.kind == "change":
            raise Unfit(Fault("answer", f"only after it saw values of the data it would take {_told(first)}; without them: {again.text}"))
        return again, f"model {self._alias}: after it saw values of the data it would take {_told(first)}; its answer without them stands"

    def _proposed(self, situation: Situation, sight: Sight, rules: Turn | None, talk: Talk, folder: Path, values: bool) -> Proposal | WordsSaid:
        shown = view.of_plan(situation, sight, _operators(rules), self.gateway.endpoint, values)
        talk.repairs = MOST_REPAIRS
        return talk.about(shown.messages, shown.schema, Judge(situation, sight, shown, rules, folder))

    def _answered(self, made: Proposal | WordsSaid, rules: Turn | None) -> Turn:
        if isinstance(made, Proposal):
            suggestions = rules.suggestions if rules is not None else ()
            return Turn(
                kind="change",
                recipe=made.recipe,
                edits=made.edits,
                clauses=made.clauses,
                unclear=made.unclear,
                suggestions=suggestions,
                planner="llm",
            )
        if rules is not None and self._displaces_words(rules) and made.kind != "tell":
            word = "asked" if made.kind == "ask" else "found missing"
            return replace(rules, note=f"the rules planner understood all of it; the model {self._alias} {word}: {made.text}")
        holds = rules.recipe if made.kind == "ask" and rules is not None and rules.kind == "change" else None
        return Turn(kind=made.kind, message=made.text, recipe=holds, counts=made.kind == "ask", planner="llm")

    def _failed(self, why: str, rules: Turn | None) -> Turn:
        if rules is None or self.rules_fallback is None:
            return Turn(kind="refuse", message=f"model {self._alias}: {why}", planner="llm", counts=False)
        return replace(rules, note=f"the rules planner stands in for the model {self._alias}: {why}")

    def _borne_out(self, made: Proposal | WordsSaid, rules: Turn | None, was: Recipe | None) -> bool:
        """Words that a plan of the rules displaces anyway; other parameters for the operators that are there; or a plan that the rules would
        make, with more only where they understood nothing."""
        if isinstance(made, WordsSaid):
            return self._displaces_words(rules)
        if was is not None and _kinds_of(made.recipe) == _kinds_of(was):
            return True
        return not made.pointless and bears_out(made.clauses, made.recipe, rules)

    def _displaces_words(self, rules: Turn | None) -> bool:
        """Whether the rules planner has a plan for all that was said: no question or refusal of a model stands against that."""
        return self.rules_fallback is not None and rules is not None and rules.kind == "change" and not rules.unclear

    @property
    def _alias(self) -> str:
        return repr(self.gateway.endpoint.alias)


def _operators(rules: Turn | None) -> list[str]:
    return _kinds_of(rules.recipe) if rules is not None and rules.recipe is not None else []


def _kinds(made: Proposal | WordsSaid) -> list[str]:
    return sorted(_kinds_of(made.recipe)) if isinstance(made, Proposal) else [made.kind]


def _kinds_of(recipe: Recipe) -> list[str]:
    return [step.op.partition("@")[0] for step in recipe.steps]


def _told(made: Proposal | WordsSaid) -> str:
    return ", ".join(_kinds(made)) or "no step"
