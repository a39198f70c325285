"""What a scan of texts tells: the fixed fields that measures ask for."""

from typing import Protocol

import pyarrow as pa


class Scan(Protocol):
    """One tokenisation pass over a string column; one value a text. Counts are int32, `*_hashes` list<uint64>, `*_lengths` list<int32>."""

    @property
    def bytes(self) -> pa.Array: ...
    @property
    def characters(self) -> pa.Array:
        """Unicode code points."""

    @property
    def words(self) -> pa.Array:
        """Runs of non-space characters; each Han, Hiragana or Katakana character is a word of its own, Thai counts by its spaces."""

    @property
    def lines(self) -> pa.Array:
        """Pieces between line breaks; an empty text has none, a final line break opens no line."""

    @property
    def paragraphs(self) -> pa.Array:
        """Blocks of non-blank lines."""

    @property
    def sentences(self) -> pa.Array: ...
    @property
    def alphabetic(self) -> pa.Array:
        """Characters of class L (letters)."""

    @property
    def digits(self) -> pa.Array: ...
    @property
    def uppercase(self) -> pa.Array: ...
    @property
    def whitespace(self) -> pa.Array: ...
    @property
    def punctuation(self) -> pa.Array:
        """Characters of the classes P and S."""

    @property
    def ideographs(self) -> pa.Array: ...  # Han, Hiragana and Katakana
    @property
    def emoji(self) -> pa.Array: ...  # the parts of a joined one count each
    @property
    def replacements(self) -> pa.Array: ...  # U+FFFD
    @property
    def word_hashes(self) -> pa.Array:
        """Of each word, case folded, bare of punctuation at its ends."""

    @property
    def word_lengths(self) -> pa.Array: ...  # punctuation at their ends included
    @property
    def token_hashes(self) -> pa.Array:
        """Of each token of English, see tools/tokens.py; `token_lengths` in characters, `token_marks` alike (list<uint16>)."""

    @property
    def token_lengths(self) -> pa.Array: ...
    @property
    def token_marks(self) -> pa.Array: ...
    @property
    def token_counts(self) -> pa.Array: ...  # struct of int32: tokens, words (not of punctuation alone), their characters, alphabetic, stop_words
    @property
    def line_hashes(self) -> pa.Array:
        """Of each non-blank line, bare of space at its ends; `line_lengths`, `line_marks` and `paragraph_*` alike."""

    @property
    def line_lengths(self) -> pa.Array: ...
    @property
    def line_marks(self) -> pa.Array: ...  # list<uint8>: BULLET, TRAILS_OFF, SENTENCE of tools.scan, added up
    @property
    def paragraph_hashes(self) -> pa.Array: ...
    @property
    def paragraph_lengths(self) -> pa.Array: ...
