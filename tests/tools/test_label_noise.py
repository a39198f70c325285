"""Wrong labels: planted ones are found, and each row is judged without itself."""

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from tests.tools import real_data
from tools.compare import label_noise
from tools.compare.label_noise import LabelNoise
from tools.compare.naive_bayes import BUCKETS, Features, Model, probabilities
from tools.errors import RecipeError
from tools.scan import TextScan

PLANTED = 20  # one label in so many


def batch(texts, labels):
    return pa.RecordBatch.from_arrays([pa.array(texts), pa.array(labels)], ["text", "label"])


def learned(operator, batches):
    state = pa.table({})
    for _ in range(operator.card.passes):
        parts = [operator.learn(one, desk(state)) for one in batches]
        state = parts[0]
        for part in parts[1:]:
            state = operator.merge(state, part)
    return state


def desk(state):
    return SimpleNamespace(state=state, scan=TextScan)


def measured(texts, labels):
    given = batch(texts, labels)
    return pa.table(dict(LabelNoise().measure(given, desk(learned(LabelNoise(), [given])))))


@pytest.mark.parametrize(
    ("name", "text", "label", "rows", "wanted"),
    [("topics/banking77_train.jsonl.zst", "text", "category", None, 0.75), ("topics/ag_news_test.jsonl.zst", "text", "topic", 3000, 0.5)],
)
def test_planted_errors_stand_first(name, text, label, rows, wanted):
    given = real_data.rows(name, rows)[:: 1 if rows else 3]  # rows of one class lie together in the one
    names = sorted({str(row[label]) for row in given})
    right = np.array([names.index(str(row[label])) for row in given])
    draw = np.random.default_rng(1)
    at = draw.permutation(len(given))[: len(given) // PLANTED]
    said = right.copy()
    said[at] = (said[at] + draw.integers(1, len(names), len(at))) % len(names)
    found = measured([str(row[text]) for row in given], [names[one] for one in said])
    worst = np.argsort(-found["label_noise"].to_numpy(), kind="stable")[: len(at)]
    assert np.mean(said[worst] != right[worst]) >= wanted
    flagged = found["likely_wrong"].to_numpy(zero_copy_only=False)
    assert np.mean(flagged[at]) > 0.6
    assert np.mean(flagged) < 0.11
    suggested = np.array([names.index(one) for one in found["suggested"].to_pylist()])
    assert np.mean(suggested[at] == right[at]) > 0.75


def test_a_row_is_judged_by_the_others_alone():
    texts, labels = ["a b c", "a b d", "e f", "e f g", "a e"], [0, 0, 1, 1, 1]
    own = Features.of(TextScan(pa.array(texts)).word_hashes)
    found = model_of(own, labels).scores(own, np.array(labels), 0.1)
    for row in range(len(texts)):
        rest = [at for at in range(len(texts)) if at != row]
        others = model_of(Features.of(TextScan(pa.array([texts[at] for at in rest])).word_hashes), [labels[at] for at in rest])
        here = own.buckets[own.offsets[row] : own.offsets[row + 1]]
        width = model_of(own, labels).width
        wanted = np.log((others.counts[here] + 0.1) / (others.totals + 0.1 * width)).sum(axis=0)
        assert found[row] == pytest.approx(wanted)


def model_of(own, labels):
    counts = np.zeros((BUCKETS, 2), np.int32)
    np.add.at(counts, (own.buckets, np.array(labels)[own.rows]), 1)
    return Model(counts)


def test_probabilities_sum_to_one_whatever_the_sharpness():
    assert probabilities(np.array([[-1e5, 0.0, -3.0], [0.0, 0.0, 0.0]]), 0.1).sum(axis=1) == pytest.approx([1, 1])


def test_no_cut_changes_what_was_learned():
    given = real_data.rows("topics/banking77_train.jsonl.zst", 60)
    texts, labels = [str(row["text"]) for row in given], [f"{at % 7}{row['category']}" for at, row in enumerate(given)]
    whole = learned(LabelNoise(), [batch(texts, labels)])
    for cut in (1, 13):
        assert learned(LabelNoise(), [batch(texts[at : at + cut], labels[at : at + cut]) for at in range(0, 60, cut)]).equals(whole)


def test_a_column_that_is_no_label_is_refused(monkeypatch):
    monkeypatch.setattr(label_noise, "MOST_LABELS", 3)
    with pytest.raises(RecipeError, match="different labels"):
        measured(["a"] * 5, list("abcde"))
    with pytest.raises(RecipeError, match="plain values"):
        measured(["a"], [[1]])


def test_texts_without_words_keep_their_labels():
    found = measured(["", "", "a b", "a c"], ["x", "y", "x", "x"])
    assert found["likely_wrong"].to_pylist()[:2] == [False, False]
