"""Words, n-grams, sketch bands and overlaps: compiled and in numpy they are the same."""

import random
import unicodedata
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


def test_every_character_is_known_by_itself():
    table = shingles._table(shingles.HIGHEST)
    for point in range(0, shingles.HIGHEST, 3):
        one = chr(point)
        assert table[point] & (shingles.ALONE - 1) == (ord(one.lower()[0]) if one.isalnum() or unicodedata.category(one)[0] == "M" else 0)
    assert table[0x130] == ord("i")


def edges():
    """Words, signs and wide characters before, on and behind the edges of what is looked at together, and up to the end of all bytes."""
    for middle in (" ", ". ", "x", "é", "’s", "漢", "漢 x", "😀", "\u0301y", "\0", "_", "İK"):
        for size in (0, 1, 7, 8, 14, 15, 16, 17, 31, 32, 33, 60, 61, 62, 63, 64, 65, 79, 80, 81, 127, 128, 129):
            yield "a" * size + middle + "b" * (size % 19)
            yield "Ab1 " * (size // 4) + "z" * (size % 4) + middle + "End"
    yield from ("Q" * size for size in range(140))
    yield "".join(map(chr, range(128))) * 3


@pytest.mark.parametrize("step", [1, 7, 400])
def test_words_at_the_edges_are_the_same(monkeypatch, step):
    texts = list(edges())
    for start in range(0, len(texts), step if step > 1 else 5):  # each call another end of all bytes
        given = pa.array(texts[start : start + step])
        fast, slow = both(monkeypatch, lambda given=given: words(given))
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


def test_a_value_that_looks_like_a_free_slot_counts(monkeypatch):
    own = Grams(np.array([0, 1, 2, 0, 16, 1, 1, 2], np.uint64), np.array([0, 3, 5, 6, 8, 8]))
    ones, others = (np.array(side) for side in zip(*((one, other) for one in range(5) for other in range(5)), strict=True))
    fast, slow = both(monkeypatch, lambda: jaccards(own, ones, others))
    assert fast.tolist() == slow.tolist()


def test_similarities_are_the_same(monkeypatch):
    draw = random.Random(3)
    texts = nasty.families(6)
    ones, others = (np.array([draw.randrange(len(texts)) for _ in range(300)]) for _ in range(2))
    own = distinct(pa.array([*texts, ""]), 2)
    fast, slow = both(monkeypatch, lambda: jaccards(own, ones, others))
    assert fast.tolist() == slow.tolist()
    assert 0 < np.mean(fast) < max(fast) == 1
