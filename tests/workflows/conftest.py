"""What tests of recipes share: a folder with rows, small operators in the catalogue, a state folder of their own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workflows.operators import CATALOGUE
from tools import catalogue
from workflows.check import Checked, check
from workflows.loader import load

ROWS = [{"id": n, "text": f"text number {n}", "score": n / 2, "good": n % 2 == 0, "tags": ["a", "b"], "meta": {"a": n}} for n in range(20)]
EVALS = [{"question": f"text number {n}", "label": n} for n in range(3)]


def write_rows(path: Path, rows: list[dict[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def small_operators(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name, place in CATALOGUE.items():
        monkeypatch.setitem(catalogue.OPERATORS, name, place)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("WINNOW_HOME", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    write_rows(place / "rows.jsonl", ROWS)
    write_rows(place / "evals.jsonl", EVALS)
    return place


@pytest.fixture
def checked(folder: Path) -> Callable[..., Checked]:
    """Checks a recipe given as text; sources `rows` and `evals` are put before it where it names none."""

    def run(
        steps: str, outputs: str = "  out: {from: last, path: out.jsonl}", *, sources: str = "  rows: {path: rows.jsonl}", **more: object
    ) -> Checked:
        text = f"winnow: 1\nname: test\nsources:\n{sources}\nsteps:\n{steps}\noutputs:\n{outputs}\n{more.pop('checks', '')}\n"
        loaded = load(text)
        return check(loaded.recipe, folder, folder / "cache", lines=loaded.lines, **more)  # type: ignore[arg-type]

    return run
