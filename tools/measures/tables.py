"""How many characters of certain kinds a text has; kinds are told by regular expressions, asked once for each character that is met."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tools.digest import offsets_of
from tools.kernels import compiled

CODES = 0x110000
UNSEEN = 255
BLOCK_ROWS = 4096

Counts = npt.NDArray[np.int64]


class Table:
    """The kind of each character: the number of the last expression that matches it; of none, the number of expressions."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = tuple(patterns)
        self._kinds = np.full(CODES, UNSEEN, np.uint8)

    def counts(self, texts: pa.Array) -> Counts:
        """One row a text, one column an expression."""
        offsets, whole = offsets_of(texts), texts.buffers()[2]
        data = np.frombuffer(whole, np.uint8) if whole is not None else np.zeros(0, np.uint8)
        if fast := compiled("tables", int(offsets[-1] - offsets[0])):
            met = np.zeros(CODES, np.bool_)
            found = np.zeros((len(texts), len(self._patterns) + 1), np.int64)
            while fast.count(data, offsets, self._kinds, met, found):
                self._learn(np.flatnonzero(met & (self._kinds == UNSEEN)))
            return found[:, :-1]
        blocks = [self._counted(texts.slice(start, BLOCK_ROWS)) for start in range(0, len(texts), BLOCK_ROWS)]
        return np.concatenate(blocks) if blocks else np.zeros((0, len(self._patterns)), np.int64)

    def _counted(self, texts: pa.Array) -> Counts:
        offsets, data, width = offsets_of(texts), texts.buffers()[2], len(self._patterns) + 1
        piece = data[offsets[0] : offsets[-1]].to_pybytes() if data is not None else b""
        codes = np.frombuffer(piece.decode().encode("utf-32-le"), np.uint32)
        kinds = self._kinds[codes]
        if (kinds == UNSEEN).any():
            self._learn(np.unique(codes[kinds == UNSEEN]))
            kinds = self._kinds[codes]
        rows = np.repeat(np.arange(len(texts)), pc.utf8_length(texts).to_numpy())
        return np.bincount(rows * width + kinds, minlength=len(texts) * width).reshape(len(texts), width)[:, :-1]

    def _learn(self, codes: npt.NDArray[np.integer]) -> None:
        characters = pa.array([chr(code) for code in codes.tolist()])
        found = np.full(len(codes), len(self._patterns), np.uint8)
        for number, pattern in enumerate(self._patterns):
            found[pc.match_substring_regex(characters, pattern).to_numpy(zero_copy_only=False)] = number
        self._kinds[codes] = found
