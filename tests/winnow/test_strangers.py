"""Operators in files of strangers, from the command line and from Python: vetted, shown, named by recipes, kept with them, never trusted."""

import json
import os
from pathlib import Path

import pytest

import winnow
from tests.winnow.conftest import TEXTS, Call
from winnow import review
from workflows import jailing, vetting
from workflows.strangers import vetted
from workflows.strangers.file import File
from workflows.strangers.proxy import operator_class

SHOUT = '''
from typing import ClassVar

import pyarrow as pa

from tools.contract import Bounded, Card, Columns, Desk, Example


class Shout(Bounded):
    """Count exclamation marks. Pages that shout are adverts."""

    mark: str = "!"
    card: ClassVar[Card] = Card(
        stage="filter", reads={"text": pa.string()}, adds={"shouts": pa.int64()}, exact=True, aliases=("shouting",),
        examples=(Example(params={"at_most": 1}, given={"text": ["a!", "b!!", ""]}, gives={"shouts": [1, 2, 0]}, keeps=(0, 2)),),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"shouts": pa.array([text.count(self.mark) for text in batch["text"].to_pylist()], pa.int64())}
'''
RECIPE = """\
winnow: 1
name: quiet
sources:
  chat: {path: chat.jsonl}
steps:
  - id: quiet
    op: OP
    from: chat
    on: text
    with: {at_most: 0, mark: x}
outputs:
  out: {from: quiet, path: out.jsonl}
"""
KEPT = [text for text in TEXTS if "x" not in text]


@pytest.fixture
def shout(folder: Path) -> Path:
    """A file with an operator, and a recipe that names it."""
    if refusal := jailing.refusal():
        pytest.skip(f"NOT TESTED: {refusal}")
    path = folder / "ops" / "shout.py"
    path.parent.mkdir()
    path.write_text(SHOUT)
    (folder / "quiet.yaml").write_text(RECIPE.replace("OP", "ops/shout.py:Shout@1"))
    return path


@pytest.fixture
def believed(shout: Path) -> Path:
    """The same, believed as if it were vetted."""
    vetted.keep(vetting.certificate("Shout", operator_class(File("shout.py", SHOUT)), ()))
    return shout


def texts(folder: Path) -> list[str]:
    return [json.loads(line)["text"] for line in (folder / "out.jsonl").read_text().splitlines()]


def at_the_terminal(monkeypatch: pytest.MonkeyPatch, answer: bool) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(review, "ask", lambda question: answer)


