"""The words of JSON schema, each made into a check: a function of a value that names the first fault, or none.

Drafts 4 to 2020-12 as far as they agree, and the older spellings (`definitions`, `dependencies`, lists under `items`). A reference leads to a
place in the schema itself; one to another document is refused and never fetched. Patterns are RE2, which takes linear time on any text.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from tools.pattern import checked

from .schema_formats import FORMATS
from .schema_values import DEEPEST, SHOWN, TYPES, canonical, equal, is_number, multiple, shown

Fault = str | None
Check = Callable[[Any, str, int], Fault]  # value, its path, how deep it stands
REMEMBERED = 1024  # texts of which it is known whether they match: names and codes come again
_SAYS_NOTHING = (
    "$schema $id id $comment $defs definitions $anchor title description default examples readOnly writeOnly deprecated contentEncoding "
    "contentMediaType contentSchema then else minContains maxContains additionalItems $vocabulary"
)
SAYS_NOTHING = frozenset(_SAYS_NOTHING.split())


TOGETHER = (("properties", "patternProperties", "additionalProperties"), ("items", "prefixItems"))  # one check for all that are there


class Compiler:
    """Makes checks of one schema document. Raises ValueError for what it does not know: silence would let rows through."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self._made: dict[str, Check] = {}

    def check(self, schema: Any, place: str = "#") -> Check:
        if schema is True or schema == {}:
            return lambda value, path, depth: None
        if schema is False:
            return lambda value, path, depth: f"{path}: nothing is allowed here"
        if not isinstance(schema, dict):
            raise ValueError(f"{place}: a schema is a mapping, true or false, not {shown(schema)}")
        told = [word for word in schema if not any(word in family[at + 1 :] for family in TOGETHER for at in range(2) if family[at] in schema)]
        checks = [made for word in told if (made := self._word(word, schema[word], schema, f"{place}/{word}"))]
        return _every(checks)

    def _word(self, word: str, said: Any, schema: Mapping[str, Any], place: str) -> Check | None:
        if word in SAYS_NOTHING:
            return None
        make = WORDS.get(word)
        if make is None:
            raise ValueError(f"{place}: the word {word!r} is not known here")
        try:
            return make(self, said, schema, place)
        except (TypeError, AttributeError, KeyError) as error:
            raise ValueError(f"{place}: {shown(said)} will not do for {word!r}") from error

    def reference(self, to: str, place: str) -> Check:
        if not to.startswith("#"):
            raise ValueError(f"{place}: {to!r} leads to another document, which is never fetched; put it under `$defs` and write '#/$defs/NAME'")
        if to not in self._made:
            self._made[to] = lambda value, path, depth: self._made[to](value, path, depth)  # a schema may lead back to itself
            made = self.check(self._found(to, place), to)
            self._made[to] = made
        return lambda value, path, depth: self._made[to](value, path, depth + 1) if depth < DEEPEST else f"{path}: nested too deeply"

    def _found(self, to: str, place: str) -> Any:
        if to != "#" and not to.startswith("#/"):
            anchored = _anchored(self.document, to[1:])
            if anchored is None:
                raise ValueError(f"{place}: there is no anchor {to!r}")
            return anchored
        found = self.document
        for part in to.split("/")[1:]:
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            try:
                found = found[int(name)] if isinstance(found, list) else found[name]
            except (LookupError, TypeError, ValueError):
                raise ValueError(f"{place}: there is nothing at {to!r}") from None
        return found


def _anchored(schema: Any, name: str) -> Any:
    if isinstance(schema, dict):
        if schema.get("$anchor") == name:
            return schema
        return next((found for value in schema.values() if (found := _anchored(value, name)) is not None), None)
    return next((found for value in schema if (found := _anchored(value, name)) is not None), None) if isinstance(schema, list) else None


