"""The lock: exactly what a recipe does, written by the machine beside what a person wrote."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, JsonValue, SerializerFunctionWrapHandler, model_serializer

from tools.contract import Operator
from tools.errors import RecipeError
from tools.provenance import operator_digest
from tools.storage import REST

from .columns import type_name
from .graph import Graph
from .installed import version_of
from .known_sources import known_sources
from .model_locks import LockedModel, differences, locked_models
from .recipe import Recipe
from .text import dump


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class LockedOperator(Part):
    """One operator as it will run."""

    operator: str = Field(description="name@version")
    source: str = Field(description="sha256 of its file and the files of its room that it imports.")
    params: dict[str, JsonValue] = Field(description="Every parameter, the defaults filled in.")
    seed: int | None = Field(default=None, description="Where the operator draws.")
    models: dict[str, LockedModel] = Field(default={}, description="Parameter → the model it names, where it names one.")

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, given: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = given(self)
        return told if self.models else {key: value for key, value in told.items() if key != "models"}


class LockedSource(LockedOperator):
    """A source and the columns it must have."""

    columns: dict[str, str] = Field(description="Column → type, to be read by people.")
    arrow: str = Field(description="The same as an Arrow schema: IPC, base64.")

    @property
    def schema_of_rows(self) -> pa.Schema:
        """The columns and types. Raises RecipeError where the text is no schema: a lock may come from anyone."""
        try:
            return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(self.arrow, validate=True)))
        except (ValueError, OSError, pa.ArrowException) as error:
            raise RecipeError(f"the lock's columns cannot be read: {error}; save the recipe again") from None


class Lock(Part):
    """What is done, to the last parameter."""

    lock: Literal[1] = 1
    winnow: str
    recipe: str = Field(description="sha256 of the recipe's canonical text without its version.")
    sources: dict[str, LockedSource]
    steps: dict[str, LockedOperator]
    outputs: dict[str, LockedOperator]

    @property
    def digest(self) -> str:
        """sha256 of the canonical JSON; what an approval is of."""
        return hashlib.sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    @property
    def schemas(self) -> dict[str, pa.Schema]:
        """The columns that each source must have."""
        return {name: source.schema_of_rows for name, source in self.sources.items()}

    def text(self) -> str:
        return self.model_dump_json(indent=2) + "\n"


def make(graph: Graph, recipe: Recipe) -> Lock:
    """The lock of a checked recipe."""
    with known_sources():
        return _made(graph, recipe)


def _made(graph: Graph, recipe: Recipe) -> Lock:
    return Lock(
        winnow=_winnow(),
        recipe=recipe_digest(recipe),
        sources={
            given.name: LockedSource(
                operator=_named(_name(given.operator), given.operator),
                source=operator_digest(type(given.operator)),
                params=given.operator.model_dump(mode="json"),
                columns={column.name: type_name(column) for column in given.schema},
                arrow=base64.b64encode(given.schema.serialize().to_pybytes()).decode(),
            )
            for given in graph.inputs
        },
        steps={node.id: _locked(node.op, node.operator, node.seed) for node in graph.nodes},
        outputs={output.name: _locked(_name(output.sink), output.sink, 0) for output in graph.outputs},
    )


def parse(text: str | bytes, place: str) -> Lock:
    """A lock from its JSON. Raises RecipeError."""
    try:
        return Lock.model_validate_json(text)
    except ValueError as error:
        raise RecipeError(f"{place}: not a lock that this winnow can read: {str(error).splitlines()[0]}; save the recipe again") from None


def recipe_digest(recipe: Recipe) -> str:
    """sha256 of what the recipe says, its version aside."""
    return hashlib.sha256(dump(recipe.model_copy(update={"version": None})).encode()).hexdigest()


def compare(lock: Lock, graph: Graph, recipe: Recipe) -> list[str]:
    """In words, how what would be done now differs from what the lock says. Other input or output formats are no difference:
    new data is what a recipe is for; but its columns must be those of the lock."""
    now = make(graph, recipe)
    differences = ["the recipe's text has changed"] if lock.recipe != now.recipe else []
    differences += _sides("source", lock.sources, now.sources)
    for name in lock.sources.keys() & now.sources.keys():
        differences += _columns(name, lock.sources[name].columns, now.sources[name].columns)
    differences += _sides("step", lock.steps, now.steps)
    differences += _sides("output", lock.outputs, now.outputs)
    return differences


def _sides(noun: str, before: Mapping[str, LockedOperator], now: Mapping[str, LockedOperator]) -> Iterator[str]:
    for name in dict.fromkeys((*before, *now)):
        if name not in now or name not in before:
            yield f"{noun} {name!r} is {'gone' if name not in now else 'new'}"
            continue
        one, other = before[name], now[name]
        if one.operator != other.operator:
            if noun == "step":
                yield f"step {name!r}: operator was {one.operator}, is {other.operator}"
            continue
        if one.source != other.source:
            yield f"{noun} {name!r}: the code of {one.operator} has changed ({one.source[:12]} → {other.source[:12]})"
        if one.seed != other.seed:
            yield f"{noun} {name!r}: seed was {one.seed}, is {other.seed}"
        for key in one.models.keys() | other.models.keys():
            if told := differences(one.models.get(key), other.models.get(key)):
                yield f"{noun} {name!r}: {told}"
        for key in sorted(one.params.keys() | other.params.keys()):
            if one.params.get(key) != other.params.get(key):
                yield f"{noun} {name!r}: {key} was {one.params.get(key)!r}, is {other.params.get(key)!r}"


def _columns(source: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in dict.fromkeys((*before, *now)):
        if name == REST or before.get(name) == now.get(name):
            continue
        if name not in now:
            yield f"source {source!r}: column {name!r} ({before[name]}) is missing"
        elif name not in before:
            yield f"source {source!r}: column {name!r} ({now[name]}) is new"
        else:
            yield f"source {source!r}: column {name!r} was {before[name]}, is {now[name]}"


def _locked(name: str, operator: Operator, seed: int) -> LockedOperator:
    return LockedOperator(
        operator=_named(name, operator),
        source=operator_digest(type(operator)),
        params=operator.model_dump(mode="json"),
        seed=seed if operator.card.seeded else None,
        models=locked_models(operator),
    )


def _named(name: str, operator: Operator) -> str:
    return f"{name}@{operator.card.version}"


def _name(operator: Operator) -> str:
    """A source's or sink's name in the catalogue."""
    from tools.catalogue import OPERATORS

    place = f"{type(operator).__module__}:{type(operator).__qualname__}"
    return next((name for name, where in OPERATORS.items() if where == place), place)


def _winnow() -> str:
    return version_of("winnow") or "checkout"  # one that was never installed
