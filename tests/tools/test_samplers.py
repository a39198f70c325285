"""Samplers over texts and vectors: against brute force, against published bounds, and on data whose answer is known."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tools.contract import Counts, Operator, Quota
from tools.dedupe.vectors import VectorDedup
from tools.errors import RecipeError
from tools.hashed import UNIT, Units, hashed, units
from tools.scan import TextScan
from tools.select.cluster_balance import by_root
from tools.select.clusters import centres, nearest
from tools.select.density_sample import DensitySample
from tools.select.dpp import Dpp, greedy
from tools.select.drawing import keys
from tools.select.dsir import Dsir
from tools.select.facility_location import FacilityLocation, lazy_greedy
from tools.select.groups import in_equal_parts
from tools.select.ips_sample import IpsSample
from tools.select.mix import Mix, filled, most, parts
from tools.select.sketch import Sketch, fitting_width, kernel
from workflows.given import Outcome, Setting, Trial, run

SIZES = some.dictionaries(some.sampled_from("abcdefgh"), some.integers(0, 60), min_size=1)


def kept(operator: Operator, given: pa.Table, cut: int = 0, against: pa.Table | None = None) -> Outcome:
    return run(Trial(operator=operator, given=given, against=against, name="it", setting=Setting(cut=cut)))


def vectors(points: np.ndarray) -> pa.Table:
    return pa.table({"vector": pa.array(points.tolist(), pa.list_(pa.float32()))})


def clouds(sizes: tuple[int, ...], dimensions: int = 32, noise: float = 0.06, seed: int = 0) -> tuple[Units, np.ndarray]:
    """Points around so many directions, and which cloud each is of."""
    draw = np.random.default_rng(seed)
    middles = draw.standard_normal((len(sizes), dimensions))
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    label = np.repeat(np.arange(len(sizes)), sizes)
    return units(middles[label] + noise * draw.standard_normal((len(label), dimensions))), label


def draws(count: int, seed: int = 1) -> pa.Array:
    return pa.array(np.random.default_rng(seed).integers(0, 1 << 64, count, dtype=np.uint64))


# ---- points


def test_products_of_points_are_exact_and_their_cosines_nearly_so() -> None:
    raw = np.random.default_rng(0).standard_normal((60, 300))
    points = units(raw)
    products = points @ points.T
    assert (products == points.astype(np.int64) @ points.astype(np.int64).T).all()
    lengths = np.linalg.norm(raw, axis=1)
    assert np.abs(products / UNIT**2 - raw @ raw.T / np.outer(lengths, lengths)).max() < 0.002


def test_texts_that_share_words_point_the_same_way() -> None:
    texts = ["The committee approved the annual budget.", "the annual budget was approved by the committee", "Penguins swim under ice", ""]
    points = hashed(TextScan(pa.array(texts)), 512)
    cosine = points @ points.T / UNIT**2
    assert cosine[0, 1] > 0.6
    assert abs(cosine[0, 2]) < 0.2
    assert not points[3].any()


# ---- density


def test_a_sketch_of_two_parts_is_the_sketch_of_both() -> None:
    points, _ = clouds((300, 200))
    sketch = Sketch(hashes=16, buckets=256, concat=4, width=1.0)
    assert (sketch.counts(points[:123]) + sketch.counts(points[123:]) == sketch.counts(points)).all()
    assert sketch.counts(points).nbytes == 4 * 16 * 256


def test_a_sketch_estimates_the_sum_of_kernels() -> None:
    points, _ = clouds((400, 100))
    sketch = Sketch(hashes=1000, buckets=20_000, concat=1, width=1.0)
    found = sketch.density(points, sketch.counts(points), len(points))
    apart = np.sqrt(np.maximum(2 - 2 * (points @ points.T) / UNIT**2, 0))
    exact = np.vectorize(kernel)(apart[:100], 1.0).mean(axis=1)
    error = np.abs(found[:100] / exact - 1)
    assert error.mean() < 0.05
    assert error.max() < 3 * np.sqrt(np.log(1000) / 1000)


def test_density_evens_out_what_is_there_and_the_printed_line_of_the_paper_does_not() -> None:
    sizes = (1800, 150, 40, 10)
    points, label = clouds(sizes, 64)
    sketch = Sketch(hashes=128, buckets=1 << 15, concat=8, width=fitting_width(points[::4], 8))
    density = np.log(sketch.density(points, sketch.counts(points), len(points)))
    even = _from_even(keys(-density, draws(len(points))), label)
    chance = _from_even(keys(np.zeros(len(points)), draws(len(points))), label)
    printed = _from_even(keys(density, draws(len(points))), label)
    assert even < chance - 0.2
    assert printed > chance + 0.02


def _from_even(order: pa.Array, label: np.ndarray) -> float:
    """Total variation distance of 200 rows' clouds from equal parts."""
    counts = np.bincount(label[np.argsort(order.to_numpy())[:200]], minlength=4)
    return float(np.abs(counts / 200 - 0.25).sum() / 2)


