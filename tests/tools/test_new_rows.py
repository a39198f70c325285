"""New rows out of each: items of lists, preference pairs; and lines of a site, which go from all its pages."""

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tools.dedupe.lines import RemoveRepeatedLines
from tools.errors import RecipeError
from tools.expand.explode import Explode
from tools.expand.pair_up import PairUp, PairUpRows
from workflows.given import Setting, Trial, run

SCORES = st.one_of(st.none(), st.integers(0, 4), st.just(float("nan")))
ANSWERS = st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), SCORES), max_size=5)


@settings(max_examples=40)
@given(st.lists(st.one_of(st.none(), st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=4)), max_size=6), st.booleans(), st.integers(0, 2))
def test_every_item_becomes_a_row_in_its_place(lists, keep_empty, skipped):
    batch = pa.record_batch({"items": pa.array(lists, pa.list_(pa.int64()))}).slice(min(skipped, len(lists)))
    columns, parents = Explode(keep_empty=keep_empty).expand(batch, None)
    own = [items or ([None] if keep_empty else []) for items in lists[min(skipped, len(lists)) :]]
    assert columns["items"].to_pylist() == [item for items in own for item in items]
    assert columns["position"].to_pylist() == [place for items in own for place in range(len(items))]
    assert parents.to_pylist() == [[row] for row, items in enumerate(own) for _ in items]


def test_a_column_that_is_no_list_is_refused_with_the_mend():
    with pytest.raises(RecipeError, match="its `separator`"):
        Explode().adds({"items": pa.string()})
    with pytest.raises(RecipeError, match="must be text"):
        Explode(separator=",").adds({"items": pa.int64()})


@settings(max_examples=40)
@given(st.lists(ANSWERS, max_size=4), st.sampled_from(["best_worst", "best_others", "all"]), st.sampled_from([0.0, 2.0]))
def test_pairs_are_those_that_all_comparisons_give(lists, pairs, margin):
    answers = pa.array([[answer for answer, _ in own] for own in lists], pa.list_(pa.string()))
    scores = pa.array([[None if score is None else float(score) for _, score in own] for own in lists], pa.list_(pa.float64()))
    columns, _ = PairUp(pairs=pairs, margin=margin).expand(pa.record_batch({"answers": answers, "scores": scores}), None)
    found = sorted(zip(*(columns[name].to_pylist() for name in ("chosen", "rejected", "margin")), strict=True))
    wanted = []
    for own in lists:
        scored = [(answer, float(score)) for answer, score in own if answer is not None and score is not None and score == score]
        best, worst = ([pick(score for _, score in scored)] if scored else [] for pick in (max, min))
        firsts = [next(one for one in scored if one[1] == best[0])] if scored and pairs != "all" else scored
        lasts = [next(one for one in scored if one[1] == worst[0])] if scored and pairs == "best_worst" else scored
        wanted += [(a, b, s - t) for a, s in firsts for b, t in lasts if s > t and s - t >= margin and a != b]
    assert found == sorted(wanted)


@settings(max_examples=8)
@given(st.lists(st.tuples(st.sampled_from("pqr"), st.sampled_from("abcd"), st.integers(0, 3)), min_size=1, max_size=12), st.integers(0, 9))
def test_pairs_of_rows_do_not_depend_on_the_cut(given_rows, cut):
    table = pa.table({name: [row[turn] for row in given_rows] for turn, name in enumerate(("key", "answer", "score"))})
    outcome = run(Trial(operator=PairUpRows(), given=table, setting=Setting(cut=1 + cut)))
    wanted = []
    for key in dict.fromkeys(row[0] for row in given_rows):
        own = [row for row in given_rows if row[0] == key]
        best, worst = max(own, key=lambda row: row[2]), min(own, key=lambda row: row[2])
        wanted += [(key, best[1], worst[1], float(best[2] - worst[2]))] if best[2] > worst[2] and best[1] != worst[1] else []
    kept = outcome.kept
    assert sorted(zip(*(kept[name].to_pylist() for name in ("key", "chosen", "rejected", "margin")), strict=True)) == sorted(wanted)


def test_lists_of_other_things_are_refused():
    with pytest.raises(RecipeError, match="list of numbers"):
        PairUp().adds({"answers": pa.list_(pa.string()), "scores": pa.string()})
    with pytest.raises(RecipeError, match="the fields 'text', 'stars'"):
        PairUp(answer_field="text", score_field="stars").adds({"answers": pa.list_(pa.struct([("text", pa.string())]))})


def left(operator, columns, **setting):
    return run(Trial(operator=operator, given=pa.table(columns), setting=Setting(**setting))).kept["text"].to_pylist()


@pytest.mark.parametrize("cut", [1, 7, 100])
def test_a_line_of_many_pages_goes_from_all_of_its_site_and_stays_elsewhere(cut):
    draw = random.Random(5)
    pages = [(f"https://{'www.' if turn % 2 else ''}site{turn % 3}.org/{turn}", turn) for turn in range(40)]
    texts = [f"Menu\nStory {turn}\nMenu\r\n{'rare' if turn % 20 == 0 else 'odd'} note" for _, turn in pages]
    order = draw.sample(range(40), 40)
    columns = {"text": [texts[at] for at in order], "url": [pages[at][0] if at != 39 else "" for at in order]}
    made = left(RemoveRepeatedLines(seen_at_least=3, per="site"), columns, cut=cut)
    for at, text in zip(order, made, strict=True):
        assert text == (texts[at] if at == 39 else f"Story {at}\n" + ("rare note" if at % 20 == 0 else ""))


def test_a_share_is_one_of_all_texts():
    texts = [f"everywhere\n{'half' if turn % 2 else 'other'}\n{turn} here" for turn in range(10)]
    assert left(RemoveRepeatedLines(seen_at_least=2, share=0.6), {"text": texts})[0] == "other\n0 here"
    assert left(RemoveRepeatedLines(seen_at_least=2, share=0.5), {"text": texts})[0] == "0 here"
    with pytest.raises(ValidationError, match="say `seen_at_least`"):
        RemoveRepeatedLines(share=0.5, per="site")
