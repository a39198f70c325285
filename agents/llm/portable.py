"""JSON schemas in the subset that every server holds its model to, and the way back from an answer to parameters.

No maxLength, oneOf, default, pattern or open mapping: servers drop, refuse or misread them. The operator itself checks all bounds afterwards.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
NULL: Schema = {"type": "null"}
NO_VALUE = "none"  # of a parameter that can be switched off and is on by default: null means the default


def closed(properties: Mapping[str, Schema]) -> Schema:
    """An object with exactly these keys: servers that are strict want every key needed, so what may be left out may be null."""
    return {"type": "object", "properties": dict(properties), "required": list(properties), "additionalProperties": False}


def any_of(kinds: Iterable[Schema]) -> Schema:
    """One of these; one alone is itself."""
    found = list(kinds)
    return found[0] if len(found) == 1 else {"anyOf": found}


def const(value: str) -> Schema:
    return {"type": "string", "const": value}


def one_of(values: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(values)}


def listed(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def parameter(given: Mapping[str, Any], *, required: bool) -> Schema:
    """A parameter's schema as the card has it, made portable; null stands for its default."""
    kinds = _kinds(given)
    if _can_be_none(given) and given.get("default") is not None:
        kinds.append(const(NO_VALUE))
    return any_of([*kinds, *([] if required else [NULL])])


def read(value: object, given: Mapping[str, Any]) -> object:
    """The value that the answer means, for the operator to judge. A null has been taken for the default before."""
    if value == NO_VALUE and _can_be_none(given) and given.get("default") is not None:
        return None
    kinds = {one.get("type") for one in _flat(given)}
    if isinstance(value, list) and "object" in kinds and all(isinstance(one, dict) and set(one) == {"name", "value"} for one in value):
        return {str(one["name"]): _whole(one["value"], {"integer"}) for one in value}
    return _whole(value, kinds)


def _whole(value: object, kinds: set[Any]) -> object:
    """Models write 40.0 for 40."""
    return int(value) if isinstance(value, float) and value.is_integer() and "integer" in kinds else value


def _kinds(given: Mapping[str, Any]) -> list[Schema]:
    flat = _flat(given)
    names = {one.get("type") for one in flat}
    kinds = [_kind(one) for one in flat if not (one.get("type") == "integer" and "number" in names)]
    return [one for number, one in enumerate(kinds) if one and one not in kinds[:number]]


def _kind(given: Mapping[str, Any]) -> Schema:
    """Empty for what cannot be said in the subset: another form of the parameter stands for it."""
    if "const" in given:
        return const(given["const"])
    if "enum" in given:
        return one_of(given["enum"])
    kind = given.get("type")
    if kind == "array":
        return listed(any_of(_kinds(given.get("items", TEXT))))
    if kind == "object":
        values = given.get("additionalProperties")
        return listed(closed({"name": TEXT, "value": any_of(_kinds(values))})) if isinstance(values, Mapping) else {}
    return {"type": kind} if kind in ("string", "number", "integer", "boolean") else {}


def _flat(given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The branches of a union, of unions within it too, less null."""
    if "anyOf" in given:
        return [one for branch in given["anyOf"] for one in _flat(branch)]
    return [] if given.get("type") == "null" else [given]


def _can_be_none(given: Mapping[str, Any]) -> bool:
    return any(one.get("type") == "null" or _can_be_none(one) for one in given.get("anyOf", ()))
