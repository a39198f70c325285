"""A user's program as type checkers see it: `make check` reads it, nothing runs it. Each `type: ignore` is a mistake that must be found."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, assert_type

import polars

import winnow
from winnow import Plan, Recipe, Replay, Result, operators
from winnow.operators import ExactDedup, Language, Words


def plan_and_run(frame: polars.DataFrame) -> Result:
    plan = winnow.plan("English texts, each once", frame, output="out.parquet")
    assert_type(plan, Plan)
    assert_type(plan.status, Literal["draft", "ask", "refuse"])
    assert_type(plan.preview().steps[0].share, float | None)
    winnow.plan("English texts", 3)  # type: ignore[arg-type]
    return plan.run(yes=True)


def look(result: Result) -> None:
    assert_type(result.polars("train"), polars.DataFrame)
    assert_type(result.books.states, dict[str, int])
    assert_type(result.why(17).record, Mapping[str, object])
    assert_type(result.replay(), Replay)
    assert_type(result.report, Path)
    result.rows(state="droped")  # type: ignore[arg-type]


def build() -> Recipe:
    recipe = Recipe(name="pages").source("pages.jsonl").step(Words(at_least=40), on="body").step(operators.ExactDedup(), on="body")
    assert_type(recipe, Recipe)
    assert_type(recipe.check().is_sound, bool)
    recipe.step(Words(at_leest=40))  # type: ignore[call-arg]
    recipe.step(Language(languages="en"))  # type: ignore[arg-type]
    recipe.step(ExactDedup)  # type: ignore[arg-type]
    recipe.step(operators.words())  # type: ignore[attr-defined]
    return recipe


def run() -> Result:
    winnow.run("pages@3", {"rows": [{"body": "text"}], "tests": Path("tests.jsonl")}, yes=True)
    winnow.run(build(), ["a.jsonl", "b.jsonl"])
    return winnow.run("recipe.yaml", yes="no")  # type: ignore[arg-type]
