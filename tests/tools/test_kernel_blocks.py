"""Looking at 64 bytes at once: what the marks say at every place, also where the text or the buffer ends."""

import numpy as np
import pytest

pytest.importorskip("numba")

from tools.kernels import _blocks

SIZES = (0, 1, 2, 63, 64, 65, 66, 127, 128, 129, 200)
BYTES = (0, 1, 2, 0x80, 0xC0, 255)


def buffers() -> list[np.ndarray]:
    """As they come from Arrow: nobody may write them."""
    drawn, made = np.random.default_rng(1), []
    for size in SIZES:
        for most in (3, 256):
            made.append(drawn.integers(0, most, size).astype(np.uint8))
            made[-1].flags.writeable = False
    return made


def bits(flags) -> int:
    return sum(1 << place for place, flag in enumerate(flags) if flag)


@pytest.mark.parametrize("data", buffers(), ids=len)
def test_the_marks_are_those_of_each_byte(data):
    for place in range(len(data) + 1):
        block = data[place : place + 64].tolist()
        for byte in BYTES:
            assert int(_blocks.equal(data, place, np.uint64(byte))) == bits(one == byte for one in block)
            assert int(_blocks.below(data, place, np.uint64(byte))) == bits(one < byte for one in block)
        for stop in range(place + 1, len(data) + 1, 9):
            assert int(_blocks.within(place, stop)) == bits([True] * min(stop - place, 64))


@pytest.mark.parametrize("data", buffers(), ids=len)
def test_characters_and_the_next_byte(data):
    for start in range(len(data) + 1):
        for stop in range(start, len(data) + 1, 5):
            piece = data[start:stop].tolist()
            assert _blocks.characters_in(data, start, stop) == sum(byte & 0xC0 != 0x80 for byte in piece)
            for byte in BYTES:
                assert _blocks.next_equal(data, start, stop, np.uint64(byte)) == (start + piece.index(byte) if byte in piece else stop)
