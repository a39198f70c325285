"""What a cell says of an operator, looked at before anything of it is used: names, sizes, and what the contract allows."""

import json
import keyword
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias

import pyarrow as pa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StringConstraints, ValidationError

from tools.contract import (
    Bounded,
    Card,
    Cut,
    Example,
    Expand,
    Fit,
    Group,
    Layout,
    Learner,
    Measure,
    Operator,
    Rank,
    Rewrite,
    Stage,
    Survey,
    Whole,
)
from tools.errors import RecipeError
from tools.names import nearest

from ..columns import is_name
from ..extras import MODULES

KINDS: Mapping[str, type[Operator]] = {one.__name__: one for one in (Fit, Bounded, Measure, Rewrite, Layout, Expand, Group, Cut, Rank, Whole, Survey)}
WHY_NOT: Mapping[str, str] = {
    "Source": "it reads files, and nothing in the jail does",
    "Sink": "it writes files, and nothing in the jail does",
    "Synthesize": "it asks a model, and none is lent in the jail",
    "Operator": f"it is none of the contract's kinds: {', '.join(KINDS)}",
}
NOT_LENT: Mapping[str, object] = {"network": False, "gpus": 0, "models": (), "jailed": False}  # what the card of a stranger may not ask for
MOST_TEXT, MOST_DOC, MOST_LISTED, MOST_COLUMNS, MOST_EXAMPLES, MOST_PARAMETERS = 1000, 8000, 200, 1000, 50, 100
MOST_SCHEMA = 20_000
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


def plain(text: str) -> str:
    """Text of a stranger as it may be shown: what a terminal would obey, or the eye not see, is spelt out."""
    return "".join(one if one.isprintable() or one == "\n" else f"\\u{ord(one):04x}" for one in text)


def _column(name: str) -> str:
    if not is_name(name) or plain(name) != name:
        raise ValueError(f"{plain(name)!r} is no column name")
    return name


Text: TypeAlias = Annotated[str, StringConstraints(max_length=MOST_TEXT), AfterValidator(plain)]
Texts: TypeAlias = Annotated[tuple[Text, ...], Field(max_length=MOST_LISTED)]
Column: TypeAlias = Annotated[str, StringConstraints(max_length=255), AfterValidator(_column)]
Columns: TypeAlias = Annotated[dict[Column, list[JsonValue]], Field(max_length=MOST_COLUMNS)]
Places: TypeAlias = list[int]
Number: TypeAlias = int | float | None


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SaidExample(Part):
    """As `tools.card.Example`."""

    given: Columns
    params: dict[str, JsonValue]
    against: Columns | None
    gives: Columns | None
    keeps: Places | None
    drops: dict[int, Text] | None
    into: dict[int, int] | None
    ports: dict[str, Places] | None
    parents: list[Places] | None
    numbers: dict[str, Number]


class SaidCard(Part):
    """As `tools.card.Card`, less the types."""

    stage: Stage
    aliases: Texts
    examples: Annotated[tuple[SaidExample, ...], Field(max_length=MOST_EXAMPLES)]
    needs_against: bool
    numbers: Annotated[tuple[Column, ...], Field(max_length=MOST_LISTED)]
    ports: Annotated[tuple[Column, ...], Field(min_length=1, max_length=MOST_LISTED)]
    version: Annotated[int, Field(ge=1, lt=1 << 31)]
    key: Column | None
    prefer: Column | None
    reorders: bool
    takes_nulls: bool
    exact: bool
    tolerance: Annotated[float, Field(ge=0)] | None
    repeatable: bool
    seeded: bool
    by_source: bool
    models: Texts
    network: bool
    gpus: int
    needs: Text | None
    jailed: bool
    passes: Annotated[int, Field(ge=1, le=100)]
    own_passes: Annotated[int, Field(ge=0, le=100)]
    state_bytes: Annotated[int, Field(ge=0)] | None
    most_rows: Annotated[int, Field(ge=0)] | None
    rows_per_batch: Annotated[int, Field(ge=1)] | None
    micros_per_row: Annotated[float, Field(ge=0)] | None
    not_for: Texts
    paper: Text
    proof: Text
    licence: Text


