"""Whether two texts of a row are in the same language."""

from typing import Annotated, ClassVar, Literal, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tools.contract import DECIDES, Card, Columns, Desk, Example, Measure, OneOf, Rule
from tools.measures.language import UNKNOWN, Language

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
KIN = (("bs", "hr", "sh", "sr"), ("no", "nn"), ("id", "ms"), ("wuu", "yue", "zh"), ("bxr", "mn"), ("az", "azb"), ("arz", "ar"), ("fa", "mzn"))
KANA = r"[\p{Hiragana}\p{Katakana}]"
ONE_OF_KIN = {code: family[0] for family in KIN for code in family}  # languages that are taken for each other, or written alike


class LanguageMatches(Measure):
    """Tell whether a text is in the language of another: `same`, `different` or `unsure`.

    Both languages are found as by `language`. Two that differ count as different only where the detector is sure of both, by `sure_at`; what
    has no letters, as `42`, or is too short to tell, is unsure and stays unless `unsure: drop` says otherwise. Close kin, as Croatian
    and Serbian, count as one language.
    """

    keep: Annotated[Literal["same", "different", "all"], DECIDES] = Field(default="same", description="Which rows go on.")
    unsure: Annotated[Literal["keep", "drop"], DECIDES] = Field(default="keep", description="What becomes of rows where it cannot be told.")
    sure_at: float = Field(default=0.5, ge=0, le=1, description="Least confidence in both languages for them to count as different.")
    careful: bool = Field(default=False, description="Ask lingua where the fast model is unsure; needs the extra `languages`.")

    card: ClassVar[Card] = Card(
        stage="verify",
        reads={"text": pa.string(), "other": pa.string()},
        adds={"language_matches": pa.string(), "language": pa.string(), "other_language": pa.string()},
        exact=True,
        micros_per_row=230.0,
        paper="arXiv:1607.01759",
        licence="lid.176: CC BY-SA 3.0",
        proof="XQuAD: of 2,412 pairs of one language 3 are called different, of 2,412 of two languages none the same (2026-11-28)",
        aliases=(
            "same language as the question",
            "answer in the language of the question",
            "both in the same language",
            "question and answer in different languages",
            "language mismatch",
            "languages must match",
            "reply in another language",
            "answers that switch the language",
            "source and target in different languages",
        ),
        not_for=("one known language: use language", "translate", "programming language"),
        examples=(
            Example(
                given={
                    "text": ["Das Wetter ist heute schön und warm.", "The weather is nice today.", "42"],
                    "other": ["Wie wird das Wetter heute?", "Wie wird das Wetter heute?", "How many are there?"],
                },
                keeps=(0, 2),
                drops={1: "language_matches"},
            ),
            Example(
                params={"keep": "different"},
                given={
                    "text": ["Je voudrais un café, s'il vous plaît.", "I would like a coffee."],
                    "other": ["I want a coffee, please.", "And a tea, please."],
                },
                keeps=(0,),
                drops={1: "language_matches"},
            ),
        ),
    )

    @model_validator(mode="after")
    def _can_be_careful(self) -> Self:
        Language(careful=self.careful)
        return self

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        finder = Language(careful=self.careful)
        one, other = (_found(batch[name], finder, desk) for name in ("text", "other"))
        rows = zip(*(column.to_pylist() for column in (*one, *other)), strict=True)
        told = [_told(first, second, min(sure, also), self.sure_at) for first, sure, second, also in rows]
        return {"language_matches": pa.array(told, pa.string()), "language": one[0], "other_language": other[0]}

    def rule(self) -> Rule:
        if self.keep == "all":
            return ()
        return (OneOf("language_matches", (self.keep, UNSURE) if self.unsure == "keep" and self.keep == SAME else (self.keep,)),)


def _found(texts: pa.Array, finder: Language, desk: Desk) -> tuple[pa.Array, pa.Array]:
    """Language and confidence; Japanese without kana is short Chinese, which the model takes for it."""
    found = finder.measure(pa.record_batch({"text": texts}), desk)
    is_chinese = pc.and_(pc.equal(found["language"], "ja"), pc.invert(pc.match_substring_regex(texts, KANA)))
    return pc.if_else(is_chinese, "zh", found["language"]), found["confidence"]


def _told(one: str, other: str, confidence: float, sure_at: float) -> str:
    if UNKNOWN in (one, other):
        return UNSURE
    if ONE_OF_KIN.get(one, one) == ONE_OF_KIN.get(other, other):
        return SAME
    return DIFFERENT if confidence >= sure_at else UNSURE
