"""The command `profile`: for people, for machines, as a page."""

import io
import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.winnow.conftest import Call
from winnow.profile_page import rectangles

EVIL = '<script>alert(1)</script> \x1b[31mred \u202e & "quoted"'


@pytest.fixture()
def rows(folder: Path) -> Path:
    lines = [{"label": "a" if n % 3 else "b", "text": f"The weather is nice today in town {n // 2}, is it not?"} for n in range(60)]
    lines[5]["text"] = EVIL
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + "broken\n")
    return path


def test_a_table_with_repeats_bad_records_and_next_commands(call: Call, rows: Path):
    said = call("profile", rows)
    assert said.code == 0
    assert "jsonl: 1 file" in said.out
    assert "60 rows" in said.out
    assert "label: 2 values" in said.out
    assert "a 40, b 20" in said.out
    assert "Exact duplicates by text:" in said.out
    assert "first at line 61: 1 × not JSON" in said.out
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out


def test_machines_get_one_object(call: Call, rows: Path):
    said = call("profile", "rows.jsonl", "--json")
    found = said.json
    assert said.out.count("\n") == 1
    assert found["status"] == "done"
    (one,) = found["sets"]  # type: ignore[misc]
    assert (one["rows"], one["bad"], one["read"]) == (60, 1, "all")
    assert one["duplicates"]["share"] == pytest.approx(29 / 60)
    assert [column["name"] for column in one["columns"]] == ["label", "text"]
    assert 2 <= len(one["goals"]) <= 4


def test_a_page_holds_no_script_and_loads_nothing(call: Call, rows: Path, folder: Path):
    assert call("profile", "rows.jsonl", "--html", "page.html", "--json").code == 0
    page = (folder / "page.html").read_text()
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert "<script" not in page
    assert not re.search(r"(?:src|href)\s*=|url\(|\x1b|\u202e", page)
    assert "label" in page
    assert "60 rows" in page


def test_a_column_of_any_name_is_only_text_on_the_page(call: Call, folder: Path):
    (folder / "evil.jsonl").write_text(json.dumps({EVIL: EVIL}) + "\n")
    said = call("profile", "evil.jsonl", "--html", "page.html")
    page = (folder / "page.html").read_text()
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2
    assert "\x1b" not in said.out + said.err + page


def test_stdin_is_read(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workflows.inputs._spooled", [])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"a": 1}\n{"a": 2}\n')))
    (one,) = call("profile", "-", "--json").json["sets"]  # type: ignore[misc]
    assert one["rows"] == 2
    assert all("--input - " in goal["command"] for goal in one["goals"])


def test_looking_makes_no_store(call: Call, rows: Path, folder: Path):
    (folder / ".winnow").rmdir()
    assert call("profile", "rows.jsonl").code == 0
    assert not (folder / ".winnow").exists()


def test_the_first_command_runs_as_it_stands(call: Call, rows: Path, folder: Path):
    (one,) = call("profile", "rows.jsonl", "--json").json["sets"]  # type: ignore[misc]
    said = call(*shlex.split(one["goals"][0]["command"])[1:], "--yes", "--json")
    assert said.json["status"] == "done"
    assert (folder / "prepared.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nothing.jsonl"], 1, "no file 'nothing.jsonl'"),
        (["rows.jsonl", "--full", "--rows", "5"], 2, "give one of them up"),
        (["rows.jsonl", "--html", "no/page.html"], 2, "there is no folder"),
        ([], 2, "PATH"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(call: Call, rows: Path, arguments: list[str], code: int, message: str):
    said = call("profile", *arguments, "--json")
    assert said.code == code
    assert message in str(said.json["message"])


def test_bars_stay_within_the_picture():
    bars = rectangles(((0, 1, 5), (1, 2, 0), (2, 9, 10)))
    assert [height for _, _, _, height, _ in bars] == [18.0, 0.0, 36]
    assert all(x + width <= 180 and y + height <= 36 for x, y, width, height, _ in bars)
    assert rectangles(()) == []
