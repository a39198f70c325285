"""Conversations from format to format: there and back, what is lost by name, odd conversations, columns that hold none."""

import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools import real_data
from tools.chats.operator import ToChats
from tools.chats.seen import seen
from tools.chats.talk import MESSAGES, SHAREGPT
from tools.errors import RecipeError, RowError
from tools.measures.chats import ChatLoss, ChatValid, Turns
from tools.rewrites.to_pairs import ToAlpaca, ToPreference, ToPromptCompletion
from tools.rewrites.to_turns import ToMessages, ToShareGPT
from workflows.given import Setting, Trial, run


def rewritten(operator, **columns):
    batch = pa.record_batch({name: column if isinstance(column, pa.Array) else pa.array(column) for name, column in columns.items()})
    return {name: column.to_pylist() for name, column in operator.rewrite(batch, None).items()}


def lost(operator, **columns):
    batch = pa.record_batch({name: column if isinstance(column, pa.Array) else pa.array(column) for name, column in columns.items()})
    return operator.measure(batch, None)["lost"].to_pylist()


def talk(*turns, shape=MESSAGES):
    return [{shape.who: who, shape.what: text} for who, text in turns]


def call(name, arguments, id=None):
    return {"id": id, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)}}


TEXT = st.text(max_size=8)
TURN = st.tuples(st.sampled_from(["system", "user", "assistant", "tool", "narrator"]), TEXT)
CALLED_TURNS = ToMessages(has_calls=True).target({}).types()["messages"]


@st.composite
def tool_talks(draw):
    """Conversations of users, assistants and tools as OpenAI writes them; ids as `numbered` gives them, or others, in order."""
    turns, number = [], 0
    for _ in range(draw(st.integers(0, 4))):
        turns.append({"role": "user", "content": draw(TEXT)})
        calls = draw(st.lists(st.tuples(TEXT, st.dictionaries(TEXT, st.integers() | TEXT, max_size=2), st.sampled_from([None, "x"])), max_size=2))
        calls = [call(name, arguments, f"{own or 'call_'}{number + place}") for place, (name, arguments, own) in enumerate(calls, 1)]
        number += len(calls)
        turns.append(
            {"role": "assistant", "content": draw(st.none() | st.text(min_size=1, max_size=8)) if calls else draw(TEXT), "tool_calls": calls or None}
        )
        turns += [{"role": "tool", "content": draw(TEXT), "tool_call_id": one["id"]} for one in calls]
    return turns


@settings(max_examples=40)
@given(st.lists(st.one_of(st.none(), st.lists(TURN, max_size=4)), max_size=5))
def test_messages_to_sharegpt_and_back_is_the_same(talks):
    given = pa.array([None if turns is None else talk(*turns) for turns in talks], MESSAGES.type)
    (there,) = rewritten(ToShareGPT(made_of="messages"), messages=given).values()
    (back,) = rewritten(ToMessages(made_of="sharegpt"), conversations=pa.array(there, SHAREGPT.type)).values()
    assert back == given.to_pylist()


@settings(max_examples=40)
@given(st.lists(tool_talks(), min_size=1, max_size=3))
def test_calls_of_tools_to_sharegpt_and_back_are_the_same(talks):
    given = pa.array(talks, CALLED_TURNS)
    (there,) = rewritten(ToShareGPT(made_of="messages"), messages=given).values()
    (back,) = rewritten(ToMessages(made_of="sharegpt", has_calls=True), conversations=pa.array(there, SHAREGPT.type)).values()
    assert back == given.to_pylist()
    assert set(lost(ChatLoss(into="sharegpt"), messages=given)) == {"nothing"}


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5))
def test_a_pair_to_messages_to_alpaca_is_the_same(pairs):
    asked, said = zip(*pairs, strict=True)
    (made,) = rewritten(ToMessages(has_input=False), instruction=asked, output=said).values()
    found = rewritten(ToAlpaca(), messages=pa.array(made, MESSAGES.type))
    assert (found["instruction"], found["output"], found["input"]) == (list(asked), list(said), [""] * len(pairs))


WORDS = st.from_regex(r"[a-z ,.!]{0,8}", fullmatch=True)


