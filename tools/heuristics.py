"""What the published filters for web text count of each text: lines and paragraphs that repeat, bullets, ellipses, the lines C4 keeps."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from . import tokens
from .contract import Scan
from .digest import offsets_of
from .kernels import compiled

SHORT_LINE, LEAST_WORDS, LONGEST_WORD = 30, 3, 1000
CITATION = re.compile(r"\[[0-9]*\]|\[edit\]|\[citation needed\]")
END_MARKS = (".", "?", "!", '"', "'")
POLICIES = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")
POLICY = re.compile("|".join(POLICIES), re.IGNORECASE | re.ASCII)
JAVASCRIPT = re.compile("javascript", re.IGNORECASE | re.ASCII)
FILLER = re.compile("lorem ipsum", re.IGNORECASE | re.ASCII)

Counts = npt.NDArray[np.int64]
REPEATED = ("paragraphs", "repeated_paragraphs", "their_characters", "lines", "repeated_lines", "characters_of_lines")
OUTLINE = ("number_signs", "ellipses", "lines", "bullets", "trailing")
LINES = ("lines", "ended", "short", "repeated_characters", "breaks")
KEPT = ("filler_lines", "curly_brackets", "sentences")
WORDS = ("tokens", "words", "characters", "alphabetic", "stop_words")


def repeated(texts: pa.Array) -> Counts:
    """Of each text, a line for each of REPEATED: paragraphs lie between blank lines, lines between line feeds; blank ones do not count."""
    return _counts("repeated", texts, len(REPEATED), _repeated)


def outline(texts: pa.Array) -> Counts:
    """Of each text, a line for each of OUTLINE."""
    return _counts("outline", texts, len(OUTLINE), _outline)


def lines(texts: pa.Array) -> Counts:
    """Of each text, a line for each of LINES: lines between line feeds that are not blank."""
    return _counts("lines", texts, len(LINES), _lines)


def kept_by_c4(texts: pa.Array, scan: Scan) -> Counts:
    """Of each text, a line for each of KEPT, counted in the lines that the rules of C4 keep."""
    fast = compiled("heuristics", texts.nbytes)
    if not fast:
        return _each(texts, len(KEPT), _kept)
    marks = scan.token_marks
    rows = offsets_of(marks)
    found, changed = fast.kept(texts, rows - rows[0], np.asarray(marks.flatten()))
    if len(changed[0]):  # lines whose citations are gone are cut into tokens anew
        cleaned = tokens.scan(changed[1])
        np.add.at(found[2], changed[0], fast.sentences(cleaned.rows, cleaned.marks))
    result: Counts = found
    return result


def words(found: tokens.Tokens) -> Counts:
    """Of each text's tokens, a line for each of WORDS: a word is a token that is not of punctuation alone."""
    fast: Any = compiled("heuristics", 8 * len(found.hashes))
    if fast:
        counted: Counts = fast.words(found)
        return counted
    rows, marks = found.rows, found.marks
    is_word = (marks & tokens.ONLY_SYMBOLS) == 0
    stop_word = marks >> tokens.STOP_WORD
    said = np.zeros((len(tokens.STOP_WORDS), len(rows) - 1), np.int64)
    for number in range(len(tokens.STOP_WORDS)):
        said[number] = _sums(stop_word == number + 1, rows) > 0
    has_letter = (marks & tokens.HAS_LETTER) != 0
    return np.stack(
        [np.diff(rows), _sums(is_word, rows), _sums(np.where(is_word, found.lengths, 0), rows), _sums(has_letter, rows), said.sum(axis=0)]
    )


def token_counts(scan: Scan) -> Counts:
    """Of each text, a line for each of WORDS."""
    return np.array([np.asarray(values) for values in scan.token_counts.flatten()], np.int64)


def cleaned(text: str) -> str:
    """The lines that the rules of C4 keep, without citations."""
    return "\n".join(line for line, is_kept, _ in _judged(text) if is_kept).strip()


def _counts(name: str, texts: pa.Array, size: int, slow: Callable[[str], tuple[int, ...]]) -> Counts:
    fast: Any = compiled("heuristics", texts.nbytes)
    if not fast:
        return _each(texts, size, slow)
    made: Counts = getattr(fast, name)(texts)
    return made


def _each(texts: pa.Array, size: int, count: Callable[[str], tuple[int, ...]]) -> Counts:
    found = [count(text or "") for text in texts.to_pylist()]
    return np.array(found, np.int64).reshape(len(found), size).T


def _sums(values: npt.NDArray[Any], rows: npt.NDArray[np.int32]) -> Counts:
    running = np.concatenate([[0], np.cumsum(values, dtype=np.int64)])
    found: Counts = running[rows[1:]] - running[rows[:-1]]
    return found


def _repeated(text: str) -> tuple[int, ...]:
    return *_repeats(re.split(r"\n{2,}", text.strip())), *_repeats(re.split(r"\n+", text))


def _repeats(pieces: list[str]) -> tuple[int, int, int]:
    """How many there are, how many came before, and the characters of those."""
    seen, count, characters = set[str](), 0, 0
    for piece in pieces:
        if piece in seen:
            count, characters = count + 1, characters + len(piece)
        seen.add(piece)
    return len(pieces), count, characters


def _outline(text: str) -> tuple[int, ...]:
    found = [line.strip() for line in text.splitlines()]
    bullets = sum(line.startswith(("•", "-")) for line in found)
    trailing = sum(line.endswith(("...", "…")) for line in found)
    return text.count("#"), text.count("...") + text.count("…"), len(found), bullets, trailing


def _lines(text: str) -> tuple[int, ...]:
    found = [line for line in text.split("\n") if line.strip()]
    kinds = tokens.classes()
    ended = sum(bool(kinds[ord(line[-1])] & tokens.TERMINAL) for line in found)
    return len(found), ended, sum(len(line) <= SHORT_LINE for line in found), _repeats(found)[2], text.count("\n")


def _kept(text: str) -> tuple[int, ...]:
    judged = _judged(text)
    sentences = sum(_sentences(line) for line, is_kept, _ in judged if is_kept)
    filler = sum(FILLER.search(line) is not None for line, _, _ in judged)
    return filler, sum(line.count("{") for line, _, is_script in judged if not is_script), sentences


def _judged(text: str) -> list[tuple[str, bool, bool]]:
    """The lines that end as a sentence does and have words enough, without citations: is it kept, does it speak of JavaScript."""
    found = []
    for line in map(str.strip, text.splitlines()):
        said = line.split()
        bare = CITATION.sub("", line)
        is_sentence = bare.endswith(END_MARKS) and not bare.endswith("...")
        if is_sentence and len(said) >= LEAST_WORDS and max(map(len, said)) <= LONGEST_WORD:
            is_script = JAVASCRIPT.search(bare) is not None
            found.append((bare, not is_script and POLICY.search(bare) is None, is_script))
    return found


def _sentences(line: str) -> int:
    """A sentence ends at a token that is a full stop, a question or exclamation mark, and the marks right behind it."""
    parts = tokens.ALONE.split(line)
    count, is_over = 1, False
    for place, part in enumerate(parts):
        pieces = [0] if part != " " else []  # more than one space is a token too
        if place % 2 == 0:
            pieces = [tokens.marks_of(token) for token in tokens.tokenise(part)] if part else []
        for marks in pieces:
            ends = bool(marks & tokens.ENDS_SENTENCE)
            if is_over and not ends and not marks & tokens.ONLY_MARKS:
                count, is_over = count + 1, False
            is_over = is_over or ends
    return count
