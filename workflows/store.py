"""The project's store, `.winnow/`: recipes by version, runs, the cache. All of it is input like any other, nothing in it is believed."""

import json
import os
import re
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from pydantic import TypeAdapter

from tools.errors import RecipeError
from tools.names import nearest

from . import planned
from .loader import load
from .lock import Lock, parse, recipe_digest
from .planned import Planned
from .recipe import Recipe
from .strict_yaml import MOST_CHARACTERS
from .text import dump

FOLDER = ".winnow"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
VERSION = re.compile(r"v([1-9][0-9]{0,8})\.yaml")
IGNORED = "# made by winnow: what is not for git\ncache/\nruns/\ncatalog.sqlite*\nconversations.sqlite*\n.gitignore\n"
MOST_LOCK_BYTES = MOST_FILES_BYTES = 16 << 20
FILES = TypeAdapter(dict[str, str])
NO_FILES: Mapping[str, str] = MappingProxyType({})
TABLES = """
create table if not exists recipes (name text primary key, created text not null);
create table if not exists versions (
    name text not null, version integer not null, saved text not null, goal text, recipe_digest text not null, lock_digest text not null,
    primary key (name, version));
create table if not exists runs (
    run text primary key, recipe text not null, version integer, status text not null, lock_digest text, started text, seconds real,
    rows_in integer, rows_out integer);
"""


