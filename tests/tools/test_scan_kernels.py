"""Compiled kernels give what Arrow gives, on every text."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_data import rows

from tools import characters
from tools.arrow_scan import ArrowScan
from tools.scan import BULLET, SENTENCE, TRAILS_OFF, TextScan

FIELDS = [name for name, field in vars(ArrowScan).items() if type(field).__name__ in ("counted", "grouped") and not name.startswith("_")]
SIGNS = " \n\r\t\v\x00\x1c\x85\u2028\u3000abZ.!?。？，…'\"”»)]」』）•-_#\ufffd日本ひカー𠀀éÜßİŉΐſＡⒶ1٣๑ก\u0e33\u0301\u200f\u200dא👩🇩❤\U0010ffff"
TEXTS = st.lists(st.one_of(st.none(), st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(SIGNS)), max_size=40)), max_size=6)
NASTY = [
    "", " ", "\n", "\r\n", "\r", "\n\r\n\r", "a\r", "\x00", "\x00\n\x00", "שלום עולם.", "👩‍👩‍👧 👍🏽!", "e\u0301\u0301 x", "line\u2028line\u2029", 
    "ไทยไม่มีเว้นวรรค ครับ",     "日本語とEnglish。", "한국어 문장.", "x" * 300 + " " + "Y" * 1000, "word " * 50, "a\n b\n\n c \n\n\n", 
    " \n- x\n\u00a0• y…\n z...\u3000\n", 'He said "no!" (then.) left”',
    "ŉ ẞ ﬃ İ Ⓐ ᾳ", "--- *** ...", "…", ". . .", "3.5 a.b.c U.S.A.", "。」x！？」』 ", "a" * 15 + "É" * 9, "é" * 2000, 
    "\t\t", "A\n\nB\n\nA", "ab\x0b\x0ccd\x1fe",
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def kernels() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WINNOW_KERNELS", "on")
        yield


def agree(texts: pa.Array) -> None:
    fast, slow = TextScan(texts), ArrowScan(texts)
    for field in FIELDS:
        found, wanted = getattr(fast, field), getattr(slow, field)
        assert found.type == wanted.type, field
        assert found.equals(wanted), (
            field,
            [pair for pair in zip(texts.to_pylist(), found.to_pylist(), wanted.to_pylist(), strict=True) if pair[1] != pair[2]][:2],
        )


@settings(max_examples=60)
@given(TEXTS)
def test_kernels_agree_with_arrow(texts: list[str | None]) -> None:
    agree(pa.array(["x", *texts, "y"], pa.string()).slice(1, len(texts)))


def test_kernels_agree_on_nasty_text() -> None:
    agree(pa.array([*NASTY, None, "".join(NASTY), "long line " * 100_000, "日本" * 100_000, "É" * 100_000, "x" * 1_000_000]))


def test_kernels_agree_on_real_text() -> None:
    files = {"langid/lingua_testdata": 1500, "langid/udhr2": 400, "alpaca_zh/alpaca_zh": 1000, "topics/movie_reviews": 1000, "spam/sms_spam": 1000}
    files |= {"raw_text/community_docs": 20, "raw_text/laws_de": 20}
    texts = [value for name, most in files.items() for row in rows(f"{name}.jsonl.zst", most) for value in row.values() if isinstance(value, str)]
    assert len(texts) > 5000
    agree(pa.array(texts))


def test_whole_tables_hold_what_single_characters_are() -> None:
    known = characters.tables()
    for code in (*range(0x3100), *range(0x3100, 0x110000, 101)):
        folds = not 0xD800 <= code < 0xE000 and chr(code).casefold() != chr(code)
        assert known.classes[code] == characters.class_of(code) | characters.FOLDS * folds, hex(code)


def test_kernels_name_classes_and_roles_as_the_tables_do() -> None:
    from tools.kernels import _text, lines

    for name in ("SPACE", "LETTER", "DIGIT", "UPPER", "PUNCTUATION", "IDEOGRAPH", "EMOJI", "FOLDS"):
        assert getattr(_text, name) == getattr(characters, name)
    for name in ("STOP", "CLOSER", "WIDE_STOP", "WIDE_CLOSER", "LINE_STOP", "LINE_CLOSER", "LINE_QUOTE"):
        held = [chr(code) for code in np.flatnonzero(characters.tables().roles & getattr(_text, name))]
        assert sorted(held) == sorted(getattr(characters, f"{name}S"))
    assert (lines.BULLET, lines.TRAILS_OFF, lines.SENTENCE) == (BULLET, TRAILS_OFF, SENTENCE)
