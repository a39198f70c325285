"""Broken recipes, by the hundred: each is refused with place, value and mend, or runs. Thousands of them are tried by the drill."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflows.mutants.ground import Ground, is_of_the_data_alone, settle, settle_text
from tests.workflows.mutants.growing import grown
from tests.workflows.mutants.mutations import mutant
from tests.workflows.mutants.texts import mutant_text
from tests.workflows.sound_recipes import TEXTS_OF_RECIPES, sound_recipes
from tools.errors import ContractError, RecipeError

FIRST = 7_000_000


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    yield Ground(tmp_path_factory.mktemp("mutants"))


@pytest.mark.parametrize("recipe", sound_recipes(), ids=lambda recipe: str(recipe["name"]))
def test_the_recipes_that_mutants_are_made_of_are_sound(ground: Ground, recipe: dict[str, object]) -> None:
    found = ground.check(recipe)
    assert found is not None
    assert found.graph is not None, "\n".join(map(str, found.errors))
    assert ground.run(found.graph, recipe) == ""


@pytest.mark.slow
def test_a_mutant_is_refused_with_its_mends_or_runs(ground: Ground) -> None:
    pool, before = sound_recipes(), ground.runs
    ends = [settle(ground, mutant(random.Random(seed), pool), seed) for seed in range(FIRST, FIRST + 60)]
    assert ends.count("refused") > 20
    assert ground.runs - before > 4


@pytest.mark.slow
def test_a_recipe_grown_from_the_cards_runs_and_so_do_its_mutants(ground: Ground) -> None:
    before = ground.runs
    for seed in range(FIRST, FIRST + 14):
        draw = random.Random(seed)
        recipe = grown(draw, ground)
        for one in (recipe, mutant(draw, [recipe]), mutant(draw, [recipe])):
            settle(ground, one, seed)
    assert ground.runs - before > 12


def test_a_mutated_text_is_a_recipe_or_an_error_with_its_line(ground: Ground) -> None:
    ends = [settle_text(ground, mutant_text(random.Random(seed), TEXTS_OF_RECIPES), seed) for seed in range(FIRST, FIRST + 120)]
    assert ends.count("no recipe") > 45
    assert len(ends) - ends.count("no recipe") > 5


@pytest.mark.parametrize(
    "error",
    [
        RecipeError("step 'a': no column 'b'"),
        ContractError("the run's checks do not hold: rows(a) > 3 (it is 1)"),
        KeyError("near.cluster"),
        RecipeError("step 'a': row 3 arrives twice, the second time by b; read it from one place only"),
        RecipeError("column 'id': 12 of 12 rows hold a value that does not fit the type seen in the sample"),
    ],
)
def test_a_fault_that_the_check_could_have_seen_is_not_taken_for_one_of_the_data(tmp_path: Path, error: Exception) -> None:
    recipe = {"checks": ["rows(a) > 3"], "steps": [{"id": "a", "op": "join_on@1", "from": "rows", "nulls": "error"}], "outputs": {}}
    assert not is_of_the_data_alone(error, recipe)
