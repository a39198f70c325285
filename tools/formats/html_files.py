"""Web pages on disk: a page a row, each decoded by what it says of itself and what its bytes say."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from tools.contract import Card

from .encodings import page
from .many_files import Document, ManyFiles


class HtmlFiles(ManyFiles):
    """Read HTML and XHTML files, each a row: `path` holds the file's name, `text` the page with its tags, `encoding` how it was decoded: by
    byte order mark, as UTF-8 where it is sound, by what the page says, else as detected. What cannot be decoded goes to quarantine."""

    column: str = Field(default="text", min_length=1, description="Name of the column that holds the page.")
    path_column: str = Field(default="path", min_length=1, description="Name of the column that holds the file's name.")
    encoding_column: str = Field(default="encoding", min_length=1, description="Name of the column that holds the encoding.")

    suffixes: ClassVar[tuple[str, ...]] = (".html", ".htm", ".xhtml")
    card: ClassVar[Card] = Card(
        stage="read",
        exact=True,
        needs="web-extract",
        aliases=("html files", "web pages", "a folder of html", "one page per row", "crawled pages", "xhtml"),
        not_for=("main text of a page: extract_main_text, after this", "tags taken out: strip_html, after this"),
        examples=(),
        proof="XQuAD paragraphs of 9 languages written in 10 encodings of the web, 2026-11-28: 1,945 of 1,945 pages decoded right where they say "
        "their encoding, 1,938 of 1,945 where they do not",
    )

    def columns(self) -> tuple[str, ...]:
        return (self.path_column, self.column, self.encoding_column)

    def documents(self, data: bytes, inside: str) -> Iterator[Document]:
        text, encoding = page(data)
        yield Document(0, 0, {self.path_column: inside, self.column: text, self.encoding_column: encoding})
