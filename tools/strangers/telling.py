"""What an operator says of itself, as JSON: its kind, card and parameters. Types go beside it, as empty batches."""

from collections.abc import Sequence
from dataclasses import fields

import pyarrow as pa
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from tools.contract import (
    DECIDES,
    Bounded,
    Card,
    Cut,
    Expand,
    Fit,
    Group,
    Layout,
    Learner,
    Measure,
    Operator,
    Rank,
    Rewrite,
    Survey,
    Synthesize,
    Whole,
)
from tools.storage import Sink, Source

from .answers import METHODS, types_as_batch

KINDS = (Source, Sink, Fit, Bounded, Measure, Rewrite, Layout, Expand, Synthesize, Group, Cut, Rank, Whole, Survey, Operator)
TYPES = ("reads", "adds", "against", "notes")  # of the card, in the order in which they are sent
ASKED = ("reads", "against", "adds", "ports", "numbers", "rule", "repeats")  # methods that need no rows
DOC = 20_000  # characters of it that are told: what is longer was made to be


def told(name: str, made: type[Operator]) -> tuple[dict[str, object], Sequence[pa.RecordBatch]]:
    """Raises TypeError where the card is none."""
    card = made.card
    if not isinstance(card, Card):
        raise TypeError(f"the card of {name} is no Card")
    kind = next(one for one in KINDS if issubclass(made, one))
    bases = (kind, Learner) if issubclass(made, Learner) else (kind,)
    schema = made.model_json_schema()
    said = {
        "name": name,
        "kind": kind.__name__,
        "learns": issubclass(made, Learner),
        "doc": (made.__doc__ or "")[:DOC],
        "card": {one.name: to_jsonable_python(getattr(card, one.name)) for one in fields(Card) if one.name not in TYPES},
        "overrides": [method for method in (*METHODS, *ASKED) if _own(method, made, bases)],
        "params": {key: _parameter(field, schema.get("properties", {}).get(key, {})) for key, field in made.model_fields.items()},
        "definitions": schema.get("$defs", {}),
    }
    return said, [types_as_batch(getattr(card, one)) for one in TYPES]


def _own(method: str, made: type[Operator], bases: Sequence[type[Operator]]) -> bool:
    """Whether the operator has a method of its own where the contract has it."""
    given = [getattr(base, method) for base in bases if hasattr(base, method)]
    return bool(given) and getattr(made, method) not in given


def _parameter(field: FieldInfo, schema: object) -> dict[str, object]:
    required = field.is_required()
    default = None if required else to_jsonable_python(field.get_default(call_default_factory=True, validated_data={}))
    return {"required": required, "default": default, "bound": DECIDES in field.metadata, "schema": schema}
