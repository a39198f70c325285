"""Right plans made wrong in one place: what the evidence must see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from workflows.engine.sample_rows import SampleRows
from workflows.recipe import Recipe

Plain = dict[str, Any]
LANGUAGES = ("en", "de", "fr", "es")
SEEDED = {"shuffle", "random_sample"}  # rows differ by chance: what counts is how many


@dataclass(frozen=True)
class Mutant:
    """One plan made wrong, and how."""

    kind: str
    says: str
    recipe: Recipe


def mutants(recipe: Recipe, columns: Mapping[str, pa.DataType]) -> Iterator[Mutant]:
    """All mutants of a recipe, over the columns of its inputs."""
    plain = recipe.model_dump(mode="json", by_alias=True, exclude_none=True)
    for at, step in enumerate(plain["steps"]):
        for kind, says, changed in (
            *_without(plain, at),
            *_other_port(plain, at),
            *((kind, says, _with(plain, at, new)) for kind, says, new in _changed(step, columns)),
        ):
            yield Mutant(kind, f"{step['id']} ({step['op']}): {says}", Recipe.model_validate(changed, by_alias=True, by_name=True, strict=False))


def differs(one: SampleRows, other: SampleRows) -> bool:
    """Whether other rows go out, or the same in another order."""
    if set(one.outputs) != set(other.outputs):
        return True
    return any(
        left.total != right.total
        or left.number.tolist() != right.number.tolist()
        or left.part.tolist() != right.part.tolist()
        or not left.table.equals(right.table)
        for left, right in ((one.outputs[name], other.outputs[name]) for name in one.outputs)
    )


def _with(plain: Plain, at: int, step: Plain) -> Plain:
    return {**plain, "steps": [step if place == at else one for place, one in enumerate(plain["steps"])]}


def _without(plain: Plain, at: int) -> Iterator[tuple[str, str, Plain]]:
    step = plain["steps"][at]
    source = step["from"]["rows"] if isinstance(step["from"], dict) else step["from"]
    steps = [{**one, "from": _read(one["from"], step["id"], source)} for place, one in enumerate(plain["steps"]) if place != at]
    outputs = {name: {**spec, "from": _read(spec["from"], step["id"], source)} for name, spec in plain["outputs"].items()}
    yield "step dropped", "dropped", {**plain, "steps": steps, "outputs": outputs}


def _read(edges: Any, step: str, source: Any) -> Any:
    """These edges with those of a step replaced by what the step reads."""
    if isinstance(edges, dict):
        return {name: _read(one, step, source) for name, one in edges.items()}
    if isinstance(edges, list):
        return [
            one
            for edge in edges
            for one in (_read(edge, step, source) if isinstance(_read(edge, step, source), list) else [_read(edge, step, source)])
        ]
    return source if edges.partition(".")[0] == step else edges


def _other_port(plain: Plain, at: int) -> Iterator[tuple[str, str, Plain]]:
    """What it drops goes on in place of what it keeps, or the other way round."""
    step = plain["steps"][at]["id"]

    def turned(edges: Any) -> Any:
        if isinstance(edges, dict):
            return {name: turned(one) for name, one in edges.items()}
        if isinstance(edges, list):
            return [turned(one) for one in edges]
        return f"{step}.dropped" if edges == step else step if edges == f"{step}.dropped" else edges

    steps = [{**one, "from": turned(one["from"])} for one in plain["steps"]]
    outputs = {name: {**spec, "from": turned(spec["from"])} for name, spec in plain["outputs"].items()}
    yield "side flipped", "dropped and kept change places", {**plain, "steps": steps, "outputs": outputs}


def _changed(step: Plain, columns: Mapping[str, pa.DataType]) -> Iterator[tuple[str, str, Plain]]:
    params = step.get("with", {})
    for name, value in params.items():
        for kind, new in _values(name, value):
            yield kind, f"{name} {value!r} → {new!r}", {**step, "with": {**params, name: new}}
    if ("at_least" in params) != ("at_most" in params):
        old, new = ("at_least", "at_most") if "at_least" in params else ("at_most", "at_least")
        rest = {name: value for name, value in params.items() if name != old}
        yield "side flipped", f"{old} → {new}", {**step, "with": {**rest, new: params[old]}}
    on = step.get("on")
    if isinstance(on, str) and on in columns:
        other = next((name for name, kind in columns.items() if name != on and kind == columns[on]), None)
        if other:
            yield "wrong column", f"{on} → {other}", {**step, "on": other}
    if step["op"].startswith("sort@"):
        yield "side flipped", "the other way round", {**step, "with": {**params, "descending": not params.get("descending", False)}}


def _values(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if name == "seed":
        return
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        for factor in (0.8, 1.2):
            new = round(value * factor, 6) if isinstance(value, float) else max(round(value * factor), 0)
            if isinstance(value, int) and new == value:
                new = value + (1 if factor > 1 else -1)
            if new >= 0:
                yield "number changed", new
    elif name == "where" and isinstance(value, str):
        yield from _expressions(value)
    elif name == "languages":
        yield "wrong language", [next(code for code in LANGUAGES if code not in value)]
    elif isinstance(value, list) and len(value) > 1 and all(isinstance(one, str) for one in value):
        yield "one left out", value[:-1]
    elif name == "weights" and isinstance(value, dict) and len(value) > 1:
        names, shares = list(value), list(value.values())
        yield "number changed", dict(zip(names, [*shares[1:], shares[0]], strict=True))
    elif name == "pattern":
        yield "wrong value", f"zq{value}"


def _expressions(where: str) -> Iterator[tuple[str, str]]:
    for old, new in (
        (">=", "<="),
        ("<=", ">="),
        (" > ", " < "),
        (" is distinct from ", " = "),
        (" in (", " not in ("),
        (" and ", " or "),
        (" = '", " <> '"),
    ):
        if old in where:
            yield "side flipped", where.replace(old, new, 1)
