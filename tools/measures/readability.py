"""How easy an English text is to read."""

from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Bounded, Card, Columns, Desk, Example
from tools.digest import offsets_of

Formula = Literal["flesch", "flesch_kincaid", "gunning_fog", "smog", "coleman_liau", "automated_readability"]
Counts = npt.NDArray[np.float64]
NO_WORD = r"[^\p{L}\p{N}'’]+"
MANY_SYLLABLES = 3
# a group of vowels is a syllable, but for an `e` that is not spoken at the end, as in `made`, `makes` and `called`
VOWELS = "[aeiouyáàâäãåéèêëíìîïóòôöõúùûüæœø]+"
SILENT = r"[^aeiouydt]ed$|[^aeiouysxzcgh]es$|[^aeiouyl]e$|[aeiouy]le$"


class Readability(Bounded):
    """Score how easy an English text is to read, by a formula over the length of its sentences and words.

    `flesch` is Flesch's reading ease: 100 is very easy, 60 plain, 30 and less hard; higher is easier. The others give a school grade:
    lower is easier. Syllables are counted by rule, not by dictionary. Over the 3,764 excerpts of the CLEAR corpus the score correlates
    with the ease that teachers saw by r = 0.535 (flesch), -0.494 (flesch_kincaid), -0.508 (gunning_fog), -0.554 (smog), -0.466
    (coleman_liau), -0.459 (automated_readability). A text without words has 0.
    """

    formula: Formula = Field(default="flesch", description="Which formula; `flesch` counts upwards to easy, the others to hard.")

    card: ClassVar[Card] = Card(
        stage="score",
        reads={"text": pa.string()},
        adds={"readability": pa.float64()},
        exact=True,
        micros_per_row=60.0,
        paper="Flesch 1948, doi:10.1037/h0057532; Kincaid et al. 1975",
        aliases=(
            "readability",
            "reading ease",
            "flesch",
            "flesch reading ease",
            "flesch kincaid",
            "flesch-kincaid grade",
            "easy to read",
            "hard to read",
            "reading level",
            "grade level",
            "gunning fog",
            "fog index",
            "smog",
            "coleman liau",
            "automated readability index",
            "simple language",
            "texts for children",
        ),
        not_for=("length of a text: use words or sentences", "texts of other languages than English", "quality of a text"),
        examples=(
            Example(
                params={"at_least": 60},
                given={"text": ["The cat sat on the mat. It was warm.", "Institutional considerations necessitate organisational restructuring."]},
                keeps=(0,),
                drops={1: "readability"},
            ),
            Example(params={"formula": "automated_readability"}, given={"text": ["", "Go on. Go on."]}, gives={"readability": [0.0, -11.01]}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        words, letters, syllables, long_words = _counted(texts)
        sentences = np.maximum(desk.scan(texts).sentences.to_numpy(), 1.0)
        score = FORMULAS[self.formula](np.maximum(words, 1), sentences, letters, syllables, long_words)
        return {"readability": pa.array(np.where(words > 0, np.round(score, 6), 0.0), pa.float64())}


def _flesch(words: Counts, sentences: Counts, letters: Counts, syllables: Counts, long_words: Counts) -> Counts:
    return 206.835 - 1.015 * words / sentences - 84.6 * syllables / words


def _flesch_kincaid(words: Counts, sentences: Counts, letters: Counts, syllables: Counts, long_words: Counts) -> Counts:
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def _gunning_fog(words: Counts, sentences: Counts, letters: Counts, syllables: Counts, long_words: Counts) -> Counts:
    return 0.4 * (words / sentences + 100 * long_words / words)


def _smog(words: Counts, sentences: Counts, letters: Counts, syllables: Counts, long_words: Counts) -> Counts:
    return 1.043 * np.sqrt(long_words * 30 / sentences) + 3.1291


def _coleman_liau(words: Counts, sentences: Counts, letters: Counts, syllables: Counts, long_words: Counts) -> Counts:
    return 5.88 * letters / words - 29.6 * sentences / words - 15.8


def _automated_readability(words: Counts, sentences: Counts, letters: Counts, syllables: Counts, long_words: Counts) -> Counts:
    return 4.71 * letters / words + 0.5 * words / sentences - 21.43


FORMULAS = {
    "flesch": _flesch,
    "flesch_kincaid": _flesch_kincaid,
    "gunning_fog": _gunning_fog,
    "smog": _smog,
    "coleman_liau": _coleman_liau,
    "automated_readability": _automated_readability,
}


def _counted(texts: pa.Array) -> tuple[Counts, ...]:
    """Words, letters, syllables and words of three syllables and more of each text; every distinct word is looked at once."""
    split = pc.split_pattern(pc.replace_substring_regex(texts, NO_WORD, " "), " ")
    known = split.flatten().dictionary_encode()
    plain = pc.replace_substring_regex(pc.utf8_lower(known.dictionary), "['’]+", "")
    groups = pc.count_substring_regex(plain, VOWELS)
    silent = pc.and_(pc.match_substring_regex(plain, SILENT), pc.greater(groups, 1)).cast(pa.int32())
    is_word = pc.greater(pc.utf8_length(plain), 0).cast(pa.int32())
    syllables = pc.max_element_wise(pc.subtract(groups, silent), is_word)
    many = pc.greater_equal(syllables, MANY_SYLLABLES).cast(pa.int32())
    code = known.indices.to_numpy()
    rows = np.repeat(np.arange(len(texts)), np.diff(offsets_of(split)))
    looked = (is_word, pc.utf8_length(plain), syllables, many)
    return tuple(np.bincount(rows, weights=one.to_numpy()[code], minlength=len(texts)).astype(np.float64) for one in looked)
