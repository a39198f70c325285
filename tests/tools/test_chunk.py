"""Pieces of a text are parts of it, in order, of the length asked for, and without their overlap they are the text."""

from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tools.expand.chunk import Chunk
from tools.headings import sections
from tools.scan import TextScan
from workflows.nasty import PROSE, TEXTS

PARTS = [
    "a",
    "bc",
    ". ",
    "! ",
    " ",
    "\n",
    "\n\n",
    "# ",
    "\n## x\n",
    "\nT\n===\n",
    "```\n",
    "日本",
    "。",
    "é",
    "e\u0301",
    "\U0001f469\u200d\U0001f467",
    "\u3000",
    "\r\n",
]
WRITTEN = st.lists(st.sampled_from(PARTS), max_size=30).map("".join) | st.sampled_from([*TEXTS[:-3], *PROSE])
BOUNDARIES = st.sampled_from(["word", "sentence", "paragraph"])
UNITS = st.sampled_from(["words", "characters", "lines", "sentences", "paragraphs", "tokens"])


def made(text, **params):
    params |= {"tokenizer": "bytes"} if "tokens" in params else {}
    columns, parents = Chunk(**params, places=True).expand(pa.record_batch({"text": pa.array([text])}), None)
    assert columns["chunk"].to_pylist() == list(range(len(parents)))
    assert parents.to_pylist() == [[0]] * len(parents)
    pieces = [(text[start:stop], start, stop) for start, stop in zip(columns["start"].to_pylist(), columns["stop"].to_pylist(), strict=True)]
    assert columns["text"].to_pylist() == [piece for piece, _, _ in pieces]
    return pieces


def words_in(text):
    return TextScan(pa.array([text])).words[0].as_py()


@settings(max_examples=60)
@given(WRITTEN, UNITS, st.integers(1, 9), st.integers(0, 8), BOUNDARIES, st.booleans())
def test_without_their_overlap_pieces_are_the_text_byte_for_byte(text, unit, most, overlap, at, headings):
    pieces = made(text, **{unit: most}, overlap=min(overlap, most - 1), at=at, headings=headings)
    done, whole = 0, b""
    for piece, start, stop in pieces:
        assert start <= done < stop  # nothing is left out, and something is new
        whole += piece[done - start :].encode()
        done = stop
    assert whole == (text.encode() if text.strip() else b"")


@settings(max_examples=50)
@given(WRITTEN, st.integers(1, 9), st.integers(0, 8), BOUNDARIES)
def test_pieces_are_no_longer_than_asked_and_share_what_was_asked(text, most, overlap, at):
    overlap = min(overlap, most - 1)
    words = made(text, words=most, overlap=overlap, at=at)
    assert all(1 <= words_in(piece) <= most for piece, _, _ in words)
    assert all(words_in(text[start:stop]) == overlap for (_, _, stop), (_, start, _) in pairwise(words))
    characters = made(text, characters=most, overlap=overlap, at=at)
    assert all(1 <= len(piece) <= most for piece, _, _ in characters)
    assert all(stop - start == overlap for (_, _, stop), (_, start, _) in pairwise(characters))
    for piece, _, _ in made(text, tokens=most, overlap=overlap, at=at):
        assert len(piece.encode()) <= most or len(piece) == 1


@settings(max_examples=40)
@given(WRITTEN)
def test_no_word_is_cut_between_pieces_of_words(text):
    assert sum(words_in(piece) for piece, _, _ in made(text, words=3)) == words_in(text)


@settings(max_examples=40)
@given(st.lists(WRITTEN, max_size=4), UNITS, st.integers(1, 9), BOUNDARIES, st.booleans())
def test_texts_beside_it_do_not_matter(texts, unit, most, at, headings):
    params = {unit: most, "at": at, "headings": headings} | ({"tokenizer": "bytes"} if unit == "tokens" else {})
    together = Chunk(**params).expand(pa.record_batch({"text": pa.array(texts, pa.string())}), None)[0]["text"].to_pylist()
    alone = [piece for text in texts for piece, _, _ in made(text, **{unit: most}, at=at, headings=headings)]
    assert together == alone


