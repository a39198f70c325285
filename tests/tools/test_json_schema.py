"""JSON schemas: the same verdicts as the library jsonschema, nothing fetched, nothing passed over."""

import json
from typing import Any

import jsonschema
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.verify.json_schema import JsonSchema

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 4) | st.sampled_from([0.5, 1.0, 2.5]) | st.sampled_from(["", "a", "ab", "2024-01-01", "b1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["a", "b", "c"])


def schemas() -> st.SearchStrategy[Any]:
    kinds = st.sampled_from(["object", "array", "string", "number", "integer", "boolean", "null"])
    plain: dict[str, st.SearchStrategy[Any]] = {
        "type": kinds | st.lists(kinds, min_size=1, max_size=3, unique=True),
        "enum": st.lists(VALUES, min_size=1, max_size=3),
        "const": VALUES,
        "minimum": st.integers(-2, 3),
        "exclusiveMaximum": st.integers(-2, 3),
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "minLength": st.integers(0, 2),
        "maxLength": st.integers(0, 2),
        "pattern": st.sampled_from(["^a", "b", "^[0-9-]+$"]),
        "required": st.lists(NAMES, max_size=2, unique=True),
        "minItems": st.integers(0, 2),
        "maxProperties": st.integers(0, 2),
        "uniqueItems": st.booleans(),
    }

    def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        words = {
            "properties": st.dictionaries(NAMES, inner, max_size=2),
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "b|c"]), inner, max_size=1),
            "additionalProperties": inner,
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "contains": inner,
            "not": inner,
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "oneOf": st.lists(inner, min_size=1, max_size=2),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "if": inner,
            "then": inner,
            "else": inner,
            "propertyNames": inner,
            "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=2, unique=True), max_size=1),
        }
        return st.fixed_dictionaries({}, optional={**plain, **words})

    return st.recursive(st.fixed_dictionaries({}, optional=plain) | st.booleans(), nested, max_leaves=4)


def fits(schema: object, *texts: str) -> list[bool]:
    return JsonSchema(fits=schema).measure(pa.record_batch({"text": list(texts)}), None)["fits_schema"].to_pylist()


@settings(max_examples=100, deadline=None)
@given(schemas(), VALUES)
def test_it_decides_as_jsonschema_does(schema: Any, value: Any) -> None:
    assert fits(schema, json.dumps(value)) == [jsonschema.Draft202012Validator(schema).is_valid(value)]


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"$ref": "https://example.org/schema.json"}, "never fetched"),
        ({"$ref": "other.json#/a"}, "never fetched"),
        ({"$ref": "#/$defs/absent"}, "there is nothing at"),
        ({"pattern": "(?=a)"}, "no RE2 expression"),
        ({"unevaluatedProperties": False}, "is not known here"),
        ({"type": "strin"}, "will not do for 'type'"),
        ("{", "no JSON"),
    ],
)
def test_a_schema_that_cannot_be_kept_is_refused_with_its_place(schema: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        JsonSchema(fits=schema)


def test_a_catastrophic_pattern_takes_linear_time() -> None:
    assert fits({"pattern": "^(a+)+$"}, json.dumps("a" * 5000 + "b")) == [False]


def test_a_schema_may_lead_back_to_itself_and_depth_is_bounded() -> None:
    tree = {"type": "object", "properties": {"next": {"$ref": "#"}}}
    deep = '{"next":' * 20 + "{}" + "}" * 20
    assert fits(tree, deep, '{"next": 1}', '{"next":' * 400 + "{}" + "}" * 400) == [True, False, False]
    assert fits({"$ref": "#"}, "1") == [False]
    assert fits({"uniqueItems": True}, "[" * 900 + "]" * 900) == [False]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("date", "2024-02-29", "2023-02-29"),
        ("date-time", "2024-01-01T10:00:00Z", "2024-01-01 25:00:00Z"),
        ("email", "a.b@example.org", "a.b@"),
        ("ipv4", "10.0.0.1", "10.0.0.256"),
        ("ipv6", "::1", ":::1"),
        ("uri", "https://a.org/b", "a b"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567"),
        ("duration", "P1DT2H", "P"),
    ],
)
def test_formats_are_tested(kind: str, good: str, bad: str) -> None:
    assert fits({"format": kind}, json.dumps(good), json.dumps(bad), "1") == [True, False, True]