def _every(checks: Sequence[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]

    def check(value: Any, path: str, depth: int) -> Fault:
        for one in checks:
            fault = one(value, path, depth)
            if fault:
                return fault
        return None

    return check


def _type(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
    names = [said] if isinstance(said, str) else list(said)
    tests = [TYPES[name] for name in names]
    wanted = " or ".join(names)
    return lambda value, path, depth: None if any(test(value) for test in tests) else f"{path}: {shown(value)} is no {wanted}"


def _enum(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
    values = list(said)
    listed = ", ".join(shown(value) for value in values[:8])
    return lambda value, path, depth: None if any(equal(value, one) for one in values) else f"{path}: {shown(value)} is none of {listed}"


def _const(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
    return lambda value, path, depth: None if equal(value, said) else f"{path}: {shown(value)} is not {shown(said)}"


def _compared(word: str, holds: Callable[[Any, Any], bool], measure: Callable[[Any], Any], kind: str, says: str) -> Any:
    def make(compiler: Compiler, said: Any, schema: Any, place: str) -> Check | None:
        if isinstance(said, bool) and word.startswith("exclusive"):  # draft 4: it sharpens `minimum`
            bound = schema.get("minimum" if word == "exclusiveMinimum" else "maximum")
            return None if not said or bound is None else make(compiler, bound, schema, place)
        if not is_number(said):
            raise TypeError(word)
        applies = TYPES[kind]
        return lambda value, path, depth: f"{path}: {shown(value)} {says} {said}" if applies(value) and not holds(measure(value), said) else None

    return make


def _pattern(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
    found = _matcher(said, place)
    return lambda value, path, depth: f"{path}: {shown(value)} does not match {said!r}" if isinstance(value, str) and not found(value) else None


def _matcher(pattern: str, place: str) -> Callable[[str], bool]:
    try:
        checked(pattern)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None

    def found(text: str) -> bool:
        return bool(pc.match_substring_regex(pa.array([text]), pattern)[0].as_py())

    remembered = lru_cache(REMEMBERED)(found)
    return lambda text: remembered(text) if len(text) <= SHOWN else found(text)


def _format(compiler: Compiler, said: Any, schema: Any, place: str) -> Check | None:
    test = FORMATS.get(said)
    if test is None:  # by the standard an unknown format says nothing
        return None
    return lambda value, path, depth: f"{path}: {shown(value)} is no {said}" if isinstance(value, str) and not test(value) else None


def _required(compiler: Compiler, said: Any, schema: Any, place: str) -> Check | None:
    if isinstance(said, bool):  # draft 3
        return None
    names = [str(name) for name in said]

    def check(value: Any, path: str, depth: int) -> Fault:
        if not isinstance(value, dict):
            return None
        return next((f"{path}: {name!r} is missing" for name in names if name not in value), None)

    return check


def _properties(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
    """`properties`, `patternProperties` and `additionalProperties` together; each of the three words may bring it in."""
    named = {key: compiler.check(value, f"{place}/{key}") for key, value in schema.get("properties", {}).items()}
    matched = [(_matcher(key, place), compiler.check(value, f"{place}/{key}")) for key, value in schema.get("patternProperties", {}).items()]
    more = schema.get("additionalProperties", True)
    other = compiler.check(more, f"{place}/additionalProperties")

    def check(value: Any, path: str, depth: int) -> Fault:
        if not isinstance(value, dict):
            return None
        if depth >= DEEPEST:
            return f"{path}: nested too deeply"
        for key, one in value.items():
            checks = [named[key]] if key in named else []
            checks += [its for matches, its in matched if matches(key)]
            if not checks and more is False:
                return f"{path}: {key!r} is not allowed"
            for its in checks or [other]:
                fault = its(one, f"{path}.{key}", depth + 1)
                if fault:
                    return fault
        return None

    return check


def _items(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
    """`prefixItems` and `items`, or in older drafts a list under `items` and `additionalItems`."""
    old = isinstance(schema.get("items"), list)
    first = schema["items"] if old else schema.get("prefixItems", [])
    rest = schema.get("additionalItems" if old else "items", True)
    heads = [compiler.check(one, f"{place}/{at}") for at, one in enumerate(first)]
    other = compiler.check(rest, place)

    def check(value: Any, path: str, depth: int) -> Fault:
        if not isinstance(value, list):
            return None
        if depth >= DEEPEST:
            return f"{path}: nested too deeply"
        for at, one in enumerate(value):
            fault = (heads[at] if at < len(heads) else other)(one, f"{path}[{at}]", depth + 1)
            if fault:
                return fault
        return None

    return check


def _contains(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
    its = compiler.check(said, place)
    low, high = schema.get("minContains", 1), schema.get("maxContains", math.inf)

    def check(value: Any, path: str, depth: int) -> Fault:
        if not isinstance(value, list):
            return None
        if depth >= DEEPEST:
            return f"{path}: nested too deeply"
        found = sum(its(one, path, depth + 1) is None for one in value)
        return None if low <= found <= high else f"{path}: {found} of its items are as `contains` wants them"

    return check


def _unique(compiler: Compiler, said: Any, schema: Any, place: str) -> Check | None:
    if not said:
        return None

    def check(value: Any, path: str, depth: int) -> Fault:
        if not isinstance(value, list):
            return None
        seen: dict[bytes, int] = {}
        for at, one in enumerate(value):
            plain = canonical(one, depth)
            if plain is ...:
                return f"{path}[{at}]: nested too deeply"
            key = orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)
            if key in seen:
                return f"{path}[{at}]: {shown(one)} stands there twice"
            seen[key] = at
        return None

    return check


def _names(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
    its = compiler.check(said, place)

    def check(value: Any, path: str, depth: int) -> Fault:
        names = value if isinstance(value, dict) else ()
        return next((f"{path}: the name {name!r} will not do" for name in names if its(name, path, depth)), None)

    return check


def _dependent(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
    needs = {
        key: _required(compiler, one, schema, place) if isinstance(one, list) else compiler.check(one, f"{place}/{key}") for key, one in said.items()
    }

    def check(value: Any, path: str, depth: int) -> Fault:
        if not isinstance(value, dict):
            return None
        return next((fault for key, its in needs.items() if key in value and its and (fault := its(value, path, depth))), None)

    return check


def _several(word: str) -> Any:
    def make(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
        checks = [compiler.check(one, f"{place}/{at}") for at, one in enumerate(said)]
        if not checks:
            raise TypeError(word)
        if word == "allOf":
            return _every(checks)

        def check(value: Any, path: str, depth: int) -> Fault:
            faults = [one(value, path, depth) for one in checks]
            held = faults.count(None)
            if held == 0:
                return f"{path}: {shown(value)} is none of {len(checks)} kinds ({faults[0]})"
            return f"{path}: {shown(value)} is of {held} kinds, not of one" if held > 1 and word == "oneOf" else None

        return check

    return make


def _not(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
    its = compiler.check(said, place)
    return lambda value, path, depth: f"{path}: {shown(value)} is what `not` forbids" if its(value, path, depth) is None else None


def _if(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
    its = compiler.check(said, place)
    then, other = (compiler.check(schema.get(word, True), f"{place}/{word}") for word in ("then", "else"))
    return lambda value, path, depth: (then if its(value, path, depth) is None else other)(value, path, depth)


def _reference(compiler: Compiler, said: Any, schema: Any, place: str) -> Check:
    return compiler.reference(said, place)


WORDS: Mapping[str, Callable[[Compiler, Any, Any, str], Check | None]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "$ref": _reference,
    "minimum": _compared("minimum", lambda one, other: one >= other, lambda value: value, "number", "is below"),
    "maximum": _compared("maximum", lambda one, other: one <= other, lambda value: value, "number", "is above"),
    "exclusiveMinimum": _compared("exclusiveMinimum", lambda one, other: one > other, lambda value: value, "number", "is not above"),
    "exclusiveMaximum": _compared("exclusiveMaximum", lambda one, other: one < other, lambda value: value, "number", "is not below"),
    "multipleOf": _compared("multipleOf", multiple, lambda value: value, "number", "is no multiple of"),
    "minLength": _compared("minLength", lambda one, other: one >= other, len, "string", "is shorter than"),
    "maxLength": _compared("maxLength", lambda one, other: one <= other, len, "string", "is longer than"),
    "minItems": _compared("minItems", lambda one, other: one >= other, len, "array", "has fewer items than"),
    "maxItems": _compared("maxItems", lambda one, other: one <= other, len, "array", "has more items than"),
    "minProperties": _compared("minProperties", lambda one, other: one >= other, len, "object", "has fewer members than"),
    "maxProperties": _compared("maxProperties", lambda one, other: one <= other, len, "object", "has more members than"),
    "pattern": _pattern,
    "format": _format,
    "required": _required,
    "properties": _properties,
    "patternProperties": _properties,
    "additionalProperties": _properties,
    "items": _items,
    "prefixItems": _items,
    "contains": _contains,
    "uniqueItems": _unique,
    "propertyNames": _names,
    "dependencies": _dependent,
    "dependentRequired": _dependent,
    "dependentSchemas": _dependent,
    "allOf": _several("allOf"),
    "anyOf": _several("anyOf"),
    "oneOf": _several("oneOf"),
    "not": _not,
    "if": _if,
}
