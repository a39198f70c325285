"""The scan by Arrow and numpy alone: what it gives is what compiled kernels give, only later."""

import re
from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from . import heuristics, tokens
from .characters import (
    CLOSERS,
    DIGIT,
    EMOJI,
    IDEOGRAPH,
    LETTER,
    LINE_CLOSERS,
    LINE_QUOTES,
    LINE_STOPS,
    PUNCTUATION,
    REPLACEMENT,
    SPACE,
    SPACE_CLASS,
    STOPS,
    UPPER,
    WIDE_CLOSERS,
    WIDE_STOPS,
    Classes,
    classify,
)
from .counted import Behind, Counting, counted, grouped
from .digest import bytes_of, hashes, offsets_of
from .one_array import one_array

BLOCK_BYTES = 4 << 20
BULLET, TRAILS_OFF, SENTENCE = 1, 2, 4  # marks of a line: it begins with • or -; it ends with ... or …; it ends as a sentence does
SENTENCE_END = rf"(?:[{STOPS}]+[{re.escape(CLOSERS)}]*(?:{SPACE_CLASS}|$)|[{WIDE_STOPS}]+[{WIDE_CLOSERS}]*)"
STOP = rf"(?:[{LINE_STOPS}][{re.escape(LINE_CLOSERS)}]*|[{LINE_QUOTES}])$"
ENDS = r"^[\p{P}\p{S}]+|[\p{P}\p{S}]+$"

Marks = npt.NDArray[np.bool_]


