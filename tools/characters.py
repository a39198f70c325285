"""Classes of characters, as measures and the scan use them, and the same as classes of regular expressions."""

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

SPACE, LETTER, DIGIT, UPPER, PUNCTUATION, IDEOGRAPH, EMOJI, UNSEEN = 1, 2, 4, 8, 16, 32, 64, 128
FOLDS = UNSEEN  # in whole tables, where nothing is unseen: case folding changes the character
REPLACEMENT = "\ufffd"  # what decoders put in place of bytes that they could not read
# Han, Hiragana, Katakana: scripts written without spaces, in which each character counts as a word
IDEOGRAPHS = (
    (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B), (0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA),
    (0x30FC, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9D), (0x1AFF0, 0x1B16F),
    (0x20000, 0x323AF),
)  # fmt: skip
# the pictures among the symbols; not the arrows, digits and marks that only U+FE0F makes into one
EMOJIS = (
    (0x231A, 0x231B), (0x2328, 0x2328), (0x23CF, 0x23CF), (0x23E9, 0x23F3), (0x23F8, 0x23FA), (0x25FD, 0x25FE), (0x2600, 0x2604),
    (0x260E, 0x260E), (0x2611, 0x2611), (0x2614, 0x2615), (0x2618, 0x2618), (0x261D, 0x261D), (0x2620, 0x2620), (0x2622, 0x2623),
    (0x2626, 0x2626), (0x262A, 0x262A), (0x262E, 0x262F), (0x2638, 0x263A), (0x2640, 0x2640), (0x2642, 0x2642), (0x2648, 0x2653),
    (0x265F, 0x2660), (0x2663, 0x2663), (0x2665, 0x2666), (0x2668, 0x2668), (0x267B, 0x267B), (0x267E, 0x267F), (0x2692, 0x2697),
    (0x2699, 0x2699), (0x269B, 0x269C), (0x26A0, 0x26A1), (0x26A7, 0x26A7), (0x26AA, 0x26AB), (0x26B0, 0x26B1), (0x26BD, 0x26BE),
    (0x26C4, 0x26C5), (0x26C8, 0x26C8), (0x26CE, 0x26CF), (0x26D1, 0x26D1), (0x26D3, 0x26D4), (0x26E9, 0x26EA), (0x26F0, 0x26F5),
    (0x26F7, 0x26FA), (0x26FD, 0x26FD), (0x2702, 0x2702), (0x2705, 0x2705), (0x2708, 0x270D), (0x270F, 0x270F), (0x2712, 0x2712),
    (0x2714, 0x2714), (0x2716, 0x2716), (0x271D, 0x271D), (0x2721, 0x2721), (0x2728, 0x2728), (0x2733, 0x2734), (0x2744, 0x2744),
    (0x2747, 0x2747), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757), (0x2763, 0x2764), (0x2795, 0x2797),
    (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x1F004, 0x1F004), (0x1F0CF, 0x1F0CF),
    (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F1E6, 0x1F1FF), (0x1F201, 0x1F202), (0x1F21A, 0x1F21A), (0x1F22F, 0x1F22F),
    (0x1F232, 0x1F23A), (0x1F250, 0x1F251), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F7E0, 0x1F7EB), (0x1F7F0, 0x1F7F0),
    (0x1F90C, 0x1F9FF), (0x1FA70, 0x1FAFF),
)  # fmt: skip
# what ends a sentence: within a text with white space behind it, or by itself in Chinese and Japanese; at the end of a line; and what may follow
STOPS, CLOSERS = ".!?…", "\"'”’»)]"
WIDE_STOPS, WIDE_CLOSERS = "。！？", "”’」』）"
LINE_STOPS, LINE_CLOSERS, LINE_QUOTES = ".!?…。！？｡؟۔।॥։።", "\"'”’»)]」』", '"”»」』'
SPACE_CLASS = r"[\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"  # str.isspace

Classes = npt.NDArray[np.uint8]
_CLASS_OF = np.full(0x110000, UNSEEN, np.uint8)  # filled for characters as they are met: asking Unicode for all takes 0.3 s


def classify(text: npt.NDArray[np.uint8]) -> Classes:
    """The classes of each character of UTF-8 bytes."""
    is_ascii = not len(text) or int(text.max()) < 128
    codes = text if is_ascii else np.frombuffer(text.tobytes().decode().encode("utf-32-le"), np.uint32)
    classes = _CLASS_OF[codes]
    unseen = classes == UNSEEN
    if unseen.any():
        for code in np.unique(codes[unseen]).tolist():
            _CLASS_OF[code] = class_of(code)
        classes = _CLASS_OF[codes]
    return classes


def class_of(code: int) -> int:
    character = chr(code)
    found = SPACE if character.isspace() else 0
    found |= _OF_CATEGORY.get(unicodedata.category(character), 0)
    found |= IDEOGRAPH if _lies_in(code, IDEOGRAPHS) else 0
    return found | (EMOJI if _lies_in(code, EMOJIS) else 0)


@dataclass(frozen=True)
class Tables:
    """The classes of all characters; those that case folding changes, ascending; the bytes it makes of each, and where these begin.

    `roles`, up to U+FFFF: in which of STOPS and those below it a character is, by powers of two.
    """

    classes: Classes
    roles: Classes
    folding: npt.NDArray[np.int32]
    begins: npt.NDArray[np.int32]
    folded: npt.NDArray[np.uint8]


@cache
def tables() -> Tables:
    """For kernels, which cannot ask Unicode. Made in some 30 ms, since only characters whose class varies are looked at one by one."""
    classes = np.zeros(0x110000, np.uint8)
    for low, high in _LETTERS:
        classes[low : high + 1] = LETTER
    folding: list[int] = []
    for low, high in _VARIED:
        categories = [unicodedata.category(chr(code)) for code in range(low, high)]
        classes[low:high] = [_OF_CATEGORY.get(category, 0) for category in categories]
        folding += [low + n for n, category in enumerate(categories) if category in _CASED and chr(low + n).casefold() != chr(low + n)]
    classes[[code for code in range(0x3001) if chr(code).isspace()]] |= SPACE
    for mark, ranges in ((IDEOGRAPH, IDEOGRAPHS), (EMOJI, EMOJIS)):
        for low, high in ranges:
            classes[low : high + 1] |= mark
    classes[folding] |= FOLDS
    pieces = [chr(code).casefold().encode() for code in folding]
    begins = np.cumsum([0, *(len(piece) for piece in pieces)], dtype=np.int32)
    roles = np.zeros(0x10000, np.uint8)
    for place, held in enumerate((STOPS, CLOSERS, WIDE_STOPS, WIDE_CLOSERS, LINE_STOPS, LINE_CLOSERS, LINE_QUOTES)):
        roles[[ord(character) for character in held]] |= 1 << place
    return Tables(classes, roles, np.array(folding, np.int32), begins, np.frombuffer(b"".join(pieces), np.uint8))


_OF_CATEGORY = {
    **dict.fromkeys(("Lu", "Ll", "Lt", "Lm", "Lo"), LETTER),
    **dict.fromkeys(("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So"), PUNCTUATION),
    "Lu": LETTER | UPPER,
    "Nd": DIGIT,
}
_CASED = {"Lu", "Ll", "Lt", "Nl", "So", "Mn"}  # what case folding can change
_VARIED = ((0, 0x3400), (0x4DC0, 0x4E00), (0xA000, 0xAC00), (0xD7A4, 0xD800), (0xF900, 0x32400))
_LETTERS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3))


def _lies_in(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)
