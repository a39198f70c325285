"""Random answers and faults of a server: no crash, no recipe that does not hold, no budget overrun, every fallback said. The drill has 500 turns."""

import pytest

pytest.importorskip("openai")

from tests.agents.fuzzing import Count, turns
from tests.endpoint.server import Server


def test_turns_against_a_fuzzing_server_hold(data, tmp_path):
    counted = Count()
    with Server("random", faults=0.3, seed=5, slow=0.8) as server:
        assert list(turns(server, data, tmp_path, range(12), counted)) == []
    assert counted.turns == 12 and counted.planned and counted.stood_in