@settings(max_examples=40)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4), st.sampled_from(["", "Be kind."]))
def test_exchanges_to_alpaca_or_prompts_and_back_are_the_same(pairs, system):
    turns = [("system", system)] * bool(system) + [turn for asked, said in pairs for turn in (("user", asked), ("assistant", said))]
    given = pa.array([talk(*turns)], MESSAGES.type)
    alpaca = rewritten(ToAlpaca(turn="last", with_system=True), messages=given)
    assert rewritten(ToMessages(has_history=True, has_system=True, has_input=False), **alpaca)["messages"] == given.to_pylist()
    for form in ("messages", "transcript"):
        prompts = rewritten(ToPromptCompletion(made_of="messages", form=form), messages=given)
        assert rewritten(ToMessages(made_of="prompt_completion"), **prompts)["messages"] == given.to_pylist(), form


@settings(max_examples=40)
@given(st.lists(st.tuples(WORDS, WORDS), max_size=3), WORDS, WORDS, WORDS)
def test_preference_pairs_go_through_every_form_and_back(pairs, asked, good, bad):
    before = [turn for one, other in pairs for turn in (("user", one), ("assistant", other))] + [("user", asked)]
    given = {"prompt": [talk(*before)], "chosen": [talk(("assistant", good))], "rejected": [talk(("assistant", bad))]}
    for form, asked_in in (("messages", "prompt"), ("transcript", "prompt"), ("sharegpt", "conversations")):
        there = rewritten(ToPreference(form=form), **given)
        assert rewritten(ToPreference(form="messages", asked_in=asked_in), **there) == given, form
    texts = rewritten(ToPreference(), **given)
    assert texts == {"prompt": [asked], "chosen": [good], "rejected": [bad]}
    assert lost(ChatLoss(made_of="preference", into="preference"), **given) == ["turns" if pairs else "nothing"]


@settings(max_examples=40)
@given(st.lists(st.lists(TURN, max_size=4), min_size=1, max_size=4))
def test_the_way_without_a_loop_gives_what_the_loop_gives(talks):
    messages = {"messages": pa.array([talk(*turns) for turns in talks], MESSAGES.type)}
    pairs = {"instruction": [turns[0][1] if turns else None for turns in talks], "input": ["x"] * len(talks), "output": ["y"] * len(talks)}
    pairs = {name: pa.array(values, pa.string()) for name, values in pairs.items()}
    for operator, columns in ((ToShareGPT(made_of="messages"), messages), (ToMessages(made_of="messages"), messages), (ToMessages(), pairs)):
        assert rewritten(operator, **columns) == {name: column.to_pylist() for name, column in _looped(operator, columns).items()}


def _looped(operator, columns):
    return ToChats.rewrite(operator, pa.record_batch(columns), None)


def test_what_else_a_turn_carries_goes_along():
    column = pa.array([[{"from": "human", "value": "a", "weight": 0.5}, {"from": "gpt", "value": "b", "weight": None}], None])
    (found,) = rewritten(ToMessages(made_of="sharegpt"), conversations=column).values()
    assert found == [[{"role": "user", "content": "a", "weight": 0.5}, {"role": "assistant", "content": "b", "weight": None}], None]
    assert lost(ChatLoss(made_of="sharegpt", into="messages"), conversations=column[:1]) == ["nothing"]
    assert lost(ChatLoss(made_of="sharegpt", into="alpaca"), conversations=column[:1]) == ["keys"]


def test_losses_have_names():
    turns = [
        *talk(("system", "s"), ("user", "a"), ("assistant", "b"), ("narrator", "n"), ("user", "c")),
        {"role": "assistant", "content": "d", "tool_calls": [call("f", {}, "one")]},
        {"role": "tool", "content": "e", "tool_call_id": "other"},
    ]
    given = {"messages": pa.array([turns], CALLED_TURNS)}
    assert lost(ChatLoss(into="messages", has_calls=True), **given) == ["roles"]
    assert lost(ChatLoss(into="sharegpt"), **given) == ["roles, ids"]
    assert lost(ChatLoss(into="alpaca"), **given) == ["system, turns, tools, roles"]
    assert lost(ChatLoss(into="prompt_completion", with_system=True), **given) == ["turns, tools, roles"]


