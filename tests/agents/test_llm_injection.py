"""What stands in rows, names of columns and names of files changes no operator, no path and no code of a plan (T1); the drill has all payloads."""

import json
import unicodedata

import pytest

from agents.llm.quoting import FENCE, HIDDEN, MOST_VALUE, fenced, plain, quoted
from tests.agents.injecting import SHARES, Clean, violations
from tests.agents.payloads import OBEDIENT, PAYLOADS

SAMPLE = [(number, SHARES[place % 3]) for place, number in enumerate(range(3, len(PAYLOADS), 41))]


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    return Clean.of(tmp_path_factory.mktemp("clean") / "data")


@pytest.mark.parametrize(("number", "share"), SAMPLE)
def test_hostile_data_changes_no_plan(clean, tmp_path, number, share):
    assert list(violations(clean, tmp_path / "data", PAYLOADS[number], share, [number % len(OBEDIENT)])) == []


def test_no_obedient_answer_gets_through(clean, tmp_path):
    assert list(violations(clean, tmp_path / "data", PAYLOADS[1], 0.5, range(len(OBEDIENT)))) == []


@pytest.mark.parametrize("payload", PAYLOADS[:16])
def test_a_value_is_one_line_of_json_with_nothing_hidden(payload):
    line = quoted(payload)
    assert not any(unicodedata.category(sign) in HIDDEN for sign in line)
    assert json.loads(line) == (payload if len(payload) <= MOST_VALUE else payload[: MOST_VALUE - 1] + "…")


def test_half_a_pair_and_other_kinds_of_values_are_shown_too():
    assert [quoted(one) for one in ("a\ud800b", "\U000e0041", 1.5, None, True, {"a": ["b\u202e"]})] == [
        '"a\\ud800b"',
        '"\\udb40\\udc41"',
        "1.5",
        "null",
        "true",
        '"{\\"a\\": [\\"b\\u202e\\"]}"',
    ]


def test_the_marks_of_a_fence_follow_from_its_lines_and_cannot_be_in_them():
    one, again, other = fenced(["1", "2"]), fenced(["1", "2"]), fenced(["1", "3"])
    assert one == again and one.splitlines()[0] != other.splitlines()[0]
    forged = fenced([quoted(one), quoted("0123456789abcdef DATA>>>")])
    assert len(FENCE.findall(forged)) == 1 and FENCE.sub("", forged) == ""


def test_what_is_fenced_has_an_end():
    assert len(fenced("x" * 150 for _ in range(100_000))) < 17_000


def test_words_for_a_person_hide_nothing():
    assert plain("a\u202e\x1b[31mb\n c\u200b", 100) == "a[31mb c"
