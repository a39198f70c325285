"""From what a model wrote to the JSON object in it: strictly, then without thoughts and fences, then mended."""

import json
import re
from typing import Any

THOUGHT = re.compile(r"\A\s*(?:<think(?:ing)?>)?.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
OPEN_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>", re.IGNORECASE)
FENCE = re.compile(r"```[\w-]*[ \t]*\n(.*?)(?:\n[ \t]*```|\Z)", re.DOTALL)
DEEPEST = 64


def read(text: str) -> tuple[dict[str, Any], bool] | None:
    """The object, and whether json-repair was needed for it; None where there is none."""
    for form in (text, *_bare(text)):
        if (found := strictly(form)) is not None:
            return found, False
    mended = _mended(text)
    return None if mended is None else (mended, True)


def strictly(text: str) -> dict[str, Any] | None:
    """The object that the whole text is: no NaN, no key twice, not deeper than any plan."""
    if _is_deep(text):
        return None
    try:
        found = json.loads(text, parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    return _clean(found, text) if isinstance(found, dict) else None


def without_thoughts(text: str) -> str:
    """What follows `</think>`; nothing where a thought never ends."""
    if "</think" in text.lower():
        return THOUGHT.sub("", text, count=1)
    return "" if OPEN_THOUGHT.match(text) else text


def _bare(text: str) -> list[str]:
    said = without_thoughts(text)
    return [said, *FENCE.findall(said)]


def _mended(text: str) -> dict[str, Any] | None:
    said = without_thoughts(text)
    start = said.find("{")
    if start < 0 or _is_deep(said):
        return None
    from json_repair import repair_json

    try:
        found = repair_json(said[start:], return_objects=True, skip_json_loads=True)
    except (ValueError, RecursionError, IndexError, TypeError):
        return None
    if isinstance(found, list):  # text after the object makes it a list of both
        found = next((one for one in found if isinstance(one, dict)), None)
    return _clean(found, text) if isinstance(found, dict) and found else None


def _clean(found: dict[str, Any], text: str) -> dict[str, Any]:
    """Without halves of characters, which JSON can spell and no file can hold."""
    if "\\ud" not in text.lower():
        return found
    made: dict[str, Any] = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    return made


def _is_deep(text: str) -> bool:
    """Counted, not parsed: both parsers call themselves once a level."""
    depth = most = 0
    for bracket in re.findall(r"[][{}]", text):
        depth += 1 if bracket in "[{" else -1
        most = max(most, depth)
    return most > DEEPEST


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands twice")
    return made
