"""Find the rows that hold items of an evaluation set."""

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Between, Bound, Card, Columns, Desk, Example, Fit, Rule

from .items import indexed
from .shingles import grams, words

SHOWN = 80  # characters of an item that a report shows


class Decontaminate(Fit):
    """Drop rows that hold much of an item of the reference input, such as a question of a test set.

    `contamination` is the largest share of one item's word n-grams that occurs in the row, so that a question is found in a
    row of any length, copied or quoted, with other case and punctuation. The defaults are measured: on test sets of questions
    and of code they find every copy, also where only the question of a question and its answer was copied, and drop one clean
    row in 2,000. N-grams of 13 words, as for GPT-3, find fewer; of 5, they meet by chance. An item of fewer than `ngram` words
    must occur whole; one of fewer than `shortest` is not looked for, since it occurs anywhere. The measures `item`, `start` and
    `stop` say which item was found (its first characters) and between which words of the row.
    """

    at_most: Bound = Field(default=0.25, ge=0, le=1, description="Largest share of one item's n-grams that a row may hold.")
    ngram: int = Field(default=8, ge=1, le=64, description="Words in an n-gram.")
    shortest: int = Field(default=4, ge=1, description="Items of fewer words are not looked for.")

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads={"text": pa.string()},
        against={"text": pa.string()},
        needs_against=True,
        adds={"contamination": pa.float64(), "item": pa.string(), "start": pa.int32(), "stop": pa.int32()},
        state_bytes=1 << 30,
        exact=True,
        micros_per_row=30.0,
        paper="arXiv:2005.14165, appendix C",
        aliases=(
            "decontaminate",
            "test set leakage",
            "benchmark contamination",
            "remove test questions from the training data",
            "leaked evaluation data",
            "overlap with the eval set",
            "must not contain the benchmark",
            "benchmark-safe training data",
            "train/test overlap",
            "held-out questions in the training rows",
            "n-gram overlap with a reference",
            "occurs in the test set",
        ),
        not_for=("repeats within one input: use exact_dedup or minhash_dedup", "paraphrases of test questions"),
        examples=(
            Example(
                params={"ngram": 3},
                given={"text": ["so: one TWO three, four five!", "one two three and more", "nothing"]},
                against={"text": ["One two three four five", "a b"]},
                gives={
                    "contamination": [1.0, 1 / 3, 0.0],
                    "item": ["One two three four five", "One two three four five", None],
                    "start": [1, 0, None],
                    "stop": [6, 3, None],
                },
            ),
            Example(
                params={"ngram": 3, "at_most": 0.5},
                given={"text": ["one two three four five", "one two three"]},
                against={"text": ["one two three four five"]},
                keeps=(1,),
                drops={0: "contamination"},
            ),
        ),
    )

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        """One row an item: its number (a hash of its text), what is shown of it, the words of its n-grams and their hashes."""
        own = words(batch["text"])
        lengths = np.minimum(own.counts, self.ngram)
        found = grams(own, self.ngram)
        each = [np.unique(found.hashes[one:two]) for one, two in zip(found.offsets[:-1], found.offsets[1:], strict=True)]
        bounds = pa.array(np.concatenate(([0], np.cumsum([len(hashes) for hashes in each], dtype=np.int64))), pa.int32())
        flat = pa.array(np.concatenate([np.zeros(0, np.uint64), *each]))
        items = {
            "item": numbered(desk.digest(batch["text"])),
            "shown": pc.utf8_slice_codeunits(batch["text"], 0, SHOWN),
            "words": pa.array(lengths, pa.int32()),
            "hashes": pa.ListArray.from_arrays(bounds, flat),
        }
        return settled(pa.table(items).filter(pa.array(own.counts >= self.shortest)))

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        return settled(pa.concat_tables([one, other]))

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        index = indexed(desk.state)
        found = index.find(words(batch["text"]))
        none = found.item < 0
        return {
            "contamination": pa.array(found.share),
            "item": index.shown.take(pa.array(found.item, mask=none)),
            "start": pa.array(found.start.astype(np.int32), mask=none),
            "stop": pa.array(found.stop.astype(np.int32), mask=none),
        }

    def rule(self) -> Rule:
        return (Between("contamination", at_most=self.at_most),)


def settled(items: pa.Table) -> pa.Table:
    """Each item once, sorted by number: the same however the reference was cut."""
    _, first = np.unique(items["item"].to_numpy(), return_index=True)
    return items.take(pa.array(first)).combine_chunks()


def numbered(digests: pa.Array) -> pa.Array:
    """The first half of each 128-bit digest as a number."""
    halves = np.frombuffer(digests.buffers()[1], np.uint64).reshape(-1, 2)[digests.offset : digests.offset + len(digests), 0]
    return pa.array(halves)
