"""What the cards say, as data: `cards.json`, written by `python -m tools.cards`, so that a planner imports no operator.

A test fails when the file is stale.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from .catalogue import OPERATORS, operator
from .contract import Bounded, Cut, Expand, Fit, Group, Layout, Learner, Measure, Operator, Rank, Rewrite, Survey, Synthesize, Types, Whole
from .storage import Sink, Source

PLACE = Path(__file__).with_name("cards.json")
KINDS = (Source, Sink, Fit, Bounded, Measure, Rewrite, Layout, Expand, Synthesize, Group, Cut, Rank, Whole, Survey, Learner)
LEFT_OUT = ("title",)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One operator as a planner needs to know it; types are written as text."""

    name: str
    version: int
    kind: str
    doc: str
    stage: str
    aliases: tuple[str, ...]
    not_for: tuple[str, ...]
    reads: Mapping[str, str]
    adds: Mapping[str, str]
    against: Mapping[str, str]
    needs_against: bool
    numbers: tuple[str, ...]
    ports: tuple[str, ...]
    params: Mapping[str, Mapping[str, object]]  # the JSON schema of each parameter
    required: tuple[str, ...]


def summary(name: str, made: type[Operator]) -> Summary:
    """What one operator's class says of itself."""
    schema = made.model_json_schema()
    params = {key: {k: v for k, v in one.items() if k not in LEFT_OUT} for key, one in schema.get("properties", {}).items()}
    card = made.card
    return Summary(
        name=name,
        version=card.version,
        kind=next(kind.__name__ for kind in (*KINDS, Operator) if issubclass(made, kind)),
        doc=" ".join((made.__doc__ or "").split("\n\n")[0].split()),
        stage=card.stage,
        aliases=card.aliases,
        not_for=card.not_for,
        reads=_types(card.reads),
        adds=_types(card.adds),
        against=_types(card.against),
        needs_against=card.needs_against,
        numbers=card.numbers,
        ports=card.ports,
        params=params,
        required=tuple(schema.get("required", ())),
    )


def generate(names: Iterable[str] = OPERATORS) -> str:
    """The text of `cards.json` for these operators."""
    return json.dumps([asdict(summary(name, operator(name))) for name in names], indent=1, ensure_ascii=False) + "\n"


@lru_cache(maxsize=1)
def summaries() -> Mapping[str, Summary]:
    """All operators by name, as the file has them."""
    return {one.name: one for one in TypeAdapter(list[Summary]).validate_json(PLACE.read_bytes())}


def _types(types: Types) -> dict[str, str]:
    return {name: "any" if str(kind) == "null" else str(kind) for name, kind in types.items()}


if __name__ == "__main__":
    PLACE.write_text(generate(), encoding="utf-8")
