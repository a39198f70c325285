"""Cut passages that stood earlier."""

from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from tools.contract import Card, Columns, Cut, Desk, Example

from .passages import anchors, passages


class SubstringDedup(Cut):
    """Cut passages of at least `words` words that stand earlier in the input, in another text or the same one; where one stands
    first it stays.

    Every such repeat is found and goes whole, and nothing else goes: a word is cut where it belongs to a run of `words` words that
    stands earlier, word by word as it is written, without overlapping with it. Only white space between words may differ, and what
    follows a cut passage goes with it. Words are cut at white space; each Han, Hiragana and Katakana character is one. Passages are
    compared by hashes of 96 bits.
    """

    words: int = Field(default=50, ge=2, le=1000, description="Shortest passage that is cut.")

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        against={"text": pa.string()},
        exact=True,
        micros_per_row=15.0,
        paper="arXiv:2107.06499",
        aliases=(
            "cut passages of 50 words or more that appear elsewhere",
            "substring deduplication",
            "repeated passages",
            "remove repeated substrings",
            "exact substring dedup",
            "suffix array deduplication",
            "passages that occur in other documents",
            "copied passages",
            "boilerplate passages",
        ),
        not_for=("whole texts that repeat: use exact_dedup or minhash_dedup", "lines such as menus, shorter than the passages: use line_dedup"),
        examples=(
            Example(
                params={"words": 3},
                given={"text": ["one two three four", "so: one  two\nthree five", "One two three"]},
                gives={"text": ["one two three four", "so: five", "One two three"]},
            ),
            Example(params={"words": 2}, given={"text": ["la la la la la"]}, gives={"text": ["la la "]}),
            Example(params={"words": 3}, given={"text": ["我们使用。", "她使用。"]}, gives={"text": ["我们使用。", "她"]}),
        ),
    )

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return anchors(batch.column(0), self._window(), self.words)

    def around(self, batch: pa.RecordBatch, desk: Desk, clues: pa.Table) -> Columns:
        return passages(batch.column(0), self._window(), self.words, clues)

    def _window(self) -> int:
        """Words of an anchor: with more of them there are more anchors, with fewer more that repeat by chance."""
        return max(1, 2 * self.words // 5)
