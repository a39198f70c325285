"""Whether an answer stands in its context."""

from typing import Annotated, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import ANY, DECIDES, Between, Bound, Card, Columns, Desk, Example, Measure, OneOf, Rule, Types
from tools.errors import RecipeError

# scripts whose words are not parted, or carry particles: each character counts as a word
SOLID = r"([\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])"
JOINED = r"[\x{00ad}\x{200b}-\x{200f}\x{2060}\x{feff}'’ʼ`´]"  # goes, and what stands on both sides grows together
PARTED = "\ue000"  # between the pieces of a context that is a list: no answer stands in two of them


class AnswerInContext(Measure):
    """Tell whether an answer stands in its context, word for word, and which share of its words does.

    Case, white space, punctuation, apostrophes, full-width forms and the English articles do not count, as in the scores of SQuAD; Chinese, Japanese,
    Korean, Thai and Khmer are compared by characters. With `at_least` the share of words decides: 0.8 keeps an answer four fifths of whose
    words occur in the context, in any order. `whole_words: false` finds an answer also within a longer word, as Arabic and German need it.
    The context may be a list of texts, such as retrieved passages. An empty answer stands nowhere.
    """

    at_least: Bound = Field(
        default=None, description="Least share of the answer's words that occur in the context, from 0 to 1; instead of all in a row."
    )
    whole_words: bool = Field(default=True, description="The answer must begin and end where words do.")
    keep: Annotated[Literal["found", "missing", "all"], DECIDES] = Field(default="found", description="Which rows go on.")

    card: ClassVar[Card] = Card(
        stage="verify",
        reads={"answer": pa.string(), "context": ANY},
        adds={"answer_found": pa.bool_(), "answer_overlap": pa.float64()},
        exact=True,
        micros_per_row=90.0,
        paper="arXiv:1606.05250",
        proof="99.1% of the 11,700 answers of XQuAD found in their paragraph, 0.4% in another one; any part of a word: 100% and 0.6% (2026-11-28)",
        aliases=(
            "answer occurs in the context",
            "answer is in the passage",
            "extractive answers",
            "grounded in the context",
            "answer span found in the paragraph",
            "the answer must stand in the text",
            "answers supported by the document",
            "quoted from the source",
            "token overlap with the context",
            "answers not in the context",
            "hallucinated answers",
        ),
        not_for=("contains a given word: use contains_words", "the right number: use math_answer", "meaning rather than words: it needs a model"),
        examples=(
            Example(
                given={
                    "answer": ["the Eiffel Tower", "Berlin", "art", "", "東京"],
                    "context": ["It is the EIFFEL  TOWER.", "Paris, London", "a party", "x", "首都は東京です。"],
                },
                gives={"answer_found": [True, False, False, False, True], "answer_overlap": [1.0, 0.0, 0.0, 0.0, 1.0]},
            ),
            Example(
                params={"at_least": 0.6},
                given={"answer": ["red green blue", "red green blue"], "context": ["blue, then red", "red"]},
                keeps=(0,),
                drops={1: "answer_overlap"},
            ),
            Example(
                params={"keep": "missing"},
                given={"answer": ["two", "one two"], "context": [["one", "two"], ["one", "two"]]},
                keeps=(1,),
                drops={0: "answer_found"},
            ),
        ),
    )

    def adds(self, given: Types) -> Types:
        kind = given.get("context", pa.string())
        if not _is_text(kind) and not (_is_list(kind) and _is_text(kind.value_type)):
            raise RecipeError(f"answer_in_context: the column bound to 'context' is {kind}; it takes texts or lists of texts")
        return self.card.adds

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        answers = _plain(batch["answer"]).to_pylist()
        contexts = _plain(_texts(batch["context"])).to_pylist()
        found = [self._stands(answer, context) for answer, context in zip(answers, contexts, strict=True)]
        shares = [1.0 if whole else _share(answer, context) for answer, context, whole in zip(answers, contexts, found, strict=True)]
        return {"answer_found": pa.array(found, pa.bool_()), "answer_overlap": pa.array(shares, pa.float64())}

    def rule(self) -> Rule:
        if self.at_least is not None:
            return (Between("answer_overlap", at_least=self.at_least),)
        return () if self.keep == "all" else (OneOf("answer_found", (self.keep == "found",)),)

    def _stands(self, answer: str, context: str) -> bool:
        if not answer:
            return False
        return f" {answer} " in f" {context} " if self.whole_words else answer in context


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _texts(contexts: pa.Array) -> pa.Array:
    if not _is_list(contexts.type):
        return pc.cast(contexts, pa.string())
    return pa.array([f" {PARTED} ".join(text or "" for text in texts) for texts in contexts.to_pylist()], pa.string())


def _plain(texts: pa.Array) -> pa.Array:
    """Words in lower case with one space between them."""
    plain = pc.utf8_lower(pc.utf8_normalize(texts, form="NFKC"))
    plain = pc.replace_substring_regex(plain, JOINED, "")
    plain = pc.replace_substring_regex(plain, r"[\p{P}\p{S}\p{Z}\p{Cc}]+", "  ")
    plain = pc.replace_substring_regex(plain, SOLID, r" \1 ")
    plain = pc.replace_substring_regex(plain, r"(?:^| )(?:a|an|the)(?: |$)", " ")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, " +", " "))


def _share(answer: str, context: str) -> float:
    words = answer.split()
    there = set(context.split())
    return sum(word in there for word in words) / len(words) if words else 0.0
