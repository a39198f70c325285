"""The quality rules of FineWeb: are these lines of running text, or a list?"""

from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from tools import heuristics, ngrams
from tools.contract import Between, Bound, Card, Columns, Desk, Example, Measure, Rule


class FineWebQuality(Measure):
    """Keep documents that pass the rules with which FineWeb was filtered last; the first rule that a document fails is the reason.

    How many lines end with a full stop or a mark, how many are short (30 characters or fewer), how many characters stand in lines that
    came before, and how many line feeds there are for each token. Blank lines do not count; quotation marks and spaces after a full
    stop hide it, as in the published code. It judges the text that it is given: put `c4_lines` before it to judge what C4 would keep,
    as FineWeb's own pipeline does. The marks of many scripts end a line, but the tokens are those of English, so that the last rule
    is stricter for text without spaces. A text of nothing but white space has no shares and is dropped.
    """

    ended_lines_at_least: Bound = Field(default=0.12, description="Smallest share of lines that end with a full stop or a mark.")
    short_lines_at_most: Bound = Field(default=0.67, description="Largest share of lines of 30 characters or fewer.")
    repeated_characters_at_most: Bound = Field(default=0.01, description="Largest share of characters in lines that came before.")
    breaks_at_most: Bound = Field(default=0.3, description="Most line feeds per token.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={
            "ended_line_share": pa.float64(),
            "short_line_share": pa.float64(),
            "duplicate_line_character_share": pa.float64(),
            "breaks_per_token": pa.float64(),
        },
        exact=True,
        micros_per_row=40.0,
        paper="arXiv:2406.17557, section 3.6",
        aliases=(
            "fineweb quality",
            "fineweb rules",
            "fineweb filters",
            "fineweb quality filter",
            "fineweb heuristics",
            "list-like documents",
            "documents that are lists",
        ),
        not_for=(
            "FineWeb-Edu: a score by a classifier",
            "one rule alone: use line_end_punctuation_share, short_line_share, duplicate_line_share",
            "Gopher: use gopher_quality",
            "C4: use c4_quality",
        ),
        examples=(
            Example(
                given={"text": ["It rained all day and nobody came.\nSo we stayed in and read.", "Home\nAbout\nHelp", "Yes.\nNo.\nMaybe.", " \n"]},
                keeps=(0,),
                drops={1: "ended_line_share", 2: "short_line_share", 3: "ended_line_share"},
            ),
            Example(
                params={"ended_lines_at_least": None, "short_lines_at_most": None},
                given={"text": ["one two\none two\nand three", "a\nb\nc d"]},
                drops={0: "duplicate_line_character_share", 1: "breaks_per_token"},
            ),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts, scan = batch["text"], desk.scan(batch["text"])
        found = dict(zip(heuristics.LINES, heuristics.lines(texts), strict=True))
        counts = heuristics.token_counts(scan)[0]
        characters = ngrams.whole(scan) - found["breaks"]
        return {
            "ended_line_share": ngrams.ratio(found["ended"], found["lines"]),
            "short_line_share": ngrams.ratio(found["short"], found["lines"]),
            "duplicate_line_character_share": ngrams.ratio(found["repeated_characters"], characters),
            "breaks_per_token": ngrams.ratio(found["breaks"], counts),
        }

    def rule(self) -> Rule:
        rules = (
            Between("ended_line_share", at_least=self.ended_lines_at_least),
            Between("short_line_share", at_most=self.short_lines_at_most),
            Between("duplicate_line_character_share", at_most=self.repeated_characters_at_most),
            Between("breaks_per_token", at_most=self.breaks_at_most),
        )
        return tuple(rule for rule in rules if not rule.at_least is rule.at_most is None)
