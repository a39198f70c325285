"""Whether a text is code without syntax errors."""

from typing import Annotated, ClassVar, Literal, Self

import pyarrow as pa
from pydantic import Field, field_validator, model_validator

from tools.contract import DECIDES, Card, Columns, Desk, Example, Measure, OneOf, Rule, Types
from tools.names import nearest

from . import grammars
from .fences import Block, blocks, unwrapped

FENCE, COLUMN = "fence", "column"
NO_CODE = "no code"
Verdict = tuple[bool | None, int | None, str | None]


class CodeCompiles(Measure):
    """Tell whether a text is code that parses, in Python or another language, with the line and the words of the first error.

    Python is compiled by the Python that runs winnow and never run. Other languages (javascript, typescript, java, go, rust, c, cpp, csharp,
    bash, ruby, php, html, css, sql) are parsed by tree-sitter, whose grammars take a little more than compilers do: they know no types and no
    names. `fenced` looks at the code between Markdown fences and leaves the prose around it; each block of the language must parse. A
    text that is nothing but one fenced block counts as its code. No code at all, an unknown language and a text too long to be
    code give null, which is neither valid nor invalid. A single word is valid Python.
    """

    language: str = Field(default="python", description="Name of the language; `column`: as the column `language` says; `fence`: as the fences say.")
    fenced: bool = Field(default=False, description="Look only at what stands between Markdown fences.")
    keep: Annotated[Literal["valid", "invalid", "all"], DECIDES] = Field(default="valid", description="Which rows go on.")

    card: ClassVar[Card] = Card(
        stage="verify",
        reads={"text": pa.string()},
        adds={"code_compiles": pa.bool_(), "error_line": pa.int32(), "error": pa.string()},
        exact=True,
        micros_per_row=200.0,
        proof="164 of 164 canonical solutions of HumanEval valid, 656 of 656 broken ones not; all 177 programs that one of six compilers "
        "accepts are valid (2026-11-28)",
        aliases=(
            "code that compiles",
            "valid Python code",
            "Python that parses",
            "syntax error",
            "syntax errors",
            "broken code",
            "code that does not parse",
            "valid JavaScript",
            "syntactically correct code",
            "well-formed SQL",
            "parses as Python",
            "code blocks that compile",
            "drop code that cannot be compiled",
            "check the syntax of code",
        ),
        not_for=("run code or its tests", "valid json: use is_json", "programming language of a text", "code in a text at all: use matches"),
        examples=(
            Example(
                given={"text": ["x = 1\n", "def f(:\n  pass", "for x in y:\nprint(x)", "Write a loop.", "", "```python\nx = [1]\n```"]},
                gives={
                    "code_compiles": [True, False, False, False, None, True],
                    "error_line": [None, 1, 2, 1, None, None],
                    "error": [None, "invalid syntax", "expected an indented block after 'for' statement on line 1", "invalid syntax", NO_CODE, None],
                },
            ),
            Example(params={"language": "javascript"}, given={"text": ["let x = 1;", "function f( {"]}, keeps=(0,), drops={1: "code_compiles"}),
            Example(
                params={"language": "column", "keep": "invalid"},
                given={"text": ["print(1", "int x;", "int x", "say hello"], "language": ["py", "C", "c", "cobol"]},
                keeps=(0, 2),
            ),
            Example(
                params={"fenced": True},
                given={"text": ["Look:\n```python\nx = 1\n```\nDone.", "```py\nx =\n```", "```sql\nselect\n```", "no fence"]},
                gives={"code_compiles": [True, False, None, None], "error_line": [None, 2, None, None]},
            ),
            Example(params={"language": "fence"}, given={"text": ["```go\nvar x = 1\n```", "```js\nlet = = 2\n```"]}, keeps=(0,)),
        ),
    )

    @field_validator("language")
    @classmethod
    def _known(cls, language: str) -> str:
        if language in (FENCE, COLUMN):
            return language
        known = grammars.named(language)
        if known is None:
            raise ValueError(f"no language {language!r}{nearest(language.casefold(), grammars.LANGUAGES)}; it knows {', '.join(grammars.LANGUAGES)}")
        return known

    @model_validator(mode="after")
    def _has_grammars(self) -> Self:
        absent = grammars.missing(grammars.LANGUAGES if self.language in (FENCE, COLUMN) else (self.language,))
        if absent:
            raise ValueError(
                f"language: {self.language!r} needs the extra {grammars.EXTRA!r} ({absent} is not installed): pip install 'winnow[{grammars.EXTRA}]'"
            )
        return self

    def reads(self) -> Types:
        return {"text": pa.string(), "language": pa.string()} if self.language == COLUMN else self.card.reads

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        said = batch["language"].to_pylist() if self.language == COLUMN else [self.language] * len(batch)
        found = [self._verdict(text, language) for text, language in zip(batch["text"].to_pylist(), said, strict=True)]
        valid, lines, errors = zip(*found, strict=True) if found else ((), (), ())
        return {
            "code_compiles": pa.array(valid, pa.bool_()),
            "error_line": pa.array(lines, pa.int32()),
            "error": pa.array(errors, pa.string()),
        }

    def rule(self) -> Rule:
        return () if self.keep == "all" else (OneOf("code_compiles", (self.keep == "valid",)),)

    def _verdict(self, text: str, said: str) -> Verdict:
        language = None if said == FENCE else grammars.named(said)
        if said != FENCE and language is None:
            return None, None, f"unknown language {said[: grammars.SHOWN]!r}"
        if language is None or self.fenced:
            judged = [(block, _tagged(block, language)) for block in blocks(text)]
        else:
            judged = [(unwrapped(text) or Block("", text, 1), language)]
        known = [(block, one) for block, one in judged if one and block.code.strip()]
        verdicts = [_judged(block, one) for block, one in known]
        return next((one for one in verdicts if one[0] is not True), (True, None, None) if verdicts else (None, None, NO_CODE))


def _tagged(block: Block, language: str | None) -> str | None:
    """The language of a block; none for one of another language than the wanted one. A fence that says nothing holds the wanted one."""
    said = grammars.named(block.tag)
    if language is None:
        return said
    return language if said == language or not block.tag else None


def _judged(block: Block, language: str) -> Verdict:
    if grammars.is_too_long(block.code, language):
        return None, None, "too long to be read as code"
    found = grammars.fault(block.code, language)
    return (True, None, None) if found is None else (False, found[0] + block.line - 1, found[1])
