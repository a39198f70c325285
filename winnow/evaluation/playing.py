"""One goal played: the command is called in this process as a person would type it, and what came of it is looked at."""

import atexit
import contextlib
import hashlib
import io
import itertools
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from .cases import Case, within
from .given import Given
from .gold import Match, matched
from .judging import CannotJudge, Judge
from .rows import Row, read

FRONT_DOOR = "winnow.cli"  # by its name: it imports the command that plays, and a ring of files would be one too many
KINDS = {"done": "run", "ask": "asked", "refuse": "refused"}
MOST_NOTE = 300
Verdict = tuple[str, bool | None, str]  # what was checked, whether it holds (None: nobody can tell), why not


@dataclass(frozen=True, kw_only=True)
class Planner:
    """Who plans."""

    name: str = "rules"
    model: str | None = None

    @property
    def words(self) -> list[str]:
        return ["--planner", self.name, *(["--model", self.model] if self.model else [])]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one goal."""

    id: str
    level: str
    wanted: tuple[str, ...]
    kind: str  # run, asked, refused; failed: it ended with an error; broken: nothing came back
    checks: tuple[Verdict, ...] = ()
    unclear: tuple[str, ...] = ()  # parts of the goal that were called not understood
    note: str = ""
    bad_usage: bool = False
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    tokens: int | None = None
    cost: float | None = None
    match: Match | None = None  # with the gold recipe, where the case has one

    @property
    def is_judged(self) -> bool:
        """Not where it ran and no check of the rows could be made."""
        return self.kind != "run" or all(holds is not None for _, holds, _ in self.checks)

    @property
    def ok(self) -> bool:
        return self.kind in self.wanted and not any(holds is False for _, holds, _ in self.checks)

    @property
    def confident(self) -> bool:
        """Wrong rows were written, and nothing of the goal was called unclear."""
        return self.kind == "run" and not self.ok and not self.unclear


@dataclass
class _Ran:
    """What the command gave."""

    answer: Mapping[str, Any]
    said: str
    code: int
    files: list[tuple[Path, list[Row]]] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0


def play(case: Case, root: Path, folder: Path, judge: Judge, planner: Planner) -> Outcome:
    """Play a case in an empty folder."""
    nothing = Outcome(id=case.id, level=case.level, wanted=tuple(sorted(case.wanted)), kind="run")
    try:
        given = {one.name: Given(one, root, folder, judge) for one in case.inputs}
        ran = _run(case, given, folder, planner)
        kind = KINDS.get(str(ran.answer.get("status")), "failed")
        checks = _checks(case, given, ran, kind, judge, folder) if kind in case.wanted else []
        if kind == "run" and case.repeat and kind in case.wanted:
            checks.append(_again(case, root, judge, planner, ran))
    except CannotJudge as error:
        return replace(nothing, checks=(("input", None, str(error)),), note=f"not played: {error}"[:MOST_NOTE])
    return replace(
        nothing,
        kind=kind,
        checks=tuple(checks),
        unclear=tuple(str(one) for one in ran.answer.get("unclear") or ()),
        note=_note(case, kind, checks, ran)[:MOST_NOTE],
        bad_usage=ran.code == 2,
        seconds=ran.seconds,
        cpu_seconds=ran.cpu_seconds,
        tokens=ran.answer.get("tokens"),
        cost=ran.answer.get("cost"),
        match=matched(case.gold, ran.answer.get("recipe"), folder / "home") if case.gold else None,
    )


def _run(case: Case, given: Mapping[str, Given], folder: Path, planner: Planner) -> _Ran:
    words = _command(case, given, folder, planner)
    out, talk = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    started, used = time.monotonic(), time.process_time()
    with at_home(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(talk):
        code: int = import_module(FRONT_DOOR).call(words)
    seconds, used = time.monotonic() - started, time.process_time() - used
    out.flush()
    said = out.buffer.getvalue().decode("utf-8")
    lines = [line for line in said.splitlines() if line.startswith("{")]
    answer = json.loads(lines[-1]) if lines else {}
    ran = _Ran(answer, said + talk.getvalue(), code, seconds=seconds, cpu_seconds=used)
    paths = dict.fromkeys(within(folder, one["path"]) for one in answer.get("outputs") or ())
    ran.files = [(path, read(path)) for path in paths]
    return ran


def _command(case: Case, given: Mapping[str, Given], folder: Path, planner: Planner) -> list[str]:
    words = ["chat"] if case.turns else ["prepare", case.goal.strip()]
    for one in case.inputs:
        if not one.hidden:
            words += ["--input", f"{one.name}={given[one.name].place()}"]
    path = case.output.path or f"OUT.{case.output.format}"
    within(folder, path)
    words += ["--output", f"{folder}/{path}", *planner.words, "--workers", "1", "--json"]
    if not case.turns:
        return [*words, "--yes"]
    turns = [" ".join(one.split()) for one in (case.goal, *case.turns)]
    (folder / "turns.txt").write_text("\n".join([*turns, *([] if turns[-1].lower() == "run" else ["run"])]) + "\n", encoding="utf-8")
    return [*words, "--script", str(folder / "turns.txt")]


@contextlib.contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """A store for the goal, and a state for all goals of this process: what `--yes` approves here is approved nowhere else."""
    before, here = dict(os.environ), Path.cwd()
    os.environ |= {"WINNOW_HOME": str(folder / "home"), "XDG_STATE_HOME": _state(), "NO_COLOR": "1"}
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


@cache
def _state() -> str:
    """Made once: templates and digests that lie there are worth keeping."""
    made = tempfile.mkdtemp(prefix="goals-state-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def _checks(case: Case, given: Mapping[str, Given], ran: _Ran, kind: str, judge: Judge, folder: Path) -> list[Verdict]:
    text = (ran.said if kind == "run" else json.dumps(ran.answer, ensure_ascii=False)).lower()
    said = [(f"says {word}", any(one.strip().lower() in text for one in word.split("|")), "") for word in case.mention]
    if kind != "run":
        return [*said, ("nothing is written", not any(folder.glob("OUT*")), "")]
    named = " ".join(f"{one.py} {one.sql}" for one in case.checks)
    inputs = {name: one.rows for name, one in given.items() if re.search(rf"\b{name}\b", named)}
    found = judge.judged(case.checks, inputs, ran.files) if case.checks else []
    names = [one.name or f"check {turn + 1}" for turn, one in enumerate(case.checks)]
    return [*_books(given, ran), *((name, holds, why) for name, (holds, why) in zip(names, found, strict=True)), *said]


def _books(given: Mapping[str, Given], ran: _Ran) -> list[Verdict]:
    """Every row in has one state, every row out was written, and inputs were read whole."""
    rows_in, rows_out = ran.answer.get("rows_in"), ran.answer.get("rows_out")
    states, written = sum((ran.answer.get("states") or {}).values()), sum(len(rows) for _, rows in ran.files)
    found = [
        ("books: states of all rows", rows_in == states, f"{rows_in} in, {states} with a state"),
        ("books: rows written", rows_out == written, f"{rows_out} out, {written} in the files"),
    ]
    shown = [one for one in given.values() if not one.spec.hidden]
    if all(one.spec.files is None for one in shown):
        found.append(("books: whole inputs", _is_sum(rows_in, [len(one.rows) for one in shown]), f"{rows_in} rows in"))
    return found


def _is_sum(rows: object, sizes: Sequence[int]) -> bool:
    return any(sum(some) == rows for count in range(1, len(sizes) + 1) for some in itertools.combinations(sizes, count))


def _again(case: Case, root: Path, judge: Judge, planner: Planner, first: _Ran) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="goal-") as place:
        folder = Path(place)
        second = _run(case, {one.name: Given(one, root, folder, judge) for one in case.inputs}, folder, planner)
        same = [_digest(path) for path, _ in first.files] == [_digest(path) for path, _ in second.files]
    return ("the same again, byte for byte", same, "")


def _digest(path: Path) -> str:
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    return hashlib.sha256(b"".join(one.read_bytes() for one in files)).hexdigest()


def _note(case: Case, kind: str, checks: Sequence[Verdict], ran: _Ran) -> str:
    if kind not in case.wanted:
        return (
            f"{kind}: {ran.answer.get('message') or ran.said.strip()[-MOST_NOTE:]}" if kind != "run" else f"ran, though it should have {case.expect}"
        )
    return "; ".join(f"{name}{f' ({why})' if why else ''}" for name, holds, why in checks if not holds)
