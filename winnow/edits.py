"""Small changes of a recipe from the command line: `--set STEP.key=value` and `--limit N`."""

import json
from collections.abc import Sequence

from tools.names import nearest
from workflows.recipe import Recipe, Step

from .answer import BadUsage

Edge = str | list[str] | dict[str, str | list[str]]


def with_changes(recipe: Recipe, changes: Sequence[str]) -> Recipe:
    """The recipe with other parameters. A value is read as JSON where it is JSON, else as text."""
    for change in changes:
        place, equals, text = change.partition("=")
        step_id, dot, key = place.partition(".")
        if not (equals and dot and step_id and key):
            raise BadUsage(f"--set {change!r}: write STEP.key=value, as in --set long_enough.at_least=40")
        known = [step.id for step in recipe.steps]
        if step_id not in known:
            raise BadUsage(f"--set {change!r}: the recipe has no step {step_id!r}{nearest(step_id, known)}; it has {', '.join(known)}")
        steps = [step.model_copy(update={"params": {**step.params, key: _value(text)}}) if step.id == step_id else step for step in recipe.steps]
        recipe = recipe.model_copy(update={"steps": steps, "version": None})
    return recipe


def limited(recipe: Recipe, rows: int) -> Recipe:
    """The recipe over the first rows of each input; inputs that are only looked up stay whole."""
    taken = {step.id for step in recipe.steps} | set(recipe.sources)
    names: dict[str, str] = {}
    for source in recipe.sources:
        name = f"first_of_{source}"
        while name in taken:
            name += "_"
        names[source] = name
    steps = [step.model_copy(update={"rows": _renamed(step.rows, names)}) for step in recipe.steps]
    outputs = {name: spec.model_copy(update={"rows": _renamed(spec.rows, names)}) for name, spec in recipe.outputs.items()}
    read = {one for rows_ in (*(step.rows for step in steps), *(spec.rows for spec in outputs.values())) for one in _edges(rows_)}
    firsts = [
        Step.model_validate({"id": name, "op": "first_n@1", "from": source, "with": {"rows": rows}}) for source, name in names.items() if name in read
    ]
    return recipe.model_copy(update={"steps": [*firsts, *steps], "outputs": outputs, "version": None})


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _renamed(rows: Edge, names: dict[str, str]) -> Edge:
    if isinstance(rows, str):
        return names.get(rows, rows)
    if isinstance(rows, list):
        return [names.get(one, one) for one in rows]
    kept: dict[str, str | list[str]] = {}
    for name, edge in rows.items():
        renamed = edge if name == "against" else _renamed(edge, names)
        assert not isinstance(renamed, dict)
        kept[name] = renamed
    return kept


def _edges(rows: Edge) -> list[str]:
    if isinstance(rows, str):
        return [rows]
    return [one for edge in (rows if isinstance(rows, list) else rows.values()) for one in _edges(edge)]
