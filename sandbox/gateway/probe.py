"""Finds out what a server does with a schema: whether it holds its model to it, to any JSON, or to nothing. Being accepted proves nothing."""

from collections.abc import Callable

from .asking import Ask, Message, Mode
from .errors import Busy, Rejected, Unreadable
from .objects import strictly
from .saying import Said

SCHEMA = {"type": "object", "properties": {"ok": {"const": True}}, "required": ["ok"], "additionalProperties": False}
WISH = "Write the word banana three times, in plain words: no JSON, no braces, no quotes."  # a json_object wants the word JSON in its prompt
QUESTION = Ask((Message("user", WISH),), SCHEMA, name="probe", most_tokens=1024)  # models that think need room for it
WEAKER: dict[Mode, Mode] = {"json_schema": "json_object", "json_object": "prompt"}
NOT_KNOWN = (400, 415, 422, 501)


def probe(say: Callable[[Ask, Mode], Said]) -> tuple[Mode, bool]:
    """The strongest mode that holds against a prompt that wants something else, and whether that is sure enough to be kept.

    `say` asks once. The schema must not be in the prompt, or a model that is good at following it would look held.
    """
    is_sure = True
    for mode in WEAKER:
        try:
            said = say(QUESTION, mode)
        except Rejected as error:
            if error.status not in NOT_KNOWN:
                raise
            continue
        except (Busy, Unreadable):  # some servers break over a schema instead of refusing it; others are just busy
            is_sure = False
            continue
        found = strictly(said.text.strip())
        if found is not None and (mode == "json_object" or found == {"ok": True}):
            return mode, is_sure
        is_sure = is_sure and said.ended != "length"
    return "prompt", is_sure
