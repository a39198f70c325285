"""Places in a buffer of texts that are worth a closer look, found by numpy: clusters of digits, dotted numbers, colons, at-signs.

An anchor says only that something may stand there. Anchors are few in ordinary text, so that what looks closer may take its time.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FEWEST = 7  # digits of a phone number; six where letters or two separators tell
WIDEST_GAP = 4  # up to three joiners between two digits
LONGEST_LEAD, LONGEST_TAIL = 12, 14  # letters and digits that an IBAN may have around its longest run of digits; a hash has more
COLON, HYPHEN, AT, EQUALS = 58, 45, 64, 61


def _table(of: bytes) -> Flags:
    found = np.zeros(256, np.bool_)
    found[list(of)] = True
    return found


LETTERS = _table(bytes(range(65, 91)) + bytes(range(97, 123)))
CAPITALS = _table(bytes(range(65, 91)))
HEX = _table(b"0123456789abcdefABCDEF")
DIGITS = _table(b"0123456789")
JOINERS = _table(b" ().-/+")
NAMED = LETTERS | DIGITS | _table(b"_%+-.'" + bytes(range(128, 256)))  # may end the account of an e-mail address, or a password
HOSTED = LETTERS | DIGITS | _table(b"[" + bytes(range(128, 256)))
ALNUM = LETTERS | DIGITS
WORDS = ALNUM | _table(b"_-")
BASE58 = ALNUM & ~_table(b"0OIl")
ENDINGS = np.array(
    [
        int.from_bytes(bytes(byte | 32 for byte in end), "big")
        for end in (b"ord", b"pwd", b"swd", b"ken", b"ens", b"ret", b"ets", b"key", b"ase", b"ial", b"als", b"_id", b"-id")
    ],
    np.uint32,
)


class Cluster(NamedTuple):
    """Where a cluster begins and ends, how many digits it has, where the digits before it end, and where its text begins and ends."""

    start: int
    stop: int
    digits: int
    since: int
    first: int
    last: int


class Anchors:
    """Anchors of one block of texts, zero bytes between them and spare ones behind the last: no look ahead meets another text or leaves."""

    def __init__(self, data: Bytes, bounds: Places) -> None:
        self.data, self._bounds = data, bounds
        self._room = np.empty(len(data), np.bool_)  # for every comparison: fresh memory would cost more than it

    @cached_property
    def _digits(self) -> Places:
        shifted = self._room.view(np.uint8)
        np.less(np.subtract(self.data, np.uint8(48), out=shifted), 10, out=self._room)
        return np.flatnonzero(self._room)

    @cached_property
    def _gaps(self) -> Places:
        return np.diff(self._digits)

    @cached_property
    def _single(self) -> tuple[Places, Places, Places]:
        return self._runs(self._gaps == 1)

    @cached_property
    def _colons(self) -> Places:
        return self._where(COLON)

    def clusters(self) -> Iterator[Cluster]:
        """Digits with at most three joiners between one and the next, where they may be a number of a person."""
        if not len(self._digits):
            return iter(())
        joined = self._gaps == 1
        for gap in range(2, WIDEST_GAP + 1):
            places = np.flatnonzero(self._gaps == gap)
            for step in range(1, gap):
                places = places[JOINERS[self.data[self._digits[places] + step]]]
            joined[places] = True
        starts, stops, counts = self._runs(joined)
        since = np.append(0, stops[:-1])
        lone = counts == FEWEST - 1
        lettered = LETTERS[self.data[starts - 1]] | LETTERS[self.data[stops]]
        fits = (counts >= FEWEST) | (lone & (lettered | (stops - starts == FEWEST + 1)))
        several = counts < stops - starts
        fits[fits] = several[fits] | ~_all(ALNUM, self.data, starts[fits], range(-LONGEST_LEAD, 0))
        fits[fits] = several[fits] | ~_all(ALNUM, self.data, stops[fits], range(LONGEST_TAIL))
        rows = np.searchsorted(self._bounds, starts[fits], "right")
        columns = (starts[fits], stops[fits], counts[fits], since[fits], self._bounds[rows - 1], self._bounds[rows] - 1)
        return map(Cluster._make, zip(*(column.tolist() for column in columns), strict=True))

    def quads(self) -> Places:
        """Where four numbers with dots between begin."""
        starts, stops, counts = self._single
        if len(starts) < 4:
            return starts[:0]
        short = counts <= 3
        dotted = (starts[1:] - stops[:-1] == 1) & (self.data[stops[:-1]] == 46) & short[1:] & short[:-1]
        three = dotted[:-2] & dotted[1:-1] & dotted[2:]
        first = three.copy()
        first[1:] &= ~three[:-1]
        found: Places = starts[:-3][first]
        return found

    def hexes(self) -> Places:
        """Where `0x` and twenty bytes of forty are hex, or a token of letters and digits begins with 1, 3 or bc1: perhaps a wallet."""
        data, (starts, _, _) = self.data, self._single
        first, before = data[starts], data[starts - 1]
        zero = starts[(first == 48) & (data[starts + 1] == 120)]
        zero = zero[_all(HEX, data, zero, (41, 22, 12, 5, 33)) & ~ALNUM[data[zero + 42]]]
        legacy = starts[((first == 49) | (first == 51)) & ~ALNUM[before]]
        legacy = legacy[_all(BASE58, data, legacy, (24, 12, 6, 18, 3, 9))]
        legacy = legacy[~_all(ALNUM, data, legacy, range(26, 36))]
        segwit = starts[(first == 49) & (before | 32 == 99) & (data[starts - 2] | 32 == 98)]
        segwit = segwit[_all(ALNUM, data, segwit, (30, 15, 5))]
        return np.concatenate([zero, legacy, segwit - 2])

    def lettered(self) -> Places:
        """The first digit of what has the form of an Italian tax code or an Indian tax number: few digits among capitals."""
        data, (starts, _, counts) = self.data, self._single
        fours, twos = starts[counts == 4], starts[counts == 2]
        fours = fours[CAPITALS[data[fours + 4]]]
        fours = fours[_all(CAPITALS, data, fours, range(-5, 0))]
        twos = twos[CAPITALS[data[twos + 2]]]
        twos = twos[_all(CAPITALS, data, twos, (-6, -1, 5, 9)) & _all(DIGITS, data, twos, (3, 4, 6, 7, 8))]
        return np.concatenate([fours, twos])

    @cached_property
    def _ats(self) -> Places:
        places = self._where(AT)
        return places[NAMED[self.data[places - 1]] & HOSTED[self.data[places + 1]]]

    def ats(self) -> Places:
        """Where `@` stands between what may be an account, or a password, and a host."""
        return self._ats

    def colons(self) -> Places:
        """Two colons together with hex digits beside them, or seven in a row with at most four bytes between: perhaps an IPv6 address."""
        data, places = self.data, self._colons
        double = places[data[places + 1] == COLON]
        double = double[(HEX[data[double - 1]] | ~ALNUM[data[double - 1]]) & (HEX[data[double + 2]] | HEX[data[double - 1]])]
        if len(places) < 7:
            return np.asarray(double)
        seven = places[:-6][(places[6:] - places[:-6] <= 30) & (places[6:] - places[:-6] >= 12)]
        return np.concatenate([double, seven[HEX[data[seven - 1]]]])

    def pairs(self) -> Places:
        """Where six pairs with colons or hyphens between begin: perhaps a MAC address."""
        found = []
        for places in (self._colons, self._where(HYPHEN)):
            if len(places) >= 5:
                even = (places[4:] - places[:-4] == 12) & (places[1:-3] - places[:-4] == 3) & (places[2:-2] - places[:-4] == 6)
                found.append(places[:-4][even & (places[3:-1] - places[:-4] == 9)] - 2)
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def assigned(self) -> Places:
        """Where `=` or `:` stands behind the end of a word such as `password`, `api_key` or `token`."""
        data, places = self.data, np.concatenate([self._colons, self._where(EQUALS)])
        ends = places - 1
        for _ in range(3):
            ends = ends - ~WORDS[data[ends]]
        code = (data[ends - 2].astype(np.uint32) << 16 | data[ends - 1].astype(np.uint32) << 8 | data[ends]) | 0x202020
        return places[np.isin(code, ENDINGS) & (ends > places - 4)]

    def _where(self, byte: int) -> Places:
        return np.flatnonzero(np.equal(self.data, np.uint8(byte), out=self._room))

    def _runs(self, joined: Flags) -> tuple[Places, Places, Places]:
        digits = self._digits
        if not len(digits):
            return digits, digits, digits
        cuts = np.flatnonzero(~joined)
        firsts, lasts = np.append(0, cuts + 1), np.append(cuts, len(digits) - 1)
        return digits[firsts], digits[lasts] + 1, lasts - firsts + 1


def _all(table: Flags, data: Bytes, places: Places, steps: Iterable[int]) -> Flags:
    """Which places have only bytes of a table at these distances."""
    found = np.ones(len(places), np.bool_)
    for step in steps:
        found &= table[data[places + step]]
    return found
