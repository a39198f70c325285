"""The words in which the checks of a file of goals speak: what a Python expression there may call beside the language itself."""

import ast
import collections
import hashlib
import html
import itertools
import json
import math
import random
import re
import statistics
import unicodedata
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from importlib import import_module
from itertools import pairwise

Row = Mapping[str, object]
EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"
SWEAR = r"\b(?:(?:mother)?fuck\w*|shit\w*|bullshit|bitch\w*|cunts?|assholes?|bastards?|whores?|sluts?)\b"
SKETCH = 64  # smallest shingles by which near twins find each other


class CannotTell(Exception):
    """A check that cannot be made here."""


# ---- values and keys


def norm(value: object) -> str:
    """One value as text, the same whichever format it came through."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, list | tuple | dict):
        return json.dumps(_deep(value), ensure_ascii=False, sort_keys=True)
    return str(value).replace("\r\n", "\n")


def _deep(value: object) -> object:
    if isinstance(value, dict):
        return {key: _deep(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_deep(inner) for inner in value]
    return norm(value)


def key(row: Row, columns: str) -> tuple[str, ...]:
    return tuple(norm(row.get(name.strip())) for name in columns.split(","))


def keys(rows: Iterable[Row], columns: str) -> list[tuple[str, ...]]:
    names = [name.strip() for name in columns.split(",")]
    return [tuple([norm(row.get(name)) for name in names]) for row in rows]


def index(rows: Iterable[Row], columns: str) -> dict[tuple[str, ...], Row]:
    return {key(row, columns): row for row in rows}


def pair(out: Iterable[Row], rows: Iterable[Row], columns: str) -> list[tuple[Row, Row]]:
    """Each output row with the input row of the same key."""
    by = index(rows, columns)
    return [(row, by[found]) for row in out if (found := key(row, columns)) in by]


# ---- sets of rows


def share(flags: Iterable[object]) -> float:
    seen = [bool(flag) for flag in flags]
    return sum(seen) / len(seen) if seen else 0.0


def kept(rows: Iterable[Row], out: Iterable[Row], columns: str) -> float:
    """Share of these rows, by key, that are in the output; 1 of no rows."""
    have, wanted = set(keys(out, columns)), keys(rows, columns)
    return sum(one in have for one in wanted) / len(wanted) if wanted else 1.0


def kept2(values: Iterable[object], got: Collection[object]) -> float:
    """Share of these values that are among others; 1 of no values."""
    found = list(values)
    return sum(value in got for value in found) / len(found) if found else 1.0


def subset(out: Iterable[Row], rows: Iterable[Row], columns: str) -> bool:
    """Every output row is an input row, no more often than it was there."""
    return not Counter(keys(out, columns)) - Counter(keys(rows, columns))


def nodup(rows: Iterable[Row], columns: str) -> bool:
    return max(Counter(keys(rows, columns)).values(), default=1) == 1


def has_cols(out: Sequence[Row], columns: str) -> bool:
    return bool(out) and all({name.strip() for name in columns.split(",")} <= row.keys() for row in out)


def only_cols(out: Sequence[Row], columns: str) -> bool:
    """No column but these; names with an underscore in front are of where a row is from, and allowed."""
    names = {name.strip() for name in columns.split(",")}
    return bool(out) and all({name for name in row if not name.startswith("_")} <= names for row in out)


# ---- text


def strings(value: object) -> list[str]:
    """Every string in a row, list or value."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [text for one in inner for text in strings(one)]


def texts(row: object) -> str:
    return "\n".join(strings(row))


def longest(row: object) -> str:
    """The longest string of a row: its text, whatever the column is called."""
    return max(strings(row), key=len, default="")


def numbers(row: Row) -> list[float]:
    """Every number of a row, written as text too."""
    found = []
    for value in row.values():
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            try:
                found.append(float(value))
            except ValueError:
                continue
    return found


def squash(text: str | None) -> str:
    return " ".join((text or "").split())


def words(text: str | None) -> list[str]:
    return re.findall(r"\w+", (text or "").lower())


def word_count(text: str | None) -> int:
    """Words between blanks."""
    return len((text or "").split())


def swears(text: str | None) -> bool:
    return bool(re.search(SWEAR, text or "", re.IGNORECASE))


def has_tags(text: str | None) -> bool:
    names = "div|span|p|a|script|style|html|body|li|ul|td|table|head|meta|nav|pre|br|section|h[1-6]|i|em|title"
    return bool(re.search(rf"</?(?:{names})\b[^<>]*>", text or "", re.IGNORECASE))


