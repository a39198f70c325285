"""Edges of a recipe: who reads whom, and how they are tied anew."""

from collections.abc import Iterator
from typing import TypeAlias

from ..recipe import Recipe, Step

Rows: TypeAlias = str | list[str]
Given: TypeAlias = str | list[str] | dict[str, str | list[str]]


def main(given: Given) -> Rows:
    """The rows that a step works on, without those that it only looks up."""
    return given.get("rows", []) if isinstance(given, dict) else given


def against(given: Given) -> Rows | None:
    return given.get("against") if isinstance(given, dict) else None


def joined(rows: Rows, looked_up: Rows | None) -> Given:
    return rows if looked_up is None else {"rows": rows, "against": looked_up}


def listed(rows: Rows) -> list[str]:
    return [rows] if isinstance(rows, str) else list(rows)


def plain(rows: list[str]) -> Rows:
    """One edge as a text; the same edge once."""
    once = list(dict.fromkeys(rows))
    return once[0] if len(once) == 1 else once


def edges(recipe: Recipe) -> Iterator[str]:
    """All edges that are read."""
    for step in recipe.steps:
        yield from listed(main(step.rows))
        yield from listed(against(step.rows) or [])
    for spec in recipe.outputs.values():
        yield from listed(spec.rows)


def relinked(recipe: Recipe, before: Rows, after: Rows, but: str = "") -> Recipe:
    """Whoever reads exactly these rows, or has them all among others, reads those. What is only looked up stays; so does the step `but`."""
    steps = [step if step.id == but else step.model_copy(update={"rows": _given(step.rows, before, after)}) for step in recipe.steps]
    outputs = {name: spec.model_copy(update={"rows": replaced(spec.rows, before, after)}) for name, spec in recipe.outputs.items()}
    return recipe.model_copy(update={"steps": steps, "outputs": outputs})


def replaced(rows: Rows, before: Rows, after: Rows) -> Rows:
    have, gone = listed(rows), listed(before)
    if not set(gone) <= set(have):
        return rows
    place = have.index(gone[0])
    return plain([*have[:place], *listed(after), *(one for one in have[place:] if one not in gone)])


def renamed(given: Given, old: str, new: str) -> Given:
    """Edges with another name for one step."""
    if isinstance(given, dict):
        return {name: _renamed(rows, old, new) for name, rows in given.items()}
    return _renamed(given, old, new)


def in_running_order(steps: list[Step]) -> list[Step]:
    """Each step after those that it reads, else in the order given. Steps in a circle stay where they are."""
    order: list[Step] = []
    waiting = {step.id: step for step in steps}
    while waiting:
        ready = next((step for step in waiting.values() if not _needs(step) & (waiting.keys() - {step.id})), None)
        if ready is None:
            return [*order, *waiting.values()]
        order.append(waiting.pop(ready.id))
    return order


def _needs(step: Step) -> set[str]:
    return {edge.partition(".")[0] for edge in (*listed(main(step.rows)), *listed(against(step.rows) or []))}


def _given(given: Given, before: Rows, after: Rows) -> Given:
    return joined(replaced(main(given), before, after), against(given))


def _renamed(rows: Rows, old: str, new: str) -> Rows:
    def one(edge: str) -> str:
        name, dot, port = edge.partition(".")
        return f"{new}{dot}{port}" if name == old else edge

    return [one(edge) for edge in rows] if isinstance(rows, list) else one(rows)
