"""Plays goals up to the preview: the planner's draft, and the rows of the sample before and after."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from agents.draft import Clause, Draft
from agents.rules.clauses import split
from agents.rules.planner import plan
from tests.goals import runner
from tools.errors import RecipeError
from winnow.evaluation.cases import Case, load
from winnow.evaluation.given import Given
from winnow.evaluation.judging import Trusting
from workflows.check import check
from workflows.engine.preview import preview
from workflows.engine.sample_rows import SampleRows
from workflows.recipe import Recipe

UNREAD = ("d34",)  # its query names fields that DuckDB's reader of JSON refuses; the public runner reads them another way
DEV = runner.ROOT / "shared" / "goals" / "dev.yaml"


def cases() -> list[Case]:
    """Our goals and the public ones that can be read here."""
    return [*runner.goals(), *(case for case in load(DEV, runner.ROOT)[0] if case.id not in UNREAD)]


def drafted(case: Case, folder: Path) -> tuple[Draft, dict[str, str], str]:
    """(the planner's draft, the inputs' paths, the output's path) of a goal, with the inputs written to a folder."""
    inputs = {spec.name: Given(spec, runner.ROOT, folder, Trusting()).place() for spec in case.inputs if not spec.hidden}
    output = f"{folder}/{case.output.path or 'OUT.' + case.output.format}"
    return plan(case.goal, inputs, output, cache=folder / "cache"), inputs, output


def sampled(recipe: Recipe, inputs: Mapping[str, str], output: str, folder: Path) -> SampleRows | None:
    """The rows of the preview; none where the recipe does not hold or cannot run."""
    checked = check(recipe, folder, folder / "cache", inputs=dict(inputs), output=output if len(recipe.outputs) == 1 else None)
    if checked.graph is None:
        return None
    seen: list[SampleRows] = []
    try:
        preview(checked.graph, folder / "cache", examples=False, look=seen.append)
    except RecipeError:
        return None
    return seen[0]


def with_recipe(draft: Draft, recipe: Recipe) -> Draft:
    """The same draft with another recipe."""
    return replace(draft, recipe=recipe)


def draft_of(goal: str, recipe: Recipe) -> Draft:
    """A draft in which every clause led to every step."""
    steps = tuple(step.id for step in recipe.steps)
    return Draft(status="draft", recipe=recipe, clauses=tuple(Clause(text=phrase.text, steps=steps) for phrase in split(goal)))


def one_step(name: str, path: str, step: Mapping[str, object]) -> Recipe:
    """A recipe of one input, one step and one output."""
    spec = {
        "name": "one",
        "sources": {name: {"path": path}},
        "steps": [{"from": name, **step}],
        "outputs": {"out": {"from": step["id"], "path": "OUT.jsonl"}},
    }
    return Recipe.model_validate(spec, by_alias=True, by_name=True)
