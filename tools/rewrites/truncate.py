"""Cut texts down to so much."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import ClassVar, Literal, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tools.boundaries import texts_of
from tools.contract import Card, Columns, Desk, Example, Rewrite
from tools.tokenizers import must_be_unchanged, with_digest
from tools.units import UNITS, Boundary, Unit, Units, units_of

LIKELY = 12  # characters a word, the space behind it included


class Truncate(Rewrite):
    """Keep at most so much of each text, in words, characters, lines, sentences, paragraphs or tokens: its beginning, its end, or both.

    Shorter texts stay as they are. No word is cut unless `at` is `anywhere`, and with `at: sentence` no sentence is, where one ends in the
    last third of what is kept. White space where the text was cut goes. `mark`, such as …, stands where something is missing and does not count.
    """

    words: int | None = Field(default=None, ge=1, description="Most words.")
    characters: int | None = Field(default=None, ge=1, description="Most characters.")
    lines: int | None = Field(default=None, ge=1, description="Most lines.")
    sentences: int | None = Field(default=None, ge=1, description="Most sentences.")
    paragraphs: int | None = Field(default=None, ge=1, description="Most paragraphs; a blank line ends one.")
    tokens: int | None = Field(default=None, ge=1, description="Most tokens, as `tokenizer` cuts them.")
    tokenizer: str = Field(default="", description="Path of a tokenizer.json, or `bytes`.")
    digest: str = Field(default="", description="Hex sha256 of that file; filled in.")
    keep: Literal["head", "tail", "ends"] = Field(default="head", description="What stays: the beginning, the end, or half of each.")
    at: Literal["anywhere", "word", "sentence", "paragraph"] = Field(default="word", description="Where to cut.")
    mark: str = Field(default="", description="What stands where something was cut away.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=4.0,
        aliases=(
            "truncate",
            "cut after N words",
            "first N words of each text",
            "first N characters",
            "only the beginning of each text",
            "shorten texts",
            "at most N words of each",
            "limit to N tokens",
            "clip long texts",
            "last N words",
            "trim to N characters",
            "keep the first sentences",
            "keep the first paragraph",
        ),
        not_for=("dropping long texts: use words or characters", "pieces that keep all of the text: use chunk"),
        examples=(
            Example(params={"words": 2}, given={"text": ["a b c", "d ", ""]}, gives={"text": ["a b", "d ", ""]}),
            Example(params={"characters": 9, "mark": "…"}, given={"text": ["one two three", "one two"]}, gives={"text": ["one two…", "one two"]}),
            Example(params={"characters": 4, "at": "anywhere"}, given={"text": ["abcdef", "日本語です"]}, gives={"text": ["abcd", "日本語で"]}),
            Example(params={"sentences": 1, "keep": "tail"}, given={"text": ["Hi. Yo! Ok?"]}, gives={"text": ["Ok?"]}),
            Example(params={"paragraphs": 1}, given={"text": ["a\nb\n\nc", "\n\na\n\nb"]}, gives={"text": ["a\nb", "\n\na"]}),
            Example(params={"words": 4, "keep": "ends", "mark": " [...] "}, given={"text": ["a b c d e f"]}, gives={"text": ["a b [...] e f"]}),
            Example(params={"tokens": 4, "tokenizer": "bytes", "at": "anywhere"}, given={"text": ["né日本"]}, gives={"text": ["né"]}),
        ),
    )

    @model_validator(mode="before")
    @classmethod
    def _with_digest(cls, given: object) -> object:
        return with_digest(given)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if sum(getattr(self, unit) is not None for unit in UNITS) != 1:
            raise ValueError(f"give exactly one of {', '.join(UNITS[:-1])} and {UNITS[-1]}: the most that a text may keep")
        if (self.tokens is None) != (self.tokenizer == ""):
            raise ValueError("tokens and tokenizer go together: name a tokenizer.json, or `bytes`; without one count words")
        if self.tokenizer:
            must_be_unchanged(self.tokenizer, self.digest)
        if self.keep == "ends" and self.most < 2:
            raise ValueError(f"keep='ends' needs room for both: {self.most!r} is too few")
        return self

    @property
    def unit(self) -> Unit:
        return next(unit for unit in UNITS if getattr(self, unit) is not None)

    @property
    def most(self) -> int:
        return int(getattr(self, self.unit))

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        long = pc.greater(pc.binary_length(texts), self.most)  # no unit is shorter than a byte
        if not pc.any(long).as_py():
            return {"text": texts}
        given = texts.filter(long)
        near = self._near(given)
        made, is_whole = self._cut(near)
        unsure = pc.and_(pa.array(is_whole), pc.less(pc.binary_length(near), pc.binary_length(given)))
        if pc.any(unsure).as_py():
            made = pc.replace_with_mask(made, unsure, self._cut(given.filter(unsure))[0])
        return {"text": pc.replace_with_mask(texts, long, made)}

    def _near(self, texts: pa.Array) -> pa.Array:
        """As much of each beginning as is likely to hold what stays."""
        reach = {"characters": self.most + 1, "words": LIKELY * self.most}.get(self.unit) if self.keep == "head" else None
        return texts if reach is None else pc.utf8_slice_codeunits(texts, 0, reach)

    def _cut(self, texts: pa.Array) -> tuple[pa.Array, list[bool]]:
        """What is left of each, and which are short enough as they are."""
        laid = texts_of(texts)
        at: Boundary = "word" if self.at == "anywhere" else self.at
        units = units_of(laid, self.unit, at, self.tokenizer, self.digest)
        few = units.few(laid.bounds, self.most).tolist()
        starts, stops = laid.bounds[:-1].tolist(), laid.bounds[1:].tolist()
        made = [
            laid.whole[start:stop] if is_short else self._kept(laid.whole, units, start, stop)
            for start, stop, is_short in zip(starts, stops, few, strict=True)
        ]
        return pa.array(made, pa.string()), few

    def _kept(self, whole: str, units: Units, start: int, stop: int) -> str:
        """What is left of a text that is too long."""
        own, nice = units.within(start, stop)
        nice = [] if self.at == "anywhere" else nice
        front = {"head": self.most, "tail": 0, "ends": (self.most + 1) // 2}[self.keep]
        back = self.most - front
        head = whole[start : own[_before(own, nice, front)]].rstrip() if front else ""
        begin = _behind(own, nice, back) if back else len(own)
        tail = whole[own[begin] : stop].lstrip() if begin < len(own) else ""
        return head + self.mark + tail


def _before(own: Sequence[int], nice: list[list[int]], front: int) -> int:
    """The unit before which to end so that at most so many stay in front of it."""
    for places in nice:
        turn = bisect_right(places, front)
        if turn and places[turn - 1] >= max(1, front - front // 3):
            return places[turn - 1]
    return bisect_left(own, own[front])  # of tokens that share a character, the first


def _behind(own: Sequence[int], nice: list[list[int]], back: int) -> int:
    """The unit with which to begin so that at most so many follow."""
    first = len(own) - back
    for places in nice:
        turn = bisect_left(places, first)
        if turn < len(places) and places[turn] <= first + back // 3:
            return places[turn]
    return first if own[first] != own[first - 1] else bisect_right(own, own[first])
