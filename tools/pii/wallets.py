"""Addresses of Bitcoin, which hold a checksum, and of Ethereum, which are told by their form."""

import re
from collections.abc import Iterator

from .checksums import base58, bech32
from .near import Block, Found

WALLET = re.compile(
    rb"(?<![A-Za-z0-9])(?:(?P<ether>0x[0-9a-fA-F]{40})|(?P<segwit>(?i:bc1)[0-9A-Za-z]{36,59})|(?P<legacy>[13][1-9A-HJ-NP-Za-km-z]{25,34}))(?![A-Za-z0-9])"
)


def wallets(block: Block, start: int) -> Iterator[Found]:
    match = WALLET.match(block.raw, start)
    if match is None:
        return
    text = match[0].decode()
    if {"ether": _is_varied, "segwit": bech32, "legacy": base58}[match.lastgroup or ""](text):
        yield Found(*match.span(), "wallet")


def _is_varied(address: str) -> bool:
    """Not 0x000…01, 0xffff… and the like, which are nobody's."""
    return len(set(address[2:].lower())) >= 8
