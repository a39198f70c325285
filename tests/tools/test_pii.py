"""Every kind of personal data and secret is found where it stands, and nothing else is, however texts are cut into batches."""

import random
from itertools import islice

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from real_data import rows

from benchmarks.pii_cases import cases, said
from tools.measures.pii_count import PiiCount
from tools.pii import FAMILIES, KINDS, found_in, kinds, kinds_of, spans_of
from tools.rewrites.mask_pii import MaskPii

EVERY = kinds_of(FAMILIES)
DEFAULT = kinds_of(KINDS)


def found(text, wanted=DEFAULT, countries=()):
    return [(text[start:stop], kind) for start, stop, kind in found_in(text, wanted, countries)]


def masked(text, **params):
    return MaskPii(**params).rewrite(pa.record_batch({"text": [text]}), None)["text"][0].as_py()


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("My SSN: 123456789", "123456789", "us_ssn"),
        ("he gave us 536-90-4399, as asked", "536-90-4399", "us_ssn"),
        ("QQ 12 34 56 C is none, AB 12 34 56 C is", "AB 12 34 56 C", "uk_nino"),
        ("NHS number 943 476 5919", "943 476 5919", "uk_nhs"),
        ("Steuer-ID: 36 574 261 809", "36 574 261 809", "de_tax_id"),
        ("295109912611193 est son NIR", "295109912611193", "fr_nir"),
        ("DNI 54362315K", "54362315K", "es_dni"),
        ("NIF: 54.362.315-K", "54.362.315-K", "es_dni"),
        ("RCCMNL83S18D969H", "RCCMNL83S18D969H", "it_codice_fiscale"),
        ("BSN: 1112.22.333", "1112.22.333", "nl_bsn"),
        ("CPF 390.533.447-05", "390.533.447-05", "br_cpf"),
        ("PAN: ACUPA7085R", "ACUPA7085R", "in_pan"),
        ("BOXW310820HNERXN09", "BOXW310820HNERXN09", "mx_curp"),
        ("fødselsnummer 151086 95088", "151086 95088", "no_fodselsnummer"),
        ("rodné číslo: 710319/2745", "710319/2745", "cz_rc"),
        ("passport number is X1234567", "X1234567", "passport"),
        ("My driver's license number is 281211981", "281211981", "driver_licence"),
        ('{"date_of_birth": "1990-01-31"}', "1990-01-31", "birth_date"),
        ("Geboren am 3. März 1981 in Ulm", "3. März 1981", "birth_date"),
        ("pay 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 now", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "wallet"),
        ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "wallet"),
        ("eth0 00:1A:2b:3C:4D:5E up", "00:1A:2b:3C:4D:5E", "mac"),
        ("write to ann (at) example (dot) org today", "ann (at) example (dot) org", "email"),
        ("postgres://joe:s3cr3t@db:5432/x", "joe:s3cr3t", "secret"),
        ("password: 'hunter2!'", "hunter2!", "secret"),
        ("Authorization: Bearer 3f8aB2kQ9wLmZx7Rt5Yp1Nc4", "3f8aB2kQ9wLmZx7Rt5Yp1Nc4", "secret"),
        ("phone_number = 555 1234", "555 1234", "phone"),
    ],
)
def test_each_kind_is_found_where_it_stands(text, value, kind):
    assert found(text) == [(value, kind)]


def test_a_private_key_goes_as_a_whole():
    key = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA7bq0\n" * 30 + "-----END RSA PRIVATE KEY-----"
    assert found(f"before\n{key}\nafter") == [(key, "secret")]
    assert found("before\n-----BEGIN PUBLIC KEY-----\nMIIEpAIBAAKCAQEA7bq0\n-----END PUBLIC KEY-----") == []


