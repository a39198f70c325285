"""Lines and paragraphs that stand in several texts: what is cut, against plain Python."""

import random

import pyarrow as pa
import pytest

from tests.tools.repeats import cut_lines, cut_paragraphs
from tools.dedupe.lines import LineDedup, ParagraphDedup
from tools.dedupe.pieces import lines
from tools.kernels import compiled
from workflows.given import Setting, Trial, run

ENDS = ("\n", "\r\n", "\r", "\n\n", "\n \t\n", "\r\n\r\n", "")
PIECES = (
    "Home | About", " Home | About\t", "\u00a0Home | About\u3000", "Home\u2028About", "cookie notice \u0085", "e\u0301 é 👍🏽", "שלום עולם",
    "我们使用 Cookie", "こんにちは 世界", "ไทยไม่มีช่องว่าง", "\x00nul\x00", "", " ", "\u2003", "a", "the end", "x" * 300, " " * 90 + "deep", "\ufeff",
)  # fmt: skip


def nasty(seed: int, count: int) -> list[str]:
    draw = random.Random(seed)
    return ["".join(draw.choice(PIECES) + draw.choice(ENDS) for _ in range(draw.randrange(9))) for _ in range(count)]


def left(operator, texts, **setting):
    """The texts after the operator, all rows still there."""
    outcome = run(Trial(operator=operator, given=pa.table({"text": pa.array(texts, pa.string())}), setting=Setting(**setting)))
    assert outcome.rows() == list(range(len(texts)))
    return outcome.kept["text"].to_pylist()


@pytest.mark.parametrize("params", [{}, {"shortest": 1}, {"shortest": 1, "seen_at_least": 1}, {"shortest": 3, "seen_at_least": 4, "keep": "none"}])
def test_lines_are_cut_as_plain_python_cuts_them(params):
    texts = nasty(1, 80)
    assert left(LineDedup(**params), texts, cut=13) == cut_lines(texts, **params)


@pytest.mark.parametrize("params", [{}, {"shortest": 1}, {"shortest": 1, "seen_at_least": 1}, {"shortest": 3, "seen_at_least": 3, "keep": "none"}])
def test_paragraphs_are_cut_as_plain_python_cuts_them(params):
    texts = nasty(2, 120)
    assert left(ParagraphDedup(**params), texts, cut=13) == cut_paragraphs(texts, **params)


def test_lines_can_be_counted_in_words():
    texts = ["one two three\none two\n", "one two\none two three", "one two three"]
    assert left(LineDedup(shortest=3, counted_in="words"), texts) == cut_lines(texts, shortest=3, words=True) == [texts[0], "one two\n", ""]


def test_which_row_comes_first_decides_where_a_line_stays():
    texts = nasty(3, 40)
    for seed in range(3):
        random.Random(seed).shuffle(texts)
        assert left(LineDedup(shortest=1), texts, cut=seed + 1) == cut_lines(texts, shortest=1)


def test_a_line_that_is_repeated_a_million_times_stays_once():
    texts = ["this very line stands everywhere\n" * 100_000] * 10
    operator = LineDedup(seen_at_least=1)
    assert left(operator, texts) == ["this very line stands everywhere\n", *[""] * 9]


def test_a_long_line_and_a_long_run_of_space_are_lines_like_others():
    long, space = "no break " * 300_000, " " * 1_000_000 + "behind much space, and more of it" + "\t" * 100_000
    assert left(LineDedup(), [long, f"{long}\nend", space, space.strip()]) == [long, "end", space, ""]


def test_slices_of_a_column_are_read_where_they_lie():
    texts = pa.array(["out\n", "one\ntwo", "", "three"])
    found = lines(texts.slice(1, 3))
    assert [found.texts().to_pylist(), found.row.tolist(), found.start.tolist()] == [["one", "two", "three"], [0, 0, 2], [0, 4, 0]]


def test_compiled_and_slow_paths_find_the_same(monkeypatch):
    texts = pa.array(["out", *nasty(5, 300), "", "\r", "\n\r\n\r", " " * 300, "\u3000\u00a0x\u2028"]).slice(1)
    found = {}
    for mode in ("on", "off"):
        monkeypatch.setenv("WINNOW_KERNELS", mode)
        assert (compiled("line_spans", 1) is not None) == (mode == "on")
        one = lines(texts)
        found[mode] = [getattr(one, name).tolist() for name in ("row", "start", "stop", "first", "last", "characters", "marks")]
    assert found["on"] == found["off"]
