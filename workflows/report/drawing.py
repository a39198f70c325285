"""A recipe's boxes and lines, with the rows that went along each."""

from collections.abc import Mapping

from ..manifest import Books
from ..recipe import Recipe
from .layout import Box, Drawing, Line, draw

KEPT = "kept"


def recipe_drawing(recipe: Recipe, books: Books | None, sources: Mapping[str, int]) -> Drawing:
    """Sources above, outputs below. `sources`: rows of each, where there are several."""
    steps = {step.id: step for step in books.steps} if books else {}
    ports = {(step.id, port): rows for step in steps.values() for port, rows in step.ports.items()}
    written = {output.name: output.rows for output in books.outputs} if books else {}
    references = books.references if books else {}
    boxes = [Box(id=f"in {name}", kind="source", title=name, subtitle=_told(_source_rows(name, recipe, books, sources))) for name in recipe.sources]
    lines: list[Line] = []

    def line(edge: str, end: str, is_reference: bool, only: int | None) -> None:
        start, _, port = edge.partition(".")
        if start in recipe.sources:
            rows = references.get(start, sources.get(start)) if only is None else only
            lines.append(Line(start=f"in {start}", end=end, label="against" if is_reference else "", rows=rows, is_reference=is_reference))
            return
        rows = ports.get((start, port or KEPT)) if books else None
        label = " ".join(word for word in ("against" if is_reference else "", port) if word)
        lines.append(Line(start=f"at {start}", end=end, label=label, rows=rows, is_reference=is_reference))

    for step in recipe.steps:
        one = steps.get(step.id)
        gone = sum(one.reasons.values()) if one else 0
        boxes.append(Box(id=f"at {step.id}", kind="step", title=step.id, subtitle=step.op.partition("@")[0], gone=gone))
        own, against = _edges(step.rows)
        for edge in own:
            line(edge, f"at {step.id}", False, one.rows_in if one and len(own) == 1 else None)
        for edge in against:
            line(edge, f"at {step.id}", True, None)
    for name, output in recipe.outputs.items():
        boxes.append(Box(id=f"out {name}", kind="output", title=name, subtitle=_told(written.get(name))))
        for edge in [output.rows] if isinstance(output.rows, str) else output.rows:
            line(edge, f"out {name}", False, written.get(name) if isinstance(output.rows, str) else None)
    return draw(boxes, lines)


def _edges(rows: str | list[str] | dict[str, str | list[str]]) -> tuple[list[str], list[str]]:
    """Where a step's own rows come from, and those it only compares with."""
    if isinstance(rows, dict):
        own = [edge for name, given in rows.items() if name != "against" for edge in _list(given)]
        return own, _list(rows.get("against", []))
    return _list(rows), []


def _list(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _source_rows(name: str, recipe: Recipe, books: Books | None, sources: Mapping[str, int]) -> int | None:
    if books is None:
        return None
    if name in books.references:
        return books.references[name]
    return books.rows_in if len(recipe.sources) == 1 else sources.get(name)


def _told(rows: int | None) -> str:
    return "" if rows is None else f"{rows:,} row{'s' if rows != 1 else ''}"
