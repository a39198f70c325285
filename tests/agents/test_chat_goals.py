"""Goals about conversations and what the embedded planner makes of them."""

import pytest

from tests.agents.test_goals import TURNS, all_in, shown_of

# (inputs, goal, steps in order: operator, then what its `on`, parameters and `as` must hold)
GOALS = [
    (
        "called",
        "Convert to OpenAI messages",
        ["to_messages made_of=sharegpt has_calls=True has_tools=True", "select_columns columns=['messages', 'tools']"],
    ),
    ("called", "Only conversations without tool calls, please", ["turns made_of=sharegpt counted=tools at_most=0"]),
    ("chats", "Convert to alpaca without losing anything", ["chat_loss into=alpaca keep=lossless", "to_alpaca turn=last", "select_columns"]),
    (
        "chats",
        "Convert to alpaca, only the first exchange",
        ["chat_loss into=alpaca", "to_alpaca", "select_columns columns=['instruction', 'input', 'output']"],
    ),
    ("chats", "turn these into prompt/completion", ["to_prompt_completion form=messages", "select_columns columns=['prompt', 'completion']"]),
    ("chats", "put the system prompt 'Be kind.' in front", ["to_messages made_of=messages system=Be kind.", TURNS]),
    ("chats", "multi-turn conversations only", ["turns counted=user at_least=2"]),
    ("chats", "Drop dialogues longer than 3 messages", ["turns at_most=3"]),
    ("chats", "How many turns has each conversation? Add this as column n", ["turns as=n"]),
    ("chats", "no broken conversations", ["chat_valid"]),
    (
        "talks",
        "every conversation must start with the user and end with the assistant",
        ["chat_valid faults=['assistant_not_last', 'user_not_first']"],
    ),
    ("chats", "drop chats whose last message is not from the assistant", ["chat_valid faults=['assistant_not_last']"]),
    ("dialogues", "I need prompt, chosen and rejected for DPO", ["to_preference asked_in=sides form=transcript", "select_columns"]),
    ("dialogues", "Make DPO pairs as messages", ["to_preference asked_in=sides form=messages", "select_columns"]),
    ("dialogues", "SFT on the chosen answers: ChatML format", ["to_messages made_of=preference asked_in=sides", TURNS]),
    (
        "trees",
        "flatten the trees into ShareGPT conversations, only conversations with at least 3 turns",
        ["flatten_chat on={'tree': 'prompt'}", "turns at_least=3", "to_sharegpt made_of=messages", "select_columns columns=['conversations']"],
    ),
    ("trees", "Flatten the conversation trees, best replies only", ["flatten_chat keep=best", "drop_columns columns=['prompt']"]),
    (
        "pairs chats",
        "Put both into OpenAI messages",
        ["to_messages", TURNS, "to_messages made_of=messages", TURNS, TURNS],
    ),
    ("pairs", "Make a column prompt from the template '{instruction}: {output}'", ["render column=prompt template={{ instruction }}: {{ output }}"]),
]


@pytest.mark.parametrize(("names", "goal", "wanted"), GOALS, ids=[goal[:40] for _, goal, _ in GOALS])
def test_goal_becomes_these_steps(drafted, names, goal, wanted):
    draft = drafted(goal, *names.split())
    assert draft.status == "draft", draft.message
    shown = [shown_of(step) for step in draft.recipe.steps]
    assert [step[0] for step in shown] == [one.split()[0] for one in wanted]
    for step, one in zip(shown, wanted, strict=True):
        assert all_in(one.removeprefix(step[0]).strip(), " ".join(step))


def test_an_answer_that_is_left_out_is_asked_about(drafted):
    draft = drafted("Convert to OpenAI messages", "prefs")
    assert [step.op for step in draft.recipe.steps] == ["to_messages@1", "select_columns@1"]
    assert "the rejected one left out" in draft.unclear[0]
    assert not drafted("SFT on the chosen answers, as OpenAI messages", "prefs").unclear


def test_what_a_text_cannot_hold_is_said(drafted):
    draft = drafted("Give me prompt, chosen and rejected", "forked")
    assert [step.op for step in draft.recipe.steps] == ["chat_loss@1", "to_preference@1", "select_columns@1"]
    assert "A text holds one question" in draft.unclear[0]
