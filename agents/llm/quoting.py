"""How what others wrote reaches a prompt: as JSON on single lines, capped, between two marks that nobody can have written into it."""

import json
import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

MOST_VALUE = 200  # characters of one value
MOST_NAME = 80  # of a column's or a source's name
MOST_LINES = 200
MOST_FENCED = 16_000  # characters between two marks
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # controls, direction marks, invisible joiners and tags, halves of pairs, line separators
FENCE = re.compile(r"<<<DATA ([0-9a-f]{16})\n.*?\n\1 DATA>>>", re.DOTALL)


def fenced(lines: Iterable[str]) -> str:
    """The lines between marks that hold a digest of the lines: the same data has the same marks, and data cannot hold its own digest."""
    kept: list[str] = []
    left = MOST_FENCED
    for line in lines:
        left -= len(line) + 1
        if left < 0 or len(kept) == MOST_LINES:
            kept.append('"(more was left out)"')
            break
        kept.append(line)
    body = "\n".join(kept)
    mark = sha256(body.encode("utf-8", "backslashreplace")).hexdigest()[:16]
    while mark in body:
        mark = sha256(mark.encode()).hexdigest()[:16]
    return f"<<<DATA {mark}\n{body}\n{mark} DATA>>>"


def quoted(value: object, most: int = MOST_VALUE) -> str:
    """A value as JSON on one line: cut where it is long, with everything visible that could hide or turn text."""
    if isinstance(value, bool | int | float) or value is None:
        return json.dumps(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(map(_shown, json.dumps(cut, ensure_ascii=False)))


def plain(text: str, most: int) -> str:
    """Words of a model or a person on one line, without what hides or turns text."""
    seen = "".join(" " if sign in "\n\r\t" else sign for sign in text if sign in "\n\r\t" or unicodedata.category(sign) not in HIDDEN)
    line = " ".join(seen.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _shown(sign: str) -> str:
    if unicodedata.category(sign) not in HIDDEN:
        return sign
    return "".join(f"\\u{int.from_bytes(pair, 'big'):04x}" for pair in _pairs(sign))


def _pairs(sign: str) -> list[bytes]:
    """UTF-16 units, as JSON writes signs beyond the first plane."""
    raw = sign.encode("utf-16-be", "surrogatepass")
    return [raw[start : start + 2] for start in range(0, len(raw), 2)]
