"""random_sample, first_n, top_k, split, quantile, k_center."""

import random
from itertools import chain

import numpy as np
import pyarrow as pa
import pytest
from pydantic import ValidationError
from small_engine import SmallDesk, holds, learned, run, same_for_any_cut, typed

from tools.contract import Counts
from tools.errors import RecipeError, RowError
from tools.select import quantile
from tools.select.k_center import KCenter
from tools.select.quantile import Quantile
from tools.select.sample import FirstN, RandomSample
from tools.select.split import Split
from tools.select.top import TopK

OPERATORS = (RandomSample, FirstN, TopK, Split, Quantile, KCenter)
EXAMPLES = [(operator, example) for operator in OPERATORS for example in operator.card.examples]


@pytest.mark.parametrize(("operator", "example"), EXAMPLES, ids=lambda given: getattr(given, "__name__", "example"))
def test_examples_hold(operator, example):
    holds(operator, example)


def test_a_sample_has_its_size_and_the_order_of_the_input():
    given = {"text": [str(number) for number in range(200)]}
    found = same_for_any_cut(RandomSample(rows=50), given)
    assert len(found["kept"]) == 50
    assert found["kept"] == sorted(found["kept"])
    assert found["kept"] != list(range(50))
    assert len(same_for_any_cut(RandomSample(share=0.15), given)["kept"]) == 30


def test_a_larger_sample_holds_the_smaller():
    given = {"text": [str(number) for number in range(100)]}
    small, large = (set(run(RandomSample(rows=rows), given)["kept"]) for rows in (10, 30))
    assert small < large


@pytest.mark.parametrize("params", [{}, {"rows": 3, "share": 0.5}])
@pytest.mark.parametrize("operator", [RandomSample, TopK])
def test_a_size_is_given_in_one_way(operator, params):
    with pytest.raises(ValidationError, match="exactly one of the two"):
        operator(**params)


def test_top_k_is_the_same_for_any_cut():
    draw = random.Random(3)
    values = [draw.choice([0.0, -1.5, 3.25, 1e300, float("inf"), float("nan")]) for _ in range(60)]
    for largest in (True, False):
        found = same_for_any_cut(TopK(rows=20, largest=largest), {"by": values})
        taken = [values[row] for row in found["kept"]]
        assert taken == sorted((value for value in values if value == value), reverse=largest)[:20]


def test_not_a_number_comes_last():
    for largest in (True, False):
        assert run(TopK(rows=2, largest=largest), {"by": [float("nan"), 1.0, 1.0]})["kept"] == [1, 2]


def test_a_split_loses_no_row_and_has_its_shares():
    given = {"text": [str(number) for number in range(300)]}
    ports = same_for_any_cut(Split(validation=0.1, test=0.2), given)["ports"]
    assert [len(ports[port]) for port in ("train", "validation", "test")] == [210, 30, 60]
    assert sorted(chain(*ports.values())) == list(range(300))
    assert [len(rows) for rows in run(Split(validation_rows=7, test_rows=1), given)["ports"].values()] == [292, 7, 1]


def test_no_group_stands_on_two_sides():
    draw = random.Random(4)
    groups = [draw.choice([f"page {number}" for number in range(60)]) for _ in range(400)]
    ports = same_for_any_cut(Split(validation=0.15, test=0.1, by="group"), {"group": groups})["ports"]
    sides = [{groups[row] for row in rows} for rows in ports.values()]
    assert not (sides[0] & sides[1] or sides[0] & sides[2] or sides[1] & sides[2])
    assert sorted(chain(*ports.values())) == list(range(400))
    assert 0.1 < len(ports["validation"]) / 400 <= 0.15


def test_split_reads_a_group_only_when_asked():
    assert Split().reads() == {}
    assert set(Split(by="group").reads()) == {"group"}
    with pytest.raises(ValidationError, match="more than all rows"):
        Split(validation=0.7, test=0.5)
    assert Split(validation=0.9, test=0.1).test == 0.1


