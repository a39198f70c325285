"""XXH3 of a span of bytes, 64 and 128 bits, seed 0, for other kernels to call; equal to the package xxhash for every length."""

import numpy as np
import numpy.typing as npt

from ._decorators import Place, lean
from ._machine import high_product, read32, read64, swap64
from ._stripes import Lanes, lanes_of

U = np.uint64
Bytes = npt.NDArray[np.uint8]
Pair = tuple[np.uint64, np.uint64]
PRIME32_1, PRIME32_2, PRIME32_3 = U(0x9E3779B1), U(0x85EBCA77), U(0xC2B2AE3D)
PRIME64_1, PRIME64_2, PRIME64_3 = U(0x9E3779B185EBCA87), U(0xC2B2AE3D27D4EB4F), U(0x165667B19E3779F9)
PRIME64_4, PRIME64_5 = U(0x85EBCA77C2B2AE63), U(0x27D4EB2F165667C5)
MIX_1, MIX_2 = U(0x165667919E3779F9), U(0x9FB21C651E98DF25)
LOW = U(0xFFFFFFFF)
SECRET = np.frombuffer(
    bytes.fromhex(
        "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
        "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
        "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e"
    ),
    np.uint8,
)


def _secret(place: int) -> np.uint64:
    return U(int.from_bytes(SECRET[place : place + 8].tobytes(), "little"))


def _secret32(place: int) -> np.uint64:
    return U(int.from_bytes(SECRET[place : place + 4].tobytes(), "little"))


FLIP_0 = _secret(56) ^ _secret(64)
FLIP_3 = _secret32(0) ^ _secret32(4)
FLIP_8 = _secret(8) ^ _secret(16)
FLIP_16A, FLIP_16B = _secret(24) ^ _secret(32), _secret(40) ^ _secret(48)
WIDE_0A, WIDE_0B = _secret(64) ^ _secret(72), _secret(80) ^ _secret(88)
WIDE_3 = _secret32(8) ^ _secret32(12)
WIDE_8 = _secret(16) ^ _secret(24)
WIDE_16A, WIDE_16B = _secret(32) ^ _secret(40), _secret(48) ^ _secret(56)


@lean
def hash64(data: Bytes, start: Place, stop: Place) -> np.uint64:
    """The XXH3-64 of data[start:stop]."""
    size = stop - start
    if size > 16:
        if size <= 128:
            return _medium64(data, start, size)
        if size <= 240:
            return _large64(data, start, size)
        return _long64(data, start, size)
    if size > 8:
        low = read64(data, start) ^ FLIP_16A
        high = read64(data, stop - 8) ^ FLIP_16B
        return _avalanche(U(size) + swap64(low) + high + _folded(low, high))
    if size >= 4:
        keyed = (read32(data, stop - 4) + (read32(data, start) << U(32))) ^ FLIP_8
        keyed ^= _rotated(keyed, 49) ^ _rotated(keyed, 24)
        keyed *= MIX_2
        keyed ^= (keyed >> U(35)) + U(size)
        keyed *= MIX_2
        return keyed ^ (keyed >> U(28))
    if size > 0:
        return _avalanche_old(_few(data, start, size) ^ FLIP_3)
    return _avalanche_old(FLIP_0)


@lean
def hash128(data: Bytes, start: Place, stop: Place) -> Pair:
    """The XXH3-128 of data[start:stop]: its high and its low half."""
    size = stop - start
    if size > 16:
        if size <= 128:
            return _medium128(data, start, size)
        if size <= 240:
            return _large128(data, start, size)
        return _long128(data, start, size)
    if size > 8:
        return _wide16(data, start, size)
    if size >= 4:
        return _wide8(data, start, size)
    if size > 0:
        few = _few(data, start, size)
        turned = ((few & U(0xFF)) << U(24)) | ((few & U(0xFF00)) << U(8)) | ((few >> U(8)) & U(0xFF00)) | (few >> U(24))
        turned = ((turned << U(13)) | (turned >> U(19))) & LOW
        return _avalanche_old(turned ^ WIDE_3), _avalanche_old(few ^ FLIP_3)
    return _avalanche_old(WIDE_0B), _avalanche_old(WIDE_0A)


@lean
def _folded(one: np.uint64, other: np.uint64) -> np.uint64:
    return (one * other) ^ high_product(one, other)


@lean
def _rotated(value: np.uint64, bits: int) -> np.uint64:
    return (value << U(bits)) | (value >> U(64 - bits))


@lean
def _avalanche(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> U(37))) * MIX_1
    return value ^ (value >> U(32))


@lean
def _avalanche_old(value: np.uint64) -> np.uint64:
    """That of XXH64."""
    value = (value ^ (value >> U(33))) * PRIME64_2
    value = (value ^ (value >> U(29))) * PRIME64_3
    return value ^ (value >> U(32))


@lean
def _few(data: Bytes, start: Place, size: Place) -> np.uint64:
    """One to three bytes and their number in 32 bits."""
    first, middle, last = U(data[start]), U(data[start + (size >> 1)]), U(data[start + size - 1])
    return (first << U(16)) | (middle << U(24)) | last | (U(size) << U(8))


