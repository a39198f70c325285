"""What templates can do to a value; nothing gives more than a row may hold."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


class TooMuch(ValueError):
    """A row cannot be computed within its bounds; the text says why."""


@dataclass(frozen=True)
class Filter:
    """`work(most, value, *arguments)`: at most `most` characters come out."""

    work: Callable[..., object]
    arguments: tuple[int, ...] = (0,)


def shown(value: object) -> str:
    """A value as text: nothing for null, JSON for lists and records."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _text(change: Callable[[str], str]) -> Callable[..., object]:
    return lambda most, value: change(shown(value))


def _length(most: int, value: object) -> int:
    return len(value) if isinstance(value, list | dict) else len(shown(value))


def _at(place: int) -> Callable[..., object]:
    def picked(most: int, value: object) -> object:
        return value[place] if isinstance(value, list | str) and value else None

    return picked


def _joined(most: int, value: object, between: object = "") -> str:
    texts = [shown(one) for one in value] if isinstance(value, list) else [shown(value)]
    _refuse_above(most, sum(map(len, texts)) + len(shown(between)) * max(len(texts) - 1, 0))
    return shown(between).join(texts)


def _replaced(most: int, value: object, old: object, new: object) -> str:
    text, before, after = shown(value), shown(old), shown(new)
    if not before:
        return text
    _refuse_above(most, len(text) + text.count(before) * (len(after) - len(before)))
    return text.replace(before, after)


def _default(most: int, value: object, other: object) -> object:
    return other if value is None or value == "" else value


def _cut(most: int, value: object, characters: object) -> str:
    return shown(value)[: characters if isinstance(characters, int) and characters >= 0 else None]


def _json(most: int, value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _refuse_above(most: int, size: int) -> None:
    if size > most:
        raise TooMuch(f"a part of the text is longer than {most:,} characters")


FILTERS: Mapping[str, Filter] = {
    "trim": Filter(_text(str.strip)),
    "upper": Filter(_text(str.upper)),
    "lower": Filter(_text(str.lower)),
    "capitalize": Filter(_text(str.capitalize)),
    "title": Filter(_text(str.title)),
    "length": Filter(_length),
    "first": Filter(_at(0)),
    "last": Filter(_at(-1)),
    "join": Filter(_joined, (0, 1)),
    "replace": Filter(_replaced, (2,)),
    "default": Filter(_default, (1,)),
    "truncate": Filter(_cut, (1,)),
    "tojson": Filter(_json),
}
