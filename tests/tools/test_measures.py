"""Measures of texts, beyond the examples on their cards."""

import socket

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from real_data import rows

from tools.measures.is_empty import IsEmpty
from tools.measures.language import CODES, NAMES, Language
from tools.measures.matches import Matches
from tools.measures.repetition import DuplicateLineShare
from tools.measures.shape import AlphabeticShare, MeanWordLength
from tools.measures.stop_words import LISTS, StopWords
from tools.scan import TextScan


class Desk:
    def scan(self, texts: pa.Array) -> TextScan:
        return TextScan(texts)


def measured(operator, texts, column=None):
    columns = operator.measure(pa.record_batch({"text": pa.array(texts, pa.string())}), Desk())
    return columns[column or next(iter(columns))].to_pylist()


@given(st.lists(st.text(st.sampled_from("ab \n\r\té."), max_size=20), max_size=5))
def test_shares_agree_with_their_definitions(texts):
    lines = [[line.strip() for line in text.replace("\r", "\n").split("\n") if line.strip()] for text in texts]
    repeated = [(len(found) - len(set(found))) / max(len(found), 1) for found in lines]
    assert measured(DuplicateLineShare(), texts) == repeated
    solid = ["".join(text.split()) for text in texts]
    assert measured(AlphabeticShare(), texts) == [sum(map(str.isalpha, text)) / max(len(text), 1) for text in solid]
    assert measured(MeanWordLength(), texts) == [len(bare) / max(len(text.split()), 1) for text, bare in zip(texts, solid, strict=True)]


@pytest.mark.parametrize(
    ("pattern", "text", "count"),
    [
        ("^a", "aaa", 1),
        (r"\bfoo", "foofoo foo", 2),
        ("(?m)^", "a\nb", 2),
        ("a$", "aba", 1),
        ("a.b", "a\nb", 0),
        ("(?s)a.b", "a\nb", 1),
        ("é|日", "é日é", 3),
        ("\x00", "a\x00b", 1),
    ],
)
def test_matches_counts_as_a_person_would(pattern, text, count):
    assert measured(Matches(pattern=pattern), [text]) == [count]


def test_matches_may_ignore_case():
    assert measured(Matches(pattern="É|straße", ignore_case=True), ["é STRASSE Straße"]) == [2]


@pytest.mark.parametrize(
    ("pattern", "mend"),
    [
        ("a(?=b)", "no look-ahead"),
        (r"(a)\1", "no back-references"),
        ("(", r"write a literal bracket as \\\("),
        ("a{1001}", "at most 1000"),
        (r"\C", "single bytes"),
        ("", "at least 1 character"),
    ],
)
def test_a_pattern_that_is_no_re2_is_refused_with_the_mend(pattern, mend):
    with pytest.raises(ValidationError, match=mend):
        Matches(pattern=pattern)


def test_bounds_in_the_wrong_order_are_refused():
    with pytest.raises(ValidationError, match="at_least=3 is above at_most=2"):
        Matches(pattern="a", at_least=3, at_most=2)


def test_is_empty_knows_every_kind_of_white_space():
    assert measured(IsEmpty(), [None, "", " \t\n\u3000\u2028\x85", "\u200b", "a"]) == [True, True, True, False, False]


@pytest.mark.parametrize("language", LISTS)
def test_prose_of_a_language_has_many_of_its_stop_words(language):
    texts = {
        "en": "The house that we saw was on the other side of the river, and it was not for sale.",
        "de": "Das Haus, das wir sahen, stand auf der anderen Seite des Flusses und war nicht zu verkaufen.",
        "fr": "La maison que nous avons vue était de l'autre côté de la rivière et elle n'est pas à vendre.",
        "es": "La casa que vimos estaba al otro lado del río y no se vende porque es de su familia.",
        "it": "La casa che abbiamo visto era dall'altra parte del fiume e non è in vendita per ora.",
        "pt": "A casa que vimos estava do outro lado do rio e não está à venda porque é da família.",
        "nl": "Het huis dat we zagen stond aan de andere kant van de rivier en was niet te koop.",
    }
    shares = dict(zip(texts, measured(StopWords(language=language), list(texts.values()), "stop_word_share"), strict=True))
    assert max(shares, key=lambda code: shares[code]) == language
    assert shares[language] >= 0.4


def test_language_needs_no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("no network")

    monkeypatch.setattr(socket, "socket", refuse)
    assert measured(Language(), ["Il fait beau aujourd'hui."]) == ["fr"]


def test_language_is_und_without_letters_and_calm_about_shouting():
    texts = ["", " \n", "123 + 456 = 579", "😀😀", "THE WEATHER IS NICE TODAY AND WE GO OUT"]
    assert measured(Language(), texts) == ["und", "und", "und", "und", "en"]
    assert measured(Language(), texts, "confidence")[:4] == [0.0] * 4


def test_the_middle_of_a_long_text_counts():
    assert measured(Language(), ["menu | home | login\n" + "Das Haus steht seit vielen Jahren am Rand der Stadt. " * 50]) == ["de"]


@pytest.mark.parametrize(("code", "mend"), [("English", "write 'en'"), ("deu", "did you mean"), ("", "ISO 639-1")])
def test_an_unknown_language_is_refused_with_the_mend(code, mend):
    with pytest.raises(ValidationError, match=mend):
        Language(languages=(code,))


def test_rare_languages_need_the_careful_way():
    with pytest.raises(ValidationError, match="add `careful: true`"):
        Language(languages=("zu",))


def test_what_is_unsure_is_asked_again():
    pytest.importorskip("lingua", reason="the extra `languages` is not installed")
    wanted = {"zu", "xh", "st", "tn", "so", "mi"}
    sentences = [row for row in rows("langid/lingua_testdata.jsonl.zst")[::25] if row["lang"] in wanted]
    texts, told = [row["text"] for row in sentences], [row["lang"] for row in sentences]
    fast, careful = (measured(Language(careful=how), texts) for how in (False, True))
    assert sum(map(str.__eq__, careful, told)) >= 0.9 * len(told) > 5 * sum(map(str.__eq__, fast, told))
    assert measured(Language(careful=True), ["Das Wetter ist heute schön.", ""]) == ["de", "und"]


def test_known_codes_are_those_of_the_model():
    from tools.measures.language import _model

    labels = {label.removeprefix("__label__") for _, label in _model().predict("hello\n", 500, -1.0, "strict")}
    assert labels == CODES
    assert set(NAMES.values()) <= CODES


def test_paragraphs_of_twelve_languages_are_told_apart():
    paragraphs = rows("multilingual/xquad_paragraphs.jsonl.zst")[::4]
    found = measured(Language(), [row["text"] for row in paragraphs])
    assert sum(code == row["lang"] for code, row in zip(found, paragraphs, strict=True)) >= 0.995 * len(paragraphs)


def test_sentences_of_large_languages_are_told_apart():
    large = {
        "ar",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "fi",
        "fr",
        "hi",
        "hu",
        "it",
        "ja",
        "ko",
        "nl",
        "pl",
        "pt",
        "ru",
        "sv",
        "th",
        "tr",
        "uk",
        "vi",
        "zh",
    }
    sentences = [row for row in rows("langid/lingua_testdata.jsonl.zst")[::10] if row["lang"] in large]
    found = measured(Language(), [row["text"] for row in sentences])
    assert sum(code == row["lang"] for code, row in zip(found, sentences, strict=True)) >= 0.97 * len(sentences)
