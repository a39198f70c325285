"""Sound recipes broken at random, as data."""

import copy
import random
from collections.abc import Callable
from typing import Any

from tests.workflows.mutants.wrong_values import CHECKS, FORMATS, KINDS, NAMES, OPTIONS, PARAMETERS, PATHS, VALUES, Data
from tools.catalogue import OPERATORS


def mutant(draw: random.Random, pool: list[Data]) -> Data:
    """A sound recipe with one to three things changed."""
    recipe = copy.deepcopy(draw.choice(pool))
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        draw.choices(MUTATIONS, WEIGHTS)[0](draw, recipe)
    return recipe


def anything(draw: random.Random, recipe: Data) -> None:
    """Any value anywhere."""
    into, key = draw.choice(_places(recipe))
    into[key] = copy.deepcopy(draw.choice(VALUES))


def a_key_less(draw: random.Random, recipe: Data) -> None:
    into, key = draw.choice(_places(recipe))
    del into[key]


def a_key_misspelt(draw: random.Random, recipe: Data) -> None:
    into, key = draw.choice([(into, key) for into, key in _places(recipe) if isinstance(key, str)])
    into[draw.choice((key[:-1], key + "s", key[::-1], key.upper(), f"{key}.{key}", ""))] = into.pop(key)


def a_key_more(draw: random.Random, recipe: Data) -> None:
    into = draw.choice([recipe, *_parts(recipe)])
    key = draw.choice(("nulls", "as", "on", "keep_measures", "with", "from", "format", "columns", "id", "wiht", "why", "version"))
    into[key] = copy.deepcopy(draw.choice((*VALUES, *NAMES, "drop", "error", "keep")))


def a_value_swapped(draw: random.Random, recipe: Data) -> None:
    (one, here), (other, there) = draw.choice(_places(recipe)), draw.choice(_places(recipe))
    one[here], other[there] = copy.deepcopy(other[there]), copy.deepcopy(one[here])


