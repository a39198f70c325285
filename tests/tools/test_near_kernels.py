"""Words, n-grams, sketch bands and overlaps: compiled and in numpy they are the same."""

import random
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from tools.dedupe import shingles
from tools.dedupe.exact import plain
from tools.dedupe.minhash import jaccards
from tools.dedupe.shingles import Grams, distinct, words
from tools.dedupe.sketch import text_bands
from workflows import nasty

NASTY = [*nasty.TEXTS, *nasty.PROSE, "", "x", "one two", "a漢b字c かな", "word " * 3000, "漢字" * 900, "a\r\nb\u2028c", nasty.long_line(1 << 20)]


def both(monkeypatch: pytest.MonkeyPatch, work):
    """What the work gives compiled, and without."""
    pytest.importorskip("numba")
    found = []
    for mode in ("on", "off"):
        monkeypatch.setenv("WINNOW_KERNELS", mode)
        found.append(work())
    return found


def sets(own: Grams) -> list[list[int]]:
    return [sorted(own.hashes[one:two].tolist()) for one, two in zip(own.offsets[:-1], own.offsets[1:], strict=True)]


def test_words_are_the_same(monkeypatch):
    fast, slow = both(monkeypatch, lambda: words(pa.array(NASTY)))
    assert fast.hashes.tolist() == slow.hashes.tolist()
    assert fast.offsets.tolist() == slow.offsets.tolist()


def test_characters_met_one_by_one_are_those_of_the_table(monkeypatch):
    monkeypatch.setattr(shingles, "_met_so_far", cache(lambda: np.full(shingles.HIGHEST, shingles.UNMET, np.uint32)))
    whole, points = shingles.characters(np.array([0xFF], np.uint8)), np.random.default_rng(1).permutation(0x110000).astype(np.uint32)
    for some in np.array_split(points, 50):
        assert (shingles._met(some) == whole[np.minimum(some, len(whole) - 1)]).all()
    assert (shingles._met(np.arange(128, dtype=np.uint8)) == whole[:128]).all()


@pytest.mark.parametrize("n", [1, 5, 32])
def test_distinct_ngrams_are_the_same(monkeypatch, n):
    fast, slow = both(monkeypatch, lambda: distinct(pa.array(NASTY), n))
    assert sets(fast) == sets(slow)


@pytest.mark.parametrize(("n", "count", "size"), [(5, 32, 8), (1, 256, 1), (3, 17, 15)])
def test_bands_are_the_same(monkeypatch, n, count, size):
    fast, slow = both(monkeypatch, lambda: text_bands(pa.array(NASTY), n, count, size))
    assert fast.equals(slow)
    assert [len(one) for one in fast[:3].to_pylist()] == [0, 0, 0]  # no words, no bands


def test_a_slice_has_the_bands_of_its_rows(monkeypatch):
    texts = pa.array(NASTY)
    fast, slow = both(monkeypatch, lambda: text_bands(texts.slice(3, 9), 5, 32, 8))
    assert fast.to_pylist() == slow.to_pylist() == text_bands(texts, 5, 32, 8).to_pylist()[3:12]


def test_plain_texts_are_the_same_for_every_character(monkeypatch):
    points = [point for point in range(0x20000) if not 0xD800 <= point < 0xE000]
    every = ["".join(map(chr, points[start : start + 97])) for start in range(0, len(points), 97)]
    texts = pa.array([*NASTY, *every, "\u2003 A \x1c\tB\x85", "\u023a" * 50])
    for given in (texts, texts.slice(2, 40)):
        fast, slow = both(monkeypatch, lambda given=given: plain(given))
        assert fast.to_pylist() == slow.to_pylist()


def test_similarities_are_the_same(monkeypatch):
    draw = random.Random(3)
    texts = nasty.families(6)
    ones, others = (np.array([draw.randrange(len(texts)) for _ in range(300)]) for _ in range(2))
    own = distinct(pa.array([*texts, ""]), 2)
    fast, slow = both(monkeypatch, lambda: jaccards(own, ones, others))
    assert fast.tolist() == slow.tolist()
    assert 0 < np.mean(fast) < max(fast) == 1
