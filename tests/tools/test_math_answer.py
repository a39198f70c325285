"""Final answers: found in solutions, compared as numbers, sets and expressions, within bounds."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from time import monotonic

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.real_data import rows
from tools.verify import math_library
from tools.verify.final_answer import final_answer
from tools.verify.math_answer import MathAnswer
from tools.verify.plain_number import number
from tools.verify.same_answer import same


def verdicts(solutions: list[str], answers: list[str]) -> list[str]:
    return MathAnswer().measure(pa.record_batch({"solution": solutions, "answer": answers}), None)["math_answer"].to_pylist()


@pytest.mark.parametrize(
    ("solution", "answer"),
    [
        ("so it is 71.\n#### 72", "72"),
        ("The answer is 72.", "72"),
        ("the answer is: $72$", "72"),
        ("**Answer:** 72", "72"),
        ("Therefore, the final answer is $\\boxed{72}$, not 71.", "72"),
        ("答案是 42。", "42"),
        ("First 3, then 4, so at last 7 apples are left on the table in the kitchen.", "7"),
        ("1,234", "1234"),
        ("$1,234.50", "1234.5"),
        ("50%", "0.5"),
        ("50\\%", "50"),
        ("3 1/2", "3.5"),
        ("\\frac{-3}{4}", "-0.75"),
        ("\\dfrac12", "1/2"),
        ("½", "0.5"),
        ("−5", "-5"),
        ("25 square meters", "25"),
        ("$10 per hour", "10"),
        ("1.5 million", "1500000"),
        ("1.2 \\times 10^3", "1200"),
        ("\\{1,2,3\\}", "{3, 1, 2}"),
        ("1, 2 and 3", "3, 2, 1"),
        ("\\left[0,1\\right)", "[0, 1)"),
        ("x = 5", "5"),
        ("16 - 7 = 9", "9"),
        ("(B)", "B. Paris"),
        ("\\text{even}", "Even"),
    ],
)
def test_the_same_answer_in_another_spelling_is_right(solution: str, answer: str) -> None:
    assert verdicts([solution], [answer]) == ["right"]


@pytest.mark.parametrize(
    ("solution", "answer"),
    [
        ("71", "72"),
        ("1000000", "1000001"),
        ("33.3%", "1/3"),
        ("(1,2)", "(2,1)"),
        ("[0,1)", "(0,1)"),
        ("2x", "2"),
        ("A", "B"),
        ("1, 2", "1, 3"),
        ("yes", "No"),
    ],
)
def test_another_answer_is_wrong(solution: str, answer: str) -> None:
    assert verdicts([solution], [answer]) == ["wrong"]


def test_plain_answers_never_ask_the_library() -> None:
    def asked(*pair: str) -> bool:
        raise AssertionError(pair)

    for one, other in (("5 apples", "5"), ("{1, 2}", "{2, 1}"), ("yes", "no"), ("(0, 1]", "(0,1]"), ("Paris", "5"), ("\\frac{1}{2}", "0.5")):
        same(one, other, asked)


def test_expressions_are_compared_by_the_library() -> None:
    assert verdicts(["2\\sqrt{3}", "x^2-1", "2\\sqrt{3}"], ["\\sqrt{12}", "(x-1)(x+1)", "\\sqrt{13}"]) == ["right", "right", "wrong"]


@pytest.mark.parametrize(
    "tower", ["9**9**9**9", "9^{9^{9^9}}", "(((9^{999})^{999})^{999})", "100000!", "\\sum_{k=1}^{10^9} k", "x^{99999}", "(" * 40 + "x" + ")" * 40]
)
def test_what_could_take_for_ever_is_unclear_at_once(tower: str) -> None:
    began = monotonic()
    assert math_library.equal(tower, "x+1") is None
    assert monotonic() - began < 1


def test_a_pair_that_takes_too_long_ends_its_process_and_the_next_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert math_library.equal("\\sqrt{8}", "2\\sqrt{2}") is True
    child = next(iter(math_library._children.values()))
    child.kill()  # as the kernel does to one that is beyond its seconds
    assert math_library.equal("\\sqrt{18}", "x+2") is None
    assert math_library.equal("\\sqrt{27}", "3\\sqrt{3}") is True


def test_threads_share_one_process() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: math_library.equal(f"\\sqrt{{{n * n * 2}}}", f"{n}\\sqrt{{2}}"), range(3, 9)))
    assert found == [True] * 6


@settings(max_examples=200, deadline=None)
@given(st.fractions(max_denominator=10**6))
def test_any_fraction_is_read_as_it_is_written(value: Fraction) -> None:
    for text in (str(value), f"${value}$", f"\\frac{{{value.numerator}}}{{{value.denominator}}}"):
        answer = final_answer(text)
        found = number(answer.replace("$", "")) if answer else None
        assert found is not None
        assert found.value == value


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789.,/%$\\{}()[]^ abxfrc-+=:#\n", max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    answer = final_answer(text)
    assert answer is None or same(answer, answer, lambda *_: None) is True


def test_solutions_of_gsm8k_are_judged_as_they_are_labelled() -> None:
    for row in rows("gsm8k/model_solutions_labelled.jsonl.zst", 300):
        for model in ("6b_finetuning", "175b_verification"):
            told = row[model]
            assert (verdicts([told["solution"]], [row["ground_truth"]]) == ["right"]) == told["is_correct"], told["solution"][-80:]
