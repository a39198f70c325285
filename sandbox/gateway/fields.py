"""The request: only fields that every server of this protocol knows, less those that this one has refused."""

import json
import re
from collections.abc import Mapping
from typing import Any

from .asking import Ask, Message, Mode

ORDER = "Answer with one JSON object and nothing else: no prose, no fence. It must fit this JSON Schema:\n"
MAY_GO = ("stream_options", "seed", "temperature", "max_tokens")
TOO_LONG = re.compile(r"context|too long|too many tokens|maximum.{0,20}(?:length|tokens)", re.IGNORECASE)
FORMAT = re.compile(r"response_format|json_schema|json schema|structured|grammar|guided", re.IGNORECASE)


def with_schema(ask: Ask) -> tuple[Message, ...]:
    """The conversation with the schema written into its first system turn: llama.cpp does not show it to the model, others ignore it."""
    if ask.schema is None:
        return ask.messages
    order = ORDER + json.dumps(ask.schema, ensure_ascii=False, separators=(",", ":"))
    first, rest = ask.messages[:1], ask.messages[1:]
    if first and first[0].role == "system":
        return Message("system", f"{first[0].content}\n\n{order}"), *rest
    return Message("system", order), *ask.messages


def fields(model: str, ask: Ask, mode: Mode, refused: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The body of the request, always as a stream: so it can be shown, counted and cut while it comes."""
    made: dict[str, Any] = {
        "model": model,
        "messages": [{"role": message.role, "content": message.content} for message in ask.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": ask.temperature,
        "seed": ask.seed,
        "max_tokens": ask.most_tokens,
        **_format(ask, mode),
    }
    if "max_tokens" in refused:  # models that think take only the newer name
        made["max_completion_tokens"] = ask.most_tokens
    return {name: value for name, value in made.items() if name not in refused}


def named_in(refusal: str, refused: frozenset[str]) -> str | None:
    """The field that a refusal complains about, if one can go without."""
    return next((name for name in MAY_GO if name not in refused and re.search(rf"\b{name}\b", refusal)), None)


def is_too_long(refusal: str) -> bool:
    """Whether a refusal is about the length of the question: another mode would be refused as well."""
    return TOO_LONG.search(refusal) is not None and FORMAT.search(refusal) is None


def _format(ask: Ask, mode: Mode) -> dict[str, Any]:
    if ask.schema is None or mode not in ("json_schema", "json_object"):
        return {}
    if mode == "json_object":
        return {"response_format": {"type": "json_object"}}
    told = {"name": ask.name, "schema": dict(ask.schema), "strict": _is_closed(ask.schema)}
    return {"response_format": {"type": "json_schema", "json_schema": told}}


def _is_closed(schema: Any) -> bool:
    """Whether every object names all its keys and needs them: `strict` is refused for any other schema."""
    if isinstance(schema, list | tuple):
        return all(map(_is_closed, schema))
    if not isinstance(schema, Mapping):
        return True
    if "properties" in schema and isinstance(schema["properties"], Mapping):
        keys = set(schema["properties"])
        if schema.get("additionalProperties") is not False or set(schema.get("required", ())) != keys:
            return False
    return all(_is_closed(value) for key, value in schema.items() if key not in ("enum", "const", "default", "examples"))
