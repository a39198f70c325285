"""A run is held to the preview that it was approved with: rows that are not like those stop it before anything is put in place."""

import json
from pathlib import Path

import pytest

from workflows import runs
from workflows.chosen import Chosen, Given, from_file
from workflows.drift import Drifted
from workflows.engine.preview import preview
from workflows.report.predicted import prediction
from workflows.store import Store
from workflows.trust import State

RECIPE = """\
winnow: 1
name: some-words
sources:
  rows: {path: rows.jsonl}
steps:
  - {id: enough, op: words@1, from: rows, on: text, with: {at_least: 2}}
  - {id: few, op: random_sample@1, from: enough, with: {rows: 10}}
outputs:
  out: {from: few, path: out.jsonl}
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    write(tmp_path / "rows.jsonl", short=25, long=25)
    write(tmp_path / "alike.jsonl", short=300, long=320)
    write(tmp_path / "other.jsonl", short=190, long=10)
    return Store(tmp_path / ".winnow")


def write(path: Path, *, short: int, long: int) -> None:
    texts = ["word"] * short + ["some more words"] * long
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))


def chosen(store: Store, rows: str | None = None) -> Chosen:
    inputs = {} if rows is None else {"rows": str(store.project / rows)}
    return from_file(store.project / "recipe.yaml", store.cache, Given(inputs=inputs))


def approved(store: Store) -> None:
    one = chosen(store)
    State().approve(one.lock.digest, prediction(preview(one.graph, store.cache)).model_dump_json(), "Ada")


def test_rows_like_those_approved_go_through(store: Store):
    approved(store)
    assert runs.start(store, chosen(store, "alike.jsonl"), approved_by="Ada").manifest.drift == ()


def test_other_rows_stop_the_run_before_an_output_is_put_in_place(store: Store):
    approved(store)
    with pytest.raises(Drifted, match=r"step 'enough' keeps 5\.0% of 200 rows; approved were 50\.0%\n") as caught:
        runs.start(store, chosen(store, "other.jsonl"), approved_by="Ada")
    assert "--accept-drift" in str(caught.value)
    assert not (store.project / "out.jsonl").exists()
    assert not list(store.project.glob(".out.jsonl*"))


def test_accepted_drift_goes_on_and_is_recorded(store: Store):
    approved(store)
    done = runs.start(store, chosen(store, "other.jsonl"), approved_by="Ada", accept_drift=True)
    assert len(done.manifest.drift) == 1
    assert done.books.rows_out == 10


def test_a_stopped_run_is_taken_up_when_the_drift_is_accepted(store: Store):
    approved(store)
    with pytest.raises(Drifted):
        runs.start(store, chosen(store, "other.jsonl"), approved_by="Ada")
    assert runs.resume(store, "last", accept_drift=True).books.rows_out == 10


def test_a_quota_is_no_drift(store: Store):
    approved(store)
    done = runs.start(store, chosen(store, "alike.jsonl"), approved_by="Ada")
    assert done.books.steps[1].rows_in == 320  # of which 10 are taken: 3%, and 40% when it was approved


def test_too_few_rows_to_tell_are_let_pass(store: Store):
    approved(store)
    write(store.project / "tiny.jsonl", short=2, long=1)
    assert runs.start(store, chosen(store, "tiny.jsonl"), approved_by="Ada").manifest.drift == ()


def test_an_approval_without_a_preview_holds_to_nothing(store: Store):
    State().approve(chosen(store).lock.digest, "", "Ada")
    assert runs.start(store, chosen(store, "other.jsonl"), approved_by="Ada").manifest.drift == ()
