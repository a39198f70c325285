"""The hash by which a token of English is known: short, since a text has a token every six bytes, and one way for all up to 16 bytes."""

START, NEXT, LENGTH, STIR = 0x9E3779B97F4A7CFF, 0xC2B2AE3D27D4EBFF, 0xD6E8FEB86659FD93, 0x9FB21C651E98DF25
MASK = (1 << 64) - 1


def token_hash(token: bytes) -> int:
    """Sixteen bytes after sixteen, the last of them filled up with zeros; then how many there are."""
    state = 0
    for place in range(0, max(len(token), 1), 16):
        low, high = (int.from_bytes(token[at : at + 8], "little") for at in (place, place + 8))
        product = (low ^ START ^ state) * (high ^ NEXT)
        state = (product ^ product >> 64) & MASK
    state = (state + len(token) * LENGTH) & MASK
    state = ((state ^ state >> 32) * STIR) & MASK
    return state ^ state >> 29
