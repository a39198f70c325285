"""Operators that each break one law: what the laws must catch."""

import itertools
import random
import socket
from contextlib import suppress
from dataclasses import replace
from multiprocessing import parent_process
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Between, Bounded, Card, Columns, Counts, Desk, Example, Expand, Group, Numbers, Quota, Rank, Rewrite, Rule, Stage, Survey

TEXT = {"text": pa.string()}
CALLS = itertools.count()


def card(adds: dict[str, pa.DataType], *examples: Example, stage: Stage = "filter") -> Card:
    return Card(stage=stage, reads=TEXT, adds=adds, exact=True, aliases=(), examples=examples or (Example(given={"text": ["one"]}, keeps=(0,)),))


class Remembers(Bounded):
    """Keeps state between batches."""

    card: ClassVar[Card] = card({"turn": pa.int64()})

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"turn": pa.array([next(CALLS)] * len(batch), pa.int64())}


class Peeks(Bounded):
    """Reads a column that it does not declare."""

    card: ClassVar[Card] = card({"length": pa.int32()})

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"length": pc.binary_length(batch["another_text"])}


class Loses(Bounded):
    """Gives one value too few."""

    card: ClassVar[Card] = card({"length": pa.int32()})

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"length": pc.binary_length(batch["text"])[1:]}


class LosesWhenMany(Expand):
    """Forgets the rows after the twentieth."""

    card: ClassVar[Card] = card({"text": pa.string()}, stage="normalise")

    def expand(self, batch: pa.RecordBatch, desk: Desk) -> tuple[Columns, pa.Array]:
        return {"text": batch["text"][:20]}, pa.array([[row] for row in range(min(len(batch), 20))], pa.list_(pa.int32()))


class OtherType(Rewrite):
    """Gives another type than it says."""

    card: ClassVar[Card] = card({"length": pa.int64()}, stage="normalise")

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"length": pc.binary_length(batch["text"])}


class Positions(Bounded):
    """Measures where a row lies in its batch."""

    card: ClassVar[Card] = card({"position": pa.int64()})

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"position": pa.array(np.arange(len(batch)))}


class CountsBatches(Survey):
    """Tells in how many batches the rows came."""

    card: ClassVar[Card] = Card(
        stage="score", reads=TEXT, numbers=("batches",), exact=True, aliases=(), examples=(Example(given={"text": ["one"]}, numbers={"batches": 1}),)
    )

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        return pa.table({"batches": [1]})

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        return pa.table({"batches": pc.add(one["batches"], other["batches"])})

    def tell(self, state: pa.Table, against: pa.Table | None) -> Numbers:
        return {"batches": state["batches"][0].as_py()}


class Miscounts(CountsBatches):
    """Says of its example what does not come true."""

    card: ClassVar[Card] = replace(CountsBatches.card, examples=(Example(given={"text": ["one"]}, numbers={"batches": 2}),))


class NotForNone(Bounded):
    """Gives an empty batch another type: what a list of no values becomes."""

    card: ClassVar[Card] = card({"length": pa.int64()})

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"length": pa.array([len(text) for text in batch["text"].to_pylist()])}


class Dice(Bounded):
    """Random, with no seed."""

    card: ClassVar[Card] = card({"dice": pa.float64()})

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"dice": pa.array([random.random() for _ in range(len(batch))], pa.float64())}


class SaltedHash(Bounded):
    """Other values in every process: Python salts the hashes of texts."""

    card: ClassVar[Card] = card({"hash": pa.int64()})

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"hash": pa.array([hash(text) for text in batch["text"].to_pylist()], pa.int64())}


class KnowsItsProcess(Rank):
    """Ranks the other way round in a worker."""

    card: ClassVar[Card] = Card(
        stage="select", reads=TEXT, exact=True, aliases=(), examples=(Example(given={"text": ["one", "three"]}, keeps=(0,), drops={1: "quota"}),)
    )

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        size = pc.binary_length(batch["text"])
        return {"order": size if parent_process() is None else pc.negate(size)}

    def quota(self, counts: Counts) -> Quota:
        return Quota(rows=-(-counts.rows.get(None, 0) // 2))


class FirstLetter(Bounded):
    """Has no answer for an empty text."""

    card: ClassVar[Card] = card({"letter": pa.int64()})

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"letter": pa.array([ord(text[0]) for text in batch["text"].to_pylist()], pa.int64())}


class Calls(Bounded):
    """Tries to reach a server, and says nothing when it cannot."""

    card: ClassVar[Card] = card({"answer": pa.int64()})

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        with suppress(OSError):
            socket.create_connection(("192.0.2.1", 9), timeout=0.01).close()
        return {"answer": pa.array([0] * len(batch), pa.int64())}


class Boasts(Bounded):
    """An example that does not hold."""

    card: ClassVar[Card] = card({"length": pa.int32()}, Example(params={"at_least": 2}, given={"text": ["a", "bb"]}, keeps=(0, 1)))

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"length": pc.binary_length(batch["text"])}


class TakesNulls(Bounded):
    """Says that it takes nulls, and does not."""

    card: ClassVar[Card] = Card(
        stage="filter",
        reads=TEXT,
        adds={"size": pa.int64()},
        takes_nulls=True,
        exact=True,
        aliases=(),
        examples=(Example(given={"text": ["one"]}, keeps=(0,)),),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"size": pa.array([len(text) for text in batch["text"].to_pylist()], pa.int64())}


class ArrivalOrder(Group):
    """Pairs each note with the one that happens to come next."""

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads=TEXT,
        notes={"all": pa.int8(), "size": pa.int32()},
        key="all",
        exact=True,
        aliases=(),
        examples=(Example(given={"text": ["one"]}, keeps=(0,)),),
    )

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"all": pa.array([0] * len(batch), pa.int8()), "size": pc.binary_length(batch["text"])}

    def match(self, partition: pa.Table) -> pa.Table:
        rows, sizes = partition["row"].to_numpy(), partition["size"].to_numpy()
        near = np.abs(np.diff(sizes)) <= 1
        return pa.table({"row": rows[1:][near], "other": rows[:-1][near]})


class FirstWord(Group):
    """Finds near-duplicates only where the first word is the same and no third row stands between."""

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads=TEXT,
        adds={"common": pa.float64()},
        notes={"word": pa.string()},
        key="word",
        exact=True,
        aliases=(),
        examples=(Example(given={"text": ["one"]}, keeps=(0,)),),
    )

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"word": pa.array([(text.split() or [""])[0] for text in batch["text"].to_pylist()], pa.string())}

    def match(self, partition: pa.Table) -> pa.Table:
        ordered = partition.sort_by([("word", "ascending"), ("row", "ascending")])
        rows, words = ordered["row"].to_numpy(), np.array(ordered["word"].to_pylist(), object)
        same = words[1:] == words[:-1]
        return pa.table({"row": rows[1:][same][::3], "other": rows[:-1][same][::3]})

    def verify(self, pairs: pa.Table, desk: Desk) -> Columns:
        ones, others = (desk.evidence(pairs[side].combine_chunks()).to_pylist() for side in ("row", "other"))
        sets = [(set(one.split()), set(other.split())) for one, other in zip(ones, others, strict=True)]
        return {"common": pa.array([len(one & other) / max(1, len(one | other)) for one, other in sets], pa.float64())}

    def rule(self) -> Rule:
        return (Between("common", at_least=0.8),)
