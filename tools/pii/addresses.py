"""Addresses on the network: e-mail, IP, MAC and web addresses."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address

from .near import Block, Found

DOMAIN = re.compile(r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}(?P<top>[^\W\d_]{2,24})(?![\w-])")
ACCOUNT_BACKWARDS = re.compile(r"[\w+%-][\w.+%-]{0,127}(?:'[\w.+%-]{1,63})?")
FILE_ENDINGS = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "css", "js", "json", "html", "py", "md", "txt", "pdf"})  # icon@2x.png
BEFORE_AT, AFTER_AT = 260, 420
SPELT_AT = r"[\[({<] ?(?:at|AT|@) ?[\])}>]"
URL_BEGINS = r"(?i:https?://|ftp://|www\.)"
_SPELT_AT = re.compile(SPELT_AT.encode())
_SPELT_ACCOUNT = re.compile(rb"[\w.+-]{1,64}\s?$")
_SPELT_HOST = re.compile(rb"\s?[\w-]{1,63}(?:(?:\s?[\[({<]\s?(?:dot|DOT|\.)\s?[\])}>]\s?|\.)[A-Za-z][\w-]{0,62}){1,5}")

OCTET = rb"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
IPV4 = re.compile(rb"(?<![\w.])(?<!\d[-,])" + OCTET + rb"(?:\." + OCTET + rb"){3}(?!\w|\.\w|,\d)")
VERSION = re.compile(
    rb"(?i)(?:\bv(?:er(?:sion)?s?)?|\brelease|\bbuild|\bkernel|\bfirmware|\bsection|\bchapter|\brev(?:ision)?|\boid|\bec|version is|\xc2\xa7)"
    rb"[\s.:#=\"']{0,3}$"
)
NOBODYS = re.compile(rb"127\.|0\.|255\.")  # this machine, any machine, masks of networks
HEADING = re.compile(rb"(?:[12]?\d\.){3}[12]?\d\.?[ \t]+[A-Za-z\x80-\xff]")
LINE_BEGINS = re.compile(rb"(?:^|\n)[ \t#*]*$")
COLONED = re.compile(rb"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}|(?=::))(?::[0-9A-Fa-f]{0,4}){2,8}(?![\w:])")
MAC = re.compile(rb"(?<![\w:-])[0-9A-Fa-f]{2}(?:(?P<sign>[:-])[0-9A-Fa-f]{2})(?:(?P=sign)[0-9A-Fa-f]{2}){4}(?![\w:]|-\w)")
URL = re.compile(rb"(?i)(?<!\w)(?:https?://|ftp://|www\.)[^\s<>\"'`\x80-\xff]{2,2048}")


def emails(block: Block, at: int) -> Iterator[Found]:
    near = block.near(at, at + 1, BEFORE_AT, AFTER_AT)
    match = DOMAIN.match(near.text[near.start :].decode("utf-8", "ignore"))
    if match is None or match["top"].lower() in FILE_ENDINGS:
        return
    before = near.text[: near.start].decode("utf-8", "ignore")
    account = ACCOUNT_BACKWARDS.match(before[::-1])
    if account:
        size = len(account.group().rstrip(".")[::-1].encode())
        yield near.found(near.start - size, near.start + len(match.group().encode()), "email")


def spelt_emails(block: Block, start: int, stop: int) -> Iterator[Found]:
    """`ann (at) example (dot) org` in a line."""
    near = block.near(start, stop, 0, 0)
    for at in _SPELT_AT.finditer(near.text):
        account = _SPELT_ACCOUNT.search(near.text, max(0, at.start() - 65), at.start())
        host = _SPELT_HOST.match(near.text, at.end())
        if account and host:
            yield near.found(account.start(), host.end(), "email")


def ipv4(block: Block, start: int) -> Iterator[Found]:
    """Left alone: versions, section numbers such as 1.2.3.4 or 10.2.1.4 before a heading, this machine and masks."""
    near = block.near(start, start + 1, 40, 24)
    match = IPV4.match(near.text, near.start)
    if match is None or len(match[0]) <= len("1.2.3.4") or NOBODYS.match(match[0]) or VERSION.search(near.text[: near.start]):
        return
    if not (HEADING.match(near.text, near.start) and LINE_BEGINS.search(near.text[: near.start])):
        yield near.found(*match.span(), "ip")


def ipv6(block: Block, colon: int) -> Iterator[Found]:
    near = block.near(colon, colon + 1, 44, 44)
    for match in COLONED.finditer(near.text):
        if match.start() > near.start:
            return
        if match.end() > near.start and _is_ipv6(match[0].decode()):
            yield near.found(*match.span(), "ip")


def macs(block: Block, start: int) -> Iterator[Found]:
    near = block.near(start, start + 17, 2, 2)
    match = MAC.match(near.text, near.start)
    if match and len(set(match[0])) > 2:  # 00:00:00:00:00:00 is nobody's
        yield near.found(*match.span(), "mac")


def urls(block: Block, start: int, stop: int) -> Iterator[Found]:
    """Web addresses in a line."""
    near = block.near(start, stop, 0, 0)
    for match in URL.finditer(near.text):
        yield near.found(match.start(), match.start() + len(match[0].rstrip(b".,;:!?)]}*_")), "url")


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
