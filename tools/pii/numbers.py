"""What a cluster of digits is: a card, an IBAN, an identity number, a passport, a phone number, or something that only looks like one."""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from . import checksums, cues, national, phones
from .anchors import Cluster
from .near import Found, Near

BEFORE, AFTER = 64, 48  # bytes that are looked at around a cluster
DATE = (
    rb"(?:[12]\d{3}([-./])%(m)s\1%(d)s|%(d)s([-./])%(m)s\2%(y)s|%(m)s([-./])%(d)s\3%(y)s)"
    % {b"d": rb"(?:0?[1-9]|[12]\d|3[01])", b"m": rb"(?:0?[1-9]|1[0-2])", b"y": rb"(?:[12]\d{3}|\d{2})"}
)  # fmt: skip
# nothing else can be meant by the whole cluster: dates with or without a time, years, decimal numbers, thousands
PLAIN = re.compile(DATE + rb"(?:[ T]\d{1,2})?|[12]\d{3} ?[-/] ?[12]\d{3}|(?!\d{3}\.\d{4}$)\d+\.\d+|(?!\d\d\.\d{3}\.\d{3}$)\d{1,3}(?:\.\d{3}){2,5}")
CARD = re.compile(
    rb"(?<!\w)(?<![\w]-)(?<!\d[.,])(?:\d{12,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|3\d{3}([ -])\d{6}\2\d{4,5})(?!\w|[-.,]\d)"
)
# who issues cards of which length: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro, Mir
ISSUERS = re.compile(
    rb"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|095|6\d|8\d|9\d)\d{11,16}|"
    rb"6(?:011|4[4-9]\d|5\d\d)\d{12,15}|(?:2131|1800)\d{11}|35\d{14,17}|62\d{14,17}|(?:50|5[6-8]|6[0137])\d{10,17}|220[0-4]\d{12,15}"
)
IBAN = re.compile(rb"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?=(?:[ -]?[A-Za-z0-9]){11})")
IBAN_BEFORE = 14
UUID = re.compile(rb"(?i)(?<!\w)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!\w)")
LOOKALIKES = (
    re.compile(rb"(?<!\w)(?<!\d-)\d{3}-\d{2}-\d{4}(?!\w|-\d)"),  # social security number
    re.compile(rb"(?<!\w)97[89][- ]?(?:\d[- ]?){9}\d(?!\w)|\b(?i:isbn)(?:-1[03])?:?\s{0,2}(?:\d[- ]?){9,12}[\dxX](?!\w)"),
    re.compile(rb"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)"),  # section numbers, addresses with leading zeros
    re.compile(rb"(?<!\w)(?<!\d[-./])" + DATE + rb"(?![-./]?\d)"),
)
IN_ADDRESS = re.compile(rb"(?i)(?:(?:https?|ftp)://|www\.|\bdoi:|\b10\.\d{4,}/)[^\s<>\"]*$")
URL_BEFORE, HEARD_BEFORE = 300, 48
# for RE2: words without which no looser phone number, no identity number and no document is found
HEARD = (
    rf"(?i)(?:\b|_)(?:{phones.CUES})|电话|手机|電話|携帯|전화|тел",
    rf"(?i)(?:\b|_)(?:{national.CUES})(?:[^0-9a-z]|$)|주민|תעודת|ת\.ז",
    rf"(?i)(?:\b|_)(?:{cues.CUES})",
)
PLAIN_AROUND = b" \t\r\n,.;:)]}>|=!?\"'"  # beside a run of digits they make it no more than that
LEAST_IBAN, LEAST_CARD, ZERO = 10, 12, 48


def numbers(raw: bytes, clusters: Iterable[Cluster], kinds: frozenset[str], countries: Sequence[str]) -> Iterator[Found]:
    """All that clusters of digits may be."""
    open_ones = [cluster for cluster in clusters if not PLAIN.fullmatch(raw, cluster.start, cluster.stop)]
    around = [
        raw[max(one.first, one.since, one.start - HEARD_BEFORE) : one.start] + b"\n" + raw[one.stop : min(one.last, one.stop + 12)]
        for one in open_ones
    ]
    windows = pa.array(around, pa.binary())
    told = zip(*(pc.match_substring_regex(windows, words).to_pylist() for words in HEARD), strict=True)
    for cluster, is_told in zip(open_ones, told, strict=True):
        if any(is_told) or countries or cluster.digits < cluster.stop - cluster.start or _is_telling(raw, cluster):
            yield from _number(raw, cluster, is_told, kinds, countries)


