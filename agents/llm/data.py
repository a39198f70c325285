"""What a model is shown of the data: columns with their statistics, and a few values, all of it quoted."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa

from agents.rules import saving
from agents.rules.profile import Column, Table, names_of, of_rows, sampled

from .quoting import MOST_NAME, quoted

MOST_VALUES = 20
MOST_COLUMNS = 60  # described, of one input
LOOKED_AT = 200  # rows from which values are taken
LONG_NAME, MOST_WORDS = 40, 4  # characters and words beyond which a name may be a sentence
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Sight:
    """The inputs as a planner sees them: profiles, and the first rows of each."""

    tables: Mapping[str, Table]
    rows: Mapping[str, pa.Table]

    def lines(self, most_values: int = MOST_VALUES) -> Iterator[str]:
        """One line an input, a column, a value; each is JSON. Where no value is shown, names that may be sentences are not shown either."""
        bare = most_values == 0
        for number, (name, table) in enumerate(self.tables.items(), 1):
            source = quoted(_name(name, f"source {number}", bare), MOST_NAME)
            yield f'{{"source": {source}, "format": {quoted(table.format)}, "columns": {len(table.columns)}}}'
            for place, column in enumerate(table.columns[:MOST_COLUMNS], 1):
                yield f'{{"source": {source}, "column": {quoted(_name(column.name, f"column {place}", bare), MOST_NAME)}, {_described(column)}}}'
        for source, column_name, value in islice(self._values(), most_values):
            yield f'{{"source": {quoted(source, MOST_NAME)}, "column": {quoted(column_name, MOST_NAME)}, "value": {quoted(value)}}}'

    def _values(self) -> Iterator[tuple[str, str, object]]:
        """Values by turns: one of each column of each input, then another of each."""
        waiting = [
            (source, column.name, iter(_distinct(self.rows[source], column)))
            for source, table in self.tables.items()
            for column in table.columns[:MOST_COLUMNS]
        ]
        while waiting:
            left = []
            for source, name, values in waiting:
                value = next(values, None)
                if value is not None:
                    yield source, name, value
                    left.append((source, name, values))
            waiting = left


def look(goal: str, inputs: Mapping[str, str], cache: Path, folder: Path) -> Sight:
    """Read the head of each input. Raises RecipeError for one that cannot be read."""
    tables, rows = {}, {}
    for name, path in names_of(inputs).items():
        read_as = saving.reading(goal, path, cache)
        table, format = sampled(path, folder, cache, read_as)
        tables[name] = of_rows(name, path, table, read_as, format)
        rows[name] = table.slice(0, LOOKED_AT)
    return Sight(tables, rows)


def _name(name: str, other: str, bare: bool) -> str:
    return other if bare and (len(name) > LONG_NAME or len(WORD.findall(name)) > MOST_WORDS) else name


def _described(column: Column) -> str:
    said = [f'"type": {quoted(str(column.type), MOST_NAME)}', f'"filled": {column.filled}']
    said += [f'"distinct": {column.distinct}'] if column.distinct else []
    said += [f'"mean_characters": {column.mean_length:.0f}'] if column.mean_length else []
    said += [f'"looks_like": {quoted(column.code)}'] if column.code else []
    return ", ".join(said)


def _distinct(rows: pa.Table, column: Column) -> list[object]:
    """Values of a column: those of a label by how frequent they are, others as they come."""
    if column.labels:
        return list(column.labels)
    seen: dict[str, object] = {}
    for value in rows[column.name].to_pylist() if column.name in rows.column_names else ():
        if value not in (None, "", [], {}):
            seen.setdefault(repr(value), value)
    return list(seen.values())
