"""Take lines out of texts by what they say."""

from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator, model_validator

from tools.contract import Card, Columns, Desk, Example, Rewrite, Types
from tools.dedupe.pieces import line_bounds
from tools.dedupe.shingles import text_bytes
from tools.pattern import checked
from tools.scan import BULLET, SENTENCE, TRAILS_OFF
from tools.spans import without

Mask = npt.NDArray[np.bool_]
RULES = (
    "matching",
    "containing",
    "fewer_words_than",
    "fewer_characters_than",
    "more_characters_than",
    "all_caps",
    "bullets",
    "trailing_off",
    "unfinished",
)


class RemoveLines(Rewrite):
    """Take out the lines that meet any of some rules: a pattern, phrases, short, all in capitals, bullets, no end of a sentence.

    Lines are judged without the white space at their ends and go with their line break. Blank lines stay. With `keep_only` it is the
    other way round: only lines that meet a rule stay. With `counted` the column `cut_lines` says how many went.
    """

    matching: str | None = Field(default=None, description="Regular expression (RE2), found anywhere in the line.")
    containing: tuple[str, ...] = Field(default=(), description="Words or phrases; upper and lower case are the same.")
    fewer_words_than: int | None = Field(default=None, ge=1, description="Lines of fewer words.")
    fewer_characters_than: int | None = Field(default=None, ge=1, description="Lines of fewer characters.")
    more_characters_than: int | None = Field(default=None, ge=1, description="Lines of more characters.")
    all_caps: bool = Field(default=False, description="Lines whose letters, two at least, are all capitals.")
    bullets: bool = Field(default=False, description="Lines that begin with a bullet.")
    trailing_off: bool = Field(default=False, description="Lines that end in an ellipsis.")
    unfinished: bool = Field(default=False, description="Lines that do not end as a sentence does, as in C4's rules.")
    keep_only: bool = Field(default=False, description="Keep the lines that meet a rule, and take the others out.")
    counted: bool = Field(default=False, description="Add the column `cut_lines`.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=7.0,
        paper="arXiv:1910.10683, section 2.2",
        aliases=(
            "remove lines that contain",
            "drop lines matching",
            "delete lines starting with",
            "remove short lines",
            "lines of fewer than N words",
            "strip bullet lines",
            "remove lines in all caps",
            "boilerplate phrases",
            "lines about cookies",
            "keep only lines that",
            "lines without a full stop",
            "grep lines",
        ),
        not_for=(
            "whole rows: use matches or contains_words",
            "lines that repeat in other texts: use line_dedup or remove_repeated_lines",
            "all rules of C4: use c4_lines",
        ),
        examples=(
            Example(
                params={"containing": ("cookie",), "fewer_words_than": 2},
                given={"text": ["Menu\nA tale.\n\nWe use Cookies here\r\nIt ends.", "x"]},
                gives={"text": ["A tale.\n\nIt ends.", ""]},
            ),
            Example(
                params={"matching": r"^\d+:", "keep_only": True, "counted": True},
                given={"text": ["1: a\nb\n\n2: c\n"]},
                gives={"text": ["1: a\n2: c\n"], "cut_lines": [2]},
            ),
            Example(
                params={"all_caps": True, "bullets": True, "unfinished": True},
                given={"text": ["HOME NEWS\n- one.\nSo it was.\nand then", "(A.) B. C."]},
                gives={"text": ["So it was.\n", ""]},
            ),
        ),
    )

    @field_validator("matching")
    @classmethod
    def _compiles(cls, matching: str | None) -> str | None:
        if matching is not None:
            checked(matching)
        return matching

    @field_validator("containing")
    @classmethod
    def _says_something(cls, containing: tuple[str, ...]) -> tuple[str, ...]:
        if any(not phrase.strip() for phrase in containing):
            raise ValueError("a phrase of nothing stands in every line: take it out")
        return containing

    @model_validator(mode="after")
    def _has_a_rule(self) -> Self:
        if not any(getattr(self, rule) for rule in RULES):
            raise ValueError(f"say which lines: give one of {', '.join(RULES)}")
        return self

    def adds(self, given: Types) -> Types:
        return {**self.card.adds, "cut_lines": pa.int32()} if self.counted else self.card.adds

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        data, offsets = text_bytes(texts)
        bounds = line_bounds(data, offsets)
        whole = pa.StringArray.from_buffers(len(bounds) - 1, pa.py_buffer(bounds.astype(np.int32)), pa.py_buffer(data))
        bare = pc.utf8_trim_whitespace(whole)
        filled = pc.binary_length(bare).to_numpy() > 0
        meets = self._meets(bare, desk)
        goes = np.flatnonzero(~(meets & filled) if self.keep_only else meets & filled)
        row = np.searchsorted(offsets, bounds[goes], side="right") - 1
        made: dict[str, pa.Array] = {"text": without(texts, row, bounds[goes] - offsets[row], bounds[goes + 1] - offsets[row])}
        if self.counted:
            made["cut_lines"] = pa.array(np.bincount(row, minlength=len(texts)), pa.int32())
        return made

    def _meets(self, bare: pa.Array, desk: Desk) -> Mask:
        """Which lines meet a rule."""
        masks: list[Mask] = [np.zeros(len(bare), np.bool_)]
        scan = desk.scan(bare)
        if self.matching is not None:
            masks.append(_mask(pc.match_substring_regex(bare, self.matching)))
        masks += [_mask(pc.match_substring(bare, phrase, ignore_case=True)) for phrase in self.containing]
        if self.fewer_words_than:
            masks.append(scan.words.to_numpy() < self.fewer_words_than)
        if self.fewer_characters_than:
            masks.append(pc.utf8_length(bare).to_numpy() < self.fewer_characters_than)
        if self.more_characters_than:
            masks.append(pc.utf8_length(bare).to_numpy() > self.more_characters_than)
        if self.all_caps:
            masks.append((scan.uppercase.to_numpy() >= 2) & (scan.uppercase.to_numpy() == scan.alphabetic.to_numpy()))
        if self.bullets or self.trailing_off or self.unfinished:
            marks = _marks(scan.line_marks)
            masks.append((marks & (self.bullets * BULLET | self.trailing_off * TRAILS_OFF)) > 0)
            masks.append((marks & SENTENCE == 0) & self.unfinished)
        found: Mask = np.logical_or.reduce(masks)
        return found


def _marks(lists: pa.Array) -> npt.NDArray[np.uint8]:
    """The marks of each line; none of a blank one."""
    sizes = pc.list_value_length(lists).to_numpy()
    found = np.zeros(len(lists), np.uint8)
    found[sizes > 0] = lists.flatten().to_numpy()[(np.cumsum(sizes) - sizes)[sizes > 0]]
    return found


def _mask(found: pa.Array) -> Mask:
    made: Mask = found.to_numpy(zero_copy_only=False)
    return made
