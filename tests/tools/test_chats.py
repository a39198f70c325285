"""to_messages, to_sharegpt, to_alpaca: there and back, on odd conversations and on columns that hold none."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import RecipeError
from tools.rewrites.chats import ToAlpaca, ToMessages, ToShareGPT
from tools.rewrites.turns import MESSAGES, SHAREGPT
from workflows.given import Setting, Trial, run


def rewritten(operator, **columns):
    batch = pa.record_batch({name: column if isinstance(column, pa.Array) else pa.array(column) for name, column in columns.items()})
    return {name: column.to_pylist() for name, column in operator.rewrite(batch, None).items()}


def talk(*turns, shape=MESSAGES):
    return [{shape.who: who, shape.what: text} for who, text in turns]


TEXT = st.text(max_size=8)
TURN = st.tuples(st.sampled_from(["system", "user", "assistant", "tool"]), TEXT)


@given(st.lists(st.one_of(st.none(), st.lists(TURN, max_size=4)), max_size=5))
def test_messages_to_sharegpt_and_back_is_the_same(talks):
    given = pa.array([None if turns is None else talk(*turns) for turns in talks], MESSAGES.type)
    (there,) = rewritten(ToShareGPT(made_of="messages"), messages=given).values()
    (back,) = rewritten(ToMessages(made_of="sharegpt"), conversations=pa.array(there, SHAREGPT.type)).values()
    assert back == given.to_pylist()


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5))
def test_a_pair_to_messages_to_alpaca_is_the_same(pairs):
    asked, said = zip(*pairs, strict=True)
    (made,) = rewritten(ToMessages(has_input=False), instruction=asked, output=said).values()
    found = rewritten(ToAlpaca(), messages=pa.array(made, MESSAGES.type))
    assert (found["instruction"], found["output"], found["input"]) == (list(asked), list(said), [""] * len(pairs))


def test_a_slice_of_a_batch_gives_its_own_turns():
    column = pa.array([talk(("user", "a")), talk(("user", "b"), ("assistant", "c")), None, []], MESSAGES.type).slice(1)
    (found,) = rewritten(ToShareGPT(made_of="messages"), messages=column).values()
    assert found == [talk(("human", "b"), ("gpt", "c"), shape=SHAREGPT), None, []]


def test_other_names_for_roles_are_known():
    column = pa.array([talk(("user", "a"), ("chatgpt", "b"), ("observation", "c"), shape=SHAREGPT)])
    (found,) = rewritten(ToMessages(made_of="sharegpt"), conversations=column).values()
    assert [turn["role"] for turn in found[0]] == ["user", "assistant", "observation"]


def test_alpaca_takes_the_first_exchange_or_the_last_with_its_history():
    column = pa.array([talk(("user", "a"), ("user", "b"), ("assistant", "c"), ("tool", "{}"), ("user", "d"), ("assistant", "e"), ("user", "f"))])
    assert rewritten(ToAlpaca(), messages=column) == {"instruction": ["a\n\nb"], "input": [""], "output": ["c"]}
    last = rewritten(ToAlpaca(turn="last"), messages=column)
    assert (last["instruction"], last["output"], last["history"]) == (["d"], ["e"], [[["a\n\nb", "c"]]])


def test_columns_are_bound_by_their_own_names_and_stay():
    rows = pa.table({"question": ["why"], "answer": ["so"]})
    trial = Trial(operator=ToShareGPT(has_input=False), given=rows, on={"instruction": "question", "output": "answer"}, setting=Setting())
    (row,) = run(trial).kept.drop_columns(["_at"]).to_pylist()
    assert row == {"question": "why", "answer": "so", "conversations": talk(("human", "why"), ("gpt", "so"), shape=SHAREGPT)}


@pytest.mark.parametrize("column", [["text"], [["a"]], [[{"from": "human", "text": "a"}]], [[{"from": 1, "value": "a"}]]])
def test_a_column_that_holds_no_turns_is_refused_with_what_it_should_be(column):
    with pytest.raises(RecipeError, match="it must be a list of turns with the texts 'from' and 'value'"):
        run(Trial(operator=ToMessages(made_of="sharegpt"), given=pa.table({"conversations": column})))
