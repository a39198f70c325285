"""Five hundred turns against a server that makes no sense and fails in every way; a third also against a tiny model with random weights."""

import pytest

from tests.agents.conftest import data as data
from tests.agents.fuzzing import Count, turns
from tests.endpoint.server import Server

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("mode", "numbers"), [("random", range(1000, 1400)), ("ignores", range(2000, 2060)), ("tiny", range(3000, 3040))])
def test_no_turn_crashes_breaks_its_budget_or_hides_who_planned(data, tmp_path, mode, numbers):
    counted = Count()
    with Server(mode, faults=0.3, seed=9, slow=0.8) as server:
        assert list(turns(server, data, tmp_path, numbers, counted)) == []
    assert counted.turns == len(numbers) and counted.stood_in
