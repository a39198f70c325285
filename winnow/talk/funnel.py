"""The recipe drawn as a funnel: a line a step, how many rows are left, and where a line does not read the one before it."""

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.edits.edges import against, listed, main
from workflows.recipe import Recipe, Step

from ..render import one_line

WIDTH = 24
PARTS = " ▏▎▍▌▋▊▉█"
Seen = Mapping[str, Any]  # a preview as JSON


def lines(recipe: Recipe, seen: Seen | None) -> list[str]:
    """One line a source, step and output."""
    steps = {one["id"]: one for one in (seen or {}).get("steps", ())}
    rows = {name: _rows(steps.get(name)) for name in steps}
    most = max([(seen or {}).get("total_rows") or 0, *(one for one in rows.values() if one is not None)], default=0)
    head = [("", name, _total(recipe, seen), "", "") for name in recipe.sources if name in _used(recipe)]
    body = [
        (_from(recipe, number), step.id, rows.get(step.id), _operator(step), _what(step, steps.get(step.id)))
        for number, step in enumerate(recipe.steps)
    ]
    foot = [(_ends(recipe, spec.rows), f"→ {one_line(spec.path, 60)}", None, "", "") for spec in recipe.outputs.values()]
    return list(_drawn([*head, *body, *foot], most))


def _drawn(rows: list[tuple[str, str, float | None, str, str]], most: float) -> Iterator[str]:
    name_width = max((len(name) for _, name, count, *_ in rows if count is not None or not name.startswith("→")), default=0)
    operator_width = max((len(operator) for *_, operator, _ in rows), default=0)
    for edge, name, count, operator, what in rows:
        if name.startswith("→"):
            yield f"  {name}{f'   from {edge}' if edge else ''}"
            continue
        told = "" if count is None else f"{round(count):,}"
        bar = "" if count is None or not most else _bar(count / most)
        yield f"  {name:<{name_width}}  {operator:<{operator_width}}  {told:>12}  {bar:<{WIDTH}}  {what}{f'   from {edge}' if edge else ''}".rstrip()


def _bar(share: float) -> str:
    eighths = round(min(max(share, 0.0), 1.0) * WIDTH * 8)
    return PARTS[8] * (eighths // 8) + (PARTS[eighths % 8] if eighths % 8 else "") or PARTS[1]


def _rows(step: Seen | None) -> float | None:
    return None if step is None else step["rows_out"]


def _total(recipe: Recipe, seen: Seen | None) -> float | None:
    """Rows of the only source; of several the preview tells no number each."""
    return seen["total_rows"] if seen and len(recipe.sources) == 1 else None


def _operator(step: Step) -> str:
    return step.op.partition("@")[0]


def _what(step: Step, seen: Seen | None) -> str:
    """Parameters, and what is not known yet."""
    told = ", ".join(f"{key} {one_line(value, 40)}" for key, value in step.params.items())
    on = step.on if isinstance(step.on, str) else None
    note = ""
    if seen is not None and seen["rows_out"] is None:
        note = "known when all rows were read"
    elif seen is not None and seen["changed"]:
        note = f"changes {seen['changed']:,} of {seen['rows_in']:,} seen"
    return "; ".join(part for part in (f"{on}: {told}" if on and told else on or told, note) if part)


def _from(recipe: Recipe, number: int) -> str:
    """Where a step reads from, unless it is the step before or the only source."""
    step = recipe.steps[number]
    usual = recipe.steps[number - 1].id if number else next(iter(recipe.sources), "")
    edges, looked_up = listed(main(step.rows)), listed(against(step.rows) or [])
    told = ", ".join(edges) if edges != [usual] else ""
    return f"{told or usual}, compared with {', '.join(looked_up)}" if looked_up else told


def _ends(recipe: Recipe, rows: str | list[str]) -> str:
    usual = recipe.steps[-1].id if recipe.steps else next(iter(recipe.sources), "")
    return "" if listed(rows) == [usual] else ", ".join(listed(rows))


def _used(recipe: Recipe) -> set[str]:
    edges = [
        *(edge for step in recipe.steps for edge in listed(main(step.rows))),
        *(edge for spec in recipe.outputs.values() for edge in listed(spec.rows)),
    ]
    return {edge.partition(".")[0] for edge in edges}
