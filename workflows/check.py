"""The static check: everything that is wrong with a recipe, said at once before anything runs; or the graph that runs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from tools.contract import Expand
from tools.errors import RecipeError

from .binding import Binder, Bound, Leaving, bindable, carried
from .checks import read_checks
from .columns import Stream, meet
from .findings import Finding, Findings
from .graph import Edge, Graph, Node
from .outputs import open_outputs
from .recipe import Recipe
from .sources import Paths, open_inputs
from .steps import Named, Names, running_order
from .strangers.shelf import Shelf

RECIPE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

__all__ = ["Checked", "Finding", "check"]


@dataclass(frozen=True)
class Checked:
    """What the check says: a graph where nothing is wrong."""

    graph: Graph | None
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()


def check(
    recipe: Recipe,
    folder: Path,
    cache: Path,
    *,
    inputs: Mapping[str, Paths] | None = None,
    output: str | None = None,
    scan_all: bool = False,
    lines: Mapping[str, int] | None = None,
    locked: Mapping[str, pa.Schema] | None = None,
    files: Mapping[str, str] | None = None,
) -> Checked:
    """`inputs` and `output` are what a person named on the command line: they stand in for what the recipe says and may lie
    anywhere. `locked`: the columns that the lock says each source has; `files`: those that operators stand in, where they were kept."""
    findings = Findings(lines or {})
    _check_head(recipe, findings)
    opened = open_inputs(recipe, folder, cache, inputs or {}, scan_all, locked or {}, findings)
    names = Names(recipe, findings, Shelf(folder, files))
    order, cycles = running_order(names.steps.values())
    for cycle in cycles:
        names.steps[cycle[0]].spot.error("from", cycle, f"the steps go round in a circle: {' → '.join(cycle)}", "let one of them read from a source")
    streams = {name: Stream(None) for name in (*recipe.sources, *names.steps)} | {given.name: Stream(given.schema) for given in opened}
    nodes = _nodes(recipe, order, streams)
    outputs, read = open_outputs(recipe, names, streams, opened, folder, output, inputs or {}, findings)
    _check_twice(recipe, names, findings)
    _check_use(recipe, names, read, findings)
    checks = read_checks(recipe, names, streams, findings)
    errors, warnings = findings.in_order()
    if errors:
        return Checked(None, errors, warnings)
    counted = _counted(order, read)
    marked = tuple(replace(given, reference=given.name not in counted) for given in opened)
    graph = Graph(name=recipe.name, seed=recipe.seed, inputs=marked, nodes=tuple(nodes), outputs=tuple(outputs), checks=checks)
    return Checked(graph, (), warnings)


def _check_head(recipe: Recipe, findings: Findings) -> None:
    spot = findings.at("recipe", "")
    if not RECIPE_NAME.fullmatch(recipe.name):
        spot.error("name", recipe.name, f"{recipe.name!r} is no recipe name", "take small letters, digits and `-`, at most 64")
    if not -(1 << 63) <= recipe.seed < 1 << 63:
        spot.error("seed", recipe.seed, f"seed {recipe.seed!r} does not fit 64 bits", "take a smaller number")
    if not recipe.sources:
        spot.error("sources", None, "the recipe has no source", "write `sources: {rows: {path: data.jsonl}}`")


def _nodes(recipe: Recipe, order: Iterable[Named], streams: dict[str, Stream]) -> list[Node]:
    """Binds the steps in running order; notes in `streams` what leaves each."""
    nodes = []
    measures: dict[str, Mapping[str, pa.DataType]] = {}
    for named in order:
        step, operator = named.step, named.operator
        rows, against = _meet(named, named.rows, streams), _meet(named, named.against, streams)
        if operator is None or rows is None:
            continue
        binder = Binder(step, operator, named.spot, measures)
        bound = binder.bind(rows, against)
        leaving = binder.leave(rows, bound)
        measures[step.id] = bindable(operator, leaving.measures)
        streams[step.id] = Stream(leaving.schema, carried(operator, step.id, rows, leaving.measures))
        if binder.is_sound and leaving.schema is not None:
            nodes.append(_node(named, bound, leaving, recipe.seed))
    return nodes


def _node(named: Named, bound: Bound, leaving: Leaving, seed: int) -> Node:
    assert named.operator is not None
    return Node(
        id=named.step.id,
        op=named.op,
        operator=named.operator,
        rows=named.rows,
        against=named.against,
        on=bound.on,
        against_on=bound.against_on,
        writes=leaving.writes,
        nulls=named.step.nulls or "",
        schema=leaving.schema,
        measures=leaving.measures,
        seed=seed,
    )


def _meet(named: Named, edges: Sequence[Edge], streams: Mapping[str, Stream]) -> Stream | None:
    if not edges:
        return None
    try:
        return meet([streams[edge.step] for edge in edges])
    except RecipeError as error:
        named.spot.error("from", named.step.rows, str(error), "let one step bring them to one type, or give `columns:` to a source")
        return Stream(None)


def _check_twice(recipe: Recipe, names: Names, findings: Findings) -> None:
    """Rows that certainly arrive by two edges of one list."""
    for named in names.steps.values():
        for key, edges in (("from", named.rows), ("from", named.against)):
            if clash := _same_rows(edges, names):
                named.spot.error(key, named.step.rows, *clash)
    for name, spec in recipe.outputs.items():
        quiet = Findings().at("output", name)
        edges = names.edges(spec.rows, quiet, "from", every_port=True)
        if clash := _same_rows(edges, names):
            findings.at("output", name).error("from", spec.rows, *clash)


def _same_rows(edges: Sequence[Edge], names: Names) -> tuple[str, str] | None:
    for number, one in enumerate(edges):
        for place, other in enumerate(edges):
            if place > number and one == other:
                return f"reads {str(one)!r} twice", "name it once"
            if place != number and one != other and one in _before(other, names):
                return f"the rows of {str(other)!r} come from {str(one)!r} and would arrive twice", "read only one of them"
    return None


def _before(edge: Edge, names: Names) -> set[Edge]:
    """All edges that rows leaving by this one came along as the same rows."""
    found: set[Edge] = set()
    waiting = [edge]
    while waiting:
        named = names.steps.get(waiting.pop().step)
        if named is None or (named.made is not None and issubclass(named.made, Expand)):
            continue
        waiting += [one for one in named.rows if one not in found]
        found.update(named.rows)
    return found


def _check_use(recipe: Recipe, names: Names, written: Iterable[Edge], findings: Findings) -> None:
    read = {*written, *(edge for named in names.steps.values() for edge in (*named.rows, *named.against))}
    used = {edge.step for edge in read}
    for name, named in names.steps.items():
        if name not in used:
            if not names.has_lost_edges:
                named.spot.error("id", name, "nothing reads from this step", "write it to an output, or take the step out")
            continue
        for port in named.ports or ():
            if port != "dropped" and Edge(step=name, port=port) not in read:
                named.spot.warn(
                    "id", port, f"nothing reads the port {port!r}", "its rows are counted as unused: write them to an output too, if they matter"
                )
    for name in recipe.sources:
        if name not in used and not names.has_lost_edges:
            findings.at("source", name).error("", name, "nothing reads from this source", "let a step read it, or take the source out")


def _counted(order: Sequence[Named], written: Iterable[Edge]) -> set[str]:
    """Sources and steps whose rows reach an output or are decided on; all others only serve to look up."""
    counted = {edge.step for edge in written}
    for named in reversed(order):
        if named.step.id in counted:
            counted.update(edge.step for edge in named.rows)
    return counted
