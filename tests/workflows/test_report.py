"""The report of a run: it says what the books say, shows rows near the bound, and nothing that a row holds gets out of its place."""

import json
import logging
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from tools.errors import RecipeError
from workflows import manifest as manifests
from workflows import report, runs
from workflows.chosen import Chosen, Given, from_file
from workflows.engine.preview import preview
from workflows.planned import Planned, PlannedClause
from workflows.report import compared, predicted
from workflows.report import facts as gathering
from workflows.report.compared import Compared
from workflows.runs import Finished
from workflows.store import Store

RECIPE = """\
winnow: 1
name: mixed
goal: "unique <b>long</b> rows, \\u202e split"
seed: 3
sources:
  posts: {path: posts.jsonl}
  mail: {path: mail.jsonl}
steps:
  - {id: masked, op: mask_pii@1, from: mail, on: text}
  - {id: sized, op: words@1, from: [posts, masked], on: text, with: {at_least: 5, at_most: 12}, why: "<i>short</i> ones say nothing"}
  - {id: scored, op: field@1, from: sized, with: {where: score > 20}}
  - {id: once, op: exact_dedup@1, from: scored, on: text}
  - {id: parts, op: split@1, from: once, with: {validation: 0.2}}
outputs:
  train: {from: parts.train, path: train.jsonl}
  held: {from: parts.validation, path: held.jsonl}
checks:
  - rows(once) > 1
"""
HOSTILE = "<script>alert(1)</script></style> \u202eevil\x1b[31m {{7*7}} <img/src=x/onerror=alert(2)>"  # four words, like no other row
WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen"]


