"""One JSON object read exactly: each member with its value and its text; what Arrow or a later reader would trip over is refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, TypeAlias, cast

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"
DEPTH = 128
_BLANK = " \t\r\n"


class NotJson(Exception):
    """This is no record; the text says why."""


@dataclass(frozen=True)
class Member:
    """A key with its value as read."""

    key: str
    value: Value
    text: str  # of the value
    whole: str  # from the key's quote to the value's end


class NegativeZero(int):
    """The token `-0`: a float column keeps its sign."""


def members(record: bytes) -> list[Member]:
    """The members of a JSON object. Raises NotJson with the reason."""
    try:
        text = record.decode()
        found = _members(text)
    except UnicodeDecodeError as error:
        raise NotJson(f"not UTF-8: byte {record[error.start]:#04x} at {error.start}") from error
    except RecursionError as error:
        raise NotJson(f"nested deeper than {DEPTH}") from error
    except json.JSONDecodeError as error:
        raise NotJson(f"not JSON: {error.msg} at character {error.pos}") from error
    except ValueError as error:
        raise NotJson("a number has more than 4,300 digits") from error
    _check(text, {member.key: member.value for member in found})
    return found


def values(record: bytes) -> dict[str, Value]:
    """The values of a JSON object by key, several times as fast as `members`. Raises NotJson for what `members` refuses."""
    try:
        text = record.decode()
        value, stop = _PLAIN(text, _skip(text, 0))
    except RecursionError as error:
        raise NotJson(f"nested deeper than {DEPTH}") from error
    except (StopIteration, ValueError) as error:
        raise NotJson("not JSON") from error
    if not isinstance(value, dict) or _skip(text, stop) != len(text):
        raise NotJson("not a JSON object")
    _check(text, value)
    return value


def check_value(text: str) -> None:
    """Raises NotJson where `members` would refuse a record with this value."""
    try:
        value, stop = _PLAIN(text, 0)
    except RecursionError as error:
        raise NotJson(f"nested deeper than {DEPTH}") from error
    except (StopIteration, ValueError) as error:
        raise NotJson("not JSON") from error
    if stop != len(text):
        raise NotJson("not JSON")
    _check(text, {"": value})


def _members(text: str) -> list[Member]:
    scan = _SIGNED if "-0" in text else _PLAIN
    at = _skip(text, 0)
    if text[at : at + 1] != "{":
        json.loads(text)  # says what is wrong where it is no JSON at all
        raise NotJson("not a JSON object")
    found: list[Member] = []
    keys: set[str] = set()
    at = _skip(text, at + 1)
    if text[at : at + 1] == "}":
        return _ended(text, at + 1, found)
    while True:
        if text[at : at + 1] != '"':
            raise json.JSONDecodeError("a key in double quotes is missing", text, at)
        key, colon = _key(text, at + 1, True)
        colon = _skip(text, colon)
        if text[colon : colon + 1] != ":":
            raise json.JSONDecodeError("':' is missing", text, colon)
        start = _skip(text, colon + 1)
        try:
            value, stop = scan(text, start)
        except StopIteration as error:
            raise json.JSONDecodeError("a value is missing", text, start) from error
        if key in keys:
            raise NotJson(f"the key {key!r} stands twice")
        keys.add(key)
        found.append(Member(key, value, text[start:stop], text[at:stop]))
        at = _skip(text, stop)
        if text[at : at + 1] == "}":
            return _ended(text, at + 1, found)
        if text[at : at + 1] != ",":
            raise json.JSONDecodeError("',' or '}' is missing", text, at)
        at = _skip(text, at + 1)


def _ended(text: str, at: int, found: list[Member]) -> list[Member]:
    if (rest := _skip(text, at)) != len(text):
        raise json.JSONDecodeError("more after the object", text, rest)
    return found


def _skip(text: str, at: int) -> int:
    if text[at : at + 1] in _BLANK:
        while at < len(text) and text[at] in _BLANK:
            at += 1
    return at


def _unique(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for index, key in enumerate(keys) if key in keys[:index])
        raise NotJson(f"the key {twice!r} stands twice")
    return found


def _refuse(constant: str) -> NoReturn:
    raise NotJson(f"{constant} is no JSON value")


def _signed(text: str) -> int:
    return NegativeZero(0) if text == "-0" else int(text)


def _scanner(decoder: json.JSONDecoder) -> Callable[[str, int], tuple[Value, int]]:
    return cast("Callable[[str, int], tuple[Value, int]]", vars(decoder)["scan_once"])


_key = json.decoder.scanstring  # type: ignore[attr-defined]  # undocumented, and the exact reader of a key
_PLAIN = _scanner(json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse))
_SIGNED = _scanner(json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse, parse_int=_signed))


def _check(text: str, value: Value) -> None:
    if text.count("[") + text.count("{") > DEPTH and _depth(value) > DEPTH:
        raise NotJson(f"nested deeper than {DEPTH}")
    if "\\ud" in text or "\\uD" in text:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise NotJson("an escape is half of a surrogate pair") from error


def _depth(value: Value) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, list | dict):
            deepest = max(deepest, depth)
            inner = cast("list[Value]", list(item.values()) if isinstance(item, dict) else item)
            waiting += [(child, depth + 1) for child in inner]
    return deepest