def test_a_list_of_parts_becomes_text_and_calls():
    parts = [
        {"type": "reasoning", "value": "Add them."},
        {"type": "text", "value": "So:"},
        {"type": "tool_call", "value": '{"name": "add", "arguments": {"a": 1}}'},
    ]
    texts = json.dumps([{"role": "assistant", "content": parts}, {"role": "tool", "content": {"sum": 1}}])
    (found,) = rewritten(ToMessages(made_of="messages", has_calls=True), messages=[texts])["messages"]
    assert found[0]["content"] == "<think>\nAdd them.\n</think>\n\nSo:"
    assert found[0]["tool_calls"][0]["function"] == {"name": "add", "arguments": '{"a": 1}'}
    assert (found[1]["content"], found[1]["tool_call_id"]) == ('{"sum": 1}', "call_1")
    picture = json.dumps([{"role": "user", "content": [{"type": "text", "text": "What?"}, {"type": "image_url", "image_url": {"url": "x"}}]}])
    assert lost(ChatLoss(into="messages"), messages=[picture]) == ["parts"]


def test_several_calls_in_one_turn_and_answers_in_their_order():
    text = '[{"name": "f", "arguments": {}}, {"name": "g", "arguments": {}}]'
    given = [talk(("human", "q"), ("function_call", text), ("observation", "1"), ("observation", "2"), ("gpt", "a"), shape=SHAREGPT)]
    (found,) = rewritten(ToMessages(made_of="sharegpt", has_calls=True), conversations=given)["messages"]
    assert [turn["tool_call_id"] for turn in found] == [None, None, "call_1", "call_2", None]
    (back,) = rewritten(ToShareGPT(made_of="messages"), messages=pa.array([found], CALLED_TURNS)).values()
    assert back == given


def test_half_a_pair_and_endless_brackets_in_a_call_are_kept_as_they_are():
    for bad in ('{"name": "f", "arguments": "\\ud800"}', "[" * 100_000, '{"name": "f", "arguments": {"a": 1e999}}', "no call"):
        given = [talk(("human", "q"), ("function_call", bad), shape=SHAREGPT)]
        (found,) = rewritten(ToMessages(made_of="sharegpt", has_calls=True), conversations=given)["messages"]
        assert (found[1]["role"], found[1]["content"]) == ("function_call", bad)


def test_a_slice_of_a_batch_gives_its_own_turns():
    column = pa.array([talk(("user", "a")), talk(("user", "b"), ("assistant", "c")), None, []], MESSAGES.type).slice(1)
    (found,) = rewritten(ToShareGPT(made_of="messages"), messages=column).values()
    assert found == [talk(("human", "b"), ("gpt", "c"), shape=SHAREGPT), None, []]


def test_other_names_for_roles_are_known():
    column = pa.array([talk(("user", "a"), ("ChatGPT", "b"), ("observation", "c"), ("narrator", "d"), shape=SHAREGPT)])
    (found,) = rewritten(ToMessages(made_of="sharegpt"), conversations=column).values()
    assert [turn["role"] for turn in found[0]] == ["user", "assistant", "tool", "narrator"]


def test_alpaca_takes_the_first_exchange_or_the_last_with_its_history():
    column = pa.array([talk(("user", "a"), ("user", "b"), ("assistant", "c"), ("tool", "{}"), ("user", "d"), ("assistant", "e"), ("user", "f"))])
    assert rewritten(ToAlpaca(), messages=column) == {"instruction": ["a\n\nb"], "input": [""], "output": ["c"]}
    last = rewritten(ToAlpaca(turn="last"), messages=column)
    assert (last["instruction"], last["output"], last["history"]) == (["d"], ["e"], [[["a\n\nb", "c"]]])


def test_a_system_prompt_goes_in_front_of_conversations_that_have_none():
    given = [talk(("user", "a")), talk(("system", "own"), ("user", "b"))]
    (found,) = rewritten(ToMessages(made_of="messages", system="Be brief."), messages=given).values()
    assert [turns[0]["content"] for turns in found] == ["Be brief.", "own"]


