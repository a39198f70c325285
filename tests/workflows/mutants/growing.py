"""Recipes that grow at random from the cards' own examples, bound to any columns."""

import copy
import json
import random

from tests.workflows.mutants.ground import Ground
from tests.workflows.mutants.wrong_values import COLUMNS, ENDINGS, EXPRESSIONS, PARAMETERS, SOURCES, Data
from tools.catalogue import OPERATORS, operator
from workflows.graph import Graph
from workflows.parameters import make


def grown(draw: random.Random, ground: Ground) -> Data:
    """A recipe that grows step by step from a source, each step an example of a card bound to any columns; what the check
    refuses is left out."""
    name, path = draw.choice(SOURCES)
    recipe: Data = {
        "name": "grown",
        "sources": {name: {"path": path}},
        "steps": [],
        "outputs": {"out": {"from": name, "path": "out.jsonl"}},
        "checks": [],
    }
    found = ground.check(recipe)
    graph = found.graph if found else None
    for number in range(draw.randint(3, 16) if graph else 0):
        wider = copy.deepcopy(recipe)
        _grow(draw, wider, graph, f"s{number}")
        found = ground.check(wider)
        if found is not None and found.graph is not None:
            recipe, graph = wider, found.graph
    return recipe


def _grow(draw: random.Random, recipe: Data, graph: Graph, name: str) -> None:
    op = draw.choice([name for name, place in OPERATORS.items() if not place.startswith("tools.formats")])
    made = operator(op)
    params = json.loads(json.dumps(dict(draw.choice(made.card.examples).params))) | (draw.choice(PARAMETERS) if draw.random() < 0.15 else {})
    reads = list(made.card.reads)
    takes = list(made.card.against)
    try:
        work = make(made, params)
        reads, takes = list(work.reads()), list(work.against())
    except ValueError:
        pass
    steps = {node.id: node.schema.names for node in graph.nodes} | {given.name: given.schema.names for given in graph.inputs}
    before = graph.nodes[-1].id if graph.nodes and draw.random() < 0.8 else draw.choice(list(steps))
    columns = steps[before] + [f"{node.id}.{one}" for node in graph.nodes for one in (*node.measures, "cluster")]
    if op in ("select_columns", "drop_columns", "join_on", "join_all") and draw.random() < 0.8:
        params["columns"] = draw.sample(steps[before], min(2, len(steps[before]))) or ["x"]
    if op in ("field", "derive") and draw.random() < 0.8:
        params |= {"where" if op == "field" else "value": draw.choice(EXPRESSIONS).replace("COLUMN", '"' + draw.choice(steps[before] or ["x"]) + '"')}
    new: Data = {"id": name, "op": op, "from": before, "with": params}
    binds: Data = {}
    for one in reads:
        if one not in steps[before] or draw.random() < 0.6:
            binds[one] = draw.choice((draw.choice(columns), draw.choice(columns), draw.sample(columns, min(2, len(columns)))))
    if takes and (made.card.needs_against or draw.random() < 0.5):
        other, path = draw.choice(SOURCES)
        recipe["sources"].setdefault(other, {"path": path})
        new["from"] = {"rows": before, "against": draw.choice((other, other, before, [other, before]))}
        binds |= {f"against.{one}": draw.choice((*COLUMNS, *steps.get(other, ()))) for one in takes if draw.random() < 0.8}
    elif draw.random() < 0.1:
        other, path = draw.choice(SOURCES)
        recipe["sources"].setdefault(other, {"path": path})
        new["from"] = [before, other]
    new |= {"on": binds} if binds else {}
    new |= {"nulls": draw.choice(("keep", "drop", "drop", "error"))} if draw.random() < 0.4 else {}
    new |= {"keep_measures": True} if draw.random() < 0.15 else {}
    new |= (
        {"as": draw.choice(("new", "at", "row", "parents", "s1.words", {one: f"new {one}" for one in made.card.adds}))}
        if draw.random() < 0.15
        else {}
    )
    recipe["steps"].append(new)
    port = draw.choice((*made.card.ports, "kept", "dropped"))
    end = draw.choice(ENDINGS)
    out = recipe["outputs"]["out"]
    out |= {"from": draw.choice((name, name, f"{name}.{port}", [name, f"{name}.dropped"])), "path": f"out.{end}"}
    out |= {"with": {"column": draw.choice(steps[before] or ["x"])}} if end in ("txt", "md") else {}
    if end not in ("txt", "md"):
        out.pop("with", None)
    if draw.random() < 0.3:
        recipe["outputs"][f"o{name}"] = {
            "from": draw.choice((before, f"{before}.dropped", f"{name}.{port}")),
            "path": f"o{name}.{draw.choice(ENDINGS)}",
        }
    if draw.random() < 0.3:
        recipe["checks"].append(
            f"{draw.choice(('nulls', 'distinct'))}({draw.choice((name, before, f'{name}.{port}'))}, {draw.choice(steps[before] or ['x'])}) >= 0"
        )
