"""A conversation as every format sees it: turns by role, calls of tools, the answer, perhaps a worse answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import pyarrow as pa

SYSTEM, USER, ASSISTANT, TOOL, CALLS = "system", "user", "assistant", "tool", "function_call"
CALLED: Mapping[str, tuple[str, ...]] = {  # what roles are called in files of any format
    SYSTEM: ("system",),
    USER: ("user", "human", "prompter"),
    ASSISTANT: ("assistant", "gpt", "chatgpt", "bot", "model", "bard", "bing", "claude"),
    TOOL: ("tool", "observation", "tool_response", "function_response", "function"),
    CALLS: ("function_call", "tool_call", "tool_calls"),
}
ROLES: Mapping[str, str] = {name: role for role, names in CALLED.items() for name in names}
NO_KEYS: Mapping[str, object] = MappingProxyType({})


class Call(NamedTuple):
    """One call of a tool; `arguments` is JSON text."""

    name: str
    arguments: str
    id: str | None = None


class Turn(NamedTuple):
    """What one side says; `who` is a role above, or the word of the file."""

    who: str
    text: str | None
    calls: tuple[Call, ...] = ()
    call_id: str | None = None  # of the call that a tool answers
    keys: Mapping[str, object] = NO_KEYS  # what else stands in the turn, such as its weight
    parts: int = 0  # parts that are no text, such as images


class Talk(NamedTuple):
    """One row. `answer`: how many turns stand before the answer, where the format says so."""

    turns: Sequence[Turn]
    answer: int | None = None
    rejected: Sequence[Turn] | None = None


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How a format writes a turn: who speaks, what is said, and its words for the roles."""

    column: str
    who: str
    what: str
    words: Mapping[str, str]

    @property
    def type(self) -> pa.DataType:
        return pa.list_(pa.struct([pa.field(self.who, pa.string()), pa.field(self.what, pa.string())]))


MESSAGES = Shape(column="messages", who="role", what="content", words={role: role for role in CALLED})
SHAREGPT = Shape(
    column="conversations",
    who="from",
    what="value",
    words={SYSTEM: "system", USER: "human", ASSISTANT: "gpt", TOOL: "observation", CALLS: "function_call"},
)