@pytest.mark.parametrize(
    "text",
    [
        "order 123456789, 9434765919 and 36574261809",  # identity numbers, but nothing says so
        "536-90-4399-1 and 1-536-90-4399, 000-12-3456, 666-12-3456",
        "390.533.447-06 RCCMNL83S18D969A 295109912611194",  # wrong checksums
        "the party was born on a whim in 1990; 1990-01-31 was a Wednesday",
        "127.0.0.1, 0.0.0.0, 255.255.255.0",
        "10.2.1.4 The load is carried\n\n   10.2.2.1 Die Lage",
        "PublicKeyToken=31bf3856ad364e35, password = getpass(), token: str = None, api_key=${API_KEY}",
        "if password == user.password: return token",
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3 0x0000000000000000000000000000000000000001",
        "user@[example], a@b, @decorator.call, git@github",
        "0123456789 1234567890 0101011000 2147483647",
        "sk-loading-indicator-container-wrapper",
    ],
)
def test_what_only_looks_like_it_stays(text):
    assert found(text) == []


@pytest.mark.parametrize("seed", [11, 12])
def test_made_up_texts_give_exactly_their_values(seed):
    for case in [*cases(150, seed), *said(50, seed)]:
        assert found_in(case.text, DEFAULT) == list(case.spans), case.text


def test_neither_order_nor_cut_of_texts_matters():
    texts = [case.text for case in cases(100, 21)]
    texts += [
        text[:1500] for path in ("logs/loghub_2k", "raw_text/standards_python") for row in islice(rows(f"{path}.jsonl.zst"), 50) if (text := str(row))
    ]
    texts += ["12", "3456", "a@b", ".org", "AKIA", "", "password=", "'hunter2!'", "1", "536-90-4399", "x" * 20 + "7"]
    random.Random(5).shuffle(texts)
    alone = [(row, *span[1:]) for row, text in enumerate(texts) for span in spans_of(pa.array([text]), EVERY)]
    array = pa.array(["before", None, *texts, None])
    assert [(row - 2, *rest) for row, *rest in spans_of(array, EVERY)] == alone
    assert list(spans_of(array.slice(2, len(texts)), EVERY)) == alone


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="0123456789 -.+()/:@abcfXAKé\n=\"'", max_size=60), max_size=5))
def test_any_neighbour_leaves_what_is_found_in_a_text(texts):
    together = list(spans_of(pa.array(texts, pa.string()), EVERY))
    alone = [(row, *span[1:]) for row, text in enumerate(texts) for span in spans_of(pa.array([text]), EVERY)]
    assert together == alone


def test_the_same_value_has_the_same_number_in_a_text():
    assert masked("a@b.org, c@d.org, A@B.org, +1 203 305 2492, +1-203-305-2492", placeholder="<{type}-{number}>") == (
        "<EMAIL-1>, <EMAIL-2>, <EMAIL-1>, <PHONE-1>, <PHONE-1>"
    )


def test_a_code_is_the_same_in_all_texts_and_another_with_another_key():
    one, other = masked("a@b.org", placeholder="{code}"), masked("x A@b.org", placeholder="{code}")
    assert other == f"x {one}"
    assert masked("a@b.org", placeholder="{code}", key="k") != one


def test_a_value_of_like_form_has_the_form_and_not_the_value():
    text = masked("ann@example.org, (555) 123-4567, 4111 1111 1111 1111, 10.1.2.3", keep_form=True)
    assert text == masked("ann@example.org, (555) 123-4567, 4111 1111 1111 1111, 10.1.2.3", keep_form=True)
    mail, phone, card, ip = text.split(", ")
    assert mail.endswith("@example.com") and ip.startswith("198.1")
    assert phone[0] + phone[4:6] + phone[9] == "() -" and phone != "(555) 123-4567"
    assert [len(part) for part in card.split()] == [4, 4, 4, 4] and card != "4111 1111 1111 1111"


def test_numbers_of_named_countries_are_found_without_a_word_beside_them():
    assert found("vu le 612345678 hier") == []
    assert found("vu le 06 12 34 56 78 et le 61 234 56 78 hier", countries=("FR",))[0] == ("06 12 34 56 78", "phone")
    assert found("seen 020 7946 0958 x", {"phone"}, ("GB",)) == [("020 7946 0958", "phone")]
    with pytest.raises(ValidationError, match="no country 'Germany'"):
        MaskPii(countries=("Germany",))


def test_without_the_library_it_says_which_extra_to_install(monkeypatch):
    monkeypatch.setattr(kinds, "find_spec", lambda name: None)
    with pytest.raises(ValidationError, match=r"countries=\['DE'\] needs the extra 'pii': pip install 'winnow\[pii\]'"):
        PiiCount(countries=("DE",))
