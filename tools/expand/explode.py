"""Make a row of each item of a list."""

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import ANY, Card, Columns, Desk, Example, Expand, Types
from tools.errors import RecipeError

from .born import children


class Explode(Expand):
    """Make a row of each item of a list: the item stands where the list stood, `position` counts from 0. Records stay records.

    A text becomes a list where `separator` says between what: `a, b` by `,`. Rows without an item end here unless `keep_empty` keeps them.
    """

    separator: str | None = Field(default=None, min_length=1, description="What stands between the items of a text, such as `,`.")
    keep_empty: bool = Field(default=False, description="A row without items stays, with null for the item.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"items": ANY},
        adds={"items": ANY, "position": pa.int32()},
        takes_nulls=True,
        exact=True,
        micros_per_row=1.0,
        aliases=(
            "explode",
            "explode the list",
            "one row per item",
            "one row per list element",
            "a row for each element of the list",
            "unroll the array",
            "flatten the list column",
            "split the tags into rows",
            "one row per message",
        ),
        not_for=(
            "fields of a record as columns: use unnest",
            "one row per sentence: use split_sentences",
            "rows that match another file: use join_all",
        ),
        examples=(
            Example(
                given={"items": [["a", "b"], [], ["c"]]},
                gives={"items": ["a", "b", "c"], "position": [0, 1, 0]},
                drops={1: "childless"},
                parents=((0,), (0,), (2,)),
            ),
            Example(
                params={"separator": ",", "keep_empty": True},
                given={"items": ["a, b", None]},
                gives={"items": ["a", "b", None], "position": [0, 1, 0]},
            ),
        ),
    )

    def adds(self, given: Types) -> Types:
        kind = given.get("items", ANY)
        if self.separator is not None:
            if kind not in (pa.string(), ANY):
                raise RecipeError(f"on: the column is {kind}; with a separator it must be text: take `separator` out")
            return {"items": pa.string(), "position": pa.int32()}
        if kind != ANY and not _is_list(kind):
            raise RecipeError(f"on: the column is {kind}; explode needs a list, or a text and its `separator`")
        return {"items": ANY if kind == ANY else kind.value_type, "position": pa.int32()}

    def expand(self, batch: pa.RecordBatch, desk: Desk) -> tuple[Columns, pa.Array]:
        lists = self._lists(batch["items"])
        sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
        items = pc.list_flatten(lists)
        if self.keep_empty and (sizes == 0).any():
            many = np.maximum(sizes, 1)
            at = np.arange(int(many.sum())) - np.repeat(np.cumsum(many - sizes) - (many - sizes), many)
            items = items.take(pa.array(at, mask=np.repeat(sizes == 0, many)))
            sizes = many
        turns, parents = children(np.repeat(np.arange(len(sizes)), sizes))
        return {"items": items, "position": turns}, parents

    def _lists(self, values: pa.Array) -> pa.Array:
        if self.separator is None:
            return values if _is_list(values.type) else pa.nulls(len(values), pa.list_(pa.null()))
        split = pc.split_pattern(values.cast(pa.string()), self.separator)
        trimmed = pc.utf8_trim_whitespace(pc.list_flatten(split))
        parents = pc.list_parent_indices(split)
        filled = pc.not_equal(trimmed, "")
        sizes = np.bincount(parents.filter(filled).to_numpy(), minlength=len(values))
        return pa.ListArray.from_arrays(pa.array(np.append(0, np.cumsum(sizes)), pa.int32()), trimmed.filter(filled))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))
