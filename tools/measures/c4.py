"""The quality rules of C4."""

from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from tools import heuristics
from tools.contract import Between, Bound, Card, Columns, Desk, Example, Measure, Rule


class C4Quality(Measure):
    """Keep documents that have some sentences and neither filler text nor curly brackets, judged by the lines that C4's rules keep.

    Such a line ends with `.`, `?`, `!` or a quotation mark (not with `...`), has three words or more, none above 1000 characters, and
    speaks neither of JavaScript nor of cookies, terms of use or a privacy policy; citations such as `[12]` do not count. Nothing is
    rewritten: `c4_lines` drops the other lines. Curly brackets tell code from prose: open `curly_brackets_at_most` for data that holds
    code. The first edition of the paper asks for five sentences, as its published code does; a later one for three. Its list of bad
    words is no part of this. Only Latin marks end a line: for Chinese or Japanese open `sentences_at_least`.
    """

    lorem_ipsum_at_most: Bound = Field(default=0, description="In how many lines `lorem ipsum` may occur.")
    curly_brackets_at_most: Bound = Field(default=0, description="Most curly brackets `{`.")
    sentences_at_least: Bound = Field(default=5, description="Fewest sentences.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"lorem_ipsum": pa.int32(), "curly_brackets": pa.int32(), "sentences": pa.int32()},
        exact=True,
        micros_per_row=40.0,
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
        not_for=("Gopher: use gopher_quality", "removing single lines: use c4_lines", "data made of code or JSON"),
        examples=(
            Example(
                given={
                    "text": [
                        "It is one. It is two. It is three. It is four. It is five.",
                        "Lorem Ipsum it is. " * 5,
                        "if (a) { b } or not. " + "Yes. " * 5,
                        "It is one. It is two.",
                        "It is one. It is two. It is three. It is four. It is five\nHome",
                    ]
                },
                keeps=(0,),
                drops={1: "lorem_ipsum", 2: "curly_brackets", 3: "sentences", 4: "sentences"},
            ),
            Example(
                params={"sentences_at_least": None},
                given={"text": ["The {a} {b} of lorem ipsum.", "{a} {b}", ""]},
                gives={"lorem_ipsum": [1, 0, 0], "curly_brackets": [2, 0, 0], "sentences": [1, 0, 0]},
            ),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        found = heuristics.kept_by_c4(texts, desk.scan(texts))
        return dict(zip(self.card.adds, (pa.array(counts, pa.int32()) for counts in found), strict=True))

    def rule(self) -> Rule:
        rules = (
            Between("lorem_ipsum", at_most=self.lorem_ipsum_at_most),
            Between("curly_brackets", at_most=self.curly_brackets_at_most),
            Between("sentences", at_least=self.sentences_at_least),
        )
        return tuple(rule for rule in rules if not rule.at_least is rule.at_most is None)