def few_laws(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them are tried on the file that the docs show."""
    monkeypatch.setattr(vetting, "LAWS", {"one_row_at_a_time": vetting.LAWS["one_row_at_a_time"]})
    monkeypatch.setattr(vetting, "SLOW_LAWS", {})
    monkeypatch.setattr(vetting, "fresh_process", lambda operators: {name: vetting.Verdict("pickles", True) for name, *_ in operators})


def test_a_file_is_vetted_by_the_same_laws_and_believed_by_its_digest(shout: Path, call: Call, monkeypatch: pytest.MonkeyPatch):
    few_laws(monkeypatch)
    assert call("operators", "show", "ops/shout.py").out.count("not vetted") == 1
    said = call("operators", "vet", "ops/shout.py")
    assert said.code == 0
    assert "ops/shout.py:Shout (sha256 " in said.out
    assert said.out.rstrip().endswith("vetted")
    assert "same_card" in said.out
    shown = call("operators", "show", "ops/shout.py:Shout").out
    assert "vetted; it runs in the jail" in shown
    assert "mark" in shown
    shout.write_text(SHOUT + "\n# another file\n")
    assert "not vetted" in call("operators", "show", "ops/shout.py:Shout").out


def test_a_file_that_breaks_a_law_is_not_vetted(shout: Path, call: Call, monkeypatch: pytest.MonkeyPatch):
    few_laws(monkeypatch)
    shout.write_text(SHOUT.replace("text.count(self.mark)", "len(batch)"))
    said = call("operators", "vet", "ops/shout.py")
    assert said.code == 1
    assert "NOT vetted" in said.out


def test_what_is_wrong_with_a_file_is_said_in_one_line(shout: Path, call: Call):
    assert "did you mean 'Shout'?" in call("operators", "vet", "ops/shout.py:Shot").err
    assert "cannot be read" in call("operators", "vet", "ops/other.py").err
    shout.write_text("raise SystemExit('ran')")
    assert call("operators", "vet", "ops/shout.py").err == "error: operator ops/shout.py: raised SystemExit in line 1: ran\n"


def test_an_unvetted_operator_runs_only_after_a_persons_yes(shout: Path, folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch):
    said = call("run", "quiet.yaml", "--yes", "--workers", 1)
    assert said.code == 3
    assert "is in a file of a stranger and unvetted; it runs in the jail" in said.err
    assert "--yes does not cover it" in said.err
    assert not (folder / "out.jsonl").exists()
    assert call("save", "quiet.yaml").code == 0
    assert call("approve", "quiet@1").code == 3
    assert "unvetted" in call("show", "quiet@1").err
    at_the_terminal(monkeypatch, False)
    assert call("run", "quiet@1", "--workers", 1).code == 3
    at_the_terminal(monkeypatch, True)
    assert call("run", "quiet@1", "--workers", 1).code == 0
    assert texts(folder) == KEPT


def test_a_vetted_operator_runs_with_yes_and_is_told_replayed_and_explained(believed: Path, folder: Path, call: Call):
    assert call("run", "quiet.yaml", "--yes", "--workers", 1).code == 0
    assert texts(folder) == KEPT
    assert call("replay", "last", "--verify").code == 0
    why = call("why", "last", "7").out
    assert "ops/shout.py:Shout" in why
    assert "shouts" in why
    assert call("report", "last").code == 0
    report = next((folder / ".winnow" / "runs").glob("*/report.html")).read_text()
    assert "ops/shout.py:Shout" in report


def test_a_stored_version_keeps_its_file_whatever_becomes_of_it(believed: Path, folder: Path, call: Call):
    assert call("save", "quiet.yaml").code == 0
    believed.write_text("raise SystemExit('another')")
    assert call("run", "quiet@1", "--yes", "--workers", 1).code == 0
    assert texts(folder) == KEPT
    believed.unlink()
    assert call("replay", "last").code == 0
    kept = folder / ".winnow" / "recipes" / "quiet" / "v1.operators.json"
    kept.write_text(kept.read_text().replace("text.count", "text.find"))
    said = call("run", "quiet@1", "--yes", "--overwrite")
    assert said.code == 3
    assert "the code of ops/shout.py:Shout@1 has changed" in said.err


def test_a_changed_file_is_refused_and_shown(believed: Path, folder: Path, call: Call):
    assert call("save", "quiet.yaml").code == 0
    believed.write_text(SHOUT.replace("text.count(self.mark)", "text.find(self.mark)"))
    said = call("run", "quiet.yaml", "--yes", "--workers", 1)
    assert said.code == 3
    assert "step 'quiet': the code of ops/shout.py:Shout@1 has changed" in said.err
    assert "`winnow save quiet.yaml` makes it the next version" in said.err
    assert call("save", "quiet.yaml").code == 0
    changed = call("diff", "quiet@1", "quiet@2").out
    assert '-        return {"shouts": pa.array([text.count(self.mark)' in changed
    assert '+        return {"shouts": pa.array([text.find(self.mark)' in changed


PATHS = (
    ("../shout.py:Shout", "leads out of the recipe's folder"),
    ("/etc/shout.py:Shout", "leads out of the recipe's folder"),
    ("ops/../../shout.py", "leads out of the recipe's folder"),
    ("ops/link.py:Shout", "by a link"),
    ("out/shout.py:Shout", "by a link"),
    ("ops/none.py:Shout", "cannot be read"),
    ("ops", "no operator 'ops'"),
    ("ops/", "names no file"),
    ("ops/shout.py:Shout@2", "the file holds version 1"),
    ("ops/shout.py:Shot", "did you mean 'Shout'?"),
    ("ops/pipe.py", "not a plain file"),
    ("ops/long.py", "longer than 256 kB"),
    ("ops/latin.py", "not UTF-8"),
    ("ops/a@b.py", "the path without `@`"),
)


def test_paths_of_operators_stay_beneath_the_recipe(shout: Path, folder: Path, call: Call):
    (folder.parent / "shout.py").write_text(SHOUT)
    (folder / "ops" / "link.py").symlink_to(folder.parent / "shout.py")
    (folder / "out").symlink_to(folder.parent)
    (folder / "ops" / "long.py").write_text("#" * (300 << 10))
    (folder / "ops" / "latin.py").write_bytes(b"# \xe4")
    os.mkfifo(folder / "ops" / "pipe.py")
    step = "  - {{id: s{}, op: {!r}, from: chat, on: text}}"
    steps = "\n".join(step.format(number, op) for number, (op, _) in enumerate(PATHS))
    outputs = "\n".join(f"  o{number}: {{from: s{number}, path: o{number}.jsonl}}" for number in range(len(PATHS)))
    recipe = f"winnow: 1\nname: tricks\nsources:\n  chat: {{path: chat.jsonl}}\nsteps:\n{steps}\noutputs:\n{outputs}\n"
    (folder / "tricks.yaml").write_text(recipe)
    told = call("preview", "tricks.yaml")
    assert told.code == 1
    lines = told.err.splitlines()
    assert len(lines) == len(PATHS)
    for number, ((op, said), line) in enumerate(zip(PATHS, lines, strict=True)):
        assert f"step 's{number}'" in line
        assert said in line, op


def test_parameters_are_judged_by_the_files_own_class(shout: Path, folder: Path, call: Call):
    (folder / "quiet.yaml").write_text(RECIPE.replace("OP", "ops/shout.py").replace("mark: x", "mark: 7, marks: y"))
    said = call("preview", "quiet.yaml").err
    assert "parameter 'mark': 7 will not do; it should be a text" in said
    assert "unknown parameter 'marks'; did you mean 'mark'?" in said
    assert "line 10" in said


def test_python_names_an_operator_by_its_file(believed: Path, folder: Path):
    recipe = winnow.Recipe(name="quiet").source("chat.jsonl").step("ops/shout.py:Shout", on="text", params={"at_most": 0, "mark": "x"})
    recipe = recipe.output("out.jsonl")
    assert recipe.steps[0].id == "shout"
    assert recipe.check().is_sound
    recipe.run(yes=True, workers=1)
    assert texts(folder) == KEPT
    assert recipe.store() == "quiet@1"
