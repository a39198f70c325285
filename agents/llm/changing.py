"""Makes typed edits of what a model answered to a follow-up; paths, sources, name and seed are out of its reach."""

from collections.abc import Iterable, Mapping
from typing import Any

from agents.rules.routing import beside
from tools.cards import summaries
from tools.errors import RecipeError
from workflows.edits import Add, Edit, Output, parse
from workflows.recipe import OutputSpec, Recipe, Step

from . import portable
from .answers import EditsSaid, Fault, Unfit

MAY = ("add", "remove", "move", "set", "connect", "rename", "output", "check")


def edits(said: EditsSaid, recipe: Recipe) -> tuple[Edit, ...]:
    """Raises Unfit for what is no edit, or none that a model may make."""
    made: list[Edit] = []
    for number, given in enumerate(said.edits):
        path = f"edits.{number}"
        if given.get("do") not in MAY:
            raise Unfit(Fault(f"{path}.do", f"{str(given.get('do'))[:40]!r} is no edit", ", ".join(MAY)))
        try:
            made.append(_edit(given, recipe, [one.step for one in made if isinstance(one, Add)]))
        except RecipeError as error:
            raise Unfit(Fault(path, str(error))) from None
    return tuple(made)


def _edit(given: Mapping[str, Any], recipe: Recipe, added: Iterable[Step]) -> Edit:
    match given["do"]:
        case "add":
            return Add(step=_tied(given["step"], recipe))
        case "output":
            return _output(given, recipe)
        case "set" if given.get("key") == "why":
            raise RecipeError("`why` holds the person's words; leave it")
        case "set":
            value = _value(given, [*recipe.steps, *added])
            (edit,) = parse([{**given, "value": value, "off": value is None and given.get("value") == portable.NO_VALUE}])
        case "connect":
            rows = given.get("rows")
            (edit,) = parse([{**given, "rows": rows[0] if isinstance(rows, list) and len(rows) == 1 else rows or None}])
        case _:
            (edit,) = parse([dict(given)])
    return edit


def _tied(step: Step, recipe: Recipe) -> Step:
    """A step that says nothing of where it reads from stands before the first output."""
    rows = step.rows
    if isinstance(rows, dict) and not rows.get("rows"):
        return step.model_copy(update={"rows": {**rows, "rows": _end(recipe)}})
    return step if rows else step.model_copy(update={"rows": _end(recipe)})


def _end(recipe: Recipe) -> str | list[str]:
    return next(iter(recipe.outputs.values())).rows


def _output(given: Mapping[str, Any], recipe: Recipe) -> Edit:
    name, rows = str(given.get("name")), given.get("from")
    first = next(iter(recipe.outputs.values()))
    if name not in recipe.outputs and not (name.isidentifier() and name.isascii() and len(name) <= 40):
        raise RecipeError(f"{name[:60]!r} is no name of an output; there are {', '.join(recipe.outputs)}")
    spec = recipe.outputs.get(name) or first.model_copy(update={"path": beside(first.path, name)})
    edges = [str(one) for one in rows] if isinstance(rows, list) else [str(rows)]
    return Output(name=name, spec=OutputSpec.model_validate({**spec.model_dump(by_alias=True), "from": edges[0] if len(edges) == 1 else edges}))


def _value(given: Mapping[str, Any], steps: Iterable[Step]) -> object:
    """As the parameter wants it: 40 for 40.0; an operator with its version."""
    key, value = str(given.get("key")), given.get("value")
    step = next((one for one in steps if one.id == given.get("step")), None)
    if key == "op":
        card = summaries().get(str(value).partition("@")[0])
        return f"{card.name}@{card.version}" if card else value
    card = summaries().get(step.op.partition("@")[0]) if step else None
    name = key.removeprefix("with.")
    return portable.read(value, card.params[name]) if card and key.startswith("with.") and name in card.params else value
