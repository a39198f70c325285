"""Checksums of cards, IBANs and wallets, and whether a number of a country is valid, which python-stdnum says."""

from functools import cache
from hashlib import sha256
from importlib import import_module
from typing import Any

LENGTHS = """AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22
    GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27
    MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"""
IBAN_LENGTHS = {pair[:2].encode(): int(pair[2:]) for pair in LENGTHS.split()}
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BECH32_FACTORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
BECH32_SUMS = (1, 0x2BC830A3)  # of the first and of later versions


def luhn(digits: bytes) -> bool:
    doubled = [sum(divmod(2 * (digit - 48), 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(digit - 48 for digit in digits[-1::-2])) % 10 == 0


def iban(letters: bytes) -> bool:
    """Whether letters and digits without blanks are an IBAN: the length of its country and the rest by 97."""
    if IBAN_LENGTHS.get(letters[:2].upper()) != len(letters):
        return False
    return int("".join(str(int(letter, 36)) for letter in (letters[4:] + letters[:4]).decode())) % 97 == 1


def base58(address: str) -> bool:
    """Whether an address of Bitcoin in its older form ends with its checksum."""
    number = 0
    for letter in address:
        place = BASE58.find(letter)
        if place < 0:
            return False
        number = number * 58 + place
    try:
        whole = number.to_bytes(25, "big")
    except OverflowError:
        return False
    return whole[0] in (0, 5) and sha256(sha256(whole[:-4]).digest()).digest()[:4] == whole[-4:]


def bech32(address: str) -> bool:
    """Whether an address of Bitcoin in its newer form, all upper or all lower case, ends with its checksum."""
    plain = address.lower()
    values = [BECH32.find(letter) for letter in plain[3:]]
    if (address not in (plain, plain.upper())) or not 39 <= len(values) <= 59 or min(values) < 0:
        return False
    total = 1
    for value in [3, 3, 0, 2, 3, *values]:  # `bc`, spread over fives of bits
        top, total = total >> 25, (total & 0x1FFFFFF) << 5 ^ value
        for bit, factor in enumerate(BECH32_FACTORS):
            total ^= factor if top >> bit & 1 else 0
    return total in BECH32_SUMS


def is_valid(module: str, number: str) -> bool:
    """Whether a module of python-stdnum, such as `es.dni`, takes the number for one."""
    return bool(_module(module).is_valid(number))


@cache
def _module(name: str) -> Any:
    return import_module(f"stdnum.{name}")
