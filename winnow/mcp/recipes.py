"""Checking, changing, reading and storing recipes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from tools.errors import RecipeError
from winnow import review
from workflows import builtin_recipes, diff
from workflows.check import check as look
from workflows.edits import Edit, applied, told
from workflows.edits.kinds import MOST_EDITS
from workflows.findings import Finding
from workflows.loader import load
from workflows.text import dump

from .answers import Checked, ClauseShown, Edited, FindingShown, Saved, Shown, Stored, StoredRecipe
from .meant import House, InputsGiven, Meant, OutputGiven, RecipeGiven
from .quoting import MOST_RECIPE, MOST_ROWS, UNSEEN, quoted, quoted_all, told_all
from .words import in_tools

MOST_RECIPES = 50
MOST_FINDINGS = 50
MOST_LINES = 200

Edits = Annotated[list[Edit], Field(min_length=1, max_length=MOST_EDITS, description="Carried out in order; what they come to is checked once.")]
NameGiven = Annotated[str, Field(min_length=1, max_length=200, description="NAME, NAME@VERSION or builtin/NAME.")]


@dataclass(frozen=True)
class Recipes:
    """Tools over recipes as text and in the store."""

    house: House

    def check(self, recipe: RecipeGiven, inputs: InputsGiven = "", output: OutputGiven = "") -> Checked:
        """Find all that is wrong with a recipe at once, each with its line and the mend; nothing is run."""
        try:
            meant = self.house.meant(recipe)
        except RecipeError as error:
            if "\n" not in recipe.strip():
                raise  # there is no such recipe
            return Checked(sound=False, errors=[_line(line) for line in str(error).splitlines()[:MOST_FINDINGS]], warnings=[])
        return self._looked_at(meant, inputs, output)

    def edit(self, recipe: RecipeGiven, edits: Edits, inputs: InputsGiven = "", output: OutputGiven = "") -> Edited:
        """Change a recipe by typed edits: gives the new text, the changed lines, and all that the checker finds in it. Nothing is stored."""
        meant = self.house.meant(recipe)
        before = meant.loaded.recipe
        after = applied(before, edits)
        text = dump(after)
        if len(text) > MOST_RECIPE:
            raise RecipeError(f"edits: the recipe would have {len(text):,} characters; here at most {MOST_RECIPE:,} are taken")
        found = self._looked_at(Meant(loaded=load(text, "recipe"), text=text, name="", folder=meant.folder), inputs, output)
        lines = diff.lines(before.model_copy(update={"version": None}), after)
        return Edited(recipe=text, told=told(edits), diff=lines[:MOST_LINES], sound=found.sound, errors=found.errors, warnings=found.warnings)

    def list_recipes(self) -> Stored:
        """List the stored recipes with their goals, and those that come with winnow. One that does nearly what is wanted is a good start."""
        stored = [self._stored(name) for name in self.house.store.list()]
        builtin = [self._builtin(name) for name in builtin_recipes.names()]
        known = [*stored, *builtin]
        return Stored(recipes=known[:MOST_RECIPES], more=max(len(known) - MOST_RECIPES, 0))

    def show_recipe(self, recipe: NameGiven) -> Shown:
        """Read a stored recipe: its text, its goal, and how a planner read that goal."""
        if "\n" in recipe:
            raise RecipeError("recipe: give a name, as list_recipes tells them; a text needs not be shown")
        meant = self.house.meant(recipe)
        made = meant.loaded.recipe
        is_stored = not builtin_recipes.is_builtin(meant.name) and not review.is_file(meant.name)
        plan = self.house.store.load(*review.stored_name(self.house.store, meant.name)).plan if is_stored else None
        return Shown(
            name=meant.name,
            recipe=dump(made) if UNSEEN.search(meant.text) else meant.text,
            goal=made.goal,
            planned_by=None if plan is None else plan.planner,
            clauses=[] if plan is None else [ClauseShown(text=one.text, steps=list(one.steps), evidence=one.evidence) for one in plan.clauses],
            unclear=[] if plan is None else list(plan.unclear),
        )

    def save_recipe(self, recipe: RecipeGiven, inputs: InputsGiven = "") -> Saved:
        """Store a sound recipe's text as the next version of its name. Saving it does not approve it. Needs --allow-save."""
        self.house.grants.must_save()
        if "\n" not in recipe.strip():
            raise RecipeError("recipe: give its whole text; one that is stored needs no saving")
        chosen = self.house.chosen(recipe, inputs, "")
        self.house.writable(chosen)
        saved = review.save(chosen, self.house.store)
        return Saved(name=saved.name, warnings=told_all(saved.warnings))

    def _looked_at(self, meant: Meant, inputs: InputsGiven, output: str) -> Checked:
        given = self.house.given(meant, inputs, output)
        loaded = meant.loaded
        found = look(loaded.recipe, meant.folder, self.house.store.cache, inputs=given.inputs, output=given.output, lines=loaded.lines)
        return Checked(sound=not found.errors, errors=_found(found.errors), warnings=_found(found.warnings))

    def _stored(self, name: str) -> StoredRecipe:
        store = self.house.store
        versions = store.versions(name)
        recipe = store.load(name).recipe
        return StoredRecipe(
            name=name,
            versions=list(versions[-MOST_ROWS:]),
            approved=review.latest_approved(store, name),
            reads=quoted_all(builtin_recipes.reads(recipe)),
            goal=recipe.goal,
        )

    def _builtin(self, name: str) -> StoredRecipe:
        recipe = load(builtin_recipes.text_of(name), name).recipe
        return StoredRecipe(name=name, versions=[], approved=None, reads=list(builtin_recipes.reads(recipe)), goal=recipe.goal)


def _found(findings: Iterable[Finding]) -> list[FindingShown]:
    return [
        FindingShown(
            line=one.line,
            part=one.part,
            name=quoted(one.step),
            key=quoted(one.key),
            value=quoted(one.value),
            message=in_tools(one.message),
            mend=in_tools(one.mend.lstrip("; ")),
        )
        for one in list(findings)[:MOST_FINDINGS]
    ]


def _line(text: str) -> FindingShown:
    """A line of the loader: `PLACE:LINE: what is wrong; the mend`."""
    place, _, said = text.partition(": ")
    number = place.rpartition(":")[2]
    message, _, mend = (said or text).partition("; ")
    return FindingShown(line=int(number) if number.isdecimal() else None, part="recipe", name="", key="", value="", message=message, mend=mend)
