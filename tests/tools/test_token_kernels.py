"""Tokens cut by compiled code are those of the slower path: where 32 bytes end, where the buffer ends, and for chunks that were seen before."""

import random

import numpy as np
import pyarrow as pa
import pytest

from tools import tokens
from tools.kernels import compiled
from tools.token_hash import token_hash

SIGNS = list(".,;:!?)\"'([{<>=-+*/^~#@$%&_|\\`}]")
BLANKS = ["\n", "\r\n", "\t", "  ", " \n", "\x1c", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u3000", "\n    "]
WORDS = [
    "the",
    "of",
    "with",
    "a",
    "I",
    "U",
    "WORLD",
    "don’t",
    "é",
    "你好",
    "😀",
    "ß",
    "°C",
    "http://",
    "www.",
    "x.com",
    "@",
    "3.5",
    "10",
    "US$",
    "…",
    "—",
]


@pytest.fixture(autouse=True)
def compiled_at_once(monkeypatch):
    monkeypatch.setenv("WINNOW_KERNELS", "on")


def same(texts: list[str]) -> bool:
    given = pa.array(["cut off", *texts], pa.string()).slice(1)
    assert compiled("tokens", 1) is not None
    return all(np.array_equal(one, other) for one, other in zip(tokens._scan(given), tokens.scan(given), strict=True))


@pytest.mark.parametrize("behind", ["", " ", " and much more that is read with it, but stands behind it", "letters"])
def test_words_of_every_length_at_every_place(behind):
    for sign in ("", ".", ",", ")", "-", "..", ".,", "…", "\x07", "\x00", "'s", "1"):
        assert same([text for size in range(70) for text in ("x" * size + sign, "X" * size + sign, " " * (size % 34) + "ab" + sign, behind)]), sign


def test_what_is_known_of_words_is_known_of_all_of_them():
    words = [*tokens.exceptions(), *tokens.units(), *tokens.STOP_WORDS]
    letters = [chr(code) for code in range(33, 127)]
    for sign in ("", ".", ",", "'", ")", ":"):
        assert same([" ".join(word + sign for word in [*words, *letters]) + " " * 40])


def test_chunks_that_were_seen_before_are_laid_out_again():
    chunks = ["(" + "-a" * size + ")" for size in range(12)] + ["x_1", "a/b", "(((", "1,000", "10a.m.ß", "don’t", "y" * 40 + "-z"]
    assert same([" ".join(chunks * 3), "\n".join(chunks)])


def test_a_token_may_be_longer_than_a_remembered_one():
    long = "(" + "x" * 70_000 + "_1)"
    assert same([f"{long} {long} {long}"])


@pytest.mark.parametrize("seed", range(8))
def test_any_mixture_is_cut_the_same(seed):
    draw = random.Random(seed)
    parts = [*tokens.exceptions(), *tokens.units(), *[" "] * 300, *BLANKS * 12, *SIGNS * 10, *WORDS * 15, "\x00", "k" * 16, "k" * 17, "k" * 33]
    for _ in range(20):
        assert same(["".join(draw.choices(parts, k=draw.randrange(60))) for _ in range(draw.randrange(40))])


def test_the_hash_of_a_token_is_the_same():
    texts = ["q" * size for size in range(1, 70)]
    assert [int(tokens.scan(pa.array([text])).hashes[0]) for text in texts] == [token_hash(text.encode()) for text in texts]
    assert len({token_hash(b"\0" * size) for size in range(64)}) == 64
