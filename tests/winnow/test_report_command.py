"""`winnow report`, and how results look in a notebook."""

import json
import webbrowser
from pathlib import Path

import pytest

from tests.winnow.conftest import Call
from winnow import api


def test_report_writes_the_page_and_says_where(folder: Path, call: Call):
    assert call("run", "recipe.yaml", "--yes").code == 0
    (page,) = folder.glob(".winnow/runs/*/report.html")
    page.unlink()
    said = call("report", "last")
    assert (said.code, said.out) == (0, f"{page}\n")
    assert page.exists()
    told = call("report", "last", "--json").json
    assert (told["status"], told["report"], told["run"]) == ("done", str(page), page.parent.name)


def test_open_shows_it_in_the_browser(folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch):
    call("run", "recipe.yaml", "--yes")
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) or True)
    assert call("report", "last", "--open").code == 0
    (page,) = folder.glob(".winnow/runs/*/report.html")
    assert opened == [page.as_uri()]
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    said = call("report", "last", "--open")
    assert (said.code, said.out) == (0, f"{page}\n")
    assert f"no browser could be started; the page lies at {page}" in said.err


@pytest.mark.parametrize(("status", "says"), [("failed", "the run failed"), ("running", "the run was cut off")])
def test_report_of_a_run_that_has_no_end_says_what_there_is(folder: Path, call: Call, status: str, says: str):
    call("run", "recipe.yaml", "--yes")
    (path,) = folder.glob(".winnow/runs/*/manifest.json")
    told = json.loads(path.read_text()) | {"status": status, "result": None, "message": "no <space>"}
    path.write_text(json.dumps(told))
    said = call("report", "last")
    assert said.code == 0
    assert f"{says}" in said.err
    assert f"winnow resume {path.parent.name}" in said.err
    html = (path.parent / "report.html").read_text()
    assert "no &lt;space&gt;" in html
    assert "long_enough" in html


def test_a_run_that_is_not_there_is_named(folder: Path, call: Call):
    said = call("report", "last")
    assert said.code == 1
    assert "there are no runs" in said.err


def test_a_preview_is_remembered_until_its_run(folder: Path, call: Call):
    assert call("save", "recipe.yaml").code == 0
    assert call("preview", "long-ones").code == 0
    assert call("run", "long-ones", "--yes").code == 0
    (page,) = folder.glob(".winnow/runs/*/report.html")
    assert "The preview saw the whole input" in page.read_text()


def test_results_and_plans_show_themselves_in_notebooks(folder: Path):
    done = api.run("recipe.yaml", yes=True)
    html = done._repr_html_()
    assert html.startswith('<div class="winnow notebook">')
    assert f"{done.books.rows_in:,}" in html
    assert str(done.books.outputs[0].digest) in html
    made = api.plan("messages of at least <b>5</b> words", "chat.jsonl", "five.jsonl")
    assert "<b>5" not in made._repr_html_()
    assert "&lt;b&gt;5" in made._repr_html_()
