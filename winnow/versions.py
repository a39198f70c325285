"""How versions of a recipe came about and differ: in text, and in what became of rows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from . import review
from .answer import BadUsage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.diff import Fates
    from workflows.manifest import Manifest
    from workflows.recipe import Recipe
    from workflows.store import Store

MOST_RUNS = 10_000


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two things that are compared."""

    name: str
    recipe: "Recipe"
    files: "Mapping[str, str]"  # in which operators of strangers stand
    run: "Manifest | None"  # where its rows are told


@dataclass(frozen=True, kw_only=True)
class Differences:
    """Changed lines, and the rows whose fate changes; `why_not` says why there are none to compare."""

    lines: list[str]
    changes: list[str]
    fates: "Fates | None"
    runs: tuple[str, str] | None = None
    why_not: str = ""


def history(store: "Store", name: str) -> list[dict[str, object]]:
    """Every version, the newest first."""
    from workflows.trust import State

    state, runs = State(), store.recorded_runs(MOST_RUNS)
    found: list[dict[str, object]] = []
    for version in reversed(store.versions(name)):
        stored = store.load(name, version)
        mine = [run for run in runs if (run.recipe, run.version) == (name, version)]
        last = next((run for run in mine if run.status == "done"), None)
        found.append(
            {
                "version": version,
                "saved": _saved(store, name, version),
                "goal": stored.recipe.goal,
                "planned_by": stored.plan.planner if stored.plan else None,
                "approved_by": state.approved_by(stored.lock.digest),
                "steps": len(stored.recipe.steps),
                "runs": len(mine),
                "last_run": last.run if last else None,
                "rows_in": last.rows_in if last else None,
                "rows_out": last.rows_out if last else None,
            }
        )
    return found


def differences(store: "Store", one: str, other: str) -> Differences:
    """What changed from one to the other: each a version, a recipe file or a run."""
    from workflows import diff

    before, after = _side(store, one), _side(store, other)
    names = (before.name, after.name)
    lines = diff.lines(before.recipe, after.recipe, names) + diff.file_lines(before.files, after.files, names)
    changes = [str(change) for change in diff.changes(before.recipe, after.recipe)]
    if why_not := _incomparable(before, after):
        return Differences(lines=lines, changes=changes, fates=None, why_not=why_not)
    assert before.run is not None
    assert after.run is not None
    runs = (before.run.run, after.run.run)
    fates = diff.fates(store.runs / runs[0] / "ledger", store.runs / runs[1] / "ledger")
    return Differences(lines=lines, changes=changes, fates=fates, runs=runs)


def _side(store: "Store", target: str) -> Side:
    from tools.errors import RecipeError
    from workflows import runs
    from workflows.builtin_recipes import is_builtin
    from workflows.loader import load
    from workflows.strangers.shelf import Shelf

    if review.is_file(target):
        text, place = review.text_of(store, target)
        recipe = load(text, place).recipe
        return Side(name=place, recipe=recipe, files=Shelf(Path(target).parent).texts(step.op for step in recipe.steps), run=None)
    if is_builtin(target):
        text, place = review.text_of(store, target)
        same = (one for one, standing in runs.all_runs(store) if standing == "done" and (one.recipe, one.text) == (place, text))
        return Side(name=place, recipe=load(text, place).recipe, files={}, run=next(same, None))
    bare = target.partition("@")[0]
    if bare in store.list():
        name, version = review.stored_name(store, target)
        stored = store.load(name, version)
        found = (one for one, standing in runs.all_runs(store) if standing == "done" and (one.recipe, one.version) == (name, stored.version))
        return Side(name=f"{name}@{stored.version}", recipe=stored.recipe, files=stored.files, run=next(found, None))
    try:
        manifest = runs.manifest_of(store, target)
    except RecipeError:
        raise BadUsage(f"{target!r} is no stored recipe, no recipe file and no run; see `winnow recipes` and `winnow runs`") from None
    return Side(name=manifest.run, recipe=load(manifest.text, manifest.run).recipe, files=manifest.operators, run=manifest)


def _incomparable(before: Side, after: Side) -> str:
    for side in (before, after):
        if side.run is None:
            return f"{side.name} has no finished run here: `winnow run {side.name}` makes one"
    assert before.run is not None
    assert after.run is not None
    if {file.digest for file in before.run.files} != {file.digest for file in after.run.files}:
        return f"runs {before.run.run} and {after.run.run} had other input; run both on the same"
    return ""


def _saved(store: "Store", name: str, version: int) -> str:
    path = Path(store.home) / "recipes" / name / f"v{version}.yaml"
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
