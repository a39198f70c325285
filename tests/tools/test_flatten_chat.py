"""flatten_chat: every way through a tree once, on OpenAssistant's trees and on odd ones."""

import json

import pyarrow as pa
import pytest

from tests.tools import real_data
from tools.errors import RowError
from tools.expand.flatten_chat import FlattenChat


def flattened(operator, *trees):
    columns, parents = operator.expand(pa.record_batch({"tree": pa.array(trees)}), None)
    return [" ".join(turn["content"] for turn in talk) for talk in columns["messages"].to_pylist()], parents.to_pylist()


def node(text, *replies, **more):
    return {"text": text, "replies": list(replies)} | more


def ways(tree):
    """Of a tree whose messages all have a role: the ways to its leaves, cut behind the last answer."""
    if tree["deleted"] or not tree["text"].strip():
        return [[]]
    below = [way for reply in tree["replies"] for way in ways(reply)] or [[]]
    return [[tree["text"], *way] if way or tree["role"] == "assistant" else [] for way in below]


def test_openassistant_trees_become_every_conversation_once():
    trees = [row["prompt"] for row in real_data.rows("oasst_sample/en_100_tree.jsonl.zst", 40)]
    made, parents = FlattenChat().expand(pa.record_batch({"tree": pa.array([json.dumps(tree) for tree in trees])}), None)
    found = [[turn["content"] for turn in talk] for talk in made["messages"].to_pylist()]
    expected = [list(dict.fromkeys(tuple(way) for way in ways(tree) if way)) for tree in trees]
    assert found == [list(way) for each in expected for way in each]
    assert parents.to_pylist() == [[place] for place, each in enumerate(expected) for _ in each]
    assert all(talk[0]["role"] == "user" and talk[-1]["role"] == "assistant" for talk in made["messages"].to_pylist())


def test_the_best_way_takes_the_best_reply_at_each_fork_and_no_deleted_one():
    tree = node("q", node("bad", rank=2), node("gone", rank=0, deleted=True), node("good", node("more", node("end")), rank=1))
    assert flattened(FlattenChat(keep="best"), json.dumps(tree)) == (["q good more end"], [[0]])


def test_unanswered_questions_are_cut_or_kept():
    tree = json.dumps(node("q", node("a", node("q2"), node("q3"))))
    assert flattened(FlattenChat(), tree)[0] == ["q a"]
    assert flattened(FlattenChat(ends_with="any"), tree)[0] == ["q a q2", "q a q3"]


def test_nested_records_are_trees_as_well():
    assert flattened(FlattenChat(), {"content": "q", "children": [{"content": "a", "children": [{"content": "q2"}]}]}) == (["q a"], [[0]])


@pytest.mark.parametrize(
    ("tree", "why"), [("no tree", "no record"), ("[]", "no record"), ('{"text": "a", "replies": 1}', "no list"), ("{}", "none of 'text'")]
)
def test_what_is_no_tree_is_quarantined(tree, why):
    with pytest.raises(RowError, match=why):
        flattened(FlattenChat(), tree)


def test_a_tree_with_more_ways_than_can_be_written_is_quarantined():
    deep = node("end")
    for _ in range(150):
        deep = node("x", *[node("y")] * 100, deep)
    with pytest.raises(RowError, match="more than 1,000,000 turns"):
        flattened(FlattenChat(ends_with="any"), json.dumps(deep))
