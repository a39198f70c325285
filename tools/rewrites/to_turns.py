"""Conversations as one column of turns: OpenAI messages, ShareGPT."""

from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from tools.chats.calls import tools
from tools.chats.flat import made, question, translated
from tools.chats.formats import LISTS, Format
from tools.chats.operator import ToChats
from tools.chats.talk import MESSAGES, SHAREGPT, Shape
from tools.chats.targets import Turns
from tools.contract import ANY, Card, Columns, Desk, Example, Types

PAIR: Types = {"instruction": pa.string(), "input": pa.string(), "output": pa.string()}


class ToTurns(ToChats):
    """What both formats share: plain rows are turned without a loop over them."""

    shape: ClassVar[Shape]

    made_of: Format = Field(default="alpaca", description="The format of the rows.")
    has_tools: bool = Field(default=False, description="Whether a column `tools` describes tools; it is written as this format has it, as JSON text.")

    def reads(self) -> Types:
        return {**super().reads(), **({"tools": ANY} if self.has_tools else {})}

    def adds(self, given: Types) -> Types:
        return {**super().adds(given), **({"tools": pa.string()} if self.has_tools else {})}

    def target(self, given: Types) -> Turns:
        return Turns(shape=self.shape, keys=self.keys(given))

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        plain = self._plain(batch)
        found = super().rewrite(batch, desk) if plain is None else {self.shape.column: plain}
        return {**found, **({"tools": self._tools(batch["tools"])} if self.has_tools else {})}

    def _tools(self, described: pa.Array) -> pa.Array:
        each = (
            {text: tools(text, wrapped=self.shape is MESSAGES) for text in described.unique().to_pylist()}
            if pa.types.is_string(described.type)
            else None
        )
        found = [each[text] if each is not None else tools(text, wrapped=self.shape is MESSAGES) for text in described.to_pylist()]
        return pa.array(found, pa.string())

    def _plain(self, batch: pa.RecordBatch) -> pa.Array | None:
        if self.made_of == "alpaca" and not self.has_history and not (self.has_system and self.system):
            asked = question(batch["instruction"], batch["input"] if self._with_input else None)
            told = None if self.system is None else pa.array([self.system] * len(batch), pa.string())
            return made(self.shape, batch["system"] if self.has_system else told, asked, batch["output"])
        if self.made_of in LISTS and not self.has_system and self.system is None:
            return translated(batch[LISTS[self.made_of]], self.shape)
        return None


