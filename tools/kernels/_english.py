"""Where a chunk of English is cut into tokens: the rules of tools/tokens.py, each a small function over code points and their classes."""

import numpy as np
import numpy.typing as npt

from tools.tokens import ALPHA, BEFORE_STOP, CURRENCY, ICON, LOWER, MOST_SPECIAL, MOST_UNIT, PREFIX, QUOTE, SUFFIX, UPPER

from ._addresses import is_address
from ._chunk import (
    APOSTROPHE,
    AT,
    BEGINS,
    CARET,
    COLON,
    COMMA,
    DEGREE,
    DOLLAR,
    DOT,
    ELLIPSIS,
    EM_DASH,
    EN_DASH,
    EQUALS,
    HYPHEN,
    IS_EXCEPTION,
    IS_UNIT,
    LESS,
    MORE,
    PLUS,
    SLASH,
    STAR,
    TILDE,
    TYPED_APOSTROPHE,
    Bytes,
    Chunk,
    Lookup,
    U,
    is_digit,
)
from ._decorators import Flag, Place, woven
from ._token_hash import hashed


@woven
def looked_up(sieve: Bytes, keys: npt.NDArray[np.uint64], values: npt.NDArray[np.int32], found: np.uint64) -> Place:
    """What is known of the token of this hash, 0 if nothing."""
    bit = np.int64(found >> U(48))
    if not (sieve[bit >> 3] >> (bit & 7)) & 1:
        return np.int64(0)
    mask = len(keys) - 1
    place = np.int64(found & U(mask))
    while values[place] and keys[place] != found:
        place = (place + 1) & mask
    return np.int64(values[place])


@woven
def known(lookup: Lookup, found: np.uint64) -> Place:
    return looked_up(lookup.sieve, lookup.keys, lookup.values, found)


@woven
def opens(lookup: Lookup, first: np.uint64, second: np.uint64) -> Flag:
    """Whether tokens that make an exception together may begin with these two."""
    bit = np.int64(((first * U(0x9FB21C651E98DF25)) ^ second) >> U(49))
    return bool((lookup.pairs[U(bit >> 3)] >> (bit & 7)) & 1)


@woven
def exception(chunk: Chunk, lookup: Lookup, first: Place, last: Place) -> Place:
    """The number of the exception that this span is, from 1; else 0."""
    if last - first > MOST_SPECIAL or last <= first:
        return np.int64(0)
    return (known(lookup, hashed(chunk.data, chunk.at[first], chunk.at[last])) & IS_EXCEPTION) >> 4


@woven
def dots_from(chunk: Chunk, place: Place, last: Place) -> Place:
    end = place
    while end < last and chunk.codes[end] == DOT:
        end += 1
    return end - place


@woven
def is_dollar(chunk: Chunk, first: Place, last: Place) -> Place:
    """The length of `US$`, `C$` or `A$` at a place."""
    code = chunk.codes[first]
    if code == 85 and first + 3 <= last and chunk.codes[first + 1] == 83 and chunk.codes[first + 2] == DOLLAR:
        return np.int64(3)
    if (code == 67 or code == 65) and first + 2 <= last and chunk.codes[first + 1] == DOLLAR:
        return np.int64(2)
    return np.int64(0)


@woven
def prefix(chunk: Chunk, first: Place, last: Place) -> Place:
    code = chunk.codes[first]
    if code == PLUS:
        return np.int64(not (first + 1 < last and is_digit(chunk.codes[first + 1])))
    if code == DOT:
        dots = dots_from(chunk, first, last)
        return dots if dots > 1 else np.int64(0)
    if chunk.kinds[first] & PREFIX:
        return np.int64(1)
    return is_dollar(chunk, first, last)


@woven
def suffix(chunk: Chunk, lookup: Lookup, first: Place, last: Place) -> Place:
    end = last - 1
    code = chunk.codes[end]
    before = np.int64(chunk.codes[end - 1]) if end > first else np.int64(0)
    if code == DOT:
        return full_stop(chunk, first, last)
    if code == ELLIPSIS:
        return np.int64(2 if before == ELLIPSIS else 1)
    if chunk.kinds[end] & SUFFIX:
        return np.int64(1)
    if (code == 115 or code == 83) and (before == TYPED_APOSTROPHE or before == APOSTROPHE):
        return np.int64(2)
    if code == PLUS:
        return np.int64(is_digit(before))
    if chunk.kinds[end] & CURRENCY:
        return money(chunk, first, last)
    return unit(chunk, lookup, first, last)


