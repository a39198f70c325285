"""Whether a text is JSON."""

from typing import Annotated, ClassVar, Literal

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import DECIDES, Card, Columns, Desk, Example, Measure, OneOf, Rule
from tools.digest import pieces

Kind = Literal["object", "array", "string", "number", "boolean", "null"]
KINDS: dict[type, Kind] = {dict: "object", list: "array", str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


class IsJson(Measure):
    """Tell whether a whole text is one JSON value, and of which kind; by default drop what is none.

    It is the JSON of RFC 8259: no comments, no single quotes, no NaN, and no text around it. Half of a surrogate pair, and more than
    a thousand brackets within each other, count as broken.
    """

    keep: Annotated[Literal["valid", "invalid", "all"], DECIDES] = Field(default="valid", description="Which rows go on.")
    kinds: Annotated[tuple[Kind, ...], DECIDES] = Field(default=(), description="Kinds to keep, such as `object`; none: all.")

    card: ClassVar[Card] = Card(
        stage="verify",
        reads={"text": pa.string()},
        adds={"is_json": pa.bool_(), "json_kind": pa.string()},
        exact=True,
        micros_per_row=4.0,
        aliases=(
            "valid json",
            "is json",
            "json that parses",
            "parses as json",
            "well-formed json",
            "parseable json",
            "drop invalid json",
            "broken json",
            "malformed json",
            "outputs that are json",
            "a json object",
        ),
        not_for=("read a JSON file", "write JSON", "json of a certain schema", "code that compiles"),
        examples=(
            Example(
                params={"keep": "all"},
                given={"text": ['{"a": 1}', " [1, 2] ", "{'a': 1}", "", "3", '"x"', "true", "null", "{} {}"]},
                gives={
                    "is_json": [True, True, False, False, True, True, True, True, False],
                    "json_kind": ["object", "array", "none", "none", "number", "string", "boolean", "null", "none"],
                },
            ),
            Example(params={"kinds": ("object",)}, given={"text": ["{}", "[]", "{"]}, keeps=(0,), drops={1: "json_kind", 2: "is_json"}),
            Example(params={"keep": "invalid"}, given={"text": ["{}", "{"]}, keeps=(1,), drops={0: "is_json"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        kinds = pa.array([_kind(piece) for piece in pieces(batch["text"])], pa.string())
        return {"is_json": pc.not_equal(kinds, "none"), "json_kind": kinds}

    def rule(self) -> Rule:
        valid = () if self.keep == "all" else (OneOf("is_json", (self.keep == "valid",)),)
        return (*valid, OneOf("json_kind", self.kinds)) if self.kinds else valid


def _kind(piece: memoryview) -> str:
    try:
        return KINDS[type(orjson.loads(piece))]
    except orjson.JSONDecodeError:
        return "none"