def _number(raw: bytes, cluster: Cluster, is_told: tuple[bool, ...], kinds: frozenset[str], countries: Sequence[str]) -> Iterator[Found]:
    """What is found first claims its place. `is_told`: words stand beside it as phone numbers, identity numbers, documents have them."""
    start, stop, digits, _, first, last = cluster
    base = max(first, start - BEFORE)
    near = Near(raw[base : min(last, stop + AFTER)], start - base, stop - base, base)
    found = [*(ibans(near) if digits >= LEAST_IBAN else ()), *cards(near, digits), *national.identities(near, digits, is_told[1], kinds)]
    found += [*(cues.documents(near) if is_told[2] else ()), *phones.phones(near, digits, is_told[0])]
    found += phones.of_countries(near, countries) if countries else ()
    if found and not IN_ADDRESS.search(raw[max(first, start - URL_BEFORE) : start]):
        yield from _unclaimed(near, found)


def _is_telling(raw: bytes, cluster: Cluster) -> bool:
    """Whether one run of digits may be something without a word that says so."""
    start, stop, digits, _, first, last = cluster
    around = raw[max(first, start - 1) : start] + raw[stop : min(last, stop + 1)]
    if not around.strip(PLAIN_AROUND):
        return digits in (15, 18) or digits >= LEAST_CARD or (digits in (10, 11) and raw[start] == ZERO)
    return True


def _unclaimed(near: Near, found: list[Found]) -> Iterator[Found]:
    """Nothing stands in a UUID; a phone number neither in a date, an ISBN or a section number."""
    ids = _claims(near, (UUID,))
    others = _claims(near, (UUID, *LOOKALIKES)) if any(span.kind == "phone" for span in found) else ids
    for span in found:
        claims = others if span.kind == "phone" else ids
        place = bisect(claims, (span.stop - 1, span.stop))  # the claims before it begin before the span ends
        if not place or claims[place - 1][1] <= span.start:
            yield span


def _claims(near: Near, patterns: tuple[re.Pattern[bytes], ...]) -> list[tuple[int, int]]:
    """Places that are taken, in order and apart."""
    taken: list[tuple[int, int]] = []
    for start, stop in sorted(match.span() for pattern in patterns for match in pattern.finditer(near.text)):
        start, stop = near.base + start, near.base + stop
        if taken and start < taken[-1][1]:
            taken[-1] = (taken[-1][0], max(taken[-1][1], stop))
        else:
            taken.append((start, stop))
    return taken


def cards(near: Near, digits: int) -> Iterator[Found]:
    if digits < LEAST_CARD:
        return
    for match in CARD.finditer(near.text, near.start, near.stop + 2):
        if match.start() >= near.stop:
            return
        number = match[0].replace(b" ", b"").replace(b"-", b"")
        if ISSUERS.fullmatch(number) and checksums.luhn(number):
            yield near.found(*match.span(), "card")


def ibans(near: Near) -> Iterator[Found]:
    for match in IBAN.finditer(near.text, max(0, near.start - IBAN_BEFORE), near.stop + 34):
        if match.start() >= near.stop:
            return
        length = checksums.IBAN_LENGTHS.get(match[0][:2].upper())
        stop = _iban_stop(near.text, match.start(), length) if length else None
        if stop:
            yield near.found(match.start(), stop, "iban")


def _iban_stop(text: bytes, start: int, length: int) -> int | None:
    """Where the IBAN that begins here ends, if its length and checksum are right."""
    stop, letters = start, b""
    while len(letters) < length and stop < len(text) and (text[stop : stop + 1].isalnum() or text[stop] in b" -"):
        letters += text[stop : stop + 1].strip(b" -")
        stop += 1
    is_whole = len(letters) == length and not text[stop : stop + 1].isalnum()
    return stop if is_whole and checksums.iban(letters) else None
