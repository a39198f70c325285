"""Rules of gopher_quality and c4_quality; symbol_word_ratio, line_end_punctuation_share, contains_words, normalise_unicode against plain Python."""

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from real_data import rows

from tools.measures.c4 import C4Quality
from tools.measures.contains_words import AT_ONCE, ContainsWords
from tools.measures.gopher import GopherQuality
from tools.measures.lines import LineEndPunctuationShare
from tools.measures.symbols import SymbolWordRatio
from tools.rewrites.normalise_unicode import NormaliseUnicode
from tools.scan import TextScan


class Desk:
    def scan(self, texts: pa.Array) -> TextScan:
        return TextScan(texts)


def measured(operator, texts):
    columns = operator.measure(pa.record_batch({"text": pa.array(texts, pa.string())}), Desk())
    return {name: column.to_pylist() for name, column in columns.items()}


def test_an_open_bound_decides_nothing():
    names = dict.fromkeys(GopherQuality.model_fields)
    assert GopherQuality(**names).rule() == ()
    assert [rule.measure for rule in GopherQuality().rule()] == list(GopherQuality.card.adds)
    assert C4Quality(curly_brackets_at_most=None).rule()[1].measure == "sentences"
    assert GopherQuality(words_at_least=9).undecided() == GopherQuality()


def test_prose_passes_and_menus_do_not():
    texts = [row["text"] for row in rows("multilingual/xquad_paragraphs.jsonl.zst") if row["lang"] == "en"]
    for operator, least in ((GopherQuality(words_at_least=10), 0.88), (C4Quality(sentences_at_least=1), 0.94)):
        columns = operator.measure(pa.record_batch({"text": pa.array(texts)}), Desk())
        verdicts = [clause.holds(columns[clause.measure]).to_pylist() for clause in operator.rule()]
        assert sum(map(all, zip(*verdicts, strict=True))) >= least * len(texts)


def test_symbols_of_either_kind_count_by_themselves():
    assert measured(SymbolWordRatio(), ["# # a ...", "a… b… c #d"])["symbol_word_ratio"] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("He said “no.”", 1.0),
        ("a.\r\nb\r\n\r\nc!  \r\n", 2 / 3),
        ("a (b.)", 1.0),
        ("price: 5", 0.0),
        ("...", 1.0),
        ("\n \n", 0.0),
        ("क्या।\nہاں۔", 1.0),
    ],
)
def test_lines_that_end_as_sentences(text, share):
    assert measured(LineEndPunctuationShare(), [text])["line_end_punctuation_share"] == [pytest.approx(share)]


LISTED = ("art", "new york", "C++", "ÉTÉ", "don't")


@given(st.lists(st.sampled_from(["art", "Art", "party", "new", "york", "été", "C++", "don't", "don", "-", ",", "\n", "__"]), max_size=10))
def test_whole_words_are_counted_as_a_person_would(pieces):
    text = " ".join(pieces)
    patterns = [r"(?<!\w)art(?!\w)", r"(?<!\w)new\s+york(?!\w)", r"(?<!\w)c\+\+", r"(?<!\w)été(?!\w)", r"(?<!\w)don't(?!\w)"]
    wanted = sum(len(re.findall(pattern, text, re.I)) for pattern in patterns)
    assert measured(ContainsWords(words=LISTED), [text, "no such thing"])["listed_words"] == [wanted, 0]


def test_words_side_by_side_and_long_lists_count():
    words = tuple(f"word{number}" for number in range(3 * AT_ONCE))
    assert measured(ContainsWords(words=words), [" ".join(words), "word1word2", "word1-word2 WORD1"])["listed_words"] == [3 * AT_ONCE, 0, 3]
    assert measured(ContainsWords(words=("a", "a b")), ["a b a", "e\u0301a a\u0301 a"])["listed_words"] == [2, 1]


@pytest.mark.parametrize("words", [(), ("",), ("a", " "), ("a\x02",)])
def test_a_list_without_words_is_refused(words):
    with pytest.raises(ValidationError):
        ContainsWords(words=words)


@given(st.lists(st.text(max_size=10), min_size=1, max_size=4), st.sampled_from(["NFC", "NFKC", "NFD", "NFKD"]))
def test_normal_forms_are_those_of_unicode(texts, form):
    found = NormaliseUnicode(form=form).rewrite(pa.record_batch({"text": pa.array(texts)}), Desk())["text"]
    assert found.to_pylist() == [unicodedata.normalize(form, text) for text in texts]


def test_normal_forms_agree_with_those_of_arrow():
    texts = [row["text"] for row in rows("multilingual/xquad_paragraphs.jsonl.zst")[::9]]
    for form in ("NFC", "NFKC", "NFD", "NFKD"):
        found = NormaliseUnicode(form=form).rewrite(pa.record_batch({"text": pa.array(texts)}), Desk())["text"]
        assert found.equals(pc.utf8_normalize(pa.array(texts), form))
