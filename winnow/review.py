"""What stands between a recipe and its run: which one is meant, what it would do, and whether a person said yes."""

import getpass
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from . import options, render, show
from .answer import BadUsage

if TYPE_CHECKING:
    from workflows.chosen import Chosen
    from workflows.engine import Preview
    from workflows.recipe import Recipe
    from workflows.store import Store

ENDINGS = (".yaml", ".yml")
SAMPLE = 1000


def open_store() -> "Store":
    """This project's store."""
    from workflows.store import Store, find_home

    return Store(find_home())


def is_file(target: str) -> bool:
    """Whether NAME[@V]|FILE means a file."""
    return target.endswith(ENDINGS) or "/" in target


def stored_name(store: "Store", target: str) -> tuple[str, int | None]:
    """Name and version, None where none is said. Raises BadUsage where the store has no such recipe."""
    from tools.errors import RecipeError
    from tools.names import nearest

    name, at, version = target.partition("@")
    try:
        versions = store.versions(name)
    except RecipeError as error:
        raise BadUsage(str(error)) from None
    if not versions:
        raise BadUsage(f"no recipe {name!r} in {store.home}{nearest(name, store.list())}; `winnow recipes` lists them; a file ends in .yaml")
    if not at:
        return name, None
    if not version.isdecimal() or int(version) not in versions:
        raise BadUsage(f"recipe {name!r} has no version {version!r}; it has {', '.join(map(str, versions))}")
    return name, int(version)


def text_of(store: "Store", target: str) -> tuple[str, str]:
    """The text of a recipe and what to call it."""
    if is_file(target):
        return _read(target), target
    name, version = stored_name(store, target)
    stored = store.load(name, version)
    return stored.text, f"{name}@{stored.version}"


def choose(
    store: "Store",
    target: str,
    inputs: Sequence[str] | None,
    output: str | None,
    *,
    changes: Sequence[str] = (),
    limit: int | None = None,
    scan_all: bool = False,
    approved: bool = False,
) -> "Chosen":
    """The recipe that is meant, checked. `approved`: without a version, the latest that was approved, and say which."""
    from workflows.chosen import Given, from_file, from_recipe, from_store

    text, place = text_of(store, target)
    recipe = _load(text, place)
    given = Given(inputs=options.named_inputs(inputs, tuple(recipe.sources)), output=output, scan_all=scan_all)
    if changes or limit is not None:
        from .edits import limited, with_changes

        folder = Path(target).parent.resolve() if is_file(target) else store.project
        edited = with_changes(recipe, changes)
        return from_recipe(edited if limit is None else limited(edited, limit), folder, store.cache, given)
    if is_file(target):
        return from_file(Path(target), store.cache, given)
    name, version = stored_name(store, target)
    return from_store(store, name, version or _latest(store, name, approved), given)


def chosen_draft(recipe: "Recipe", store: "Store", inputs: dict[str, str], output: str | None) -> "Chosen":
    """A planner's recipe, with paths beneath the project written relative to it."""
    from workflows.chosen import Given, from_recipe

    given = Given(inputs=dict(inputs), output=output if len(recipe.outputs) == 1 else None)
    return from_recipe(relative(recipe, store.project), store.project, store.cache, given)


def save(chosen: "Chosen", store: "Store") -> "Chosen":
    """Store it as the next version."""
    version = store.save(chosen.recipe, chosen.lock)
    stored = store.load(chosen.recipe.name, version)
    return replace(chosen, recipe=stored.recipe, text=stored.text, version=version)


def save_file(store: "Store", file: Path, inputs: Sequence[str] | None, scan_all: bool) -> "Chosen":
    """Check a recipe file, store it, and write its lock beside it."""
    from workflows.chosen import Given, from_file, lock_beside
    from workflows.manifest import replace_file

    recipe = _load(_read(str(file)), str(file))
    given = Given(inputs=options.named_inputs(inputs, tuple(recipe.sources)), scan_all=scan_all)
    saved = save(from_file(file, store.cache, given, compare_lock=False), store)
    replace_file(lock_beside(file, recipe), saved.lock.text().encode())
    return saved


