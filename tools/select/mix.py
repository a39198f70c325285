"""Mix several inputs, or the groups of a column, by weights."""

from collections.abc import Mapping
from math import floor
from typing import Annotated, ClassVar, Literal, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tools.contract import ANY, DECIDES, Card, Columns, Counts, Desk, Example, Key, Quota, Rank, Types
from tools.errors import RecipeError
from tools.names import nearest

from .groups import is_plain
from .vectors import Rows

Short = Literal["less", "fill", "shrink"]


class Mix(Rank):
    """Take rows of several inputs, or of the groups of a column, in given shares; within each at random.

    `weights` say how much of each, in any unit: 70, 20 and 10 as well as 0.7, 0.2 and 0.1; what has none gets nothing. Instead of
    weights, `temperature` takes each in proportion to rows ^ (1 / temperature): 1 as it is, more is more even. Without `rows` it takes as
    many as the shares allow. Where a part has too few rows, `when_short` says what happens, and the run tells for each part how many rows
    were there, asked for and taken. No row is ever taken twice. The order of the input stays.
    """

    by: Literal["source", "group"] = Field(
        default="source", description="What is mixed: the inputs of the recipe, or the values of a column `group`."
    )
    weights: Annotated[dict[str, float], DECIDES] = Field(default={}, description="How much of each, by its name; they need not add up to 1.")
    temperature: Annotated[float | None, DECIDES] = Field(default=None, gt=0, description="Instead of weights: rows ^ (1 / temperature).")
    rows: Rows = Field(default=None, ge=0, description="Rows in all; by default as many as the shares allow.")
    when_short: Annotated[Short, DECIDES] = Field(
        default="less", description="less: a part gives what it has, the whole gets smaller; fill: others make up for it; shrink: the shares hold."
    )

    card: ClassVar[Card] = Card(
        stage="select",
        takes_nulls=True,
        exact=True,
        seeded=True,
        by_source=True,
        micros_per_row=0.5,
        paper="arXiv:1911.02116, section 3.1 (shares by temperature)",
        aliases=(
            "mix sources by weight",
            "mixture weights",
            "mix 70% web, 20% code, 10% math",
            "blend the data sets",
            "data mixture",
            "proportions of the sources",
            "temperature sampling over sources",
            "weights by temperature",
            "interleave datasets with probabilities",
            "more even shares of the languages",
        ),
        not_for=(
            "all rows of all inputs: read from a list of steps",
            "the same number of each label: use balance",
            "the shares that are there: use stratified_sample",
        ),
        examples=(
            Example(
                params={"by": "group", "weights": {"a": 2.0, "b": 1.0}},
                given={"group": ["a", "a", "a", "b", None]},
                drops={4: "quota"},
                ports={"kept": (0, 1, 3)},
            ),
            Example(
                params={"by": "group", "weights": {"a": 0.5, "b": 0.5}, "rows": 6},
                given={"group": ["b", "a", "a", "a", "c"]},
                keeps=(0, 1, 2, 3),
                drops={4: "quota"},
            ),
            Example(params={"by": "group", "temperature": 1.0, "rows": 4}, given={"group": [1, 2, 2, 2]}, keeps=(0, 1, 2, 3)),
        ),
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.weights) == (self.temperature is not None):
            raise ValueError(f"weights={self.weights!r}, temperature={self.temperature!r}: give exactly one of the two")
        bad = {name: weight for name, weight in self.weights.items() if not 0 <= weight < float("inf")}
        if bad or (self.weights and not any(self.weights.values())):
            raise ValueError(f"weights={self.weights!r}: each must be 0 or more, and one of them above 0")
        return self

    def reads(self) -> Types:
        return {"group": ANY} if self.by == "group" else {}

    def adds(self, given: Types) -> Types:
        kind = given.get("group", pa.string())
        if not is_plain(kind):
            raise RecipeError(f"on: group is {kind}; name a column of texts, numbers or flags")
        return {}

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        draws = desk.draw()
        key = pc.cast(batch["group"], pa.string()) if self.by == "group" else pa.array([desk.source] * len(draws), pa.string())
        return {"order": draws, "key": key}

    def quota(self, counts: Counts) -> Quota:
        weights = self._weights(counts)
        there = {key: counts.rows.get(key, 0) for key in weights}
        total = most(weights, there) if self.rows is None else self.rows
        if self.when_short == "shrink":
            total = min(total, most(weights, there))
        return Quota(rows=filled(weights, there, total) if self.when_short == "fill" else parts(weights, total))

    def _weights(self, counts: Counts) -> dict[Key, float]:
        if self.temperature is not None:
            return {key: rows ** (1 / self.temperature) for key, rows in counts.rows.items()}
        for name in self.weights:
            other = nearest(name, [str(key) for key in counts.rows if key is not None and key not in self.weights])
            if name not in counts.rows and other:
                there = ", ".join(f"{key!s} ({rows:,} rows)" for key, rows in counts.rows.items())
                raise RecipeError(f"mix: weights name {name!r}, of which there is no row{other}; there are {there}")
        return {key: weight for key, weight in self.weights.items() if weight > 0}


def most(weights: Mapping[Key, float], there: Mapping[Key, int]) -> int:
    """The most rows in all of which each part can have its share."""
    whole = sum(weights.values())
    return min((floor(there[key] * whole / weight + 1e-9) for key, weight in weights.items()), default=0)


def parts(weights: Mapping[Key, float], total: int) -> dict[Key, int]:
    """Parts of `total` by weight, rounded by largest remainder; ties go to the first."""
    whole = sum(weights.values()) or 1.0
    exact = {key: total * weight / whole for key, weight in weights.items()}
    found = {key: floor(value + 1e-9) for key, value in exact.items()}
    for key in sorted(exact, key=lambda key: found[key] - exact[key])[: total - sum(found.values())]:
        found[key] += 1
    return found


def filled(weights: Mapping[Key, float], there: Mapping[Key, int], total: int) -> dict[Key, int]:
    """The same, but what a part does not have the others give, again by weight."""
    found: dict[Key, int] = {}
    rest, left = dict(weights), min(total, sum(there.values()))
    while rest:
        asked = parts(rest, left)
        short = [key for key in rest if asked[key] > there[key]]
        if not short:
            return found | asked
        found |= {key: there[key] for key in short}
        left -= sum(there[key] for key in short)
        rest = {key: weight for key, weight in rest.items() if key not in short}
    return found
