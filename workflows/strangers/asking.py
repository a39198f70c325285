"""Asking a cell about an operator, and what it means when the cell answers with an error, with a lie, or not at all."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from sandbox.errors import JailError, Misbehaved, Raised, Refused, Stopped
from tools.errors import ContractError, RecipeError, RowError, WinnowError
from tools.names import nearest

from .. import jailing
from .described import Described, described, plain
from .file import Called, File

CELL = "tools.strangers.cell"
SECONDS, SECONDS_TO_DESCRIBE = 60, 10  # of processor time
MOST_SAID = 300
REFUSING = ("measure", "rewrite", "expand", "note", "order", "learn")  # methods that may refuse a row
Order = Mapping[str, object]
Answer = tuple[Mapping[str, object], list[pa.RecordBatch]]


def describe(file: File, name: str = "") -> Described:
    """The operator of this name in the file, by default the only one. Raises RecipeError."""
    told, types = ask("describe", file, name, {}, (), seconds=SECONDS_TO_DESCRIBE, doing="")
    lacking = told.get("operators")
    lacking = {plain(str(key))[:64]: value for key, value in lacking.items()} if isinstance(lacking, dict) else {}
    if told.get("told") is None:
        raise RecipeError(f"{file.place}: {_not_found(name, lacking)}")
    found = described(told["told"], types, file.place)
    if name and found.said.name != name:
        raise RecipeError(f"{file.place}: asked for {name!r}, the cell told of {found.said.name!r}")
    return found


def ask(
    function: str, file: File, name: str, order: Order, batches: Sequence[pa.RecordBatch], *, doing: str, seconds: int | None = None, step: str = ""
) -> Answer:
    """Call a function of the cell. `doing`: which method, for messages. Raises RowError for a row that the operator refuses,
    RecipeError where the operator says that it cannot run so, Died where the cell ended, ContractError for all else."""
    sent = {**order, "text": file.text, "place": file.place, "name": name}
    try:
        return jailing.called(f"{CELL}:{function}", sent, batches, seconds or SECONDS)
    except JailError as error:
        called = Called(file.place, name)
        raise _meant(error, f"{f'step {step!r}: ' if step else ''}operator {called}{f', {doing}' if doing else ''}", doing) from None


class Died(ContractError):
    """The cell ended before it answered: a crash, too much memory, too much time."""


def _meant(error: JailError, who: str, doing: str) -> WinnowError:
    if isinstance(error, Refused):
        return RecipeError(f"{who}: {error}")
    if isinstance(error, Stopped):
        said = f"; it wrote {plain(error.said)[-MOST_SAID:].strip()!r}" if error.said.strip() else ""
        return Died(f"{who}: its cell {error.why}{said}" if not error.why.startswith("no answer") else f"{who}: {error.why} from its cell{said}")
    if isinstance(error, Misbehaved):
        return ContractError(f"{who}: {plain(str(error))[:MOST_SAID]}")
    assert isinstance(error, Raised)
    return _raised(error, who, doing in REFUSING)


def _raised(error: Raised, who: str, may_refuse: bool) -> WinnowError:
    position, reason, line = (error.facts.get(name) for name in ("position", "reason", "at_line"))
    said = " ".join(plain(error.message).split())[:MOST_SAID]
    if may_refuse and error.kind == "RowError" and type(position) is int:
        return RowError(position, plain(str(reason))[:MOST_SAID])
    at = f" in line {line}" if type(line) is int and line else ""
    if error.kind == "RecipeError":
        return RecipeError(f"{who}: {said}")
    return ContractError(f"{who}: raised {plain(error.kind)}{at}: {said}" if said else f"{who}: raised {plain(error.kind)}{at}")


def _not_found(name: str, lacking: Mapping[str, object]) -> str:
    if not lacking:
        return "holds no operator; write a class of a kind of tools.contract, with a card and its methods"
    wanted = name or (next(iter(lacking)) if len(lacking) == 1 else "")
    if wanted in lacking:
        missing = lacking[wanted]
        return f"{wanted!r} lacks {', '.join(plain(str(one))[:64] for one in missing) if isinstance(missing, list) else 'something'}"
    if not name:
        return f"holds several operators; say which, as in {next(iter(lacking))!r}: there are {', '.join(lacking)}"
    there = "; there are " + ", ".join(lacking)
    return f"holds no operator {name!r}{nearest(name, lacking) or there}"
