"""What has no form of its own and is found only beside the words that say what it is: passports, driving licences, dates of birth."""

import re
from collections.abc import Iterator

from .near import Block, Found, Near

BEFORE = 48
TOKEN = re.compile(
    rb"(?<![\w@-])(?:[A-Z]{1,3}[- ]?|[a-z]{1,3})?\d[\d -]{4,14}\d[A-Za-z]{0,2}(?![\w@-])|(?<![\w@-])[A-Za-z]{0,5}\d{5,14}[A-Za-z]{0,3}(?![\w@-])"
)
_SAID = rb"(?!\w)[^\n\d]{0,24}\n?[^\n\d]{0,4}$"
DOCUMENTS = (
    ("passport", re.compile(
            rb"(?i)(?<!\w)(?:passports?|passeport|pasaporte|passaporto|reisepass\w*|paspoort|pass(?:port)?[- ]?(?:no|nr|number))" + _SAID
        )),
    (
        "driver_licence",
        re.compile(
            (
                r"(?i)(?<!\w)(?:driv(?:er|ing)(?:'?s|’s)? ?(?:licen[cs]e|permit)|dl ?(?:#|no|number)|f(?:ü|ue)hrerschein\w*|permis de conduire|"
                r"licencia de conducir|patente di guida|rijbewijs\w*)"
            ).encode()
            + _SAID
        ),
    ),
)  # fmt: skip
CUES = r"pass|reisepass|driv|dl|dl#|f(?:ü|ue)hrerschein|permis|licencia|patente|rijbewijs"  # for RE2

MONTHS = (
    r"(?:jan(?:uary|vier|uar)?|feb(?:ruary|ruar)?|f(?:é|e)v(?:rier)?|m(?:ar(?:ch|s)?|ärz)|apr(?:il)?|avril|ma[iy]|ju(?:ne|ni|in)|ju(?:ly|li|illet)|"
    r"aug(?:ust)?|août|sept?(?:ember)?|septembre|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?|de[cz](?:ember|embre)?|enero|febrero|marzo|abril|mayo|junio|"
    r"julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:1[89]|20)\d\d"
DATE = (
    rf"(?:{_YEAR}[-./](?:0?[1-9]|1[0-2])[-./]{_DAY}|(?:0?[1-9]|[12]\d|3[01])[-./ ](?:0?[1-9]|[12]\d|3[01])[-./ ](?:{_YEAR}|\d\d)|"
    rf"{_DAY}(?:st|nd|rd|th|\.)?(?: of| de)? {MONTHS}\.?,?(?: de)? {_YEAR}|{MONTHS}\.? {_DAY}(?:st|nd|rd|th)?,? {_YEAR})"
)
BORN = (
    r"(?:date[- _]of[- _]birth|birth[- _]?dates?|birth[- _]?days?|d\.?o\.?b\b|born on|geburtsdatum|geburtstag|geboren am|geb\.|"
    r"date de naissance|n(?:é|e)e? le|"
    r"fecha de nacimiento|naci[dó]o? el|data di nascita|nat[oa] il|data de nascimento|geboortedatum|出生日期|生年月日|생년월일)"
)
BIRTH = rf"(?i:(?:\b|_){BORN})"  # for RE2, which takes a column at once
DATE_WITHIN = 96  # bytes behind the line of the words
_BIRTH = re.compile(rf"(?i)(?:(?<![^\W_])|(?<=_)){BORN}[^\n\d]{{0,16}}?\n?[^\n\d]{{0,3}}?(?P<date>{DATE})(?!\d)".encode())


def documents(near: Near) -> Iterator[Found]:
    """Numbers of passports and driving licences."""
    for match in TOKEN.finditer(near.text, max(0, near.start - 6), near.stop + 8):
        if match.start() >= near.stop:
            return
        before = near.text[max(0, match.start() - BEFORE) : match.start()]
        for kind, cue in DOCUMENTS:
            if cue.search(before):
                yield near.found(*match.span(), kind)


def birth_dates(block: Block, start: int, stop: int) -> Iterator[Found]:
    """Dates after words such as `date of birth` in a line, which may stand in the next one."""
    near = block.near(start, stop, 0, DATE_WITHIN)
    for match in _BIRTH.finditer(near.text):
        if match.start() >= near.stop:
            return
        yield near.found(*match.span("date"), "birth_date")
