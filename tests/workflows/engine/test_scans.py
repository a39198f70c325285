"""Scans that steps share: what is counted once, what is taken, what is counted anew."""

import numpy as np
import pyarrow as pa
import pytest

from tools.counted import Behind
from tools.scan import TextScan
from workflows.engine.scans import Lent, Read, Scans

TEXTS = ["One two.\n\nThree", None, "", "四字 and 1 word", "Ends\nhere"]


@pytest.fixture
def made(monkeypatch):
    """How often `words` was counted anew, and of how many texts."""
    counts = []
    field = TextScan.__dict__["words"]
    make = field._make
    monkeypatch.setattr(field, "_make", lambda scan: counts.append(len(scan._texts)) or make(scan))
    return counts


def lent(scans, texts, at, batch_at):
    given = pa.chunked_array([pa.array(texts, pa.string())])
    batch = pa.RecordBatch.from_arrays([given.chunk(0).take(pa.array(np.searchsorted(at, batch_at)))], ["text"])
    return Lent(scans, {"text": Read("column", at, given)}, batch, batch_at).scan(batch["text"])


def test_batches_of_a_step_and_later_steps_share_one_count(made):
    scans, at = Scans(), np.arange(5)
    halves = [lent(scans, TEXTS, at, at[:2]).words.to_pylist(), lent(scans, TEXTS, at, at[2:]).words.to_pylist()]
    assert halves[0] + halves[1] == TextScan(pa.array(TEXTS)).words.to_pylist()
    assert lent(scans, TEXTS, at, at).words.to_pylist() == halves[0] + halves[1]
    assert made == [5, 5]  # once for the shard, once for the comparison


def test_rows_that_are_left_take_what_was_counted_of_all(made):
    scans, at = Scans(), np.arange(5)
    lent(scans, TEXTS, at, at).words  # noqa: B018
    left = np.array([0, 3, 4])
    scan = lent(scans, [TEXTS[i] for i in left], left, left)
    assert scan.words.to_pylist() == [3, 5, 2]
    assert scan.lines.to_pylist() == [3, 1, 2]  # not counted before: counted of the rows that are left
    assert made == [5]


def test_rows_that_came_back_are_counted_anew(made):
    scans, at = Scans(), np.arange(5)
    lent(scans, TEXTS[:2], at[:2], at[:2]).words  # noqa: B018
    assert lent(scans, TEXTS, at, at).words.to_pylist() == TextScan(pa.array(TEXTS)).words.to_pylist()


def test_a_text_of_the_operators_own_making_is_scanned_by_itself():
    scans, at = Scans(), np.arange(2)
    given = pa.chunked_array([pa.array(["One two", "three"])])
    batch = pa.RecordBatch.from_arrays([given.chunk(0)], ["text"])
    own = pa.array(["a b c", "d"])
    assert Lent(scans, {"text": Read("column", at, given)}, batch, at).scan(own).words.to_pylist() == [3, 1]


@pytest.mark.parametrize(
    "field",
    ["bytes", "characters", "words", "lines", "paragraphs", "sentences", "alphabetic", "word_hashes", "line_hashes", "line_marks", "token_lengths"],
)
@pytest.mark.parametrize("rows", [[0, 1, 2], [1, 3], [4], []])
def test_what_is_taken_equals_what_is_counted(field, rows):
    whole, some = TextScan(pa.array(["before", *TEXTS]).slice(1)), pa.array([TEXTS[i] for i in rows], pa.string())
    taken = TextScan(some, Behind(whole, np.array(rows, np.int64), asks=True))
    assert getattr(taken, field).to_pylist() == getattr(TextScan(some), field).to_pylist()


def test_after_two_steps_that_drop_rows_counts_are_taken_from_the_first(made):
    scans, at = Scans(), np.arange(5)
    lent(scans, TEXTS, at, at).words  # noqa: B018
    for left in (np.array([0, 2, 3, 4]), np.array([0, 3])):
        scan = lent(scans, [TEXTS[i] for i in left], left, left)
    assert scan.words.to_pylist() == [3, 5]
    assert made == [5]
