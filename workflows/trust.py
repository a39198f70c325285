"""What is believed: approvals and certificates, in the user's own state folder and nowhere else."""

import json
import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tools.errors import RecipeError

PERSON, POLICY = "person", "policy"
TABLES = """
create table if not exists approvals (
    id integer primary key, lock_digest text not null, preview text not null, name text not null, note text not null,
    time text not null, by text not null);
create index if not exists approvals_by_lock on approvals (lock_digest);
create table if not exists certificates (operator_digest text primary key, time text not null, content text not null);
create table if not exists jails (key text primary key, time text not null, content text not null);
create table if not exists paces (name text primary key, factor real not null, micros real, time text not null);
"""


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A yes to one lock, seen with one preview."""

    lock_digest: str
    preview: str  # what was seen, as text; empty: nothing
    name: str
    note: str
    time: str
    by: str  # `person`, or `policy` where `--yes` gave it


def state_folder() -> Path:
    """$XDG_STATE_HOME/winnow, else ~/.local/state/winnow."""
    base = os.environ.get("XDG_STATE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".local" / "state") / "winnow"


class State:
    """The state folder; made on first use, readable by its owner alone."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or state_folder()

    def approve(self, lock_digest: str, preview: str, name: str, note: str = "", *, by: str = PERSON) -> Approval:
        """Write down a yes; earlier ones stay. `preview`: what was seen, as text; a run is held to it."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        given = Approval(lock_digest=lock_digest, preview=preview, name=name, note=note, time=now, by=by)
        with self._database() as database:
            database.execute(
                "insert into approvals (lock_digest, preview, name, note, time, by) values (?, ?, ?, ?, ?, ?)",
                (lock_digest, preview, name, note, now, by),
            )
        return given

    def approval(self, lock_digest: str) -> Approval | None:
        """The latest yes to this lock; one of a person counts before one of `--yes`."""
        found = self._rows(
            "select lock_digest, preview, name, note, time, by from approvals where lock_digest = ? order by by = 'person' desc, id desc limit 1",
            lock_digest,
        )
        return Approval(**found[0]) if found else None

    def approved_by(self, lock_digest: str) -> str | None:
        """Who said yes to this lock: a name, or `policy`."""
        found = self.approval(lock_digest)
        return None if found is None else POLICY if found.by == POLICY else found.name

    def room(self, name: str) -> Path:
        """A folder within the state folder, for what is believed when it is read again."""
        self.secured()
        made = self.folder / name
        made.mkdir(exist_ok=True, mode=0o700)
        return made

    def put_pace(self, name: str, factor: float, micros: float | None) -> None:
        """Keep how much longer something took than was foretold; of an operator, microseconds a row of 1 kB."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database() as database:
            database.execute("insert or replace into paces values (?, ?, ?, ?)", (name, factor, micros, now))

    def paces(self) -> dict[str, tuple[float, float | None]]:
        """All that is known of this machine's pace."""
        return {
            str(row["name"]): (float(row["factor"]), None if row["micros"] is None else float(row["micros"]))
            for row in self._rows("select name, factor, micros from paces")
        }

    def put_certificate(self, operator_digest: str, content: Mapping[str, object]) -> None:
        """Believe that the operator of this digest was vetted."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database() as database:
            database.execute("insert or replace into certificates values (?, ?, ?)", (operator_digest, now, json.dumps(content, sort_keys=True)))

    def certificate(self, operator_digest: str) -> dict[str, object] | None:
        """What vetting found for exactly this code."""
        found = self._rows("select content from certificates where operator_digest = ?", operator_digest)
        return json.loads(str(found[0]["content"])) if found else None

    def put_jail(self, key: str, content: Mapping[str, object]) -> None:
        """Keep which jail held when it was attacked; `key`: what that hung on."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database() as database:
            database.execute("insert or replace into jails values (?, ?, ?)", (key, now, json.dumps(content, sort_keys=True)))

    def jail(self, key: str) -> dict[str, object] | None:
        """Which jail held, on exactly this machine and code."""
        found = self._rows("select content from jails where key = ?", key)
        return json.loads(str(found[0]["content"])) if found else None

    def _rows(self, query: str, *values: str) -> list[dict[str, str]]:
        if not (self.folder / "believed.sqlite").exists():
            return []
        with self._database() as database:
            return [dict(row) for row in database.execute(query, values)]

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        self.secured()
        path = self.folder / "believed.sqlite"
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))  # sqlite gives its side files the same mode
            os.chmod(path, 0o600)
        except OSError as error:
            raise RecipeError(f"{str(path)!r} cannot be used: {error.strerror}") from None
        try:
            with closing(sqlite3.connect(path, timeout=30)) as database:
                database.row_factory = sqlite3.Row
                database.execute("pragma journal_mode = wal")
                database.executescript(TABLES)
                with database:
                    yield database
        except sqlite3.DatabaseError as error:
            raise RecipeError(f"{str(path)!r} cannot be used: {error}; move it away: approvals will be asked for again") from None

    def secured(self) -> None:
        """Make the folder, or make sure that nobody else could have written in it. Raises RecipeError where somebody could."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            seen = self.folder.lstat()
        except OSError as error:
            raise RecipeError(f"state folder {str(self.folder)!r} cannot be made: {error.strerror}; set XDG_STATE_HOME") from None
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid():
            raise RecipeError(f"state folder {str(self.folder)!r} is not a folder of yours; what lies there is not believed: set XDG_STATE_HOME")
        if seen.st_mode & 0o022:
            raise RecipeError(f"state folder {str(self.folder)!r} can be written by others, so it is not believed: look at it, then `chmod 700` it")
        if seen.st_mode & 0o077:
            self.folder.chmod(0o700)
