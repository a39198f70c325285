"""One scan of a text column: counts of characters, words, lines and paragraphs, and their hashes, each made when first asked for."""

import unicodedata
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from .counted import Behind, Counting, counted
from .digest import hashes, offsets_of

SPACE, LETTER, DIGIT, UPPER, PUNCTUATION, IDEOGRAPH, UNSEEN = 1, 2, 4, 8, 16, 32, 128
BLOCK_BYTES = 4 << 20
# Han, Hiragana, Katakana: scripts written without spaces, in which each character counts as a word
IDEOGRAPHS = (
    (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B), (0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA),
    (0x30FC, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9D), (0x1AFF0, 0x1B16F),
    (0x20000, 0x323AF),
)  # fmt: skip
IDEOGRAPH_CLASS = "[" + "".join(f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in IDEOGRAPHS) + "]"
SPACE_CLASS = r"[\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"  # str.isspace
SENTENCE_END = rf"(?:[.!?…]+[\"'”’»)\]]*(?:{SPACE_CLASS}|$)|[。！？]+[”’」』）]*)"
ENDS = r"^[\p{P}\p{S}]+|[\p{P}\p{S}]+$"

Marks = npt.NDArray[np.bool_]


class TextScan(Counting):
    """What measures ask of a text column; a null text gives null everywhere.

    A line ends at `\\n`, `\\r\\n` or `\\r`. A sentence ends at `.`, `!`, `?` or `…` before white space, or at a full stop of
    Chinese or Japanese; what follows the last one is a sentence too. A word of nothing but punctuation is hashed as it stands.
    """

    def __init__(self, texts: pa.Array, behind: Behind | None = None) -> None:
        whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
        whole = whole if pa.types.is_string(whole.type) else whole.cast(pa.string())
        self._valid = whole.is_valid() if whole.null_count else None
        self._texts = whole if self._valid is None else pc.fill_null(whole, "")
        self.behind = behind

    @counted
    def bytes(self) -> pa.Array:
        return self._nulled(pc.binary_length(self._texts))

    @counted
    def characters(self) -> pa.Array:
        return self._nulled(pc.utf8_length(self._texts))

    @counted
    def words(self) -> pa.Array:
        classes, starts = self._classes, self._starts
        solid = (classes & SPACE) == 0
        alone = (classes & IDEOGRAPH) != 0
        begins = np.ones(len(classes), np.bool_)
        begins[1:] = ~solid[:-1] | alone[:-1] | alone[1:]
        begins[starts[:-1][starts[:-1] < len(classes)]] = True
        return self._count(begins & solid)

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
    def word_hashes(self) -> pa.Array:
        texts = self._texts
        if (self._classes & IDEOGRAPH).any():
            texts = pc.replace_substring_regex(texts, f"({IDEOGRAPH_CLASS})", r" \1 ")
        split = pc.utf8_split_whitespace(texts)
        words, rows = _without_empty(split.flatten(), offsets_of(split))
        known = words.dictionary_encode()
        distinct = _word_hashes(known.dictionary)
        return self._listed(distinct[known.indices.to_numpy()], rows)

    @counted
    def line_hashes(self) -> pa.Array:
        lines, rows = _without_empty(*self._lines)
        return self._listed(hashes(lines), rows)

    @counted
    def paragraph_hashes(self) -> pa.Array:
        lines, rows = self._lines
        is_filled = pc.not_equal(lines, "")
        begins = self._paragraph_begins
        first = (np.cumsum(is_filled.to_numpy(zero_copy_only=False)) - 1)[begins]
        filled = lines.filter(is_filled)
        blocks = pa.ListArray.from_arrays(pa.array(np.append(first, len(filled)), pa.int32()), filled)
        return self._listed(hashes(pc.binary_join(blocks, "\n")), _offsets(_sums(begins, rows)))

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
    def _classes(self) -> npt.NDArray[np.uint8]:
        """The classes of every character of all texts, one after the other."""
        offsets = offsets_of(self._texts)
        buffer = self._texts.buffers()[2]
        data = np.frombuffer(buffer, np.uint8) if buffer is not None else np.zeros(0, np.uint8)
        found, row = np.empty(self._starts[-1], np.uint8), 0
        while row < len(self._texts):
            # whole texts, at least one: a text of any size is a block of its own
            after = max(row + 1, int(np.searchsorted(offsets, offsets[row] + BLOCK_BYTES, "right")) - 1)
            found[self._starts[row] : self._starts[after]] = _classify(data[offsets[row] : offsets[after]])
            row = after
        return found

    def _count_class(self, wanted: int) -> pa.Array:
        return self._count((self._classes & wanted) != 0)

    def _count(self, marks: Marks) -> pa.Array:
        return self._nulled(pa.array(_sums(marks, self._starts)))

    def _nulled(self, values: pa.Array) -> pa.Array:
        return values if self._valid is None else pc.if_else(self._valid, values, pa.scalar(None, values.type))

    def _listed(self, values: npt.NDArray[np.uint64], rows: npt.NDArray[np.integer]) -> pa.Array:
        mask = None if self._valid is None else pc.invert(self._valid)
        return pa.ListArray.from_arrays(pa.array(rows, pa.int32()), pa.array(values, pa.uint64()), mask=mask)


_CLASS_OF = np.full(0x110000, UNSEEN, np.uint8)  # filled for characters as they are met: asking Unicode for all takes 0.3 s


def _classify(text: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The classes of each character of UTF-8 bytes."""
    is_ascii = not len(text) or int(text.max()) < 128
    codes = text if is_ascii else np.frombuffer(text.tobytes().decode().encode("utf-32-le"), np.uint32)
    classes = _CLASS_OF[codes]
    unseen = classes == UNSEEN
    if unseen.any():
        for code in np.unique(codes[unseen]).tolist():
            _CLASS_OF[code] = _class_of(code)
        classes = _CLASS_OF[codes]
    return classes


def _class_of(code: int) -> int:
    character = chr(code)
    category = unicodedata.category(character)
    found = SPACE if character.isspace() else 0
    found |= {"L": LETTER, "P": PUNCTUATION, "S": PUNCTUATION}.get(category[0], 0)
    found |= {"Nd": DIGIT, "Lu": UPPER}.get(category, 0)
    return found | (IDEOGRAPH if any(low <= code <= high for low, high in IDEOGRAPHS) else 0)


def _word_hashes(words: pa.Array) -> npt.NDArray[np.uint64]:
    bare = pc.replace_substring_regex(words, ENDS, "")
    named = pc.if_else(pc.equal(bare, ""), words, bare)
    return hashes(pa.array([word.casefold() for word in named.to_pylist()], pa.string()))


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
