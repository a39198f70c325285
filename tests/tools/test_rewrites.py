"""Rewrites of texts, beyond the examples on their cards."""

import re

import ftfy
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from real_data import rows

from tools.errors import RecipeError
from tools.rewrites.fix_unicode import FixUnicode
from tools.rewrites.layout import DropColumns, Rename, SelectColumns
from tools.rewrites.replace import Replace
from tools.rewrites.strip_html import StripHtml, plain
from tools.rewrites.whitespace import NormaliseWhitespace

DAMAGE = [
    "a",
    "<",
    "&amp;",
    "Ã¶",
    "\n",
    "\r",
    "\r\n",
    "é",
    "e\u0301",
    "’",
    "\x00",
    "\x1b[1m",
    "\t",
    "ﬁ",
    "\ufeff",
    "&lt;b",
    "\u2028",
    " ",
    "â€™",
    "\x85",
    "ＡＢ",
]


def rewritten(operator, *texts):
    return operator.rewrite(pa.record_batch({"text": pa.array(texts, pa.string())}), None)["text"].to_pylist()


@given(st.lists(st.sampled_from(DAMAGE), max_size=9).map("".join))
def test_fix_unicode_does_what_ftfy_does(text):
    assert rewritten(FixUnicode(), text) == [ftfy.fix_text(text)]
    assert rewritten(FixUnicode(straight_quotes=False), text) == [ftfy.fix_text(text, uncurl_quotes=False)]


@given(st.text(max_size=40))
def test_fix_unicode_takes_any_text(text):
    assert rewritten(FixUnicode(), text) == [ftfy.fix_text(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a < b and c > d", "a < b and c > d"),
        ("a<b, 3<4, i<a && a>b", "a<b, 3<4, i<a && a>b"),
        ("mail <ann@example.org> or <https://example.org/>", "mail <ann@example.org> or <https://example.org/>"),
        ("#include <stdio.h> vector<T> List<String>", "#include <stdio.h> vector<T> List<String>"),
        ("Dear <your name>, <3", "Dear <your name>, <3"),
        ("<speech><LINE>To be</LINE></speech>", "To be"),
        ('<my-box class="x">in</my-box><o:p/>', "in"),
        ("one<br/>two<br><br>three", "one\ntwo\n\nthree"),
        ("<ul><li>a</li>\n <li>b</li></ul>", "a\nb"),
        ("<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>", "a b\nc"),
        ("<div><div><p>a</p></div></div><p>b", "a\n\nb"),
        ("so<b>me</b> <i>words</i>", "some words"),
        ("keep\nmy\nlines <b>please</b>", "keep\nmy\nlines please"),
        ("a<SCRIPT type='x'>if (a<b) '</p>'</SCRIPT >b", "ab"),
        ("a<style>p {}</style>b<!-- <p>no</p> -->c", "abc"),
        ("use the <script> tag", "use the  tag"),
        ("a <!-- never closed", "a  never closed"),
        ("<!DOCTYPE html><?xml version='1'?><html><body>x</body></html>", "x"),
        ('<a title="a > b" href=x>link</a>', "link"),
        ('<a href="broken>link</a> rest', "link rest"),
        ("&lt;b&gt; &amp;amp; &#233;&#xE9; &nosuch; AT&T ?a=1&copy=2", "<b> &amp; éé &nosuch; AT&T ?a=1&copy=2"),
        ("", ""),
    ],
)
def test_strip_html_takes_html_and_nothing_else(text, wanted):
    assert rewritten(StripHtml(), text) == [wanted]


def test_strip_html_keeps_what_real_pages_say():
    pages = [page for page in rows("web_html/trafilatura_eval.jsonl.zst", 60) if page["must_contain"]]
    kept = [
        re.sub(r"\s", "", must) in re.sub(r"\s", "", text)
        for page, text in zip(pages, rewritten(StripHtml(), *(page["html"] for page in pages)), strict=True)
        for must in page["must_contain"]
    ]
    assert sum(kept) >= 0.97 * len(kept) > 50


@given(
    st.lists(
        st.sampled_from(["<", ">", "a", "p", "b", "br", "/", "!--", "--", '"', "'", "=", " ", "\n", "&amp;", "<p>", "</p>", "<script>"]), max_size=14
    ).map("".join)
)
def test_strip_html_takes_any_text_and_leaves_no_block(text):
    assert "<p>" not in plain(text)


def tidy(text):
    """Normalised white space, by definition."""
    lines = [" ".join(line.split()) for line in re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


@given(st.text(st.sampled_from("ab \t\n\r\x0b\x0c\x1c\x85\xa0\u2003\u2028\u3000é"), max_size=25))
def test_white_space_is_in_one_form(text):
    assert rewritten(NormaliseWhitespace(), text, tidy(text)) == [tidy(text)] * 2
    assert rewritten(NormaliseWhitespace(keep_lines=False), text) == [" ".join(text.split())]


@settings(max_examples=50)
@given(st.text(min_size=1, max_size=5), st.text(max_size=3), st.text(max_size=10))
def test_literal_replace_is_plain_replace(pattern, replacement, text):
    operator = Replace(pattern=pattern, replacement=replacement, literal=True)
    assert rewritten(operator, text + pattern + text) == [(text + pattern + text).replace(pattern, replacement)]


@pytest.mark.parametrize(
    ("params", "mend"),
    [
        ({"pattern": "(?<=a)b"}, "no look-ahead, look-behind"),
        ({"pattern": "(a)", "replacement": r"\2"}, "does not fit"),
        ({"pattern": "a", "replacement": "\\"}, "write a literal backslash"),
        ({"pattern": ""}, "at least 1 character"),
    ],
)
def test_replace_refuses_what_cannot_run(params, mend):
    with pytest.raises(ValidationError, match=mend):
        Replace(**params)


def test_layouts_keep_and_order_columns():
    columns = ["id", "text", "label"]
    assert list(Rename(names={"text": "body", "id": "key"}).layout(columns).items()) == [("key", "id"), ("body", "text"), ("label", "label")]
    assert list(Rename(names={"id": "text", "text": "id"}).layout(columns)) == ["text", "id", "label"]
    assert list(SelectColumns(columns=("label", "id")).layout(columns)) == ["label", "id"]
    assert list(DropColumns(columns=("text",)).layout(columns)) == ["id", "label"]


@pytest.mark.parametrize("operator", [Rename(names={"txt": "body"}), SelectColumns(columns=("txt",)), DropColumns(columns=("txt",))])
def test_a_missing_column_is_named_with_the_nearest(operator):
    with pytest.raises(RecipeError, match="no column 'txt'; did you mean 'text'"):
        operator.layout(["id", "text"])


def test_a_layout_that_would_lose_a_column_is_refused():
    with pytest.raises(RecipeError, match="already a column 'id'"):
        Rename(names={"text": "id"}).layout(["id", "text"])
    with pytest.raises(RecipeError, match="no column would be left"):
        DropColumns(columns=("id", "text")).layout(["id", "text"])
    with pytest.raises(ValidationError, match="cannot both be named 'x'"):
        Rename(names={"a": "x", "b": "x"})
    with pytest.raises(ValidationError, match="named twice"):
        SelectColumns(columns=("a", "a"))
