"""Reads a recipe from its YAML text; all that is wrong with its form is said at once, each with its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tools.errors import RecipeError
from tools.names import nearest

from .recipe import OutputSpec, Recipe, SourceSpec, Step
from .strict_yaml import MOST_CHARACTERS, Data, read

PARTS: Mapping[str, type[BaseModel]] = {"sources": SourceSpec, "steps": Step, "outputs": OutputSpec}
SINGULAR = {"sources": "source", "steps": "step", "outputs": "output"}
FORMS: Mapping[str, str] = {
    "path": "a path or a list of paths",
    "from": "a name, a list of names, or a mapping of named inputs",
    "on": "a column, a list of columns, or a mapping of the operator's columns to them",
    "as": "a column name, or a mapping of added columns to names",
}
UNNAMED = "\0"  # stands for the place in what is said of a text that several places share; no YAML holds it
NOUNS = {"string": "a text", "int": "a whole number", "bool": "true or false", "dict": "a mapping", "list": "a list", "mapping": "a mapping"}


@dataclass(frozen=True)
class Loaded:
    """A recipe, and the line of each key and item by its path: `steps.2.with.at_least`."""

    recipe: Recipe
    lines: Mapping[str, int]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the form."""

    path: tuple[str | int, ...]
    error: ErrorDetails

    @property
    def field(self) -> tuple[str | int, ...]:
        """The key of a source, step, output or of the recipe that it belongs to."""
        return self.path[:3] if self.path and self.path[0] in PARTS else self.path[:1]


def load(text: str, place: str = "recipe.yaml") -> Loaded:
    """Raises RecipeError: one line for each thing that is wrong."""
    try:
        return _sound(text)
    except RecipeError as error:
        raise RecipeError(str(error).replace(UNNAMED, place)) from None


def load_file(path: Path) -> Loaded:
    """The recipe in this file. Never reads more than a recipe may hold."""
    try:
        with path.open("rb") as file:
            text = file.read(4 * MOST_CHARACTERS + 1).decode()
    except OSError as error:
        raise RecipeError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise RecipeError(f"{path}: not UTF-8 text at byte {error.start}") from None
    return load(text, path.name)


@lru_cache(maxsize=16)
def _sound(text: str) -> Loaded:
    """A run asks for the same text several times, under different names that only errors tell."""
    return _loaded(text, UNNAMED)


def _loaded(text: str, place: str) -> Loaded:
    document = read(text, place)
    if not isinstance(document.data, dict):
        raise RecipeError(f"{place}:1: a recipe is a mapping with the keys winnow, name, sources, steps, outputs")
    try:
        recipe = Recipe.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as error:
        problems = [Problem(_path(document.data, details), details) for details in error.errors(include_url=False)]
        raise RecipeError("\n".join(_lines(problems, document.data, document.lines, place))) from None
    return Loaded(recipe, document.lines)


def _path(data: Data, details: ErrorDetails) -> tuple[str | int, ...]:
    """Where in the data the error lies: pydantic's own names for the branches of a union are left out."""
    path: list[str | int] = []
    for part in details["loc"]:
        if (isinstance(data, dict) and isinstance(part, str) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        ):
            data = data[part]  # type: ignore[index]
            path.append(part)
        elif details["type"] == "missing":
            break
    return tuple(path)


def _lines(problems: list[Problem], data: Data, lines: Mapping[str, int], place: str) -> Iterator[str]:
    grouped: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems:
        lone = problem.error["type"] in ("missing", "extra_forbidden")
        grouped.setdefault((problem.field, problem.error["loc"] if lone else ()), []).append(problem)
    said = []
    for group in grouped.values():
        deepest = max(group, key=lambda problem: len(problem.path))
        line = lines.get(".".join(map(str, deepest.path)), 1)
        said.append((line, f"{place}:{line}: {_owner(deepest.path, data)}{_message(group, deepest)}"))
    yield from (text for _, text in sorted(said, key=lambda pair: pair[0]))


def _owner(path: tuple[str | int, ...], data: Data) -> str:
    if len(path) < 2 or path[0] not in PARTS:
        return ""
    name: object = path[1]
    if isinstance(name, int) and isinstance(data, dict):
        step = data["steps"][name]  # type: ignore[index]
        name = step["id"] if isinstance(step, dict) and isinstance(step.get("id"), str) else name + 1
    return f"{SINGULAR[str(path[0])]} {name!r}: "


def _message(group: list[Problem], deepest: Problem) -> str:
    error, value = deepest.error, _shown(deepest.error["input"])
    kind = error["type"]
    if kind == "missing":
        return f"missing key {error['loc'][-1]!r}"
    if kind == "extra_forbidden":
        key = str(error["loc"][-1])
        return f"unknown key {key!r}{nearest(key, _keys(deepest.path))}"
    if not deepest.path:
        return f"{error['msg']} (it is {value})"
    key = str(deepest.field[-1])
    if len(group) > 1 and key in FORMS:
        return f"key {key!r} must be {FORMS[key]}; it holds {value}"
    if kind == "literal_error":
        return f"key {key!r} must be {error['ctx']['expected']}; it is {value}"
    noun = NOUNS.get(kind.partition("_")[0])
    if kind == "string_type" and isinstance(error["input"], int | float | bool):
        return f"key {key!r} must be a text; {value} is read as {type(error['input']).__name__}: put it in quotes"
    if noun:
        return f"key {key!r} must be {noun}; it is {value}"
    return f"key {key!r}: {error['msg']} (it is {value})"


def _keys(path: tuple[str | int, ...]) -> list[str]:
    model = PARTS[str(path[0])] if len(path) > 1 and path[0] in PARTS else Recipe
    return [spec.alias or name for name, spec in model.model_fields.items()]


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    text = "empty" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
