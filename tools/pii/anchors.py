"""Places in a buffer of texts that are worth a closer look, found by numpy: clusters of digits, dotted numbers, colons, at-signs.

An anchor says only that something may stand there. Anchors are few in ordinary text, so that what looks closer may take its time.
"""

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FEWEST = 7  # digits of a phone number; six where letters or two separators tell
WIDEST_GAP = 4  # up to three joiners between two digits


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


class Anchors:
    """Anchors of one block of texts. `data` ends with spare bytes, so that a look ahead never leaves it; `bounds`: where texts begin."""

    def __init__(self, data: Bytes, bounds: Places) -> None:
        self.data, self._bounds = data, bounds
        self.digits: Places = np.flatnonzero((data - np.uint8(48)) < 10)
        between = np.zeros(max(len(self.digits) - 1, 0), np.bool_)
        inner = np.searchsorted(self.digits, bounds)
        inner = inner[(inner > 0) & (inner < len(self.digits))] - 1
        between[inner] = True
        self._gaps = np.diff(self.digits)
        self._gaps[between] = 1 << 30  # a new text begins here

    def clusters(self) -> tuple[Places, Places]:
        """Digits with at most three joiners between one and the next: where clusters that may be a number of a person begin and end."""
        if not len(self.digits):
            return self.digits, self.digits
        joined = self._gaps == 1
        for gap in range(2, WIDEST_GAP + 1):
            places = np.flatnonzero(self._gaps == gap)
            for step in range(1, gap):
                places = places[JOINERS[self.data[self.digits[places] + step]]]
            joined[places] = True
        starts, stops, counts = self._runs(joined)
        lone = counts == FEWEST - 1
        lettered = LETTERS[self.data[starts - 1]] | LETTERS[self.data[stops]]
        fits = (counts >= FEWEST) | (lone & (lettered | (stops - starts == FEWEST + 1)))
        return starts[fits], stops[fits]

    def quads(self) -> Places:
        """Where four numbers with dots between begin."""
        starts, stops, counts = self._runs(self._gaps == 1)
        if len(starts) < 4:
            return starts[:0]
        short = counts <= 3
        dotted = (starts[1:] - stops[:-1] == 1) & (self.data[stops[:-1]] == 46) & short[1:] & short[:-1]
        three = dotted[:-2] & dotted[1:-1] & dotted[2:]
        first = three.copy()
        first[1:] &= ~three[:-1]
        return starts[:-3][first]

    def hexes(self) -> Places:
        """Where `0x` and twenty bytes of forty are hex, or a token of letters and digits begins with 1, 3 or bc1: perhaps a wallet."""
        data, digits = self.data, self.digits
        first, before = data[digits], data[digits - 1]
        zero = digits[(first == 48) & (data[digits + 1] == 120)]
        for step in (41, 22, 12, 5, 33):
            zero = zero[HEX[data[zero + step]]]
        legacy = digits[((first == 49) | (first == 51)) & ~ALNUM[before]]
        for step in (24, 12, 6, 18, 3, 9):
            legacy = legacy[ALNUM[data[legacy + step]] & (data[legacy + step] != 48)]
        segwit = digits[(first == 49) & (before | 32 == 99) & (data[digits - 2] | 32 == 98)]
        for step in (30, 15, 5):
            segwit = segwit[ALNUM[data[segwit + step]]]
        return np.concatenate([zero, legacy, segwit - 2])

    def lettered(self) -> Places:
        """The first digit of what has the form of an Italian tax code or an Indian tax number: few digits among capitals."""
        data = self.data
        starts, stops, counts = self._runs(self._gaps == 1)
        fours = starts[(counts == 4) & CAPITALS[data[starts - 1]] & CAPITALS[data[stops]]]
        for step in (5, 4, 3, 2):
            fours = fours[CAPITALS[data[fours - step]]]
        twos = starts[(counts == 2) & CAPITALS[data[starts - 1]] & CAPITALS[data[stops]]]
        for step, table in ((3, DIGITS), (4, DIGITS), (5, CAPITALS), (6, DIGITS), (7, DIGITS), (8, DIGITS), (9, CAPITALS), (-6, CAPITALS)):
            twos = twos[table[data[twos + step]]]
        return np.concatenate([fours, twos])

    def ats(self) -> Places:
        places = np.flatnonzero(self.data == 64)
        return places[NAMED[self.data[places - 1]] & HOSTED[self.data[places + 1]]]

    def colons(self) -> Places:
        """Two colons together with hex digits beside them, or seven in a row with at most four bytes between: perhaps an IPv6 address."""
        data, places = self.data, np.flatnonzero(self.data == 58)
        double = places[data[places + 1] == 58]
        double = double[(HEX[data[double - 1]] | ~ALNUM[data[double - 1]]) & (HEX[data[double + 2]] | HEX[data[double - 1]])]
        if len(places) < 7:
            return double
        seven = places[:-6][(places[6:] - places[:-6] <= 30) & (places[6:] - places[:-6] >= 12)]
        return np.concatenate([double, seven[HEX[data[seven - 1]]]])

    def pairs(self) -> Places:
        """Where six pairs with colons or hyphens between begin: perhaps a MAC address."""
        found = []
        for sign in (58, 45):
            places = np.flatnonzero(self.data == sign)
            if len(places) >= 5:
                even = (places[4:] - places[:-4] == 12) & (places[1:-3] - places[:-4] == 3) & (places[2:-2] - places[:-4] == 6)
                found.append(places[:-4][even & (places[3:-1] - places[:-4] == 9)] - 2)
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def _runs(self, joined: Flags) -> tuple[Places, Places, Places]:
        if not len(self.digits):
            return self.digits, self.digits, self.digits
        cuts = np.flatnonzero(~joined)
        firsts, lasts = np.append(0, cuts + 1), np.append(cuts, len(self.digits) - 1)
        return self.digits[firsts], self.digits[lasts] + 1, lasts - firsts + 1
