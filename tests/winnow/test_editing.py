"""A recipe edited in Python: each edit gives another recipe, readers are linked anew, paths keep their meaning."""

from pathlib import Path

import pytest

import winnow
from tests.winnow.conftest import RECIPE
from winnow import Recipe, WinnowError
from winnow.operators import ExactDedup, Words


@pytest.fixture()
def recipe(folder: Path) -> Recipe:
    return winnow.load("recipe.yaml")


def edges(recipe: Recipe) -> list[tuple[str, object]]:
    return [(step.id, step.rows) for step in recipe.steps] + [(name, spec.rows) for name, spec in recipe.outputs.items()]


def test_a_loaded_recipe_says_what_its_file_says(recipe: Recipe) -> None:
    assert recipe.text == RECIPE
    assert recipe.check().is_sound


def test_a_parameter_is_changed_and_put_back(recipe: Recipe) -> None:
    assert recipe.set("long_enough", at_least=4).steps[0].params == {"at_least": 4}
    assert recipe.set("long_enough", at_least=None, at_most=9).steps[0].params == {"at_most": 9}
    assert recipe.text == RECIPE


def test_a_step_put_in_between_is_read_by_whoever_read_the_one_before(recipe: Recipe) -> None:
    after_step = recipe.step(Words(at_most=9), id="short", on="text", after="long_enough")
    assert edges(after_step) == [("long_enough", "chat"), ("short", "long_enough"), ("once", "short"), ("train", "once")]
    first = recipe.step(Words(at_most=9), id="short", on="text", after="chat")
    assert edges(first) == [("short", "chat"), ("long_enough", "short"), ("once", "long_enough"), ("train", "once")]
    last = recipe.step(Words(at_most=9), id="short", on="text", after="once")
    assert edges(last) == [("long_enough", "chat"), ("once", "long_enough"), ("short", "once"), ("train", "short")]
    assert last.run(yes=True).books.rows_out == 4


def test_a_step_taken_out_leaves_no_gap(recipe: Recipe) -> None:
    assert edges(recipe.without("long_enough")) == [("once", "chat"), ("train", "once")]
    assert edges(recipe.without("once")) == [("long_enough", "chat"), ("train", "long_enough")]
    with pytest.raises(WinnowError, match=r"its port 'once\.dropped' is read"):
        recipe.output("gone.jsonl", name="gone", rows="once.dropped").without("once")


@pytest.mark.parametrize("edit", [lambda one: one.set("longenough", at_least=1), lambda one: one.without("longenough")])
def test_a_step_that_is_not_there_is_named_with_the_nearest(recipe: Recipe, edit: object) -> None:
    with pytest.raises(WinnowError, match="no step 'longenough'; did you mean 'long_enough'"):
        edit(recipe)  # type: ignore[operator]


def test_a_class_in_place_of_an_operator_is_said_at_once() -> None:
    with pytest.raises(WinnowError, match=r"Words is a class; a step takes an operator with its parameters: Words\(\)"):
        Recipe().source("a.jsonl").step(Words)  # type: ignore[arg-type]


def test_every_finding_comes_at_once_and_the_run_says_the_same(recipe: Recipe) -> None:
    wrong = recipe.set("long_enough", at_leest=3).step(ExactDedup(), id="lost", rows="nowhere")
    found = wrong.check()
    assert [(one.step, one.key) for one in found.errors] == [("long_enough", "with.at_leest"), ("lost", "from")]
    with pytest.raises(WinnowError) as said:
        wrong.run(yes=True)
    assert [line.partition(": ")[2] for line in str(said.value).splitlines()] == [str(one) for one in found.errors]


def test_paths_mean_the_same_from_every_folder(recipe: Recipe, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = folder / "deep" / "er"
    elsewhere.mkdir(parents=True)
    monkeypatch.chdir(elsewhere)
    loaded = winnow.load(folder / "recipe.yaml")
    assert loaded.sources["chat"].path == "../../chat.jsonl"
    assert loaded.run(yes=True).books.rows_out == 4
    assert (folder / "out.jsonl").exists()
    assert loaded.save(folder / "again.yaml").read_text() == RECIPE
    assert loaded.store() == "long-ones@1"
    assert winnow.load("long-ones").plain == loaded.plain


def test_a_file_whose_paths_lead_out_of_its_folder_is_not_believed(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "recipe.yaml").write_text(RECIPE.replace("chat.jsonl", "../chat.jsonl"))
    with pytest.raises(WinnowError, match="leads out of the recipe's folder"):
        winnow.load("deep/recipe.yaml")


def test_a_recipe_without_a_name_of_its_own_runs_too(folder: Path) -> None:
    assert Recipe().source("chat.jsonl").step(Words(at_least=3), on="text").output("o.jsonl").run(yes=True).books.rows_out == 6