def _short(schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if len(json.dumps(schema)) > MOST_SCHEMA:
        raise ValueError(f"longer than {MOST_SCHEMA:,} characters")
    return schema


class Parameter(Part):
    """One parameter: whether it must be given, its default, whether only `rule` reads it, its JSON schema."""

    required: bool
    default: JsonValue
    bound: bool
    schema_: Annotated[dict[str, JsonValue], AfterValidator(_short)] = Field(alias="schema")


class Said(Part):
    """All that an operator's class says of itself."""

    name: str
    kind: str
    learns: bool
    doc: Annotated[str, StringConstraints(max_length=MOST_DOC), AfterValidator(plain)]
    card: SaidCard
    overrides: Annotated[tuple[str, ...], Field(max_length=64)]
    params: Annotated[dict[str, Parameter], Field(max_length=MOST_PARAMETERS)]
    definitions: dict[str, JsonValue]


class Described(BaseModel):
    """An operator in a file of a stranger, as far as our processes know it."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)
    said: Said
    card: Any  # tools.card.Card: pydantic would look into its types

    @property
    def kind(self) -> type[Operator]:
        return KINDS[self.said.kind]

    @property
    def bases(self) -> tuple[type[Operator], ...]:
        return (self.kind, Learner) if self.said.learns and not issubclass(self.kind, Learner) else (self.kind,)


def described(told: object, types: Sequence[pa.RecordBatch], place: str) -> Described:
    """Raises RecipeError for all that may not be."""
    try:
        said = Said.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part)[:60] for part in first["loc"])[:120]
        raise RecipeError(f"{place}: {plain(where)!r} of the operator will not do: {plain(first['msg'])[:200]}") from None
    if said.kind not in KINDS:
        raise RecipeError(f"{place}: {said.name[:64]!r} cannot run in the jail: {WHY_NOT.get(said.kind, WHY_NOT['Operator'])}")
    found = Described(said=said, card=_card(said.card, types, place))
    _check_names(found, place)
    return found


def types_of(batch: pa.RecordBatch, place: str) -> dict[str, pa.DataType]:
    """Columns and types that an empty batch stands for."""
    for name in batch.schema.names:
        if len(name) > 255 or not is_name(name) or plain(name) != name:
            raise RecipeError(f"{place}: {plain(name[:60])!r} is no column name")
    if len(batch.schema) > MOST_COLUMNS or len(set(batch.schema.names)) < len(batch.schema):
        raise RecipeError(f"{place}: {len(batch.schema)} columns are too many, or one is named twice; at most {MOST_COLUMNS}")
    return {field.name: field.type for field in batch.schema}


def _card(said: SaidCard, types: Sequence[pa.RecordBatch], place: str) -> Card:
    for name, least in NOT_LENT.items():
        if getattr(said, name) != least:
            raise RecipeError(f"{place}: its card says {name}={getattr(said, name)!r}, which is not lent in the jail; leave it out")
    if said.needs is not None and said.needs not in MODULES:
        raise RecipeError(f"{place}: its card needs {said.needs!r}, which is no extra of winnow{nearest(said.needs, MODULES)}")
    if len(types) != 4:
        raise RecipeError(f"{place}: its card came without types")
    reads, adds, against, notes = (types_of(batch, place) for batch in types)
    if said.key is not None and said.key not in notes:
        raise RecipeError(f"{place}: its card's key {said.key!r} is none of its notes{nearest(said.key, notes)}")
    if said.prefer is not None and said.prefer not in notes:
        raise RecipeError(f"{place}: its card's prefer {said.prefer!r} is none of its notes{nearest(said.prefer, notes)}")
    plainly = {name: getattr(said, name) for name in SaidCard.model_fields if name != "examples"}
    examples = tuple(Example(**{name: getattr(one, name) for name in SaidExample.model_fields}) for one in said.examples)
    return Card(**plainly, examples=examples, reads=reads, adds=adds, against=against, notes=notes)


def _check_names(found: Described, place: str) -> None:
    said, taken = found.said, {name for base in found.bases for name in dir(base)} | {"stranger", "inside", "within", "source_digest"}
    if not NAME.fullmatch(said.name):
        raise RecipeError(f"{place}: {plain(said.name[:64])!r} is no name of an operator; take letters and digits, at most 64")
    own = {"at_least", "at_most"} if issubclass(found.kind, Bounded) else set()
    for name, one in said.params.items():
        if not NAME.fullmatch(name) or keyword.iskeyword(name) or name.startswith("model_") or (name in taken and name not in own):
            raise RecipeError(f"{place}: a parameter cannot be called {plain(name[:64])!r}; that is no name, or the contract's own")
        if one.bound and one.required:
            raise RecipeError(f"{place}: the bound {name!r} has no default; give it one that leaves it open, as `= None`")
        if name in own and (one.required or not one.bound or one.default is not None):
            raise RecipeError(f"{place}: {name!r} is Bounded's own and open by default; leave its declaration out")
    if issubclass(found.kind, Bounded) and not own <= set(said.params):
        raise RecipeError(f"{place}: a Bounded operator has the bounds at_least and at_most")