@lean
def _mixed(data: Bytes, place: Place, secret: Place) -> np.uint64:
    """Sixteen bytes with sixteen of the secret."""
    return _folded(read64(data, place) ^ read64(SECRET, secret), read64(data, place + 8) ^ read64(SECRET, secret + 8))


@lean
def _medium64(data: Bytes, start: Place, size: Place) -> np.uint64:
    """17 to 128 bytes."""
    found, stop = U(size) * PRIME64_1, start + size
    for step in range((size - 1) >> 5, -1, -1):
        found += _mixed(data, start + 16 * step, 32 * step) + _mixed(data, stop - 16 * step - 16, 32 * step + 16)
    return _avalanche(found)


@lean
def _large64(data: Bytes, start: Place, size: Place) -> np.uint64:
    """129 to 240 bytes."""
    found = U(size) * PRIME64_1
    for step in range(8):
        found += _mixed(data, start + 16 * step, 16 * step)
    found = _avalanche(found)
    for step in range(8, size >> 4):
        found += _mixed(data, start + 16 * step, 16 * step - 125)
    return _avalanche(found + _mixed(data, start + size - 16, 119))


@lean
def _wide8(data: Bytes, start: Place, size: Place) -> Pair:
    """4 to 8 bytes."""
    keyed = (read32(data, start) + (read32(data, start + size - 4) << U(32))) ^ WIDE_8
    factor = PRIME64_1 + (U(size) << U(2))
    low, high = keyed * factor, high_product(keyed, factor)
    high += low << U(1)
    low ^= high >> U(3)
    low = (low ^ (low >> U(35))) * MIX_2
    return _avalanche(high), low ^ (low >> U(28))


@lean
def _wide16(data: Bytes, start: Place, size: Place) -> Pair:
    """9 to 16 bytes."""
    first, last = read64(data, start), read64(data, start + size - 8)
    keyed = first ^ last ^ WIDE_16A
    low = keyed * PRIME64_1 + (U(size - 1) << U(54))
    last ^= WIDE_16B
    high = high_product(keyed, PRIME64_1) + last + (last & LOW) * (PRIME32_2 - U(1))
    low ^= swap64(high)
    return _avalanche(high_product(low, PRIME64_2) + high * PRIME64_2), _avalanche(low * PRIME64_2)


@lean
def _mixed_pair(data: Bytes, high: np.uint64, low: np.uint64, one: Place, other: Place, secret: Place) -> Pair:
    low += _mixed(data, one, secret)
    low ^= read64(data, other) + read64(data, other + 8)
    high += _mixed(data, other, secret + 16)
    high ^= read64(data, one) + read64(data, one + 8)
    return high, low


@lean
def _finished(high: np.uint64, low: np.uint64, size: Place) -> Pair:
    mixed = low * PRIME64_1 + high * PRIME64_4 + U(size) * PRIME64_2
    return U(0) - _avalanche(mixed), _avalanche(low + high)


@lean
def _medium128(data: Bytes, start: Place, size: Place) -> Pair:
    """17 to 128 bytes."""
    high, low, stop = U(0), U(size) * PRIME64_1, start + size
    for step in range((size - 1) >> 5, -1, -1):
        high, low = _mixed_pair(data, high, low, start + 16 * step, stop - 16 * step - 16, 32 * step)
    return _finished(high, low, size)


@lean
def _large128(data: Bytes, start: Place, size: Place) -> Pair:
    """129 to 240 bytes."""
    high, low, stop = U(0), U(size) * PRIME64_1, start + size
    for step in range(4):
        high, low = _mixed_pair(data, high, low, start + 32 * step, start + 32 * step + 16, 32 * step)
    high, low = _avalanche(high), _avalanche(low)
    for step in range(4, size >> 5):
        high, low = _mixed_pair(data, high, low, start + 32 * step, start + 32 * step + 16, 32 * step - 125)
    high, low = _mixed_pair(data, high, low, stop - 16, stop - 32, 103)
    return _finished(high, low, size)


@lean
def _long64(data: Bytes, start: Place, size: Place) -> np.uint64:
    """More than 240 bytes."""
    return _merged(lanes_of(data, start, size, SECRET), 11, U(size) * PRIME64_1)


@lean
def _long128(data: Bytes, start: Place, size: Place) -> Pair:
    """More than 240 bytes."""
    lanes = lanes_of(data, start, size, SECRET)
    return _merged(lanes, 117, ~(U(size) * PRIME64_2)), _merged(lanes, 11, U(size) * PRIME64_1)


@lean
def _merged(lanes: Lanes, secret: Place, found: np.uint64) -> np.uint64:
    a, b, c, d, e, f, g, h = lanes
    found += _folded(a ^ read64(SECRET, secret), b ^ read64(SECRET, secret + 8))
    found += _folded(c ^ read64(SECRET, secret + 16), d ^ read64(SECRET, secret + 24))
    found += _folded(e ^ read64(SECRET, secret + 32), f ^ read64(SECRET, secret + 40))
    found += _folded(g ^ read64(SECRET, secret + 48), h ^ read64(SECRET, secret + 56))
    return _avalanche(found)
