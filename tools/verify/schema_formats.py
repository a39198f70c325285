"""The formats of JSON schema, each as a test of a text. Those that are not here say nothing, as the standard has it."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import date, time
from uuid import UUID

LONGEST = 2000  # characters: nothing of a format is longer

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"(\d{2}:\d{2}:)(\d{2})(\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)")
_DURATION = re.compile(r"P(?!$)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)")
_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*@(?P<host>[^\s@]+)")
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*")
_REFERENCE = re.compile(r"[^\s<>\"{}|\\^`]*")
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def _is_date(text: str) -> bool:
    return bool(_DATE.fullmatch(text)) and _made(date.fromisoformat, text)


def _is_time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    seconds = "59" if found and found[2] == "60" else found[2] if found else ""  # a leap second
    return bool(found) and _made(time.fromisoformat, f"{found[1]}{seconds}" if found else "")


def _is_moment(text: str) -> bool:
    return len(text) > 11 and text[10] in "Tt " and _is_date(text[:10]) and _is_time(text[11:])


def _is_email(text: str) -> bool:
    found = _EMAIL.fullmatch(text)
    return bool(found) and bool(_HOST.fullmatch(found["host"]) if found else False)


def _made(make: Callable[[str], object], text: str) -> bool:
    try:
        make(text)
    except ValueError:
        return False
    return True


def _short(test: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: len(text) <= LONGEST and test(text)


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "date": _short(_is_date),
    "time": _short(_is_time),
    "date-time": _short(_is_moment),
    "duration": _short(lambda text: bool(_DURATION.fullmatch(text))),
    "email": _short(_is_email),
    "hostname": _short(lambda text: len(text) <= 253 and bool(_HOST.fullmatch(text))),
    "ipv4": _short(lambda text: _made(ipaddress.IPv4Address, text)),
    "ipv6": _short(lambda text: "%" not in text and _made(ipaddress.IPv6Address, text)),
    "uri": _short(lambda text: bool(_URI.fullmatch(text))),
    "uri-reference": _short(lambda text: bool(_REFERENCE.fullmatch(text))),
    "json-pointer": _short(lambda text: bool(_POINTER.fullmatch(text))),
    "uuid": _short(lambda text: bool(_UUID.fullmatch(text)) and _made(UUID, text)),
    "regex": _short(lambda text: _made(re.compile, text) if len(text) <= 200 else True),
}
