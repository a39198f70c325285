"""The words of English as a tokeniser sees them: `isn't (well-known).` is `is n't ( well - known ) .`; by whitespace chunks, each cut once."""

import re
from functools import cache, lru_cache, reduce
from itertools import pairwise
from operator import and_, or_
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from . import token_tables as tables
from .addresses import MOST_LABEL as MOST_LABEL  # the kernels know them from here
from .addresses import MOST_TOP as MOST_TOP
from .addresses import is_address
from .digest import bytes_of, offsets_of
from .kernels import compiled
from .token_hash import token_hashes

# classes of characters
LETTER, MARK, SYMBOL, TERMINAL, STOP, PREFIX, SUFFIX, LOWER, UPPER, QUOTE, BEFORE_STOP, ICON, SPACE, CURRENCY, ALPHA, BREAK = (
    1 << n for n in range(16)
)
# marks of tokens
HAS_LETTER, ONLY_SYMBOLS, ENDS_SENTENCE, ONLY_MARKS, AFTER_SPACES, STARTS_LINE = 1, 2, 4, 8, 16, 32
STOP_WORD = 8  # from this bit on: the number of the stop word, from 1
STOP_WORDS = ("the", "be", "to", "of", "and", "that", "have", "with")

MOST_SPECIAL, MOST_UNIT = 12, 5
SPACES = (0x9, 0xA, 0xB, 0xC, 0xD, 0x1C, 0x1D, 0x1E, 0x1F, 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
BREAKS = (0xA, 0xB, 0xC, 0xD, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029)  # where str.splitlines cuts
ALONE = re.compile(r"(\s+)")
OPERATORS, LINKS = frozenset("+-*^"), frozenset(":<>=/")
HYPHENS = ("-", "–", "—", "--", "---", "——", "~")
BETWEEN = frozenset("….,-–—~") | OPERATORS | LINKS  # what a middle may be cut at, icons aside
MOST_KEPT, LONGEST_KEPT = 1 << 15, 24  # chunks whose tokens stay at hand, since most come again, and their characters

Classes = npt.NDArray[np.uint16]
Cuts = list[int]


class Tokens(NamedTuple):
    """All tokens of some texts, one after the other, and where each text's begin."""

    rows: npt.NDArray[np.int32]
    hashes: npt.NDArray[np.uint64]
    lengths: npt.NDArray[np.int32]
    marks: npt.NDArray[np.uint16]


@cache
def classes() -> Classes:
    """The classes of every code point; those of a fixed edition of Unicode, so that no version of Python changes a count."""
    found = np.zeros(0x110000, np.uint16)
    runs = ((tables.LETTERS, LETTER), (tables.MARKS, MARK), (tables.LOWER, LOWER | ALPHA | BEFORE_STOP), (tables.UPPER, UPPER | ALPHA),
            (tables.ICONS, ICON | PREFIX | SUFFIX), (tables.TERMINAL, TERMINAL | SYMBOL), (tables.STOPS, STOP))  # fmt: skip
    for text, bits in runs:
        for first, last, step in tables.points(text):
            found[first : last + 1 : step] |= bits
    outer = PREFIX | SUFFIX
    listed = ((tables.QUOTES, outer | QUOTE | BEFORE_STOP), (tables.OUTER, outer | BEFORE_STOP), (tables.DASHES, outer), ("§%=", PREFIX),
              (tables.CURRENCIES, PREFIX | CURRENCY), (tables.BEFORE_STOP, BEFORE_STOP), ("0123456789", BEFORE_STOP), (tables.SYMBOLS, SYMBOL),
              ("ƻǅǈǋǲ", ALPHA))  # fmt: skip
    for text, bits in listed:
        found[[ord(character) for character in text]] |= bits
    found[[code for code in (*range(32), *range(127, 160)) if code not in (9, 10)] + [11, 12]] |= SYMBOL
    found[list(SPACES)] |= SPACE
    found[list(BREAKS)] |= BREAK
    return found


class _Kinds(dict[str, int]):
    """The classes of single characters: looked up once, since that takes as long as the rules for a whole chunk."""

    def __missing__(self, character: str) -> int:
        found = self[character] = int(classes()[ord(character)])
        return found


_kinds = _Kinds()


@cache
def exceptions() -> dict[str, tuple[str, ...]]:
    """Chunks that are cut as they stand here, and into what."""
    found = {}
    for words, capitals in ((tables.CONTRACTIONS, True), (tables.AS_THEY_STAND, False)):
        for word in words.split():
            for spelt in {word, word[0].upper() + word[1:]} if capitals else {word}:
                for way in {spelt, spelt.replace("'", "’")}:
                    pieces = tuple(way.split("·"))
                    found["".join(pieces)] = pieces
    return found


@cache
def compounds() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Exceptions that the rules would cut: where their pieces stand side by side, the exception takes their place."""
    found = {}
    for word, pieces in exceptions().items():
        codes = _Chunk(word)
        is_cut = codes.prefix(0, len(word)) or codes.suffix(0, len(word)) or len(codes.infixes(0, len(word))) > 2
        if is_cut:
            found[tuple(_texts(word, _by_rules(codes, {})))] = pieces
    return found


@cache
def units() -> frozenset[str]:
    return frozenset(tables.UNITS.split())


def tokenise(chunk: str) -> list[str]:
    """The tokens of one chunk, a text without white space."""
    if chunk.isascii() and chunk.isalpha():
        return list(exceptions().get(chunk, (chunk,)))
    return list(_kept_cut(chunk)) if len(chunk) <= LONGEST_KEPT else _cut(chunk)


def scan(texts: pa.Array) -> Tokens:
    """The tokens of each text; null counts as empty."""
    fast = compiled("tokens", texts.nbytes)
    if fast:
        found: Tokens = fast.scan(bytes_of(texts), offsets_of(texts))
        return found
    return _scan(texts)


def _scan(texts: pa.Array) -> Tokens:
    rows, chunks, before = [0], [], []
    index: dict[str, int] = {}
    gaps: dict[str, int] = {}
    for text in texts.to_pylist():
        parts = ALONE.split(text) if text else []
        first = next((n for n in (0, 2) if n < len(parts) and parts[n]), None)
        if first is not None:
            said = parts[first::2] if parts[-1] else parts[first:-1:2]
            chunks += [index.setdefault(chunk, len(index)) for chunk in said]
            before += [STARTS_LINE, *(gaps.get(gap) or gaps.setdefault(gap, _gap(gap)) for gap in parts[first + 1 : first + 2 * len(said) - 1 : 2])]
        rows.append(len(chunks))
    return _expanded(np.array(rows), np.array(chunks, np.int64), np.array(before, np.uint16), index)


def marks_of(token: str) -> int:
    """The marks that do not depend on where a token stands."""
    return _kept_marks(token) if len(token) <= LONGEST_KEPT else _marks(token)


def _marks(token: str) -> int:
    found = [_kinds[character] for character in token]
    together, any_of = reduce(and_, found), reduce(or_, found)
    marks = (HAS_LETTER if any_of & LETTER else 0) | (ONLY_SYMBOLS if together & SYMBOL else 0) | (ONLY_MARKS if together & MARK else 0)
    marks |= ENDS_SENTENCE if len(token) == 1 and together & STOP else 0
    return marks | ((STOP_WORDS.index(token) + 1) << STOP_WORD if token in STOP_WORDS else 0)


_kept_marks = lru_cache(MOST_KEPT)(_marks)


def _cut(chunk: str) -> list[str]:
    found = _texts(chunk, _by_rules(_Chunk(chunk), exceptions()))
    return _joined(found) if len(found) > 1 else found


@lru_cache(MOST_KEPT)
def _kept_cut(chunk: str) -> tuple[str, ...]:
    return tuple(_cut(chunk))


class _Chunk:
    """A chunk with the classes of its characters, for the rules: each looks at the characters from `first` up to `last`, and at no other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.classes = [_kinds[character] for character in text]

    def prefix(self, first: int, last: int) -> int:
        """How many characters are cut off in front."""
        text = self.text
        character = text[first]
        if character == "+":
            return 0 if first + 1 < last and text[first + 1] in "0123456789" else 1
        if character == ".":
            dots = first
            while dots < last and text[dots] == ".":
                dots += 1
            return dots - first if dots - first > 1 else 0
        if self.classes[first] & PREFIX:
            return 1
        return next((len(sign) for sign in ("US$", "C$", "A$") if character == sign[0] and text[first : min(last, first + 3)].startswith(sign)), 0)

    def suffix(self, first: int, last: int) -> int:
        """How many characters are cut off behind; of several rules the one that takes most."""
        text, end = self.text, last - 1
        character = text[end]
        before = text[end - 1] if end > first else ""
        if character == ".":
            return self._stop(first, last)
        if character == "…":
            return 2 if before == "…" else 1
        if self.classes[end] & SUFFIX:
            return 1
        if character in "sS" and before and before in "'’":
            return 2
        if character == "+":
            return int(bool(before) and before in "0123456789")
        if self.classes[end] & CURRENCY:
            signs = [sign for sign in ("US$", "C$", "A$", character) if text[max(first, last - len(sign)) : last] == sign]
            return next((len(s) for s in signs if last - len(s) > first and text[last - len(s) - 1] in "0123456789"), 0)
        return self._unit(first, last)

    def infixes(self, first: int, last: int) -> Cuts:
        """Where the middle is cut, ends included."""
        cuts, place = [first], first
        while place < last:
            may_be = self.text[place] in BETWEEN or self.classes[place] & ICON
            size = self._infix(first, place, last) if may_be else 0
            if size and place > first:
                if place > cuts[-1]:
                    cuts.append(place)
                cuts.append(place + size)
            place += size or 1
        return cuts if cuts[-1] == last else [*cuts, last]

    def _stop(self, first: int, last: int) -> int:
        text = self.text
        dots = last
        while dots > first and text[dots - 1] == ".":
            dots -= 1
        if last - dots > 1:
            return last - dots
        if dots - 1 < first:
            return 0
        if self.classes[dots - 1] & BEFORE_STOP:
            return 1
        if dots - 2 < first:
            return 0
        both_upper = self.classes[dots - 1] & self.classes[dots - 2] & UPPER
        return int(bool(both_upper) or (text[dots - 2] == "°" and text[dots - 1] in "FfCcKk"))

    def _unit(self, first: int, last: int) -> int:
        for size in range(1, MOST_UNIT + 1):
            before = last - size - 1
            if before < first:
                return 0
            if self.text[before] in "0123456789":
                return size if self.text[before + 1 : last] in units() else 0
        return 0

    def _infix(self, first: int, place: int, last: int) -> int:
        """How many characters are a token between two others, from a place on."""
        text, kinds = self.text, self.classes
        character = text[place]
        if kinds[place] & ICON or character == "…":
            return 1
        following = kinds[place + 1] if place + 1 < last else 0
        after = text[place + 1] if place + 1 < last else ""
        if character == "." and after == ".":
            dots = place
            while dots < last and text[dots] == ".":
                dots += 1
            return dots - place
        if place == first or not after:
            return 0
        before, previous = text[place - 1], kinds[place - 1]
        is_digit = before in "0123456789"
        if character in OPERATORS and is_digit and after in "0123456789-":
            return 1
        if character == ".":
            return int(bool(previous & (LOWER | QUOTE) and following & (UPPER | QUOTE)))
        if character == ",":
            return int(bool(previous & ALPHA and following & ALPHA))
        if not (previous & ALPHA or is_digit):
            return 0
        if character in LINKS:
            return int(bool(following & ALPHA))
        sizes = (len(hyphen) for hyphen in HYPHENS if character == hyphen[0] and text.startswith(hyphen, place))
        return next((size for size in sizes if place + size < last and kinds[place + size] & ALPHA), 0)


def _by_rules(chunk: _Chunk, known: dict[str, tuple[str, ...]]) -> Cuts:
    """Where a chunk is cut: affixes off its ends as long as there are some and what is left is no exception; then the middle."""
    first, last = 0, len(chunk.text)
    front, back = [0], [last]
    inner: Cuts | None = None
    while first < last:
        inner = _exception(chunk.text, first, last, known)
        if inner:
            break
        before = chunk.prefix(first, last)
        if before and (inner := _exception(chunk.text, first + before, last, known)):
            front.append(first + before)
            break
        after = chunk.suffix(first + before, last) if first + before < last else 0
        if after and (inner := _exception(chunk.text, first, last - after, known)):
            back.append(last - after)
            break
        if not before and not after:
            inner = _middle(chunk, first, last)
            break
        first, last = first + before, last - after
        if before:
            front.append(first)
        if after:
            back.append(last)
    return sorted({*front, *(inner or ()), *back})


def _exception(text: str, first: int, last: int, known: dict[str, tuple[str, ...]]) -> Cuts | None:
    pieces = known.get(text[first:last]) if last - first <= MOST_SPECIAL else None
    if pieces is None:
        return None
    cuts = [first]
    for piece in pieces:
        cuts.append(cuts[-1] + len(piece))
    return cuts


def _middle(chunk: _Chunk, first: int, last: int) -> Cuts:
    cuts = chunk.infixes(first, last)
    return [first, last] if len(cuts) > 2 and is_address(chunk.text[first:last], _is_lower) else cuts


def _is_lower(character: str) -> bool:
    return bool(_kinds[character] & LOWER)


def _joined(tokens: list[str]) -> list[str]:
    """Tokens that make an exception together become its pieces: the longest first, then the earliest; none shares a token with a longer one."""
    known, most = compounds(), _most_pieces()
    seen, found = [False] * len(tokens), dict[int, tuple[int, tuple[str, ...]]]()
    begins = [place for place, token in enumerate(tokens) if token in _first_pieces()]
    for size in range(min(most, len(tokens)), 1, -1):
        for place in begins:
            pieces = known.get(tuple(tokens[place : place + size])) if place + size <= len(tokens) else None
            if pieces is None:
                continue
            if not seen[place] and not seen[place + size - 1]:
                found[place] = size, pieces
            seen[place : place + size] = [True] * size
    if not found:
        return tokens
    out: list[str] = []
    place = 0
    while place < len(tokens):
        size, pieces = found.get(place, (1, (tokens[place],)))
        out += pieces
        place += size
    return out


@cache
def _most_pieces() -> int:
    return max(map(len, compounds()))


@cache
def _first_pieces() -> frozenset[str]:
    return frozenset(pieces[0] for pieces in compounds())


def _texts(chunk: str, cuts: Cuts) -> list[str]:
    return [chunk[start:stop] for start, stop in pairwise(cuts)]


def _gap(spaces: str) -> int:
    """What white space says of the token that follows it."""
    return (STARTS_LINE if len(f"-{spaces}-".splitlines()) > 1 else 0) | (AFTER_SPACES if spaces != " " else 0) | 1 << 15


def _expanded(rows: npt.NDArray[np.int64], chunks: npt.NDArray[np.int64], before: npt.NDArray[np.uint16], index: dict[str, int]) -> Tokens:
    """Each distinct chunk is cut once, each distinct token hashed once; then all are laid out."""
    tokens: dict[str, int] = {}
    cut = [[tokens.setdefault(token, len(tokens)) for token in tokenise(chunk)] for chunk in index]
    sizes = np.fromiter(map(len, cut), np.int64, len(cut))
    starts = np.concatenate([[0], np.cumsum(sizes)])
    flat = np.fromiter((token for chunk in cut for token in chunk), np.int64, int(starts[-1]))
    laid = np.concatenate([[0], np.cumsum(sizes[chunks])])
    at = np.arange(laid[-1]) - np.repeat(laid[:-1] - starts[chunks], sizes[chunks])
    said = flat[at]
    hashes = token_hashes(tokens)
    lengths = np.fromiter(map(len, tokens), np.int32, len(tokens))
    marks = np.fromiter(map(marks_of, tokens), np.uint16, len(tokens))[said]
    marks[laid[:-1]] |= before & (STARTS_LINE | AFTER_SPACES)
    return Tokens(laid[rows].astype(np.int32), hashes[said], lengths[said], marks)
