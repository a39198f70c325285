"""Conversations as columns of a question and its answer: Alpaca, prompt and completion, preference pairs."""

from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from tools.chats.formats import Format
from tools.chats.operator import ToChats
from tools.chats.targets import SHAPES, Alpaca, Form, Preference, PromptCompletion, Which
from tools.contract import ANY, Card, Example, Types

TEXT = pa.string()
SYSTEM_COLUMN = "Add the column `system` with what the system said, empty where it said nothing."
CALLS = "In messages, write calls of tools as `tool_calls`; else they are turns of the role `function_call`."


class ToAlpaca(ToChats):
    """Add the columns instruction, input and output, the Alpaca format, out of a conversation.

    It takes the first thing the user said and the answer to it; `input` is empty. With `turn: last` it takes the last, and adds
    the exchanges before it as the column `history`. Of prompt and completion, and of preference pairs, it takes the completion
    and the chosen answer. Alpaca holds no calls of tools; a conversation without an answer gives nulls; chat_loss says which rows
    lose what. Questions and answers in columns only need rename.
    """

    turn: Which = Field(default="first", description="Which question and answer to take; the last goes with its history.")
    with_system: bool = Field(default=False, description=SYSTEM_COLUMN)

    card: ClassVar[Card] = Card(
        stage="format",
        reads={"messages": ANY},
        adds={"instruction": TEXT, "input": TEXT, "output": TEXT},
        takes_nulls=True,
        exact=True,
        micros_per_row=15.0,
        proof="with history and system all 240 rows of kto_en_demo lose nothing; of glaive_toolcall_en those 121 of 243 without calls (2026-11-28)",
        aliases=(
            "Alpaca format",
            "alpaca style",
            "to alpaca",
            "instruction, input, output",
            "instruction format",
            "messages to alpaca",
            "sharegpt to alpaca",
            "conversations to instructions",
            "single-turn instructions",
        ),
        not_for=("OpenAI messages: use to_messages", "ShareGPT: use to_sharegpt", "other names for columns: use rename"),
        examples=(
            Example(
                given={"messages": [[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}], [{"role": "user", "content": "?"}]]},
                gives={"instruction": ["Hi", None], "input": ["", None], "output": ["Ho", None]},
            ),
            Example(
                params={"made_of": "sharegpt", "turn": "last", "with_system": True},
                given={
                    "conversations": [
                        [
                            {"from": "system", "value": "Be kind."},
                            {"from": "human", "value": "Hi"},
                            {"from": "gpt", "value": "Ho"},
                            {"from": "human", "value": "And?"},
                            {"from": "gpt", "value": "Bye"},
                        ]
                    ]
                },
                gives={"instruction": ["And?"], "output": ["Bye"], "history": [[["Hi", "Ho"]]], "system": ["Be kind."]},
            ),
        ),
    )

    def target(self, given: Types) -> Alpaca:
        return Alpaca(turn=self.turn, with_system=self.with_system)


