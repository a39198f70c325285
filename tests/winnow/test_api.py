"""The Python door gives the same as the command line."""

from pathlib import Path

import pytest

from tests.winnow.conftest import RECIPE, Call
from tools.dedupe.exact import ExactDedup
from tools.errors import RecipeError
from tools.measures.size import Words
from winnow import Recipe, run
from workflows.chosen import Refused


def built() -> Recipe:
    made = Recipe(name="long-ones", goal="long ones").source("chat.jsonl", name="chat")
    return made.step(Words(at_least=3), id="long_enough", on="text").step(ExactDedup(), id="once", on="text").output("out.jsonl", name="train")


def test_a_recipe_made_in_python_is_the_one_that_a_person_would_have_typed(folder: Path):
    assert built().text == RECIPE
    assert built().save(folder / "same.yaml").read_text() == RECIPE


def test_steps_of_one_operator_get_names_of_their_own():
    made = Recipe().source("a.jsonl").step(Words(at_least=1)).step(Words(at_most=9))
    assert [(step.id, step.rows) for step in made.steps] == [("words", "rows"), ("words_2", "words")]


def test_a_step_without_rows_to_take_is_an_error():
    with pytest.raises(RecipeError, match="say `rows=`"):
        Recipe().step(Words())


def test_rows_come_back_as_tables(folder: Path):
    done = run(built(), output="out.parquet", yes=True)
    assert done.books.rows_out == 4
    assert done.arrow()["id"].to_pylist() == [1, 3, 5, 6]
    assert done.duckdb().aggregate("count(*)").fetchall() == [(4,)]
    with pytest.raises(RecipeError, match="no output 'test'; there are train"):
        done.arrow("test")


def test_programs_need_a_yes_too_and_a_file_gives_the_same_as_a_recipe(folder: Path, call: Call):
    with pytest.raises(Refused, match="nobody approved it"):
        run("recipe.yaml")
    done = run("recipe.yaml", output="one.jsonl", yes=True)
    assert done.arrow()["id"].to_pylist() == [1, 3, 5, 6]
    call("save", "recipe.yaml")
    assert run("long-ones@1", inputs={"chat": "chat.jsonl"}, output="two.jsonl").books.rows_out == 4
