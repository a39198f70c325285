"""A typed expression over columns: one value a row, nothing else reachable."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from .errors import RecipeError, RowError
from .expression_connection import connection, forget
from .expression_tree import Tree, identifier, parsed
from .names import nearest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_BYTES = 256 << 20  # a value may grow to many times its row: rows are computed in pieces so that all stays below


@dataclass(frozen=True)
class Expression:
    """An admitted expression. What runs is SQL written anew from its tree, never the text itself."""

    text: str
    columns: frozenset[str]
    tree: Tree

    def evaluate(self, batch: pa.RecordBatch | pa.Table) -> pa.Array:
        """One value a row, in order. A row that cannot be computed raises RowError with its position."""
        rows = self._rows(batch)
        step = max(1, int(MOST_BYTES / (self.tree.times * rows.nbytes + 1) * rows.num_rows))
        pieces = [self._computed(rows.slice(start, step), start) for start in range(0, max(1, rows.num_rows), step)]
        return pieces[0] if len(pieces) == 1 else pa.concat_arrays(pieces)

    def type(self, types: Mapping[str, pa.DataType]) -> pa.DataType:
        """The type of its values over columns of these types; RecipeError where it has none."""
        self._know(types)
        empty = pa.table({name: pa.array([], types[name]) for name in self.tree.columns})
        return self._run(self._rows(empty)).type

    def _rows(self, batch: pa.RecordBatch | pa.Table) -> pa.Table:
        """The bound columns as c0, c1, …: a name that SQL would fold or shadow cannot."""
        self._know(batch.schema.names)
        columns = [batch.column(name) for name in self.tree.columns]
        if not columns:  # of no columns DuckDB makes no rows
            return pa.table({"none": pa.array(np.zeros(batch.num_rows, np.int8))})
        return pa.Table.from_arrays(columns, names=[f"c{number}" for number in range(len(columns))])

    def _know(self, names: Mapping[str, pa.DataType] | list[str]) -> None:
        for column in self.tree.columns:
            if column not in names:
                raise RecipeError(f"expression {self.text!r}: no column {column!r}{nearest(column, names)}")

    def _computed(self, rows: pa.Table, start: int) -> pa.Array:
        import duckdb

        try:
            return self._run(rows)
        except duckdb.Error as error:
            forget()
            if rows.num_rows <= 1:
                raise RowError(start, f"{self.text}: {_first_line(error)}") from error
        # each row stands for itself, so halving finds the first that fails
        half = rows.num_rows // 2
        return pa.concat_arrays([self._computed(rows.slice(0, half), start), self._computed(rows.slice(half), start + half)])

    def _run(self, rows: pa.Table) -> pa.Array:
        import duckdb

        held: DuckDBPyConnection = connection()
        try:
            held.register("given", rows)
            found = held.sql(f"SELECT {self.tree.sql} AS {identifier('value')} FROM given").to_arrow_table()
        except duckdb.Error as error:
            unbound = isinstance(error, duckdb.BinderException | duckdb.CatalogException | duckdb.ParserException | duckdb.NotImplementedException)
            if rows.num_rows and not unbound:
                raise  # of some row, not of the recipe
            forget()
            raise RecipeError(f"expression {self.text!r}: {_first_line(error)}; check the types of {sorted(self.columns)}") from error
        values = found.column(0)
        wanted = self._plain(values.type)
        values = values if values.type == wanted else values.cast(wanted)
        return values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)

    def _plain(self, kind: pa.DataType) -> pa.DataType:
        """The type under which a value goes on: DuckDB's decimals and huge integers become doubles."""
        if pa.types.is_decimal(kind):
            return pa.float64()
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            return pa.list_(self._plain(kind.value_type))
        if pa.types.is_struct(kind):
            return pa.struct([pa.field(inner.name, self._plain(inner.type)) for inner in kind])
        if pa.types.is_large_string(kind) or kind == pa.string_view():
            return pa.string()
        same = (pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_string, pa.types.is_date, pa.types.is_timestamp)
        if any(is_one(kind) for is_one in same):
            return kind
        raise RecipeError(f"expression {self.text!r}: gives {kind}, which no column can hold; cast it to varchar, double or timestamp")


@lru_cache(maxsize=256)
def expression(text: str) -> Expression:
    """The expression of `text`; RecipeError names what is refused, where, and the nearest allowed form."""
    tree = parsed(text)
    return Expression(text=text, columns=frozenset(tree.columns), tree=tree)


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0].removesuffix(".")