class ArrowScan(Counting):
    """What measures ask of a text column; a null text gives null everywhere.

    A line ends at `\\n`, `\\r\\n` or `\\r`. A sentence ends at `.`, `!`, `?` or `…` before white space, or at a full stop of
    Chinese or Japanese; what follows the last one is a sentence too. A word of nothing but punctuation is hashed as it stands.
    """

    def __init__(self, texts: pa.Array, behind: Behind | None = None) -> None:
        held = one_array(texts)
        held = held if pa.types.is_string(held.type) else held.cast(pa.string())
        self._valid = held.is_valid() if held.null_count else None
        self._texts = held if self._valid is None else pc.fill_null(held, "")
        self.behind = behind

    @counted
    def bytes(self) -> pa.Array:
        return self._nulled(pc.binary_length(self._texts))

    @counted
    def characters(self) -> pa.Array:
        return self._nulled(pc.utf8_length(self._texts))

    @counted
    def words(self) -> pa.Array:
        return self._count(self._word_begins)

    @counted
    def lines(self) -> pa.Array:
        breaks = pc.count_substring(self._unified, "\n")
        is_open = pc.and_(pc.not_equal(self._unified, ""), pc.invert(pc.ends_with(self._unified, "\n")))
        return self._nulled(pc.add(breaks, is_open.cast(pa.int32())))

    @counted
    def paragraphs(self) -> pa.Array:
        _, rows = self._lines
        return self._nulled(pa.array(_sums(self._paragraph_begins, rows)))

    @counted
    def sentences(self) -> pa.Array:
        ends = pc.count_substring_regex(self._texts, SENTENCE_END)
        is_closed = pc.match_substring_regex(self._texts, f"{SENTENCE_END}{SPACE_CLASS}*$")
        is_blank = pc.equal(pc.utf8_trim_whitespace(self._texts), "")
        is_open = pc.invert(pc.or_(is_closed, is_blank))
        return self._nulled(pc.add(ends, is_open.cast(pa.int32())))

    @counted
    def alphabetic(self) -> pa.Array:
        return self._count_class(LETTER)

    @counted
    def digits(self) -> pa.Array:
        return self._count_class(DIGIT)

    @counted
    def uppercase(self) -> pa.Array:
        return self._count_class(UPPER)

    @counted
    def whitespace(self) -> pa.Array:
        return self._count_class(SPACE)

    @counted
    def punctuation(self) -> pa.Array:
        return self._count_class(PUNCTUATION)

    @counted
    def ideographs(self) -> pa.Array:
        return self._count_class(IDEOGRAPH)

    @counted
    def emoji(self) -> pa.Array:
        return self._count_class(EMOJI)

    @counted
    def replacements(self) -> pa.Array:
        return self._nulled(pc.count_substring(self._texts, REPLACEMENT))

    @counted
    def word_hashes(self) -> pa.Array:
        known = self._words.dictionary_encode()
        distinct = hashes(pa.array(_bare(known.dictionary), pa.string()))
        return self._listed(distinct[known.indices.to_numpy()], _offsets(_sums(self._word_begins, self._starts)))

    token_hashes = grouped("_token_lists", 0)
    token_lengths = grouped("_token_lists", 1)
    token_marks = grouped("_token_lists", 2)
    token_counts = grouped("_token_lists", 3)

    @counted
    def _token_lists(self) -> tuple[pa.Array, ...]:
        found = tokens.scan(self._texts)
        counts = pa.StructArray.from_arrays([pa.array(values, pa.int32()) for values in heuristics.words(found)], heuristics.WORDS)
        return *(self._listed(values, found.rows) for values in (found.hashes, found.lengths, found.marks)), counts

    @counted
    def word_lengths(self) -> pa.Array:
        starts, begins = np.flatnonzero(self._word_begins), _offsets(_sums(self._word_begins, self._starts))
        solid = (self._classes & SPACE) == 0
        lengths = np.add.reduceat(solid, starts, dtype=np.int32) if len(starts) else np.zeros(0, np.int32)
        return self._listed(pa.array(lengths, pa.int32()), begins)

    @counted
    def line_hashes(self) -> pa.Array:
        lines, rows = self._filled
        return self._listed(hashes(lines), rows)

    @counted
    def line_lengths(self) -> pa.Array:
        lines, rows = self._filled
        return self._listed(pc.utf8_length(lines), rows)

    @counted
    def line_marks(self) -> pa.Array:
        lines, rows = self._filled
        marked = {BULLET: "^[•-]", TRAILS_OFF: r"(?:\.\.\.|…)$", SENTENCE: STOP}
        found = np.zeros(len(lines), np.uint8)
        for mark, pattern in marked.items():
            found |= pc.match_substring_regex(lines, pattern).to_numpy(zero_copy_only=False) * np.uint8(mark)
        return self._listed(found, rows)

    @counted
    def paragraph_hashes(self) -> pa.Array:
        blocks, rows = self._blocks
        return self._listed(hashes(pc.binary_join(blocks, "\n")), rows)

    @counted
    def paragraph_lengths(self) -> pa.Array:
        blocks, rows = self._blocks
        return self._listed(pc.utf8_length(pc.binary_join(blocks, "\n")), rows)

    @cached_property
    def _unified(self) -> pa.Array:
        """The texts with every line break a `\\n`."""
        if not pc.any(pc.match_substring(self._texts, "\r")).as_py():
            return self._texts
        return pc.replace_substring(pc.replace_substring(self._texts, "\r\n", "\n"), "\r", "\n")

    @cached_property
    def _lines(self) -> tuple[pa.Array, npt.NDArray[np.int32]]:
        """All lines bare of space at their ends, and where each text's begin."""
        split = pc.split_pattern(self._unified, "\n")
        return pc.utf8_trim_whitespace(split.flatten()), _from_zero(offsets_of(split))

    @cached_property
    def _filled(self) -> tuple[pa.Array, npt.NDArray[np.int64]]:
        """The lines that are not blank, and where each text's begin."""
        return _without_empty(*self._lines)

    @cached_property
    def _blocks(self) -> tuple[pa.Array, npt.NDArray[np.int64]]:
        """The lines of each paragraph, and where each text's paragraphs begin."""
        lines, rows = self._lines
        begins = self._paragraph_begins
        first = (np.cumsum(pc.not_equal(lines, "").to_numpy(zero_copy_only=False)) - 1)[begins]
        filled, _ = self._filled
        return pa.ListArray.from_arrays(pa.array(np.append(first, len(filled)), pa.int32()), filled), _offsets(_sums(begins, rows))

    @cached_property
    def _word_begins(self) -> Marks:
        classes, starts = self._classes, self._starts
        solid = (classes & SPACE) == 0
        alone = (classes & IDEOGRAPH) != 0
        begins = np.ones(len(classes), np.bool_)
        begins[1:] = ~solid[:-1] | alone[:-1] | alone[1:]
        begins[starts[:-1][starts[:-1] < len(classes)]] = True
        marks: Marks = begins & solid
        return marks

    @cached_property
    def _paragraph_begins(self) -> Marks:
        lines, rows = self._lines
        filled: Marks = pc.not_equal(lines, "").to_numpy(zero_copy_only=False)
        after_blank = np.ones(len(filled), np.bool_)
        after_blank[1:] = ~filled[:-1]
        after_blank[rows[:-1]] = True
        return filled & after_blank

    @cached_property
    def _starts(self) -> npt.NDArray[np.int64]:
        """Where each text begins, counted in characters, and where the last one ends."""
        return _offsets(pc.utf8_length(self._texts).to_numpy())

    @cached_property
    def _classes(self) -> Classes:
        """The classes of every character of all texts, one after the other."""
        found = np.empty(self._starts[-1], np.uint8)
        for characters, text in self._pieces():
            found[characters] = classify(text)
        return found

    @cached_property
    def _words(self) -> pa.Array:
        """Every word of all texts: what is left of the texts without white space, cut where words begin."""
        kept, lengths = [np.zeros(0, np.uint8)], [np.zeros(0, np.int32)]
        for characters, text in self._pieces():
            solid = (self._classes[characters] & SPACE) == 0
            widths = _WIDTHS[text[(text & 0xC0) != 0x80]]
            kept.append(text[np.repeat(solid, widths)])
            starts = np.flatnonzero(self._word_begins[characters])
            if len(starts):
                lengths.append(np.add.reduceat(widths * solid, starts, dtype=np.int32))
        offsets = _offsets(np.concatenate(lengths)).astype(np.int32)
        return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(np.concatenate(kept)))

    def _pieces(self) -> Iterator[tuple[slice, npt.NDArray[np.uint8]]]:
        """Blocks of whole texts, at least one: which characters they are, and their bytes."""
        offsets, data, row = offsets_of(self._texts), bytes_of(self._texts), 0
        while row < len(self._texts):
            after = max(row + 1, int(np.searchsorted(offsets, offsets[row] + BLOCK_BYTES, "right")) - 1)
            yield slice(self._starts[row], self._starts[after]), data[offsets[row] : offsets[after]]
            row = after

    def _count_class(self, wanted: int) -> pa.Array:
        return self._count((self._classes & wanted) != 0)

    def _count(self, marks: Marks) -> pa.Array:
        return self._nulled(pa.array(_sums(marks, self._starts)))

    def _nulled(self, values: pa.Array) -> pa.Array:
        return values if self._valid is None else pc.if_else(self._valid, values, pa.scalar(None, values.type))

    def _listed(self, values: npt.NDArray[np.generic] | pa.Array, rows: npt.NDArray[np.integer]) -> pa.Array:
        mask = None if self._valid is None else pc.invert(self._valid)
        return pa.ListArray.from_arrays(pa.array(rows, pa.int32()), pa.array(values), mask=mask)


