"""Drop texts that were already there."""

from functools import lru_cache
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Card, Columns, Desk, Example, Group, Types
from tools.digest import DIGEST
from tools.kernels import compiled

from .shingles import Characters, text_bytes

CASED = 0x1F000  # no letter above has another case, and no white space stands there
SPACE = r"[\s\v\x1c-\x1f\x{85}\p{Z}]+"


class ExactDedup(Group):
    """Drop rows whose text, or whose columns named in `on`, are the same as those of a row that stays.

    Texts are compared by a hash of 128 bits. By default every character counts; with `ignore: case_and_space` upper and
    lower case are one, runs of white space are one space, and space at the ends does not count.
    """

    ignore: Literal["nothing", "case_and_space"] = Field(default="nothing", description="What two texts may differ in and still be the same.")
    keep: Literal["first", "best"] = Field(
        default="first", description="Which of the same rows stays; `best`: the one with the largest value of the column `by`."
    )

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads={"text": pa.string()},
        against={"text": pa.string()},
        notes={"mark": pa.binary(16), "prefer": pa.float64()},
        key="mark",
        prefer="prefer",
        exact=True,
        micros_per_row=0.5,
        aliases=(
            "remove duplicates",
            "exact duplicates",
            "deduplicate",
            "dedup by column",
            "drop repeated rows",
            "the same text twice",
            "unique rows",
            "distinct",
            "keep the first of each",
            "no repeats",
            "drop_duplicates",
            "one row per id",
            "identical messages",
            "already in another file",
        ),
        not_for=("texts that differ in a few words: use minhash_dedup", "lines repeated within a text"),
        examples=(
            Example(given={"text": ["Hi", "yo", "Hi", "hi "]}, keeps=(0, 1, 3), drops={2: "merged"}, into={2: 0}),
            Example(params={"ignore": "case_and_space"}, given={"text": ["Hi  you", " hi you\n", "yo"]}, keeps=(0, 2), into={1: 0}),
            Example(params={"keep": "best"}, given={"text": ["a", "a"], "by": [1.0, 2.0]}, keeps=(1,), into={0: 1}),
            Example(given={"text": ["a", "b"]}, against={"text": ["b"]}, keeps=(0,), drops={1: "merged"}),
        ),
    )

    def reads(self) -> Types:
        return {**self.card.reads, "by": pa.float64()} if self.keep == "best" else self.card.reads

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        marks = desk.digest(batch["text"]) if self.ignore == "nothing" else _plain_digests(batch["text"], desk)
        prefer = np.zeros(len(batch), np.float64)
        if self.keep == "best" and "by" in batch.schema.names:  # reference rows have none: they stay as it is
            prefer = np.nan_to_num(batch["by"].to_numpy(), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
        return {"mark": marks, "prefer": pa.array(prefer)}

    def match(self, partition: pa.Table) -> pa.Table:
        marks, rows = _halves(partition["mark"]), partition["row"].to_numpy()
        order = np.lexsort((rows, marks[:, 1], marks[:, 0]))
        marks, rows = marks[order], rows[order]
        again = np.append(False, (marks[1:] == marks[:-1]).all(axis=1))[: len(rows)]
        first = np.maximum.accumulate(np.where(again, 0, np.arange(len(rows))))
        return pa.table({"row": pa.array(rows[again], pa.int64()), "other": pa.array(rows[first[again]], pa.int64())})


def _halves(marks: pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    """Each mark as two numbers."""
    whole = marks.combine_chunks()
    return np.frombuffer(whole.buffers()[1], np.uint64).reshape(-1, 2)[whole.offset : whole.offset + len(whole)]


def plain(texts: pa.Array) -> pa.Array:
    """Lower case, one space for each run of white space, none at the ends."""
    return pc.utf8_trim(pc.replace_substring_regex(pc.utf8_lower(texts), SPACE, " "), " ")


def _plain_digests(texts: pa.Array, desk: Desk) -> pa.Array:
    data, offsets = text_bytes(texts)
    fast = compiled("plain", len(data)) if not texts.null_count else None
    if fast is None:
        return desk.digest(plain(texts))
    longest = int(np.diff(offsets).max(initial=0))
    room, found = np.empty(longest + longest // 2 + fast.SPARE, np.uint8), np.empty((len(texts), 2), np.uint64)  # two bytes may become three
    fast.digests(data, offsets, _lower(fast.SPACE), room, found)
    return pa.FixedSizeBinaryArray.from_buffers(DIGEST, len(texts), [None, pa.py_buffer(found)])


@lru_cache(maxsize=1)
def _lower(space: int) -> Characters:
    """Of each character the one that Arrow makes of it in lower case; `space` for white space. None above the last entry changes."""
    points = [point for point in range(CASED) if not 0xD800 <= point < 0xE000]
    each = pa.array(map(chr, points), pa.string())
    lower = np.frombuffer("".join(pc.utf8_lower(each).to_pylist()).encode("utf-32-le"), np.uint32)
    table = np.arange(CASED, dtype=np.uint32)
    table[points] = np.where(pc.match_substring_regex(each, SPACE).to_numpy(zero_copy_only=False), np.uint32(space), lower)
    return table
