"""Shares of repeated n-grams: compiled and in numpy they are the same."""

import random

import numpy as np
import pytest

from tools import ngrams
from tools.kernels import compiled

MOST = 10


def texts():
    """Tokens by number: few and many different ones, in no order, in rounds, and around one that stands before ever others."""
    draw = random.Random(7)
    for kinds in (1, 2, 3, 10, 1000):
        for size in (0, 1, 2, 3, 9, 10, 11, 31, 32, 33, 64, 65, 700):
            yield [draw.randrange(kinds) for _ in range(size)]
    yield list(range(3000))
    yield [place % 7 for place in range(500)]
    yield [token for turn in range(400) for token in (1, 2, 3 + turn // 2)]
    yield [token for turn in range(400) for token in (1, 2, 3 + turn % 200, 900 + turn % 3)]
    once = [draw.randrange(50) for _ in range(300)]
    yield once * 3 + once[:20] + once[10:]


def test_repeats_are_the_same(monkeypatch):
    pytest.importorskip("numba")
    monkeypatch.setenv("WINNOW_KERNELS", "on")
    draw, given = np.random.default_rng(5), list(texts())
    names, sizes = draw.integers(0, 1 << 64, 3000, np.uint64), draw.integers(1, 12, 3000).astype(np.int32)
    rows = np.cumsum([0, *map(len, given)]).astype(np.int32)
    flat = np.array([token for text in given for token in text])
    fast = compiled("ngrams", 1)
    assert fast is not None
    for most in range(ngrams.LEAST, MOST + 1):
        found = fast.repeats(rows, names[flat], sizes[flat], most)
        assert found.tolist() == ngrams._repeats(rows, names[flat], sizes[flat], most).tolist()
    assert 0 < np.count_nonzero(found[-1]) < len(given)
