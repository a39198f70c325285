"""How often words of a list occur in a text."""

import re
from collections.abc import Iterator
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator

from tools.characters import SPACE_CLASS
from tools.contract import Bounded, Card, Columns, Desk, Example

LONGEST = 1000  # characters of a word or phrase
AT_ONCE = 200  # words in one expression: RE2 bounds the memory of each
SOLID = r"([\p{L}\p{M}\p{N}_]+)"
SPECIAL = re.compile(r"([\\.+*?()|\[\]{}^$])")
OPEN, CLOSE = "\x02", "\x03"


class ContainsWords(Bounded):
    """Count the words of a list in a text, as whole words, upper and lower case alike. `at_most: 0` makes it a blocklist.

    `art` is not found in `party`. An entry may be a phrase; the space within it stands for any white space. What stands next
    to a word as a hyphen or an apostrophe ends it: `well` is found in `well-known`.
    """

    words: tuple[str, ...] = Field(min_length=1, description="Words or phrases.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"listed_words": pa.int32()},
        exact=True,
        micros_per_row=20.0,
        aliases=(
            "blocklist",
            "block list",
            "word list",
            "bad words",
            "banned words",
            "stop list",
            "contains any of these words",
            "none of these words",
            "mentions one of",
            "forbidden words",
            "keyword list",
            "allowlist of terms",
        ),
        not_for=(
            "a regular expression or part of a word: use matches",
            "a column equals one of several values: use field",
            "replace words: use replace",
        ),
        examples=(
            Example(params={"words": ["bad", "very evil"], "at_most": 0}, given={"text": ["BAD!", "badly", "Very\nevil"]}, keeps=(1,)),
            Example(params={"words": ["a", "C++"]}, given={"text": ["a a-a b", "C++, c+", "", "été"]}, gives={"listed_words": [3, 1, 0, 0]}),
        ),
    )

    @field_validator("words")
    @classmethod
    def _are_words(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        if blank := [word for word in words if not word.strip() or not word.isprintable()]:
            raise ValueError(f"words: {blank[0]!r} is no word; take it out of the list")
        if long := [word for word in words if len(word) > LONGEST]:
            raise ValueError(f"words: {long[0][:40] + '...'!r} has {len(long[0])} characters; an entry has at most {LONGEST}: use `matches` for more")
        return words

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        found = pa.array([0] * len(texts), pa.int32())
        for listed in self._lists():
            loose = "|".join(_pattern(word) for word in listed)
            may = pc.match_substring_regex(texts, f"(?i){loose}")
            if pc.any(may).as_py():
                # every word is fenced, in the texts as in the list: a match is then a whole word
                strict = "|".join(_pattern(word) for word in _fenced(pa.array(listed)).to_pylist())
                more = pc.count_substring_regex(_fenced(texts.filter(may)), f"(?i){strict}")
                found = pc.add(found, pc.replace_with_mask(pa.array([0] * len(texts), pa.int32()), may, more))
        return {"listed_words": found}

    def _lists(self) -> Iterator[list[str]]:
        """The words in lists of bounded length, long before short: RE2 takes the first that matches."""
        words = sorted({" ".join(word.split()) for word in self.words}, key=lambda word: (-len(word), word))
        for start in range(0, len(words), AT_ONCE):
            yield words[start : start + AT_ONCE]


def _fenced(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(texts, SOLID, f"{OPEN}\\1{CLOSE}")


def _pattern(word: str) -> str:
    return SPECIAL.sub(r"\\\1", word).replace(" ", f"{SPACE_CLASS}+")