@woven
def money(chunk: Chunk, first: Place, last: Place) -> Place:
    """A sign of money behind a digit."""
    if chunk.codes[last - 1] == DOLLAR:
        for size in (3, 2):
            start = last - size
            if start > first and is_digit(chunk.codes[start - 1]) and is_dollar(chunk, start, last) == size:
                return np.int64(size)
    return np.int64(last - 1 > first and is_digit(chunk.codes[last - 2]))


@woven
def full_stop(chunk: Chunk, first: Place, last: Place) -> Place:
    place = last
    while place > first and chunk.codes[place - 1] == DOT:
        place -= 1
    if last - place > 1:
        return last - place
    if place - 1 < first:
        return np.int64(0)
    if chunk.kinds[place - 1] & BEFORE_STOP:
        return np.int64(1)
    if place - 2 < first:
        return np.int64(0)
    if chunk.kinds[place - 1] & chunk.kinds[place - 2] & UPPER:
        return np.int64(1)
    code = chunk.codes[place - 1] & ~32
    return np.int64(chunk.codes[place - 2] == DEGREE and (code == 70 or code == 67 or code == 75))


@woven
def unit(chunk: Chunk, lookup: Lookup, first: Place, last: Place) -> Place:
    """A unit of measurement behind a digit."""
    for size in range(1, MOST_UNIT + 1):
        before = last - size - 1
        if before < first:
            return np.int64(0)
        if is_digit(chunk.codes[before]):
            is_known = known(lookup, hashed(chunk.data, chunk.at[before + 1], chunk.at[last])) & IS_UNIT
            return np.int64(size) if is_known else np.int64(0)
    return np.int64(0)


@woven
def hyphen(chunk: Chunk, place: Place, last: Place) -> Place:
    """The length of a hyphen or dash that a letter follows."""
    code, size = chunk.codes[place], 1
    while place + size < last:
        if chunk.kinds[place + size] & ALPHA:
            return np.int64(size)
        most = 3 if code == HYPHEN else 2 if code == EM_DASH else 1
        if size == most or chunk.codes[place + size] != code:
            return np.int64(0)
        size += 1
    return np.int64(0)


@woven
def infix(chunk: Chunk, first: Place, place: Place, last: Place) -> Place:
    """How many characters are a token between two others, from a place on."""
    code = np.int64(chunk.codes[place])
    if chunk.kinds[place] & ICON or code == ELLIPSIS:
        return np.int64(1)
    if is_digit(code) or place + 1 >= last or (chunk.kinds[place] & ALPHA and code < 0x2000):
        return np.int64(0)
    after = chunk.codes[place + 1]
    if code == DOT and after == DOT:
        return dots_from(chunk, place, last)
    if place == first:
        return np.int64(0)
    previous, following = chunk.kinds[place - 1], chunk.kinds[place + 1]
    digit_before = is_digit(chunk.codes[place - 1])
    if digit_before and (code == PLUS or code == HYPHEN or code == STAR or code == CARET) and (is_digit(after) or after == HYPHEN):
        return np.int64(1)
    if code == DOT:
        return np.int64((previous & (LOWER | QUOTE)) != 0 and (following & (UPPER | QUOTE)) != 0)
    if code == COMMA:
        return np.int64((previous & following & ALPHA) != 0)
    if not (previous & ALPHA or digit_before):
        return np.int64(0)
    if code == COLON or code == LESS or code == MORE or code == EQUALS or code == SLASH:
        return np.int64((following & ALPHA) != 0)
    if code == HYPHEN or code == EN_DASH or code == EM_DASH or code == TILDE:
        return hyphen(chunk, place, last)
    return np.int64(0)


