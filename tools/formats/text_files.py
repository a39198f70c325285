"""Files of plain text: a file a row, or a paragraph."""

import codecs
import re
from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from tools.contract import Card

from .encodings import DETECT, decoded, detected
from .many_files import Document, ManyFiles, Unreadable

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class TextFiles(ManyFiles):
    """Read files of text, each a row: `path` holds the file's name, `text` all of it. By paragraphs, each run of lines that are not
    blank is a row. A file that is not in its encoding goes to quarantine."""

    records: Literal["file", "paragraph"] = Field(default="file", description="What becomes a row.")
    encoding: str = Field(default="utf-8", description="Encoding of the files, or `detect`, file by file, which needs the extra web-extract.")
    column: str = Field(default="text", min_length=1, description="Name of the column that holds the text.")
    path_column: str = Field(default="path", min_length=1, description="Name of the column that holds the file's name.")

    suffixes: ClassVar[tuple[str, ...]] = (".md", ".markdown", ".rst")
    card: ClassVar[Card] = Card(
        stage="read",
        exact=True,
        aliases=("one file per row", "each file is a document", "a folder of text files", "markdown files", "txt files", "whole files"),
        not_for=("a row a line: text",),
        examples=(),
    )

    @field_validator("encoding")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value != DETECT:
            try:
                codecs.lookup(value)
            except LookupError:
                raise ValueError(f"encoding {value!r} is not known; give one as 'utf-8', 'cp1252', or 'detect'") from None
        return value

    def columns(self) -> tuple[str, ...]:
        return (self.path_column, self.column)

    def documents(self, data: bytes, inside: str) -> Iterator[Document]:
        text = self._text(data)
        if self.records == "file":
            yield Document(0, 0, {self.path_column: inside, self.column: text})
            return
        for at, line, paragraph in _paragraphs(text):
            yield Document(at, line, {self.path_column: inside, self.column: paragraph})

    def _text(self, data: bytes) -> str:
        if self.encoding == DETECT:
            return detected(data)[0]
        try:
            return decoded(data, self.encoding)
        except (UnicodeDecodeError, UnicodeError):
            raise Unreadable(f"not {self.encoding.upper()}") from None


def _paragraphs(text: str) -> Iterator[tuple[int, int, str]]:
    """Each run of lines that are not blank: where its first line begins, in characters, which line that is, and the run without the line
    break at its end."""
    at, begin, first, run = 0, 0, 0, list[str]()
    for number, line in enumerate(_LINE.findall(text)):
        if line.strip(" \t\r\n"):
            if not run:
                begin, first = at, number
            run.append(line)
        elif run:
            yield begin, first, "".join(run).rstrip("\r\n")
            run = []
        at += len(line)
    if run:
        yield begin, first, "".join(run).rstrip("\r\n")
