"""Whether a reply refuses its task."""

from typing import Annotated, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import DECIDES, Card, Columns, Desk, Example, Measure, OneOf, Rule

from .refusal_words import DISCLAIMERS, ENGLISH, OTHERS

OPENING = 300  # characters: who refuses says so at once, who quotes a refusal does so later
NONE, REFUSAL, DISCLAIMER = "none", "refusal", "disclaimer"
AT_ONCE = 4  # patterns in one expression: RE2 bounds the memory of each


class NoRefusal(Measure):
    """Drop replies that refuse: `I'm sorry, but I can't help with that`, `As an AI language model, I cannot …`, in twelve languages.

    A refusal is looked for in the first 300 characters. What answers but calls itself a machine, or moralises, is a `disclaimer`: it stays
    unless `disclaimers: drop` says otherwise. The patterns are ours and go by wording alone: a letter of excuse that somebody asked for can
    be taken for a refusal, and one in unusual words be missed.
    """

    keep: Annotated[Literal["answers", "refusals", "all"], DECIDES] = Field(default="answers", description="Which rows go on.")
    disclaimers: Annotated[Literal["keep", "drop"], DECIDES] = Field(default="keep", description="What becomes of answers with a disclaimer.")

    card: ClassVar[Card] = Card(
        stage="verify",
        reads={"text": pa.string()},
        adds={"refusal": pa.string()},
        exact=True,
        micros_per_row=20.0,
        proof="hh_rlhf: 68 of 70 flagged replies read by eye refuse, and 6 of 160 that were not flagged (2026-11-28)",
        aliases=(
            "no refusals",
            "drop answers that refuse",
            "refusal",
            "I'm sorry but I can't",
            "as an AI language model",
            "assistant declines",
            "unhelpful refusals",
            "moralising disclaimers",
            "replies that refuse to answer",
            "declined requests",
            "keep only refusals",
            "AI disclaimers",
        ),
        not_for=("toxic or harmful text: it needs a model", "an empty answer: use is_empty", "wrong answers: use math_answer"),
        examples=(
            Example(
                given={
                    "text": [
                        "I'm sorry, but I can't help with that.",
                        "Sorry for the wait! Here is the poem.",
                        "As an AI language model, I have no taste, but most people like tea.",
                        "Es tut mir leid, aber dabei kann ich nicht helfen.",
                        "抱歉，我无法回答这个问题。",
                        "He said that he could not help them.",
                    ]
                },
                gives={"refusal": ["refusal", "none", "disclaimer", "refusal", "refusal", "none"]},
            ),
            Example(
                params={"disclaimers": "drop"},
                given={"text": ["Yes.", "As an AI language model, I have no taste. Tea."]},
                keeps=(0,),
                drops={1: "refusal"},
            ),
            Example(params={"keep": "refusals"}, given={"text": ["Yes.", "I must decline."]}, keeps=(1,), drops={0: "refusal"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        refuses = _any(pc.utf8_slice_codeunits(texts, 0, OPENING), (*ENGLISH, *OTHERS))
        excuses = _any(texts, DISCLAIMERS)
        return {"refusal": pc.if_else(refuses, REFUSAL, pc.if_else(excuses, DISCLAIMER, NONE))}

    def rule(self) -> Rule:
        if self.keep == "all":
            return ()
        if self.keep == "refusals":
            return (OneOf("refusal", (REFUSAL,)),)
        return (OneOf("refusal", (NONE,) if self.disclaimers == "drop" else (NONE, DISCLAIMER)),)


def _any(texts: pa.Array, patterns: tuple[str, ...]) -> pa.Array:
    found = pa.array([False] * len(texts), pa.bool_())
    for start in range(0, len(patterns), AT_ONCE):
        joined = "|".join(f"(?:{pattern})" for pattern in patterns[start : start + AT_ONCE])
        found = pc.or_(found, pc.match_substring_regex(texts, f"(?i){joined}"))
    return found
