"""What the rules plan a model can say: every fifteenth of the goals; the drill has all."""

import pytest

from tests.agents.parroting import differences
from tests.agents.test_goals import GOALS


@pytest.mark.parametrize(("names", "goal"), [(names, goal) for names, goal, _ in GOALS[::15]])
def test_a_model_can_say_what_the_rules_plan(data, tmp_path, monkeypatch, names, goal):
    monkeypatch.chdir(data)
    assert differences(goal, names, data, tmp_path) == []
