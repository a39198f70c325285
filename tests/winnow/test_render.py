"""What reaches a terminal or a machine."""

import io
import json
import sys
import unicodedata

import pytest

from winnow import render
from winnow.show import by_group
from workflows.executor import Progress


def test_no_control_character_and_no_direction_mark_survives():
    text = "".join(map(chr, range(0x3000)))
    left = render.plain(text)
    assert {char for char in left if unicodedata.category(char) == "Cc"} == {"\t", "\n"}
    assert not [char for char in left if unicodedata.bidirectional(char) in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")]
    assert render.plain("日本 é 😀") == "日本 é 😀"


def test_lone_surrogates_do_not_break_the_terminal():
    render.plain("a\ud800b").encode()


def test_json_means_the_same_with_characters_escaped(capsys: pytest.CaptureFixture[str]):
    value = {"text": "\x1b[2J \u202e \u009b é \\u0041"}
    render.emit(value)
    out = capsys.readouterr().out
    assert json.loads(out) == value
    assert not {"\x1b", "\u202e", "\u009b"} & set(out)


def test_numbers_read_well():
    assert [render.number(value) for value in (1234567, 0.123456, None, True)] == ["1,234,567", "0.1235", "", "yes"]
    assert [render.size(value) for value in (5, 1500, 2_000_000)] == ["5 B", "1.5 kB", "2.0 MB"]
    assert render.counts({"a": 1, "b": 20, "c": 0}) == "b 20, a 1"


def test_bars_are_for_terminals_and_wait_a_second(monkeypatch: pytest.MonkeyPatch):
    with render.progress() as report:
        assert report is None

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    with render.progress() as report:
        assert report is not None
        report(Progress(phase="reading", done=1, total=2))
        assert screen.getvalue() == ""
        monkeypatch.setattr(render, "QUIET_SECONDS", 0.0)
        report(Progress(phase="reading\x1b[2J", done=2, total=2))
        report(Progress(phase="joining", done=0, total=0))
    assert "reading[2J" in screen.getvalue()
    assert "\x1b[2J" not in screen.getvalue()


def test_what_each_group_gave_is_told_and_what_it_lacked() -> None:
    groups = {"web": {"there": 9000, "asked": 700, "kept": 700}, "code": {"there": 50, "asked": 300, "kept": 50}}
    told = by_group("mixed", groups)
    assert told == [
        "mixed: web 700 of 9,000; code 50 of 50, 250 fewer than asked",
        "mixed: 1 of 2 groups had too few rows: 250 rows fewer than asked",
    ]
    many = {str(number): {"there": 9, "asked": None, "kept": 3} for number in range(40)}
    assert by_group("even", many)[0].endswith("; and 28 groups more")
    assert by_group("sample", {}) == []
