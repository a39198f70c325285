"""Runs as programs start them: the same on any number of workers, found by a part of their name, never without a yes."""

import json
from pathlib import Path

import pytest

from tools.errors import RecipeError
from workflows import manifest as manifests
from workflows import runs
from workflows.chosen import Chosen, Given, Refused, from_file
from workflows.store import Store

RECIPE = """\
winnow: 1
name: some-words
sources:
  rows: {path: rows.jsonl}
steps:
  - {id: enough, op: words@1, from: rows, on: text, with: {at_least: 2}}
outputs:
  out: {from: enough, path: out.jsonl}
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps({"text": "word " * (number % 4)}) + "\n" for number in range(50)))
    return Store(tmp_path / ".winnow")


def chosen(store: Store, **given: object) -> Chosen:
    return from_file(store.project / "recipe.yaml", store.cache, Given(inputs={}, **given))  # type: ignore[arg-type]


def test_nothing_starts_without_a_yes(store: Store):
    with pytest.raises(Refused, match="nobody approved it"):
        runs.start(store, chosen(store), approved_by=None)
    assert not store.runs.exists()


def test_the_manifest_stands_before_the_first_row_is_read(store: Store):
    seen: list[str] = []

    def look(_: object) -> None:
        (path,) = store.runs.glob("*/manifest.json")
        seen.append(json.loads(path.read_text())["status"])

    done = runs.start(store, chosen(store), approved_by="me", progress=look)
    assert set(seen) == {"running"}
    assert done.manifest.status == "done"
    assert done.books.states == {"kept": 24, "dropped": 26}
    assert [run.status for run in store.recorded_runs()] == ["done"]


def test_the_number_of_workers_is_noted_and_does_not_matter(store: Store):
    one = runs.start(store, chosen(store), approved_by="me", workers=1)
    two = runs.start(store, chosen(store, output=str(store.project / "two.jsonl")), approved_by="me", workers=2)
    assert (one.manifest.workers, two.manifest.workers) == (1, 2)
    assert one.books.outputs[0].digest == two.books.outputs[0].digest


def test_a_run_aside_leaves_the_recipes_output_alone(store: Store):
    done = runs.start(store, chosen(store), approved_by="me", is_aside=True)
    assert not (store.project / "out.jsonl").exists()
    assert Path(done.books.outputs[0].path).is_relative_to(done.folder)


def test_a_run_is_found_by_its_beginning_and_as_the_last(store: Store):
    with pytest.raises(RecipeError, match="no runs in"):
        runs.find(store, "last")
    done = runs.start(store, chosen(store), approved_by="me")
    again = runs.start(store, chosen(store), approved_by="me", overwrite=True)
    assert runs.find(store, again.manifest.run) == again.folder
    first, last = sorted([done.manifest.run, again.manifest.run])
    assert runs.find(store, "last").name == last
    assert runs.find(store, first[:-1]).name == first or first[:-1] == last[:-1]
    for missing in ("", "1999", "../../etc"):
        with pytest.raises(RecipeError, match=r"no run|may be"):
            runs.find(store, missing)


def test_a_manifest_that_cannot_be_read_hides_no_other_run(store: Store, caplog: pytest.LogCaptureFixture):
    done = runs.start(store, chosen(store), approved_by="me")
    broken = store.runs / "20200101-000000-dead"
    broken.mkdir()
    (broken / manifests.NAME).write_text("{")
    assert [one.run for one, _ in runs.all_runs(store)] == [done.manifest.run]
    assert "20200101-000000-dead/manifest.json: not a manifest" in caplog.text


def test_a_run_that_is_going_on_is_running_and_cannot_be_resumed_twice(store: Store):
    done = runs.start(store, chosen(store), approved_by="me")
    manifests.write(done.manifest.model_copy(update={"status": "running", "result": None}), done.folder)
    ((_, standing),) = runs.all_runs(store)
    assert standing == "stopped"
    from workflows.claim import claimed

    with claimed(done.folder):
        ((_, standing),) = runs.all_runs(store)
        assert standing == "running"
        with pytest.raises(RecipeError, match="locked by pid"):
            runs.resume(store, "last", trusted=True, overwrite=True)


def test_what_a_killed_process_left_beside_the_output_is_swept(store: Store):
    left = store.project / ".out.jsonl.123.tmp"
    other = store.project / ".out.jsonl2.123.tmp"
    for path in (left, other):
        path.write_text("half")
    runs.start(store, chosen(store), approved_by="me")
    assert (left.exists(), other.exists()) == (False, True)
    assert sorted(path.name for path in store.project.iterdir() if path.name.endswith(".lock")) == []
