"""One scan of a text column: counts of characters, words, lines and paragraphs, and their hashes, each made when first asked for."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .arrow_scan import BULLET, ENDS, SENTENCE, TRAILS_OFF, ArrowScan
from .characters import tables
from .counted import counted, grouped
from .digest import bytes_of, offsets_of
from .kernels import compiled

__all__ = ["BULLET", "ENDS", "SENTENCE", "TRAILS_OFF", "TextScan"]


class TextScan(ArrowScan):
    """A scan by compiled kernels where they are ready, each of which makes several fields in one pass; else by Arrow. Both give the same."""

    whitespace = grouped("_counts", 0, ArrowScan.whitespace)
    alphabetic = grouped("_counts", 1, ArrowScan.alphabetic)
    digits = grouped("_counts", 2, ArrowScan.digits)
    uppercase = grouped("_counts", 3, ArrowScan.uppercase)
    punctuation = grouped("_counts", 4, ArrowScan.punctuation)
    ideographs = grouped("_counts", 5, ArrowScan.ideographs)
    emoji = grouped("_counts", 6, ArrowScan.emoji)
    words = grouped("_counts", 7, ArrowScan.words)
    characters = grouped("_counts", 8, ArrowScan.characters)
    replacements = grouped("_counts", 9, ArrowScan.replacements)
    lines = grouped("_line_lists", 0, ArrowScan.lines)
    paragraphs = grouped("_line_lists", 1, ArrowScan.paragraphs)
    line_hashes = grouped("_line_lists", 2, ArrowScan.line_hashes)
    line_lengths = grouped("_line_lists", 3, ArrowScan.line_lengths)
    line_marks = grouped("_line_lists", 4, ArrowScan.line_marks)
    paragraph_hashes = grouped("_line_lists", 5, ArrowScan.paragraph_hashes)
    paragraph_lengths = grouped("_line_lists", 6, ArrowScan.paragraph_lengths)
    sentences = grouped("_sentences", 0, ArrowScan.sentences)
    word_hashes = grouped("_word_lists", 0, ArrowScan.word_hashes)
    word_lengths = grouped("_word_lists", 1, ArrowScan.word_lengths)

    @counted
    def _counts(self) -> tuple[pa.Array, ...]:
        fast = compiled("characters", self._size)
        if not fast:
            return ()
        found = np.empty((len(fast.FIELDS), len(self._texts)), np.int32)
        fast.counts(bytes_of(self._texts), offsets_of(self._texts), tables().classes, found)
        return tuple(self._nulled(pa.array(row)) for row in found)

    @counted
    def _word_lists(self) -> tuple[pa.Array, ...]:
        fast = compiled("words", self._size)
        if not fast:
            return ()
        data, offsets, known = bytes_of(self._texts), offsets_of(self._texts), tables()
        most = self._size // 2 + len(self._texts)  # each word but a text's last has a space behind it, or is an ideograph
        ends, hashes, lengths = np.zeros(len(self._texts) + 1, np.int32), np.empty(most, np.uint64), np.empty(most, np.int32)
        fast.words(data, offsets, known.classes, known.folding, known.begins, known.folded, self._scratch(fast.SPREAD), ends[1:], hashes, lengths)
        return self._listed(hashes[: ends[-1]], ends), self._listed(lengths[: ends[-1]], ends)

    @counted
    def _line_lists(self) -> tuple[pa.Array, ...]:
        fast = compiled("lines", self._size)
        if not fast:
            return ()
        data, offsets, known = bytes_of(self._texts), offsets_of(self._texts), tables()
        most = self._size // 2 + len(self._texts)  # each filled line but a text's last has a break behind it
        counts = np.zeros((3, len(self._texts)), np.int32)
        made = [np.empty(most, kind) for kind in (np.uint64, np.int32, np.uint8, np.uint64, np.int32)]
        fast.lines(data, offsets, known.classes, known.roles, self._scratch(1), counts, *made)
        lines, paragraphs = (np.append(np.int32(0), ends) for ends in counts[1:])
        lists = (self._listed(values[: ends[-1]], ends) for values, ends in zip(made, (lines, lines, lines, paragraphs, paragraphs), strict=True))
        return self._nulled(pa.array(counts[0])), self._nulled(pa.array(np.diff(paragraphs))), *lists

    @counted
    def _sentences(self) -> tuple[pa.Array, ...]:
        fast = compiled("sentences", self._size)
        if not fast:
            return ()
        found = np.empty(len(self._texts), np.int32)
        fast.sentences(bytes_of(self._texts), offsets_of(self._texts), tables().classes, tables().roles, found)
        return (self._nulled(pa.array(found)),)

    def _scratch(self, times: int) -> npt.NDArray[np.uint8]:
        """Room for the longest text so many times, and a little more."""
        return np.empty(times * int(np.diff(offsets_of(self._texts)).max(initial=0)) + 8, np.uint8)

    @property
    def _size(self) -> int:
        offsets = offsets_of(self._texts)
        return int(offsets[-1] - offsets[0])
