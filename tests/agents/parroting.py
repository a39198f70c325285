"""A model that says what the rules plan: the same recipe must come of it, or there is something that a model cannot say."""

from pathlib import Path

from agents.llm.planner import LlmPlanner
from agents.rules.turns import RulesPlanner
from agents.turns import Situation, Turn
from tests.agents.injecting import Known
from tests.agents.scripted import Scripted, parroted
from workflows.recipe import Recipe, Step


def differences(goal: str, names: str, data: Path, cache: Path) -> list[str]:
    """What is otherwise in the model's recipe for a goal."""
    inputs = {name: str(data / f"{name}.jsonl") for name in names.split()}
    situation = Situation(message=goal, inputs=inputs, output=str(data / "OUT.jsonl"), cache=cache)
    rules = RulesPlanner().turn(situation)
    assert rules.recipe is not None
    said = LlmPlanner(Scripted(parroted(rules)), Known(rules)).turn(situation)
    return _differences(goal, said, rules.recipe)


def _differences(goal: str, said: Turn, wanted: Recipe) -> list[str]:
    if said.planner != "llm" or said.recipe is None:
        return [f"{goal}: {said.note}"]
    pairs = zip(map(_bare, said.recipe.steps), map(_bare, wanted.steps), strict=True)
    found = [f"{goal}: {one} in place of {other}" for one, other in pairs if one != other]
    if said.recipe.outputs != wanted.outputs or said.recipe.sources != wanted.sources:
        found.append(f"{goal}: {said.recipe.outputs} {said.recipe.sources}")
    return found


def _bare(step: Step) -> tuple[object, ...]:
    """A step without its reason; one column bound is the same in its short and its long form."""
    on = next(iter(step.on.values())) if isinstance(step.on, dict) and len(step.on) == 1 else step.on
    return step.id, step.op, step.rows, on, step.params, step.rename, step.nulls, step.keep_measures
