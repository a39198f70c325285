"""What stands between a recipe and its run: which one is meant, what it would do, and whether a person said yes."""

import getpass
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import options, render, show
from .answer import BadUsage

if TYPE_CHECKING:
    from workflows.chosen import Chosen
    from workflows.engine.preview import Preview
    from workflows.lock import Lock
    from workflows.recipe import Recipe
    from workflows.store import Store

    from .edits import Edits

ENDINGS = (".yaml", ".yml")
SAMPLE = 1000


def open_store() -> "Store":
    """This project's store."""
    from workflows.store import Store, find_home

    return Store(find_home())


def is_file(target: str) -> bool:
    """Whether NAME[@V]|FILE means a file."""
    from workflows.builtin_recipes import is_builtin

    return target.endswith(ENDINGS) or ("/" in target and not is_builtin(target))


def stored_name(store: "Store", target: str) -> tuple[str, int | None]:
    """Name and version, None where none is said. Raises BadUsage where the store has no such recipe."""
    from tools.errors import RecipeError
    from tools.names import nearest
    from workflows.builtin_recipes import is_builtin

    if is_builtin(target):
        raise BadUsage(f"{target!r} comes with winnow and is not stored here; `winnow show {target} > mine.yaml`, `winnow save mine.yaml` stores it")
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
    from workflows.builtin_recipes import is_builtin

    if is_builtin(target):
        return _builtin(target), target
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
    edits: "Edits | None" = None,
    scan_all: bool = False,
    approved: bool = False,
    writes: bool = False,
) -> "Chosen":
    """The recipe that is meant, checked. `approved`: without a version, the latest that was approved, and say which.
    `writes`: it is to be run, so that a builtin recipe must be told where to."""
    from workflows.builtin_recipes import is_builtin
    from workflows.chosen import Given, from_builtin, from_file, from_recipe, from_store

    text, place = text_of(store, target)
    if is_builtin(target):
        refuse_placeholders(target, inputs, output, writes)
    recipe = _load(text, place)
    given = Given(inputs=options.named_inputs(inputs, tuple(recipe.sources)), output=output, scan_all=scan_all)
    if edits:
        if is_file(target):
            return from_recipe(edits.of(recipe), Path(target).parent.resolve(), store.cache, given)
        if is_builtin(target):
            return from_recipe(edits.of(recipe), store.project, store.cache, given, title=target)
        stored = store.load(*stored_name(store, target))
        return replace(from_recipe(edits.of(recipe), store.project, store.cache, given, files=stored.files), plan=stored.plan)
    if is_builtin(target):
        return from_builtin(target, store.project, store.cache, given)
    if is_file(target):
        return from_file(Path(target), store.cache, given)
    name, version = stored_name(store, target)
    return from_store(store, name, version or _latest(store, name, approved), given)


def save(chosen: "Chosen", store: "Store") -> "Chosen":
    """Store it as the next version."""
    version = store.save(chosen.recipe, chosen.lock, chosen.plan, chosen.files)
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


def preview(
    chosen: "Chosen",
    store: "Store",
    *,
    rows: int = SAMPLE,
    keys: bool | None = None,
    workers: int | None = None,
    shown: bool = True,
    stderr: bool = True,
    examples: bool = False,
) -> "Preview":
    """Try it on a sample, and show what each step does and what a run will take. `examples`: of dropped rows, also where nothing is shown."""
    from workflows import pace
    from workflows.engine.preview import preview as try_out
    from workflows.executor import cores
    from workflows.report.predicted import keep

    seen = try_out(chosen.graph, store.cache, rows=rows, keys=keys, examples=shown or examples, workers=workers or cores(), pace=pace.known())
    keep(seen, chosen.graph, chosen.lock.digest, store.cache)
    if shown:
        for warning in chosen.warnings:
            render.say(f"note: {warning}")
        show.preview(seen, stderr=stderr)
    return seen


