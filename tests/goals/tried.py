"""Plays goals up to the preview: the planner's draft, and the rows of the sample before and after."""

from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML

from agents.draft import Draft
from agents.rules.planner import plan
from tests.goals import runner
from workflows.check import check
from workflows.engine import SampleRows, preview
from workflows.recipe import Recipe

DEV = runner.ROOT / "shared" / "goals" / "dev.yaml"


def cases() -> list[dict[str, object]]:
    """Our goals and the public ones."""
    return [*runner.cases(), *YAML(typ="safe").load(DEV.read_text(encoding="utf-8"))]


def drafted(case: Mapping[str, object], folder: Path) -> tuple[Draft, dict[str, str], str]:
    """(the planner's draft, the inputs' paths, the output's path) of a goal, with the inputs written to a folder."""
    inputs: dict[str, str] = {}
    for spec in case["inputs"]:  # type: ignore[attr-defined]
        if not spec.get("hidden"):
            runner._given(spec, rows_of(spec), folder)
            inputs[spec["name"]] = f"{folder}/{spec['name']}/" if "files" in spec else f"{folder}/{spec['name']}.{spec.get('format', 'jsonl')}"
    output = f"{folder}/{case['output'].get('path') or 'OUT.' + case['output']['format']}"  # type: ignore[index]
    return plan(str(case["goal"]), inputs, output, cache=folder / "cache"), inputs, output


def rows_of(spec: Mapping[str, object]) -> list[runner.Row]:
    """As the runner has them; a query that DuckDB's reader of JSON refuses is asked over the rows of its main table only."""
    return runner.rows_of(spec)


def sampled(recipe: Recipe, inputs: Mapping[str, str], output: str, folder: Path) -> SampleRows | None:
    """The rows of the preview; none where the recipe does not hold."""
    checked = check(recipe, folder, folder / "cache", inputs=dict(inputs), output=output if len(recipe.outputs) == 1 else None)
    if checked.graph is None:
        return None
    seen: list[SampleRows] = []
    preview(checked.graph, folder / "cache", examples=False, look=seen.append)
    return seen[0]
