"""What is to be run: a recipe from a file, the store or a planner, checked against its inputs and compared with its lock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tools.errors import RecipeError

from .builtin_recipes import is_builtin, needs, text_of
from .check import check
from .findings import Finding
from .graph import Graph
from .loader import Loaded, load
from .lock import Lock, compare, make, parse
from .manifest import Manifest
from .planned import Planned
from .recipe import Recipe
from .store import Store
from .strangers.shelf import files_of
from .text import dump

Paths = Mapping[str, str | list[str]]


class Refused(RecipeError):
    """Nothing was written: an approval is missing, or the recipe is not what its lock says."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a person named on the command line; such paths may lie anywhere."""

    inputs: Paths
    output: str | None = None
    scan_all: bool = False


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A recipe with its graph and lock; nothing has run yet."""

    recipe: Recipe
    text: str
    graph: Graph
    lock: Lock
    folder: Path  # where relative paths of the recipe start
    given: Given
    title: str  # what manifests know it by: its name, or `builtin/NAME`
    version: int | None = None
    warnings: tuple[str, ...] = ()
    plan: Planned | None = None  # how a planner came to the recipe

    @property
    def files(self) -> dict[str, str]:
        """The text of each file that an operator of it stands in."""
        return files_of(self.graph)

    @property
    def name(self) -> str:
        return self.title if self.version is None else f"{self.title}@{self.version}"


def from_file(path: Path, cache: Path, given: Given, *, compare_lock: bool = True) -> Chosen:
    """A recipe file. Raises Refused when the lock beside it says something else."""
    loaded, text = _read(path)
    beside = lock_beside(path, loaded.recipe)
    lock = parse(beside.read_bytes(), str(beside)) if compare_lock and beside.exists() else None
    return _checked(loaded, text, path.parent.resolve(), cache, given, str(path), lock, f"`winnow save {path}` makes it the next version")


def from_store(store: Store, name: str, version: int, given: Given) -> Chosen:
    """A stored version; its relative paths start where the store's folder lies."""
    stored = store.load(name, version)
    place = f"{name}@{version}"
    mend = f"`winnow show {place} > {name}.yaml`, then `winnow save {name}.yaml` makes it the next version"
    chosen = _checked(load(stored.text, place), stored.text, store.project, store.cache, given, place, stored.lock, mend, version, files=stored.files)
    return replace(chosen, plan=stored.plan)


def from_builtin(name: str, folder: Path, cache: Path, given: Given) -> Chosen:
    """A recipe that comes with winnow; its lock is new, since it follows from the person's columns too."""
    text = text_of(name)
    return _checked(load(text, name), text, folder, cache, given, name, None, "", title=name)


def from_recipe(recipe: Recipe, folder: Path, cache: Path, given: Given, *, title: str = "", files: Mapping[str, str] | None = None) -> Chosen:
    """A recipe that a planner or a program made; its lock is new. `title`: what it is known by, where not by its name; `files`: those
    of operators, where they do not lie beneath the folder."""
    text = dump(recipe)
    place = title or recipe.name
    return _checked(load(text, place), text, folder, cache, given, place, None, "", title=title, files=files)


def from_draft(recipe: Recipe, store: Store, inputs: Paths, output: str | None) -> Chosen:
    """A planner's recipe, with paths beneath the project written relative to it, over what the person named."""
    given = Given(inputs=dict(inputs), output=output if len(recipe.outputs) == 1 else None)
    return from_recipe(relative(recipe, store.project), store.project, store.cache, given)


def relative(recipe: Recipe, project: Path) -> Recipe:
    """The recipe with paths beneath the project written relative to it."""

    def moved(path: str | list[str]) -> str | list[str]:
        if isinstance(path, list):
            return [str(moved(one)) for one in path]
        place = Path(path)
        return str(place.relative_to(project)) if place.is_absolute() and place.is_relative_to(project) else path

    sources = {name: spec.model_copy(update={"path": moved(spec.path)}) for name, spec in recipe.sources.items()}
    outputs = {name: spec.model_copy(update={"path": moved(spec.path)}) for name, spec in recipe.outputs.items()}
    return recipe.model_copy(update={"sources": sources, "outputs": outputs})


def again(manifest: Manifest, cache: Path, output: str | None = None) -> Chosen:
    """The recipe of a run with the inputs and output it had. Raises Refused when it would not do the same now."""
    place = f"run {manifest.run}"
    given = Given(inputs=manifest.inputs, output=output or manifest.output)
    lock = parse(manifest.lock, place)
    mend = f"`winnow run {manifest.recipe}` makes a new run"
    loaded, folder = load(manifest.text, place), Path(manifest.folder)
    chosen = _checked(
        loaded, manifest.text, folder, cache, given, place, lock, mend, manifest.version, title=manifest.recipe, files=manifest.operators
    )
    return replace(chosen, plan=manifest.plan)


def lock_beside(path: Path, recipe: Recipe) -> Path:
    """Where the lock of a recipe file lies."""
    return path.with_name(f"{recipe.name}.lock.json")


def _other_names(title: str, errors: Sequence[Finding]) -> Iterator[str]:
    """Nobody can correct `on:` in a recipe that comes with winnow: the mend is to say what the data call the column."""
    amiss = [one for one in errors if one.part == "step" and one.key.partition(".")[0] == "on"]
    if is_builtin(title) and amiss and not any("--column" in one.mend for one in amiss):
        yield f"{title} takes {needs(title)}"


def _read(path: Path) -> tuple[Loaded, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RecipeError(f"{path}: no such recipe file") from None
    except UnicodeDecodeError as error:
        raise RecipeError(f"{path}: not UTF-8 at byte {error.start}") from None
    return load(text, str(path)), text


def _checked(
    loaded: Loaded,
    text: str,
    folder: Path,
    cache: Path,
    given: Given,
    place: str,
    lock: Lock | None,
    mend: str,
    version: int | None = None,
    *,
    title: str = "",
    files: Mapping[str, str] | None = None,
) -> Chosen:
    """Raises RecipeError with every finding of the checker, then Refused where a lock says something else."""
    found = check(
        loaded.recipe,
        folder,
        cache,
        inputs=given.inputs,
        output=given.output,
        scan_all=given.scan_all,
        lines=loaded.lines,
        locked=None if lock is None else lock.schemas,
        files=files,
    )
    if found.graph is None:
        raise RecipeError("\n".join([*(f"{place}: {finding}" for finding in found.errors), *_other_names(title, found.errors)]))
    differences = [] if lock is None else compare(lock, found.graph, loaded.recipe)
    if differences:
        lines = "\n".join(f"  {line}" for line in differences)
        raise Refused(f"{place}: the recipe is not what its lock says:\n{lines}\n{mend}")
    return Chosen(
        recipe=loaded.recipe,
        text=text,
        graph=found.graph,
        lock=lock or make(found.graph, loaded.recipe),
        folder=folder,
        given=given,
        title=title or loaded.recipe.name,
        version=version,
        warnings=tuple(map(str, found.warnings)),
    )
