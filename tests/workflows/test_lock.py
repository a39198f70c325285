"""The lock says exactly what is done, and in words how that has changed."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pydantic import ValidationError

from tests.workflows import operators
from tests.workflows.operators import Length, Parts
from tools import provenance
from tools.catalogue import operator
from tools.errors import RecipeError
from tools.provenance import operator_digest, sources_of
from workflows.check import check
from workflows.graph import Graph
from workflows.loader import load
from workflows.lock import Lock, compare, make, parse
from workflows.recipe import Recipe

pytestmark = pytest.mark.usefixtures("small_operators")
TEXT = """\
winnow: 1
name: test
seed: 5
sources:
  rows: {path: rows.jsonl}
steps:
  - {id: a, op: length@1, from: rows, with: {at_least: 3}}
  - {id: parts, op: parts@1, from: a}
outputs:
  out: {from: parts, path: out.jsonl}
"""
Locked = tuple[Recipe, Graph, Lock]


@pytest.fixture
def locked(folder: Path) -> Callable[..., Locked]:
    def run(*changes: tuple[str, str], **more: object) -> Locked:
        text = TEXT
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        recipe = load(text).recipe
        found = check(recipe, folder, folder / "cache", **more)  # type: ignore[arg-type]
        assert found.graph is not None, list(map(str, found.errors))
        return recipe, found.graph, make(found.graph, recipe)

    return run


def test_a_lock_holds_operators_parameters_seeds_and_columns(locked: Callable[..., Locked]) -> None:
    _, graph, lock = locked()
    assert lock.steps["a"].operator == "length@1"
    assert lock.steps["a"].params == {"at_least": 3, "at_most": None}
    assert lock.steps["a"].source == operator_digest(Length)
    assert (lock.steps["a"].seed, lock.steps["parts"].seed) == (None, 5)
    assert lock.sources["rows"].operator == "jsonl@1"
    assert lock.sources["rows"].columns["tags"] == "list<item: string>"
    assert lock.schemas["rows"].equals(graph.inputs[0].schema, check_metadata=True)
    assert list(lock.outputs) == ["out.train", "out.validation", "out.test"]


def test_the_same_recipe_makes_the_same_lock_and_it_reads_back(locked: Callable[..., Locked]) -> None:
    recipe, graph, lock = locked()
    assert locked()[2].digest == lock.digest
    assert make(graph, recipe.model_copy(update={"version": 7})).digest == lock.digest
    assert parse(lock.text(), "x") == lock
    assert parse(lock.text(), "x").digest == lock.digest
    assert locked(("at_least: 3", "at_least: 4"))[2].digest != lock.digest
    assert compare(lock, graph, recipe) == []


def test_differences_are_said_in_words(locked: Callable[..., Locked], folder: Path) -> None:
    _, _, lock = locked()
    (folder / "rows.jsonl").write_text('{"text": 5, "id": 1, "more": "x"}\n')
    recipe, graph, _ = locked(("at_least: 3", "at_least: 4"), ("seed: 5", "seed: 6"), ("id: a,", "id: b,"), ("from: a}", "from: b}"))
    assert compare(lock, graph, recipe) == [
        "the recipe's text has changed",
        "source 'rows': column 'text' was string, is int64",
        "source 'rows': column 'score' (double) is missing",
        "source 'rows': column 'good' (bool) is missing",
        "source 'rows': column 'tags' (list<item: string>) is missing",
        "source 'rows': column 'meta' (struct<a: int64>) is missing",
        "source 'rows': column 'more' (string) is new",
        "step 'a' is gone",
        "step 'parts': seed was 5, is 6",
        "step 'b' is new",
    ]
    recipe, graph, _ = locked(("at_least: 3", "at_least: 4"))
    assert "step 'a': at_least was 3, is 4" in compare(lock, graph, recipe)


def test_changed_code_is_a_difference(locked: Callable[..., Locked]) -> None:
    recipe, graph, lock = locked()
    old = lock.model_copy(update={"steps": {**lock.steps, "a": lock.steps["a"].model_copy(update={"source": "0" * 64})}})
    (said,) = compare(old, graph, recipe)
    assert said.startswith("step 'a': the code of length@1 has changed (000000000000 → ")


def test_new_data_with_the_locks_columns_is_no_difference(locked: Callable[..., Locked], folder: Path) -> None:
    _, _, lock = locked()
    new = folder / "new.jsonl"
    new.write_text('{"id": 1, "text": "a", "score": 2, "good": null, "tags": [], "meta": {"a": 1}, "more": 1}\n')
    recipe, graph, _ = locked(inputs={"rows": str(new)}, locked=lock.schemas)
    assert compare(lock, graph, recipe) == []


def test_a_lock_that_is_none_is_refused(locked: Callable[..., Locked]) -> None:
    _, _, lock = locked()
    for text in ("", "{}", "[]", lock.text().replace('"lock": 1', '"lock": 2'), lock.text().replace('"seed"', '"sed"'), "[" * 100_000):
        with pytest.raises(RecipeError, match="not a lock that this winnow can read"):
            parse(text, "x")
    with pytest.raises(ValidationError):
        Lock.model_validate({**lock.model_dump(), "more": 1})
    for arrow in ("", "%", "AAAA", "//////////8QAAAA"):
        with pytest.raises(RecipeError, match="columns cannot be read"):
            _ = lock.sources["rows"].model_copy(update={"arrow": arrow}).schema_of_rows


def test_columns_of_json_text_survive_the_lock(locked: Callable[..., Locked]) -> None:
    _, _, lock = locked(("path: rows.jsonl}\nsteps", "path: rows.jsonl, columns: {meta: json}}\nsteps"))
    assert lock.sources["rows"].columns["meta"] == "json"
    assert lock.schemas["rows"].field("meta").metadata == {b"winnow": b"json"}
    assert lock.schemas["rows"].field("meta").type == pa.string()


# ---- the digest of an operator


def test_a_digest_covers_what_the_operator_imports_in_its_room() -> None:
    found = sources_of(operator("words"))
    assert {"tools.measures.size", "tools.contract"} <= set(found)
    assert all(name.startswith("tools.") for name in found)
    assert "tests.workflows.operators" in sources_of(Length)


def test_a_digest_changes_with_any_file_in_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "someroom"
    (room / "inner").mkdir(parents=True)
    files = {
        "__init__.py": "",
        "inner/__init__.py": "",
        "inner/op.py": "from ..near import X\nclass Op:\n    def work(self):\n        from someroom.inner import late\n",
        "near.py": "import someroom.far\nX = 1\n",
        "far.py": "",
        "inner/late.py": "",
        "other.py": "",
    }
    for name, text in files.items():
        (room / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    made = __import__("someroom.inner.op", fromlist=["Op"]).Op
    assert {"someroom.inner.op", "someroom.near", "someroom.far", "someroom.inner.late"} <= set(sources_of(made))
    before = operator_digest(made)
    for name in ("inner/op.py", "near.py", "far.py", "inner/late.py"):
        (room / name).write_text(files[name] + "# changed\n")
        assert operator_digest(made) != before
        (room / name).write_text(files[name])
        assert operator_digest(made) == before
    (room / "other.py").write_text("# changed")
    assert operator_digest(made) == before


def test_a_digest_imports_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "quietroom"
    room.mkdir()
    for name, text in {"__init__.py": "", "op.py": "class Op:\n    def work(self):\n        from quietroom.loud import shout\n"}.items():
        (room / name).write_text(text)
    (room / "loud.py").write_text("raise RuntimeError('imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = __import__("quietroom.op", fromlist=["Op"]).Op
    assert "quietroom.loud" in sources_of(made)


def test_what_was_found_in_a_file_is_kept_until_the_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keptroom.py").write_text("class Op: pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = __import__("keptroom").Op
    monkeypatch.setattr(provenance, "SETTLED_SECONDS", -1)
    before, kept = operator_digest(made), provenance.known()
    assert kept is not None and provenance.known() is None
    monkeypatch.setattr(provenance, "_seen", {})
    provenance.recall(kept)
    with monkeypatch.context() as patched:
        patched.setattr(provenance, "_looked_at", None)
        assert operator_digest(made) == before
    (tmp_path / "keptroom.py").write_text("class Op:  pass\n")
    assert operator_digest(made) != before
    provenance.recall(b"broken")


def test_digests_of_classes_in_one_file_are_the_same() -> None:
    assert operator_digest(Length) == operator_digest(Parts)
    assert provenance.sources_of(Length)["tests.workflows.operators"] == Path(str(operators.__file__))
