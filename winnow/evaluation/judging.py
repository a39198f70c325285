"""Who runs the code that a file of goals brings along: a jail, or this process where the file is trusted."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa

from sandbox.errors import JailError, Refused, Stopped
from sandbox.jail import Jail
from sandbox.layers import Limits
from workflows import jailing

from . import inside
from .cases import Check
from .rows import Row, typed, view

MODULE = "winnow.evaluation.inside"
LIMITS = Limits(memory=4 << 30, cpu_seconds=120, wall_seconds=400.0)
MOST_NOTE = 200
Files = Sequence[tuple[Path, list[Row]]]


class CannotJudge(Exception):
    """No jail holds here, so that the code of a file of goals cannot run."""


class Judge(Protocol):
    """Makes the checks of a case, and shapes its inputs by SQL."""

    def judged(self, checks: Sequence[Check], inputs: Mapping[str, list[Row]], files: Files) -> list[tuple[bool | None, str]]:
        """For each check whether it holds, None where nobody can tell, and why."""

    def shaped(self, sql: str, files: Mapping[str, Path]) -> list[Row]:
        """Rows of a query over files by name. Raises CannotJudge."""


class Trusting:
    """Runs it in this process: for files of one's own."""

    def judged(self, checks: Sequence[Check], inputs: Mapping[str, list[Row]], files: Files) -> list[tuple[bool | None, str]]:
        return inside.verdicts([one.model_dump() for one in checks], inputs, files)

    def shaped(self, sql: str, files: Mapping[str, Path]) -> list[Row]:
        with duckdb.connect(config={"threads": 1}) as base:
            for name, path in files.items():
                view(base, name, path, "table" if "rowid" in sql else "view")
            return inside.rows_of(base, sql)


class Jailed:
    """Runs it in cells, which see the rows and nothing else of the machine."""

    def __init__(self) -> None:
        self._jail: Jail | None = None

    def judged(self, checks: Sequence[Check], inputs: Mapping[str, list[Row]], files: Files) -> list[tuple[bool | None, str]]:
        order = {"inputs": list(inputs), "files": [path.name for path, _ in files], "checks": [one.model_dump() for one in checks]}
        tables = [*inputs.values(), *(rows for _, rows in files)]
        try:
            gave, _ = self._call("check", order, [inside.packed(rows) for rows in tables])
        except CannotJudge as error:
            return [(None, str(error)) for _ in checks]
        except JailError as error:
            return [(False, str(error)) for _ in checks]
        return _plain(gave.get("found"), len(checks))

    def shaped(self, sql: str, files: Mapping[str, Path]) -> list[Row]:
        if why := refusal():
            raise CannotJudge(why)
        _, rows = self._call("shape", {"sql": sql, "tables": list(files)}, [typed(path) for path in files.values()])
        return inside.unpacked(rows[0])

    def _call(
        self, function: str, order: Mapping[str, object], batches: Sequence[pa.RecordBatch]
    ) -> tuple[Mapping[str, object], list[pa.RecordBatch]]:
        """Raises CannotJudge where there is no jail, JailError where the code did not come to an end."""
        try:
            self._jail = self._jail or Jail(jailing.proof().layers, preload=[MODULE], limits=LIMITS)
            return self._jail.call(f"{MODULE}:{function}", order, batches)
        except Refused as error:
            raise CannotJudge(str(error)) from None
        except Stopped:
            self.close()  # its first process may be gone
            raise

    def close(self) -> None:
        if self._jail is not None:
            self._jail.close()
            self._jail = None


def refusal() -> str | None:
    """Why no code of strangers can run here."""
    return jailing.refusal()


def _plain(found: object, count: int) -> list[tuple[bool | None, str]]:
    """What came out of a cell is whatever a stranger wants it to be."""
    if not isinstance(found, list) or len(found) != count or not all(isinstance(one, list) and len(one) == 2 for one in found):
        return [(False, "the checks gave no verdict")] * count
    return [(None if holds is None else holds is True, str(note)[:MOST_NOTE]) for holds, note in found]
