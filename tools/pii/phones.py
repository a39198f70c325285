"""Phone numbers: written as only they are, or with a word such as `phone` beside them, or valid in a country that is named."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from .near import Found, Near

FURTHER = 14  # bytes behind the digits: an extension, and what must not follow
EXTENSION = rb"(?:\s?(?:x|ext\.?|#)\s?\d{1,5})?"
NOT_BEFORE, NOT_AFTER = rb"(?<![\w+@])(?<!\d[-.,/])(?<![-\s.]\.)(?<!\w-)", rb"(?![\w@=]|[-.,/]\d| ?=)"
CLEAR = re.compile(
    NOT_BEFORE
    + rb"(?:"
    + rb"\+[1-9](?:(?:[ \-/]|\.(?! ))?[()]?[ ]?\d){6,14}"  # +41 (0)96 471 07 95
    + rb"|00[1-9]\d{0,2}(?:[ .-]\d{2,4}){2,4}"  # 001-748-088-2851
    + rb"|(?:1[ .-])?(?:\(\d{3}\)[ ]?|\d{3}[ .-])\d{3}[ .-]\d{4}"  # (760)514-1109
    + rb"|\(0?\d{1,4}\)[ ]?\d{3,4}[ -]\d{3,4}"  # (85) 5986-8343
    + rb"|(?<!\d\d )\d{2}(?P<pair>[-.])\d{2}(?P=pair)\d{2}(?P=pair)\d{2}"  # 50-98-28-96
    + rb"|(?<!\d\d )(?=0(?:[ .-]?\d){8,10}(?![ .-]?\d))0[1-9]\d{0,3}(?:[ .-]\d{2,4}){2,4}"  # 0477 11 28 98
    + rb"|0[1-9]\d{0,3}[ /-]\d{6,8}"  # 06-10446904
    + rb"|0[1-9]\d{8,9}"  # 0612345678
    + rb")"
    + EXTENSION
    + NOT_AFTER
)
LOOSE = re.compile(NOT_BEFORE + rb"(?:\(?\d{1,5}\)?(?:[ .-]\d{2,8}){1,4}|\d{7,12})" + EXTENSION + NOT_AFTER)
_WORDS = (
    r"(?:tele)?phones?(?:[ _]?n(?:umbers?|os?|r))?|tel|cell(?:phone)?|mobile?|handy|(?:tele)?fax|telefon[eo]?|téléphone|portable|móvil|celular|"
    r"cellulare|call(?:s|ed|ing)?|contact|dial|ring|sms|whatsapp|hotline"
)
_PLACES, _VERBS = r"(?:desk|office):|电话|手机|電話|携帯|전화|тел\.?", r"reach|answering|messages?"
CALLED = re.compile(
    (
        rf"(?i)(?<![^\W_])(?:(?:{_WORDS})(?![^\W_])[^\n\d]{{0,20}}|(?:{_VERBS})\b[^\n\d]{{0,14}}\b(?:at|on|to)\b|{_PLACES})"
        r"[^\n\d]{0,3}\n?[^\n\d]{0,3}$"
    ).encode()
)
CUES = f"{_WORDS}|{_VERBS}|{_PLACES}|office|desk"  # for RE2: words without which no looser number is found
CALLED_AFTER = re.compile(rb"(?i)[ \-,(]{0,3}(?:office|fax|mobile|cell|desk|phone|tel)\b")
NO_PHONES = frozenset({b"0123456789", b"1234567890", b"123456789", b"2147483647", b"2147483648", b"4294967295", b"4294967296"})
NO_PHONE_BEFORE = re.compile(
    (r"(?:[$€£¥#]\s?|(?i:\b(?:r|v|rev|version|issue|bug|id|no|nr|isbn|issn|page|pages|pp|rfc|pmid|doi)\b[.:# ]{0,3}))$").encode()
)


def phones(near: Near, digits: int, is_told: bool) -> Iterator[Found]:
    """The longest come first where they overlap."""
    spans = {match.span() for match in CLEAR.finditer(near.text, max(0, near.start - 2), near.stop + FURTHER) if match.start() <= near.stop}
    if is_told:
        spans |= {
            match.span()
            for match in LOOSE.finditer(near.text, max(0, near.start - 1), near.stop + FURTHER)
            if match.start() < near.stop and _is_called(near, *match.span())
        }
    for start, stop in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if near.text[start:stop].lstrip(b"+") in NO_PHONES or not near.text[start:stop].strip(b"01"):
            continue
        if 6 <= sum(48 <= byte < 58 for byte in near.text[start:stop]) <= 20 and not NO_PHONE_BEFORE.search(near.text[max(0, start - 12) : start]):
            yield near.found(start, stop, "phone")


def of_countries(near: Near, countries: Sequence[str]) -> Iterator[Found]:
    """Numbers that are valid in one of the countries, as the library phonenumbers knows them."""
    text = near.text.decode("latin-1")  # one character a byte
    for country in countries:
        for match in _library().PhoneNumberMatcher(text, country):
            yield near.found(match.start, match.end, "phone")


@cache
def _library() -> Any:
    import phonenumbers

    return phonenumbers


def _is_called(near: Near, start: int, stop: int) -> bool:
    text = near.text
    count = sum(48 <= byte < 58 for byte in text[start:stop])
    if not (7 <= count <= 18 or (count == 6 and stop - start == 8)):  # 61 51 81
        return False
    return bool(CALLED_AFTER.match(text, stop) or CALLED.search(text[max(0, start - 48) : start]))
