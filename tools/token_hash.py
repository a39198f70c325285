"""The hash by which a token of English is known: short, since a text has a token every six bytes, and one way for all up to 16 bytes."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

START, NEXT, LENGTH, STIR = 0x9E3779B97F4A7CFF, 0xC2B2AE3D27D4EBFF, 0xD6E8FEB86659FD93, 0x9FB21C651E98DF25
MASK, PIECE = (1 << 64) - 1, 16

U = np.uint64
Hashes = npt.NDArray[np.uint64]


def token_hash(token: bytes) -> int:
    """Sixteen bytes after sixteen, the last of them filled up with zeros; then how many there are."""
    state = 0
    for place in range(0, max(len(token), 1), PIECE):
        low, high = (int.from_bytes(token[at : at + 8], "little") for at in (place, place + 8))
        product = (low ^ START ^ state) * (high ^ NEXT)
        state = (product ^ product >> 64) & MASK
    state = (state + len(token) * LENGTH) & MASK
    state = ((state ^ state >> 32) * STIR) & MASK
    return state ^ state >> 29


def token_hashes(tokens: Collection[str]) -> Hashes:
    """The hash of each token."""
    held = [token.encode() for token in tokens]
    sizes = np.fromiter(map(len, held), U, len(held))
    words = np.array([token[:PIECE] for token in held], f"S{PIECE}").view("<u8").astype(U)
    found: Hashes = _folded(words[::2] ^ U(START), words[1::2] ^ U(NEXT)) + sizes * U(LENGTH)
    found = (found ^ found >> U(32)) * U(STIR)
    found ^= found >> U(29)
    for place in np.flatnonzero(sizes > PIECE).tolist():
        found[place] = token_hash(held[place])
    return found


def _folded(one: Hashes, other: Hashes) -> Hashes:
    """The halves of the product of 128 bits, one upon the other."""
    half, low = U(32), U(0xFFFFFFFF)
    first = (one >> half) * (other & low) + ((one & low) * (other & low) >> half)
    second = (one & low) * (other >> half) + (first & low)
    found: Hashes = one * other ^ ((one >> half) * (other >> half) + (first >> half) + (second >> half))
    return found