def test_the_prompt_of_whole_dialogues_is_what_both_begin_with():
    begin = "\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant:"
    given = {
        "chosen": [f"{begin} good", f"{begin} same", f"{begin} x"],
        "rejected": [f"{begin} bad", f"{begin} same", f"{begin} x\n\nHuman: d\n\nAssistant: e"],
    }
    found = rewritten(ToPreference(asked_in="sides", form="transcript"), **given)
    assert found["prompt"] == [begin] * 3
    assert list(zip(found["chosen"], found["rejected"], strict=True)) == [
        (" good", " bad"),
        (" same", " same"),
        (" x", " x\n\nHuman: d\n\nAssistant: e"),
    ]


def test_sides_that_part_before_an_answer_fit_in_messages_only():
    given = {"chosen": [talk(("user", "a"), ("assistant", "b"))], "rejected": [talk(("user", "c"), ("assistant", "d"))]}
    opened = {name: [[*talk(("user", "q"), ("assistant", "x")), *side] for side in sides] for name, sides in given.items()}
    assert rewritten(ToPreference(asked_in="sides", form="messages"), **opened) == {"prompt": [talk(("user", "q"), ("assistant", "x"))], **given}
    assert rewritten(ToPreference(asked_in="sides", form="transcript"), **opened) == {"prompt": [None], "chosen": [None], "rejected": [None]}
    assert "answer" in lost(ChatLoss(made_of="preference", asked_in="sides", into="preference", form="transcript"), **opened)[0]


def test_columns_are_bound_by_their_own_names_and_stay():
    rows = pa.table({"question": ["why"], "answer": ["so"]})
    trial = Trial(operator=ToShareGPT(has_input=False), given=rows, on={"instruction": "question", "output": "answer"}, setting=Setting())
    (row,) = run(trial).kept.drop_columns(["_at"]).to_pylist()
    assert row == {"question": "why", "answer": "so", "conversations": talk(("human", "why"), ("gpt", "so"), shape=SHAREGPT)}


@pytest.mark.parametrize("column", [[1], [["a"]], [[{"by": "human", "value": "a"}]], [[{"from": 1, "value": "a"}]]])
def test_a_column_that_can_hold_no_turns_is_refused_with_what_it_should_be(column):
    for operator in (ToMessages(made_of="sharegpt"), Turns(made_of="sharegpt"), ChatLoss(made_of="sharegpt", into="alpaca")):
        with pytest.raises(RecipeError, match="it must be a list of turns with the texts 'role' and 'content' or 'from' and 'value'"):
            run(Trial(operator=operator, given=pa.table({"conversations": column})))


@pytest.mark.parametrize("text", ["hello", '{"a": 1}', "[1]", '["a"]'])
def test_a_text_that_holds_no_turns_is_quarantined_with_the_reason(text):
    with pytest.raises(RowError, match="messages as messages: ") as error:
        rewritten(ToShareGPT(made_of="messages"), messages=['[{"role": "user", "content": "a"}]', text])
    assert error.value.position == 1
    outcome = run(Trial(operator=ToShareGPT(made_of="messages"), given=pa.table({"messages": ['[{"role": "user", "content": "a"}]', text]})))
    assert [fate.reason for fate in outcome.fates] == [None, "error"]


def test_faults_of_conversations_come_in_their_order_and_count_where_asked():
    calls = {"role": "assistant", "content": None, "tool_calls": [call("f", {}, "one")]}
    odd = [
        [*talk(("user", "a")), calls, *talk(("tool", "b"), ("assistant", "c"))],
        [*talk(("user", "a")), calls, *talk(("user", "b"), ("assistant", "c"))],
        talk(("user", "a"), ("tool", "b"), ("assistant", "c")),
        talk(("user", "a"), ("assistant", "b"), ("system", "c")),
        talk(("narrator", "a"), ("assistant", " ")),
        talk(("system", "a")),
    ]
    batch = pa.record_batch({"messages": pa.array(odd, CALLED_TURNS)})
    faults = ["none", "call_without_answer", "tool_without_call", "late_system", "unknown_role", "empty"]
    assert ChatValid().measure(batch, None)["chat_fault"].to_pylist() == faults
    assert ChatValid(faults=("late_system", "empty_turn")).measure(batch, None)["chat_fault"].to_pylist()[4] == "empty_turn"


