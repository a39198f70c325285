"""Random instances of a JSON schema: every one fits, none makes sense. The fuzzer for whatever reads a model's plans."""

import math
import random
import re
from collections.abc import Mapping
from re import _constants as kinds
from re import _parser as parser
from typing import Any

WORDS = (
    "words",
    "keep",
    "English",
    "body",
    "0.5",
    "drop rows",
    "Zürich",
    "日本語",
    'it\'s "quoted"',
    "a\nb",
    "😀",
    "",
    " ",
    "../../etc/passwd",
    "null",
    "$x",
    "-1",
)
DEEPEST = 12


def instance(schema: Any, rng: random.Random, root: Mapping[str, Any] | None = None, depth: int = 0) -> Any:
    """One value that fits the schema. Keywords beyond the portable subset are not looked at."""
    root = schema if root is None else root
    if schema is True or schema == {}:
        return rng.choice(WORDS)
    if "$ref" in schema:
        return instance(_named(schema["$ref"], root), rng, root, depth + 1)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return rng.choice(list(schema["enum"]))
    for key in ("anyOf", "oneOf"):
        if key in schema:
            rest = {name: value for name, value in schema.items() if name not in (key, "$defs", "title", "description", "default")}
            return instance(_both(rest, _shallow(schema[key], rng, depth)), rng, root, depth + 1)
    if "allOf" in schema:
        merged = {name: value for name, value in schema.items() if name != "allOf"}
        for part in schema["allOf"]:
            merged = _both(merged, _named(part["$ref"], root) if "$ref" in part else part)
        return instance(merged, rng, root, depth + 1)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = rng.choice(kind) if isinstance(kind, list) else kind
    return MAKERS[kind](schema, rng, root, depth)


def _object(schema: Mapping[str, Any], rng: random.Random, root: Mapping[str, Any], depth: int) -> dict[str, Any]:
    needed = set(schema.get("required", ()))
    chance = 0.5 if depth < DEEPEST else 0.0
    names = [name for name in schema.get("properties", {}) if name in needed or rng.random() < chance]
    made = {name: instance(schema["properties"][name], rng, root, depth + 1) for name in names}
    more = schema.get("additionalProperties", False)
    if isinstance(more, Mapping) and more and chance:
        made |= {rng.choice(WORDS[:4]): instance(more, rng, root, depth + 1) for _ in range(rng.randint(schema.get("minProperties", 0), 2))}
    return made


def _array(schema: Mapping[str, Any], rng: random.Random, root: Mapping[str, Any], depth: int) -> list[Any]:
    fixed = [instance(one, rng, root, depth + 1) for one in schema.get("prefixItems", ())]
    least = schema.get("minItems", 0)
    most = min(schema.get("maxItems", least + 4), least + (4 if depth < DEEPEST else 0))
    items = schema.get("items", True)
    return fixed + [instance(items, rng, root, depth + 1) for _ in range(len(fixed), rng.randint(least, max(least, most)) if items else 0)]


def _string(schema: Mapping[str, Any], rng: random.Random, root: Mapping[str, Any], depth: int) -> str:
    if "pattern" in schema:
        return matching(schema["pattern"], rng)
    made = " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 3)))
    least, most = schema.get("minLength", 0), schema.get("maxLength", 10_000)
    while len(made) < least:
        made += rng.choice("abc xyz")
    return made[:most]


def _integer(schema: Mapping[str, Any], rng: random.Random, root: Mapping[str, Any], depth: int) -> int:
    low, high = _bounds(schema, rng)
    step = schema.get("multipleOf", 1)
    return int(rng.randint(math.ceil(low / step), max(math.ceil(low / step), math.floor(high / step))) * step)


def _number(schema: Mapping[str, Any], rng: random.Random, root: Mapping[str, Any], depth: int) -> float:
    low, high = _bounds(schema, rng)
    return (
        rng.choice([rng.uniform(low, high), float(low), float(high), round(rng.uniform(low, high), 1)])
        if "exclusiveMinimum" not in schema and "exclusiveMaximum" not in schema
        else low + (high - low) * rng.uniform(0.1, 0.9)
    )


def _bounds(schema: Mapping[str, Any], rng: random.Random) -> tuple[float, float]:
    span = rng.choice([1, 10, 1_000, 1_000_000])
    whole = schema.get("type") == "integer"
    low = schema.get("minimum", schema["exclusiveMinimum"] + whole if "exclusiveMinimum" in schema else None)
    high = schema.get("maximum", schema["exclusiveMaximum"] - whole if "exclusiveMaximum" in schema else None)
    if low is None:
        low = -span if high is None else high - span
    return low, low + span if high is None else high


def _shallow(choices: list[Any], rng: random.Random, depth: int) -> Any:
    """Deep down the first that refers to nothing else, so that schemas that name themselves come to an end."""
    plain = [one for one in choices if "$ref" not in str(one)]
    return rng.choice(plain if depth > DEEPEST and plain else choices)


def _both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**one, **other}
    if "properties" in one and "properties" in other:
        merged["properties"] = {**one["properties"], **other["properties"]}
        merged["required"] = [*one.get("required", ()), *other.get("required", ())]
    return merged


def _named(reference: str, root: Mapping[str, Any]) -> Any:
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


MAKERS = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": lambda schema, rng, root, depth: rng.random() < 0.5,
    "null": lambda schema, rng, root, depth: None,
}


def matching(pattern: str, rng: random.Random) -> str:
    """A text that a regular expression matches."""
    made = _written(parser.parse(pattern), rng)
    assert re.search(pattern, made), (pattern, made)
    return made


def _written(parts: Any, rng: random.Random) -> str:
    return "".join(_part(kind, value, rng) for kind, value in parts)


def _part(kind: Any, value: Any, rng: random.Random) -> str:
    if kind is kinds.LITERAL:
        return chr(value)
    if kind is kinds.IN:
        return _one_of(value, rng)
    if kind is kinds.ANY:
        return rng.choice("abc 1é")
    if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
        least, most, inner = value
        return "".join(_written(inner, rng) for _ in range(rng.randint(least, min(int(most), least + 5))))
    if kind is kinds.SUBPATTERN:
        return _written(value[3], rng)
    if kind is kinds.BRANCH:
        return _written(rng.choice(value[1]), rng)
    assert kind is kinds.AT, kind
    return ""


def _one_of(choices: Any, rng: random.Random) -> str:
    classes = {kinds.CATEGORY_DIGIT: "0123456789", kinds.CATEGORY_WORD: "abcXYZ_019", kinds.CATEGORY_SPACE: " "}
    if choices[0][0] is kinds.NEGATE:
        banned = {chr(value) for kind, value in choices[1:] if kind is kinds.LITERAL}
        return rng.choice([letter for letter in "abcdef XYZ059é" if letter not in banned])
    kind, value = rng.choice(choices)
    if kind is kinds.RANGE:
        return chr(rng.randint(*value))
    return chr(value) if kind is kinds.LITERAL else rng.choice(classes[value])
