"""What diversity and drift tell, on made and on real rows."""

import itertools

import numpy as np
import pyarrow as pa
import pytest

from tests.tools import real_data
from tools.compare import distinct, two_samples
from tools.compare.diversity import Diversity, entropy, vendi
from tools.compare.drift import Drift
from tools.errors import RecipeError
from tools.hashed_ngrams import ngrams_up_to, vectors
from tools.scan import TextScan


class LotDesk:
    """A desk that draws by a seed."""

    def __init__(self, rows, seed=0):
        self.draws = pa.array(np.random.default_rng(seed).integers(0, 1 << 63, rows).astype(np.uint64))

    def draw(self):
        return self.draws

    def scan(self, texts):
        return TextScan(texts)


def learned(operator, texts, seed=0):
    batch = pa.RecordBatch.from_arrays([pa.array(texts, pa.string())], ["text"])
    return operator.learn(batch, LotDesk(len(texts), seed))


def apart(one, other, seed=0, **params):
    operator = Drift(**{"sample": 200, "permutations": 200, **params})
    return operator.tell(learned(operator, one, seed), learned(operator, other, seed + 1000))


@pytest.fixture(scope="module")
def news():
    return [str(row["text"]) for row in real_data.rows("topics/ag_news_test.jsonl.zst")]


def test_halves_of_one_data_set_are_seldom_called_apart(news):
    told = []
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(1000)
        told.append(apart([news[at] for at in order[:500]], [news[at] for at in order[500:]], seed, sample=120))
    assert sum(one["p_value"] < 0.05 for one in told) <= 3
    assert 0.3 < np.mean([one["p_value"] for one in told]) < 0.7
    assert max(one["mmd"] for one in told) < 0.035
    assert all(one["js"] < 1.1 * one["js_chance"] for one in told)


def test_topics_are_apart():
    rows = real_data.rows("topics/ag_news_test.jsonl.zst")
    topics = [[str(row["text"]) for row in rows if row["topic"] == topic] for topic in ("Business", "Sci/Tech", "Sports", "World")]
    for one, other in itertools.combinations(topics, 2):
        told = apart(one, other)
        assert told["p_value"] < 0.01
        assert told["mmd"] > 0.03
        assert told["js"] > 1.3 * told["js_chance"]


def test_instructions_of_two_makers_are_apart():
    alpaca, dolly = (
        [str(row["output"]) for row in real_data.rows(name, 2400)] for name in ("alpaca/alpaca.jsonl.zst", "dolly/dolly_3k_alpagasus.jsonl.zst")
    )
    assert apart(alpaca, dolly)["p_value"] < 0.01


def test_the_discrepancy_is_that_of_the_formula():
    draw = np.random.default_rng(5)
    one, other = draw.normal(size=(7, 3)).astype(np.float32), draw.normal(1, size=(9, 3)).astype(np.float32)
    both = np.concatenate([one, other])
    squares = [float(((a - b) ** 2).sum()) for a, b in itertools.combinations(both, 2)]

    def k(a, b):
        return np.exp(-((a - b) ** 2).sum() / (2 * np.median(squares)))

    inner = [np.mean([k(a, b) for a, b in itertools.permutations(side, 2)]) for side in (one, other)]
    wanted = sum(inner) - 2 * np.mean([k(a, b) for a in one for b in other])
    assert two_samples.discrepancy(one, other, 200)[0] == pytest.approx(wanted, abs=1e-6)


def test_two_rows_on_each_side_are_the_least():
    assert apart(["one"], ["two", "three"])["mmd"] is None
    assert apart([], ["a b"]) == {"rows": 0, "against_rows": 1, "mmd": None, "p_value": None, "js": None, "js_chance": None, "kl": None}


