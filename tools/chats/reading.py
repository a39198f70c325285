"""Turns out of whatever a file holds: lists of records, one record, JSON text, transcripts, plain text."""

import json
import re
from collections.abc import Mapping, Sequence

from .calls import call_of, loaded
from .talk import ASSISTANT, NO_KEYS, ROLES, SYSTEM, USER, Call, Turn

WHO, WHAT = ("role", "from"), ("content", "value", "text")
KNOWN = frozenset((*WHO, *WHAT, "tool_calls", "tool_call_id", "function_call"))
SPEAKER = re.compile(r"(?:\A|\n\n)(Human|User|Assistant|System):(?: |(?=\n)|\Z)")
NAMES: Mapping[str, str] = {"Human": USER, "User": USER, "Assistant": ASSISTANT, "System": SYSTEM}
SPOKEN: Mapping[str, str] = {USER: "Human", ASSISTANT: "Assistant", SYSTEM: "System"}
TREE_REPLIES = ("replies", "children", "responses")
THINKS = ("reasoning", "thinking")


class Unreadable(ValueError):
    """A value that is no conversation; the text says why."""


def turns_of(value: object) -> list[Turn]:
    """The turns of a list, of one record, or of JSON text that is either. Raises Unreadable."""
    if isinstance(value, str):
        value = loaded(value)
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise Unreadable("it is no list of turns")
    return [_turn(one) for one in value if one is not None]


def said_by(value: object, role: str) -> list[Turn]:
    """The same, where a plain text is one turn of this role."""
    if not isinstance(value, str):
        return turns_of(value)
    found = loaded(value) if value[:2] in ("[{", '{"') else None
    is_turn = isinstance(found, list) and found and all(isinstance(one, Mapping) and one.keys() & set(WHO) for one in found)
    return turns_of(found) if is_turn else [Turn(role, value)]


def is_transcript(text: str) -> bool:
    """Whether a text begins with a speaker's name, as `Human:`."""
    return SPEAKER.match(text) is not None or SPEAKER.match(text.lstrip("\n")) is not None


def transcript(text: str) -> list[Turn]:
    """The turns of a text with speakers at the heads of its paragraphs. Raises Unreadable."""
    heads = list(SPEAKER.finditer(text))
    if not heads or text[: heads[0].start()].strip():
        raise Unreadable("it does not begin with a speaker such as 'Human:'")
    stops = [*(head.start() for head in heads[1:]), len(text)]
    return [Turn(NAMES[head[1]], text[head.end() : stop]) for head, stop in zip(heads, stops, strict=True)]


def as_transcript(turns: Sequence[Turn]) -> str:
    """The turns as a text with speakers; roles that it has no name for are left out."""
    return "".join(f"\n\n{SPOKEN[turn.who]}: {turn.text}" for turn in turns if turn.who in SPOKEN and turn.text is not None)


def _turn(given: object) -> Turn:
    if type(given) is dict and len(given) == 2:  # nearly all are: who speaks and what is said
        said, text = given.get("role", given.get("from")), given.get("content", given.get("value"))
        if type(said) is str and type(text) is str:
            return Turn(ROLES.get(said) or ROLES.get(said.strip().lower(), said), text)
    if not isinstance(given, Mapping):
        raise Unreadable("a turn is no record")
    who = next((given[key] for key in WHO if isinstance(given.get(key), str)), None)
    if who is None:
        raise Unreadable(f"a turn has no {' or '.join(map(repr, WHO))}")
    content = next((given[key] for key in WHAT if given.get(key) is not None), None)
    text, calls, parts = _content(content)
    calls += _beside(given)
    answers = given.get("tool_call_id")
    keys = {key: value for key, value in given.items() if key not in KNOWN and value is not None}
    return Turn(
        ROLES.get(who.strip().lower(), who),
        (text or None) if calls else text,
        calls,
        answers if isinstance(answers, str) else None,
        keys or NO_KEYS,
        parts,
    )


def _beside(given: Mapping[str, object]) -> tuple[Call, ...]:
    """The calls in the keys of their own; an old form holds one."""
    listed = given.get("tool_calls")
    each = listed if isinstance(listed, list) else [one for one in (given.get("function_call"),) if one is not None]
    return tuple(call for one in each if (call := call_of(one)))


def _content(content: object) -> tuple[str | None, tuple[Call, ...], int]:
    """What is said, what is called, and how many parts are neither."""
    if content is None or isinstance(content, str):
        return content, (), 0
    if not isinstance(content, list):
        return json.dumps(content, ensure_ascii=False), (), 0
    texts, calls, parts, thought = list[str](), list[Call](), 0, ""
    for part in content:
        kind = part.get("type") if isinstance(part, Mapping) else None
        said = (
            part if isinstance(part, str) else next((part[key] for key in (*WHAT, *THINKS) if isinstance(part.get(key), str)), None) if kind else None
        )
        call = call_of(loaded(said)) if kind == "tool_call" else None
        if call:
            calls.append(call)
        elif kind in THINKS and said is not None:
            thought += f"<think>\n{said}\n</think>\n\n"
        elif said is not None and kind in (None, "text"):
            texts.append(said)
        else:
            parts += 1
    return (thought + "\n".join(texts) if thought or texts else None), tuple(calls), parts
