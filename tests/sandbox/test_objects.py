"""Finding the JSON object in what a model wrote, and the random JSON with which the test server tries whoever reads it."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from jsonschema import Draft202012Validator

from sandbox.gateway import objects
from tests.endpoint.random_json import instance

HERE = {"op": "keep", "n": 3}


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ('{"op": "keep", "n": 3}', False),
        ('  {"op": "keep", "n": 3}\n', False),
        ('```json\n{"op": "keep", "n": 3}\n```', False),
        ('```\n{"op": "keep", "n": 3}\n```', False),
        ('Sure!\n```json\n{"op": "keep", "n": 3}\n```\nAnything else?', False),
        ('<think>\nA {"op": "drop"} would be wrong.\n</think>\n{"op": "keep", "n": 3}', False),
        ('<think>hm</think>```json\n{"op": "keep", "n": 3}\n```', False),
        ('so it is {"op": "drop"}?</think>{"op": "keep", "n": 3}', False),
        ("{'op': 'keep', 'n': 3}", True),
        ('{"op": "keep", "n": 3,}', True),
        ('{"op": "keep", "n": 3', True),
        ('Here it is: {"op": "keep", "n": 3}', True),
        ('{"op": "keep", /* three */ "n": 3}', True),
        ('{op: "keep", n: 3}', True),
    ],
)
def test_the_object_is_found(text: str, mended: bool) -> None:
    assert objects.read(text) == (HERE, mended)


@pytest.mark.parametrize(
    "text", ["", "banana", "[1, 2]", "3", "null", "<think>{}", '<think>{"op": "keep"}', "{" * 10_000, "[" * 100_000 + "{}", '{"a":' * 5_000]
)
def test_what_is_no_object_is_none(text: str) -> None:
    assert objects.read(text) is None


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": 1, "a": 2}', '{"a": Infinity}'])
def test_what_json_forbids_does_not_pass_unnoticed(text: str) -> None:
    assert objects.strictly(text) is None
    assert (objects.read(text) or ({}, True))[1]


@settings(max_examples=100)
@given(some.text(alphabet="{}[]\":, \n\\abc1'`<think>/", max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    found = objects.read(text)
    assert found is None or isinstance(found[0], dict)


SCHEMAS = [
    {"type": "object", "properties": {"ok": {"const": True}}, "required": ["ok"], "additionalProperties": False},
    {
        "type": "object",
        "properties": {"a": {"type": "integer", "minimum": 2, "maximum": 4}, "b": {"type": "number", "exclusiveMinimum": 0, "maximum": 1}},
    },
    {"type": "array", "items": {"type": "string", "minLength": 2, "maxLength": 5}, "minItems": 1, "maxItems": 3},
    {"anyOf": [{"type": "null"}, {"enum": ["x", 1]}, {"type": ["boolean", "integer"]}]},
    {"type": "string", "pattern": r"^[a-z][a-z0-9_]{0,7}(-[A-F]+)?$"},
    {"type": "object", "additionalProperties": {"type": "number"}},
    {
        "$defs": {
            "tree": {
                "type": "object",
                "properties": {"kids": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
                "required": ["kids"],
                "additionalProperties": False,
            }
        },
        "$ref": "#/$defs/tree",
    },
    {
        "type": "object",
        "required": ["op"],
        "properties": {"op": {"const": "a"}},
        "oneOf": [{"properties": {"n": {"type": "integer"}}, "required": ["n"]}],
    },
    {
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "boolean"}}, "required": ["a"]},
            {"properties": {"b": {"type": "null"}}, "required": ["b"]},
        ]
    },
    {"type": "integer", "multipleOf": 5, "minimum": 3},
    {"type": "array", "prefixItems": [{"type": "integer"}, {"const": "x"}], "items": False},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=range(len(SCHEMAS)))
def test_random_instances_fit_their_schema(schema: dict) -> None:
    made = [instance(schema, random.Random(seed)) for seed in range(40)]
    for one in made:
        Draft202012Validator(schema).validate(json.loads(json.dumps(one)))
    assert made == [instance(schema, random.Random(seed)) for seed in range(40)]
