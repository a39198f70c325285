"""Columns of a second input, looked up by a key."""

from typing import ClassVar, Literal, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tools.contract import ANY, Card, Columns, Desk, Example, Expand, Learner, Rewrite, Types
from tools.errors import RecipeError
from tools.one_array import one_array


class LookUp(Learner):
    """What both joins share: the reference's keys and columns are learned, in the order of the reference."""

    columns: tuple[str, ...] = Field(min_length=1, description="Columns of the second input to add.")

    @model_validator(mode="after")
    def _names_are_apart(self) -> Self:
        if len(set(self.columns)) < len(self.columns) or "key" in self.columns:
            raise ValueError(f"columns={self.columns!r}: name each column once, and not 'key', which the join reads by itself; rename it before")
        return self

    def against(self) -> Types:
        return {"key": ANY} | dict.fromkeys(self.columns, ANY)

    def adds(self, given: Types) -> Types:
        for name in ("key", "against.key"):
            kind = given.get(name, pa.string())
            if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind):
                raise RecipeError(f"on: {name} is {kind}; join on a text, number or date")
        return {name: given[f"against.{name}"] for name in self.columns}

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        rows = pa.Table.from_batches([batch]).select(["key", *self.columns])
        rows = rows.set_column(0, "key", as_text(rows["key"].combine_chunks()))
        return self._settled(rows.filter(pc.is_valid(rows["key"])))

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        return self._settled(pa.concat_tables([one, other]))

    def _settled(self, rows: pa.Table) -> pa.Table:
        return rows


class JoinOn(LookUp, Rewrite):
    """Add columns of a second input to the rows whose key it has; the others get nulls. No row is lost or doubled.

    Keys are compared as text, so that the number 7 meets "7". A key that the second input has twice is an error unless
    `many` says that its first row counts; use join_all for one row per match.
    """

    many: Literal["error", "first"] = Field(default="error", description="When the second input has a key twice: stop, or take its first row.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"key": ANY},
        against={"key": ANY},
        needs_against=True,
        takes_nulls=True,
        exact=True,
        micros_per_row=0.5,
        aliases=(
            "join two files",
            "join on id",
            "merge by key",
            "look up",
            "left join",
            "add columns from another file",
            "attach the labels",
            "combine by id",
            "enrich with",
            "match by id",
        ),
        not_for=("stacking files under each other: list both in `from`", "one row per match: use join_all"),
        examples=(
            Example(
                params={"columns": ["label"]},
                given={"key": [2, 1, 3, None]},
                against={"key": ["1", "2"], "label": ["one", "two"]},
                gives={"label": ["two", "one", None, None]},
            ),
            Example(
                params={"columns": ["label"], "many": "first"},
                given={"key": ["a"]},
                against={"key": ["a", "a"], "label": ["x", "y"]},
                gives={"label": ["x"]},
            ),
        ),
    )

    def _settled(self, rows: pa.Table) -> pa.Table:
        """One row a key, the first."""
        keys = rows["key"].combine_chunks() if rows.num_rows else rows["key"]
        codes = keys.dictionary_encode().indices.to_numpy() if rows.num_rows else np.zeros(0, np.int32)
        _, first = np.unique(codes, return_index=True)
        if len(first) == len(codes):
            return rows
        if self.many == "error":
            twice = keys[int(np.setdiff1d(np.arange(len(codes)), first)[0])].as_py()
            raise RecipeError(f"the input `against` has the key {twice!r} more than once; set `many: first`, remove its duplicates, or use join_all")
        return rows.take(pa.array(np.sort(first)))

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        state = desk.state
        at = pc.index_in(as_text(batch["key"]), value_set=one_array(state["key"]), skip_nulls=True)
        return {name: one_array(state[name].take(at)) for name in self.columns}


class JoinAll(LookUp, Expand):
    """Make of each row one row for every row of a second input with the same key; rows without any end here.

    Keys are compared as text, so that the number 7 meets "7". Matches come in the order of the second input.
    """

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"key": ANY},
        against={"key": ANY},
        needs_against=True,
        takes_nulls=True,
        exact=True,
        micros_per_row=1.0,
        aliases=(
            "inner join",
            "join with all matches",
            "one to many join",
            "one row per match",
            "every combination with the same key",
            "pair each row with all its",
            "only rows that are in both files",
        ),
        not_for=("at most one match a row: use join_on", "stacking files under each other: list both in `from`"),
        examples=(
            Example(
                params={"columns": ["answer"]},
                given={"key": [1, 2]},
                against={"key": [1, 1], "answer": ["x", "y"]},
                gives={"answer": ["x", "y"]},
                parents=((0,), (0,)),
                drops={1: "childless"},
            ),
        ),
    )

    def expand(self, batch: pa.RecordBatch, desk: Desk) -> tuple[Columns, pa.Array]:
        state = desk.state
        keys = one_array(state["key"])
        known = keys.unique()
        codes = pc.index_in(keys, value_set=known).to_numpy(zero_copy_only=False)
        order, counts = np.argsort(codes, kind="stable"), np.bincount(codes, minlength=len(known))
        starts = np.concatenate(([0], np.cumsum(counts)))
        asked = pc.fill_null(pc.index_in(as_text(batch["key"]), value_set=known, skip_nulls=True), -1).to_numpy()
        found = np.flatnonzero(asked >= 0)
        many = counts[asked[found]]
        parents = np.repeat(found, many)
        within = np.arange(len(parents)) - np.repeat(np.cumsum(many) - many, many)
        at = pa.array(order[np.repeat(starts[asked[found]], many) + within], pa.int64())
        offsets = pa.array(np.arange(len(parents) + 1, dtype=np.int32))
        return {name: one_array(state[name].take(at)) for name in self.columns}, pa.ListArray.from_arrays(offsets, pa.array(parents, pa.int32()))


def as_text(keys: pa.Array) -> pa.Array:
    return keys if keys.type == pa.string() else pc.cast(keys, pa.string())
