"""Whether a program passes its tests."""

from typing import Annotated, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import ANY, DECIDES, Card, Columns, Desk, Example, Measure, OneOf, Rule, Types
from tools.errors import RecipeError

PASSED = "passed"
CHECK = "def check(add):\n    assert add(1, 2) == 3"


class CodePassesTests(Measure):
    """Tell whether a Python program passes its tests, by running both in the jail; by default drop those that do not.

    Each row runs in a process of its own that can compute and nothing else: no files, no network, no other process. `tests` is a
    text of Python or a list of them, such as assertions; with `has_entry_point` the function `check` of the tests is called with the
    function of that name, as HumanEval has it. A program that uses up its seconds or its memory fails. Tests and program share one
    process: a program written to deceive its own tests can, so this says that code works, not that it is honest.
    """

    keep: Annotated[Literal["passing", "failing", "all"], DECIDES] = Field(default="passing", description="Which rows go on.")
    has_entry_point: bool = Field(default=False, description="Whether there is a column `entry_point`, the function that `check` is called with.")
    seconds: int = Field(default=5, ge=1, le=600, description="Most seconds of processor time a row.")

    card: ClassVar[Card] = Card(
        stage="verify",
        reads={"code": pa.string(), "tests": ANY},
        adds={"passes_tests": pa.bool_(), "test_outcome": pa.string()},
        exact=True,
        jailed=True,
        micros_per_row=12_000.0,
        paper="arXiv:2107.03374",
        aliases=(
            "code passes its tests",
            "passes the unit tests",
            "run the tests",
            "execute the code against the tests",
            "solutions that pass",
            "drop code whose tests fail",
            "functionally correct code",
            "test-verified code",
            "execution-based filter",
        ),
        not_for=("only whether it parses: use code_compiles", "other languages than Python", "SQL: use sql_executes"),
        examples=(
            Example(
                params={"keep": "all"},
                given={"code": ["def f(x): return x + 1"] * 2 + ["def f(x:"], "tests": ["assert f(1) == 2", "assert f(1) == 3, 'no'", "pass"]},
                gives={
                    "passes_tests": [True, False, False],
                    "test_outcome": [
                        "passed",
                        "test raised AssertionError: no",
                        "code does not compile: SyntaxError: '(' was never closed (<code>, line 1)",
                    ],
                },
            ),
            Example(
                params={"has_entry_point": True},
                given={
                    "code": ["def plus(a, b): return a + b", "def plus(a, b): return a"],
                    "tests": [CHECK, CHECK],
                    "entry_point": ["plus", "plus"],
                },
                keeps=(0,),
                drops={1: "passes_tests"},
            ),
        ),
    )

    def reads(self) -> Types:
        return {**self.card.reads, **({"entry_point": pa.string()} if self.has_entry_point else {})}

    def adds(self, given: Types) -> Types:
        kind = given["tests"]
        text = kind.value_type if pa.types.is_list(kind) else kind
        if not (pa.types.is_string(text) or pa.types.is_null(text)):
            raise RecipeError(f"code_passes_tests: `tests` is {kind}; it takes a text or a list of texts")
        return self.card.adds

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        entries = batch["entry_point"].to_pylist() if self.has_entry_point else [None] * len(batch)
        rows = zip(batch["code"].to_pylist(), batch["tests"].to_pylist(), entries, strict=True)
        outcomes = pa.array([self._outcome(desk, *row) for row in rows], pa.string())
        return {"passes_tests": pc.equal(outcomes, PASSED), "test_outcome": outcomes}

    def rule(self) -> Rule:
        return () if self.keep == "all" else (OneOf("passes_tests", (self.keep == "passing",)),)

    def _outcome(self, desk: Desk, code: str, tests: str | list[str | None], entry: str | None) -> str:
        if entry is not None and not entry.isidentifier():
            return f"entry point {entry[:60]!r} is no name"
        given = [tests] if isinstance(tests, str) else [test for test in tests if test is not None]
        end = desk.jailed("tools.verify.run_tests:run", {"code": code, "tests": given, "entry_point": entry}, self.seconds)
        return f"{end.kind}: {end.why}" if end.gave is None else str(end.gave.get("outcome"))
