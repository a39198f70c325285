"""Take records apart."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import ANY, Card, Columns, Desk, Example, Rewrite, Types
from tools.errors import RecipeError
from tools.names import nearest


class Unnest(Rewrite):
    """Make a column of each field of a column that holds records. The column itself stays; drop it after if it is not wanted.

    A field that is a record itself becomes a column of records, unless `deep` takes those apart too: `author.name` becomes `author_name`.
    """

    fields: tuple[str, ...] = Field(default=(), description="Which fields; by default all. Those within a record by a dot, as `author.name`.")
    prefix: str = Field(default="", description="What stands before each name, such as `meta_`.")
    deep: bool = Field(default=False, description="Take records within the record apart too.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"record": ANY},
        takes_nulls=True,
        exact=True,
        micros_per_row=0.3,
        aliases=(
            "unnest",
            "flatten the record",
            "struct to columns",
            "flatten nested fields",
            "make columns of the fields",
            "unpack the dictionary",
            "json object to columns",
            "expand the nested column",
        ),
        not_for=("one row per item of a list: use explode", "a value out of JSON text: use derive"),
        examples=(
            Example(
                params={"prefix": "by_"},
                given={"record": [{"name": "a", "age": 3}, None]},
                gives={"by_name": ["a", None], "by_age": [3, None]},
            ),
            Example(params={"deep": True}, given={"record": [{"a": {"b": 1}, "c": 2}]}, gives={"a_b": [1], "c": [2]}),
            Example(params={"fields": ("a.b",)}, given={"record": [{"a": {"b": 1}, "c": 2}]}, gives={"a_b": [1]}),
        ),
    )

    def adds(self, given: Types) -> Types:
        kind = given.get("record", ANY)
        return {self._name(path): _type_of(kind, path) for path in self._paths(kind)}

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        records = batch["record"]
        return {self._name(path): pc.struct_field(records, list(path)) for path in self._paths(records.type)}

    def _name(self, path: tuple[str, ...]) -> str:
        return self.prefix + "_".join(path)

    def _paths(self, kind: pa.DataType) -> list[tuple[str, ...]]:
        if not pa.types.is_struct(kind):
            raise RecipeError(f"on: the column is {kind}; unnest takes records apart. Values out of JSON text: use derive with json_extract_string")
        every = [field.name for field in kind]
        if not self.fields:
            return list(_leaves(kind) if self.deep else [(name,) for name in every])
        paths = [(name,) if name in every else tuple(name.split(".")) for name in self.fields]
        for path in paths:
            if _type_of(kind, path) is None:
                raise RecipeError(f"fields: no field {'.'.join(path)!r}{nearest(path[0], every) or f'; there are {every!r}'}")
        return paths


def _leaves(kind: pa.DataType) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for field in kind:
        inner = _leaves(field.type) if pa.types.is_struct(field.type) and field.type.num_fields else [()]
        found += [(field.name, *path) for path in inner]
    return found


def _type_of(kind: pa.DataType, path: tuple[str, ...]) -> pa.DataType:
    for name in path:
        at = kind.get_field_index(name) if pa.types.is_struct(kind) else -1
        if at < 0:
            return None
        kind = kind.field(at).type
    return kind
