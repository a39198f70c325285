"""What a model may answer: only what every server can hold it to, and all that a recipe can say."""

from collections.abc import Iterator
from typing import Any

import pytest

from agents.llm import schema
from agents.llm.answers import PlanSaid, Reader, Unfit
from agents.llm.choosing import BASICS, MOST_CARDS, NO_STEPS, choose
from tests.agents.scripted import as_answered
from tools.cards import summaries
from tools.catalogue import operator
from tools.contract import Operator

CARDS = [one for one in summaries().values() if one.kind not in NO_STEPS]
KEYS = {"type", "properties", "required", "additionalProperties", "items", "anyOf", "enum", "const", "$ref", "$defs"}
TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}
SCHEMAS = {
    "plan": schema.of_plan(CARDS, ["/a/b.json"]),
    "change": schema.of_change(CARDS),
    "choice": schema.of_choice([one.name for one in CARDS]),
    **{f"filling {one.name}": schema.of_filling(one) for one in CARDS},
}


def parts(of: Any) -> Iterator[dict[str, Any]]:
    """Every schema within a schema."""
    yield of
    for below in (*of.get("properties", {}).values(), *of.get("anyOf", ()), *of.get("$defs", {}).values()):
        yield from parts(below)
    if "items" in of:
        yield from parts(of["items"])


@pytest.mark.parametrize("name", ["plan", "change", "choice"])
def test_schemas_stay_in_the_portable_subset(name):
    for given in (SCHEMAS[name], *(made for key, made in SCHEMAS.items() if key.startswith("filling"))):
        for part in parts(given):
            assert part.keys() <= KEYS, part
            assert isinstance(part.get("type", "string"), str) and part.get("type", "string") in TYPES
            assert part.get("type") != "object" or (part["additionalProperties"] is False and part["required"] == list(part["properties"]))
            assert part.get("type") or part.keys() & {"anyOf", "$ref"}, part
            assert part.get("$ref", "#/$defs/step").removeprefix("#/$defs/") in {"edges", "on", "as", "step"}
        assert given["type"] == "object" and "anyOf" not in given  # servers that are strict want an object at the root


def test_an_operator_is_a_constant_so_that_no_other_can_be_named():
    steps = SCHEMAS["plan"]["$defs"]["step"]["anyOf"]
    assert [one["properties"]["op"]["const"] for one in steps] == [one.name for one in CARDS]


@pytest.mark.parametrize("name", ["plan", "change", "choice"])
def test_llguidance_compiles_every_schema(name):
    llguidance = pytest.importorskip("llguidance")
    grammar = llguidance.LLMatcher.grammar_from_json_schema(SCHEMAS[name])
    assert llguidance.LLMatcher.validate_grammar(grammar) == ""


def test_every_example_of_a_card_can_be_said_and_is_read_as_it_was_meant():
    jsonschema = pytest.importorskip("jsonschema")
    said = 0
    for card in CARDS:
        validator = jsonschema.Draft202012Validator(SCHEMAS[f"filling {card.name}"])
        for example in operator(card.name).card.examples:
            params = {key: value for key, value in example.params.items() if key not in schema.FILLED_IN}
            if isinstance(params.get("fits"), dict) or params.get("tokenizer", "bytes") != "bytes":
                continue  # an open mapping, which json_schema also takes as text; a file, which only a person names
            told = {key: as_answered(card.params[key], params[key]) if key in params else None for key in card.params if key not in schema.FILLED_IN}
            answer = {"on": [], "with": told, "as": [], **({"against": []} if card.against or card.needs_against else {})}
            assert not [error.message for error in validator.iter_errors(answer)], (card.name, params)
            step = Reader(summaries()).step({"id": "x", "op": card.name, "from": ["rows"], **answer}, "steps.0")
            known = operator(card.name).model_validate(params)
            assert operator(card.name).model_validate(step.params) == known, card.name
            said += 1
    assert said > 300


def test_every_operator_that_compares_rows_may_name_what_with():
    for card in CARDS:
        if operator(card.name).against is not Operator.against:
            assert card.against or card.needs_against, card.name


def test_parameters_that_hold_files_are_known():
    found = {key for card in CARDS for key, given in card.params.items() if str(given.get("description", "")).startswith("Path ")}
    assert found == set(schema.FILES)


def plan(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"clauses": [], "answer": {"kind": "plan", "steps": list(steps), "outputs": []}}


def test_what_models_write_unasked_is_read_as_they_mean_it():
    step = {"id": "long", "op": "words@1", "from": "rows", "on": "body", "with": {"at_least": 40.0}, "as": {"words": "n"}, "why": "because"}
    claims, said = Reader(summaries()).read({"kind": "plan", "steps": [step]})
    assert isinstance(said, PlanSaid) and claims == ()
    assert said.steps[0].model_dump(exclude_defaults=True, by_alias=True) == {
        "id": "long",
        "op": "words@1",
        "from": "rows",
        "on": "body",
        "with": {"at_least": 40},
        "as": "n",
    }


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({}, "answer.kind"),
        ({"answer": "plan"}, "answer"),
        ({"answer": {"kind": "plan", "steps": "none"}}, "steps"),
        (plan({"id": "x", "op": "word", "with": {}}), "steps.0.op"),
        (plan({"id": "x", "op": "shell", "with": {"command": "ls"}}), "steps.0.op"),
        (plan({"id": "x", "op": "words", "with": "many"}), "steps.0.with"),
        (plan({"id": "x", "op": "tokens", "with": {"tokenizer": "/etc/passwd"}}), "steps.0.with.tokenizer"),
        (plan(*[{"id": "x", "op": "words"}] * 41), "steps"),
    ],
)
def test_what_cannot_be_used_is_told_by_its_place(data, path):
    with pytest.raises(Unfit) as caught:
        Reader(summaries()).read(data)
    assert caught.value.faults[0].path == path
    assert path != "steps.0.op" or caught.value.faults[0].allowed


def test_the_operators_shown_are_few_and_hold_the_basic_ones_and_those_needed():
    shown = [one.name for one in choose("German messages of at least 20 words, mask e-mails, no near duplicates", ["sort", "jsonl"])]
    assert len(shown) == MOST_CARDS and shown[0] == "sort" and "jsonl" not in shown
    assert set(BASICS) <= set(shown) and {"language", "mask_pii", "minhash_dedup"} <= set(shown)
