"""Rewrites that refine texts: what they change, and that nothing else changes."""

import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from real_data import rows

from tools.errors import RecipeError, RowError
from tools.mapped import mapped, table
from tools.rewrites.convert_chinese import ConvertChinese
from tools.rewrites.fill_missing import FillMissing
from tools.rewrites.punctuation import WIDE, NormalisePunctuation
from tools.rewrites.remove_lines import RemoveLines
from tools.rewrites.remove_urls import RemoveUrls
from tools.rewrites.strip_emoji import StripEmoji
from tools.rewrites.truncate import Truncate
from tools.rewrites.types import Cast
from tools.rewrites.unnest import Unnest
from tools.scan import TextScan

PARTS = [
    "a",
    "B c",
    ". ",
    "\n",
    "\n\n",
    "\r\n",
    "- x",
    "“q”",
    "—",
    "…",
    "，",
    "日本",
    "é",
    "\U0001d518",
    "\U0001f469\u200d\U0001f467",
    "👍🏽",
    "1️⃣",
    "क्\u200dष",
    "",
]
WRITTEN = st.lists(st.lists(st.sampled_from(PARTS), max_size=12).map("".join), max_size=6)


class Desk:
    def scan(self, texts):
        return TextScan(texts)


def left(operator, texts):
    return operator.rewrite(pa.record_batch({"text": pa.array(texts, pa.string())}), Desk())["text"].to_pylist()


@settings(max_examples=40)
@given(WRITTEN, st.integers(0, 3))
def test_characters_become_what_a_table_says_as_str_translate_does_it(texts, skipped):
    becomes = {"“": '"', "”": '"', "—": "--", "…": "...", "，": "", "é": "e"}
    plain = str.maketrans(becomes)
    given_texts = pa.array(["before", *texts], pa.string()).slice(min(skipped, len(texts)))
    assert mapped(given_texts, table(becomes)).to_pylist() == [text.translate(plain) for text in given_texts.to_pylist()]


@pytest.mark.parametrize("becomes", [{"é": "eee"}, {"a": "b"}, {"\U0001f600": ":)"}])
def test_a_table_that_would_make_texts_grow_is_refused(becomes):
    with pytest.raises(ValueError, match="in place"):
        table(becomes)


def test_wide_punctuation_is_plain_ascii_after():
    assert all(left(NormalisePunctuation(wide=True), [sign]) == [plain] and (plain.isascii() or plain == "·") for sign, plain in WIDE.items())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("See https://en.wikipedia.org/wiki/A_(b)_c, then go.", "See, then go."),
        ("(see http://a.b/c?d=e&f#g)", "(see)"),
        ('<https://a.b> and ![pic](http://c.d/e.png "title") end', "and pic end"),
        ("详情见http://t.cn/R2Wx。谢谢", "详情见。谢谢"),
        ("HTTP://A.B is loud\nwww.x.org\nnext", "is loud\n\nnext"),
        ("no www here, nor http alone; a.b.c", "no www here, nor http alone; a.b.c"),
        ("**https://a.b/c**", "****"),
    ],
)
def test_addresses_go_and_what_is_none_stays(text, wanted):
    assert left(RemoveUrls(), [text]) == [wanted]


def test_links_of_real_tweets_go_and_nothing_else():
    tweets = [row["tweet"] for row in rows("toxicity/davidson_tweets.jsonl.zst", 3000)]
    made = left(RemoveUrls(), tweets)
    assert not any(re.search(r"https?://\w", text) for text in made)
    untouched = [text for text in tweets if "http" not in text and "www." not in text]
    assert len(untouched) > 2000
    assert left(RemoveUrls(), untouched) == untouched


@settings(max_examples=40)
@given(WRITTEN)
def test_only_emoji_go(texts):
    made = left(StripEmoji(), texts)
    for before, after in zip(texts, made, strict=True):
        kept = re.sub("\U0001f469\u200d\U0001f467|👍🏽|\ufe0f|\u20e3", "", before)
        assert "".join(after.split()) == "".join(kept.split())
        assert before != kept or after == before


