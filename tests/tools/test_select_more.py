"""stratified_sample, balance, sort, shuffle, bottom_k, token_budget, threshold: by the real engine, on more than their examples."""

from collections import Counter
from datetime import date, datetime

import pyarrow as pa
import pytest
from pydantic import ValidationError

from tools.errors import RecipeError
from tools.select.groups import Balance, StratifiedSample, in_equal_parts, in_proportion
from tools.select.sort import Shuffle, Sort
from tools.select.token_budget import TokenBudget
from tools.select.top import BottomK, TopK
from workflows.given import Setting, Trial, run


def kept(operator, seed=0, cut=0, kind=None, **columns):
    given = pa.table({name: pa.array(values, kind if name == "by" else None) for name, values in columns.items()})
    return run(Trial(operator=operator, given=given, setting=Setting(seed=seed, cut=cut))).rows()


GROUPS = ["often"] * 70 + ["less"] * 25 + ["rare"] * 4 + [None]


def test_a_stratified_sample_keeps_shares_and_loses_no_group():
    rows = kept(StratifiedSample(share=0.2), group=GROUPS)
    assert Counter(GROUPS[row] for row in rows) == {"often": 13, "less": 5, "rare": 1, None: 1}
    assert rows == sorted(rows)
    assert kept(StratifiedSample(rows=20), group=GROUPS, cut=7) == rows


def test_the_seed_chooses_which_rows_of_a_group_stay():
    one, other = (kept(StratifiedSample(rows=20), seed=seed, group=GROUPS) for seed in (1, 2))
    assert one != other
    assert Counter(GROUPS[row] for row in one) == Counter(GROUPS[row] for row in other)


@pytest.mark.parametrize("total", [0, 1, 3, 5, 17, 99, 110])
def test_parts_in_proportion_add_up(total):
    sizes = {"a": 70, "b": 30, "c": 9, "d": 1}
    parts = in_proportion(sizes, total)
    assert sum(parts.values()) == total
    assert all(parts[key] <= sizes[key] for key in sizes)
    assert total < 4 or min(parts.values()) >= 1
    assert all(abs(parts[key] - sizes[key] * total / 110) < 1 for key in ("a", "b") if total > 50)


@pytest.mark.parametrize(("total", "wanted"), [(9, [3, 3, 3]), (10, [3, 3, 4]), (12, [3, 4, 5]), (99, [3, 20, 40]), (2, [0, 1, 1])])
def test_parts_are_as_equal_as_the_sizes_allow(total, wanted):
    assert sorted(in_equal_parts({"a": 40, "b": 3, "c": 20}, total).values()) == wanted


def test_balance_takes_as_many_of_each_as_asked():
    counted = {shown: Counter(GROUPS[row] for row in kept(Balance(**params), group=GROUPS)) for shown, params in SIZES.items()}
    assert counted == {
        "smallest": {"often": 4, "less": 4, "rare": 4},
        "each": {"often": 10, "less": 10, "rare": 4},
        "total": {"often": 13, "less": 13, "rare": 4},
    }


SIZES = {"smallest": {}, "each": {"rows_each": 10}, "total": {"rows": 30}}


def test_sizes_are_given_in_one_way():
    with pytest.raises(ValidationError, match="give one of the two"):
        Balance(rows=3, rows_each=2)
    for params in ({}, {"rows": 3, "share": 0.5}):
        with pytest.raises(ValidationError, match="exactly one of the two"):
            StratifiedSample(**params)


@pytest.mark.parametrize("operator", [Balance(), StratifiedSample(rows=1), Sort()])
def test_a_list_is_no_group_and_has_no_order(operator):
    (name,) = operator.reads()
    with pytest.raises(RecipeError, match=f"on: {name} is list"):
        run(Trial(operator=operator, given=pa.table({name: [[1], [2]]})))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([3, -(1 << 63), (1 << 63) - 1, 0, -1, None, 3], pa.int64()),
        ([(1 << 64) - 1, 0, 1 << 63, None], pa.uint64()),
        ([1.5, -0.0, 0.0, float("-inf"), None, float("inf")], pa.float64()),
        (["b", "", "ab", "a\x00", "a", "é", "Z", None, "\U0010ffff"], pa.string()),
        ([True, None, False, True], pa.bool_()),
        ([date(2020, 1, 2), date(1960, 5, 5), None, date(2021, 1, 1)], pa.date32()),
        ([datetime(2020, 1, 2, 3), datetime(1960, 5, 5), None], pa.timestamp("us")),
    ],
)
@pytest.mark.parametrize("descending", [False, True])
def test_rows_are_sorted_as_python_sorts_them_and_none_is_lost(values, kind, descending):
    found = kept(Sort(descending=descending), by=values, kind=kind, cut=2)
    there = [row for row, value in enumerate(values) if value is not None]
    wanted = sorted(there, key=lambda row: values[row], reverse=descending)  # stable: of equal values the earlier stays first
    assert found == wanted + [row for row, value in enumerate(values) if value is None]


def test_numbers_in_texts_are_sorted_as_numbers():
    assert kept(Sort(), by=["10", "9", "1"]) == [2, 0, 1]
    assert kept(Sort(compare="number"), by=["10", "9", "1"]) == [2, 1, 0]


def test_shuffle_loses_nothing_and_follows_the_seed():
    texts = [str(number) for number in range(60)]
    one, other = (kept(Shuffle(), seed=seed, text=texts) for seed in (1, 2))
    assert sorted(one) == sorted(other) == list(range(60))
    assert list(range(60)) not in (one, other)
    assert one != other
    assert kept(Shuffle(), seed=1, cut=7, text=texts) == one


def test_bottom_k_is_the_other_end_of_top_k():
    values = [0.5, -1.0, None, 3.0, float("nan"), -1.0]
    assert kept(BottomK(rows=3), by=values) == kept(TopK(rows=3, largest=False), by=values) == [1, 5, 0]


def test_a_budget_is_not_overdrawn():
    weights = [number % 9 + 1 for number in range(200)]
    for take in ("random", "first"):
        rows = kept(TokenBudget(budget=100, take=take), weight=weights, cut=13)
        assert 91 < sum(weights[row] for row in rows) <= 100
        assert rows == sorted(rows)
    assert kept(TokenBudget(budget=100, take="first"), weight=weights) == list(range(len(rows)))


def test_the_best_rows_come_into_the_budget_first():
    assert kept(TokenBudget(budget=5, take="best"), weight=[3.0, 3.0, 2.0], by=[0.1, 0.9, 0.5]) == [1, 2]
