"""What the evidence stands on: the sample's rows before and after, linked by their numbers, column by column."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

from tools.catalogue import operator
from tools.contract import Cut, Expand, Layout, Rewrite, Synthesize
from tools.formats.json_types import is_json_text
from workflows.engine.sample_rows import InputRows, OutputRows, SampleRows
from workflows.recipe import Recipe

MOST_ROWS = 2000  # that are looked at one by one
MOST_LABELS, LONGEST_LABEL = 200, 60
Row = Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Side:
    """All rows that come in, or all that go out, as one table of Python values made column by column when asked for."""

    tables: tuple[OutputRows, ...]
    _made: dict[str, list[object]] = field(default_factory=dict)
    _labels: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(len(one.table) for one in self.tables)

    @cached_property
    def types(self) -> dict[str, pa.DataType]:
        """Each column with its type; of clashing ones the first."""
        return {f.name: f.type for one in reversed(self.tables) for f in one.table.schema if not f.name.startswith("_rest")}

    @cached_property
    def number(self) -> list[int]:
        return [int(number) for one in self.tables for number in one.number]

    @cached_property
    def part(self) -> list[int]:
        return [int(part) for one in self.tables for part in one.part]

    @property
    def total(self) -> int:
        return sum(one.total for one in self.tables)

    @property
    def is_all(self) -> bool:
        return all(one.is_all for one in self.tables)

    def values(self, column: str) -> list[object]:
        """A column's values; none where a table lacks it."""
        if column not in self._made:
            self._made[column] = [value for one in self.tables for value in _values(one.table, column)]
        return self._made[column]

    def labels(self, column: str) -> tuple[str, ...]:
        """The values of a column, where they are short and few and come again."""
        if column not in self._labels:
            counts = Counter(value for value in self.values(column) if isinstance(value, str) and value.strip())
            are_labels = 0 < len(counts) <= MOST_LABELS and max(counts.values()) > 1 and max(map(len, counts)) <= LONGEST_LABEL
            self._labels[column] = tuple(counts) if are_labels else ()
        return self._labels[column]

    def row(self, at: int) -> Row:
        return _Lazy(self, at)

    def picked(self) -> range:
        """Rows to look at one by one: all, or every so manyth."""
        return range(0, len(self), max(1, -(-len(self) // MOST_ROWS)))

    def texts(self) -> list[str]:
        """Columns of text, the longest on average first."""
        json_texts = {f.name for one in self.tables for f in one.table.schema if is_json_text(f)}
        names = [name for name, kind in self.types.items() if is_text(kind) and name not in json_texts]
        return sorted(names, key=lambda name: (-self.length(name), names.index(name)))

    def length(self, column: str) -> float:
        """Mean characters of the values that are there, in up to 200 rows."""
        found = [len(value) for value in self.values(column)[:200] if isinstance(value, str)]
        return sum(found) / len(found) if found else 0.0


class _Lazy(Mapping[str, object]):
    """One row of a side."""

    def __init__(self, side: Side, at: int) -> None:
        self._side, self._at = side, at

    def __getitem__(self, column: str) -> object:
        if column not in self._side.types:
            raise KeyError(column)
        return self._side.values(column)[self._at]

    def __iter__(self) -> Iterator[str]:
        return iter(self._side.types)

    def __len__(self) -> int:
        return len(self._side.types)


@dataclass(frozen=True, eq=False)
class Ground:
    """A plan tried on a sample, as the checks see it."""

    goal: str
    recipe: Recipe
    sample: SampleRows

    @cached_property
    def mains(self) -> dict[str, InputRows]:
        return {name: one for name, one in self.sample.inputs.items() if not one.reference}

    @cached_property
    def references(self) -> dict[str, InputRows]:
        return {name: one for name, one in self.sample.inputs.items() if one.reference}

    @cached_property
    def given(self) -> Side:
        return Side(tuple(self.mains.values()))

    @cached_property
    def out(self) -> Side:
        """What goes out; an output of dropped rows alone holds what the goal wants apart."""
        return Side(tuple(rows for name, rows in self.sample.outputs.items() if not self._is_rest(name)) or tuple(self.sample.outputs.values()))

    def _is_rest(self, output: str) -> bool:
        rows = self.recipe.outputs[output].rows if output in self.recipe.outputs else ""
        return all(edge.endswith(".dropped") for edge in ([rows] if isinstance(rows, str) else rows))

    @cached_property
    def fate(self) -> list[tuple[str, str]]:
        """(state, last step) of every row that comes in."""
        return [pair for one in self.mains.values() for pair in zip(one.state, one.step, strict=True)]

    @cached_property
    def place(self) -> dict[int, int]:
        """Row number → its place among the rows that come in."""
        return {number: at for at, number in enumerate(self.given.number)}

    @cached_property
    def is_known(self) -> bool:
        """Whether counts, order and likeness over all rows can be judged: all rows went through, and all of them are here."""
        return self.sample.whole and not self.sample.let_pass and self.out.is_all and self.given.is_all

    @cached_property
    def expands(self) -> bool:
        """Whether some step bears rows of its own."""
        return any(isinstance(kind, type) and issubclass(kind, Expand | Synthesize) for kind in self._kinds.values())

    @cached_property
    def _kinds(self) -> dict[str, type]:
        return {step.id: operator(step.op) for step in self.recipe.steps}

    def rewritten_before(self, steps: Sequence[str], columns: Sequence[str]) -> bool:
        """Whether one of these columns may hold other values at these steps than as read."""
        for step in self.recipe.steps:
            if step.id in steps:
                return False
            if issubclass(self._kinds[step.id], Rewrite | Cut | Expand | Synthesize) and (not step.on or _binds(step.on, columns)):
                return True
            if step.op.startswith("derive@") and step.params.get("column") in columns:
                return True
        return False

    def rewritten_after(self, steps: Sequence[str], columns: Sequence[str]) -> bool:
        """Whether one of these columns may hold other values in the output than behind these steps."""
        order = [step.id for step in self.recipe.steps]
        last = max((order.index(step) for step in steps if step in order), default=-1)
        behind = self.recipe.steps[last + 1 :]
        return last < 0 or any(
            issubclass(self._kinds[step.id], Rewrite | Cut | Expand | Synthesize | Layout) or step.op.startswith("derive@")
            for step in behind
            if not step.on or _binds(step.on, columns)
        )

    def origin(self, at: int) -> Row | None:
        """The row as read that an output row is, or was born of first."""
        place = self.place.get(self.out.number[at])
        return None if place is None else self.given.row(place)

    def name_of(self, number: int) -> str:
        """A row as a person would look for it."""
        place = self.place.get(number)
        return "a row" if place is None else f"row {place}"


def _binds(on: object, columns: Sequence[str]) -> bool:
    if isinstance(on, str):
        return on in columns
    if isinstance(on, Mapping):
        return any(_binds(one, columns) for one in on.values())
    return isinstance(on, list) and any(_binds(one, columns) for one in on)


def _values(table: pa.Table, column: str) -> list[object]:
    if column not in table.column_names:
        return [None] * len(table)
    found: list[object] = table[column].to_pylist()
    if is_json_text(table.schema.field(column)):
        return [_parsed(value) for value in found]
    return found


def _parsed(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
