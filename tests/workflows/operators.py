"""Small operators, one of each kind, for tests of what a checker makes of cards."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import (
    ANY,
    Bounded,
    Card,
    Columns,
    Counts,
    Desk,
    Example,
    Expand,
    Group,
    Layout,
    Measure,
    Quota,
    Rank,
    Rewrite,
    Types,
)
from tools.errors import RecipeError

TEXT = {"text": pa.string()}
NONE: tuple[Example, ...] = ()


class Length(Bounded):
    """Bytes of a text."""

    card: ClassVar[Card] = Card(stage="filter", reads=TEXT, adds={"length": pa.int32()}, aliases=(), examples=NONE)

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"length": pc.binary_length(batch["text"])}


class Tongue(Measure):
    """Two measures of one text."""

    card: ClassVar[Card] = Card(stage="filter", reads=TEXT, adds={"tongue": pa.string(), "sure": pa.float32()}, aliases=(), examples=NONE)

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {}


class Above(Bounded):
    """A number as it is."""

    card: ClassVar[Card] = Card(stage="filter", reads={"value": pa.float64()}, adds={"above": pa.float64()}, aliases=(), examples=NONE)

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"above": batch["value"]}


class Near(Bounded):
    """Two texts."""

    card: ClassVar[Card] = Card(
        stage="filter", reads={"one": pa.string(), "two": pa.string()}, adds={"near": pa.float32()}, aliases=(), examples=NONE
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {}


class Vector(Bounded):
    """A list of numbers."""

    card: ClassVar[Card] = Card(stage="filter", reads={"v": pa.list_(pa.float32())}, adds={"norm": pa.float32()}, aliases=(), examples=NONE)

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {}


class Trim(Rewrite):
    """Reads and writes one text."""

    card: ClassVar[Card] = Card(stage="normalise", reads=TEXT, adds=TEXT, aliases=(), examples=NONE)

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"text": pc.utf8_trim_whitespace(batch["text"])}


class Make(Rewrite):
    """Adds the column that its parameter names, of the type of what it reads."""

    column: str = "made"
    card: ClassVar[Card] = Card(stage="normalise", reads={"given": ANY}, aliases=(), examples=NONE)

    def adds(self, given: Types) -> Types:
        return {self.column: given["given"]}

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {self.column: batch["given"]}


class Lookup(Rewrite):
    """Adds a column of the reference rows."""

    card: ClassVar[Card] = Card(
        stage="normalise", reads={"key": ANY}, against={"key": ANY, "label": ANY}, needs_against=True, aliases=(), examples=NONE
    )

    def adds(self, given: Types) -> Types:
        return {"label": given["against.label"]}

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {}


class Keep(Layout):
    """Only these columns."""

    columns: tuple[str, ...] = Field(min_length=1)
    card: ClassVar[Card] = Card(stage="format", aliases=(), examples=NONE)

    def layout(self, columns: Sequence[str]) -> Mapping[str, str]:
        for name in self.columns:
            if name not in columns:
                raise RecipeError(f"no column {name!r}")
        return {name: name for name in self.columns}


class Cut(Expand):
    """Pieces of a text, each with its number."""

    card: ClassVar[Card] = Card(stage="normalise", reads=TEXT, adds={"text": pa.string(), "piece": pa.int32()}, aliases=(), examples=NONE)

    def expand(self, batch: pa.RecordBatch, desk: Desk) -> tuple[Columns, pa.Array]:
        return {}, pa.array([])


class Once(Group):
    """Equal texts once; may be told of reference rows."""

    card: ClassVar[Card] = Card(
        stage="dedupe", reads=TEXT, against=TEXT, adds={"alike": pa.float32()}, notes={"mark": pa.binary(16)}, key="mark", aliases=(), examples=NONE
    )

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"mark": desk.digest(batch["text"])}

    def match(self, partition: pa.Table) -> pa.Table:
        return partition


class Parts(Rank):
    """Three ports."""

    card: ClassVar[Card] = Card(stage="select", ports=("train", "validation", "test"), seeded=True, aliases=(), examples=NONE)

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"order": desk.draw()}

    def quota(self, counts: Counts) -> Mapping[str, Quota]:
        return {}


class Top(Rank):
    """The first by a number."""

    rows: int = Field(ge=1, description="How many rows to keep.")
    kind: str = "plain"
    card: ClassVar[Card] = Card(stage="select", reads={"by": pa.float64()}, aliases=(), examples=NONE)

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"order": batch["by"]}

    def quota(self, counts: Counts) -> Quota:
        return Quota(rows=self.rows)


class Asks(Measure):
    """Needs a model."""

    model: str = "local/small"
    card: ClassVar[Card] = Card(stage="score", reads=TEXT, adds={"score": pa.float32()}, models=("model",), aliases=(), examples=NONE)

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {}


class Extra(Measure):
    """Needs an extra that is not there."""

    card: ClassVar[Card] = Card(stage="score", reads=TEXT, adds={"score": pa.float32()}, needs="no-such-extra", aliases=(), examples=NONE)

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {}


CATALOGUE = {
    made.__name__.lower(): f"tests.workflows.operators:{made.__name__}"
    for made in (Length, Tongue, Above, Near, Vector, Trim, Make, Lookup, Keep, Cut, Once, Parts, Top, Asks, Extra)
}
