"""What the test server says when no script tells it: by mode, as bad or as good at schemas as real servers are."""

import json
import random
from collections.abc import Callable
from typing import Any

from .random_json import instance

SHOWN = "JSON Schema:\n"
PROSE = "banana banana banana"
Mind = Callable[[dict[str, Any], random.Random], str]


def schema_in_format(body: dict[str, Any]) -> Any | None:
    return ((body.get("response_format") or {}).get("json_schema") or {}).get("schema")


def schema_in_prompt(body: dict[str, Any]) -> Any | None:
    """The schema that stands in the conversation, if one does."""
    for message in body["messages"]:
        _, found, rest = str(message["content"]).partition(SHOWN)
        if found:
            return json.JSONDecoder().raw_decode(rest)[0]
    return None


def scripted(body: dict[str, Any], rng: random.Random) -> str:
    """An obedient model of few words: the simplest instance of the schema."""
    return random_mind(body, random.Random(0))


def random_mind(body: dict[str, Any], rng: random.Random) -> str:
    """Holds to the schema, whatever the prompt says; what it fills in is random."""
    schema = schema_in_format(body) or schema_in_prompt(body)
    if schema is None:
        return json.dumps({"said": PROSE}) if body.get("response_format") else PROSE
    return json.dumps(instance(schema, rng), ensure_ascii=rng.random() < 0.5)


def ignoring(body: dict[str, Any], rng: random.Random) -> str:
    """Accepts response_format and does not look at it; follows a schema in the prompt, in a fence and with some talk."""
    schema = schema_in_prompt(body)
    return PROSE if schema is None else f"Sure! Here it is:\n```json\n{json.dumps(instance(schema, rng), indent=1)}\n```\nAnything else?"


def json_only(body: dict[str, Any], rng: random.Random) -> str:
    """Knows json_object only: any JSON, not this one."""
    if body.get("response_format") is None:
        return ignoring(body, rng)
    schema = schema_in_prompt(body)
    return json.dumps({"said": PROSE} if schema is None else instance(schema, rng))


MINDS: dict[str, Mind] = {"scripted": scripted, "random": random_mind, "ignores": ignoring, "refuses": ignoring, "json_object": json_only}