@settings(max_examples=60)
@given(WRITTEN, st.booleans(), st.integers(1, 3))
def test_lines_go_as_plain_python_takes_them_out(texts, keep_only, fewer):
    operator = RemoveLines(matching="^[-日]", fewer_words_than=fewer, keep_only=keep_only, counted=True)
    made = operator.rewrite(pa.record_batch({"text": pa.array(texts, pa.string())}), Desk())
    for text, after, cut in zip(texts, made["text"].to_pylist(), made["cut_lines"].to_pylist(), strict=True):
        lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
        goes = [bool(line.strip()) and (re.search("^[-日]", line.strip()) is not None or words(line) < fewer) for line in lines]
        goes = [not gone for gone in goes] if keep_only else goes
        assert after == "".join(line for line, gone in zip(lines, goes, strict=True) if not gone)
        assert cut == sum(goes)


def words(line):
    return TextScan(pa.array([line])).words[0].as_py()


@pytest.mark.parametrize(("params", "mend"), [({}, "say which lines"), ({"matching": "("}, "RE2"), ({"containing": [" "]}, "take it out")])
def test_rules_that_say_nothing_are_refused(params, mend):
    with pytest.raises(ValidationError, match=mend):
        RemoveLines(**params)


@settings(max_examples=50)
@given(
    WRITTEN, st.sampled_from(["words", "characters", "sentences", "lines", "tokens"]), st.integers(2, 9), st.sampled_from(["head", "tail", "ends"])
)
def test_what_is_left_of_a_text_is_its_beginning_or_end_and_short_enough(texts, unit, most, keep):
    operator = Truncate(**{unit: most}, keep=keep, at="anywhere", tokenizer="bytes" if unit == "tokens" else "")
    counts = {"words": words, "characters": len, "tokens": lambda text: len(text.encode())}
    for before, after in zip(texts, left(operator, texts), strict=True):
        if unit in counts:
            assert after == before if counts[unit](before) <= most else counts[unit](after) <= most
        if keep == "ends":
            assert any(before.startswith(after[:cut]) and before.endswith(after[cut:]) for cut in range(len(after) + 1))
        else:
            assert before.startswith(after) if keep == "head" else before.endswith(after)


def test_few_words_in_many_characters_are_not_lost():
    long = "word " + "x" * 500 + " next last"
    assert left(Truncate(words=3), [long, "a b c d"]) == [long.removesuffix(" last"), "a b c"]


def test_chinese_there_and_back_is_nearly_the_same():
    poems = ["\n".join(row["record"]["paragraphs"]) for row in rows("raw_text/classical_zh.jsonl.zst", 200) if row["lang"] == "zh-Hant"]
    back = left(ConvertChinese(into="traditional"), left(ConvertChinese(), poems))
    same = sum(one == other for before, after in zip(poems, back, strict=True) for one, other in zip(before, after, strict=True))
    assert same > 0.95 * sum(map(len, poems))


def test_a_pair_of_writings_without_tables_is_refused():
    with pytest.raises(ValidationError, match="in two steps"):
        ConvertChinese(into="japan", given="taiwan")


def test_what_cannot_be_cast_sets_its_row_aside_where_asked():
    batch = pa.record_batch({"n": pa.array(["1", "x", None])})
    assert Cast(columns={"n": "integer"}).rewrite(batch, Desk())["n"].to_pylist() == [1, None, None]
    with pytest.raises(RowError, match="row 1"):
        Cast(columns={"n": "integer"}, invalid="quarantine").rewrite(batch, Desk())


@pytest.mark.parametrize(
    ("operator", "types", "mend"),
    [
        (FillMissing(value="none"), {"column": pa.int64()}, "`cast` the column before"),
        (FillMissing(other=True), {"column": pa.int64(), "other": pa.string()}, "`cast` one of them"),
        (Unnest(), {"record": pa.string()}, "json_extract_string"),
        (Unnest(fields=("nam",)), {"record": pa.struct([("name", pa.string())])}, "did you mean 'name'"),
    ],
)
def test_columns_of_other_types_are_refused_with_the_mend(operator, types, mend):
    with pytest.raises(RecipeError, match=re.escape(mend)):
        operator.adds(types)


def test_an_empty_column_takes_the_type_of_what_fills_it():
    batch = pa.record_batch({"column": pa.nulls(2)})
    assert FillMissing(value=1.5).rewrite(batch, Desk())["column"].to_pylist() == [1.5, 1.5]
    assert FillMissing(value=1.5).adds({"column": pa.null()}) == {"column": pa.float64()}