def preview(chosen: "Chosen", store: "Store", *, rows: int = SAMPLE, shown: bool = True, stderr: bool = True) -> "Preview":
    """Try it on a sample, and show what each step does."""
    from workflows.engine import preview as try_out
    from workflows.report.predicted import keep

    seen = try_out(chosen.graph, store.cache, rows=rows)
    keep(seen, chosen.graph, chosen.lock.digest, store.cache)
    if shown:
        for warning in chosen.warnings:
            render.say(f"note: {warning}")
        show.preview(seen, stderr=stderr)
    return seen


def approved_by(chosen: "Chosen", yes: bool, seen: "Preview | None" = None, *, asks: bool = True) -> str:
    """Who says yes: somebody earlier, `--yes`, or the person at the terminal. Raises Refused."""
    from workflows.chosen import Refused
    from workflows.policy import objections
    from workflows.trust import POLICY, State

    state = State()
    known = state.approved_by(chosen.lock.digest)
    if known is not None:
        return known
    if yes:
        if against := objections(chosen.lock):
            raise Refused(
                f"{chosen.name}: --yes does not cover it, a person must approve it at the terminal:\n" + "\n".join(f"  {one}" for one in against)
            )
        state.approve(chosen.lock.digest, _digest(seen), POLICY, "--yes", by=POLICY)
        return POLICY
    if not asks or not sys.stdin.isatty():
        raise Refused(f"{chosen.name}: nobody approved it; look at it with `winnow preview`, then `winnow approve`, or give --yes")
    if not ask(f"Run {chosen.name}?"):
        raise Refused(f"{chosen.name}: not approved; nothing was written")
    return state.approve(chosen.lock.digest, _digest(seen), person(), "at the terminal").name


def approve(store: "Store", target: str, note: str) -> str:
    """Write down a yes to a stored version."""
    from workflows.trust import State

    if is_file(target):
        raise BadUsage(f"{target}: only a stored version can be approved; `winnow save {target}` makes one")
    name, version = stored_name(store, target)
    if version is None:
        raise BadUsage(f"{name}: say which version, as in {name}@{store.versions(name)[-1]}")
    State().approve(store.load(name, version).lock.digest, "", person(), note)
    return f"{name}@{version}"


def latest_approved(store: "Store", name: str) -> int | None:
    """The latest version of a recipe that this user approved."""
    from workflows.trust import State

    state = State()
    return next((version for version in reversed(store.versions(name)) if state.approved_by(store.load(name, version).lock.digest)), None)


def relative(recipe: "Recipe", project: Path) -> "Recipe":
    """The recipe with paths beneath the project written relative to it."""

    def moved(path: str | list[str]) -> str | list[str]:
        if isinstance(path, list):
            return [str(moved(one)) for one in path]
        place = Path(path)
        return str(place.relative_to(project)) if place.is_absolute() and place.is_relative_to(project) else path

    sources = {name: spec.model_copy(update={"path": moved(spec.path)}) for name, spec in recipe.sources.items()}
    outputs = {name: spec.model_copy(update={"path": moved(spec.path)}) for name, spec in recipe.outputs.items()}
    return recipe.model_copy(update={"sources": sources, "outputs": outputs})


def ask(question: str) -> bool:
    """A yes or no at the terminal."""
    import typer

    return typer.confirm(render.plain(question), err=True)


def person() -> str:
    try:
        return getpass.getuser()
    except OSError:  # a user id without a name
        return "somebody"


def _latest(store: "Store", name: str, approved: bool) -> int:
    latest = store.versions(name)[-1]
    if not approved:
        return latest
    version = latest_approved(store, name)
    if version is None:
        render.say(f"no version of {name} is approved; taking the latest, {name}@{latest}")
        return latest
    render.say(f"taking {name}@{version}, the latest approved" + (f"; the latest is {name}@{latest}" if version != latest else ""))
    return version


def _load(text: str, place: str) -> "Recipe":
    from workflows.loader import load

    return load(text, place).recipe


def _read(target: str) -> str:
    try:
        return Path(target).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadUsage(f"{target}: no such recipe file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadUsage(f"{target}: cannot be read: {error}") from None


def _digest(seen: "Preview | None") -> str:
    return "" if seen is None else sha256(json.dumps(asdict(seen), sort_keys=True, default=str).encode()).hexdigest()
