"""Operators that count the rows they are given, and some with odd manners, for tests of the engine."""

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import (
    Between,
    Bounded,
    Card,
    Columns,
    Counts,
    Desk,
    Expand,
    Fit,
    Group,
    Key,
    Learner,
    Measure,
    Numbers,
    Operator,
    Quota,
    Rank,
    Rewrite,
    Rule,
    Survey,
    Whole,
)
from tools.errors import RowError

TEXT = {"text": pa.string()}
SEEN: Counter[str] = Counter()  # what → rows


class Size(Bounded):
    """Characters of a text."""

    tag: str = "size"
    card: ClassVar[Card] = Card(stage="filter", reads=TEXT, adds={"size": pa.int32()}, exact=True, aliases=(), examples=())

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        SEEN[self.tag] += len(batch)
        return {"size": pc.utf8_length(batch["text"])}


class Shout(Rewrite):
    """Upper case."""

    tag: str = "shout"
    card: ClassVar[Card] = Card(stage="normalise", reads=TEXT, adds=TEXT, exact=True, aliases=(), examples=())

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        SEEN[self.tag] += len(batch)
        return {"text": pc.utf8_upper(batch["text"])}


class Alike(Group):
    """Texts of the same first word; of each the one with the largest number stays."""

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads=TEXT,
        against=TEXT,
        notes={"word": pa.string(), "size": pa.int32()},
        key="word",
        prefer="size",
        exact=True,
        aliases=(),
        examples=(),
    )

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        SEEN["alike"] += len(batch)
        words = [(text.split() or [""])[0] for text in batch["text"].to_pylist()]
        return {"word": pa.array(words, pa.string()), "size": pc.utf8_length(batch["text"])}

    def match(self, partition: pa.Table) -> pa.Table:
        first = {}
        rows, others = [], []
        for word, row in zip(partition["word"].to_pylist(), partition["row"].to_pylist(), strict=True):
            rows.append(row)
            others.append(first.setdefault(word, row))
        return pa.table({"row": pa.array(rows, pa.int64()), "other": pa.array(others, pa.int64())})


class Choosy(Measure):
    """Refuses texts that begin with `!`."""

    card: ClassVar[Card] = Card(stage="filter", reads=TEXT, adds={"fine": pa.bool_()}, exact=True, aliases=(), examples=())

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        _refuse(batch["text"])
        return {"fine": pa.array([True] * len(batch), pa.bool_())}


class ChoosyRewrite(Rewrite):
    """Refuses texts that begin with `!`."""

    card: ClassVar[Card] = Card(stage="normalise", reads=TEXT, adds=TEXT, exact=True, aliases=(), examples=())

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        _refuse(batch["text"])
        return {"text": pc.utf8_upper(batch["text"])}


class ChoosyGroup(Alike):
    """Refuses texts that begin with `!`."""

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        _refuse(batch["text"])
        return super().note(batch, desk)


class ChoosyExpand(Expand):
    """Each text twice; refuses texts that begin with `!`."""

    card: ClassVar[Card] = Card(stage="normalise", reads=TEXT, adds=TEXT, exact=True, aliases=(), examples=())

    def expand(self, batch: pa.RecordBatch, desk: Desk) -> tuple[Columns, pa.Array]:
        _refuse(batch["text"])
        twice = np.repeat(np.arange(len(batch)), 2)
        return {"text": batch["text"].take(pa.array(twice))}, pa.array([[at] for at in twice.tolist()], pa.list_(pa.int32()))


class Tally(Survey):
    """Rows and characters, here and in the reference; refuses texts that begin with `!`."""

    card: ClassVar[Card] = Card(
        stage="score", reads=TEXT, against=TEXT, numbers=("rows", "longest", "others"), seeded=True, exact=True, aliases=(), examples=()
    )

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        SEEN["tally"] += len(batch)
        _refuse(batch["text"])
        return pa.table({"rows": [len(batch)], "longest": [pc.max(pc.utf8_length(batch["text"])).as_py() or 0]})

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        rows, longest = (list(zip(one[name].to_pylist(), other[name].to_pylist(), strict=True)) for name in ("rows", "longest"))
        return pa.table({"rows": [sum(pair) for pair in rows], "longest": [max(pair) for pair in longest]})

    def tell(self, state: pa.Table, against: pa.Table | None) -> Numbers:
        SEEN["told"] += 1
        (rows,), (longest,) = state["rows"].to_pylist(), state["longest"].to_pylist()
        return {"rows": rows, "longest": longest or None, "others": None if against is None else against["rows"][0].as_py()}


class Fill(Rank):
    """Ports with quotas as they are told; columns by_, key, weight and unit as they come."""

    quotas: dict[str, dict[str, int | float | dict[str, int] | None]]
    has_key: bool = False
    has_weight: bool = False
    has_unit: bool = False
    card: ClassVar[Card] = Card(stage="select", ports=("kept", "second", "third", "dropped"), exact=True, aliases=(), examples=())

    def reads(self) -> Mapping[str, pa.DataType]:
        more = {"key": self.has_key, "unit": self.has_unit}
        return {"by": pa.float64()} | {k: pa.string() for k, has in more.items() if has} | ({"weight": pa.float64()} if self.has_weight else {})

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        names = {"key": self.has_key, "weight": self.has_weight, "unit": self.has_unit}
        return {"order": batch["by"]} | {name: batch[name] for name, has in names.items() if has}

    def quota(self, counts: Counts) -> Mapping[str, Quota]:
        SEEN["counted"] = int(sum(counts.rows.values()))
        return {port: Quota(rows=_limit(one.get("rows")), weight=_limit(one.get("weight"))) for port, one in self.quotas.items()}  # type: ignore[arg-type]