class ToMessages(ToTurns):
    """Add the column `messages`, the chat format of OpenAI: turns with `role` and `content`.

    It reads Alpaca's columns (bind others by `on`), ShareGPT's `conversations`, prompt and completion, the chosen side of
    preference pairs, transcripts (`Human: … Assistant: …`), and messages that are written otherwise: content in parts, other
    names for roles, JSON text. An input that is not blank goes below the instruction, after an empty line. Calls of tools stay
    turns of the role `function_call` unless `has_calls` is set. A row without instruction or output gets null; roles that OpenAI
    does not know stay as they are written, and so does what else a turn carries. The other columns stay: select_columns drops them.
    """

    shape: ClassVar[Shape] = MESSAGES

    has_calls: bool = Field(
        default=False, description="Write calls of tools as `tool_calls`, and which call a tool answers as `tool_call_id`; every turn has both keys."
    )

    card: ClassVar[Card] = Card(
        stage="format",
        reads=PAIR,
        adds={"messages": MESSAGES.type},
        takes_nulls=True,
        exact=True,
        micros_per_row=2.0,
        proof="ShareGPT to messages and back: turns, calls and tools of all 485 conversations of glaive_toolcall_en and _zh come back byte for byte "
        "(2026-11-28)",
        aliases=(
            "OpenAI chat format",
            "chat format",
            "messages column",
            "messages format",
            "role and content",
            "ChatML",
            "chat messages",
            "user and assistant turns",
            "conversational format",
            "alpaca to messages",
            "sharegpt to messages",
            "tool calls to OpenAI",
            "function_call to tool_calls",
            "preference pairs to messages",
            "transcripts to messages",
        ),
        not_for=(
            "ShareGPT: use to_sharegpt",
            "Alpaca: use to_alpaca",
            "prompt and completion: use to_prompt_completion",
            "conversation trees: use flatten_chat",
            "which rows would lose something: use chat_loss",
        ),
        examples=(
            Example(
                given={"instruction": ["Add.", "Hi", None], "input": ["1 + 1", None, ""], "output": ["2", "Hello", "?"]},
                gives={
                    "messages": [
                        [{"role": "user", "content": "Add.\n\n1 + 1"}, {"role": "assistant", "content": "2"}],
                        [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}],
                        None,
                    ]
                },
            ),
            Example(
                params={"has_input": False, "system": "Be brief."},
                given={"instruction": ["Hi"], "output": ["Ho"]},
                gives={
                    "messages": [
                        [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]
                    ]
                },
            ),
            Example(
                params={"made_of": "sharegpt"},
                given={"conversations": [[{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Ho"}, {"from": "tool", "value": "{}"}], None]},
                gives={
                    "messages": [
                        [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}, {"role": "tool", "content": "{}"}],
                        None,
                    ]
                },
            ),
            Example(
                params={"made_of": "sharegpt", "has_calls": True},
                given={
                    "conversations": [
                        [
                            {"from": "function_call", "value": '{"name": "add", "arguments": {"a": 1}}'},
                            {"from": "observation", "value": "2"},
                        ]
                    ]
                },
                gives={
                    "messages": [
                        [
                            {
                                "role": "assistant",
                                "content": None,
                                "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}}],
                                "tool_call_id": None,
                            },
                            {"role": "tool", "content": "2", "tool_calls": None, "tool_call_id": "call_1"},
                        ]
                    ]
                },
            ),
            Example(
                params={"made_of": "sharegpt", "has_tools": True},
                given={"conversations": [[]], "tools": ['[{"name": "add"}]']},
                gives={"messages": [[]], "tools": ['[{"type": "function", "function": {"name": "add"}}]']},
            ),
            Example(
                params={"made_of": "transcript"},
                given={"text": ["\n\nHuman: Hi\n\nAssistant: Ho"]},
                gives={"messages": [[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]]},
            ),
        ),
    )

    def target(self, given: Types) -> Turns:
        return Turns(shape=MESSAGES, keys=self.keys(given), has_calls=self.has_calls)

    def _plain(self, batch: pa.RecordBatch) -> pa.Array | None:
        return None if self.has_calls else super()._plain(batch)


class ToShareGPT(ToTurns):
    """Add the column `conversations`, the format of ShareGPT: turns with `from` and `value`, by human and gpt.

    It reads Alpaca's columns (bind others by `on`), OpenAI's `messages`, prompt and completion, the chosen side of preference
    pairs, transcripts, and ShareGPT that is written otherwise. Calls of tools become turns of `function_call`, what tools answered
    turns of `observation`, as LLaMA-Factory reads them; what else a turn carries stays. An input that is not blank goes below
    the instruction, after an empty line. A row without instruction or output gets null. The other columns stay: select_columns
    drops them.
    """

    shape: ClassVar[Shape] = SHAREGPT

    card: ClassVar[Card] = Card(
        stage="format",
        reads=PAIR,
        adds={"conversations": SHAREGPT.type},
        takes_nulls=True,
        exact=True,
        micros_per_row=2.0,
        proof="all 40 conversations of reason_tool_use_demo, whose reasoning and calls stand in parts, fit with nothing lost (2026-11-28)",
        aliases=(
            "ShareGPT",
            "ShareGPT format",
            "ShareGPT conversations",
            "conversations column",
            "from and value",
            "human and gpt turns",
            "vicuna format",
            "alpaca to sharegpt",
            "messages to sharegpt",
            "tool_calls to function_call",
        ),
        not_for=("OpenAI messages: use to_messages", "Alpaca: use to_alpaca", "conversation trees: use flatten_chat"),
        examples=(
            Example(
                params={"has_system": True},
                given={"instruction": ["Hi", "Hi"], "input": ["", "there"], "output": ["Ho", "Ho"], "system": ["Be kind.", " "]},
                gives={
                    "conversations": [
                        [{"from": "system", "value": "Be kind."}, {"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Ho"}],
                        [{"from": "human", "value": "Hi\n\nthere"}, {"from": "gpt", "value": "Ho"}],
                    ]
                },
            ),
            Example(
                params={"made_of": "messages"},
                given={"messages": [[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}], []]},
                gives={"conversations": [[{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Ho"}], []]},
            ),
            Example(
                params={"made_of": "messages"},
                given={
                    "messages": [
                        [
                            {"role": "assistant", "tool_calls": [{"id": "call_1", "function": {"name": "add", "arguments": '{"a": 1}'}}]},
                            {"role": "tool", "content": "2", "tool_call_id": "call_1"},
                        ]
                    ]
                },
                gives={
                    "conversations": [
                        [{"from": "function_call", "value": '{"name": "add", "arguments": {"a": 1}}'}, {"from": "observation", "value": "2"}]
                    ]
                },
            ),
        ),
    )
