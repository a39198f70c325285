"""Cut long texts into pieces."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import ClassVar, Literal, Self

import pyarrow as pa
from pydantic import Field, model_validator

from tools.characters import IDEOGRAPHS
from tools.contract import Card, Columns, Desk, Example, Expand

IDEOGRAPH = "".join(f"{chr(low)}-{chr(high)}" for low, high in IDEOGRAPHS)
WORD = re.compile(rf"[{IDEOGRAPH}]|[^\s{IDEOGRAPH}]+")
BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
CLOSERS = "\"'”’»)]」』）"
TERMINATORS = (".", "!", "?", "…", "。", "！", "？")

Boundary = Literal["word", "sentence", "paragraph"]
Cut = Callable[[str], bool]
CUTS: dict[Boundary, tuple[Cut, ...]] = {
    "word": (),
    "sentence": (lambda last: last.rstrip().rstrip(CLOSERS).endswith(TERMINATORS),),
    "paragraph": (lambda last: BLANK_LINE.search(last) is not None, lambda last: last.rstrip().rstrip(CLOSERS).endswith(TERMINATORS)),
}


class Chunk(Expand):
    """Cut a text into pieces of at most so many words or characters.

    Pieces are exact parts of the text, each with the white space behind it: without their overlap they make up the text again.
    Pieces of white space alone are left out, so that a blank text has none. In words no word is ever cut; in characters one
    is cut only where no word ends in the last third of a piece.
    """

    words: int | None = Field(default=None, ge=1, description="Most words a piece.")
    characters: int | None = Field(default=None, ge=1, description="Most characters a piece.")
    overlap: int = Field(default=0, ge=0, description="How many words or characters a piece repeats of the one before.")
    at: Boundary = Field(default="word", description="Where to cut, if such an end lies in the last third of the piece.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string(), "chunk": pa.int32()},
        exact=True,
        micros_per_row=90.0,
        aliases=(
            "split long texts",
            "chunk",
            "chunk documents",
            "cut into pieces",
            "split into passages",
            "pieces of N words",
            "pieces of N characters",
            "chunks with overlap",
            "sliding window",
            "segments of at most N words",
            "break up long documents",
            "passages for retrieval",
            "RAG chunks",
        ),
        not_for=("train test split", "drop long texts", "one row per line"),
        examples=(
            Example(
                params={"words": 2},
                given={"text": ["a b c", "d", ""]},
                gives={"text": ["a b ", "c", "d"], "chunk": [0, 1, 0]},
                drops={2: "childless"},
                parents=((0,), (0,), (1,)),
            ),
            Example(params={"words": 3, "overlap": 1}, given={"text": ["a b c d e"]}, gives={"text": ["a b c ", "c d e"]}, parents=((0,), (0,))),
            Example(
                params={"words": 5, "at": "sentence"},
                given={"text": ["One two. Three four. Five six."]},
                gives={"text": ["One two. Three four. ", "Five six."]},
            ),
        ),
    )

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.words is None) == (self.characters is None):
            raise ValueError("give exactly one of words and characters: the most that a piece may hold")
        most = self.words or self.characters or 0
        if self.overlap >= most:
            raise ValueError(f"overlap={self.overlap!r} leaves no room in pieces of {most!r}: make it smaller")
        return self

    def expand(self, batch: pa.RecordBatch, desk: Desk) -> tuple[Columns, pa.Array]:
        pieces: list[str] = []
        turns: list[int] = []
        parents: list[list[int]] = []
        for row, text in enumerate(batch["text"].to_pylist()):
            made = [text[start:stop] for start, stop in self.spans(text)]
            pieces += made
            turns += range(len(made))
            parents += [[row]] * len(made)
        return {"text": pa.array(pieces, pa.string()), "chunk": pa.array(turns, pa.int32())}, pa.array(parents, pa.list_(pa.int32()))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the pieces of a text begin and end."""
        starts = [word.start() for word in WORD.finditer(text)]
        if not starts:
            return []
        ends = [*starts[1:], len(text)]
        found = self._by_words(text, starts, ends) if self.words else self._by_characters(text, starts, self.characters or 1)
        return [(start, stop) for start, stop in found if not text[start:stop].isspace()]

    def _by_words(self, text: str, starts: list[int], ends: list[int]) -> list[tuple[int, int]]:
        words, first, found = self.words or 1, 0, []
        while True:
            after = min(first + words, len(starts))
            if after < len(starts):
                after = self._nicest(text, starts, max(first + self.overlap + 1, after - words // 3), after)
            found.append((starts[first] if first else 0, ends[after - 1]))
            if after == len(starts):
                return found
            first = after - self.overlap

    def _by_characters(self, text: str, starts: list[int], most: int) -> list[tuple[int, int]]:
        start, found = 0, []
        while start + most < len(text):
            stop = start + most
            last = bisect_right(starts, stop) - 1
            first = bisect_left(starts, max(start + self.overlap + 1, stop - most // 3))
            if first <= last:
                stop = starts[self._nicest(text, starts, first, last)]
            found.append((start, stop))
            start = stop - self.overlap
        return [*found, (start, len(text))]

    def _nicest(self, text: str, starts: list[int], first: int, last: int) -> int:
        """The last word from `first` to `last` before which to cut, by the best boundary that there is."""
        for is_end in CUTS[self.at]:
            for word in range(last, first - 1, -1):
                if word and is_end(text[starts[word - 1] : starts[word]]):
                    return word
        return last
