"""What becomes of a model's answer: a recipe that holds and that the person asked for, or faults."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agents.draft import Clause
from agents.rules.followups.outcome import joined
from agents.rules.profile import names_of
from agents.turns import Situation, Turn
from tools.errors import RecipeError
from workflows.check import check
from workflows.edits import Edit, applied, between
from workflows.findings import Finding
from workflows.recipe import Recipe

from . import changing, guards
from .agreement import Account, account, speaks_of_columns
from .answers import Claim, EditsSaid, Fault, PlanSaid, Reader, Unfit, WordsSaid
from .building import Ground, used
from .data import Sight
from .view import View, without_paths, words_of


@dataclass(frozen=True)
class Proposal:
    """A recipe that holds, and how it came of the person's words."""

    recipe: Recipe
    clauses: tuple[Clause, ...]
    unclear: tuple[str, ...]
    edits: tuple[Edit, ...] = ()
    pointless: tuple[str, ...] = ()  # steps that no word of the person speaks of


@dataclass(frozen=True)
class Judge:
    """Holds answers to one message against everything that must be true of them."""

    situation: Situation
    sight: Sight
    view: View
    rules: Turn | None
    folder: Path

    def __call__(self, data: Mapping[str, Any]) -> Proposal | WordsSaid:
        """Raises Unfit."""
        claims, said = Reader(self.view.cards, self.view.files).read(data)
        if isinstance(said, WordsSaid):
            return self.words(said)
        return self.changed(said, claims) if isinstance(said, EditsSaid) else self.planned(said, claims)

    def words(self, said: WordsSaid) -> WordsSaid:
        """A question or refusal as a person may see it. Raises Unfit where it says nothing."""
        shown = guards.to_person(said.text, words_of(self.situation))
        if not any(sign.isalpha() for sign in shown):
            raise Unfit(Fault(f"answer.{said.kind}", "says nothing", "words for the person"))
        return replace(said, text=shown)

    def planned(self, said: PlanSaid, claims: Sequence[Claim]) -> Proposal:
        """A whole recipe. Raises Unfit."""
        words = words_of(self.situation)
        ground = self._ground()
        said = replace(said, outputs=tuple(one if self._may_cut(one.columns) else replace(one, columns=None) for one in said.outputs))
        made = ground.build(said, {})
        told = account(words, claims, made, [step.id for step in said.steps], self.rules)
        made = _explained(made, told)
        self._hold(made, ground.recipe, told)
        was = self.situation.recipe
        return Proposal(made, told.clauses, told.unclear, tuple(between(was, made)) if was else (), told.pointless)

    def changed(self, said: EditsSaid, claims: Sequence[Claim]) -> Proposal:
        """The recipe that stands, with edits. Raises Unfit."""
        was = self.situation.recipe
        if was is None:
            raise Unfit(Fault("answer.kind", "there is no recipe to edit", "plan, ask or refuse"))
        ground = self._ground().recipe
        made = _applied(was.model_copy(update={"sources": ground.sources, "goal": ground.goal}), changing.edits(said, was))
        made = made.model_copy(update={"sources": used(made)})
        before = {step.id: step for step in was.steps}
        fresh = [step.id for step in made.steps if step.id not in before]
        touched = [step.id for step in made.steps if step != before.get(step.id)]
        gone = {*before} - {step.id for step in made.steps}
        other = {name for name, spec in made.outputs.items() if spec != was.outputs.get(name)} | ({"checks"} if made.checks != was.checks else set())
        told = account(self.situation.message, claims, made, fresh or touched, None, {*gone, *other})
        made = _explained(made, told, fresh)
        if made.model_copy(update={"goal": was.goal}) == was:
            raise Unfit(Fault("edits", "change nothing", "an edit that changes the recipe, or `tell`"))
        self._hold(made, ground, replace(told, unasked=tuple(name for name in told.unasked if name in fresh)))
        old = [replace(one, steps=tuple(name for name in one.steps if name not in gone)) for one in self.situation.clauses]
        unclear = tuple(dict.fromkeys((*self.situation.unclear, *told.unclear)))
        return Proposal(made, (*old, *told.clauses), unclear, tuple(between(was, made)), told.pointless)

    def _ground(self) -> Ground:
        fresh = Ground.new(self._goal(), self.sight, self.situation.output, self.situation.seed)
        was = self.situation.recipe
        if was is None:
            return fresh
        return Ground(was.model_copy(update={"goal": self._goal(), "sources": {**fresh.recipe.sources, **was.sources}}))

    def _goal(self) -> str:
        """What the recipe is for: all that was asked, with this message."""
        was = self.situation.recipe
        return joined([was.goal or "" if was else joined(self.situation.said), self.situation.message.strip()])

    def _may_cut(self, columns: Iterable[str] | None) -> bool:
        """Columns go only where the person spoke of columns."""
        return columns is None or speaks_of_columns(words_of(self.situation), columns)

    def _hold(self, made: Recipe, before: Recipe, told: Account) -> None:
        """Raises Unfit with all that is wrong with it."""
        faults = list(guards.strangers(made, before, words_of(self.situation), self.view.cards.keys(), self._columns()))
        faults += [Fault(f"{name}", "answers no part of what the person said", "take it out, or name the part in `clauses`") for name in told.unasked]
        faults += checked(made, self.situation, self.folder)
        if faults:
            raise Unfit(
                *(
                    replace(one, message=without_paths(one.message, self.situation), allowed=without_paths(one.allowed, self.situation))
                    for one in faults
                )
            )

    def _columns(self) -> set[str]:
        return {name for table in self.sight.tables.values() for name in table.names}


def checked(recipe: Recipe, situation: Situation, folder: Path) -> list[Fault]:
    """What the checker says of a recipe with the person's inputs and output."""
    paths = {name: path for name, path in names_of(situation.inputs).items() if name in recipe.sources}
    output = situation.output if len(recipe.outputs) == 1 else None
    try:
        found = check(recipe, folder, situation.cache, inputs=paths, output=output)
    except RecipeError as error:
        return [Fault("recipe", str(error))]
    return [_fault(one) for one in found.errors]


def _fault(found: Finding) -> Fault:
    place = ".".join(part for part in (f"{found.part} {found.step}".strip(), found.key) if part)
    return Fault(place, found.message, found.mend.lstrip("; :"))


def _applied(recipe: Recipe, edits: Iterable[Edit]) -> Recipe:
    try:
        return applied(recipe, edits)
    except RecipeError as error:
        raise Unfit(Fault("edits", str(error))) from None


def _explained(recipe: Recipe, told: Account, only: Iterable[str] | None = None) -> Recipe:
    """Each step with the words of the person that it answers."""
    may = set(told.why if only is None else only)
    steps = [step.model_copy(update={"why": told.why[step.id]}) if step.id in told.why and step.id in may else step for step in recipe.steps]
    return recipe.model_copy(update={"steps": steps})
