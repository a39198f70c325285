"""Whether a text is JSON of a wanted schema."""

from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

import orjson
import pyarrow as pa
from pydantic import Field, field_validator

from tools.contract import DECIDES, Card, Columns, Desk, Example, Measure, OneOf, Rule
from tools.digest import pieces

from .schema_words import Check, Compiler

PERSON = {"type": "object", "required": ["name", "age"], "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}}}


class JsonSchema(Measure):
    """Tell whether a whole text is JSON that fits a JSON schema, with the place and the words of the first fault.

    The schema is written in the recipe, as a mapping or as JSON text. It knows the words of drafts 4 to 2020-12 but `unevaluated…` and
    `$dynamicRef`; what it does not know is an error and never passed over. References lead to places in the schema itself; nothing is ever fetched.
    Patterns are RE2. Formats are tested: date, time, date-time, duration, email, hostname, ipv4, ipv6, uri, uuid; others say nothing.
    """

    fits: dict[str, Any] | str | bool = Field(description="The JSON schema, such as: {type: object, required: [name, age]}")
    keep: Annotated[Literal["valid", "invalid", "all"], DECIDES] = Field(default="valid", description="Which rows go on.")

    card: ClassVar[Card] = Card(
        stage="verify",
        reads={"text": pa.string()},
        adds={"fits_schema": pa.bool_(), "schema_fault": pa.string()},
        exact=True,
        micros_per_row=12.0,
        proof="as the library jsonschema on 250 drawn pairs; 10 µs an object beside its 36, with a pattern 34 (2026-11-28)",
        aliases=(
            "JSON schema",
            "valid JSON with keys",
            "json with the fields",
            "json objects that have",
            "validate against a schema",
            "matches the schema",
            "structured output",
            "json of a certain shape",
            "required keys",
            "function call arguments are valid",
            "json with name and age",
        ),
        not_for=("any JSON at all: use is_json", "columns of the data: use select_columns", "write JSON"),
        examples=(
            Example(
                params={"fits": PERSON, "keep": "all"},
                given={
                    "text": ['{"name": "Ada", "age": 36}', '{"name": "Bob"}', '{"name": 1, "age": 2}', "name: Cy", "[]", '{"name": "D", "age": -1}']
                },
                gives={
                    "fits_schema": [True, False, False, False, False, False],
                    "schema_fault": [
                        None,
                        "$: 'age' is missing",
                        "$.name: 1 is no string",
                        "no JSON",
                        "$: [] is no object",
                        "$.age: -1 is below 0",
                    ],
                },
            ),
            Example(
                params={"fits": '{"type": "array", "items": {"$ref": "#/$defs/day"}, "$defs": {"day": {"format": "date"}}}'},
                given={"text": ['["2024-02-29"]', '["2023-02-29"]', "{"]},
                keeps=(0,),
                drops={1: "fits_schema", 2: "fits_schema"},
            ),
            Example(params={"fits": {"required": ["id"]}, "keep": "invalid"}, given={"text": ['{"id": 1}', "{}"]}, keeps=(1,)),
        ),
    )

    @field_validator("fits")
    @classmethod
    def _is_schema(cls, fits: dict[str, Any] | str | bool) -> dict[str, Any] | str | bool:
        try:
            _check(_text(fits))
        except orjson.JSONDecodeError as error:
            raise ValueError(f"the schema is no JSON: {error}") from None
        except RecursionError:
            raise ValueError("the schema is nested too deeply") from None
        return fits

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        check = _check(_text(self.fits))
        faults = [_fault(piece, check) for piece in pieces(batch["text"])]
        return {"fits_schema": pa.array([fault is None for fault in faults], pa.bool_()), "schema_fault": pa.array(faults, pa.string())}

    def rule(self) -> Rule:
        return () if self.keep == "all" else (OneOf("fits_schema", (self.keep == "valid",)),)


def _text(fits: dict[str, Any] | str | bool) -> str:
    return fits if isinstance(fits, str) else orjson.dumps(fits).decode()


@lru_cache(maxsize=32)
def _check(text: str) -> Check:
    document = orjson.loads(text)
    return Compiler(document).check(document)


def _fault(piece: memoryview, check: Check) -> str | None:
    try:
        value = orjson.loads(piece)
    except orjson.JSONDecodeError:
        return "no JSON"
    return check(value, "$", 0)
