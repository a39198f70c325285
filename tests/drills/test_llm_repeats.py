"""Every recipe of our own goals can be said by a model and comes out the same."""

import pytest

from tests.agents.conftest import data as data
from tests.agents.parroting import differences
from tests.agents.test_goals import GOALS

pytestmark = pytest.mark.slow


def test_a_model_can_say_all_that_the_rules_plan(data, tmp_path, monkeypatch):
    monkeypatch.chdir(data)
    assert [one for names, goal, _ in GOALS for one in differences(goal, names, data, tmp_path)] == []
