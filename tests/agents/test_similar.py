"""A stored recipe is offered where it does nearly what is asked, and only there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agents.rules.planner import plan
from agents.rules.turns import RulesPlanner
from agents.turns import Situation
from workflows.chosen import Given, from_recipe
from workflows.store import Store

STORED = "Keep English messages with at least 10 words and remove near duplicates."
Offers = Callable[[str], tuple[str, ...]]


@pytest.fixture
def offers(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, ...]]:
    """What a planner with one stored recipe suggests for a first goal."""
    monkeypatch.chdir(data)
    store = Store(tmp_path / ".winnow")
    recipe = plan(STORED, {"messages": "messages.jsonl"}, "OUT.jsonl", cache=store.cache).recipe
    assert recipe is not None
    chosen = from_recipe(recipe, data, store.cache, Given(inputs={}))
    store.save(chosen.recipe, chosen.lock)

    def ask(goal: str, name: str = "messages") -> tuple[str, ...]:
        situation = Situation(message=goal, inputs={name: f"{name}.jsonl"}, output="OUT.jsonl", cache=store.cache)
        return tuple(one for one in RulesPlanner(store).turn(situation).suggestions if one.startswith("recipe "))

    return ask


def test_the_same_goal_in_other_words_and_numbers_is_offered(offers: Offers) -> None:
    (told,) = offers("keep English messages of at least 25 words, remove near duplicates")
    assert told.startswith("recipe english-messages-least-10-words@1 does nearly this: “Keep English messages")
    assert "long_enough.at_least 10" in told


@pytest.mark.parametrize(
    "goal",
    [
        "Keep messages with at least 10 words.",
        "Mask phone numbers and take 100 rows at random.",
        "Keep German messages with at least 10 words, mask e-mails, sort by label and write 5 rows.",
    ],
)
def test_another_goal_is_not(offers: Offers, goal: str) -> None:
    assert offers(goal) == ()


def test_data_without_its_columns_is_offered_nothing(offers: Callable[[str, str], tuple[str, ...]]) -> None:
    assert offers("keep English messages of at least 25 words, remove near duplicates", "pairs") == ()


def test_a_store_that_was_never_used_offers_nothing(tmp_path: Path) -> None:
    assert Store(tmp_path / "none").goals() == ()
    assert not (tmp_path / "none").exists()
