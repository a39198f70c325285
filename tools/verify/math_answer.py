"""Whether the final answer of a solution is the wanted one."""

from typing import Annotated, ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from tools.contract import DECIDES, Card, Columns, Desk, Example, Measure, OneOf, Rule

from .final_answer import final_answer
from .math_library import equal
from .same_answer import same

GIVES_UP = "This cannot be worked out from what the exercise says, so no result is given here."
KEPT = {"right": ("right",), "wrong": ("wrong", "none")}
RIGHT, WRONG, NONE, UNCLEAR = "right", "wrong", "none", "unclear"


class MathAnswer(Measure):
    """Compare the final answer of a solution with the wanted one: `right`, `wrong`, `none` where it gives no answer, `unclear`.

    The final answer is what is boxed, else what stands behind `####`, `A:` or `the answer is`, else the last number; so it is for the
    column of wanted answers, which may hold whole solutions. Numbers are compared exactly, or to six decimals: 1,200 is 1200, 0.5 is 1/2 and
    50%, and units are left aside. Sets are equal in any order, pairs and intervals in theirs. Expressions, such as `2\\sqrt{3}` and
    `\\sqrt{12}`, are compared by math-verify, in a process of its own with a bound of five seconds; towers of powers, factorials and sums
    are not worked out, and what cannot be told is `unclear`. No text is ever run as code.
    """

    keep: Annotated[Literal["right", "wrong", "all"], DECIDES] = Field(default="right", description="Which rows go on; `none` goes with the wrong.")

    card: ClassVar[Card] = Card(
        stage="verify",
        reads={"solution": pa.string(), "answer": pa.string()},
        adds={"math_answer": pa.string(), "final_answer": pa.string()},
        exact=True,
        needs="math",
        micros_per_row=85.0,
        proof="same verdict as the label on 4,224 of 4,224 solutions of four models on GSM8K (2026-11-28)",
        aliases=(
            "final answer matches the answer column",
            "the answer is right",
            "correct solutions",
            "wrong answers",
            "solutions that reach the right answer",
            "check math answers",
            "verify the final answer",
            "same result as the reference answer",
            "math verify",
            "boxed answer equals the ground truth",
            "rejection sampling on the final answer",
            "incorrect solutions",
        ),
        not_for=("an answer that stands in a passage: use answer_in_context", "texts that are equal: use field", "whether prose is true"),
        examples=(
            Example(
                params={"keep": "all"},
                given={
                    "solution": ["So 36 * 2 = 72.\n#### 72", "The answer is $1,200.", "\\boxed{\\frac{1}{2}}", "A: 50%", "It is {1, 2}.", GIVES_UP],
                    "answer": ["72", "1200", "0.5", "#### 0.5", "{2, 1}", "3"],
                },
                gives={
                    "math_answer": ["right", "right", "right", "right", "right", "none"],
                    "final_answer": ["72", "$1,200", "\\frac{1}{2}", "50%", "It is {1, 2}.", None],
                },
            ),
            Example(
                given={"solution": ["x = 5", "\\boxed{2\\sqrt{3}}", "The answer is 7 apples."], "answer": ["5", "\\sqrt{12}", "8"]},
                keeps=(0, 1),
                drops={2: "math_answer"},
            ),
            Example(params={"keep": "wrong"}, given={"solution": ["A: 4", "A: 5"], "answer": ["4", "4"]}, keeps=(1,), drops={0: "math_answer"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        found = [final_answer(text) for text in batch["solution"].to_pylist()]
        wanted = [final_answer(text) for text in batch["answer"].to_pylist()]
        verdicts = [_verdict(one, other) for one, other in zip(found, wanted, strict=True)]
        return {"math_answer": pa.array(verdicts, pa.string()), "final_answer": pa.array(found, pa.string())}

    def rule(self) -> Rule:
        return () if self.keep == "all" else (OneOf("math_answer", KEPT[self.keep]),)


def _verdict(given: str | None, wanted: str | None) -> str:
    if given is None or wanted is None:
        return UNCLEAR if wanted is None else NONE
    told = same(given, wanted, equal)
    return UNCLEAR if told is None else RIGHT if told else WRONG
