"""Where characters, words, sentences and paragraphs of texts begin, for what cuts texts; all places count characters of the whole batch."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .dedupe.passages import ALONE, HIGHEST, SPACE, kinds
from .dedupe.shingles import text_bytes
from .sentences import starts as sentence_starts

Places = npt.NDArray[np.int64]
LINE_BREAK = re.compile(r"\r\n?|\n")
BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True)
class Texts:
    """The texts of a batch, one after the other: what they say, and where each begins and the last one ends."""

    whole: str
    bounds: Places

    @cached_property
    def words(self) -> Places:
        """Where words begin: runs of anything but white space, and each Han, Hiragana or Katakana character, as in `desk.scan`."""
        if self.whole.isascii():
            solid = _solid()[np.frombuffer(self.whole.encode(), np.uint8)]
            begins = solid.copy()
            begins[1:] &= ~solid[:-1]
        else:
            kind = kinds()[np.minimum(np.frombuffer(self.whole.encode("utf-32-le"), np.uint32), HIGHEST - 1)]
            solid, alone = kind != SPACE, kind == ALONE
            begins = solid.copy()
            begins[1:] &= ~solid[:-1] | alone[:-1] | alone[1:]
        heads = self.bounds[:-1][self.bounds[:-1] < len(solid)]
        begins[heads] = solid[heads]
        return np.flatnonzero(begins)

    @cached_property
    def sentences(self) -> Places:
        """Where sentences begin: at their first character that is no white space."""
        return np.array(sentence_starts(self.whole, self.bounds), np.int64)

    @cached_property
    def lines(self) -> Places:
        """Where lines begin, and texts."""
        return np.unique(np.concatenate((self.bounds[:-1], np.array([found.end() for found in LINE_BREAK.finditer(self.whole)], np.int64))))

    @cached_property
    def paragraphs(self) -> Places:
        """Where text goes on after a blank line, with text before it."""
        found: list[int] = []
        for start, stop in pairwise(self.bounds.tolist()):
            ends = [one.end() for one in BLANK_LINE.finditer(self.whole, start, stop)]
            found += ends[1:] if ends and self.whole[start : ends[0]].isspace() else ends
        return np.array(found, np.int64)


def texts_of(texts: pa.Array) -> Texts:
    """The texts of an array without nulls."""
    data, offsets = text_bytes(texts)
    whole = data.tobytes().decode()
    if len(whole) == len(data):
        return Texts(whole, offsets)
    before = np.concatenate(([0], np.cumsum((data & 0xC0) != 0x80, dtype=np.int64)))
    return Texts(whole, before[offsets])


@lru_cache(maxsize=1)
def _solid() -> npt.NDArray[np.bool_]:
    return np.concatenate((kinds()[:128] != SPACE, np.ones(128, np.bool_)))