def test_sizes_of_no_rows_are_zero():
    for operator in (RandomSample(share=0.5), TopK(share=0.5), Split()):
        assert operator.quota(Counts({}, {})) is not None
        given = {name: [] for name in operator.reads()} or {"text": []}
        assert run(operator, given)["ports"][operator.ports()[0]] == []


def test_quantile_is_the_same_for_any_cut():
    draw = random.Random(5)
    values = [draw.choice([0.0, -0.0, 5e-324, 1e300, float("-inf"), float("nan"), draw.random()]) for _ in range(80)]
    found = same_for_any_cut(Quantile(at_least=0.25, at_most=0.75), {"value": values})
    numbers = [value for value in values if value == value]
    wanted = [sum(other <= value for other in numbers) / len(numbers) for value in values]
    assert [got for got in found["columns"]["quantile"] if got == got] == [want for want, value in zip(wanted, values, strict=True) if value == value]
    assert found["kept"] == [row for row, want in enumerate(wanted) if 0.25 <= want <= 0.75 and values[row] == values[row]]


def test_the_state_of_quantile_does_not_depend_on_the_cut():
    table = typed({"value": [0.0, -0.0, 1.0, 1.0, float("nan"), 2.0]}, Quantile().reads())
    assert learned(Quantile(), table, 1).equals(learned(Quantile(), table, 6))
    signs = np.signbit(learned(Quantile(), typed({"value": [-0.0, 0.0]}, Quantile().reads()), 1)["value"].to_numpy())
    assert not signs.any()


def test_too_many_distinct_values_are_refused_with_the_mend(monkeypatch):
    monkeypatch.setattr(quantile, "MOST_VALUES", 5)
    with pytest.raises(RecipeError, match="round them first"):
        run(Quantile(), {"value": [float(number) for number in range(9)]}, cut=3)


def test_k_center_is_the_same_for_any_cut():
    draw = np.random.default_rng(6)
    vectors = draw.integers(0, 4, (90, 3)).astype(np.float32).tolist()
    found = same_for_any_cut(KCenter(rows=12, of="vector"), {"vector": vectors})
    picks = found["columns"]["pick"]
    assert sorted(pick for pick in picks if pick is not None) == list(range(12))
    assert found["kept"] == [row for row, pick in enumerate(picks) if pick is not None]


def test_k_center_picks_the_farthest_each_time():
    draw = np.random.default_rng(7)
    vectors = draw.normal(size=(60, 5)).astype(np.float32)
    picks = run(KCenter(rows=8, of="vector"), {"vector": vectors.tolist()})["columns"]["pick"]
    order = sorted((pick, row) for row, pick in enumerate(picks) if pick is not None)
    chosen = [order[0][1]]
    for _, row in order[1:]:
        nearest = ((vectors[:, None, :] - vectors[chosen]) ** 2).sum(axis=2).min(axis=1)
        assert nearest[row] == pytest.approx(nearest.max(), rel=1e-5)
        chosen.append(row)


def test_k_center_takes_no_more_than_there_are_and_none_of_none():
    assert run(KCenter(rows=9, of="vector"), {"vector": [[1.0], [2.0], None]})["kept"] == [0, 1]
    assert run(KCenter(rows=9, of="vector"), {"vector": []})["kept"] == []


def test_k_center_names_the_vector_that_cannot_be_used():
    with pytest.raises(RowError) as error:
        run(KCenter(rows=1, of="vector"), {"vector": [[1.0, 2.0], [], [1.0, float("nan")]]})
    assert error.value.position == 2
    with pytest.raises(RecipeError, match="different lengths"):
        run(KCenter(rows=1, of="vector"), {"vector": [[1.0, 2.0], [1.0]]})


def test_orders_need_no_columns():
    batch = pa.record_batch({"text": pa.array(["a", "b"])}).select([])
    assert FirstN(rows=1).order(batch, SmallDesk())["order"].to_pylist() == [0, 0]
