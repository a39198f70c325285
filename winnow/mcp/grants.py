"""What a client of the server may touch: data files beneath the roots that the person who started it named, and nothing else."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.catalogue import OPERATORS, operator
from tools.errors import RecipeError
from tools.storage import Shard
from winnow import options
from winnow.answer import BadUsage
from workflows.inputs import STDIN, SUFFIXES, WILD, ending, find
from workflows.recipe import Recipe
from workflows.store import Store
from workflows.strangers.file import called

FILE_PARAMETERS = ("tokenizer",)  # parameters of operators that name a file (a test compares them with the cards)
NO_FILES = ("", "bytes")
ENDINGS = (".yaml", ".yml")


class NotGranted(RecipeError):
    """The client asks for what the person who started the server did not allow."""


@dataclass(frozen=True, kw_only=True)
class Grants:
    """Real paths of the roots, and what may be done besides reading beneath them."""

    roots: tuple[Path, ...]
    may_run: bool = False
    may_save: bool = False

    def read(self, paths: str | Sequence[str], folder: Path, cache: Path) -> None:
        """Raises NotGranted where a path means a file that must not be read. One that means none is left to the checker."""
        for path in [paths] if isinstance(paths, str) else paths:
            self._beneath(_local(path), folder, path)
            try:
                files = find(path, folder, True, cache)
            except NotGranted:
                raise
            except RecipeError:
                continue
            for file in files:
                self._beneath(file.path, folder, path)

    def written(self, path: str, folder: Path) -> None:
        """Raises NotGranted where an output must not be put there: outside, hidden, or a file that is no data."""
        place = (folder / _local(path)).absolute()
        self._beneath(str(place.parent), folder, path)
        self._beneath(str(place), folder, path)
        if ending(path)[0] not in SUFFIXES and not path.endswith("/"):
            raise NotGranted(f"output path {path!r} does not end as data do; end it in one of {', '.join(SUFFIXES)}")

    def file(self, path: str, folder: Path) -> None:
        """Raises NotGranted for a single file, as one that a parameter names, that must not be read."""
        self._beneath(_local(path), folder, path)

    def recipe(self, recipe: Recipe, folder: Path, cache: Path, given: Iterable[str] = ()) -> None:
        """Raises NotGranted for what a recipe reads and writes by itself; sources in `given` are replaced by the client."""
        replaced = set(given)
        for name, spec in recipe.sources.items():
            if name not in replaced:
                self.read(spec.path, folder, cache)
        for step in recipe.steps:
            if (meant := called(step.op)) is not None:
                self.file(meant.place, folder)
            for name in FILE_PARAMETERS:
                if isinstance(path := step.params.get(name), str) and path not in NO_FILES:
                    self.file(path, Path.cwd())
        self._refuse_reach(recipe)

    def shards(self, shards: Iterable[Shard], cache: Path) -> None:
        """Raises NotGranted where a run that lies in the store would read again what it must not: a store may come from a stranger."""
        kept = Path(os.path.realpath(cache.parent)) / cache.name
        for shard in shards:
            for path in (shard.path, *(member.path for member in shard.members)):
                if not Path(os.path.realpath(path)).is_relative_to(kept):
                    self._beneath(path, Path.cwd(), path)

    def must_run(self) -> None:
        """Raises NotGranted where nothing may be run."""
        if not self.may_run:
            raise NotGranted("this server runs nothing: it was started without --allow-run; a person can start it so, or do it with `winnow run`")

    def must_save(self) -> None:
        """Raises NotGranted where nothing may be stored."""
        if not self.may_save:
            raise NotGranted("this server stores nothing: it was started without --allow-save; a person can start it so, or use `winnow save`")

    def _beneath(self, path: str, folder: Path, said: str) -> None:
        real = Path(os.path.realpath(folder / path))
        root = next((root for root in self.roots if real.is_relative_to(root)), None)
        if root is None:
            raise NotGranted(f"path {said!r} leads out of what this server may touch ({self.told()}); whoever starts it can add --root DIR")
        if any(part.startswith(".") for part in real.relative_to(root).parts):
            raise NotGranted(f"path {said!r} is hidden: files and folders whose names begin with a dot are not for clients; name another")

    def told(self) -> str:
        return ", ".join(map(str, self.roots))

    def _refuse_reach(self, recipe: Recipe) -> None:
        """Rows of a sample leave the process as well as those of a run do."""
        for step in () if self.may_run else recipe.steps:
            name = step.op.partition("@")[0]
            card = operator(name).card if name in OPERATORS else None
            if card is not None and (card.network or card.models):
                raise NotGranted(f"step {step.id!r}: {name!r} sends rows to a model or over the network; this server was started without --allow-run")


def roots_of(given: Sequence[str], store: Store, here: Path) -> tuple[Path, ...]:
    """The folders named, else the project's. Raises BadUsage where that would be everything: clients start servers wherever they like."""
    if given:
        return tuple(dict.fromkeys(_folder(one) for one in given))
    root = Path(os.path.realpath(store.project if store.home.is_dir() else here))
    if root in (Path(root.anchor), Path(os.path.realpath(Path.home()))):
        raise BadUsage(f"the server would be let into all of {str(root)!r}; say which folder is meant: --root DIR")
    return (root,)


def _folder(path: str) -> Path:
    place = Path(os.path.realpath(options.absolute(path)))
    if not place.is_dir():
        raise BadUsage(f"--root {path!r}: there is no such folder")
    return place


def _local(path: str) -> str:
    """The part of a path before the first pattern, as it lies here."""
    if not path or "\0" in path:
        raise NotGranted(f"path {path!r} is no path; name a file, a folder or a pattern")
    if path == STDIN:
        raise NotGranted("path '-' is the protocol's own stream here; name a file")
    if "://" in path:
        raise NotGranted(f"path {path[:200]!r} is an address; this server reads and writes files alone")
    parts = Path(path).parts
    fixed = next((number for number, part in enumerate(parts) if WILD & set(part)), len(parts))
    if ".." in parts[fixed:]:
        raise NotGranted(f"path {path!r} goes up behind a pattern; name the folder that is meant")
    return str(Path(*parts[:fixed])) if fixed else "."