def test_divergences_lie_between_their_ends():
    one, other = np.array([4, 0, 4]), np.array([0, 5, 0])
    assert two_samples.jensen_shannon(one, other) == 1.0
    assert two_samples.jensen_shannon(one, 3 * one) == 0.0
    assert two_samples.kullback_leibler(one, 2 * one) == pytest.approx(0, abs=1e-6)
    assert two_samples.kullback_leibler(one, other) == pytest.approx(np.log2(0.5 / 1e-8), rel=1e-3)


def test_a_selection_nearer_to_the_target_has_the_smaller_divergence(news):
    sports = [str(row["text"]) for row in real_data.rows("topics/ag_news_test.jsonl.zst") if row["topic"] == "Sports"]
    assert apart(sports[:400], sports[400:])["kl"] < apart(news[:400], sports[400:])["kl"] - 0.3


@pytest.mark.parametrize("cut", [1, 7])
def test_no_cut_changes_what_is_told(news, cut):
    operators = Diversity(sample=10), Drift(sample=10, permutations=200)
    texts, desk = news[:30], LotDesk(30)
    for operator in operators:
        states = []
        for start in range(0, 30, cut):
            part = LotDesk(0)
            part.draws = desk.draws[start : start + cut]
            batch = pa.RecordBatch.from_arrays([pa.array(texts[start : start + cut])], ["text"])
            states.append(operator.learn(batch, part))
        whole = operator.learn(pa.RecordBatch.from_arrays([pa.array(texts)], ["text"]), desk)
        merged = states[0]
        for state in states[1:]:
            merged = operator.merge(merged, state)
        assert merged.equals(whole)


def test_diversity_is_that_of_the_words():
    told = Diversity().tell(learned(Diversity(), ["the cat sat", "The cat sat.", "a dog"]), None)
    assert (told["words"], told["distinct_1"], told["distinct_2"], told["distinct_3"]) == (8, 0.625, 0.6, 0.5)
    assert told["word_entropy"] == pytest.approx(entropy(np.array([2, 2, 2, 1, 1])))
    assert told["vendi"] == pytest.approx(np.exp(-(2 / 3 * np.log(2 / 3) + 1 / 3 * np.log(1 / 3))), abs=0.02)


def test_what_repeats_is_told_less_diverse(news):
    varied, again = (Diversity().tell(learned(Diversity(), texts), None) for texts in (news[:1000], news[:50] * 20))
    assert varied["vendi"] > 400
    assert again["vendi"] <= 50.001
    assert all(again[name] < varied[name] for name in ("distinct_1", "distinct_2", "distinct_3", "word_entropy", "pair_entropy"))
    assert again["compression"] > 5 > varied["compression"]


def test_the_vendi_score_counts_kinds():
    kinds = np.eye(5, 64, dtype=np.float32)[np.arange(100) % 5]
    assert vendi(kinds) == pytest.approx(5)
    words = TextScan(pa.array(["all the same words"] * 9)).word_hashes
    assert vendi(vectors(ngrams_up_to(words, 2), 512)) == pytest.approx(1)
    assert vendi(kinds[:0]) is None


@pytest.mark.parametrize("many", [10, distinct.KEPT - 1, 5 * distinct.KEPT])
def test_different_hashes_are_counted_within_half_a_percent(many):
    hashes = np.random.default_rng(1).integers(0, (1 << 64) - 1, many, np.uint64)
    parts = [distinct.smallest(np.concatenate([part, part])) for part in np.array_split(hashes, 3)]
    kept = distinct.of_both(distinct.of_both(parts[2], parts[0]), parts[1])
    assert np.array_equal(kept, distinct.smallest(hashes))
    assert distinct.estimate(kept) == pytest.approx(many, rel=0 if many < distinct.KEPT else 0.012)


def test_vectors_of_two_models_are_refused():
    operator = Drift(by="vector")
    states = []
    for length in (2, 3):
        batch = pa.RecordBatch.from_arrays([pa.array([[1.0] * length] * 4, pa.list_(pa.float32()))], ["vector"])
        states.append(operator.learn(batch, LotDesk(4)))
    with pytest.raises(RecipeError, match="one model"):
        operator.tell(*states)