class FillInOrder(Fill):
    """The same, and rows leave in the order of `by`."""

    card: ClassVar[Card] = Card(stage="select", ports=("kept", "second", "third", "dropped"), reorders=True, exact=True, aliases=(), examples=())


class Middle(Whole):
    """How far a number is from the mean of all; takes few rows."""

    at_most: float | None = None
    card: ClassVar[Card] = Card(
        stage="select",
        reads={"by": pa.float64()},
        adds={"far": pa.float64()},
        notes={"by": pa.float64()},
        most_rows=50,
        exact=True,
        aliases=(),
        examples=(),
    )

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"by": batch["by"]}

    def settle(self, notes: pa.Table) -> Columns:
        values = notes["by"].to_numpy()
        return {"far": pa.array(np.abs(values - (values.sum() / max(len(values), 1))), pa.float64())}

    def rule(self) -> Rule:
        return () if self.at_most is None else (Between("far", at_most=self.at_most),)


class Spread(Bounded, Fit):
    """How many mean distances a number lies from the mean: one pass for the mean, one for the distance."""

    card: ClassVar[Card] = Card(
        stage="score", reads={"by": pa.float64()}, adds={"spread": pa.float64()}, passes=2, state_bytes=1000, exact=True, aliases=(), examples=()
    )

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        values = batch["by"].to_numpy()
        known = desk.state.num_columns > 0
        total = np.abs(values - self.mean(desk.state)).sum() if known else values.sum()
        mean = [self.mean(desk.state)] if known else [float("nan")]
        return pa.table({"total": [float(total)], "count": [len(values)], "of": mean})

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        both = pa.concat_tables([one, other])
        return pa.table({"total": [pc.sum(both["total"]).as_py()], "count": [pc.sum(both["count"]).as_py()], "of": both["of"][:1]})

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        SEEN["spread"] += len(batch)
        mean, distance = desk.state["of"][0].as_py(), self.mean(desk.state)
        return {"spread": pa.array(np.abs(batch["by"].to_numpy() - mean) / distance)}

    @staticmethod
    def mean(state: pa.Table) -> float:
        return float(state["total"][0].as_py() / max(state["count"][0].as_py(), 1))


class Near(Rank, Learner):
    """The rows whose `by` is nearest to the mean: of all rows, or of `against` and then moved halfway to that of the rows."""

    rows: int
    card: ClassVar[Card] = Card(
        stage="select", reads={"by": pa.float64()}, against={"by": pa.float64()}, passes=2, own_passes=1, exact=True, aliases=(), examples=()
    )

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        before = float(desk.state["mean"][0].as_py()) if desk.state.num_columns else float("nan")
        return pa.table({"total": [sum(batch["by"].to_pylist())], "count": [len(batch)], "before": [before]})

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        both = pa.concat_tables([one, other])
        return pa.table({"total": [pc.sum(both["total"]).as_py()], "count": [pc.sum(both["count"]).as_py()], "before": both["before"][:1]})

    def conclude(self, learned: pa.Table) -> pa.Table:
        SEEN["concluded"] += 1
        total, count, before = (learned[name][0].as_py() for name in ("total", "count", "before"))
        mean = total / max(count, 1)
        return pa.table({"mean": [mean if before != before else (mean + before) / 2]})

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"order": pc.abs(pc.subtract(batch["by"], desk.state["mean"][0]))}

    def quota(self, counts: Counts) -> Quota:
        return Quota(rows=self.rows)


class FromEach(Rank):
    """So many of each input, the first ones."""

    rows: dict[str, int]
    card: ClassVar[Card] = Card(stage="select", by_source=True, exact=True, aliases=(), examples=())

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"order": pa.array([0] * len(batch)), "key": pa.array([desk.source] * len(batch))}

    def quota(self, counts: Counts) -> Quota:
        return Quota(rows=dict(self.rows))


class Hoards(Spread):
    """Learns more than its card allows."""

    card: ClassVar[Card] = Card(
        stage="score", reads={"by": pa.float64()}, adds={"spread": pa.float64()}, state_bytes=10, exact=True, aliases=(), examples=()
    )


def _limit(limit: object) -> object:
    return {None if key == "-" else key: value for key, value in limit.items()} if isinstance(limit, dict) else limit


def _refuse(texts: pa.Array) -> None:
    bad = pc.index(pc.starts_with(texts, "!"), True).as_py()
    if bad >= 0:
        raise RowError(bad, "begins with an exclamation mark")


CATALOGUE: dict[str, type[Operator]] = {
    "size": Size,
    "shout": Shout,
    "alike": Alike,
    "choosy": Choosy,
    "choosy_rewrite": ChoosyRewrite,
    "choosy_group": ChoosyGroup,
    "choosy_expand": ChoosyExpand,
    "fill": Fill,
    "fill_in_order": FillInOrder,
    "middle": Middle,
    "spread": Spread,
    "hoards": Hoards,
    "tally": Tally,
    "near": Near,
    "from_each": FromEach,
}
__all__ = ["CATALOGUE", "SEEN", "Key"]
