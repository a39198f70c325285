"""Text of strangers made fit for a page: nothing hidden, nothing that turns the direction of what follows, nothing endless."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import islice

from markupsafe import Markup, escape

MOST = 300  # characters of a value
LEAD = 60  # characters before the first change
# line breaks and tabs, and the joiners without which some scripts and emoji fall apart
HARMLESS = {"\n", "\t", "\u200c", "\u200d"}
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)


def is_hidden(character: str) -> bool:
    """Controls, direction marks, invisible and unassigned characters."""
    return unicodedata.category(character) in HIDDEN and character not in HARMLESS


def plain(value: object) -> str:
    """A value as one string in which hidden characters stand as escapes, fit for any place on the page."""
    return "".join(_escaped(one) if is_hidden(one) else one for one in str(value))


def marked(text: str) -> Markup:
    """The same for the text of a row: escapes are set apart, so that they are not taken for what the row says."""
    return Markup("").join(_span(one) if is_hidden(one) else escape(one) for one in text)


def cut(text: str, most: int = MOST) -> str:
    """The head of a text, and how long it is where that is not all."""
    return text if len(text) <= most else f"{text[:most].rstrip()} … ({len(text):,} characters)"


def difference(before: str, after: str) -> tuple[Markup, Markup]:
    """Both texts around their first change, with what went and what came marked."""
    start = max(0, _same_head(before, after) - LEAD)
    old, new = (_window(text, start) for text in (before, after))
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    if len(steps) > 1 and steps[-1][0] != "equal" and min(len(before), len(after)) > start + MOST:
        steps.pop()  # the two windows end at other words: no change
    sides: tuple[list[Markup], list[Markup]] = ([], [])
    for kind, a, b, c, d in steps:
        for side, tag, tokens in ((sides[0], "del", old[a:b]), (sides[1], "ins", new[c:d])):
            text = marked("".join(tokens))
            side.append(text if kind == "equal" or not tokens else Markup("<{0}>{1}</{0}>").format(Markup(tag), text))
    head = Markup("… " if start else "")
    return tuple(head + Markup("").join(side) + _tail(text, start) for side, text in zip(sides, (before, after), strict=True))  # type: ignore[return-value]


def _window(text: str, start: int) -> list[str]:
    return list(islice(_tokens(text[start : start + MOST]), MOST))


def _tokens(text: str) -> Iterator[str]:
    return (found[0] for found in TOKEN.finditer(text))


def _tail(text: str, start: int) -> Markup:
    return Markup(" … ({} characters)").format(f"{len(text):,}") if len(text) > start + MOST else Markup("")


def _same_head(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _span(character: str) -> Markup:
    return Markup('<span class="hidden-character">{}</span>').format(_escaped(character))
