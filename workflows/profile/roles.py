"""What columns seem to be for, in words, and the shape of the data: instruction pairs, messages, plain texts."""

import re
from collections.abc import Sequence
from dataclasses import replace

from .result import Column

SHAPES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("instruction", "input", "output"), "instruction data: an instruction, an input it may need, and the output"),
    (("instruction", "input", "response"), "instruction data: an instruction, an input it may need, and the response"),
    (("instruction", "output"), "instruction data: an instruction and its output"),
    (("instruction", "response"), "instruction data: an instruction and its response"),
    (("question", "answer"), "questions with answers"),
    (("prompt", "chosen", "rejected"), "preference pairs: a prompt, the chosen answer and the rejected one"),
    (("chosen", "rejected"), "preference pairs: a chosen and a rejected text"),
    (("prompt", "completion"), "prompts with completions"),
    (("prompt", "response"), "prompts with responses"),
    (("messages",), "chats: a list of messages in each row"),
    (("conversations",), "chats: a list of turns in each row"),
)
TEXTS = ("text", "content", "body", "full_text", "document")
URL = re.compile(r"(?i)(?:https?|ftp)://\S+|www\.\S+")
MOST_LABELS = 200
LONG = 40  # characters of a text to read


def shape_of(columns: Sequence[Column]) -> tuple[tuple[str, ...], str]:
    """The columns of a known shape and what it is; none where the data has none."""
    names = {column.name: column for column in columns}
    for wanted, words in SHAPES:
        nested = wanted[0] in ("messages", "conversations")
        if all(name in names for name in wanted) and (not nested or names[wanted[0]].kind in ("nested", "json")):
            return wanted, words
    return (), ""


def content_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """The columns that make a row what it is: those of its shape, else its main text, else all but keys."""
    shape, _ = shape_of(columns)
    if shape:
        return shape
    texts = [column for column in columns if column.kind == "text" and _length(column)]
    named = [column for column in texts if column.name.lower() in TEXTS]
    main = max(named or texts, key=_length, default=None)
    if main is not None and (named or _length(main) >= LONG or (main.distinct or 0) > MOST_LABELS):
        return (main.name,)
    return tuple(column.name for column in columns if not _is_key(column)) or tuple(column.name for column in columns)


def examined_of(columns: Sequence[Column], content: Sequence[str], most: int) -> tuple[str, ...]:
    """The texts worth reading for their language: those of the content, then other long ones."""
    texts = [column for column in columns if column.kind == "text" and not _is_label(column) and (column.name in content or _length(column) >= LONG)]
    texts.sort(key=lambda column: (column.name not in content, -_length(column)))
    return tuple(column.name for column in texts[:most])


def compared_of(columns: Sequence[Column], content: Sequence[str]) -> tuple[str, ...]:
    """The texts of the content, by which near-duplicates are told."""
    return tuple(column.name for column in columns if column.name in content and column.kind in ("text", "json") and not _is_label(column))


def role(column: Column, is_content: bool) -> Column:
    """The column with its role in words."""
    return replace(column, role=_role(column, is_content))


def _role(column: Column, is_content: bool) -> str:
    filled, distinct = column.filled, column.distinct
    if not column.rows:
        return "no rows"
    if not filled or (column.kind == "text" and column.empties == filled):
        return "empty"
    if distinct == 1 and column.rows > 1:
        return "always the same"
    if column.name.lower() in ("messages", "conversations") and column.kind in ("nested", "json"):
        return "a chat in turns"
    if column.kind in ("nested", "json", "bytes", "time", "flag"):
        return {"nested": "nested values", "json": "mixed values, kept as JSON", "bytes": "bytes", "time": "times", "flag": "yes or no"}[column.kind]
    if _is_key(column):
        return "id: every value is another one"
    if column.kind == "text" and column.examples and all(URL.fullmatch(text) for text in column.examples):
        return "web addresses"
    if _is_label(column):
        return f"label: {distinct:,} values"
    if column.kind == "number":
        return "numbers"
    if is_content:
        return "text: what the row is about"
    return "text" if _length(column) >= LONG else "short text"


def _is_key(column: Column) -> bool:
    if column.filled < 3 or column.distinct is None or column.kind not in ("text", "number"):
        return False
    is_each = column.distinct == column.filled if column.distinct_exact else column.distinct > 0.98 * column.filled
    is_whole = column.kind == "number" and column.type.startswith(("int", "uint"))
    return is_each and (is_whole or (column.kind == "text" and _length(column) < LONG and column.name.lower() not in TEXTS and _is_code(column)))


def _is_label(column: Column) -> bool:
    return bool(column.top) and not (column.kind == "text" and _length(column) >= 60)


def _is_code(column: Column) -> bool:
    return all(" " not in text for text in column.examples)


def _length(column: Column) -> float:
    return column.characters.mean or 0.0 if column.characters is not None else 0.0