@dataclass(frozen=True)
class Stored:
    """One version of a recipe."""

    name: str
    version: int
    text: str
    recipe: Recipe
    lock: Lock
    plan: Planned | None = None  # where a planner made it
    files: Mapping[str, str] = field(default_factory=dict)  # in which operators of strangers stand: name → text


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run as the catalogue knows it."""

    run: str
    recipe: str
    version: int | None
    status: str
    lock_digest: str | None = None
    started: str | None = None
    seconds: float | None = None
    rows_in: int | None = None
    rows_out: int | None = None


def find_home(cwd: Path | None = None) -> Path:
    """WINNOW_HOME, else `.winnow` of the nearest parent that has one, else of this folder."""
    if chosen := os.environ.get("WINNOW_HOME"):
        return Path(chosen).expanduser().absolute()
    here = (cwd or Path.cwd()).absolute()
    return next((folder / FOLDER for folder in (here, *here.parents) if (folder / FOLDER).is_dir()), here / FOLDER)


def new_run(now: datetime | None = None) -> str:
    """A name for a run: by date and time, then the 256th of the second in hex and two random digits; sorts by age."""
    now = now or datetime.now(UTC)
    return f"{now:%Y%m%d-%H%M%S}-{now.microsecond * 256 // 10**6:02x}{secrets.token_hex(1)}"


class Store:
    """Opens nothing and writes nothing until it is asked to."""

    def __init__(self, home: Path) -> None:
        self.home = home

    @property
    def cache(self) -> Path:
        return self.home / "cache"

    @property
    def runs(self) -> Path:
        """The folder of runs; `recorded_runs` says what the catalogue knows of them."""
        return self.home / "runs"

    @property
    def project(self) -> Path:
        """Where the relative paths of stored recipes start."""
        return self.home.parent if self.home.name == FOLDER else Path.cwd()

    # ---- recipes

    def save(self, recipe: Recipe, lock: Lock, plan: Planned | None = None, files: Mapping[str, str] = NO_FILES) -> int:
        """Store a recipe as the next version; the latest again, as it came about then, when neither it nor its lock has changed."""
        folder = self._folder(recipe.name)
        latest = max(self.versions(recipe.name), default=0)
        if latest and self._lock_of(recipe.name, latest).digest == lock.digest:
            return latest
        self._begin(folder)
        version = latest + 1
        while not _create(folder / f"v{version}.lock.json", lock.text()):  # whoever makes the lock owns the number
            version += 1
        if plan is not None:
            _create(folder / f"v{version}.plan.json", plan.file_text())
        if files:
            _create(folder / f"v{version}.operators.json", json.dumps(dict(files), indent=1, ensure_ascii=False) + "\n")
        _create(folder / f"v{version}.yaml", dump(recipe.model_copy(update={"version": version})))
        self._note_version(recipe, version, lock)
        return version

    def load(self, name: str, version: int | None = None) -> Stored:
        """A version, by default the latest. Raises RecipeError."""
        folder, known = self._folder(name), self.versions(name)
        if not known:
            raise RecipeError(f"no recipe {name!r} in {str(self.home)!r}{nearest(name, self.list())}")
        wanted = known[-1] if version is None else version
        if wanted not in known:
            raise RecipeError(f"recipe {name!r} has no version {wanted}; it has {', '.join(map(str, known))}")
        text = _read(folder / f"v{wanted}.yaml", 4 * MOST_CHARACTERS)
        recipe = load(text, f"{name}@{wanted}").recipe
        return Stored(name, wanted, text, recipe, self._lock_of(name, wanted), self._plan_of(name, wanted), self._files_of(name, wanted))

    def versions(self, name: str) -> tuple[int, ...]:
        """Oldest first."""
        folder = self._folder(name)
        found = [VERSION.fullmatch(path.name) for path in folder.iterdir()] if folder.is_dir() else []
        return tuple(sorted(int(match[1]) for match in found if match))

    def list(self) -> tuple[str, ...]:
        """Names of all recipes."""
        folder = self.home / "recipes"
        found = (path.name for path in folder.iterdir()) if folder.is_dir() else ()
        return tuple(sorted(name for name in found if NAME.fullmatch(name) and self.versions(name)))

    def goals(self, limit: int = 200) -> tuple[tuple[str, int, str], ...]:
        """Name, version and goal of the latest version of each recipe that has a goal, by the catalogue, the last saved first."""
        if not (self.home / "catalog.sqlite").exists():
            return ()
        asked = "select name, max(version) as version, goal from versions where goal <> '' group by name order by max(saved) desc, name limit ?"
        with self._catalogue() as database:
            rows = database.execute(asked, (limit,)).fetchall()
        return tuple((row["name"], row["version"], row["goal"]) for row in rows)

    # ---- runs

    def record_run(
        self,
        run: str,
        recipe: str,
        version: int | None,
        status: str,
        *,
        lock_digest: str | None = None,
        started: str | None = None,
        seconds: float | None = None,
        rows_in: int | None = None,
        rows_out: int | None = None,
    ) -> None:
        """Note how a run stands; what is not said this time stays as it was."""
        if not RUN.fullmatch(run):
            raise RecipeError(f"{run!r} is no name of a run")
        values = (run, recipe, version, status, lock_digest, started, seconds, rows_in, rows_out)
        kept = ", ".join(
            f"{column} = coalesce(excluded.{column}, {column})" for column in ("lock_digest", "started", "seconds", "rows_in", "rows_out")
        )
        with self._catalogue() as database:
            database.execute(
                f"insert into runs values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (run) do update set status = excluded.status, {kept}", values
            )

    def recorded_runs(self, limit: int = 100) -> tuple[Run, ...]:
        """The latest runs, newest first."""
        if not (self.home / "catalog.sqlite").exists():
            return ()
        with self._catalogue() as database:
            rows = database.execute("select * from runs order by run desc limit ?", (limit,)).fetchall()
        return tuple(Run(**dict(row)) for row in rows)

    # ---- private

    def _folder(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise RecipeError(f"{name!r} is no recipe name; take small letters, digits and `-`, at most 64")
        return self.home / "recipes" / name

    def _lock_of(self, name: str, version: int) -> Lock:
        path = self._folder(name) / f"v{version}.lock.json"
        return parse(_read(path, MOST_LOCK_BYTES), f"{name}@{version}")

    def _plan_of(self, name: str, version: int) -> Planned | None:
        path = self._folder(name) / f"v{version}.plan.json"
        return planned.parse(_read(path, planned.MOST_BYTES, "; delete it, the recipe runs without"), str(path)) if path.exists() else None

    def _files_of(self, name: str, version: int) -> Mapping[str, str]:
        path = self._folder(name) / f"v{version}.operators.json"
        if not path.exists():
            return NO_FILES
        try:
            return FILES.validate_json(_read(path, MOST_FILES_BYTES))
        except ValueError:
            raise RecipeError(f"{path}: not the files of operators; save the recipe again") from None

    def _begin(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        _create(self.home / ".gitignore", IGNORED)

    def _note_version(self, recipe: Recipe, version: int, lock: Lock) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._catalogue() as database:
            database.execute("insert or ignore into recipes values (?, ?)", (recipe.name, now))
            values = (recipe.name, version, now, recipe.goal, recipe_digest(recipe), lock.digest)
            database.execute("insert or replace into versions values (?, ?, ?, ?, ?, ?)", values)

    @contextmanager
    def _catalogue(self) -> Iterator[sqlite3.Connection]:
        self._begin(self.home)
        path = self.home / "catalog.sqlite"
        try:
            with closing(sqlite3.connect(path, timeout=30)) as database:
                database.row_factory = sqlite3.Row
                database.execute("pragma journal_mode = wal")
                database.executescript(TABLES)
                with database:
                    yield database
        except sqlite3.DatabaseError as error:
            raise RecipeError(f"{str(path)!r} cannot be used: {error}; move it away, it will be made anew") from None


def _create(path: Path, text: str) -> bool:
    """Write a file that must not be there yet, whole or not at all; False when it is."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with temporary.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True


def _read(path: Path, most: int, mend: str = "") -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
        if len(raw) > most:
            raise RecipeError(f"{path}: larger than {most:,} bytes{mend}")
        return raw.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: cannot be read: {error}{mend}") from None
