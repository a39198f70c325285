"""Every measure against its plain meaning in plain_measures.py: on nasty text, and on real texts."""

import unicodedata
from collections import Counter
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_measures import PLAIN
from pydantic import ValidationError
from real_data import rows

from tools.catalogue import operator
from tools.scan import TextScan

PIECES = [
    "the ",
    "Shit ",
    "damn, ",
    "{",
    "a{b}",
    "- ",
    "• x",
    "...",
    "…",
    "\n",
    "\r\n",
    "\n\n",
    "\r",
    "\u2028",
    "\x00",
    "\x85",
    "\x1c",
    "\xa0",
    "12 ",
    "٣",
    "½",
]
PIECES += [
    "é",
    "e\u0301",
    "ß",
    "数据",
    "かな",
    "서울",
    "〇",
    "नमस्ते",
    "שלום",
    "ไทย",
    "Привет",
    "😀",
    "👩‍👩‍👧",
    "\ufffd",
    "schÃ¶n",
    "itâ€™s",
    "https://a.b/c?d ",
    "www.x ",
]
PIECES += [
    "<b>",
    "</p>",
    "<!-- x -->",
    "a < b",
    "lorem Ipsum",
    "JavaScript",
    "we use Cookies",
    "Privacy policy",
    "[1, 2]",
    '{"a": 1}',
    "null",
    '"x"',
    "made ",
    "little ",
    "called ",
]
KNOWN = st.characters(exclude_categories=["Cs", "Cn"])  # RE2 may know later characters than Python
NASTY = st.lists(st.one_of(st.sampled_from(PIECES), st.text(KNOWN, max_size=3)), max_size=14).map("".join)
CASES = [pytest.param(name, params, plain, id=f"{name}{params or ''}") for name, params, plain in PLAIN]


class Desk:
    def scan(self, texts: pa.Array) -> TextScan:
        return TextScan(texts)


def measured(name, params, texts):
    made = operator(name)(**params)
    (read,) = made.card.reads
    whole = pa.array(["left out", *texts, "left out"], pa.string())
    columns = made.measure(pa.record_batch({read: whole.slice(1, len(texts))}), Desk())  # a slice: its offsets do not begin at zero
    return next(iter(columns.values())).to_pylist()


def differing(name, params, plain, texts):
    """Texts for which the measure and its plain meaning differ, with both."""
    return [
        (text, found, wanted)
        for text, found in zip(texts, measured(name, params, texts), strict=True)
        if found != (wanted := plain(text)) and (isinstance(wanted, str) or found != pytest.approx(wanted, rel=1e-9, abs=1e-9))
    ]


@given(st.lists(NASTY, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_nasty_texts_measure_as_they_should(texts):
    for name, params, plain in PLAIN:
        assert differing(name, params, plain, texts) == [], name


@cache
def real_texts():
    texts = [row["text"] for row in rows("multilingual/xquad_paragraphs.jsonl.zst")[::80]]
    texts += [row["text"] for place in ("llamafactory_demos/c4_demo.jsonl.zst", "raw_text/docs_react_zh.jsonl.zst") for row in rows(place, 15)]
    return [text[:2500] for text in (*texts, *(row["html"] for row in rows("web_html/trafilatura_eval.jsonl.zst", 8)))]


@pytest.mark.parametrize(("name", "params", "plain"), CASES)
def test_real_texts_measure_as_they_should(name, params, plain):
    assert differing(name, params, plain, real_texts()) == []


@given(st.text(st.sampled_from("abcéжщאבनगไทย中文かなカナ한글αω 1!"), max_size=12))
def test_the_script_is_the_one_of_most_letters(text):
    names = {"CJK": "Han"}
    said = [unicodedata.name(sign).split()[0] for sign in text if unicodedata.category(sign)[0] == "L"]
    counts = Counter(names.get(name, name.capitalize()) for name in said)
    (found,) = measured("script", {}, [text])
    assert counts[found] == max(counts.values()) if counts else found == "none"


def test_a_tokenizer_counts_what_it_cuts(tmp_path):
    from tokenizers import Tokenizer, models, pre_tokenizers

    cutter = Tokenizer(models.WordLevel({"it": 0, "rained": 1, "?": 2}, "?"))
    cutter.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    cutter.save(str(tmp_path / "tokenizer.json"))
    made = {"tokenizer": str(tmp_path / "tokenizer.json")}
    assert measured("tokens", made, ["it rained and rained", "", "it"] * 700) == [4, 0, 1] * 700
    filled = operator("tokens")(**made)
    cutter.add_tokens(["rained and"])
    cutter.save(made["tokenizer"])
    with pytest.raises(ValidationError, match="take `digest` out"):
        operator("tokens")(**filled.model_dump())
    with pytest.raises(ValidationError, match="cannot be read"):
        operator("tokens")(tokenizer=str(tmp_path / "none.json"))


def test_a_site_is_listed_with_all_that_lies_below_it():
    urls = [
        "https://a.b.Example.com/x",
        "badexample.com",
        "example.com.evil.org",
        "http://example.com.:80",
        "EXAMPLE.com",
        "https://u:p@www.example.com/?q=#f",
        "x",
    ]
    listed = operator("url_domain")(domains=("example.com",)).measure(pa.record_batch({"url": urls}), Desk())["domain_listed"].to_pylist()
    assert listed == [True, False, False, True, True, True, False]
    with pytest.raises(ValidationError, match="is no domain"):
        operator("url_domain")(domains=("https://example.com",))


def test_messages_that_are_spam_score_above_those_that_are_not():
    messages = [row for row in rows("spam/sms_spam.jsonl.zst") if row["label"] in ("ham", "spam")]
    told = np.array(measured("spam_like", {}, [row["text"] for row in messages])) > 0.5
    spam = np.array([row["label"] == "spam" for row in messages])
    assert (told & spam).sum() / told.sum() > 0.98 and (told & spam).sum() / spam.sum() > 0.87


def test_readability_agrees_with_what_teachers_saw():
    excerpts = rows("readability/clear_corpus.jsonl.zst")[::8]
    texts, ease = [row["Excerpt"] for row in excerpts], [row["BT_easiness"] for row in excerpts]
    wanted = {"flesch": 0.5, "flesch_kincaid": -0.45, "gunning_fog": -0.45, "smog": -0.5, "coleman_liau": -0.4, "automated_readability": -0.4}
    for formula, least in wanted.items():
        found = np.corrcoef(measured("readability", {"formula": formula}, texts), ease)[0, 1]
        assert found / least >= 1, (formula, found)


def test_swearing_is_found_where_people_heard_it():
    tweets = rows("toxicity/davidson_tweets.jsonl.zst", 6000)[::2]
    found = np.array(measured("profanity", {}, [row["tweet"] for row in tweets])) > 0
    judged = np.array([int(row["class"]) for row in tweets])
    assert found[judged == 1].mean() > 0.88 and found[judged == 2].mean() < 0.1