def approved_by(chosen: "Chosen", yes: bool, seen: "Preview | None" = None, *, asks: bool = True, failing: Sequence[str] = ()) -> str:
    """Who says yes: somebody earlier, `--yes`, or the person at the terminal. Raises Refused.

    `failing`: parts of the goal that do not hold in the sample, which nobody but a person says yes to."""
    from workflows.chosen import Refused
    from workflows.policy import objections
    from workflows.strangers.believed import unvetted
    from workflows.trust import POLICY, State

    state = State()
    known = state.approval(chosen.lock.digest)
    strange = unvetted(chosen.lock)
    if known is not None and known.by == POLICY and strange:
        known = None
    if known is not None and not (yes and known.by == POLICY):  # a new --yes is for what is run now
        return known.name or POLICY
    if yes:
        if against := [*objections(chosen.lock), *(f"in the sample this does not hold: {one}" for one in failing)]:
            raise Refused(
                f"{chosen.name}: --yes does not cover it, a person must approve it at the terminal:\n" + "\n".join(f"  {one}" for one in against)
            )
        state.approve(chosen.lock.digest, _text(seen), POLICY, "--yes", by=POLICY)
        return POLICY
    if not asks or not sys.stdin.isatty():
        raise Refused(f"{chosen.name}: nobody approved it; look at it with `winnow preview`, then `winnow approve`, or give --yes")
    for one in strange:
        render.say(f"note: {one}")
    if not ask(f"Run {chosen.name}?"):
        raise Refused(f"{chosen.name}: not approved; nothing was written")
    return state.approve(chosen.lock.digest, _text(seen), person(), "at the terminal").name


def approve(store: "Store", target: str, note: str) -> str:
    """Write down a yes to a stored version."""
    from workflows.trust import State

    if is_file(target):
        raise BadUsage(f"{target}: only a stored version can be approved; `winnow save {target}` makes one")
    name, version = stored_name(store, target)
    if version is None:
        raise BadUsage(f"{name}: say which version, as in {name}@{store.versions(name)[-1]}")
    lock = store.load(name, version).lock
    face_unvetted(f"{name}@{version}", lock)
    State().approve(lock.digest, _text(_seen(store, target)), person(), note)
    return f"{name}@{version}"


def face_unvetted(name: str, lock: "Lock") -> None:
    """What nobody vetted is approved by a person who sits at the terminal and is told so. Raises Refused."""
    from workflows.chosen import Refused
    from workflows.strangers.believed import unvetted

    strange = unvetted(lock)
    for one in strange:
        render.say(f"note: {one}")
    if strange and not (sys.stdin.isatty() and ask(f"Approve {name} all the same?")):
        raise Refused(f"{name}: not approved: it has unvetted operators of strangers, and only a person at the terminal may approve these")


def latest_approved(store: "Store", name: str) -> int | None:
    """The latest version of a recipe that this user approved."""
    from workflows.trust import State

    state = State()
    return next((version for version in reversed(store.versions(name)) if state.approved_by(store.load(name, version).lock.digest)), None)


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


def _builtin(target: str) -> str:
    from tools.errors import RecipeError
    from workflows.builtin_recipes import text_of as builtin_text

    try:
        return builtin_text(target)
    except RecipeError as error:
        raise BadUsage(str(error)) from None


def refuse_placeholders(target: str, inputs: Sequence[str] | Mapping[str, object] | None, output: str | None, writes: bool) -> None:
    """A builtin recipe comes without data: its paths only show where paths stand."""
    from workflows.builtin_recipes import needs

    missing = [needs(target)] if not inputs else []
    if writes and output is None:
        missing.append("--output PATH, where the rows go (- for stdout)")
    if missing:
        raise BadUsage(f"{target} comes without data; give {'; and '.join(missing)}")


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


def hold(chosen: "Chosen", store: "Store", workers: int | None) -> None:
    """Before a run on other inputs than were approved: try a sample of them. Raises Drifted where steps keep far more or less."""
    from workflows.drift import drifts_foretold, refuse
    from workflows.report.predicted import parsed, prediction
    from workflows.trust import State

    given = State().approval(chosen.lock.digest)
    approved = None if given is None else parsed(given.preview)
    if approved is not None and chosen.given.inputs:
        lines = drifts_foretold(approved, chosen.graph, prediction(preview(chosen, store, workers=workers, keys=False, shown=False)))
        refuse(lines, "nothing was run; look with `winnow preview`, then give --accept-drift to run all the same")


def _text(seen: "Preview | None") -> str:
    from workflows.report.predicted import prediction

    return "" if seen is None else prediction(seen).model_dump_json()


def _seen(store: "Store", target: str) -> "Preview | None":
    """A preview of a stored version, where its inputs lie at hand."""
    from tools.errors import WinnowError

    try:
        return preview(choose(store, target, None, None), store)
    except WinnowError as error:
        render.say(f"note: approved without a preview: {error}")
        return None
