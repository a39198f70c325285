"""The quality rules of C4 that look at a whole document."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Between, Bound, Card, Columns, Desk, Example, Measure, Rule


class C4Quality(Measure):
    """Keep documents without filler text and curly brackets that have some sentences; the first rule that fails is the reason.

    Curly brackets tell code and scripts from prose: open `curly_brackets_at_most` for data that holds code. The first edition
    of the paper asks for five sentences, as its published code does; a later one for three. Its rules for single lines and its
    list of bad words are no part of this.
    """

    lorem_ipsum_at_most: Bound = Field(default=0, description="How often `lorem ipsum` may occur.")
    curly_brackets_at_most: Bound = Field(default=0, description="Most curly brackets `{`.")
    sentences_at_least: Bound = Field(default=5, description="Fewest sentences.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"lorem_ipsum": pa.int32(), "curly_brackets": pa.int32(), "sentences": pa.int32()},
        exact=True,
        micros_per_row=12.0,
        paper="arXiv:1910.10683, section 2.2",
        aliases=(
            "c4 quality",
            "c4 rules",
            "c4 filters",
            "c4 quality filter",
            "lorem ipsum",
            "filler text",
            "placeholder text",
            "curly brackets",
            "pages with code in them",
            "fewer than five sentences",
        ),
        not_for=("Gopher: use gopher_quality", "removing single lines", "data made of code or JSON"),
        examples=(
            Example(
                given={"text": ["One. Two. Three. Four. Five.", "Lorem Ipsum. " * 5, "if (a) { b } " + "Yes. " * 5, "One. Two."]},
                keeps=(0,),
                drops={1: "lorem_ipsum", 2: "curly_brackets", 3: "sentences"},
            ),
            Example(
                params={"sentences_at_least": None},
                given={"text": ["{a} {b} lorem ipsum", ""]},
                gives={"lorem_ipsum": [1, 0], "curly_brackets": [2, 0], "sentences": [1, 0]},
            ),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        return {
            "lorem_ipsum": pc.count_substring(texts, "lorem ipsum", ignore_case=True),
            "curly_brackets": pc.count_substring(texts, "{"),
            "sentences": desk.scan(texts).sentences,
        }

    def rule(self) -> Rule:
        rules = (
            Between("lorem_ipsum", at_most=self.lorem_ipsum_at_most),
            Between("curly_brackets", at_most=self.curly_brackets_at_most),
            Between("sentences", at_least=self.sentences_at_least),
        )
        return tuple(rule for rule in rules if not rule.at_least is rule.at_most is None)