def test_copies_are_thinned_out() -> None:
    words = [f"{one}{two}{three}" for one in "bdfgk" for two in ("ala", "eno", "iru") for three in ("st", "mp", "rk", "nd")]
    other = [" ".join(words[(number * step + step) % 60] for step in (1, 7, 11, 13, 17, 29)) for number in range(300)]
    texts = pa.table({"text": ["one and the same short text"] * 300 + other})
    found = kept(DensitySample(rows=150), texts, cut=250)
    assert sum(row < 300 for row in found.rows()) <= 8
    assert found.rows() == kept(DensitySample(rows=150), texts).rows()


# ---- clusters


def test_clusters_that_lie_apart_are_found() -> None:
    points, label = clouds((200, 50, 30, 9))
    at, _ = nearest(points, centres(points, 4, seed=3))
    assert len({(one, other) for one, other in zip(at.tolist(), label.tolist(), strict=True)}) == 4


def test_there_are_no_more_clusters_than_different_points() -> None:
    points = units(np.array([[1.0, 0.0]] * 5 + [[0.0, 1.0]] * 5))
    assert len(centres(points, 6, seed=0)) == 2
    assert centres(points[:0], 3, seed=0).shape[0] == 0


@given(SIZES, some.integers(0, 400))
def test_parts_by_root_and_equal_parts_add_up_and_none_is_above_its_size(sizes: dict[str, int], total: int) -> None:
    for part in (by_root, in_equal_parts):
        found = part(sizes, total)
        assert sum(found.values()) == min(total, sum(sizes.values()))
        assert all(0 <= found[key] <= size for key, size in sizes.items())


def test_parts_by_root_lie_between_equal_and_proportional() -> None:
    assert by_root({"a": 900, "b": 100}, 40) == {"a": 30, "b": 10}
    assert by_root({"a": 900, "b": 4}, 40) == {"a": 38, "b": 2}


# ---- weights


@given(some.dictionaries(some.sampled_from("abcde"), some.floats(0.01, 9), min_size=1), some.integers(0, 300), SIZES)
def test_shares_are_rounded_fairly_and_filled_up_to_what_is_there(weights: dict[str, float], total: int, sizes: dict[str, int]) -> None:
    asked = parts(weights, total)
    assert sum(asked.values()) == total
    assert all(abs(asked[key] - total * weight / sum(weights.values())) <= 1 for key, weight in weights.items())
    there = {key: sizes.get(key, 0) for key in weights}
    whole = filled(weights, there, total)
    assert sum(whole.values()) == min(total, sum(there.values()))
    assert all(whole[key] <= there[key] for key in weights)
    assert all(rows <= there[key] + 1 for key, rows in parts(weights, most(weights, there)).items())


def test_a_mix_says_what_it_asks_for_even_where_too_few_are_there() -> None:
    counts = Counts({"web": 900, "code": 50}, {})
    weights = {"web": 0.7, "code": 0.3}
    assert Mix(weights=weights, rows=1000).quota(counts) == Quota(rows={"web": 700, "code": 300})
    assert Mix(weights=weights, rows=1000, when_short="fill").quota(counts) == Quota(rows={"web": 900, "code": 50})
    assert Mix(weights=weights, rows=1000, when_short="shrink").quota(counts) == Quota(rows={"web": 116, "code": 50})
    assert Mix(weights=weights).quota(counts) == Quota(rows={"web": 116, "code": 50})


def test_a_temperature_makes_shares_more_even() -> None:
    counts = Counts({"large": 10_000, "small": 100}, {})
    assert Mix(temperature=1.0, rows=1010).quota(counts) == Quota(rows={"large": 1000, "small": 10})
    assert Mix(temperature=2.0, rows=1100).quota(counts) == Quota(rows={"large": 1000, "small": 100})


def test_a_weight_for_a_misspelt_name_is_refused_and_one_for_nothing_is_told() -> None:
    counts = Counts({"web": 900, "code": 50}, {})
    with pytest.raises(RecipeError, match=r"'wbe'.*web"):
        Mix(weights={"wbe": 1.0, "code": 1.0}).quota(counts)
    assert Mix(weights={"web": 1.0, "forum": 1.0}, rows=10).quota(counts) == Quota(rows={"web": 5, "forum": 5})


def test_rows_are_drawn_by_the_inverse_of_their_score() -> None:
    score = [1.0] * 300 + [9.0] * 300
    rows = kept(IpsSample(rows=100), pa.table({"score": score})).rows()
    assert 80 <= sum(row < 300 for row in rows) <= 98  # 90 of 100 with weights of 9 to 1
    alike = kept(IpsSample(rows=100, power=0.0), pa.table({"score": score})).rows()
    assert 35 <= sum(row < 300 for row in alike) <= 65
    turned = kept(IpsSample(rows=100, power=-1.0), pa.table({"score": score})).rows()
    assert 2 <= sum(row < 300 for row in turned) <= 20