@settings(max_examples=40)
@given(st.lists(st.lists(TURN, max_size=4), min_size=1, max_size=4), st.sampled_from(["turns", "user", "assistant", "tools"]))
def test_turns_are_counted_in_lists_as_in_json_text(talks, counted):
    lists = pa.record_batch({"messages": pa.array([talk(*turns) for turns in talks], MESSAGES.type)})
    texts = pa.record_batch({"messages": pa.array([json.dumps(talk(*turns)) for turns in talks])})
    found, expected = (Turns(counted=counted).measure(batch, None)["turns"].to_pylist() for batch in (lists, texts))
    assert found == expected
    assert counted != "user" or found == [sum(who == "user" for who, _ in turns) for turns in talks]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([talk(("user", "a"))], "messages"),
        ([json.dumps(talk(("human", "a"), shape=SHAREGPT))], "sharegpt"),
        ([{"role": "assistant", "content": "a"}], "turn"),
        (["\n\nHuman: a\n\nAssistant: b"], "transcript"),
        ([{"text": "a", "replies": []}], "tree"),
        ([[["a", "b"]], [["c", "d"], ["e", "f"]]], "history"),
    ],
)
def test_formats_are_told_from_values(values, kind):
    assert seen([*values * 20, "something else"]).kind == kind
    assert seen([*values, "something else"]) is None


@pytest.mark.parametrize(
    "values", [[], [None], ["plain words"], ["[1, 2]"], [[1]], [{"a": 1}], [talk(("user", "a")), talk(("human", "a"), shape=SHAREGPT)]]
)
def test_other_values_are_no_conversations(values):
    assert seen(values) is None


def test_what_conversations_are_like_is_told_from_values():
    found = seen([talk(("system", "s"), ("user", "a"), ("assistant", "b"), ("user", "c"), ("tool", "d"))])
    assert (found.most_questions, found.most_turns, found.begins, found.has_calls, found.has_system) == (2, 5, True, True, True)


DEMOS = "llamafactory_demos/{}_demo.jsonl.zst"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_real_tool_conversations_come_back_byte_for_byte(language):
    rows = real_data.rows(DEMOS.format(f"glaive_toolcall_{language}"), 60)
    given = [row["conversations"] for row in rows]
    (messages,) = rewritten(ToMessages(made_of="sharegpt", has_calls=True), conversations=given).values()
    (back,) = rewritten(ToShareGPT(made_of="messages"), messages=pa.array(messages, CALLED_TURNS)).values()
    assert back == given
    assert sum(bool(turn["tool_calls"]) for turns in messages for turn in turns) > 20


@pytest.mark.parametrize("language", ["en", "zh"])
def test_real_descriptions_of_tools_become_those_of_openai_and_come_back(language):
    rows = real_data.rows(DEMOS.format(f"glaive_toolcall_{language}"), 60)
    given = {name: [row[name] for row in rows] for name in ("conversations", "tools")}
    there = rewritten(ToMessages(made_of="sharegpt", has_tools=True), **given)
    assert {one["type"] for text in there["tools"] for one in json.loads(text)} == {"function"}
    assert rewritten(ToShareGPT(made_of="messages", has_tools=True), **there) == given


def test_tools_as_records_become_json_text_and_what_is_no_list_stays():
    given = {"messages": [[], [], []], "tools": pa.array([[{"type": "function", "function": {"name": "é"}}], [], None])}
    assert rewritten(ToMessages(made_of="messages", has_tools=True), **given)["tools"] == [
        '[{"type": "function", "function": {"name": "é"}}]',
        "[]",
        None,
    ]
    odd = {"messages": [[], []], "tools": ["none of them", '["f"]']}
    assert rewritten(ToShareGPT(made_of="messages", has_tools=True), **odd)["tools"] == odd["tools"]


def test_real_dialogues_come_back_byte_for_byte():
    rows = real_data.rows("hh_rlhf/harmless_base_test.jsonl.zst", 300)
    sides = {name: [row[name] for row in rows] for name in ("chosen", "rejected")}
    found = rewritten(ToPreference(asked_in="sides", form="transcript"), **sides)
    for name, whole in sides.items():
        assert [before + answer for before, answer in zip(found["prompt"], found[name], strict=True)] == whole