@woven
def cut(chunk: Chunk, lookup: Lookup, size: Place) -> Place:
    """Fill `cuts` with where the tokens of a chunk of so many characters begin and end; gives their number."""
    first: Place = np.int64(0)
    last: Place = np.int64(size)
    front: Place = np.int64(0)
    back: Place = np.int64(0)
    found: Place = np.int64(0)
    chunk.cuts[0] = 0
    while first < last:
        found = exception(chunk, lookup, first, last)
        if found:
            break
        before = prefix(chunk, first, last)
        if before:
            found = exception(chunk, lookup, first + before, last)
            if found:
                first += before
                front += 1
                chunk.cuts[front] = first
                break
        after = suffix(chunk, lookup, first + before, last) if first + before < last else np.int64(0)
        if after:
            found = exception(chunk, lookup, first, last - after)
            if found:
                chunk.back[back] = last
                back += 1
                last -= after
                break
        if not before and not after:
            break
        if before:
            first += before
            front += 1
            chunk.cuts[front] = first
        if after:
            chunk.back[back] = last
            back += 1
            last -= after
    if first < last:
        front = by_exception(chunk, lookup, front, found) if found else middle(chunk, front, first, last)
    for place in range(back - 1, -1, -1):
        front += 1
        chunk.cuts[front] = chunk.back[place]
    return front


@woven
def by_exception(chunk: Chunk, lookup: Lookup, count: Place, number: Place) -> Place:
    for piece in range(lookup.piece_starts[number - 1], lookup.piece_starts[number]):
        count += 1
        chunk.cuts[count] = chunk.cuts[count - 1] + lookup.pieces[piece]
    return count


@woven
def middle(chunk: Chunk, count: Place, first: Place, last: Place) -> Place:
    """Cut what has no affixes."""
    before, place = count, first
    dotted: Flag = False
    signed: Flag = False
    while place < last:
        code = chunk.codes[U(place)]
        if 97 <= (code | 32) <= 122 or is_digit(code):
            place += 1
            continue
        dotted |= code == DOT
        signed |= code == AT
        size = infix(chunk, first, place, last)
        if size and place > first:
            if place > chunk.cuts[count]:
                count += 1
                chunk.cuts[count] = place
            count += 1
            chunk.cuts[count] = place + size
        place += size if size else 1
    if chunk.cuts[count] < last:
        count += 1
        chunk.cuts[count] = last
    if count > before + 1 and dotted and is_address(chunk, first, last, signed):
        count = before + 1
        chunk.cuts[count] = last
    return count


@woven
def join(chunk: Chunk, lookup: Lookup, hashes: npt.NDArray[np.uint64], base: Place, count: Place) -> Place:
    """Let tokens that make an exception together become its pieces; gives the number of tokens then, 0 if none do. As _joined of tools/tokens.py."""
    for token in range(count):
        chunk.seen[token], chunk.exceptions[token] = 0, 0
    is_any = False
    for size in range(min(lookup.most_pieces, count), 1, -1):
        for place in range(count - size + 1):
            if not known(lookup, hashes[base + place]) & BEGINS:
                continue
            number = compound(lookup, hashes, base + place, size)
            if not number:
                continue
            if not chunk.seen[place] and not chunk.seen[place + size - 1]:
                chunk.exceptions[place] = number << 8 | size
                is_any = True
            for token in range(place, place + size):
                chunk.seen[token] = 1
    return rewritten(chunk, lookup, count) if is_any else np.int64(0)


@woven
def compound(lookup: Lookup, hashes: npt.NDArray[np.uint64], place: Place, size: Place) -> Place:
    """The number of the exception that these tokens make, from 1; else 0."""
    key = U(size)
    for token in range(place, place + size):
        key = (key ^ hashes[token]) * U(0x9FB21C651E98DF25)
        key ^= key >> U(29)
    mask = len(lookup.compound_keys) - 1
    slot = np.int64(key & U(mask))
    while lookup.compound_values[slot] and lookup.compound_keys[slot] != key:
        slot = (slot + 1) & mask
    return np.int64(lookup.compound_values[slot])


@woven
def rewritten(chunk: Chunk, lookup: Lookup, count: Place) -> Place:
    """The cuts with the exceptions in their places; `back` holds those before."""
    for place in range(count + 1):
        chunk.back[place] = chunk.cuts[place]
    made: Place = np.int64(0)
    token: Place = np.int64(0)
    while token < count:
        if chunk.exceptions[token]:
            made = by_exception(chunk, lookup, made, chunk.exceptions[token] >> 8)
            token += chunk.exceptions[token] & 255
        else:
            made += 1
            token += 1
            chunk.cuts[made] = chunk.back[token]
    return made
