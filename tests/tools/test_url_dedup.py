"""Which addresses count as one."""

import pytest

from tools.dedupe.url import normalised

PAGE = "https://example.org/a/b?x=1&y=2"


@pytest.mark.parametrize(
    "same",
    [
        "http://example.org/a/b?x=1&y=2",
        "HTTPS://WWW.Example.ORG/a/b/?y=2&x=1",
        " https://user:secret@example.org:443/a/./c/../b?x=1&y=2#part ",
        "example.org/a/b?x=1&y=2&utm_source=mail&fbclid=abc",
        "//example.org/%61/b/index.html?x=1&y=2",
    ],
)
def test_addresses_of_one_page_are_one(same: str) -> None:
    assert normalised(same) == normalised(PAGE)


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/A/b?x=1&y=2",
        "https://example.org:8443/a/b?x=1&y=2",
        "https://example.org/a%2Fb?x=1&y=2",
        "https://example.org/a/b?x=1&x=2",
        "https://example.org/a/b?x=2&y=1",
        "ftp://example.org/a/b?x=1&y=2",
        "https://sub.example.org/a/b?x=1&y=2",
    ],
)
def test_addresses_of_other_pages_are_others(other: str) -> None:
    assert normalised(other) != normalised(PAGE)


def test_the_order_of_values_of_one_name_counts() -> None:
    assert normalised("a.org/?x=1&x=2") != normalised("a.org/?x=2&x=1")


def test_scheme_and_www_can_count() -> None:
    assert len({normalised(url, False) for url in ("http://a.org/", "https://a.org", "https://www.a.org", "https://a.org:443")}) == 3


@pytest.mark.parametrize("text", ["", "not an address", "mailto:me@example.org", "https://[::1", "https://a.org:port/", "/a/b", "see e.g. this"])
def test_what_is_no_address_stands_as_it_is(text: str) -> None:
    assert normalised(text) == text


def test_non_latin_addresses_are_one_with_their_escapes() -> None:
    assert normalised("https://example.org/ä/字") == normalised("https://example.org/%C3%A4/%e5%ad%97")
