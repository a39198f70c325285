"""How a text begins and ends."""

from typing import Annotated, ClassVar, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.characters import SPACE_CLASS
from tools.contract import DECIDES, Card, Columns, Desk, Example, Measure, OneOf, Rule

Kind = Literal["stop", "ellipsis", "quote", "bracket", "colon", "comma", "mark", "letter", "digit", "symbol", "none"]
# in this order: the first that holds the character names its kind
KINDS = {
    "stop": r"[.!?。！？｡؟۔।॥։።]",
    "ellipsis": "…",
    "quote": r"[\"'”’»」』\p{Pf}\p{Pi}]",
    "bracket": r"[\p{Ps}\p{Pe}]",
    "colon": "[:：]",
    "comma": "[,;，、；،؛]",
    "mark": r"\p{P}",
    "letter": r"[\p{L}\p{M}]",
    "digit": r"\p{N}",
}


class LastCharacter(Measure):
    """Tell the last character of a text, white space aside, and its kind. A text that ends in a comma or a letter was often cut off.

    Kinds: `stop` (what ends a sentence), `ellipsis` (also `...`), `quote`, `bracket`, `colon`, `comma` (and semicolon), `mark` (other
    punctuation), `letter`, `digit`, `symbol` (all else), `none` for a text of nothing but white space.
    """

    kinds: Annotated[tuple[Kind, ...], DECIDES] = Field(default=(), description="Kinds to keep; none: all.")
    characters: Annotated[tuple[str, ...], DECIDES] = Field(default=(), description="Last characters to keep; none: all.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"last_character": pa.string(), "last_kind": pa.string()},
        exact=True,
        micros_per_row=1.0,
        aliases=(
            "last character",
            "text ends with a full stop",
            "ends with punctuation",
            "ends in a complete sentence",
            "ends mid-sentence",
            "cut off at the end",
            "truncated texts",
            "unfinished texts",
            "texts that are cut off",
            "finished sentence at the end",
        ),
        not_for=("lines that end with punctuation: use line_end_punctuation_share", "ends with a certain word: use matches", "cut a text"),
        examples=(
            Example(
                given={"text": ["Yes. ", "and so", "so...", "“No”", "(x)", "as:", "a,", "5", "$", " ", "好。"]},
                gives={
                    "last_character": [".", "o", ".", "”", ")", ":", ",", "5", "$", "", "。"],
                    "last_kind": ["stop", "letter", "ellipsis", "quote", "bracket", "colon", "comma", "digit", "symbol", "none", "stop"],
                },
            ),
            Example(params={"kinds": ("stop", "quote")}, given={"text": ["It rained.", "It rain"]}, keeps=(0,), drops={1: "last_kind"}),
            Example(params={"characters": ("?",)}, given={"text": ["Who?", "Me."]}, keeps=(0,), drops={1: "last_character"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        bare = pc.utf8_rtrim_whitespace(batch["text"])
        last = pc.utf8_slice_codeunits(bare, -1)
        known = last.dictionary_encode()
        kinds = pa.array([_kind(character) for character in known.dictionary.to_pylist()], pa.string())
        kind = kinds.take(known.indices)
        return {"last_character": last, "last_kind": pc.if_else(pc.ends_with(bare, "..."), "ellipsis", kind)}

    def rule(self) -> Rule:
        wanted = (("last_kind", self.kinds), ("last_character", self.characters))
        return tuple(OneOf(name, values) for name, values in wanted if values)


class StartsWith(Measure):
    """Tell whether a text begins with one of some beginnings, white space before them aside.

    `keep: others` turns it round, for texts that begin as templates, refusals or quotations do.
    """

    beginnings: tuple[str, ...] = Field(min_length=1, description="Beginnings, taken as they stand.")
    ignore_case: bool = Field(default=True, description="Upper and lower case are the same.")
    keep: Annotated[Literal["starting", "others", "all"], DECIDES] = Field(default="starting", description="Which rows go on.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"starts_with": pa.bool_()},
        exact=True,
        micros_per_row=1.0,
        aliases=(
            "starts with",
            "begins with",
            "text starts with",
            "texts beginning with",
            "starting with one of",
            "begins with the words",
            "first words are",
            "opens with",
            "answers that start with",
            "prefix",
        ),
        not_for=("a pattern anywhere: use matches", "lines that start with a bullet: use bullet_line_share", "the first rows: use first_n"),
        examples=(
            Example(
                params={"beginnings": ("Sorry", "as an AI"), "keep": "others"},
                given={"text": ["  sorry, no", "Yes", "As an AI model"]},
                keeps=(1,),
                drops={0: "starts_with", 2: "starts_with"},
            ),
            Example(params={"beginnings": ("A.b",), "ignore_case": False}, given={"text": ["A.b", "a.b", "Aab", ""]}, keeps=(0,)),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        bare = pc.replace_substring_regex(batch["text"], rf"\A{SPACE_CLASS}+", "")
        begins = [pc.starts_with(bare, beginning, ignore_case=self.ignore_case) for beginning in self.beginnings]
        found = begins[0]
        for more in begins[1:]:
            found = pc.or_(found, more)
        return {"starts_with": found}

    def rule(self) -> Rule:
        return () if self.keep == "all" else (OneOf("starts_with", (self.keep == "starting",)),)


def _kind(character: str) -> str:
    if not character:
        return "none"
    one = pa.array([character])
    return next((kind for kind, pattern in KINDS.items() if pc.match_substring_regex(one, pattern)[0].as_py()), "symbol")


assert set(KINDS) < set(get_args(Kind))
