"""Totals told from a sample: the truth lies in the interval as often as it says, also where rows drawn together are alike."""

import numpy as np
import pytest

from workflows.engine.estimates import NORMAL, Estimate, Stratum, share_of, together, wilson

ROUNDS = 400


def sampled(draw: np.random.Generator, likeness: float) -> tuple[float, Stratum]:
    """A source of 1,000 stretches of 20 rows, half of them kept, 40 stretches drawn; in a share `likeness` of the stretches all
    rows go the same way."""
    alike = draw.random(1000) < likeness
    kept = np.where(alike, 20 * (draw.random(1000) < 0.5), draw.binomial(20, 0.5, 1000)).astype(float)
    drawn = draw.choice(1000, 40, replace=False)
    rows = np.full(40, 20.0)
    seen = {"in it": rows, "it.kept": kept[drawn]}
    return float(kept.sum()), Stratum(total=1000 * 2000.0, size=rows * 100, rows=rows, seen=seen)


@pytest.mark.parametrize("likeness", [0.0, 0.5, 1.0])
def test_the_truth_lies_in_the_interval_as_often_as_it_says(likeness: float) -> None:
    draw = np.random.default_rng(7)
    held = 0
    for _ in range(ROUNDS):
        truth, stratum = sampled(draw, likeness)
        told = stratum.at("it.kept")
        held += told.low <= truth <= told.high
    assert held / ROUNDS > 0.92


def test_rows_drawn_together_that_are_alike_widen_the_interval() -> None:
    draw = np.random.default_rng(7)
    apart, alike = (share_of([sampled(draw, likeness)[1]], "it.kept", "in it") for likeness in (0.0, 1.0))
    assert alike.high - alike.low > 2.5 * (apart.high - apart.low)


def test_the_whole_is_told_exactly() -> None:
    stratum = Stratum(total=100, size=np.array([100.0]), rows=np.array([10.0]), seen={"it.kept": np.array([4.0])}, whole=True)
    assert stratum.at("it.kept") == Estimate(4.0, 4.0, 4.0)
    assert stratum.expected_rows == Estimate(10.0, 10.0, 10.0)


def test_a_place_that_no_drawn_row_came_to_may_hold_some_in_the_whole() -> None:
    stratum = Stratum(total=1e6, size=np.full(50, 100.0), rows=np.full(50, 10.0), seen={"in it": np.full(50, 10.0)}, records=1e5)
    told = stratum.at("it.kept")
    assert told.value == 0
    assert told.low == 0
    assert 100 < told.high < 2000


def test_born_rows_may_be_more_than_those_that_came() -> None:
    born = np.tile([10.0, 30.0, 50.0], 20)
    stratum = Stratum(total=6e5, size=np.full(60, 100.0), rows=np.full(60, 10.0), seen={"in it": np.full(60, 10.0), "it.kept": born}, records=6e4)
    assert stratum.at("it.kept").value == pytest.approx(18e4)
    assert share_of([stratum], "it.kept", "in it").value == pytest.approx(3)


def test_sources_are_weighted_by_their_size() -> None:
    small = Stratum(total=1e3, size=np.full(10, 10.0), rows=np.full(10, 10.0), seen={"in it": np.full(10, 10.0)}, records=1e3)
    rows = np.full(10, 10.0)
    big = Stratum(total=1e5, size=np.full(10, 10.0), rows=rows, seen={"in it": rows, "it.kept": rows}, records=1e5)
    assert share_of([small, big], "it.kept", "in it").value == pytest.approx(100 / 101)


def test_a_sum_is_as_unsure_as_its_parts_together() -> None:
    both = together([Estimate(100, 90, 110), Estimate(100, 90, 110)])
    assert both.value == 200
    assert both.high == pytest.approx(200 + 10 * 2**0.5)
    assert together([Estimate(100, 90, 110), Estimate(None, 0, 7)]) == Estimate(None, 90, 117)


@pytest.mark.parametrize(("kept", "rows"), [(0, 10), (10, 10), (5, 10), (1, 1000)])
def test_an_interval_holds_its_share(kept: int, rows: int) -> None:
    low, high = wilson(kept / rows, rows)
    assert 0 <= low <= kept / rows <= high <= 1


def test_wilson_is_the_published_interval() -> None:
    low, high = wilson(0.4, 50, NORMAL)
    assert (low, high) == (pytest.approx(0.2761, abs=1e-4), pytest.approx(0.5382, abs=1e-4))
