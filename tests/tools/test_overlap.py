"""Overlap of rows with a reference, against plain sets of n-grams."""

import random
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from tests.tools import real_data
from tools.compare import overlap
from tools.compare.overlap import Overlap
from tools.dedupe.known import Known, in_order

DESK = SimpleNamespace()


def batch(texts):
    return pa.RecordBatch.from_arrays([pa.array(texts, pa.string())], ["text"])


def measured(operator, texts, *references):
    state = operator.learn(batch(references[0]), DESK)
    for more in references[1:]:
        state = operator.merge(state, operator.learn(batch(more), DESK))
    return pa.table(dict(operator.measure(batch(texts), SimpleNamespace(state=state))))


def grams(text, n):
    words = text.lower().split()
    return [tuple(words[at : at + n]) for at in range(len(words) - n + 1)] or ([tuple(words)] if words else [])


@pytest.mark.parametrize("n", [1, 3, 8])
def test_the_share_is_that_of_plain_sets(n):
    draw = random.Random(n)
    texts, reference = ([" ".join(draw.choices("abcdefg", k=draw.randrange(12))) for _ in range(200)] for _ in range(2))
    known = {gram for text in reference for gram in grams(text, n)}
    whole = {tuple(text.split()) for text in reference if text}
    found = measured(Overlap(ngram=n), texts, reference[:80], reference[80:])
    for text, share, exact in zip(texts, found["overlap"].to_pylist(), found["exact"].to_pylist(), strict=True):
        own = grams(text, n)
        assert exact == (tuple(text.split()) in whole)
        assert share == (1.0 if exact else sum(gram in known for gram in own) / max(len(own), 1))


def test_words_in_another_order_are_not_the_same_text():
    found = measured(Overlap(ngram=1), ["two one", "One, TWO!", "one two two", ""], ["one two", ""])
    assert found["exact"].to_pylist() == [False, True, False, False]
    assert found["overlap"].to_pylist() == [1.0, 1.0, 1.0, 0.0]


def test_totals_are_of_all_rows():
    found = measured(Overlap(ngram=2), ["a b c d e f", "a b c d e x", "c d y z", "no"], ["a b c d e f"])
    assert Overlap().totals(found) == {"rows": 4, "exact": 1, "near": 2, "overlapping": 3}


def test_no_cut_of_the_reference_changes_the_state(monkeypatch):
    monkeypatch.setattr(overlap, "MOST_GRAMS", 50)
    draw = random.Random(1)
    texts = [" ".join(draw.choices("abcdefghij", k=9)) for _ in range(60)]
    operator = Overlap(ngram=3)
    whole = operator.learn(batch(texts), DESK)
    assert whole["level"][0].as_py()[0] > 1
    for cut in (1, 7, 31):
        parts = [operator.learn(batch(texts[at : at + cut]), DESK) for at in range(0, 60, cut)]
        while len(parts) > 1:
            parts = [operator.merge(*parts[:2]), *parts[2:]] if len(parts) % 2 else [*parts[2:], operator.merge(parts[1], parts[0])]
        assert parts[0].equals(whole)


def test_of_a_large_reference_the_share_is_estimated(monkeypatch):
    texts = [str(row["text"]) for row in real_data.rows("topics/ag_news_test.jsonl.zst", 3000)]
    halves = [text[: len(text) // 2] + other[len(other) // 2 :] for text, other in zip(texts, reversed(texts), strict=True)]
    exactly = measured(Overlap(ngram=5), halves, texts[:1500])["overlap"].to_numpy()
    monkeypatch.setattr(overlap, "MOST_GRAMS", 30_000)
    about = measured(Overlap(ngram=5), halves, texts[:1500])["overlap"].to_numpy()
    assert np.mean(about) == pytest.approx(np.mean(exactly), abs=0.02)
    assert np.corrcoef(about, exactly)[0, 1] > 0.6


def test_a_set_of_hashes_holds_what_it_was_given():
    draw = np.random.default_rng(2)
    given = np.concatenate([draw.integers(0, (1 << 64) - 1, 3000, np.uint64), np.array([0, (1 << 64) - 1, 5, 6, 7], np.uint64)])
    asked = np.concatenate([given, given + np.uint64(1), draw.integers(0, (1 << 64) - 1, 3000, np.uint64)])
    for some in (given, given[:1], given[:0]):
        assert Known.of(in_order(some)).holds(asked).tolist() == np.isin(asked, some).tolist()
