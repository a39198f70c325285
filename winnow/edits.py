"""Small changes of a recipe from the command line: `--set STEP.key=value`, `--column NEW=OLD` and `--limit N`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.names import nearest

from .answer import BadUsage

if TYPE_CHECKING:
    from workflows.recipe import Recipe

Edge = str | list[str] | dict[str, str | list[str]]


@dataclass(frozen=True, kw_only=True)
class Edits:
    """How a recipe is changed for one use of it; false where it is not."""

    changes: Sequence[str] = ()  # STEP.key=value
    columns: Sequence[str] = ()  # NEW=OLD
    limit: int | None = None

    def __bool__(self) -> bool:
        return bool(self.changes or self.columns or self.limit)

    def of(self, recipe: "Recipe") -> "Recipe":
        """The recipe so changed."""
        recipe = with_columns(with_changes(recipe, self.changes), self.columns)
        return recipe if self.limit is None else limited(recipe, self.limit)


def with_changes(recipe: "Recipe", changes: Sequence[str]) -> "Recipe":
    """The recipe with other parameters. A value is read as JSON where it is JSON, else as text."""
    from workflows.edits import Set, applied

    for change in changes:
        place, equals, text = change.partition("=")
        step_id, dot, key = place.partition(".")
        if not (equals and dot and step_id and key):
            raise BadUsage(f"--set {change!r}: write STEP.key=value, as in --set long_enough.at_least=40")
        known = [step.id for step in recipe.steps]
        if step_id not in known:
            raise BadUsage(f"--set {change!r}: the recipe has no step {step_id!r}{nearest(step_id, known)}; it has {', '.join(known)}")
        value = _value(text)
        recipe = applied(recipe, [Set(step=step_id, key=f"with.{key}", value=value, off=value is None)])
    return recipe


def limited(recipe: "Recipe", rows: int) -> "Recipe":
    """The recipe over the first rows of each input; inputs that are only looked up stay whole."""
    return _headed(recipe, "first_of", {"op": "first_n@1", "with": {"rows": rows}})


def with_columns(recipe: "Recipe", columns: Sequence[str]) -> "Recipe":
    """The recipe over rows whose column OLD it knows as NEW; inputs that are only looked up keep their names."""
    names: dict[str, str] = {}
    for text in columns:
        new, equals, old = text.partition("=")
        if not (equals and new and old):
            raise BadUsage(f"--column {text!r}: write NEW=OLD, the recipe's name and yours, as in --column text=body")
        if old in names or new in names.values():
            raise BadUsage(f"--column {text!r}: {(old if old in names else new)!r} is given twice; a column has one name")
        names[old] = new
    if not names:
        return recipe
    return _headed(_told(recipe, names), "columns_of", {"op": "rename@1", "with": {"names": names}})


def _told(recipe: "Recipe", names: dict[str, str]) -> "Recipe":
    """Types that the recipe states are stated of the columns as the files name them."""
    old = {new: name for name, new in names.items()}
    sources = {
        source: spec.model_copy(update={"columns": {old.get(name, name): kind for name, kind in spec.columns.items()}})
        for source, spec in recipe.sources.items()
    }
    return recipe.model_copy(update={"sources": sources})


def _headed(recipe: "Recipe", word: str, step: dict[str, object]) -> "Recipe":
    """The recipe with a step between each source and whatever takes its rows."""
    from workflows.recipe import Step

    taken = {step.id for step in recipe.steps} | set(recipe.sources)
    names: dict[str, str] = {}
    for source in recipe.sources:
        name = f"{word}_{source}"
        while name in taken:
            name += "_"
        names[source] = name
    steps = [step.model_copy(update={"rows": _renamed(step.rows, names)}) for step in recipe.steps]
    outputs = {name: spec.model_copy(update={"rows": _renamed(spec.rows, names)}) for name, spec in recipe.outputs.items()}
    read = {one for rows in (*(step.rows for step in steps), *(spec.rows for spec in outputs.values())) for one in _edges(rows)}
    heads = [Step.model_validate({"id": name, "from": source, **step}) for source, name in names.items() if name in read]
    return recipe.model_copy(update={"steps": [*heads, *steps], "outputs": outputs, "version": None})


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
