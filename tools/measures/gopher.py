"""The quality rules of Gopher: is this running text, or a menu, a list, a table?"""

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.characters import IDEOGRAPH_CLASS
from tools.contract import Between, Bound, Card, Columns, Desk, Example, Measure, Rule
from tools.digest import offsets_of
from tools.scan import ENDS

from .lines import bullet_line_share, ellipsis_line_share
from .shape import quotient, solid
from .symbols import symbol_word_ratio

STOP_WORDS = ("the", "be", "to", "of", "and", "that", "have", "with")
PROSE = "The house that we saw was at the end of the road, and it had to be painted. "


class GopherQuality(Measure):
    """Keep documents that pass the quality rules of Gopher; the first rule that a document fails is the reason.

    Word counts, the length of words, `#` and ellipses per word, lines that are bullets or trail off, words with a letter, and how
    many of eight English stop words occur: for other languages open `stop_words_at_least`. The published words are those of a
    tokeniser; here they are runs of non-space characters, as in every measure. Blank lines do not count.
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
                    "words": [6, 0],
                    "mean_word_length": [14 / 6, 0.0],
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
        texts, scan = batch["text"], desk.scan(batch["text"])
        alphabetic, stop_words = _of_tokens(texts)
        return {
            "words": scan.words,
            "mean_word_length": quotient(solid(scan), scan.words),
            "symbol_word_ratio": symbol_word_ratio(texts, scan.words),
            "bullet_line_share": bullet_line_share(scan),
            "ellipsis_line_share": ellipsis_line_share(scan),
            "alphabetic_word_share": quotient(alphabetic, scan.words),
            "stop_words": stop_words,
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


def _of_tokens(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Of each text: the words that have a letter, and how many different stop words it has."""
    split = pc.utf8_split_whitespace(pc.replace_substring_regex(texts, f"({IDEOGRAPH_CLASS})", r" \1 "))
    lengths = np.diff(offsets_of(split))
    row = np.repeat(np.arange(len(lengths)), lengths)
    tokens = split.flatten().dictionary_encode()  # texts say most words many times: each is looked at once
    code = tokens.indices.to_numpy()
    has_letter = pc.match_substring_regex(tokens.dictionary, r"\p{L}").to_numpy(zero_copy_only=False)
    bare = pc.utf8_lower(pc.replace_substring_regex(tokens.dictionary, ENDS, ""))
    stop_word = pc.fill_null(pc.index_in(bare, value_set=pa.array(STOP_WORDS)), -1).to_numpy()
    said = np.zeros((len(lengths), len(STOP_WORDS)), np.bool_)
    is_stop_word = stop_word[code] >= 0
    said[row[is_stop_word], stop_word[code[is_stop_word]]] = True
    alphabetic = np.bincount(row[has_letter[code]], minlength=len(lengths))
    return pa.array(alphabetic.astype(np.int32)), pa.array(said.sum(axis=1, dtype=np.int32))