@pytest.mark.parametrize(
    ("params", "text", "wanted"),
    [
        ({"words": 2}, "  a b\n c", ["  a b\n ", "c"]),
        ({"words": 6, "at": "sentence"}, "One two three. Four five. Six seven eight.", ["One two three. Four five. ", "Six seven eight."]),
        ({"words": 6, "at": "sentence"}, "One. Two three four five six seven eight", ["One. Two three four five six ", "seven eight"]),
        ({"words": 6, "at": "sentence"}, "One two three, says Dr. Who. Well well.", ["One two three, says Dr. Who. ", "Well well."]),
        ({"words": 6, "at": "paragraph"}, "a b c d\n\nE f. G h", ["a b c d\n\n", "E f. G h"]),
        ({"words": 6, "at": "paragraph"}, "a b c d. E f g h", ["a b c d. ", "E f g h"]),
        ({"words": 3}, "日本語 text です", ["日本語 ", "text です"]),
        ({"characters": 8}, "one two three", ["one two ", "three"]),
        ({"characters": 4}, "abcdefghij", ["abcd", "efgh", "ij"]),
        ({"characters": 4, "overlap": 1}, "abcdefghij", ["abcd", "defg", "ghij"]),
        ({"characters": 6}, "word  \n\n\n\n\n\n", ["word  ", "\n\n\n\n\n\n"]),
        ({"sentences": 2}, "A b. C d! E f? G", ["A b. C d! ", "E f? G"]),
        ({"sentences": 2, "overlap": 1}, "A b. C d! E f?", ["A b. C d! ", "C d! E f?"]),
        ({"lines": 1}, "a\r\nb\rc\n\nd", ["a\r\n", "b\r", "c\n", "\n", "d"]),
        ({"paragraphs": 1}, "a\nb\n \n\nc\n\n\nd", ["a\nb\n \n\n", "c\n\n\n", "d"]),
        ({"tokens": 4}, "日本", ["日", "本"]),
        ({"headings": True, "words": 3}, "# A\none two three\n## B\nfour", ["# A\none ", "two three\n", "## B\nfour"]),
        ({"headings": True, "deepest": 1}, "\n# A\none\n## B\nfour", ["\n# A\none\n## B\nfour"]),
    ],
)
def test_cuts_fall_where_asked(params, text, wanted):
    assert [piece for piece, _, _ in made(text, **params)] == wanted


def test_headings_are_told_from_what_looks_like_them():
    text = "---\ntitle: x\n---\nIntro\n\nTitle\n=====\n\n#tag\n\n```sh\n# no heading\n```\n\n### Deep ###\n\n"
    text += "<h2 id='a'>The <b>bold</b> one</h2>\n- a\n---\n"
    assert [section.path for section in sections(text, 6)] == ["", "Title", "Title > Deep", "Title > The bold one"]
    assert [section.path for section in sections("# A\n## B\n# C\n### D\n## E\n", 6)] == ["A", "A > B", "C", "C > D", "C > E"]


def test_a_tokenizer_decides_what_tokens_are(tmp_path):
    from tokenizers import Tokenizer, models, pre_tokenizers

    cutter = Tokenizer(models.WordLevel({"un": 0, "[UNK]": 1}, unk_token="[UNK]"))
    cutter.pre_tokenizer = pre_tokenizers.Split("-", "isolated")
    cutter.save(str(tmp_path / "tokenizer.json"))
    operator = Chunk(tokens=2, tokenizer=str(tmp_path / "tokenizer.json"))
    pieces = operator.expand(pa.record_batch({"text": pa.array(["é-un-日-x"])}), None)[0]["text"].to_pylist()
    assert pieces == ["é-", "un-", "日-", "x"]
    cutter.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    cutter.save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(ValidationError, match="take `digest` out"):
        Chunk(**operator.model_dump())


@pytest.mark.parametrize(
    ("params", "mend"),
    [
        ({}, "exactly one"),
        ({"words": 2, "characters": 2}, "exactly one"),
        ({"words": 2, "overlap": 2}, "make it smaller"),
        ({"words": 0}, "greater than or equal"),
        ({"tokens": 5}, "go together"),
        ({"tokens": 5, "tokenizer": "none.json"}, "cannot be read"),
        ({"headings": True, "overlap": 1}, "no room"),
    ],
)
def test_measures_that_make_no_sense_are_refused(params, mend):
    with pytest.raises(ValidationError, match=mend):
        Chunk(**params)