class ToPromptCompletion(ToChats):
    """Add the columns prompt and completion: a question and its answer, as TRL's SFT trainer reads them.

    As texts they hold one exchange; as messages the prompt is all that came before the last answer; as a transcript the same in
    one text, `Human: … Assistant:`. A conversation without an answer gives nulls. chat_loss says which rows lose what.
    """

    made_of: Format = Field(default="alpaca", description="The format of the rows.")
    form: Literal["texts", "messages", "transcript"] = Field(default="texts", description="What both columns hold.")
    turn: Which | None = Field(default=None, description="Which answer is the completion; by default the first in texts, the last in others.")
    with_system: bool = Field(default=False, description=SYSTEM_COLUMN)
    has_calls: bool = Field(default=False, description=CALLS)

    card: ClassVar[Card] = Card(
        stage="format",
        reads={"instruction": TEXT, "input": TEXT, "output": TEXT},
        adds={"prompt": TEXT, "completion": TEXT},
        takes_nulls=True,
        exact=True,
        micros_per_row=12.0,
        proof="as messages all 765 conversations of kto_en, glaive_toolcall_en and _zh and reason_tool_use lose nothing (2026-11-28)",
        aliases=(
            "prompt and completion",
            "prompt/completion pairs",
            "prompt completion format",
            "completion-only training",
            "messages to prompt and completion",
            "alpaca to prompt and completion",
            "input and target for SFT",
            "conversational prompt completion",
        ),
        not_for=("chosen and rejected answers: use to_preference", "other names for columns: use rename", "a text of your own layout: use render"),
        examples=(
            Example(
                given={"instruction": ["Add.", "Hi"], "input": ["1 + 1", ""], "output": ["2", None]},
                gives={"prompt": ["Add.\n\n1 + 1", None], "completion": ["2", None]},
            ),
            Example(
                params={"made_of": "messages", "form": "messages"},
                given={
                    "messages": [
                        [
                            {"role": "system", "content": "Be brief."},
                            {"role": "user", "content": "Hi"},
                            {"role": "assistant", "content": "Ho"},
                        ]
                    ]
                },
                gives={
                    "prompt": [[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]],
                    "completion": [[{"role": "assistant", "content": "Ho"}]],
                },
            ),
            Example(
                params={"made_of": "sharegpt", "form": "transcript"},
                given={"conversations": [[{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Ho"}]]},
                gives={"prompt": ["\n\nHuman: Hi\n\nAssistant:"], "completion": [" Ho"]},
            ),
        ),
    )

    def target(self, given: Types) -> PromptCompletion:
        shape = SHAPES.get(self.form)
        keys = self.keys(given) if shape else {}
        return PromptCompletion(form=self.form, turn=self.turn, with_system=self.with_system, has_calls=self.has_calls, shape=shape, keys=keys)


class ToPreference(ToChats):
    """Add the columns prompt, chosen and rejected: preference pairs as DPO and reward trainers read them.

    It reads pairs in any layout: the prompt in a column of its own, as text, turns or conversation (`asked_in`), or as what both
    sides begin with; sides as texts, one turn, turns, or transcripts (`Human: … Assistant: …`). As texts the prompt is the last
    question and each side one answer; messages and transcripts hold what came before as well; `sharegpt` writes the columns
    conversations, chosen and rejected as LLaMA-Factory reads them. Sides that do not fit give nulls; chat_loss says which rows
    lose what.
    """

    made_of: Literal["preference"] = Field(default="preference", description="Pairs of a chosen and a rejected answer.")
    form: Form = Field(default="texts", description="What the columns hold.")
    with_system: bool = Field(default=False, description=SYSTEM_COLUMN)
    has_calls: bool = Field(default=False, description=CALLS)

    card: ClassVar[Card] = Card(
        stage="format",
        reads={"prompt": ANY, "chosen": ANY, "rejected": ANY},
        adds={"prompt": TEXT, "chosen": TEXT, "rejected": TEXT},
        takes_nulls=True,
        exact=True,
        micros_per_row=20.0,
        proof="both sides of all 1,870 dialogues of hh_rlhf come back byte for byte; as messages all 480 pairs of dpo_en and dpo_zh fit (2026-11-28)",
        aliases=(
            "preference pairs",
            "preference format",
            "DPO format",
            "DPO pairs",
            "prompt, chosen, rejected",
            "chosen and rejected",
            "reward model data",
            "explicit prompt",
            "extract the prompt from chosen and rejected",
            "hh-rlhf to DPO",
        ),
        not_for=("pairs out of scored answers: use pair_up", "only the good answer: use to_messages"),
        examples=(
            Example(
                params={"asked_in": "conversations"},
                given={
                    "conversations": [[{"from": "human", "value": "Hi"}]],
                    "chosen": [{"from": "gpt", "value": "Ho"}],
                    "rejected": [{"from": "gpt", "value": "No"}],
                },
                gives={"prompt": ["Hi"], "chosen": ["Ho"], "rejected": ["No"]},
            ),
            Example(
                params={"asked_in": "sides", "form": "messages"},
                given={"chosen": ["\n\nHuman: Hi\n\nAssistant: Ho"], "rejected": ["\n\nHuman: Hi\n\nAssistant: No"]},
                gives={
                    "prompt": [[{"role": "user", "content": "Hi"}]],
                    "chosen": [[{"role": "assistant", "content": "Ho"}]],
                    "rejected": [[{"role": "assistant", "content": "No"}]],
                },
            ),
            Example(
                params={"form": "sharegpt"},
                given={"prompt": ["Hi"], "chosen": ["Ho"], "rejected": ["No"]},
                gives={
                    "conversations": [[{"from": "human", "value": "Hi"}]],
                    "chosen": [{"from": "gpt", "value": "Ho"}],
                    "rejected": [{"from": "gpt", "value": "No"}],
                },
            ),
        ),
    )

    def target(self, given: Types) -> Preference:
        shape = SHAPES.get(self.form)
        keys = self.keys(given) if shape else {}
        return Preference(form=self.form, with_system=self.with_system, has_calls=self.has_calls, shape=shape, keys=keys)
