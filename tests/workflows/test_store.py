"""The store keeps every version and believes nothing."""

import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.errors import RecipeError
from workflows.check import Checked, check
from workflows.loader import load
from workflows.lock import Lock, make
from workflows.recipe import Recipe
from workflows.store import FOLDER, Store, find_home, new_run

pytestmark = pytest.mark.usefixtures("small_operators")
TEXT = """\
winnow: 1
name: test
sources: {rows: {path: rows.jsonl}}
steps: [{id: a, op: length, from: rows, with: {at_least: 1}}]
outputs: {out: {from: a, path: o.jsonl}}
"""


def made(folder: Path, at_least: int = 1, name: str = "test") -> tuple[Recipe, Lock]:
    recipe = load(TEXT.replace("at_least: 1", f"at_least: {at_least}").replace("name: test", f"name: {name}")).recipe
    found = check(recipe, folder, folder / "cache")
    assert found.graph is not None
    return recipe, make(found.graph, recipe)


@pytest.fixture
def store(folder: Path) -> Store:
    return Store(folder / FOLDER)


def test_versions_are_kept_and_numbered(store: Store, folder: Path) -> None:
    assert (store.list(), store.versions("test")) == ((), ())
    assert [store.save(*made(folder, bound)) for bound in (1, 2, 3)] == [1, 2, 3]
    assert store.list() == ("test",)
    assert store.versions("test") == (1, 2, 3)
    assert store.load("test").version == 3
    second = store.load("test", 2)
    assert second.recipe.version == 2
    assert second.recipe.steps[0].params == {"at_least": 2}
    assert second.lock == made(folder, 2)[1]
    assert store.project == folder


def test_what_has_not_changed_is_no_new_version(store: Store, folder: Path) -> None:
    assert [store.save(*made(folder, bound)) for bound in (1, 1, 2, 1)] == [1, 1, 2, 3]


def test_a_version_never_changes(store: Store, folder: Path) -> None:
    store.save(*made(folder, 1))
    before = {path.name: path.read_bytes() for path in (store.home / "recipes/test").iterdir()}
    store.save(*made(folder, 2))
    after = {path.name: path.read_bytes() for path in (store.home / "recipes/test").iterdir()}
    assert set(after) == {"v1.yaml", "v1.lock.json", "v2.yaml", "v2.lock.json"}
    assert {name: after[name] for name in before} == before


def _save_several(home: str, recipe: Recipe, lock: Lock, start: int) -> None:
    for number in range(5):
        other = lock.model_copy(update={"winnow": f"{start}.{number}"})
        Store(Path(home)).save(recipe, other)


def test_two_who_save_at_once_get_versions_of_their_own(store: Store, folder: Path) -> None:
    recipe, lock = made(folder)
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_save_several, args=(str(store.home), recipe, lock, start)) for start in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert store.versions("test") == tuple(range(1, 11))
    assert len({store.load("test", version).lock.winnow for version in store.versions("test")}) == 10


def test_a_crash_between_lock_and_recipe_leaves_no_version(store: Store, folder: Path) -> None:
    store.save(*made(folder, 1))
    (store.home / "recipes/test/v2.lock.json").write_text("{}")
    assert store.versions("test") == (1,)
    assert store.save(*made(folder, 2)) == 3


def test_what_is_not_there_is_named(store: Store, folder: Path) -> None:
    store.save(*made(folder))
    with pytest.raises(RecipeError, match=r"no recipe 'tets' in .*; did you mean 'test'"):
        store.load("tets")
    with pytest.raises(RecipeError, match="has no version 9; it has 1"):
        store.load("test", 9)


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "A", "a.b", "-a", "a" * 65, "a\0b", "a\n", "/etc", "é"])
def test_a_name_cannot_lead_out_of_the_store(store: Store, folder: Path, name: str) -> None:
    for work in (store.versions, store.load):
        with pytest.raises(RecipeError, match="is no recipe name"):
            work(name)
    recipe, lock = made(folder)
    with pytest.raises(RecipeError, match="is no recipe name"):
        store.save(recipe.model_copy(update={"name": name}), lock)


def test_a_planted_store_gives_errors_and_no_more(store: Store, folder: Path) -> None:
    place = store.home / "recipes/test"
    place.mkdir(parents=True)
    (place / "v1.yaml").write_text("a: &x [*x]")
    (place / "v1.lock.json").write_text("{}")
    (store.home / "recipes/EVIL").mkdir()
    (store.home / "recipes/test/v99999999999999.yaml").write_text("")
    assert store.list() == ("test",)
    with pytest.raises(RecipeError, match="anchor"):
        store.load("test")
    (store.home / "catalog.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(RecipeError, match="cannot be used"):
        store.record_run("r", "test", 1, "done")


def test_runs_are_recorded_and_updated(store: Store) -> None:
    assert store.recorded_runs() == ()
    store.record_run("20250101-000000-aaaa", "test", 1, "running", started="now", rows_in=10)
    store.record_run("20250102-000000-aaaa", "test", None, "failed")
    store.record_run("20250101-000000-aaaa", "test", 1, "done", seconds=1.5, rows_out=4)
    first, second = store.recorded_runs()
    assert (first.run, first.version, first.status) == ("20250102-000000-aaaa", None, "failed")
    assert (second.status, second.started, second.seconds, second.rows_in, second.rows_out) == ("done", "now", 1.5, 10, 4)
    assert len(store.recorded_runs(1)) == 1
    with pytest.raises(RecipeError, match="no name of a run"):
        store.record_run("../x", "test", 1, "done")


def test_git_is_told_what_is_not_for_it(store: Store, folder: Path) -> None:
    store.save(*made(folder))
    ignored = (store.home / ".gitignore").read_text().split("\n")
    assert {"cache/", "runs/", "catalog.sqlite*"} <= set(ignored)
    assert "recipes/" not in ignored


def test_home_is_the_nearest_parent_that_has_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / "a/b/c"
    deep.mkdir(parents=True)
    assert find_home(deep) == deep / FOLDER
    (tmp_path / "a" / FOLDER).mkdir()
    assert find_home(deep) == tmp_path / "a" / FOLDER
    monkeypatch.setenv("WINNOW_HOME", str(tmp_path / "else"))
    assert find_home(deep) == tmp_path / "else"


def test_two_runs_of_one_second_sort_by_age():
    early, late = (new_run(datetime(2025, 1, 2, 3, 4, 5, part * 10_000, tzinfo=UTC)) for part in (1, 2))
    assert early < late


def test_names_of_runs_sort_by_age() -> None:
    early, late = new_run(datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)), new_run(datetime(2025, 11, 2, 3, 4, 5, tzinfo=UTC))
    assert early.startswith("20250102-030405-")
    assert early < late
    assert len(early) == len("20250102-030405-") + 4


def test_looking_makes_nothing(store: Store, checked: Callable[..., Checked]) -> None:
    _ = store.list(), store.recorded_runs(), store.cache, store.runs, store.versions("test")
    assert not store.home.exists()
