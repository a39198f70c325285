"""Masking finds personal data and leaves alone what only looks like it."""

from functools import cache

import pyarrow as pa
import pytest
from pydantic import ValidationError
from real_data import rows

from tools.pii import FAMILIES, kinds_of, spans_of
from tools.rewrites.mask_pii import MaskPii

TYPES = {"email": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER", "ip": "IP_ADDRESS", "card": "CREDIT_CARD", "iban": "IBAN_CODE"}
TYPES |= {"us_ssn": "US_SSN", "driver_licence": "US_DRIVER_LICENSE", "url": "DOMAIN_NAME"}


def masked(text, **params):
    return MaskPii(**params).rewrite(pa.record_batch({"text": [text]}), None)["text"][0].as_py()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ann.lee+news@mail.example.co.uk.", "[EMAIL]."),
        ("<ann@example.org>, 'bob@example.org' and o'neil@example.org", "<[EMAIL]>, '[EMAIL]' and [EMAIL]"),
        ("jürgen@müller.de und 李雷@例子.中国", "[EMAIL] und [EMAIL]"),
        ("10.0.0.12:8080, 192.168.255.254/24", "[IP]:8080, [IP]/24"),
        ("fe80::1 and 2001:db8:85a3::8a2e:370:7334, 4f8a:c99e:dc86:faf9:5988:5f63:375e:8a2a", "[IP] and [IP], [IP]"),
        ("4111111111111111 4111-1111-1111-1111 3782 822463 10005", "[CARD] [CARD] [CARD]"),
        ("DE89 3704 0044 0532 0130 00 that, gb82west12345698765432", "[IBAN] that, [IBAN]"),
        ("+49 (0)30 901820, 001-748-088-2851x818", "[PHONE], [PHONE]"),
        ("(555) 123-4567, 555-123-4567, 555.123.4567 ext. 12", "[PHONE], [PHONE], [PHONE]"),
        ("0612345678, 0477 11 28 98, 030/1234567, 03.93.92.16.85", "[PHONE], [PHONE], [PHONE], [PHONE]"),
        ("Call me at 555 1234 or mobile: 781 5991", "Call me at [PHONE] or mobile: [PHONE]"),
        ("Tel\n2813882583", "Tel\n[PHONE]"),
    ],
)
def test_personal_data_are_masked(text, wanted):
    assert masked(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "version 1.22.333.44, v2.10.3.41, kernel 2.6.18.16, section 1.2.3.4",
        "2024-05-06 12:30:45, 06.05.2024, 5/6/24, 1990-1995",
        "d41d8cd98f00b204e9800998ecf8427e 550e8400-e29b-41d4-a716-446655440000 0x1234567890",
        "ISBN 978-3-16-148410-0, ISBN 0-306-40615-2, 9783161484100",
        "$1,234,567.89, € 123-456-7890, 12 345 678 people, 1 000 000",
        "4111111111111112, 1234567890123456, 5555 5555 5555 5555",
        "GB82 WEST 1234 5698 7654 33, AB12 3456 7890 1234",
        "icon@2x.png, user@localhost, @name, react@18.2.0, a @ b.com",
        "std::vector<a::b> 12:30:45 ::1 00:00:00:00:00:00 256.1.1.1",
        "https://example.org/item/555-123-4567?id=0612345678",
        "123-456-789 and 12345-6789 and 2262::",
        "The answer was 1800-400, so we reached 1234567 points.",
    ],
)
def test_lookalikes_stay(text):
    assert masked(text) == text


def test_only_the_types_asked_for_are_masked():
    text = "a@b.org 10.0.0.12 4111111111111111"
    assert masked(text, types=("ip",)) == "a@b.org [IP] 4111111111111111"
    assert masked(text, types=("phone",)) == text
    with pytest.raises(ValidationError):
        MaskPii(types=("name",))
    with pytest.raises(ValidationError):
        MaskPii(types=())


def test_the_placeholder_is_taken_as_it_stands():
    assert masked("a@b.org", placeholder="{type}{0}\\1{type.x}") == "EMAIL{0}\\1{type.x}"
    assert masked("a@b.org", placeholder="") == ""


def test_masking_twice_changes_nothing():
    once = masked("call +1-203-305-2492 or a@b.org from 10.0.0.12")
    assert masked(once) == once


@cache
def labelled():
    held = [*rows("pii/presidio_generated_large.jsonl.zst"), *rows("pii/presidio_synth_v2.jsonl.zst")]
    spans = [set() for _ in held]
    for row, start, stop, kind in spans_of(pa.array([row["full_text"] for row in held]), kinds_of(FAMILIES)):
        raw = held[row]["full_text"].encode()
        spans[row].add((len(raw[:start].decode()), len(raw[:stop].decode()), kind))
    return held, spans


@pytest.mark.parametrize(
    ("kind", "precision", "recall"),
    [
        ("email", 0.99, 0.99),
        ("ip", 0.99, 0.99),
        ("card", 0.99, 0.98),
        ("iban", 0.99, 0.99),
        ("phone", 0.99, 0.98),
        ("us_ssn", 0.99, 0.99),
        ("driver_licence", 0.99, 0.99),
        ("url", 0.99, 0.99),
    ],
)
def test_precision_and_recall_on_labelled_sentences(kind, precision, recall):
    right = found = wanted = 0
    for row, spans in zip(*labelled(), strict=True):
        gold = {(span["start_position"], span["end_position"]) for span in row["spans"] if span["entity_type"] == TYPES[kind]}
        got = {(start, stop) for start, stop, name in spans if name == kind}
        right, found, wanted = right + len(gold & got), found + len(got), wanted + len(gold)
    assert right >= precision * found
    assert right >= recall * wanted
