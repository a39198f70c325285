"""A checked recipe: every name resolved, every column bound, every type known. The checker makes it, the engine runs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from tools.contract import Operator
from tools.storage import File, Sink, Source

Nulls = Literal["", "keep", "drop", "error"]  # empty: what design says for the operator's kind


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Where rows come from: a source or a step, and the port they left by."""

    step: str
    port: str = "kept"

    def __str__(self) -> str:
        return self.step if self.port == "kept" else f"{self.step}.{self.port}"


@dataclass(frozen=True, kw_only=True)
class Input:
    """A source of the recipe with the files it has in this run."""

    name: str
    operator: Source
    files: tuple[File, ...]
    schema: pa.Schema
    first_file: int  # files of all sources are counted through in recipe order
    reference: bool = False  # used only to look up: counted apart


@dataclass(frozen=True, kw_only=True)
class Node:
    """A step."""

    id: str
    op: str  # name in the catalogue, without version
    operator: Operator
    rows: tuple[Edge, ...]  # in order: the stream is their concatenation
    against: tuple[Edge, ...] = ()
    on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # operator's column → columns or `STEP.measure`
    against_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    writes: Mapping[str, str] = field(default_factory=dict)  # added column or kept measure → column it becomes
    nulls: Nulls = ""
    schema: pa.Schema  # columns of the rows that leave, the same on every port
    measures: Mapping[str, pa.DataType] = field(default_factory=dict)  # what it stores as `STEP.measure`
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Output:
    """A file to write, or parts of a folder."""

    name: str
    rows: tuple[Edge, ...]
    path: str  # absolute
    part: str = ""  # the path is a folder, shared by outputs of one sink, and its parts begin with this; empty: one file
    sink: Sink
    compression: str = ""
    schema: pa.Schema


@dataclass(frozen=True, kw_only=True)
class Check:
    """`MEASURE(STEP[, COLUMN]) between A and B`, or `== != < <= > >=` a number; of `value` the column is a number that the step tells."""

    text: str
    measure: Literal["rows", "share", "distinct", "nulls", "value"]
    edge: Edge
    column: str | None
    at_least: float | None
    at_most: float | None
    excludes: tuple[float, ...] = ()  # values that fail although within the bounds: `!=`, and the ends of `<` and `>`


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Everything the engine needs to know of a recipe."""

    name: str
    seed: int
    inputs: tuple[Input, ...]  # in recipe order
    nodes: tuple[Node, ...]  # in running order: after all they read from, else in recipe order
    outputs: tuple[Output, ...]
    checks: tuple[Check, ...] = ()

    def node(self, step: str) -> Node:
        return next(node for node in self.nodes if node.id == step)
