"""Pieces of a text are parts of it, in order, of the length asked for, and nothing is lost."""

from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tools.expand.chunk import Chunk
from tools.scan import TextScan

TEXTS = st.text(st.sampled_from("ab.! \n日本。é"), max_size=60)
BOUNDARIES = st.sampled_from(["word", "sentence", "paragraph"])


def pieces_of(operator, text):
    columns, parents = operator.expand(pa.record_batch({"text": pa.array([text])}), None)
    assert columns["chunk"].to_pylist() == list(range(len(parents)))
    assert parents.to_pylist() == [[0]] * len(parents)
    return columns["text"].to_pylist()


def words_in(text):
    return TextScan(pa.array([text])).words[0].as_py()


@given(TEXTS, st.integers(1, 9), BOUNDARIES)
def test_pieces_make_up_the_text(text, most, at):
    pieces = pieces_of(Chunk(words=most, at=at), text)
    assert "".join(pieces) == (text if text.strip() else "")
    assert all(1 <= words_in(piece) <= most for piece in pieces)
    assert sum(words_in(piece) for piece in pieces) == words_in(text)  # none was cut
    lengths = [len(piece) for piece in pieces_of(Chunk(characters=most, at=at), text)]
    assert all(length <= most for length in lengths)


@given(TEXTS, st.integers(1, 9), st.integers(0, 8), BOUNDARIES)
def test_without_their_overlap_pieces_make_up_the_text(text, most, overlap, at):
    overlap = min(overlap, most - 1)
    spans = Chunk(words=most, overlap=overlap, at=at).spans(text)
    for (_, stop), (start, after) in pairwise(spans):
        assert start <= stop < after
        assert words_in(text[start:stop]) == overlap
    rest = text
    for start, stop in reversed(Chunk(characters=most, overlap=overlap, at=at).spans(text)):
        assert not text[stop : len(rest)].strip()  # only white space may be left out
        rest = text[: start + overlap if start else 0]
    assert not rest.strip()


@pytest.mark.parametrize(
    ("params", "text", "wanted"),
    [
        ({"words": 2}, "  a b\n c", ["  a b\n ", "c"]),
        ({"words": 6, "at": "sentence"}, "One two three. Four five. Six seven eight.", ["One two three. Four five. ", "Six seven eight."]),
        ({"words": 6, "at": "sentence"}, "One. Two three four five six seven eight", ["One. Two three four five six ", "seven eight"]),
        ({"words": 6, "at": "paragraph"}, "a b c d\n\ne f. g h", ["a b c d\n\n", "e f. g h"]),
        ({"words": 6, "at": "paragraph"}, "a b c d. e f g h", ["a b c d. ", "e f g h"]),
        ({"words": 3}, "日本語 text です", ["日本語 ", "text です"]),
        ({"characters": 8}, "one two three", ["one two ", "three"]),
        ({"characters": 4}, "abcdefghij", ["abcd", "efgh", "ij"]),
        ({"characters": 4, "overlap": 1}, "abcdefghij", ["abcd", "defg", "ghij"]),
        ({"characters": 6}, "word  \n\n\n\n\n\n", ["word  "]),
    ],
)
def test_cuts_fall_where_asked(params, text, wanted):
    assert pieces_of(Chunk(**params), text) == wanted


@pytest.mark.parametrize(
    ("params", "mend"),
    [
        ({}, "exactly one"),
        ({"words": 2, "characters": 2}, "exactly one"),
        ({"words": 2, "overlap": 2}, "make it smaller"),
        ({"words": 0}, "greater than or equal"),
    ],
)
def test_measures_that_make_no_sense_are_refused(params, mend):
    with pytest.raises(ValidationError, match=mend):
        Chunk(**params)
