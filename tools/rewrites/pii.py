"""Where personal data stand in a text: e-mail addresses, IBANs, IP addresses, card and phone numbers.

Each kind is looked for only beside what gives it away (an `@`, a run of digits), by bounded patterns: the search takes time
linear in the text. What looks like one kind and is another (a date, a key, a web address) is claimed by its own pattern first.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from ipaddress import AddressValueError, IPv6Address

Span = tuple[int, int]
Finder = Callable[[str], Iterable[Span]]

DOMAIN = re.compile(r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}(?P<top>[^\W\d_]{2,24})(?![\w-])")
ACCOUNT_BACKWARDS = re.compile(r"[\w+%-][\w.+%-]{0,127}(?:'[\w.+%-]{1,63})?")
FILE_ENDINGS = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "css", "js", "json", "html", "py", "md", "txt", "pdf"})  # icon@2x.png

OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
DOTTED = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]")
IPV4 = re.compile(rf"(?<![\w.])(?<!\d[-,]){OCTET}(?:\.{OCTET}){{3}}(?!\w|\.\w|,\d)", re.ASCII)
VERSION = re.compile(r"(?i)(?:\bv(?:er(?:sion)?)?|\brelease|\bbuild|\bkernel|\bfirmware|\bsection|\bchapter|\bclause|§)[\s.:#=]{0,3}$")
COLONS = re.compile(r":[0-9A-Fa-f:]{2,38}")
BEFORE_COLONS = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{1,4}$", re.ASCII)

LENGTHS = """AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22
    GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27
    MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"""
IBAN_LENGTHS = {pair[:2]: int(pair[2:]) for pair in LENGTHS.split()}
IBAN_DIGITS = re.compile(r"[0-9]{2}(?=(?:[ -]?[A-Za-z0-9]){11})")

DIGITS = re.compile(r"[0-9+(][0-9 ().\-/+]{5,}")
CARD = re.compile(
    r"(?<!\w)(?<![\w]-)(?<!\d[.,])(?:\d{12,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|3\d{3}([ -])\d{6}\2\d{4,5})(?!\w|[-.,]\d)", re.ASCII
)
# who issues cards of which length: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro, Mir
ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|095|6\d|8\d|9\d)\d{11,16}|"
    r"6(?:011|4[4-9]\d|5\d\d)\d{12,15}|(?:2131|1800)\d{11}|35\d{14,17}|62\d{14,17}|(?:50|5[6-8]|6[0137])\d{10,17}|220[0-4]\d{12,15}"
)

DAY, MONTH, YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:[12]\d{3}|\d{2})"
LOOKALIKES = (
    re.compile(r"(?i)(?:https?|ftp)://[^\s<>\"]{1,2048}|www\.[^\s<>\"]{1,2048}"),
    re.compile(r"(?i)(?<!\w)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!\w)"),  # UUID
    re.compile(r"(?<!\w)(?<!\d-)\d{3}-\d{2}-\d{4}(?!\w|-\d)", re.ASCII),  # social security number
    re.compile(r"(?<!\w)97[89][- ]?(?:\d[- ]?){9}\d(?!\w)|\b(?i:isbn)(?:-1[03])?:?\s{0,2}(?:\d[- ]?){9,12}[\dxX](?!\w)", re.ASCII),
    re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)", re.ASCII),  # section numbers, addresses with leading zeros
    re.compile(
        rf"(?<!\w)(?<!\d[-./])(?:[12]\d{{3}}([-./]){MONTH}\1{DAY}|{DAY}([-./]){MONTH}\2{YEAR}|{MONTH}([-./]){DAY}\3{YEAR})(?![-./]?\d)", re.ASCII
    ),
)

EXTENSION = r"(?:\s?(?:x|ext\.?|#)\s?\d{1,5})?"
NOT_BEFORE, NOT_AFTER = r"(?<![\w+])(?<!\d[-.,/])", r"(?!\w|[-.,/]\d)"
PHONE = re.compile(
    NOT_BEFORE
    + r"(?:"
    + r"\+\d(?:[ .\-/]?[()]?[ ]?\d){6,14}"  # +41 (0)96 471 07 95
    + r"|00[1-9]\d{0,2}(?:[ .-]\d{2,4}){2,4}"  # 001-748-088-2851
    + r"|(?:1[ .-])?(?:\(\d{3}\)[ ]?|\d{3}[ .-])\d{3}[ .-]\d{4}"  # (760)514-1109
    + r"|\(0?\d{1,4}\)[ ]?\d{3,4}[ -]\d{3,4}"  # (85) 5986-8343
    + r"|\d{2}(?P<pair>[-.])\d{2}(?P=pair)\d{2}(?P=pair)\d{2}"  # 50-98-28-96
    + r"|(?=0(?:[ .-]?\d){8,10}(?![.-]?\d))0[1-9]\d{0,3}(?:[ .-]\d{2,4}){2,4}"  # 0477 11 28 98
    + r"|0[1-9]\d{0,3}[ /-]\d{6,8}"  # 06-10446904
    + r"|0[1-9]\d{8,9}"  # 0612345678
    + r")"
    + EXTENSION
    + NOT_AFTER,
    re.ASCII,
)
MAYBE_PHONE = re.compile(rf"{NOT_BEFORE}(?:\d{{2,5}}(?:[ .-]\d{{2,8}}){{1,4}}|\d{{7,12}}){EXTENSION}{NOT_AFTER}", re.ASCII)
CALLED = re.compile(
    r"(?i)\b(?:(?:(?:tele)?phones?|tel|cell(?:phone)?|mobile?|handy|(?:tele)?fax|telefon[eo]?|téléphone|portable|móvil|celular|cellulare|call(?:s|ed|ing)?"
    r"|contact|dial|ring|sms|whatsapp|hotline)\b[^\n\d]{0,20}|(?:reach|answering|messages?)\b[^\n\d]{0,14}\b(?:at|on|to)\b|(?:desk|office):)"
    r"[^\n\d]{0,3}\n?[^\n\d]{0,3}$"
)
CALLED_AFTER = re.compile(r"(?i)[ \-,(]{0,3}(?:office|fax|mobile|cell|desk|phone|tel)\b")
MONEY_BEFORE = re.compile(r"[$€£¥#]\s?$")


def emails(text: str) -> Iterator[Span]:
    for match in DOMAIN.finditer(text):
        account = ACCOUNT_BACKWARDS.match(text[max(0, match.start() - 200) : match.start()][::-1])
        if account and match["top"].lower() not in FILE_ENDINGS:
            yield match.start() - len(account.group().rstrip(".")), match.end()


def ips(text: str) -> Iterator[Span]:
    """IPv4 and IPv6 addresses. Left alone: versions, section numbers such as 1.2.3.4, and `::1`."""
    for dotted in DOTTED.finditer(text):
        match = IPV4.match(text, dotted.start())
        if match and len(match.group()) > len("1.2.3.4") and not VERSION.search(text[max(0, match.start() - 16) : match.start()]):
            yield match.span()
    for colons in COLONS.finditer(text):
        before = BEFORE_COLONS.search(text[max(0, colons.start() - 5) : colons.start()])
        start = colons.start() - (len(before.group()) if before else 0)
        if before and not text[colons.end() : colons.end() + 1].isalnum() and _is_ipv6(text[start : colons.end()]):
            yield start, colons.end()


def ibans(text: str) -> Iterator[Span]:
    for digits in IBAN_DIGITS.finditer(text):
        start = digits.start() - 2
        if start >= 0 and text[start : start + 2].upper() in IBAN_LENGTHS and not text[max(0, start - 1) : start].isalnum():
            stop = _iban_stop(text, start)
            if stop:
                yield start, stop


def cards(text: str) -> Iterator[Span]:
    return (span for span in _among_digits(text, CARD) if _is_card(text[slice(*span)]))


def phones(text: str) -> list[Span]:
    """Numbers written as only phone numbers are, and looser ones where a word beside them says so. The longest come first."""
    clear = [span for span in _among_digits(text, PHONE) if 7 <= _digits(text[slice(*span)]) <= 20]
    called = [span for span in _among_digits(text, MAYBE_PHONE) if _is_phone_long(text[slice(*span)]) and _is_called(text, *span)]
    unpriced = [(start, stop) for start, stop in clear + called if not MONEY_BEFORE.search(text[max(0, start - 2) : start])]
    return sorted(unpriced, key=lambda span: (span[0] - span[1], span))


def find(text: str, types: frozenset[str]) -> list[tuple[int, int, str]]:
    """All personal data of these types in a text, in order, none inside another."""
    # found last, so that the claims of the others are only made where there may be one
    phone_spans = phones(text) if "phone" in types else []
    needed = types | frozenset(EXACT if phone_spans else {"iban"} if "card" in types else ())
    claims: list[tuple[Iterable[Span], str]] = [(finder(text), name) for name, finder in EXACT.items() if name in needed]
    if phone_spans:
        claims += [((match.span() for match in pattern.finditer(text)), "") for pattern in LOOKALIKES]
    found: list[tuple[int, int, str]] = []
    claimed = bytearray(len(text))
    for spans, name in [*claims, (phone_spans, "phone")]:
        for start, stop in spans:
            if not any(claimed[start:stop]):
                claimed[start:stop] = b"\x01" * (stop - start)
                found.append((start, stop, name))
    return sorted(span for span in found if span[2] in types)


EXACT: dict[str, Finder] = {"email": emails, "iban": ibans, "ip": ips, "card": cards}


def _among_digits(text: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    for digits in DIGITS.finditer(text):
        # a little further, for extensions and for what must not follow
        for match in pattern.finditer(text, digits.start(), digits.end() + 20):
            if match.start() < digits.end():
                yield match.span()


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


def _is_phone_long(text: str) -> bool:
    count = _digits(text)
    return 7 <= count <= 18 or (count == 6 and len(text) == 8)  # 61 51 81


def _is_called(text: str, start: int, stop: int) -> bool:
    return bool(CALLED_AFTER.match(text, stop) or CALLED.search(text[max(0, start - 40) : start]))


def _is_ipv6(text: str) -> bool:
    groups = [group for group in text.split(":") if group]
    # a::b is code, 12:: is a list
    if "::" in text and (len(groups) < 2 or len(groups[0]) < 3 or text.isalpha()):
        return False
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def _iban_stop(text: str, start: int) -> int | None:
    """Where the IBAN that begins here ends, if its length and checksum are right."""
    length = IBAN_LENGTHS[text[start : start + 2].upper()]
    stop, letters = start, ""
    while len(letters) < length and stop < len(text) and (text[stop].isalnum() or text[stop] in " -"):
        letters += text[stop] if text[stop].isalnum() else ""
        stop += 1
    is_whole = len(letters) == length and letters.isascii() and not text[stop : stop + 1].isalnum()
    if not is_whole:
        return None
    number = "".join(str(int(letter, 36)) for letter in letters[4:] + letters[:4])
    return stop if int(number) % 97 == 1 else None


def _is_card(text: str) -> bool:
    number = text.replace(" ", "").replace("-", "")
    if not ISSUERS.fullmatch(number):
        return False
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2]]
    return (sum(doubled) + sum(int(digit) for digit in number[-1::-2])) % 10 == 0
