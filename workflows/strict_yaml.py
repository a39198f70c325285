"""Strict YAML 1.2: text to plain data, with the line on which each key and item stands."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tools.errors import RecipeError

MOST_CHARACTERS = 1 << 20
MOST_DEPTH = 32
MOST_VALUES = 50_000
MOST_DIGITS = 4300

Data: TypeAlias = "str | int | float | bool | list[Data] | dict[str, Data] | None"

WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


@dataclass(frozen=True)
class Document:
    """The data of one YAML document; `lines` maps `steps.2.with.at_least` to a line counted from 1."""

    data: Data
    lines: Mapping[str, int]


@dataclass
class Frame:
    """A collection that is still open."""

    path: str
    line: int
    into: "list[Data] | dict[str, Data]"
    key: str | None = None  # of a mapping: the key whose value comes next

    def child(self) -> str:
        name = str(len(self.into)) if isinstance(self.into, list) else (self.key or "")
        return f"{self.path}.{name}" if self.path else name


@dataclass
class Builder:
    """Builds data from parser events without recursion, so that nothing hostile can exhaust the stack."""

    place: str
    lines: dict[str, int] = field(default_factory=dict)
    open: list[Frame] = field(default_factory=list)
    documents: int = 0
    result: Data = None

    def feed(self, event: Any) -> None:
        kind = type(event).__name__
        line = event.start_mark.line + 1
        if kind == "DocumentStartEvent":
            self._document(event, line)
        elif kind == "AliasEvent":
            raise self.error(line, f"alias '*{event.anchor}' is not allowed; write the value out")
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._plain(event, line)
            self._enter({} if kind == "MappingStartEvent" else [], line)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._place(self.open.pop().into)
        elif kind == "ScalarEvent":
            self._plain(event, line)
            self._scalar(str(event.value), bool(event.implicit[0]), line)

    def error(self, line: int, message: str) -> RecipeError:
        return RecipeError(f"{self.place}:{line}: {message}")

    def _document(self, event: Any, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self.error(line, "a second document begins; one file holds one recipe")
        if event.version or event.tags:
            raise self.error(line, "directives (%YAML, %TAG) are not allowed; take them out")

    def _plain(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            raise self.error(line, f"anchor '&{event.anchor}' is not allowed; write the value out")
        if event.tag is not None:
            raise self.error(line, f"tag '{event.tag}' is not allowed; write a plain value")

    def _enter(self, into: "list[Data] | dict[str, Data]", line: int) -> None:
        if len(self.open) >= MOST_DEPTH:
            raise self.error(line, f"nested deeper than {MOST_DEPTH} levels")
        self._refuse_as_key(line)
        path = self._mark(line)
        self.open.append(Frame(path, line, into))

    def _scalar(self, text: str, plain: bool, line: int) -> None:
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise self.error(line, f"{text[:40]!r} holds half a surrogate pair, which is no character")
        frame = self.open[-1] if self.open else None
        if frame and isinstance(frame.into, dict) and frame.key is None:
            self._key(frame, text, line)
            return
        self._mark(line)
        self._place(self._value(text, line) if plain else text)

    def _key(self, frame: Frame, key: str, line: int) -> None:
        assert isinstance(frame.into, dict)
        if key in frame.into:
            frame.key = key
            first = self.lines[frame.child()]
            raise self.error(line, f"duplicate key {key!r}; it stands on line {first} already")
        frame.key = key
        self.lines[frame.child()] = line

    def _refuse_as_key(self, line: int) -> None:
        if self.open and isinstance(self.open[-1].into, dict) and self.open[-1].key is None:
            raise self.error(line, "a list or mapping cannot be a key")

    def _mark(self, line: int) -> str:
        """The path of the value that comes next; its line is the key's where it has one."""
        if not self.open:
            return ""
        if len(self.lines) >= MOST_VALUES:
            raise self.error(line, f"more than {MOST_VALUES:,} values")
        path = self.open[-1].child()
        self.lines.setdefault(path, line)
        return path

    def _place(self, value: Data) -> None:
        if not self.open:
            self.result = value
            return
        frame = self.open[-1]
        if isinstance(frame.into, list):
            frame.into.append(value)
        else:
            frame.into[frame.key or ""] = value
            frame.key = None

    def _value(self, text: str, line: int) -> Data:
        try:
            return scalar(text)
        except ValueError as error:
            raise self.error(line, f"number {text[:40]!r} {error}") from None


def scalar(text: str) -> str | int | float | bool | None:
    """What a plain scalar means under the YAML 1.2 core schema: `no`, `on` and `12:30:45` stay strings."""
    if text in WORDS:
        return WORDS[text]
    if not FLOAT.fullmatch(text) and not INTEGER.fullmatch(text):
        return text
    base = 0 if text[:2] in ("0o", "0x") else 10
    most = MOST_DIGITS if base else MOST_DIGITS * 3 // 4  # in hexadecimal fewer digits say as much
    if len(text) > most:
        raise ValueError(f"has more than {most} digits")
    if INTEGER.fullmatch(text):
        return int(text, base)
    if text[-1].isalpha() or not math.isfinite(number := float(text)):
        raise ValueError("is not finite; leave a bound open by leaving it out")
    return number


def read(text: str, place: str) -> Document:
    """Raises RecipeError, with the line, for all that is not plain data."""
    if len(text) > MOST_CHARACTERS:
        raise RecipeError(f"{place}:1: {len(text):,} characters; a recipe has at most {MOST_CHARACTERS:,}")
    builder = Builder(place)
    for event in _events(text, place):
        builder.feed(event)
    if not builder.documents:
        raise RecipeError(f"{place}:1: the recipe is empty")
    return Document(builder.result, builder.lines)


def _events(text: str, place: str) -> Iterator[Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise RecipeError(f"{place}:{line}: character U+{error.character:04X} is not allowed in YAML") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(" ".join(part.split()) for part in (error.context, error.problem) if part)
        said += "; a text that holds ': ' needs quotes" if "mapping values" in said else ""
        raise RecipeError(f"{place}:{mark.line + 1 if mark else 1}: not valid YAML: {said}") from None
    except (YAMLError, ValueError, OverflowError) as error:
        raise RecipeError(f"{place}:1: not valid YAML: {' '.join(str(error).split())[:200]}") from None
