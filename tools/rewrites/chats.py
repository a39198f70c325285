"""Conversations in the shapes that trainers read: OpenAI messages, ShareGPT, Alpaca."""

from collections.abc import Sequence
from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from tools.contract import ANY, Card, Columns, Desk, Example, Rewrite, Types

from .turns import CALLED, MESSAGES, SHAPES, SHAREGPT, Shape, checked, exchanges, made, question, translated

PAIR: Types = {"instruction": pa.string(), "input": pa.string(), "output": pa.string()}


class ToTurns(Rewrite):
    """What both chat formats share: turns are made from an instruction and its answer, or translated from the other format."""

    shape: ClassVar[Shape]
    other: ClassVar[Shape]

    made_of: str = "instruction"
    has_input: bool = Field(default=True, description="Whether there is a column `input`, which goes below the instruction.")
    has_system: bool = Field(default=False, description="Whether there is a column `system`, which becomes the first turn.")
    system: str | None = Field(default=None, min_length=1, description="A first turn for every conversation, the same for all.")

    def reads(self) -> Types:
        if self.made_of != "instruction":
            return {self.other.column: ANY}
        left_out = () if self.has_input else ("input",)
        return {name: kind for name, kind in PAIR.items() if name not in left_out} | ({"system": pa.string()} if self.has_system else {})

    def adds(self, given: Types) -> Types:
        if self.other.column in given:
            checked(self.other.column, given[self.other.column], self.other)
        return self.card.adds

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        if self.made_of != "instruction":
            return {self.shape.column: translated(batch[self.other.column], self.other, self.shape)}
        asked = question(batch["instruction"], batch["input"] if self.has_input else None)
        system = None if self.system is None else pa.array([self.system] * len(batch), pa.string())
        return {self.shape.column: made(self.shape, batch["system"] if self.has_system else system, asked, batch["output"])}


class ToMessages(ToTurns):
    """Add the column `messages`, the chat format of OpenAI: turns with `role` and `content`.

    It is made of the columns instruction, input and output (bind others by `on`), or of ShareGPT's `conversations`. An input
    that is not blank goes below the instruction, after an empty line. A row without instruction or output gets null; roles
    that OpenAI does not know, as of tools, stay as they are written. The other columns stay: select_columns drops them.
    """

    shape: ClassVar[Shape] = MESSAGES
    other: ClassVar[Shape] = SHAREGPT
    made_of: Literal["instruction", "sharegpt"] = Field(default="instruction", description="Columns of an instruction and its answer, or ShareGPT.")

    card: ClassVar[Card] = Card(
        stage="format",
        reads=PAIR,
        adds={"messages": MESSAGES.type},
        takes_nulls=True,
        exact=True,
        micros_per_row=2.0,
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
        ),
        not_for=("ShareGPT: use to_sharegpt", "Alpaca: use to_alpaca", "prompt and completion as texts: use derive"),
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
        ),
    )


class ToShareGPT(ToTurns):
    """Add the column `conversations`, the format of ShareGPT: turns with `from` and `value`, by human and gpt.

    It is made of the columns instruction, input and output (bind others by `on`), or of OpenAI's `messages`. An input that is
    not blank goes below the instruction, after an empty line. A row without instruction or output gets null. The other columns
    stay: select_columns drops them.
    """

    shape: ClassVar[Shape] = SHAREGPT
    other: ClassVar[Shape] = MESSAGES
    made_of: Literal["instruction", "messages"] = Field(default="instruction", description="Columns of an instruction and its answer, or messages.")

    card: ClassVar[Card] = Card(
        stage="format",
        reads=PAIR,
        adds={"conversations": SHAREGPT.type},
        takes_nulls=True,
        exact=True,
        micros_per_row=2.0,
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
        ),
        not_for=("OpenAI messages: use to_messages", "Alpaca: use to_alpaca"),
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
        ),
    )


class ToAlpaca(Rewrite):
    """Add the columns instruction, input and output, the Alpaca format, out of a conversation.

    It reads OpenAI's `messages` or ShareGPT's `conversations` and takes the first thing the user said and the answer to it;
    `input` is empty. With `turn: last` it takes the last, and adds the exchanges before it as the column `history`. Turns of
    tools are left out; a conversation without an answer gives nulls. Questions and answers in columns only need rename.
    """

    made_of: Literal["messages", "sharegpt"] = Field(default="messages", description="The format of the conversation.")
    turn: Literal["first", "last"] = Field(default="first", description="Which question and answer to take; the last goes with its history.")
    has_system: bool = Field(default=False, description="Add the column `system`, what the system said, empty where it said nothing.")

    card: ClassVar[Card] = Card(
        stage="format",
        reads={"messages": ANY},
        adds=PAIR,
        takes_nulls=True,
        exact=True,
        micros_per_row=15.0,
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
                params={"made_of": "sharegpt", "turn": "last", "has_system": True},
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

    def reads(self) -> Types:
        return {SHAPES[self.made_of].column: ANY}

    def adds(self, given: Types) -> Types:
        shape = SHAPES[self.made_of]
        if shape.column in given:
            checked(shape.column, given[shape.column], shape)
        history = {"history": pa.list_(pa.list_(pa.string()))} if self.turn == "last" else {}
        return {**PAIR, **history} | ({"system": pa.string()} if self.has_system else {})

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        shape = SHAPES[self.made_of]
        talks = [conversation or [] for conversation in batch[shape.column].to_pylist()]
        pairs = [list(exchanges(talk, shape)) for talk in talks]
        at = 0 if self.turn == "first" else -1
        columns: dict[str, Sequence[object]] = {
            "instruction": [pair[at][0] if pair else None for pair in pairs],
            "input": ["" if pair else None for pair in pairs],
            "output": [pair[at][1] if pair else None for pair in pairs],
            "history": [pair[:-1] if pair else None for pair in pairs],
            "system": ["\n\n".join(turn[shape.what] or "" for turn in talk if turn and turn[shape.who] in CALLED["system"]) for talk in talks],
        }
        return {name: pa.array(columns[name], kind) for name, kind in self.adds({}).items()}
