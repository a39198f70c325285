"""What runs took against what was foretold is kept by this user, and moves the next foretelling."""

from pathlib import Path

import pytest

from workflows import pace
from workflows.manifest import Books, SpentBooks, StepBooks
from workflows.report.predicted import CostPrediction, Prediction
from workflows.trust import State


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state")


def foretold(measured: bool = False) -> Prediction:
    cost = CostPrediction(seconds=10, memory=1e9, disk=1e8, steps={"long": 2.0, "near": 4.0, "tiny": 0.001}, measured=measured)
    return Prediction(rows=100, whole=False, total_rows=1000, bytes=2e6, steps=(), cost=cost)


def took(long: float, near: float, seconds: float = 20.0) -> Books:
    steps = [
        StepBooks(id=id_, operator=op, rows_in=1000, rows_out=1000, seconds=s) for id_, op, s in (("long", "words", long), ("near", "minhash", near))
    ]
    tiny = StepBooks(id="tiny", operator="field", rows_in=1000, rows_out=1000, seconds=0.004)
    spent = SpentBooks(memory=500_000_000, written=100_000_000)
    return Books(rows_in=1000, rows_out=1000, states={}, born=0, references={}, steps=(*steps, tiny), outputs=(), seconds=seconds, spent=spent)


def test_what_took_longer_is_foretold_longer(state: State):
    pace.learn(foretold(), took(4.0, 4.0), state)
    known = pace.known(state)
    assert known["words"] == pytest.approx(2**0.5)
    assert known["minhash"] == pytest.approx(1.0)
    assert known["run"] == pytest.approx((20 / 12) ** 0.25, rel=1e-3)  # the steps took two seconds more than was said
    assert known["memory"] == pytest.approx(0.5**0.25)
    assert "field" not in known  # too short to tell


def test_the_same_again_settles(state: State):
    for _ in range(12):
        factor = pace.known(state).get("words", 1.0)
        now = foretold()
        cost = now.cost.model_copy(update={"steps": {"long": 2.0 * factor}})
        pace.learn(now.model_copy(update={"cost": cost}), took(6.0, 0.0), state)
    assert pace.known(state)["words"] == pytest.approx(3.0, rel=0.02)


def test_values_found_in_the_cache_teach_nothing(state: State):
    pace.learn(foretold(), took(0.1, 4.0), state)  # a twentieth: nothing was measured
    assert "words" not in pace.known(state)
    pace.learn(foretold(measured=True), took(4.0, 4.0), state)
    assert "words" not in pace.known(state)


def test_operators_have_their_microseconds_a_row_of_a_kilobyte(state: State):
    pace.learn(foretold(), took(4.0, 4.0), state)  # rows of 2 kB
    assert state.paces()["words"][1] == pytest.approx(2000.0)


def test_a_machine_that_never_ran_anything_knows_nothing(state: State):
    assert pace.known(state) == {}
    assert not state.folder.exists()
