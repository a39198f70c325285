"""A planner's answer to a goal, ready to be looked at, tried, edited and run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tools.errors import RecipeError
from workflows.recipe import Step

from . import work
from .build import Recipe
from .python_words import python_words
from .results import Result

if TYPE_CHECKING:
    from agents.draft import Clause


@dataclass(frozen=True, kw_only=True, repr=False)
class Plan:
    """A planner's answer to a goal. `draft` has a recipe; `ask` and `refuse` have a message."""

    status: Literal["draft", "ask", "refuse"]
    message: str  # the question, or why it is refused
    clauses: "tuple[Clause, ...]"  # each part of the goal, the steps it led to, and by which words
    unclear: tuple[str, ...]  # parts that no step answers
    suggestions: tuple[str, ...] = ()  # words that could be added to the goal; nothing was added unasked
    inputs: Mapping[str, str]  # name → where the rows lie
    output: str | None
    made: Recipe | None

    @property
    def recipe(self) -> Recipe:
        """Raises RecipeError with the planner's question or refusal where there is no recipe."""
        if self.made is None:
            raise RecipeError(self.message)
        return self.made

    @property
    def steps(self) -> Sequence[Step]:
        """Of the recipe."""
        return self.recipe.steps

    @property
    def text(self) -> str:
        """The recipe's YAML."""
        return self.recipe.text

    def preview(self, *, rows: int = 1000, all_rows: bool | None = None) -> work.Preview:
        """Try the recipe on about so many rows; no output is written. `all_rows` as for `Recipe.preview`."""
        return self.recipe.preview(self.inputs, rows=rows, all_rows=all_rows)

    def run(self, output: str | None = None, *, yes: bool = False, workers: int | None = None, overwrite: bool = False) -> Result:
        """Run the recipe; see `winnow.run`."""
        from workflows.planned import Planned

        record = Planned.of("rules", self.recipe.goal or "", self.clauses, self.unclear, self.suggestions)
        with python_words():
            return work.run(self.recipe.plain, self.inputs, output or self.output, yes=yes, workers=workers, overwrite=overwrite, plan=record)

    def __repr__(self) -> str:
        if self.made is None:
            return f"<{self.status}: {self.message}>"
        steps = " → ".join(step.op.partition("@")[0] for step in self.made.steps)
        return f"<draft: {steps or 'every row as it is'}{''.join(f'; not understood: {part!r}' for part in self.unclear)}>"

    def _repr_html_(self) -> str:
        from workflows.report.drawing import recipe_drawing
        from workflows.report.page import piece

        return piece("plan", plan=self, drawing=None if self.made is None else recipe_drawing(self.made, None, {}))
