"""The main text of web pages: real ones people marked, and hostile ones."""

import time

import numpy as np
import pyarrow as pa
import pytest
from real_data import place

from benchmarks.main_text_pages import pages, score
from tools.pages import blocks, context, features, forest, judge, write
from tools.rewrites.extract_main_text import ExtractMainText

ONE = "It rained all day, and nobody in the town could say when it would stop. The river had risen to the bridge by noon."
TWO = "By evening the streets were under water. People carried their furniture upstairs, and the school was closed for a week."
PAGE = f"""<html><head><title>Rain - The Post</title><script>var a = '<p>no</p>';</script></head><body>
<nav><ul><li><a href=/>Home</a></li><li><a href=/n>News</a></li></ul></nav>
<article><h1>Rain</h1><p>{ONE}</p><ul><li>The bridge is closed until the end of the week.</li><li>Schools stay closed until Monday morning.</li></ul>
<p>{TWO}</p><pre>a  =  1
b</pre></article>
<div class="comments"><h3>Comments</h3><div class="comment"><p>I live there, and it was much worse than they say in this paper.</p></div></div>
<div class="cookie-banner"><p>We use cookies. <a href=/c>Accept all cookies</a></p></div>
<footer><p>© 2024 The Post. All rights reserved.</p></footer></body></html>"""


def extracted(html: str, **options: object) -> str:
    return ExtractMainText(**options).rewrite(pa.record_batch({"text": pa.array([html])}), None)["text"][0].as_py()


def test_the_article_stays_and_the_furniture_goes():
    text = extracted(PAGE)
    assert ONE in text and TWO in text
    assert not any(word in text for word in ("Home", "cookies", "rights reserved", "var a", "much worse"))


def test_paragraphs_stand_apart_and_items_line_by_line():
    text = extracted(PAGE)
    assert text.startswith(f"Rain\n\n{ONE}\n\n- The bridge is closed until the end of the week.\n- Schools stay")


def test_markdown_marks_headings_and_code():
    text = extracted(PAGE, form="markdown")
    assert text.startswith("# Rain\n\n")
    assert "```\na  =  1\nb\n```" in text


def test_comments_stay_where_they_are_asked_for():
    assert "much worse than they say" in extracted(PAGE, comments=True)


def test_confidence_is_high_for_an_article_and_nought_for_a_page_without_text():
    menu = "<html><body><ul>" + "".join(f"<li><a href=/{n}>Link {n}</a></li>" for n in range(30)) + "</ul></body></html>"
    batch = pa.record_batch({"text": pa.array([PAGE, menu, "no page"])})
    found = ExtractMainText(confidence="sure").rewrite(batch, None)
    assert found["text"][1].as_py() == "" and found["text"][2].as_py() == "no page"
    assert found["sure"][0].as_py() > 0.7 and found["sure"][1].as_py() == 0.0


def test_favour_moves_the_bound():
    sizes = [len(extracted(PAGE, favour=which)) for which in ("precision", "balanced", "recall")]
    assert sizes == sorted(sizes)


def test_cells_of_a_row_stand_beside_each_other():
    found = blocks.read("<table><tr><th>Name<th>Size<tr><td>One<td>1</table>")
    assert write.plain(found.blocks) == "Name | Size\nOne | 1"
    assert write.markdown(found.blocks) == "| Name | Size |\n| --- | --- |\n| One | 1 |"


def test_lines_broken_twice_are_paragraphs():
    assert [block.text for block in blocks.read("<p>one<br>two<br> <br>three").blocks] == ["one\ntwo", "three"]


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "deep",
        "<b>" * 50_000 + "deep",
        "<p><b>" * 20_000 + "x",
        "<table>" * 20_000,
        "<ul><li>" * 20_000 + "x",
        "<" * 1_000_000,
        "<a " * 300_000,
        "<p>" + "&amp;" * 200_000,
        "<!--" * 200_000,
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><p>&b;&b;</p>',
        "<p>nul\x00 and \ufffd\ud7ff</p>",
        "<p>" + "word " * 400_000,
    ],
    ids=lambda html: html[:12],
)
def test_hostile_pages_end_soon(html):
    start = time.process_time()
    assert isinstance(extracted(html), str)
    assert time.process_time() - start < 5


def test_real_pages_keep_what_people_marked():
    """A sample of the held-out pages; benchmarks/extraction.py takes all of them."""
    marked = [one for one in pages(place("web_html/trafilatura_eval.jsonl.zst")) if one.is_held_out and one.wanted and len(one.html) < 60_000][:40]
    found = score(marked, [extracted(one.html) for one in marked], squeezed=True)
    assert found.precision > 0.9 and found.recall > 0.9, found


def test_a_forest_adds_up_what_its_trees_say():
    trees = forest.Forest.of(5, 2, [0, 10, 1, 0, 1, 3, 0, 0], [1, 2, 3, 4, 10, 20, 30, 40])
    assert trees.sums(np.array([[11, 1], [0, 4]], np.int32)).tolist() == [5 + 4 + 20, 5 + 2 + 30]


def test_features_and_context_are_whole_numbers_of_one_width():
    found = blocks.read(PAGE)
    seen = features.features(found, {"article": 90}, {"cookies": -50})
    around = context.context(found, np.zeros(len(found.blocks), np.int64))
    assert seen.dtype == around.dtype == np.int32 and len(seen) == len(around) == len(found.blocks)
    assert len(judge.scores(found)) == len(found.blocks)