def luhn(text: str) -> bool:
    """Whether these are the digits of a payment card."""
    digits = [int(one) for one in text if one.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) if turn % 2 else digit for turn, digit in enumerate(reversed(digits))]
    return len(digits) >= 12 and sum(doubled) % 10 == 0


def langid(text: str) -> str:
    """ISO 639-1 guess, by another detector than ours."""
    try:
        found = import_module("py3langid")
    except ImportError:
        raise CannotTell("py3langid is not installed") from None
    return str(found.classify(text)[0])


# ---- nearness


def shingles(text: str | None, n: int = 5) -> set[int]:
    found = words(text)
    return {hash(tuple(found[at : at + n])) for at in range(max(1, len(found) - n + 1))} if found else set()


def jaccard(left: Collection[object], right: Collection[object]) -> float:
    one, other = set(left), set(right)
    return len(one & other) / len(one | other) if one or other else 1.0


def jaccard_shingles(left: str, right: str, n: int = 5) -> float:
    return jaccard(shingles(left, n), shingles(right, n))


def containment(left: str, right: str, n: int = 8) -> float:
    """Share of one text's n-grams that are in the other too."""
    own = shingles(left, n)
    return len(own & shingles(right, n)) / len(own) if own else 0.0


def near_pairs(some: Sequence[str], threshold: float = 0.8, n: int = 5) -> list[tuple[int, int]]:
    """Pairs whose n-grams overlap so much: exact, the smallest n-grams serve to find them."""
    bags = [shingles(text, n) for text in some]
    seen: dict[int, list[int]] = defaultdict(list)
    found = []
    for right, more in enumerate(bags):
        sketch = sorted(more)[:SKETCH]
        for left, count in Counter(one for mark in sketch for one in seen[mark]).items():
            sizes = sorted((len(bags[left]), len(more)))
            if count >= 0.4 * threshold * len(sketch) and sizes[0] >= threshold * sizes[1] and jaccard(bags[left], more) >= threshold:
                found.append((left, right))
        for mark in sketch:
            seen[mark].append(right)
    return found


def clusters(rows: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """The cluster of each of so many things, joined by pairs."""
    parent = list(range(rows))

    def top(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for left, right in pairs:
        parent[top(left)] = top(right)
    return [top(one) for one in range(rows)]


# ---- code, chats, labels


def code_of(text: str | None) -> str:
    """What stands between fences, else all of it."""
    blocks = re.findall(r"```[\w+-]*\n(.*?)```", text or "", re.DOTALL)
    return "\n".join(blocks) if blocks else (text or "")


def parses_python(text: str | None) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code_of(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def parses_json(text: str) -> bool:
    try:
        json.loads(text)
    except (TypeError, ValueError):
        return False
    return True


def chat(row: Mapping[str, object], column: str = "messages") -> list[tuple[str, str]]:
    """The turns of a chat as (role, text), from {role, content} or {from, value}, or JSON of these."""
    turns = row.get(column)
    turns = json.loads(turns) if isinstance(turns, str) else turns
    names = {"human": "user", "gpt": "assistant", "bot": "assistant"}
    said = []
    for turn in turns if isinstance(turns, list) else []:
        role = turn.get("role") or turn.get("from")
        said.append((names.get(role, role), turn["content"] if turn.get("content") is not None else turn.get("value")))
    return said


def said_pairs(out: Iterable[Mapping[str, object]], column: str = "messages") -> dict[str, list[str]]:
    """What the assistant says → what users said before it."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in out:
        for (role, asked), (next_role, answer) in pairwise(chat(row, column)):
            if role == "user" and next_role == "assistant":
                found[(answer or "").strip()].append(asked or "")
    return found


def entities(row: Mapping[str, object], *types: str) -> list[str]:
    """Values of the labelled spans of these types."""
    spans = row.get("spans")
    return [span["entity_value"] for span in spans if span["entity_type"] in types] if isinstance(spans, list) else []


FUNCTIONS: tuple[Callable[..., object], ...] = (
    norm, key, keys, index, pair, share, kept, kept2, subset, nodup, has_cols, only_cols, strings, texts, longest, numbers, squash, words,
    word_count, swears, has_tags, luhn, langid, shingles, jaccard, jaccard_shingles, containment, near_pairs, clusters, code_of, parses_python,
    parses_json, chat, said_pairs, entities,
)  # fmt: skip
WORDS: dict[str, object] = {one.__name__: one for one in FUNCTIONS} | {
    "re": re, "json": json, "math": math, "statistics": statistics, "Counter": Counter, "unicodedata": unicodedata, "itertools": itertools,
    "html": html, "hashlib": hashlib, "collections": collections, "random": random, "EMAIL": EMAIL, "SWEAR": SWEAR,
}  # fmt: skip
