"""Passages that repeat: what substring_dedup cuts, against every run of words in a dictionary."""

import random

import pyarrow as pa
import pytest

from tests.tools.repeats import cut_passages
from tests.tools.test_cut_pieces import left
from tools.dedupe import passages
from tools.dedupe.substring import SubstringDedup
from tools.kernels import compiled

WORDS = ("a", "b", "A", "b.", "é", "👍🏽", "שלום", "我们", "こ", "ไทย", "\x00", "e\u0301", "\u2028", "\u00a0", "\r\n", "long" * 40)


def texts(seed: int, count: int, length: int = 40, kinds: int = len(WORDS)) -> list[str]:
    """Of few words, so that much repeats, overlaps and overlaps with itself."""
    draw = random.Random(seed)
    made = [" ".join(draw.choices(WORDS[:kinds], k=draw.randrange(length))) for _ in range(count)]
    for _ in range(count // 3):
        whole = draw.choice(made)
        start = draw.randrange(len(whole) + 1)
        made.insert(draw.randrange(len(made)), draw.choice(made) + whole[start : start + 60] + draw.choice(made))
    return made


@pytest.mark.parametrize("words", [2, 3, 5, 8])
@pytest.mark.parametrize("kinds", [1, 2, 5, len(WORDS)])
def test_every_repeat_is_cut_and_nothing_else(words, kinds):
    given = texts(words, 40, kinds=kinds)
    assert left(SubstringDedup(words=words), given, cut=7) == cut_passages(given, words)


def test_real_prose_with_copied_passages_is_cut_as_by_brute_force():
    from workflows.nasty import PROSE

    draw = random.Random(4)
    said = " ".join(PROSE).split()
    given = []
    for _ in range(60):
        own = [f"w{draw.randrange(10_000)}" for _ in range(120)]
        start = draw.randrange(max(1, len(said) - 90))
        at = draw.randrange(len(own))
        given.append(" ".join(own[:at] + said[start : start + draw.randrange(20, 90)] + own[at:]))
    assert left(SubstringDedup(), given, cut=11) == cut_passages(given, 50)


def test_the_order_of_rows_decides_which_passage_stays():
    given = texts(9, 30)
    for seed in range(3):
        random.Random(seed).shuffle(given)
        assert left(SubstringDedup(words=4), given, cut=seed + 1) == cut_passages(given, 4)


@pytest.mark.parametrize(
    "given",
    [
        ["a " * 10_000],
        ["ab " * 1_000, "ab " * 1_000],
        ["x" * 1_000_000 + " y", "x" * 1_000_000 + " y"],
        ["字" * 1_000, "字" * 1_000],
        ["one two three four five six\n" * 3_000],
        ["", " ", "\n"],
    ],
    ids=["one word", "two periods", "one long word", "no spaces", "one line", "no words"],
)
def test_texts_that_are_one_big_repeat(given):
    assert left(SubstringDedup(words=50), given) == cut_passages(given, 50)
    assert left(SubstringDedup(words=2), given) == cut_passages(given, 2)


def test_compiled_and_slow_paths_note_the_same(monkeypatch):
    given = pa.array(["out", *texts(1, 200), "我们使用。" * 50, "\x00 " * 90, "", *texts(2, 50, kinds=2)]).slice(1)
    found = {}
    for mode in ("on", "off"):
        monkeypatch.setenv("WINNOW_KERNELS", mode)
        assert (compiled("passages", 1) is not None) == (mode == "on")
        first = passages.anchors(given, 3, 7)
        clues = pa.table({name: first[name] for name in ("row", "start")}).filter(pa.array([turn % 3 > 0 for turn in range(len(first["row"]))]))
        found[mode] = [{name: column.to_pylist() for name, column in one.items()} for one in (first, passages.passages(given, 3, 7, clues))]
    assert found["on"] == found["off"]
    assert len(found["on"][1]["row"]) > 500


def test_anchors_are_few():
    draw = random.Random(1)
    text = " ".join(f"w{draw.randrange(10_000)}" for _ in range(20_000))
    assert 20_000 / 18 < len(passages.anchors(pa.array([text]), 20, 50)["row"]) < 20_000 / 13
