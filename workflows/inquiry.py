"""Questions to the ledger of a run: which rows ended where and why."""

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow.dataset import dataset

from tools.errors import RecipeError
from tools.names import nearest

LEDGER = "ledger"
COLUMNS = ("row", "part", "source", "file", "line", "state", "step", "operator", "measure", "value", "bound", "into", "into_part", "digest")
SHOWN = ", ".join(f'"{name}"' for name in COLUMNS[:-1])  # quoted: row and into are words of SQL
STATES = ("kept", "dropped", "merged", "quarantined", "expanded", "unused")


@dataclass(frozen=True, kw_only=True)
class Name:
    """A row of a run: what the ledger says of where it came from."""

    row: int
    part: int
    source: str | None
    file: str | None
    line: int | None


def select(run: Path, *, step: str | None = None, states: tuple[str, ...] = (), reason: str | None = None, limit: int | None = None) -> pa.Table:
    """Ledger rows in the order of the input; no filter gives all."""
    _check_states(states)
    where = ["true"]
    values: list[object] = []
    if step is not None:
        where.append("step = ?")
        values.append(step)
    if states:
        where.append(f"state in ({', '.join('?' * len(states))})")
        values.extend(states)
    if reason is not None:
        where.append("measure = ?")
        values.append(reason)
    most = "" if limit is None else f" limit {int(limit)}"
    return _ask(run, f'select {SHOWN} from ledger where {" and ".join(where)} order by "row", part{most}', values)


def find(run: Path, text: str) -> Name:
    """The row that a person means by NUMBER, NUMBER.PART, FILE:LINE or, with one input file, LINE.

    A bare number is a row's number where the ledger has one, else a line: in text formats a row's number is a byte
    offset, so the two hardly ever meet. Raises RecipeError that says what would be understood.
    """
    if match := re.fullmatch(r"(-?\d+)\.(-?\d+)", text):
        return _only(_named(run, "row = ? and part = ?", [int(match[1]), int(match[2])]), run, text)
    if re.fullmatch(r"-?\d+", text):
        number = int(text)
        found = _named(run, "row = ? and part = 0", [number]) or _named(run, "row = ?", [number])
        return _only(found or _of_line(run, None, number, text), run, text)
    file, colon, line = text.rpartition(":")
    if colon and line.isdigit():
        return _only(_of_line(run, file, int(line), text), run, text)
    raise RecipeError(f"row {text!r}: give a row's number (as `winnow rows` shows it), NUMBER.PART, FILE:LINE, or the line of the only input file")


def kept(run: Path) -> list[tuple[int, int, bytes]]:
    """Number, part and content digest of every row that reached an output, in order."""
    table = _ask(run, "select \"row\", part, digest from ledger where state = 'kept' order by all", [])
    return list(zip(*(table[name].to_pylist() for name in ("row", "part", "digest")), strict=True))


def _of_line(run: Path, file: str | None, line: int, text: str) -> list[Name]:
    files = [str(name) for name in _ask(run, "select distinct file from ledger where file is not null order by file", [])["file"].to_pylist()]
    if file is None:
        if len(files) > 1:
            raise RecipeError(f"row {text!r}: no row has this number, and of {len(files)} input files a line must name its own: FILE:{line}")
        return _named(run, "line = ? and part = 0", [line])
    wanted = [name for name in files if name == file] or [name for name in files if Path(name).name == Path(file).name or file.endswith("/" + name)]
    if not wanted:
        raise RecipeError(f"row {text!r}: no input file {file!r} in this run{nearest(file, files)}")
    if len(wanted) > 1:
        raise RecipeError(f"row {text!r}: {file!r} may be {' or '.join(wanted[:3])}; name it in full")
    return _named(run, "file = ? and line = ? and part = 0", [wanted[0], line])


def _named(run: Path, where: str, values: list[object]) -> list[Name]:
    return [
        Name(**fact) for fact in _ask(run, f"select row, part, source, file, line from ledger where {where} order by row, part", values).to_pylist()
    ]


def _only(found: list[Name], run: Path, text: str) -> Name:
    if not found:
        raise RecipeError(f"row {text!r}: run {run.name} has no such row; `winnow rows {run.name}` lists them")
    if len({(name.row, name.part) for name in found}) > 1:
        choices = ", ".join(f"{name.row}.{name.part}" for name in found[:5])
        raise RecipeError(f"row {text!r} may be one of several; say which: {choices}{' …' if len(found) > 5 else ''}")
    return found[0]


def _check_states(states: tuple[str, ...]) -> None:
    for state in states:
        if state not in STATES:
            raise RecipeError(f"no state {state!r}{nearest(state, STATES)}; a row is {', '.join(STATES)}")


def _ask(run: Path, query: str, values: list[object]) -> pa.Table:
    """Arrow reads the files, so that the database opens none."""
    import duckdb

    files = sorted(str(path) for path in (run / LEDGER).glob("*.parquet"))
    if not files:
        raise RecipeError(f"{run / LEDGER}: this run has no ledger yet; `winnow resume {run.name}` finishes it")
    found = dataset(files, format="parquet")
    missing = [name for name in COLUMNS if name not in found.schema.names]
    if missing:
        raise RecipeError(f"{run / LEDGER}: this ledger has no column {missing[0]!r}; run the recipe again")
    with duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}) as database:
        database.register("ledger", found.scanner(columns=list(COLUMNS)))
        database.execute("set enable_external_access = false")
        return database.sql(query, params=values).to_arrow_table()
