"""Rows that must have a shape: conversations, pairs, JSON, code that parses; and the file that they go into."""

import ast
import json
import re
import warnings
from collections.abc import Callable, Mapping

from .findings import Check, Claim, Filter, Finding, RowTest, unknown, verdict_of
from .ground import Ground, Row
from .said import CALLED, Said

_FILES = {"csv": r"csv", "tsv": r"tsv", "parquet": r"parquet", "arrow": r"arrow|feather", "jsonl": r"json ?lines|jsonl"}
_FILE = re.compile(
    r"\b(?:as|in|into|to|write|save)\s+(?:it |them )?(?:an? )?(?:as )?(?:an? )?(?P<name>csv|tsv|parquet|arrow|jsonl|json lines)\b(?: (?:file|"
    r"format))?"
)
_CHAT = re.compile(
    r"\b(?:openai|chat ?ml|chat) (?:chat )?(?:messages?|format|style)\b|\bchat messages\b|\bopenai (?:chat )?(?:messages?|format)\b|\bchatml\b"
)
_SHAREGPT = re.compile(r"\bsharegpt\b")
_PYTHON = re.compile(r"\b(?:valid )?python(?: code)?\b(?=.*\b(?:parses?|compiles?|valid)\b)|\bvalid python(?: code)?\b|\bsyntax error\b")
_JSON = re.compile(r"\bvalid json\b|\bis json\b|\bjson\b(?= (?:object|with))")
ROLES = {"system", "user", "assistant", "tool", "developer", "function", "human", "gpt", "function_call", "observation"}


def read(said: Said) -> list[Check]:
    """`sharegpt format`, `valid JSON with keys name and age`, `as csv`."""
    found: list[Check] = []
    file = _FILE.search(said.lower)
    if file and not re.search(r"\bload|\bread\b", said.lower):
        name = next(name for name, pattern in _FILES.items() if re.fullmatch(pattern, file["name"]))
        found.append(Claim(file.start(), file.end(), lambda ground: _written_as(ground, name)))
    target = re.search(r"\b(?:to|into|as)\b(?=[^.;]*$)", said.lower)  # `convert ShareGPT to OpenAI messages`
    begin = target.start() if target and re.search(r"\bconvert|turn|reshape|transform\b", said.lower) else 0
    for cue, column in ((_SHAREGPT, "conversations"), (_CHAT, "messages")):
        match = cue.search(said.lower, begin)
        if match and said.way != "drop":
            rest = said.lower[match.end() :]
            end = len(said.lower) if re.fullmatch(r"[^.;]*\b(?:column|user|assistant|from / value|role, content)\b.*", rest) else match.end()
            found.append(Claim(0, end, lambda ground, column=column: _talks(said, ground, column)))  # type: ignore[misc]
            return found
    return [*found, *_parses(said)]


def _written_as(ground: Ground, name: str) -> Finding:
    places = [str(spec.format or spec.path) for spec in ground.recipe.outputs.values()]
    right = all(re.search(rf"\b{name}\b", place.lower()) for place in places)
    return Finding("holds", f"written as {name}") if right else unknown("the output's name says another format; the command line decides")


def _talks(said: Said, ground: Ground, column: str) -> Finding:
    """Whether each row is a conversation in the form's own words, and says what the rows said."""
    if column not in ground.out.types:
        return Finding("fails", f"no column {column!r} goes out; there are {', '.join(ground.out.types)}")
    who, what = ("from", "value") if column == "conversations" else ("role", "content")
    bad = strange = looked = 0
    for at in ground.out.picked():
        turns = ground.out.values(column)[at]
        if not isinstance(turns, list) or not turns or not all(isinstance(turn, Mapping) and turn.get(who) in ROLES for turn in turns):
            bad += 1
            continue
        source = ground.origin(at)
        answer = (
            next((source[name] for name in CALLED[0] if name in source), None) if source is not None and column not in ground.given.types else None
        )
        if isinstance(answer, str) and answer.strip():
            looked += 1
            strange += answer.strip() not in str(turns[-1].get(what, ""))
    count = len(ground.out.picked())
    if bad:
        return Finding("fails", f"{bad} of {count} rows hold no conversation with {who} and {what} in {column!r}")
    if looked and strange > 0.05 * looked:
        return Finding("fails", f"in {strange} of {looked} rows the last turn is not the answer that was read")
    return verdict_of(
        True,
        f"all {count} rows hold a conversation in {column!r}"
        + (f"; the last turn is the answer in {looked - strange} of {looked}" if looked else ""),
    )


def _parses(said: Said) -> list[Check]:
    python, json_ = _PYTHON.search(said.lower), _JSON.search(said.lower)
    if python and not re.search(r"\bblocks?\b|\bprose\b", said.lower):
        fault = "syntax error" in python[0]
        return _test(
            said,
            python.start(),
            python.end(),
            lambda text: _is_python(text) != fault if _is_python(text) is not None else None,
            "with a syntax error" if fault else "in valid Python",
        )
    if json_:
        keys = re.search(r"\bwith (?:the )?(?:keys|fields) (?P<keys>[\w ,()]+)", said.lower[json_.end() :])
        names = re.findall(r"\b(\w+)\b(?:\s*\(\w+\))?(?=\s*(?:,|and\b|$))", keys["keys"]) if keys else []
        names = [name for name in names if name != "and"]
        typed = bool(keys) and "(" in keys["keys"]  # type: ignore[index]
        end = json_.end() + (keys.end() if keys else 0)
        return _test(
            said, json_.start(), end, lambda text: _is_json(text, names, typed), "in valid JSON" + (f" with {', '.join(names)}" if names else "")
        )
    return []


def _test(said: Said, start: int, end: int, judge: Callable[[str], bool | None], says: str) -> list[Check]:
    wanted = said.wanted(start)
    if wanted is None:
        return []

    def on(name: str) -> Callable[[Row], bool | None]:
        return lambda row: judge(row[name]) if isinstance(row[name], str) else None  # type: ignore[arg-type]

    return [Filter(start, end, tuple(RowTest((name,), on(name), f"{says} in {name}", wanted) for name in said.texts()))]


def _is_python(text: str) -> bool | None:
    """Whether Python's own parser takes it; a text with code fences may be meant without them."""
    if "```" in text or not text.strip():
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    except (RecursionError, MemoryError):
        return None
    return True


def _is_json(text: str, names: list[str], typed: bool) -> bool | None:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    except RecursionError:
        return None
    if not names:
        return True
    has_all = isinstance(value, Mapping) and all(name in value for name in names)
    return None if typed and has_all else has_all  # of which types they are was not looked at
