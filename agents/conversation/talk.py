"""A conversation as its front doors use it: begin or take up, say something, order something, look at the state."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

from tools.errors import RecipeError
from tools.names import nearest
from workflows.engine.preview import Preview
from workflows.store import new_run

from ..turns import Situation
from .graph import MOST_STEPS, build, resuming
from .nodes import Kit, situation_of, tried_of
from .state import State, Version, logged

FILE = "conversations.sqlite"
LAST = "last"
Heard = Callable[[str], None]  # is told the name of each node that has ended


class Conversation:
    """One thread of the graph. What a killed process left undone is done by the next `proceed`."""

    def __init__(self, kit: Kit, connection: sqlite3.Connection, name: str, heard: Heard | None = None) -> None:
        from langgraph.checkpoint.sqlite import SqliteSaver

        self.kit, self.name, self._heard = kit, name, heard or (lambda _: None)
        saver = SqliteSaver(connection)
        saver.setup()
        connection.execute("pragma busy_timeout = 10000")
        self._graph = build(kit, saver)
        self._config: Any = {"configurable": {"thread_id": name}, "recursion_limit": MOST_STEPS}

    # ---- looking

    @property
    def state(self) -> State:
        return cast(State, self._graph.get_state(self._config).values)

    @property
    def began(self) -> bool:
        return bool(self.state)

    @property
    def waits(self) -> str | None:
        """The id of what it waits for an answer to; none while a node is to be done, and at the end."""
        found = self._graph.get_state(self._config).interrupts
        return found[0].id if found else None

    def situation(self, message: str) -> Situation:
        """What is known when this message comes, for those who read orders in it."""
        return situation_of({**self.state, "message": message}, self.kit)

    def tried(self, version: Version) -> Preview:
        """What a version does with the sample."""
        return tried_of(version, self.state, self.kit).preview

    # ---- saying and ordering

    def begin(self, goal: str, inputs: Mapping[str, str], output: str | None, *, seed: int = 0) -> State:
        """The first message."""
        first: State = {
            "inputs": dict(inputs),
            "output": output,
            "seed": seed,
            "message": goal,
            "versions": [],
            "at": -1,
            "log": logged({}, "you", goal),
            "run": None,
        }
        return self._go(first)

    def say(self, message: str) -> State:
        return self._answer({"action": "say", "message": message})

    def write(self, wish: str, message: str = "") -> State:
        """Have an operator written."""
        return self._answer({"action": "write", "wish": wish, "message": message})

    def accept(self, message: str = "") -> State:
        """Take the operator that was written."""
        return self._answer({"action": "accept", "message": message})

    def go_to(self, at: int, message: str = "") -> State:
        """Undo and redo: another version holds."""
        if not -1 <= at < len(self.state.get("versions", [])):
            raise RecipeError("there is nothing to take back" if at < -1 else "there is nothing that was taken back")
        return self._answer({"action": "go_to", "at": at, "message": message})

    def approve(self, **how: object) -> State:
        """Run the version that holds; `how` goes to the kit's `approve`. The run's name is fixed before it starts, so that it happens once."""
        return self._answer({"action": "approve", "run": new_run(), **how})

    def proceed(self) -> State:
        """Do what is left to do, up to the next answer of a person."""
        return self._go(None) if self.began and self.waits is None else self.state

    def _answer(self, decision: Mapping[str, object]) -> State:
        self.proceed()
        if self.waits is None:
            raise RecipeError(f"conversation {self.name} has ended; begin another")
        return self._go(resuming(decision))

    def _go(self, given: object) -> State:
        for _, event in self._graph.stream(given, self._config, stream_mode=["updates"], durability="sync"):
            for node in event:
                self._heard(str(node))
        return self.state


@contextmanager
def opened(home: Path) -> Iterator[sqlite3.Connection]:
    """The file of this project's conversations. It can be thrown away: versions and runs lie in the store."""
    home.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(home / FILE, check_same_thread=False, timeout=10)) as connection:
        yield connection


def known(connection: sqlite3.Connection) -> list[str]:
    """Names of the conversations, the oldest first."""
    try:
        rows = connection.execute("select distinct thread_id from checkpoints order by thread_id").fetchall()
    except sqlite3.OperationalError:  # none was ever begun
        return []
    return [str(row[0]) for row in rows]


def find(connection: sqlite3.Connection, name: str) -> str:
    """The conversation of this name, by the beginning of it, or `last`. Raises RecipeError."""
    names = known(connection)
    if not names:
        raise RecipeError("there is no conversation here yet; `winnow chat --input PATH` begins one")
    found = names[-1:] if name == LAST else [one for one in names if one == name] or [one for one in names if name and one.startswith(name)]
    if len(found) != 1:
        raise RecipeError(f"no conversation {name!r}{nearest(name, names)}; there are {', '.join(names[-5:])}")
    return found[0]


def forked(connection: sqlite3.Connection, name: str) -> str:
    """A copy that goes on by itself; what is said in it changes nothing in the other."""
    copy = new_run()
    for table in ("checkpoints", "writes"):  # the saver has no such call
        columns = [str(row[1]) for row in connection.execute(f"pragma table_info({table})")]
        taken = ", ".join("?" if column == "thread_id" else column for column in columns)
        connection.execute(f"insert into {table} ({', '.join(columns)}) select {taken} from {table} where thread_id = ?", (copy, name))
    connection.commit()
    return copy
