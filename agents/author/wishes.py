"""Reads whether a message wants an operator to be written, and for what."""

import re
from collections.abc import Mapping
from typing import Any

ACCEPTS = re.compile(r"/?accept(?: it| this| the operator)?[.!]?|(?:yes,? )?(?:use|take|add) (?:it|this|the operator)[.!]?", re.I)
_WRITES = re.compile(
    r"/?(?:please )?(?:write|author|make|create|code)(?: me)? (?:your own|a new|an?|the) (?:own |new |custom )?operator\b[:,]?\s*"
    r"(?:(?:that|which|to|for)\b)?(?P<wish>.*)",
    re.I | re.S,
)
_THIS = re.compile(r"/?write(?: (?:one|it|that))?[.!]?", re.I)


def wish_of(message: str, turn: Mapping[str, Any]) -> str | None:
    """What the operator is to do; `write one` means what was refused or not understood last. None: no operator is asked for."""
    found = _WRITES.fullmatch(message.strip())
    if found and found["wish"].strip(" ."):
        return found["wish"].strip()
    if found or _THIS.fullmatch(message.strip()):
        return next((str(part) for part in turn.get("unclear", ()) if str(part).strip()), None)
    return None
