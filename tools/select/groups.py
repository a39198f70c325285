"""Choose rows group by group, so that each group gets its part."""

from collections.abc import Mapping
from typing import ClassVar, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tools.contract import ANY, Card, Columns, Counts, Desk, Example, Key, Quota, Rank, Types
from tools.errors import RecipeError

from .sample import one_size


class ByGroup(Rank):
    """What both have in common: rows are drawn at random within their group."""

    def adds(self, given: Types) -> Types:
        kind = given.get("group", pa.string())
        if not is_plain(kind):
            raise RecipeError(f"on: group is {kind}; name a column of texts, numbers or flags")
        return {}

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"order": desk.draw(), "key": pc.cast(batch["group"], pa.string())}


class StratifiedSample(ByGroup):
    """Keep a number or a share of the rows in which every group has the share that it has in all rows.

    At least one row of each group stays, so that rare groups are not lost; where `rows` is fewer than there are groups, the
    largest get one each. Rows without a group are a group of their own. The order of the input stays.
    """

    rows: int | None = Field(default=None, ge=0, description="How many rows to keep; all, where there are fewer.")
    share: float | None = Field(default=None, gt=0, le=1, description="Share of the rows to keep.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads={"group": ANY},
        takes_nulls=True,
        exact=True,
        seeded=True,
        micros_per_row=0.5,
        aliases=(
            "stratified sample",
            "stratified 10% sample",
            "stratified by category",
            "sample in proportion",
            "proportional sample",
            "keep the class proportions",
            "same label distribution",
            "representative of all categories",
            "rare classes stay represented",
        ),
        not_for=("the same number of each class: use balance", "any rows: use random_sample", "train and test parts: use split"),
        examples=(
            Example(params={"share": 0.5}, given={"group": ["a", "b"]}, keeps=(0, 1)),
            Example(params={"rows": 2}, given={"group": ["a", "b", None]}, keeps=(0, 1), drops={2: "quota"}),
            Example(params={"share": 1.0}, given={"group": ["b", "a", "b"]}, keeps=(0, 1, 2)),
        ),
    )

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        one_size(self.rows, self.share)
        return self

    def quota(self, counts: Counts) -> Quota:
        there = sum(counts.rows.values())
        if self.share is None:
            return Quota(rows=in_proportion(counts.rows, min(self.rows or 0, there)))
        return Quota(rows=in_proportion(counts.rows, max(round(there * self.share), len(counts.rows))))


class Balance(ByGroup):
    """Keep as many rows of each group as of every other; by default as many as the smallest group has.

    With `rows_each` a group that has fewer gives all it has. With `rows` the groups get equal parts of that number, and what
    a small group cannot give comes from the larger ones. Rows without a group are dropped. The order of the input stays.
    """

    rows: int | None = Field(default=None, ge=0, description="Rows in total, in equal parts.")
    rows_each: int | None = Field(default=None, ge=0, description="Most rows of each group.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads={"group": ANY},
        exact=True,
        seeded=True,
        micros_per_row=0.5,
        aliases=(
            "balance the classes",
            "balanced data set",
            "balanced sample",
            "same number of rows per class",
            "same number from every topic",
            "equal number of each label",
            "as many of each label",
            "at most 100 rows per category",
            "cap per group",
            "undersample the majority class",
            "class imbalance",
            "even label distribution",
        ),
        not_for=(
            "the proportions that are there: use stratified_sample",
            "one row of each value: use exact_dedup",
            "texts or rows repeated to fill up",
        ),
        examples=(
            Example(given={"group": ["a", "b", None]}, keeps=(0, 1), drops={2: "null"}),
            Example(params={"rows_each": 2}, given={"group": [1, 1, 2]}, keeps=(0, 1, 2)),
            Example(params={"rows": 5}, given={"group": ["a", "b", "b", "b", "b"]}, keeps=(0, 1, 2, 3, 4)),
            Example(params={"rows": 0}, given={"group": ["a", "b"]}, keeps=(), drops={0: "quota", 1: "quota"}),
        ),
    )

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if self.rows is not None and self.rows_each is not None:
            raise ValueError(f"rows={self.rows!r}, rows_each={self.rows_each!r}: give one of the two")
        return self

    def quota(self, counts: Counts) -> Quota:
        if self.rows is not None:
            return Quota(rows=in_equal_parts(counts.rows, self.rows))
        each = min(counts.rows.values(), default=0) if self.rows_each is None else self.rows_each
        return Quota(rows=dict.fromkeys(counts.rows, each))


def is_plain(kind: pa.DataType) -> bool:
    """Whether each of its values can be written as one text."""
    return not (pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind))


def in_proportion(sizes: Mapping[Key, int], total: int) -> dict[Key, int]:
    """Parts of `total` in proportion to the sizes, at least one each, rounded by largest remainder; ties go to the first."""
    if total <= len(sizes):
        largest = sorted(sizes, key=lambda key: -sizes[key])[:total]
        return {key: int(key in largest) for key in sizes}
    parts: dict[Key, int] = {}
    left, size, rest = total, sum(sizes.values()), dict(sizes)
    while small := [key for key, rows in rest.items() if rows * left < size]:
        parts |= dict.fromkeys(small, 1)
        left, size = left - len(small), size - sum(rest.pop(key) for key in small)
    parts |= {key: rows * left // size for key, rows in rest.items()}
    missing = total - sum(parts.values())
    for key in sorted(rest, key=lambda key: -(rest[key] * left % size))[:missing]:
        parts[key] += 1
    return parts


def in_equal_parts(sizes: Mapping[Key, int], total: int) -> dict[Key, int]:
    """Parts of `total` as equal as the sizes allow; what does not divide goes to the first of the larger ones."""
    parts: dict[Key, int] = {}
    left = min(total, sum(sizes.values()))
    for turn, key in enumerate(sorted(sizes, key=lambda key: sizes[key])):
        parts[key] = min(sizes[key], left // (len(sizes) - turn))
        left -= parts[key]
    return parts