_WIDTHS = np.array([1] * 0xC0 + [2] * 0x20 + [3] * 0x10 + [4] * 0x10, np.uint8)  # bytes of a character, by its first


def _bare(words: pa.Array) -> list[str]:
    """Words without punctuation at their ends, unless they have nothing else, and case folded."""
    offsets, starts = offsets_of(words), _offsets(pc.utf8_length(words).to_numpy())
    named = np.flatnonzero((classify(bytes_of(words)[offsets[0] : offsets[-1]]) & PUNCTUATION) == 0)
    begins = np.append(named, starts[-1])[np.searchsorted(named, starts[:-1])] - starts[:-1]
    ends = np.append(-1, named)[np.searchsorted(named, starts[1:])] + 1 - starts[:-1]
    bounds = zip(words.to_pylist(), begins.tolist(), ends.tolist(), strict=True)
    return [(word[begin:end] or word).casefold() for word, begin, end in bounds]


def _sums(marks: Marks, starts: npt.NDArray[np.integer]) -> npt.NDArray[np.int32]:
    """How many marks lie between each start and the next."""
    found = np.zeros(len(starts) - 1, np.int32)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):  # reduceat gives an element, not nothing, for an empty run
        found[filled] = np.add.reduceat(marks, starts[filled], dtype=np.int32)
    return found


def _offsets(lengths: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])


def _from_zero(offsets: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    shifted: npt.NDArray[np.int32] = offsets - offsets[0]
    return shifted


def _without_empty(values: pa.Array, rows: npt.NDArray[np.int32]) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    is_filled = pc.not_equal(values, "")
    before = _offsets(is_filled.to_numpy(zero_copy_only=False))
    return values.filter(is_filled), before[_from_zero(rows)]
