"""join_on, join_all."""

import random

import pyarrow as pa
import pytest
from pydantic import ValidationError
from small_engine import SmallDesk, holds, learned, run, same_for_any_cut, typed

from tools.errors import RecipeError
from tools.rewrites.join_on import JoinAll, JoinOn

EXAMPLES = [(operator, example) for operator in (JoinOn, JoinAll) for example in operator.card.examples]


@pytest.mark.parametrize(("operator", "example"), EXAMPLES, ids=lambda given: getattr(given, "__name__", "example"))
def test_examples_hold(operator, example):
    holds(operator, example)


def test_join_on_is_the_same_for_any_cut():
    draw = random.Random(1)
    against = {"key": [str(number) for number in range(40)], "label": [draw.choice(["x", "y", None]) for _ in range(40)], "n": list(range(40))}
    keys = [draw.choice([*range(60), None]) for _ in range(100)]
    found = same_for_any_cut(JoinOn(columns=("label", "n")), {"key": keys}, against)["columns"]
    inside = [key is not None and key < 40 for key in keys]
    assert found["n"] == [key if known else None for key, known in zip(keys, inside, strict=True)]
    assert found["label"] == [against["label"][key] if known else None for key, known in zip(keys, inside, strict=True)]


@pytest.mark.parametrize("cut", [1, 2, 9])
def test_a_key_that_comes_twice_is_an_error_or_the_first_counts(cut):
    against = {"key": ["a", "b", "a", None, None], "label": ["first", "b", "second", "none", "none"]}
    with pytest.raises(RecipeError, match="the key 'a' more than once; set `many: first`"):
        run(JoinOn(columns=("label",)), {"key": ["a"]}, against, cut=cut)
    found = run(JoinOn(columns=("label",), many="first"), {"key": ["b", "a", "c"]}, against, cut=cut)
    assert found["columns"]["label"] == ["b", "first", None]


def test_join_all_is_the_same_for_any_cut():
    draw = random.Random(2)
    against = {"key": [draw.choice("abcdef") for _ in range(30)], "n": list(range(30))}
    keys = [draw.choice([*"abcdxyz", None]) for _ in range(50)]
    found = same_for_any_cut(JoinAll(columns=("n",)), {"key": keys}, against)
    wanted = [(row, n) for row, key in enumerate(keys) for n, other in enumerate(against["key"]) if other == key]
    assert list(zip([row for (row,) in found["parents"]], found["columns"]["n"], strict=True)) == wanted


def test_an_empty_reference_matches_nothing():
    against = pa.table({"key": pa.array([], pa.string()), "label": pa.array([], pa.int64())})
    for operator in (JoinOn(columns=("label",)), JoinAll(columns=("label",))):
        desk = SmallDesk(state=learned(operator, against, 5))
        batch = pa.record_batch({"key": pa.array(["a", None])})
        if isinstance(operator, JoinOn):
            assert operator.rewrite(batch, desk)["label"].to_pylist() == [None, None]
        else:
            columns, parents = operator.expand(batch, desk)
            assert columns["label"].to_pylist() == parents.to_pylist() == []


def test_types_follow_the_reference():
    given = {"key": pa.int64(), "against.key": pa.string(), "against.label": pa.bool_()}
    assert JoinOn(columns=("label",)).adds(given) == {"label": pa.bool_()}
    assert set(JoinOn(columns=("label",)).against()) == {"key", "label"}
    with pytest.raises(RecipeError, match=r"join on a text, number or date"):
        JoinAll(columns=("label",)).adds({**given, "key": pa.list_(pa.int64())})


def test_column_names_are_checked():
    for columns in ((), ("a", "a"), ("key",)):
        with pytest.raises(ValidationError):
            JoinOn(columns=columns)


def test_a_reference_column_of_any_type_is_carried():
    table = typed({"key": ["a", "b"], "tags": [["x"], []], "meta": [{"k": 1}, None]}, {})
    desk = SmallDesk(state=learned(JoinOn(columns=("tags", "meta")), table, 1))
    found = JoinOn(columns=("tags", "meta")).rewrite(pa.record_batch({"key": pa.array(["b", "z", "a"])}), desk)
    assert found["tags"].to_pylist() == [[], None, ["x"]]
    assert found["meta"].to_pylist() == [None, None, {"k": 1}]
