"""What is asked of a model, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["system", "user", "assistant"]
Mode = Literal["json_schema", "json_object", "prompt", "grammar"]


@dataclass(frozen=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True)
class Ask:
    """One question. With a `schema` the answer is one JSON object; the schema is also shown to the model, since some servers hide or ignore it."""

    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None
    name: str = "answer"
    most_tokens: int = 1024
    temperature: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class Reply:
    """An answer that is complete. It is JSON where a schema was asked, but nobody has held `data` against the schema yet: do that."""

    text: str
    data: dict[str, Any] | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = field(default=0.0, kw_only=True)  # 0 where the answer comes from the cache
    seconds: float = field(default=0.0, kw_only=True)
    mode: Mode = field(default="prompt", kw_only=True)
    mended: bool = field(default=False, kw_only=True)  # it was no JSON until json-repair had been at it
    cached: bool = field(default=False, kw_only=True)
    estimated: bool = field(default=False, kw_only=True)  # the server said nothing of tokens: they are our own estimate
