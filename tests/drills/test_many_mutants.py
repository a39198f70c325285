"""The check against thousands of broken recipes: none may pass and then fail for what the check could have seen."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.workflows.mutants.ground import Ground, settle, settle_text
from tests.workflows.mutants.growing import grown
from tests.workflows.mutants.mutations import mutant
from tests.workflows.mutants.texts import mutant_text
from tests.workflows.sound_recipes import TEXTS_OF_RECIPES, sound_recipes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    yield Ground(tmp_path_factory.mktemp("mutants"))


@pytest.mark.parametrize("block", range(10))
def test_mutants_of_sound_recipes(ground: Ground, block: int) -> None:
    pool = sound_recipes()
    ends = Counter(settle(ground, mutant(random.Random(seed), pool), seed) for seed in range(block * 400, block * 400 + 400))
    assert ends["ran"] > 40, ends


@pytest.mark.parametrize("block", range(10))
def test_recipes_grown_from_the_cards_and_their_mutants(ground: Ground, block: int) -> None:
    ends: Counter[str] = Counter()
    for seed in range(block * 100, block * 100 + 100):
        draw = random.Random(seed)
        recipe = grown(draw, ground)
        ends.update(settle(ground, one, seed) for one in (recipe, *(mutant(draw, [recipe]) for _ in range(3))))
    assert ends["ran"] > 90, ends


@pytest.mark.parametrize("block", range(5))
def test_mutated_texts(ground: Ground, block: int) -> None:
    ends = Counter(settle_text(ground, mutant_text(random.Random(seed), TEXTS_OF_RECIPES), seed) for seed in range(block * 1000, block * 1000 + 1000))
    assert ends["no recipe"] > 500, ends
