"""What is put where personal data stood: a placeholder, which may hold a number or a code of the value, or a stand-in of like form."""

import re
from dataclasses import dataclass, field
from hashlib import blake2b

from .kinds import family_of

_FILLERS = re.compile(rb"[\s().\-/+]")
_TYPED = frozenset({"email", "ip", "mac", "url", "secret", "birth_date", "wallet"})  # signs between are part of these
CODE_BYTES = 5


@dataclass
class StandIns:
    """Of one text: it remembers which value had which number."""

    placeholder: str
    key: str = ""
    keep_form: bool = False
    _numbers: dict[str, dict[bytes, int]] = field(default_factory=dict)

    def of(self, kind: str, value: bytes) -> bytes:
        if self.keep_form:
            return like(kind, value, self.key)
        name, text = kind.upper(), self.placeholder.replace("{type}", kind.upper())
        if "{number}" in text:
            known = self._numbers.setdefault(name, {})
            text = text.replace("{number}", str(known.setdefault(plain(kind, value), len(known) + 1)))
        if "{code}" in text:
            text = text.replace("{code}", _digest(kind, value, self.key).hex()[: 2 * CODE_BYTES])
        return text.encode()


def plain(kind: str, value: bytes) -> bytes:
    """A value as it is compared: `+1 203 305` and `+1-203-305` are one number."""
    lowered = value if kind == "secret" else value.lower()
    return lowered if kind in _TYPED else _FILLERS.sub(b"", lowered)


def like(kind: str, value: bytes, key: str) -> bytes:
    """Something of the same form that is nobody's: addresses from ranges kept for examples, else other digits and letters in their places."""
    digest = _digest(kind, value, key)
    if kind == "email":
        return b"user." + digest.hex()[:8].encode() + b"@example.com"
    if kind == "url":
        return b"https://example.com/" + digest.hex()[:8].encode()
    if kind == "ip" and b":" in value:
        return b"2001:db8::" + digest.hex()[:4].encode() + b":" + digest.hex()[4:8].encode()
    if kind == "ip":
        return b"198.%d.%d.%d" % (18 + digest[0] % 2, digest[1], 1 + digest[2] % 254)  # RFC 2544
    first = next((place for place, byte in enumerate(value) if 48 <= byte < 58), -1) if family_of(kind) not in ("secret", "wallet") else -1
    return bytes(byte if place == first else _other(byte, digest[place % len(digest)]) for place, byte in enumerate(value))


def _other(byte: int, chance: int) -> int:
    for first, count in ((48, 10), (65, 26), (97, 26)):
        if first <= byte < first + count:
            return first + chance % count
    return byte


def _digest(kind: str, value: bytes, key: str) -> bytes:
    return blake2b(plain(kind, value), key=blake2b(key.encode()).digest(), person=family_of(kind).encode()[:16]).digest()