# ---- a reference


def test_rows_like_the_reference_are_found_whatever_their_length() -> None:
    sums = [f"if {a} apples cost {a + 1} dollars, how many dollars do {b} apples cost?" for a in range(2, 12) for b in range(3, 8)]
    other = ["the parliament debated a new law on fisheries and trade " * (1 + turn % 9) for turn in range(150)]
    rows = pa.table({"text": [text for pair in zip(other, [*sums, *other[:100]], strict=True) for text in pair]})
    reference = pa.table({"text": ["how many apples do 5 dollars buy if 2 apples cost 1 dollar?"] * 3})
    found = kept(Dsir(rows=50, take="best"), rows, cut=40, against=reference).kept["text"].to_pylist()
    assert sum("apples" in str(text) for text in found) == 50
    drawn = kept(Dsir(rows=50, smooth=1.0), rows, against=reference).kept["text"].to_pylist()
    assert sum("apples" in str(text) for text in drawn) >= 45


def test_a_reference_without_words_is_refused() -> None:
    with pytest.raises(RecipeError, match="hold no words"):
        kept(Dsir(rows=1), pa.table({"text": ["some words"]}), against=pa.table({"text": [" ", ""]}))


# ---- all rows at once


@settings(deadline=None, max_examples=25)
@given(some.integers(0, 10_000))
def test_dpp_picks_what_adds_most_volume(seed: int) -> None:
    draw = np.random.default_rng(seed)
    points, quality = units(draw.standard_normal((12, 4))), draw.random(12) + 0.2
    alike = np.exp(((points @ points.T) / np.float32(UNIT**2) - 1).astype(np.float64) / 0.5)
    np.fill_diagonal(alike, 1.0)
    volume = alike * np.outer(quality, quality)
    picked: list[int] = []
    for _ in range(6):
        gains = {row: np.linalg.slogdet(volume[np.ix_([*picked, row], [*picked, row])])[1] for row in range(12) if row not in picked}
        picked.append(max(gains, key=lambda row: gains[row]))
    assert greedy(points, quality, 6, 0.5) == picked


def test_dpp_takes_no_copy_and_says_when_memory_would_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept(Dpp(rows=9, of="vector"), vectors(np.array([[1, 0]] * 4 + [[0, 1]] * 4))).rows() == [0, 4]
    monkeypatch.setattr("tools.select.dpp.MOST_NUMBERS", 10)
    with pytest.raises(RecipeError, match="keep at most 2, or use density_sample"):
        kept(Dpp(rows=3, of="vector"), vectors(np.eye(5)))


@settings(deadline=None, max_examples=25)
@given(some.integers(0, 10_000))
def test_facility_location_is_greedy_and_near_the_best(seed: int) -> None:
    points = units(np.random.default_rng(seed).standard_normal((10, 3)))
    alike = np.maximum(points @ points.T, 0).astype(np.int64)

    def value(rows: tuple[int, ...]) -> int:
        return int(alike[list(rows)].max(axis=0).sum()) if rows else 0

    picked: tuple[int, ...] = ()
    for _ in range(3):
        picked += (max((row for row in range(10) if row not in picked), key=lambda row: value((*picked, row))),)
    assert tuple(lazy_greedy(points, points, 3)) == picked
    assert value(picked) >= (1 - 1 / np.e) * max(value(rows) for rows in combinations(range(10), 3))


def test_facility_location_hears_a_part_of_the_rows_and_picks_from_all() -> None:
    points, label = clouds((60, 30, 10))
    rows = kept(FacilityLocation(rows=3, of="vector", audience=40), vectors(points), cut=11).rows()
    assert sorted(label[rows].tolist()) == [0, 1, 2]


def test_near_vectors_merge_as_all_pairs_say() -> None:
    draw = np.random.default_rng(4)
    bases = draw.standard_normal((150, 48))
    near = np.concatenate([bases, bases + 0.12 * draw.standard_normal(bases.shape)])
    points = units(near)
    products = points @ points.T
    lengths = np.sqrt(np.diag(products))
    cosine = products / np.outer(lengths, lengths)
    twins = {(row, other) for row, other in zip(*np.nonzero(np.tril(cosine, -1) >= 0.98), strict=True)}
    found = kept(VectorDedup(of="vector", similarity=0.98), vectors(near), cut=64)
    merged = {(row, fate.into) for row, fate in enumerate(found.fates) if fate.into is not None}
    assert merged <= twins
    assert len(merged) >= 0.97 * len(twins) > 50
