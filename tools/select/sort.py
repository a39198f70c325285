"""Put all rows into another order: by a column, or at random."""

from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import ANY, Card, Columns, Counts, Desk, Example, Quota, Rank, Types
from tools.digest import pieces
from tools.errors import RecipeError

from .groups import is_plain

VALUE, NOTHING = b"\x00", b"\x01"
INVERTED = bytes(range(255, -1, -1))


class Sort(Rank):
    """Put the rows into the order of a column; no row is lost. Of equal values the earlier row comes first.

    Numbers and dates go by size, texts letter by letter as their characters are numbered in Unicode: capitals before small
    letters, accents last. Rows without a value, or whose value is no number (NaN), come last in either direction.
    """

    descending: bool = Field(default=False, description="Largest, newest or last of the alphabet first.")
    compare: Literal["value", "number"] = Field(default="value", description="By the values as they are, or by the numbers that texts hold.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads={"by": ANY},
        reorders=True,
        takes_nulls=True,
        exact=True,
        micros_per_row=1.0,
        aliases=(
            "sort by",
            "order by",
            "sort the rows",
            "sort ascending",
            "sort descending",
            "alphabetical order",
            "newest first",
            "oldest first",
            "arrange by",
            "in order of",
            "from small to large",
            "easy to hard",
        ),
        not_for=("only the best rows: use top_k", "only the lowest rows: use bottom_k", "random order: use shuffle"),
        examples=(
            Example(given={"by": [2, None, 1, 2]}, keeps=(2, 0, 3, 1)),
            Example(params={"descending": True}, given={"by": ["a", "ab", "", "b"]}, keeps=(3, 1, 0, 2)),
            Example(params={"compare": "number"}, given={"by": [10, float("nan"), 9]}, keeps=(2, 0, 1)),
        ),
    )

    def reads(self) -> Types:
        return {"by": pa.float64()} if self.compare == "number" else self.card.reads

    def adds(self, given: Types) -> Types:
        kind = given.get("by", pa.string())
        if not is_plain(kind):
            raise RecipeError(f"on: by is {kind}; sort by a column of texts, numbers or dates")
        return {}

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        values = batch["by"]
        if pa.types.is_floating(values.type) or pa.types.is_decimal(values.type) or pa.types.is_null(values.type):
            numbers = pc.cast(values, pa.float64())
            return {"order": pc.fill_null(pc.negate(numbers) if self.descending else numbers, float("nan"))}
        keys = _of_whole(values) if _is_whole(values.type) else [bytes(piece) for piece in pieces(pc.cast(values, pa.string()))]
        if self.descending:
            keys = [_inverted(key) for key in keys]
        is_there = pc.is_valid(values).to_pylist()
        return {"order": pa.array([VALUE + key if there else NOTHING for key, there in zip(keys, is_there, strict=True)], pa.binary())}

    def quota(self, counts: Counts) -> Quota:
        return Quota()


class Shuffle(Rank):
    """Put the rows into a random order, the same for the same seed; no row is lost.

    Rows of several inputs come one input after the other, `from: [a, b]` brings them together; shuffled, they are mixed.
    """

    card: ClassVar[Card] = Card(
        stage="select",
        reorders=True,
        exact=True,
        seeded=True,
        micros_per_row=0.2,
        aliases=(
            "shuffle",
            "shuffle the rows",
            "shuffled order",
            "random order",
            "randomise the order",
            "randomize the order",
            "mix up the rows",
            "permute the rows",
        ),
        not_for=("fewer rows: use random_sample", "a given order: use sort"),
        examples=(Example(given={"text": ["a"]}, keeps=(0,)), Example(given={"text": []}, keeps=())),
    )

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"order": desk.draw()}

    def quota(self, counts: Counts) -> Quota:
        return Quota()


def _inverted(key: bytes) -> bytes:
    """Bytes in the opposite order. An end is written out, since none may be the beginning of another: `a` comes after `ab`."""
    return (key.replace(b"\x00", b"\x00\x01") + b"\x00\x00").translate(INVERTED)


def _is_whole(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_temporal(kind))


def _of_whole(values: pa.Array) -> list[bytes]:
    """Eight bytes that stand in the order of the numbers: the sign turned round, the largest byte first."""
    kind = values.type
    if pa.types.is_temporal(kind):
        values = values.view(pa.int32() if kind.bit_width == 32 else pa.int64())
    if not pa.types.is_unsigned_integer(kind):
        values = pc.cast(values, pa.int64())
    raw = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
    unsigned: npt.NDArray[np.uint64] = raw.astype(np.uint64) if raw.dtype.kind == "u" else raw.view(np.uint64) ^ np.uint64(1 << 63)
    data = unsigned.astype(">u8").tobytes()
    return [data[start : start + 8] for start in range(0, len(data), 8)]
