"""Cuts the blocks between Markdown fences out of a text."""

import re
from dataclasses import dataclass

_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})[ \t]*(?P<tag>[^\s`{]*)[^`]*")


@dataclass(frozen=True)
class Block:
    """What stands between two fences: `tag` is the word behind the first, `line` the line that the code begins in, counted from 1."""

    tag: str
    code: str
    line: int


def blocks(text: str) -> list[Block]:
    """All blocks, in order. One that is never closed ends with the text."""
    found: list[Block] = []
    lines = text.splitlines(keepends=True)
    opened, mark, tag = -1, "", ""
    for number, line in enumerate(lines):
        fence = _FENCE.fullmatch(line.rstrip())
        if fence is None:
            continue
        if opened < 0:
            opened, mark, tag = number, fence["mark"], fence["tag"].casefold()
        elif fence["mark"].startswith(mark) and line.strip() == fence["mark"]:
            found.append(Block(tag, "".join(lines[opened + 1 : number]), opened + 2))
            opened = -1
    if opened >= 0:
        found.append(Block(tag, "".join(lines[opened + 1 :]), opened + 2))
    return found


def unwrapped(text: str) -> Block | None:
    """The one block that a text is made of, where nothing stands around it."""
    stripped = text.strip()
    if not stripped.startswith(("```", "~~~")):
        return None
    found = blocks(stripped)
    whole = len(found) == 1 and stripped.count("\n") + 1 - found[0].code.count("\n") <= 2
    before = text[: len(text) - len(text.lstrip())].count("\n")
    return Block(found[0].tag, found[0].code, found[0].line + before) if whole else None