def a_step_less(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        recipe["steps"].remove(draw.choice(steps))


def a_step_bridged(draw: random.Random, recipe: Data) -> None:
    """A step taken out, and those that read it read what it read."""
    if steps := _steps(recipe):
        gone = draw.choice(steps)
        recipe["steps"].remove(gone)
        before = gone.get("from")
        before = before.get("rows") if isinstance(before, dict) else before
        for one in _parts(recipe):
            one.update({"from": before} if one.get("from") == gone.get("id") else {})


def a_step_twice(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        again = copy.deepcopy(draw.choice(steps))
        again["id"] = draw.choice((again.get("id"), "again", "rows"))
        recipe["steps"].insert(draw.randrange(len(steps) + 1), again)


def steps_swapped(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        one, other = draw.choice(steps), draw.choice(steps)
        one["from"], other["from"] = other.get("from"), one.get("from")


def another_operator(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        name = draw.choice(list(OPERATORS))
        draw.choice(steps)["op"] = draw.choice((name, f"{name}@1", f"{name}@2", name[:-1], f"{name}@", "@1"))


def a_step_of_its_own(draw: random.Random, recipe: Data) -> None:
    """A new operator between two steps."""
    if not (steps := _steps(recipe)):
        return
    after = draw.choice(steps)
    name = draw.choice([name for name, place in OPERATORS.items() if not place.startswith("tools.formats")])
    new: Data = {"id": "new", "op": f"{name}@1", "from": after.get("id")}
    new |= {"on": draw.choice((*NAMES, ["text", "output"], {"text": "output"}, {"by": "score"}))} if draw.random() < 0.7 else {}
    new |= {"with": copy.deepcopy(draw.choice(PARAMETERS))} if draw.random() < 0.7 else {}
    new |= {"nulls": draw.choice(("keep", "drop", "error"))} if draw.random() < 0.4 else {}
    new |= {"keep_measures": True} if draw.random() < 0.2 else {}
    new |= {"as": draw.choice(("new", "text", "at", "size.words", ""))} if draw.random() < 0.2 else {}
    for one in _parts(recipe):
        if one.get("from") == after.get("id") and draw.random() < 0.8:
            one["from"] = draw.choice(("new", "new", "new", "new.dropped", ["new", "new.dropped"]))
    recipe["steps"].insert(draw.randrange(len(steps) + 1), new)


def another_edge(draw: random.Random, recipe: Data) -> None:
    edges = _edges(recipe)
    draw.choice(_parts(recipe))["from"] = draw.choice((draw.choice(edges), [draw.choice(edges), draw.choice(edges)], draw.choice(edges)))


def named_inputs(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        edges = _edges(recipe)
        draw.choice(steps)["from"] = {"rows": draw.choice(edges), draw.choice(("against", "against", "agains")): draw.choice(edges)}


def other_columns(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        one = draw.choice(steps)
        measure = f"{draw.choice(steps).get('id')}.{draw.choice(('words', 'cluster', 'matches', 'value', 'nope'))}"
        names = (*NAMES, measure, measure)
        key = draw.choice(("text", "by", "key", "against.text", "value", "group"))
        one["on"] = draw.choice((draw.choice(names), [draw.choice(names), draw.choice(names)], {key: draw.choice(names)}))


def another_parameter(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        given = draw.choice(steps).setdefault("with", {})
        if isinstance(given, dict):
            given |= copy.deepcopy(draw.choice(PARAMETERS))


def another_number(draw: random.Random, recipe: Data) -> None:
    numbers = [(into, key) for into, key in _places(recipe) if isinstance(into[key], int | float)]
    if numbers:
        into, key = draw.choice(numbers)
        into[key] = draw.choice((0, -1, 10**6, 10**19, 10**30, 10**400, 1e308, 1e-308, 0.5, str(into[key]), [into[key]], True, None))


def another_path(draw: random.Random, recipe: Data) -> None:
    parts = [one for section in ("sources", "outputs") for one in _mapping(recipe, section).values() if isinstance(one, dict)]
    if parts:
        draw.choice(parts)["path"] = draw.choice((draw.choice(PATHS), draw.choice(PATHS), [draw.choice(PATHS), draw.choice(PATHS)]))


def another_format(draw: random.Random, recipe: Data) -> None:
    parts = [one for section in ("sources", "outputs") for one in _mapping(recipe, section).values() if isinstance(one, dict)]
    if parts:
        one = draw.choice(parts)
        one |= draw.choice(({"format": draw.choice(FORMATS)}, {"with": copy.deepcopy(draw.choice(OPTIONS))}))


def stated_columns(draw: random.Random, recipe: Data) -> None:
    sources = [one for one in _mapping(recipe, "sources").values() if isinstance(one, dict)]
    if sources:
        draw.choice(sources)["columns"] = {draw.choice((*NAMES, "")): draw.choice(KINDS) for _ in range(draw.randint(1, 3))}


def an_output_more(draw: random.Random, recipe: Data) -> None:
    outputs = _mapping(recipe, "outputs")
    name = draw.choice(("more", "data.train", "../more", "a/b", "", "x" * 300, "out", "é"))
    outputs[name] = {"from": draw.choice(_edges(recipe)), "path": draw.choice(PATHS)}
    if draw.random() < 0.3:
        outputs["text"] = {"from": draw.choice(_edges(recipe)), "path": "out/text.txt", "with": {"column": draw.choice(NAMES)}}


def another_check(draw: random.Random, recipe: Data) -> None:
    text = draw.choice(CHECKS).replace("STEP", str(draw.choice(_edges(recipe)))).replace("COLUMN", draw.choice(NAMES))
    if isinstance(recipe.setdefault("checks", []), list):
        recipe["checks"] += [text] * draw.choice((1, 1, 2))


MUTATIONS: tuple[Callable[[random.Random, Data], None], ...] = (
    *(anything, a_key_less, a_key_misspelt, a_key_more, a_value_swapped, a_step_less, a_step_bridged, a_step_twice, steps_swapped),
    *(another_operator, a_step_of_its_own, another_edge, named_inputs, other_columns, another_parameter, another_number),
    *(another_path, another_format, stated_columns, an_output_more, another_check),
)
WEIGHTS = tuple(
    5 if one in (a_step_of_its_own, a_step_bridged) else 3 if one in (other_columns, another_check, another_number, an_output_more) else 2
    for one in MUTATIONS
)


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Every container and key in it."""
    found: list[tuple[Any, Any]] = []
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        found += [(data, key), *_places(value)]
    return found or [({"x": 1}, "x")]


def _steps(recipe: Data) -> list[Data]:
    steps = recipe.get("steps")
    return [one for one in steps if isinstance(one, dict)] if isinstance(steps, list) else []


def _mapping(recipe: Data, key: str) -> Data:
    found = recipe.get(key)
    return found if isinstance(found, dict) else {}


def _parts(recipe: Data) -> list[Data]:
    return [*_steps(recipe), *(one for section in ("sources", "outputs") for one in _mapping(recipe, section).values() if isinstance(one, dict))] or [
        {}
    ]


def _edges(recipe: Data) -> list[Any]:
    names = [one.get("id") for one in _steps(recipe)] + list(_mapping(recipe, "sources"))
    return [*names, *names, *(f"{name}.dropped" for name in names), *(f"{name}.train" for name in names), "nope"]
