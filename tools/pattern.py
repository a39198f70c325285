"""Regular expressions of users: RE2, which takes linear time on any text."""

import re

import pyarrow as pa
import pyarrow.compute as pc

ONE_BYTE = re.compile(r"(?<!\\)(?:\\\\)*\\C")  # `\C` could cut a character in two

BRACKETS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]", re.DOTALL)  # an escape, a class of characters, or a round bracket

MENDS = {
    "invalid perl operator": "RE2 has no look-ahead, look-behind or atomic groups: match what stands around it too, or use two steps",
    "invalid escape sequence": "RE2 has no back-references and few escapes: write a literal backslash as \\\\",
    "invalid repetition size": "RE2 repeats at most 1000 times: use + or *",
    "missing )": "write a literal bracket as \\(",
    "missing ]": "write a literal bracket as \\[",
    "unexpected ): ": "write a literal bracket as \\)",
    "no argument for repetition operator": "write a literal *, + or ? with a backslash before it",
}


def checked(pattern: str) -> str:
    """The pattern itself. Raises ValueError with the mend for what is no RE2 expression."""
    if ONE_BYTE.search(pattern):
        raise ValueError(f"{pattern!r} matches single bytes by \\C: use . or (?s). for any character")
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        reason = str(error).removeprefix("Invalid regular expression: ")
        mend = next((f"; {mend}" for sign, mend in MENDS.items() if sign in reason), "")
        raise ValueError(f"{pattern!r} is no RE2 expression{_place(pattern, reason)} ({reason}){mend}") from None
    return pattern


def _place(pattern: str, reason: str) -> str:
    """Where RE2 stopped, counted from 1: it names the piece, or for a bracket that is never closed the whole pattern."""
    piece = reason.partition(": ")[2]
    at = pattern.find(piece) if piece != pattern else _unclosed(pattern) if reason.startswith("missing )") else 0
    return f", position {at + 1}" if at >= 0 and piece else ""


def _unclosed(pattern: str) -> int:
    """The last round bracket that is opened and not closed; -1: none."""
    opened: list[int] = []
    for found in BRACKETS.finditer(pattern):
        if found[0] == "(":
            opened.append(found.start())
        elif found[0] == ")" and opened:
            opened.pop()
    return opened[-1] if opened else -1


def occurrences(texts: pa.Array, pattern: str, ignore_case: bool) -> pa.Array:
    """How often a pattern occurs in each text.

    Arrow's own count forgets what stands before the place where it goes on, so that `^` and `\\b` count too often: here each
    match is marked by one byte, and the bytes added are counted.
    """
    marked = pc.replace_substring_regex(texts, f"(?i){pattern}" if ignore_case else pattern, "\\0\x01")
    return pc.subtract(pc.binary_length(marked), pc.binary_length(texts))
