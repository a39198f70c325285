"""The recipes that come with winnow: each step does what it is there for, and real rows come out as promised."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.workflows import builtin_rows as planted
from workflows import builtin_recipes, inquiry, runs
from workflows.chosen import Given, from_builtin
from workflows.loader import load
from workflows.manifest import Books
from workflows.recipe import Recipe
from workflows.store import Store

NAMES = [name.removeprefix("builtin/") for name in builtin_recipes.names()]
PAGES = Path(__file__).resolve().parents[2] / "docs" / "recipes"


@dataclass(frozen=True)
class Ran:
    """What a recipe made of rows: `ended` tells for each line of the input where it ended, None where it was kept."""

    rows: list[dict[str, Any]]
    ended: dict[int, str | None]
    books: Books


def ran(name: str, rows: Sequence[planted.Row], folder: Path) -> Ran:
    given = folder / "given.jsonl"
    given.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    store, out = Store(folder / ".winnow"), folder / "out.jsonl"
    (source,) = recipe(name).sources
    chosen = from_builtin(f"builtin/{name}", folder, store.cache, Given(inputs={source: str(given)}, output=str(out)))
    done = runs.start(store, chosen, approved_by="test", workers=1)
    fates = inquiry.select(done.folder).to_pylist()
    assert len(fates) == done.books.rows_in + done.books.born
    assert len(rows) == done.books.rows_in == sum(done.books.states.values())
    ended = {row["line"]: row["step"] for row in sorted(fates, key=lambda row: row["part"])}  # of passages, the last one's end
    return Ran([json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()], ended, done.books)


def recipe(name: str) -> Recipe:
    return load(builtin_recipes.text_of(f"builtin/{name}"), name).recipe


@pytest.mark.parametrize("name", NAMES)
def test_each_step_does_what_it_is_there_for(name: str, tmp_path: Path):
    made, gone = planted.MADE[name], planted.GONE[name]
    rows = [*(given for given, _ in made.values()), *planted.FIRST.get(name, []), *gone.values()]
    found = ran(name, [{"id": number, **row} for number, row in enumerate(rows)], tmp_path)
    out = {row["id"]: row for row in found.rows}
    for number, (step, (_, wanted)) in enumerate(made.items()):
        assert {key: out[number].get(key) for key in wanted} == wanted, step
    first = len(rows) - len(gone)
    assert {step: found.ended[first + number + 1] for number, step in enumerate(gone)} == {step: step for step in gone}


@pytest.mark.parametrize("name", NAMES)
def test_every_step_has_a_row_that_shows_it(name: str):
    assert {*planted.MADE[name], *planted.GONE[name], *planted.ELSEWHERE.get(name, ())} == {step.id for step in recipe(name).steps}


@pytest.mark.parametrize("name", NAMES)
def test_every_step_says_why_and_stands_on_the_page(name: str):
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert f"<!-- Steps of builtin/{name}, " in page  # between here and the end `make docs` writes them
    rows = page.partition("<!-- End of steps -->")[2]
    for step in recipe(name).steps:
        assert step.why, step.id
        assert f"\n| `{step.id}` |" in rows
    assert f"]({name}.md)" in (PAGES / "README.md").read_text(encoding="utf-8")
