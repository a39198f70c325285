"""The quality rules of Gopher: is this running text, or a menu, a list, a table?"""

from typing import ClassVar

import numpy as np
import pyarrow as pa
from pydantic import Field

from tools import heuristics, ngrams
from tools.contract import Between, Bound, Card, Columns, Desk, Example, Measure, Rule

PROSE = "The house that we saw was at the end of the road, and it had to be painted. "


class GopherQuality(Measure):
    """Keep documents that pass the quality rules of Gopher; the first rule that a document fails is the reason.

    Word counts, the length of words, `#` and ellipses per token, lines that are bullets or trail off, tokens with a letter, and how
    many of eight English stop words occur in small letters: for other languages open `stop_words_at_least`. As in the published rules
    the words are those of a tokeniser of English: `don't` is two, punctuation alone is none, but counts where shares are taken; blank
    lines count. Text without spaces, as in Chinese, Japanese or Thai, is cut at white space and at the marks at its ends alone, so
    that its words are clauses: use characters and alphabetic_share there.
    """

    words_at_least: Bound = Field(default=50, description="Fewest words.")
    words_at_most: Bound = Field(default=100_000, description="Most words.")
    word_length_at_least: Bound = Field(default=3, description="Smallest mean length of a word.")
    word_length_at_most: Bound = Field(default=10, description="Largest mean length of a word.")
    symbols_at_most: Bound = Field(default=0.1, description="Most `#`, or ellipses, per word.")
    bullets_at_most: Bound = Field(default=0.9, description="Largest share of lines that begin with a bullet.")
    ellipses_at_most: Bound = Field(default=0.3, description="Largest share of lines that end with an ellipsis.")
    alphabetic_at_least: Bound = Field(default=0.8, description="Smallest share of words with a letter in them.")
    stop_words_at_least: Bound = Field(default=2, description="Fewest different words of: the, be, to, of, and, that, have, with.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={
            "words": pa.int32(),
            "mean_word_length": pa.float64(),
            "symbol_word_ratio": pa.float64(),
            "bullet_line_share": pa.float64(),
            "ellipsis_line_share": pa.float64(),
            "alphabetic_word_share": pa.float64(),
            "stop_words": pa.int32(),
        },
        exact=True,
        micros_per_row=90.0,
        paper="arXiv:2112.11446, appendix A1.1",
        aliases=(
            "gopher quality",
            "gopher rules",
            "gopher filters",
            "gopher quality filter",
            "massivetext filters",
            "quality heuristics",
            "heuristic quality filter",
            "standard quality filter for web text",
            "standard pretraining filters",
        ),
        not_for=(
            "one rule alone: use words, mean_word_length, symbol_word_ratio, stop_words",
            "short answers and chats",
            "code",
            "C4: use c4_quality",
        ),
        examples=(
            Example(given={"text": [PROSE * 3, "Home | About", "x " * 60]}, keeps=(0,), drops={1: "words", 2: "mean_word_length"}),
            Example(params={"words_at_least": 3}, given={"text": ["- " + PROSE, PROSE * 2]}, keeps=(1,), drops={0: "bullet_line_share"}),
            Example(
                params={"words_at_least": None},
                given={"text": ["the end of it 1 ...", ""]},
                gives={
                    "words": [5, 0],
                    "mean_word_length": [11 / 5, 0.0],
                    "symbol_word_ratio": [1 / 6, 0.0],
                    "bullet_line_share": [0.0, 0.0],
                    "ellipsis_line_share": [1.0, 0.0],
                    "alphabetic_word_share": [4 / 6, 0.0],
                    "stop_words": [2, 0],
                },
            ),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        count, words, characters, alphabetic, stop_words = heuristics.token_counts(desk.scan(batch["text"]))
        signs, ellipses, lines, bullets, trailing = heuristics.outline(batch["text"])
        return {
            "words": pa.array(words, pa.int32()),
            "mean_word_length": _per(characters, words),
            "symbol_word_ratio": _per(np.maximum(signs, ellipses), count),
            "bullet_line_share": _per(bullets, lines),
            "ellipsis_line_share": _per(trailing, lines),
            "alphabetic_word_share": _per(alphabetic, count),
            "stop_words": pa.array(stop_words, pa.int32()),
        }

    def rule(self) -> Rule:
        rules = (
            Between("words", self.words_at_least, self.words_at_most),
            Between("mean_word_length", self.word_length_at_least, self.word_length_at_most),
            Between("symbol_word_ratio", at_most=self.symbols_at_most),
            Between("bullet_line_share", at_most=self.bullets_at_most),
            Between("ellipsis_line_share", at_most=self.ellipses_at_most),
            Between("alphabetic_word_share", at_least=self.alphabetic_at_least),
            Between("stop_words", at_least=self.stop_words_at_least),
        )
        return tuple(rule for rule in rules if not rule.at_least is rule.at_most is None)


def _per(part: ngrams.Wide, whole: ngrams.Wide) -> pa.Array:
    return pa.array(part / np.maximum(whole, 1), pa.float64())
