"""What the readers of follow-ups see, and what they answer: edits, or a question."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from agents.draft import Draft
from agents.turns import Situation
from tools.errors import RecipeError
from workflows.check import check
from workflows.edits import Edit, applied
from workflows.recipe import Recipe, Step

from ..planner import plan
from ..profile import Table, names_of, profile
from .said import Said

BETWEEN = "\n\n"  # messages are sentences of their own


def joined(said: Iterable[str]) -> str:
    """What was said, as one goal."""
    return BETWEEN.join(one for one in said if one)


@dataclass(frozen=True)
class Change:
    """What a message comes to, and one line that says so."""

    edits: tuple[Edit, ...]
    told: str
    steps: tuple[str, ...] = ()  # that it is about
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Doubt:
    """It could mean several things, or meets nothing. `options` are messages that could be said in its place."""

    why: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Now:
    """The recipe as it is while a message is read, and the situation it came in."""

    recipe: Recipe
    situation: Situation
    drafts: dict[str, Draft] = field(default_factory=dict, compare=False)  # of goals planned while this message is read

    def after(self, change: Change) -> "Now":
        return replace(self, recipe=applied(self.recipe, change.edits))

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The inputs, looked at."""
        given = names_of(self.situation.inputs)
        return {name: profile(name, path, Path.cwd(), self.situation.cache) for name, path in given.items()}

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns of the inputs, each once."""
        return tuple(dict.fromkeys(name for table in self.tables.values() for name in table.names))

    def planned(self, goal: str) -> Draft:
        """What the planner makes of a goal over these inputs, at most once a message."""
        if goal not in self.drafts:
            here = self.situation
            self.drafts[goal] = plan(goal, here.inputs, here.output, cache=here.cache, seed=here.seed)
        return self.drafts[goal]

    @property
    def goal(self) -> str:
        """What was asked for, without changes of steps: the recipe's own goal, which goes back where a person goes back."""
        return self.recipe.goal or joined(self.situation.said)

    def step(self, name: str) -> Step | None:
        return next((step for step in self.recipe.steps if step.id == name), None)

    @property
    def last_said(self) -> tuple[str, ...]:
        """Steps in the order in which they were spoken of, the last first; those that no clause led to come last."""
        here = {step.id for step in self.recipe.steps}
        said = [name for clause in reversed(self.situation.clauses) for name in reversed(clause.steps) if name in here]
        return tuple(dict.fromkeys([*said, *(step.id for step in reversed(self.recipe.steps))]))

    def fault(self, recipe: Recipe) -> str:
        """The first thing that is wrong with a recipe over these inputs; empty where it holds."""
        given = {name: path for name, path in names_of(self.situation.inputs).items() if name in recipe.sources}
        output = next(iter(recipe.outputs.values())).path if len(recipe.outputs) == 1 and self.situation.output else None
        try:
            errors = check(recipe, Path.cwd(), self.situation.cache, inputs=given, output=output).errors
        except RecipeError as error:
            return str(error)
        return str(errors[0]) if errors else ""


Reader = Callable[[Said, Now], Change | Doubt | None]


def port_of(step: str, recipe: Recipe) -> str:
    """The port that goes on from a step: `dropped` where nothing reads the other."""
    from workflows.edits.edges import edges

    read = [edge for edge in edges(recipe) if edge.partition(".")[0] == step]
    return "dropped" if read and all(edge == f"{step}.dropped" for edge in read) else "kept"