class Page(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.words += " " if tag in ("td", "th") else ""

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    posts = [{"text": " ".join(WORDS[: n % 14 + 1]), "score": n} for n in range(48) if n % 14 not in (3, 12)] + [{"text": HOSTILE, "score": 50}]
    mail = [{"text": f"write to me at joe{n}@example.org today please", "score": 9} for n in range(6)]
    (tmp_path / "posts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in posts) + "{<b>no row\n")
    (tmp_path / "mail.jsonl").write_text("".join(json.dumps(row) + "\n" for row in mail))
    return Store(tmp_path / ".winnow")


def chosen(store: Store) -> Chosen:
    return from_file(store.project / "recipe.yaml", store.cache, Given(inputs={}))


def run(store: Store, plan: Planned | None = None) -> Finished:
    return runs.start(store, replace(chosen(store), plan=plan), approved_by="me", overwrite=True)


def text_of(done: Finished) -> str:
    return (done.folder / report.NAME).read_text(encoding="utf-8")


def test_a_run_leaves_a_report_that_needs_nothing_else(store: Store):
    page = Page(text_of(run(store)))
    tags = {tag for tag, _ in page.tags}
    assert {"svg", "table", "style"} <= tags
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    values = {name: value or "" for _, attributes in page.tags for name, value in attributes.items()}
    assert not [name for name in values if name.startswith("on") or name in ("src", "action", "xlink:href")]
    assert all((dict(found).get("href") or "#").startswith("#") for _, found in page.tags)
    assert not re.findall(r"url\(|@import|https?://", text_of(run(store)))
    policies = [found.get("content") or "" for tag, found in page.tags if tag == "meta" and found.get("http-equiv") == "Content-Security-Policy"]
    assert policies
    assert policies[0].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")


def test_what_rows_and_recipes_say_stays_text(store: Store):
    done = run(store)
    html = text_of(done)
    seen = report.make(done.folder, store.cache).facts
    shown = [value for step in seen.steps for one in step.examples if one.seen for value in one.seen.before.values()]
    assert HOSTILE in shown, "the hostile row is one of the examples, or this test says nothing"
    assert "<b>long" not in html
    assert "<i>short" not in html
    assert not [character for character in "\u202e\x1b" if character in html]
    words = Page(html).words
    assert "<script>alert(1)</script></style> \\u202eevil\\x1b[31m {{7*7}} <img/src=x/onerror=alert(2)>" in words
    assert "{<b>no row" in words


def test_it_says_what_the_books_say(store: Store):
    done = run(store)
    words = " ".join(Page(text_of(done)).words.split())
    books = done.books
    for step in books.steps:
        assert f"{step.rows_in:,} in, {step.rows_out:,} out" in words
    for state, rows in books.states.items():
        assert f"{rows} {state}" in words
    for output in books.outputs:
        assert output.digest in words
    assert all(file.digest in words for file in done.manifest.files)
    assert f"winnow replay {done.manifest.run} --verify" in words
    assert "rows(once) > 1" in words
    assert f"train · {books.steps[-1].ports['train']}" in words


def test_examples_are_those_nearest_to_the_bound(store: Store):
    steps = {step.id: step for step in report.make(run(store).folder, store.cache).facts.steps}
    sized = [(one.kind, one.value) for one in steps["sized"].examples]
    assert {value for kind, value in sized if kind == "dropped"} <= {4.0, 3.0, 14.0}
    assert ("dropped", 4.0) in sized
    assert {value for kind, value in sized if kind == "kept"} <= {5.0, 12.0}
    assert {kind for kind, _ in sized} == {"kept", "dropped"}
    changed = steps["masked"].examples[0]
    assert changed.seen is not None
    assert "@example.org" in str(changed.seen.before["text"])
    assert "@example.org" not in str(changed.seen.after["text"])
    merged = [one for one in steps["once"].examples if one.kind == "merged"]
    assert merged
    assert all(one.seen and one.other and one.seen.before == one.other.before for one in merged)
    assert {(value, keeps) for value, _, keeps in steps["scored"].labels[0].values} == {("true", True), ("false", False)}


def test_rows_that_left_by_a_used_port_are_shown_too(store: Store):
    path = store.project / "recipe.yaml"
    path.write_text(RECIPE.replace("checks:", "  rest: {from: sized.dropped, path: rest.jsonl}\nchecks:"))
    steps = {step.id: step for step in report.make(run(store).folder, store.cache).facts.steps}
    assert "dropped" in {one.kind for one in steps["sized"].examples}


def test_when_the_inputs_are_gone_the_numbers_stay(store: Store):
    done = run(store)
    (store.project / "posts.jsonl").unlink()
    made = report.make(done.folder, store.cache)
    assert "cannot be shown any more" in made.facts.examples_note
    html = made.path.read_text()
    assert "its text was not read" in html
    assert f"{done.books.rows_in:,}" in html


def test_when_an_input_changed_its_texts_are_not_shown(store: Store):
    done = run(store)
    path = store.project / "posts.jsonl"
    path.write_text(path.read_text().replace("one two", "two one"))
    assert "posts.jsonl: other bytes than in the run" in report.make(done.folder, store.cache).facts.examples_note


def test_when_the_cache_is_gone_the_numbers_stay(store: Store):
    done = run(store)
    shutil.rmtree(store.cache)
    made = report.make(done.folder, store.cache)
    assert made.facts.books == done.books
    assert "cannot be shown any more" in made.facts.examples_note


def test_a_large_run_asks_its_ledger_only_on_demand(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gathering, "QUICK_ROWS", 10)
    done = run(store)
    html = text_of(done)
    assert f"`winnow report {done.manifest.run}` writes this page again" in html
    assert 'class="example"' not in html
    assert 'class="example"' in report.make(done.folder, store.cache).path.read_text()


def test_a_failed_run_says_why_and_what_to_do(store: Store):
    done = run(store)
    failed = done.manifest.model_copy(update={"status": "failed", "result": None, "message": "disk <full>"})
    manifests.write(failed, done.folder)
    words = Page(report.make(done.folder, store.cache).path.read_text()).words
    assert "This run failed. disk <full>" in words
    assert f"winnow resume {done.manifest.run}" in words


def test_an_input_without_rows_has_a_report(store: Store):
    (store.project / "recipe.yaml").write_text(
        "winnow: 1\nname: none\nsources:\n  rows: {path: rows.csv}\nsteps:\n"
        "  - {id: enough, op: words@1, from: rows, on: text, with: {at_least: 2}}\n"
        "  - {id: once, op: exact_dedup@1, from: enough, on: text}\noutputs:\n  out: {from: once, path: out.jsonl}\n"
    )
    (store.project / "rows.csv").write_text("text,n\n")
    done = run(store)
    assert done.books.rows_in == 0
    words = " ".join(Page(text_of(done)).words.split())
    assert "0 in, 0 out" in words
    assert "The input holds no rows." in words


def test_predicted_stands_beside_actual(store: Store):
    assert "nothing was predicted" in text_of(run(store))
    one = chosen(store)
    seen = preview(one.graph, store.cache)
    predicted.keep(seen, one.graph, one.lock.digest, store.cache)
    done = run(store)
    found = report.make(done.folder, store.cache).facts.prediction
    assert found is not None
    assert [(step.id, step.share) for step in found.steps] == [(step.id, step.share) for step in seen.steps]
    assert "nothing was predicted" not in text_of(done)
    shutil.rmtree(store.cache)
    assert report.make(done.folder, store.cache).facts.prediction == found
    (store.project / "posts.jsonl").write_text("".join(f'{{"text": "a b c d e {n}", "score": 70}}\n' for n in range(9)))
    assert report.make(run(store).folder, store.cache).facts.prediction is None


def test_every_quantity_that_is_compared_is_shown_with_its_unit_and_verdict(store: Store, monkeypatch: pytest.MonkeyPatch):
    def tried(at: float) -> Compared:
        return Compared(name="time taken", unit="seconds", predicted=90, low=60, high=120, actual=at)

    monkeypatch.setattr(compared, "OF_RUN", (*compared.OF_RUN, lambda *_: tried(61), lambda *_: tried(130)))
    monkeypatch.setattr(compared, "OF_STEP", (*compared.OF_STEP, lambda *_: Compared(name="memory", unit="bytes", predicted=2e6, actual=3e9)))
    one = chosen(store)
    predicted.keep(preview(one.graph, store.cache), one.graph, one.lock.digest, store.cache)
    words = " ".join(Page(text_of(run(store))).words.split())
    assert "time taken 1 min 30 s (1 min 0 s to 2 min 0 s) 1 min 1 s✓inside the interval" in words
    assert "time taken 1 min 30 s (1 min 0 s to 2 min 0 s) 2 min 10 s✗outside the interval" in words
    assert words.count("2.0 MB") == words.count("3.0 GB") == 5


def test_the_goals_clauses_lead_to_their_steps(store: Store):
    clauses = (
        PlannedClause(text="<i>short</i> \u202e ones", steps=("sized", "was_here"), evidence="words from <script>"),
        PlannedClause(text="be nice"),
    )
    plan = Planned(planner="ru<b>les", goal="another </blockquote>", clauses=clauses, unclear=("shi<i>ny",), suggestions=("drop <u>more",))
    done = run(store, plan)
    assert manifests.read(done.folder).plan == plan
    html = text_of(done)
    assert not [bad for bad in ("<i>short", "<script", "<b>les", "<i>ny", "<u>more", "\u202e") if bad in html]
    page = Page(html)
    words = " ".join(page.words.split())
    assert "<i>short</i> \\u202e ones sized, was_here (not in the recipe any more) words from <script>" in words
    assert "be nice no step" in words
    assert "Not understood: shi<i>ny" in words
    assert "drop <u>more" in words
    assert "another </blockquote>" in words
    ids = {found.get("id") for _, found in page.tags}
    links = [(found.get("href") or "")[1:] for tag, found in page.tags if tag == "a"]
    assert {"recipe-2", "step-2"} <= ids & set(links)
    assert set(links) <= ids, "no link leads nowhere"


def test_a_run_from_before_plans_were_kept_has_a_report(store: Store):
    done = run(store)
    path = done.folder / manifests.NAME
    told = json.loads(path.read_text())
    del told["plan"]
    path.write_text(json.dumps(told))
    made = report.make(done.folder, store.cache)
    assert made.facts.plan is None
    assert "How the goal was read" not in made.path.read_text()


def test_tables_and_drawings_can_be_read_aloud(store: Store):
    page = Page(text_of(run(store)))
    assert all(found.get("scope") for tag, found in page.tags if tag == "th")
    assert all(found.get("aria-label") for tag, found in page.tags if tag == "table")
    tags = [tag for tag, _ in page.tags]
    assert [tags[at + 1 : at + 3] for at, tag in enumerate(tags) if tag == "svg"] == [["title", "desc"]] * tags.count("svg")
    assert "posts to sized, 42 rows." in " ".join(page.words.split())
    heads = [int(tag[1]) for tag in tags if tag in ("h1", "h2", "h3", "h4")]
    assert heads[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(heads))


def test_a_run_is_done_even_where_its_report_cannot_be_written(store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workflows.report.writing._put", full)
    with caplog.at_level(logging.WARNING):
        done = run(store)
    assert done.manifest.status == "done"
    assert "no report: [Errno 28] No space left on device" in caplog.text


def test_a_folder_that_is_no_run_has_no_report(tmp_path: Path):
    with pytest.raises(RecipeError, match="no manifest here"):
        report.make(tmp_path, tmp_path / "cache")
