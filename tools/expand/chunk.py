"""Cut long texts into pieces."""

from itertools import pairwise
from typing import ClassVar, Self

import numpy as np
import pyarrow as pa
from pydantic import Field, model_validator

from tools.boundaries import texts_of
from tools.contract import Card, Columns, Desk, Example, Expand, Types
from tools.headings import Section, sections
from tools.tokenizers import must_be_unchanged, with_digest
from tools.units import UNITS, Boundary, Unit, Units, cuts, units_of

from .born import children


class Chunk(Expand):
    """Cut a text into pieces of at most so many words, characters, lines, sentences, paragraphs or tokens, at its headings, or both.

    Pieces are exact parts of the text, each with the white space behind it: without their overlap they make up the text again, byte for
    byte. A blank text has none. In words and tokens no word is cut; in characters one is cut only where no word ends in the last third of
    a piece. Headings are those of Markdown and HTML and underlined lines, outside fenced code. Tokens are counted in the whole text.
    """

    words: int | None = Field(default=None, ge=1, description="Most words a piece.")
    characters: int | None = Field(default=None, ge=1, description="Most characters a piece.")
    lines: int | None = Field(default=None, ge=1, description="Most lines a piece.")
    sentences: int | None = Field(default=None, ge=1, description="Most sentences a piece.")
    paragraphs: int | None = Field(default=None, ge=1, description="Most paragraphs a piece; a blank line ends one.")
    tokens: int | None = Field(default=None, ge=1, description="Most tokens a piece, as `tokenizer` cuts them.")
    tokenizer: str = Field(default="", description="Path of a tokenizer.json, or `bytes`.")
    digest: str = Field(default="", description="Hex sha256 of that file; filled in.")
    overlap: int = Field(default=0, ge=0, description="How many of these a piece repeats of the one before.")
    at: Boundary = Field(default="word", description="Where to cut, if such an end lies in the last third of the piece.")
    headings: bool = Field(default=False, description="Begin a piece at each heading; the column `heading` says under which it stands: A > B.")
    deepest: int = Field(default=6, ge=1, le=6, description="Headings below this level begin no piece.")
    places: bool = Field(default=False, description="Add the columns `start` and `stop`: where in the text a piece stands, in characters.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string(), "chunk": pa.int32()},
        exact=True,
        micros_per_row=12.0,
        proof="310,842 pieces of 1,088 documents, cut in eight ways, make up these again byte for byte (2026-11-28)",
        aliases=(
            "split long texts",
            "chunk",
            "chunk documents",
            "pieces of N words",
            "chunks of N tokens",
            "chunks with overlap",
            "sliding window",
            "break up long documents",
            "passages for retrieval",
            "RAG chunks",
            "split at headings",
            "one row per section",
            "one row per paragraph",
            "one row per line",
            "recursive character splitter",
        ),
        not_for=("train test split", "drop long texts", "one row per sentence: use split_sentences", "only the beginning of each text: use truncate"),
        examples=(
            Example(
                params={"words": 6},
                given={"text": ["a b c d e f g", "h", ""]},
                gives={"text": ["a b c d e f ", "g", "h"], "chunk": [0, 1, 0]},
                drops={2: "childless"},
                parents=((0,), (0,), (1,)),
            ),
            Example(
                params={"words": 8, "overlap": 2},
                given={"text": ["a b c d e f g h i j"]},
                gives={"text": ["a b c d e f g h ", "g h i j"]},
                parents=((0,), (0,)),
            ),
            Example(
                params={"words": 5, "at": "sentence"},
                given={"text": ["One two. Three four. Five six."]},
                gives={"text": ["One two. Three four. ", "Five six."]},
            ),
            Example(
                params={"sentences": 1, "places": True},
                given={"text": ["Hi. Yo! "]},
                gives={"text": ["Hi. ", "Yo! "], "start": [0, 4], "stop": [4, 8]},
            ),
            Example(params={"tokens": 13, "tokenizer": "bytes"}, given={"text": ["日本語です"]}, gives={"text": ["日本語で", "す"]}),
            Example(
                params={"headings": True},
                given={"text": ["# A\none\n## B\ntwo\n", "C\n===\n<h2>D</h2>"]},
                gives={"text": ["# A\none\n", "## B\ntwo\n", "C\n===\n", "<h2>D</h2>"], "heading": ["A", "A > B", "C", "C > D"]},
            ),
        ),
    )

    @model_validator(mode="before")
    @classmethod
    def _with_digest(cls, given: object) -> object:
        return with_digest(given)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        given = [unit for unit in UNITS if getattr(self, unit) is not None]
        if len(given) > 1 or not (given or self.headings):
            raise ValueError(f"give exactly one of {', '.join(UNITS[:-1])} and {UNITS[-1]}: the most that a piece may hold; or `headings: true`")
        if self.overlap >= (self.most or 1):
            raise ValueError(f"overlap={self.overlap!r} leaves no room in pieces of {self.most!r}: make it smaller")
        if (self.tokens is None) != (self.tokenizer == ""):
            raise ValueError("tokens and tokenizer go together: name a tokenizer.json, or `bytes`; without one count words")
        if self.tokenizer:
            must_be_unchanged(self.tokenizer, self.digest)
        return self

    @property
    def unit(self) -> Unit | None:
        return next((unit for unit in UNITS if getattr(self, unit) is not None), None)

    @property
    def most(self) -> int | None:
        return None if self.unit is None else int(getattr(self, self.unit))

    def adds(self, given: Types) -> Types:
        heading = {"heading": pa.string()} if self.headings else {}
        places = {"start": pa.int32(), "stop": pa.int32()} if self.places else {}
        return {**self.card.adds, **heading, **places}

    def expand(self, batch: pa.RecordBatch, desk: Desk) -> tuple[Columns, pa.Array]:
        texts = texts_of(batch["text"])
        units = units_of(texts, self.unit, self.at, self.tokenizer, self.digest) if self.unit else None
        rows: list[int] = []
        spans: list[tuple[int, int]] = []
        headings: list[str] = []
        bounds = texts.bounds.tolist()
        whole = [True] * len(batch) if units is None or self.most is None else units.few(texts.bounds, self.most).tolist()
        for row, (start, stop) in enumerate(pairwise(bounds)):
            for section in self._sections(texts.whole, start, stop):
                first, last = start + section.start, start + section.stop
                made = [(first, last)] if whole[row] or units is None else self._spans(units, first, last)
                rows += [row] * len(made)
                spans += made
                headings += [section.path] * len(made)
        row_of = np.array(rows, np.int64)
        turns, parents = children(row_of)
        columns = {"text": pa.array([texts.whole[start:stop] for start, stop in spans], pa.string()), "chunk": turns}
        if self.headings:
            columns["heading"] = pa.array(headings, pa.string())
        if self.places:
            places = np.array(spans, np.int64).reshape(-1, 2) - texts.bounds[row_of][:, None]
            columns |= {"start": pa.array(places[:, 0], pa.int32()), "stop": pa.array(places[:, 1], pa.int32())}
        return columns, parents

    def _sections(self, whole: str, start: int, stop: int) -> list[Section]:
        """The parts of one text that are cut on their own; none of a blank text."""
        if start == stop or (whole[start].isspace() and whole[start:stop].isspace()):
            return []
        return sections(whole[start:stop], self.deepest) if self.headings else [Section(0, stop - start, "")]

    def _spans(self, units: Units, start: int, stop: int) -> list[tuple[int, int]]:
        """Where the pieces of a part begin and end."""
        own, nice = units.within(start, stop)
        found = cuts(own, nice, self.most or 1, self.overlap)
        return [(own[first] if first else start, own[after] if after < len(own) else stop) for first, after in found]
