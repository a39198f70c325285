"""What the report draws and quotes: bars on the right side of a bound, boxes that do not touch, texts that hide nothing."""

from itertools import pairwise

import pytest

from workflows.report.histogram import BARS, histogram
from workflows.report.layout import Box, Line, draw
from workflows.report.shown import cut, difference, marked, plain

# ---- histograms


@pytest.mark.parametrize(
    ("counts", "at_least", "at_most"),
    [
        ({float(n): 10 for n in range(1, 200)}, 50, None),
        ({0.0: 5000, 0.25: 3, 0.5: 2}, None, 0.3),
        ({2.0**n: 100 for n in range(20)}, 64, 4096),
        ({-8.0: 3, -1.0: 4, 0.0: 1, 3.5: 2}, -2.5, 3),
        ({4.0: 1}, 9, None),
        ({7.0: 2}, None, None),
        ({1e-9: 1, 1e9: 1}, 1, None),
    ],
)
def test_bars_lie_on_the_side_of_the_bound_that_their_colour_says(counts: dict[float, int], at_least: float | None, at_most: float | None):
    made = histogram("m", counts, at_least, at_most)
    assert made is not None
    assert made.rows == sum(counts.values())
    assert len(made.bars) <= BARS + 4
    assert max(bar.height for bar in made.bars) == 1
    marks = {mark.text.split(" ")[1]: mark.at for mark in made.bounds}
    low, high = marks.get("least", 0.0), marks.get("most", 1.0)
    for bar in made.bars:
        assert 0 <= bar.left < bar.right <= 1
        middle = (bar.left + bar.right) / 2
        assert bar.keeps == (low <= middle <= high), bar
    assert all(0 <= mark.at <= 1 for mark in (*made.ticks, *made.bounds))
    assert len({mark.at for mark in made.ticks}) == len(made.ticks) >= 1


def test_words_of_two_bounds_that_stand_close_are_stacked():
    counts = {float(n): 10 for n in range(100, 200)}
    far, near = histogram("m", counts, 120, 180), histogram("m", counts, 101, 104)
    assert far is not None
    assert near is not None
    assert [mark.row for mark in far.bounds] == [0, 0]
    assert [mark.row for mark in near.bounds] == [0, 1]
    assert far.most == 20


def test_nothing_measured_is_no_histogram():
    assert histogram("m", {}, 1, None) is None


# ---- the graph


def test_boxes_of_a_layer_stand_apart_and_lines_go_down():
    boxes = [Box(id=name, kind="step", title=name * 8, subtitle="") for name in "abcdefg"]
    pairs = ["ab", "ac", "ad", "be", "ce", "de", "af", "ef", "eg", "bg"]
    made = draw(boxes, [Line(start=one, end=other, label="", rows=5) for one, other in pairs])
    places = {placed.box.id: placed for placed in made.boxes}
    for one in made.boxes:
        assert one.x >= 0
        assert one.x + one.width <= made.width
        assert one.y + one.height <= made.height
        for other in made.boxes:
            if one is not other and one.y == other.y:
                assert one.x + one.width <= other.x or other.x + other.width <= one.x
    assert all(places[one].y < places[other].y for one, other in pairs)
    assert made == draw(boxes, [Line(start=one, end=other, label="", rows=5) for one, other in pairs])


def test_a_long_graph_comes_in_pieces_that_hold_every_box_whole():
    names = [f"n{number}" for number in range(23)]
    made = draw(
        [Box(id=name, kind="step", title=name, subtitle="") for name in names],
        [Line(start=one, end=other, label="x") for one, other in pairwise(names)],
    )
    assert len(made.slices) == 5
    assert sum(height for _, height in made.slices) == pytest.approx(made.height)
    for box in made.boxes:
        assert sum(top <= box.y and box.y + box.height <= top + height for top, height in made.slices) == 1
    for line in made.lines:
        assert sum(top + 8 <= line.y <= top + height - 8 for top, height in made.slices) == 1, "no words are cut"


def test_a_graph_without_lines_is_drawn():
    assert draw([], []).boxes == ()
    assert len(draw([Box(id="a", kind="source", title="a", subtitle="")], []).boxes) == 1


# ---- texts


def test_hidden_characters_stand_as_escapes():
    assert plain("a\u202eb\x00\u200b\ufeff\U000e0041\x85") == "a\\u202eb\\x00\\u200b\\ufeff\\U000e0041\\x85"
    assert plain("line\nbreak\ttab é 漢 👩‍👩‍👧") == "line\nbreak\ttab é 漢 👩‍👩‍👧"
    assert marked("<\x07") == '&lt;<span class="hidden-character">\\x07</span>'


def test_a_difference_marks_what_went_and_what_came():
    head = "word " * 100
    before, after = difference(head + "call <joe> now", head + "call [NAME] now")
    assert "<del>&lt;joe&gt;</del> now" in before
    assert "<ins>[NAME]</ins> now" in after
    assert before.startswith("… ")
    assert len(before) < 300


def test_two_long_texts_do_not_differ_where_they_are_cut():
    tail = " ".join(f"w{n}" for n in range(500))
    before, after = difference("<p>" + tail, tail)
    assert before.count("<del>") == 1
    assert "<ins>" not in after


def test_a_long_text_is_cut_and_says_so():
    assert cut("x" * 301).endswith("… (301 characters)")
    assert cut("x" * 300) == "x" * 300
