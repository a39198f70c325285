"""What is read of the texts of some rows: their language, their words, personal data in them."""

from collections import Counter
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Desk, Scan
from tools.measures.language import UNKNOWN, Language
from tools.pii import spans_of
from tools.scan import TextScan

from .result import Personal

LONGEST = 20_000  # characters of a text that are searched for personal data, and whose words are counted in one go
PERSONAL = frozenset({"email", "phone", "card", "ip", "iban"})


@dataclass(frozen=True, kw_only=True)
class TextPart:
    """What the rows of one shard that were examined say."""

    rows: int
    languages: Counter[str]
    words: npt.NDArray[np.float64]
    personal: Counter[str]
    any_personal: int

    @classmethod
    def of(cls, texts: pa.Array) -> "TextPart":
        texts = texts.drop_null()
        if pa.types.is_null(texts.type):
            texts = texts.cast(pa.string())
        searched = _searched(pc.utf8_slice_codeunits(texts, 0, LONGEST))
        named = Language().measure(pa.RecordBatch.from_arrays([texts], ["text"]), cast(Desk, _Desk()))["language"]
        return cls(
            rows=len(texts),
            languages=Counter(code for code, blank in zip(named.to_pylist(), _blank(texts), strict=True) if not blank),
            words=TextScan(texts).words.to_numpy(zero_copy_only=False).astype(np.float64),
            personal=Counter(kind for _, kind in searched),
            any_personal=len({row for row, _ in searched}),
        )


def _searched(texts: pa.Array) -> set[tuple[int, str]]:
    """Which rows hold which kinds."""
    return {(row, kind) for row, _, _, kind in spans_of(texts, PERSONAL)}


class _Desk:
    """All that a measure of language asks for: the engine's own desk would bring the engine into every process."""

    def scan(self, texts: pa.Array) -> Scan:
        return TextScan(texts)


class TextTally:
    """The parts of one column together."""

    def __init__(self) -> None:
        self.rows = 0
        self._languages: Counter[str] = Counter()
        self._words: list[npt.NDArray[np.float64]] = []
        self._personal: Counter[str] = Counter()
        self._any_personal = 0

    def add(self, part: TextPart) -> None:
        self.rows += part.rows
        self._languages += part.languages
        self._words.append(part.words)
        self._personal += part.personal
        self._any_personal += part.any_personal

    @property
    def words(self) -> npt.NDArray[np.float64]:
        return np.concatenate([np.zeros(0), *self._words])

    @property
    def languages(self) -> dict[str, float]:
        """Shares of the texts that are not blank, the largest first; what has no letters is `und`."""
        order = sorted(self._languages.items(), key=lambda item: (item[0] == UNKNOWN, -item[1], item[0]))
        return {code: rows / self._languages.total() for code, rows in order}

    @property
    def personal(self) -> Personal | None:
        if not self.rows:
            return None
        kinds = {name: rows / self.rows for name, rows in sorted(self._personal.items())}
        return Personal(rows=self.rows, any=self._any_personal / self.rows, kinds=kinds)


def _blank(texts: pa.Array) -> list[bool]:
    blank: list[bool] = pc.equal(pc.utf8_trim_whitespace(texts), "").to_pylist()
    return blank
