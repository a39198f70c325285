"""The repetition rules of Gopher: does this text say the same again and again?"""

from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from tools import heuristics, ngrams
from tools.contract import Between, Bound, Card, Columns, Desk, Example, Measure, Rule, Scan

TOP, DUPLICATE = range(2, 5), range(5, 11)
PROSE = "The house that we saw stood at one end of a road, and it had to be painted, which took us all of a long and rather dull summer."


class GopherRepetition(Measure):
    """Keep documents that pass the repetition rules of Gopher; the first rule that a document fails is the reason.

    Lines and paragraphs that came before, by count and by characters; the share of characters in the most frequent 2-, 3- and 4-gram
    of tokens; that in 5- to 10-grams that came before. Tokens are those of English (`don't` is two, a comma is one); text without
    spaces, as in Chinese, Japanese or Thai, is cut at white space and at the marks at its ends alone, so that the n-grams of such a text
    say little: use character_repetition there. A text without characters has no shares and is dropped.
    """

    paragraphs_at_most: Bound = Field(default=0.3, description="Largest share of paragraphs that came before.")
    paragraph_characters_at_most: Bound = Field(default=0.2, description="Largest share of characters in such paragraphs.")
    lines_at_most: Bound = Field(default=0.3, description="Largest share of lines that came before.")
    line_characters_at_most: Bound = Field(default=0.2, description="Largest share of characters in such lines.")
    top_2_at_most: Bound = Field(default=0.2, description="Largest share of characters in the most frequent 2-gram.")
    top_3_at_most: Bound = Field(default=0.18, description="Largest share of characters in the most frequent 3-gram.")
    top_4_at_most: Bound = Field(default=0.16, description="Largest share of characters in the most frequent 4-gram.")
    duplicate_5_at_most: Bound = Field(default=0.15, description="Largest share of characters in 5-grams that came before.")
    duplicate_6_at_most: Bound = Field(default=0.14, description="Largest share of characters in 6-grams that came before.")
    duplicate_7_at_most: Bound = Field(default=0.13, description="Largest share of characters in 7-grams that came before.")
    duplicate_8_at_most: Bound = Field(default=0.12, description="Largest share of characters in 8-grams that came before.")
    duplicate_9_at_most: Bound = Field(default=0.11, description="Largest share of characters in 9-grams that came before.")
    duplicate_10_at_most: Bound = Field(default=0.10, description="Largest share of characters in 10-grams that came before.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={
            "duplicate_paragraph_share": pa.float64(),
            "duplicate_paragraph_character_share": pa.float64(),
            "duplicate_line_share": pa.float64(),
            "duplicate_line_character_share": pa.float64(),
            **{f"top_{n}_gram_share": pa.float64() for n in TOP},
            **{f"duplicate_{n}_gram_share": pa.float64() for n in DUPLICATE},
        },
        exact=True,
        micros_per_row=60.0,
        paper="arXiv:2112.11446, table A1",
        aliases=(
            "gopher repetition",
            "gopher repetition rules",
            "gopher repetition filter",
            "repetition filter",
            "repetitive documents",
            "documents that repeat themselves",
            "repeated n-grams",
            "massivetext repetition filter",
            "too much repetition",
        ),
        not_for=(
            "one rule alone: use duplicate_line_share, top_ngram_share, duplicate_ngram_share",
            "the same document twice: use exact_dedup, minhash_dedup",
            "remove repeated lines from the text",
            "Chinese, Japanese or Thai: use character_repetition",
        ),
        examples=(
            Example(
                given={"text": [PROSE, "a b c\n" * 9, "on and on and on and on and on and on and on and on", ""]},
                keeps=(0,),
                drops={1: "duplicate_line_share", 2: "top_2_gram_share", 3: "null"},
            ),
            Example(
                params={"lines_at_most": None, "line_characters_at_most": None, "top_2_at_most": None, "top_3_at_most": None, "top_4_at_most": None},
                given={"text": ["one two three four five\none two three four five\nsix"]},
                drops={0: "duplicate_5_gram_share"},
            ),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts, scan = batch["text"], desk.scan(batch["text"])
        found = dict(zip(heuristics.REPEATED, heuristics.repeated(texts), strict=True))
        repeats = ngrams.repeats(scan)
        return {
            "duplicate_paragraph_share": _of_any(found["repeated_paragraphs"], found["paragraphs"], scan),
            "duplicate_paragraph_character_share": ngrams.share(found["their_characters"], scan),
            "duplicate_line_share": _of_any(found["repeated_lines"], found["lines"], scan),
            "duplicate_line_character_share": ngrams.share(found["characters_of_lines"], scan),
            **{f"top_{n}_gram_share": ngrams.share(repeats[n - ngrams.LEAST], scan) for n in TOP},
            **{f"duplicate_{n}_gram_share": ngrams.share(repeats[n - ngrams.LEAST], scan) for n in DUPLICATE},
        }

    def rule(self) -> Rule:
        bounds = (
            self.paragraphs_at_most, self.paragraph_characters_at_most, self.lines_at_most, self.line_characters_at_most,
            self.top_2_at_most, self.top_3_at_most, self.top_4_at_most, self.duplicate_5_at_most, self.duplicate_6_at_most,
            self.duplicate_7_at_most, self.duplicate_8_at_most, self.duplicate_9_at_most, self.duplicate_10_at_most,
        )  # fmt: skip
        return tuple(Between(name, at_most=bound) for name, bound in zip(self.card.adds, bounds, strict=True) if bound is not None)


def _of_any(part: ngrams.Wide, of: ngrams.Wide, scan: Scan) -> pa.Array:
    """A text without characters has one line and one paragraph, both empty: no share of it repeats."""
    return ngrams.ratio(part, of * (ngrams.whole(scan) > 0))
