"""Which columns go on, and under which names."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from pydantic import Field, field_validator

from tools.contract import Card, Example, Layout
from tools.errors import RecipeError
from tools.names import nearest


class Rename(Layout):
    """Give columns new names; the others and the order stay."""

    names: dict[str, str] = Field(min_length=1, description="Old name → new name.")

    card: ClassVar[Card] = Card(
        stage="format",
        exact=True,
        micros_per_row=0.0,
        aliases=(
            "rename a column",
            "rename columns",
            "call the column",
            "change the column name",
            "name it",
            "column X becomes Y",
            "rename field",
            "rename key",
            "map columns to",
        ),
        not_for=("replace words in a text", "add a column"),
        examples=(Example(params={"names": {"a": "text"}}, given={"a": ["x"], "b": [1]}, gives={"text": ["x"], "b": [1]}),),
    )

    @field_validator("names")
    @classmethod
    def _not_doubled(cls, names: dict[str, str]) -> dict[str, str]:
        doubled = _first_double(names.values())
        if doubled is not None:
            raise ValueError(f"two columns cannot both be named {doubled!r}: give each its own name")
        if "" in names.values():
            raise ValueError("a column needs a name: '' is none")
        return names

    def layout(self, columns: Sequence[str]) -> Mapping[str, str]:
        _must_have(columns, self.names)
        named = [(self.names.get(column, column), column) for column in columns]
        doubled = _first_double(new for new, _ in named)
        if doubled is not None:
            raise RecipeError(f"rename: there is already a column {doubled!r}; rename or drop that one too")
        return dict(named)


class SelectColumns(Layout):
    """Keep these columns, in this order, and drop all others."""

    columns: tuple[str, ...] = Field(min_length=1, description="Columns to keep, in their new order.")

    card: ClassVar[Card] = Card(
        stage="format",
        exact=True,
        micros_per_row=0.0,
        aliases=(
            "select columns",
            "keep only the columns",
            "only the columns",
            "just the fields",
            "only the text column",
            "output columns",
            "with the columns",
            "reorder columns",
            "column order",
            "project fields",
        ),
        not_for=("keep rows", "drop a column"),
        examples=(Example(params={"columns": ("b", "a")}, given={"a": ["x"], "b": [1], "c": [2]}, gives={"b": [1], "a": ["x"]}),),
    )

    @field_validator("columns")
    @classmethod
    def _not_doubled(cls, columns: tuple[str, ...]) -> tuple[str, ...]:
        doubled = _first_double(columns)
        if doubled is not None:
            raise ValueError(f"column {doubled!r} is named twice: name it once")
        return columns

    def layout(self, columns: Sequence[str]) -> Mapping[str, str]:
        _must_have(columns, self.columns)
        return {column: column for column in self.columns}


class DropColumns(Layout):
    """Drop these columns and keep all others."""

    columns: tuple[str, ...] = Field(min_length=1, description="Columns to drop.")

    card: ClassVar[Card] = Card(
        stage="format",
        exact=True,
        micros_per_row=0.0,
        aliases=(
            "drop columns",
            "drop the column",
            "remove the column",
            "delete the field",
            "without the column",
            "get rid of the column",
            "remove metadata columns",
            "all columns but",
            "except the columns",
        ),
        not_for=("drop rows", "keep only some columns"),
        examples=(Example(params={"columns": ("b",)}, given={"a": ["x"], "b": [1]}, gives={"a": ["x"]}),),
    )

    def layout(self, columns: Sequence[str]) -> Mapping[str, str]:
        _must_have(columns, self.columns)
        kept = {column: column for column in columns if column not in self.columns}
        if not kept:
            raise RecipeError(f"drop_columns: no column would be left of {list(columns)!r}; keep at least one")
        return kept


def _must_have(columns: Sequence[str], wanted: Iterable[str]) -> None:
    for name in wanted:
        if name not in columns:
            raise RecipeError(f"no column {name!r}{nearest(name, columns) or f'; there are {list(columns)!r}'}")


def _first_double(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
