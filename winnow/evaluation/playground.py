"""Many goals, played in processes of their own: one that hangs or crashes costs its goal and nothing else."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import SimpleQueue
from threading import Lock

from .cases import Case
from .judging import Jailed, Judge, Trusting
from .playing import Outcome, Planner, play
from .spawned import spawning

STARTING = Lock()  # a process is told apart from its program by what is looked at while it starts


class Player:
    """A process that plays one goal after the other; it is started anew when it was lost."""

    def __init__(self, root: Path, planner: Planner, trusted: bool, seconds: float) -> None:
        self.given = (root, planner, trusted)
        self.seconds = seconds
        self._running: tuple[Connection, BaseProcess] | None = None

    def play(self, case: Case) -> Outcome:
        try:
            line = self._line()
            line.send(case)
            if line.poll(self.seconds):
                outcome = line.recv()
                assert isinstance(outcome, Outcome)
                return outcome
            why = f"no end within {self.seconds:g} s"
        except (EOFError, OSError):
            why = "the process that played it died"
        self.close()
        return Outcome(id=case.id, level=case.level, wanted=tuple(sorted(case.wanted)), kind="broken", note=why, seconds=self.seconds)

    def close(self) -> None:
        if self._running is not None:
            line, process = self._running
            self._running = None
            line.close()
            process.kill()
            process.join()

    def _line(self) -> Connection:
        if self._running is None:
            ours, theirs = spawning().Pipe()
            process = spawning().Process(target=_serve, args=(theirs, *self.given))
            with STARTING:
                process.start()
            theirs.close()
            self._running = ours, process
        return self._running[0]


def played(cases: Sequence[Case], root: Path, planner: Planner, *, jobs: int = 1, trusted: bool = False, seconds: float = 300.0) -> Iterator[Outcome]:
    """The outcomes in the order of the cases, as they come."""
    players = [Player(root, planner, trusted, seconds) for _ in range(max(1, min(jobs, len(cases))))]
    free: SimpleQueue[Player] = SimpleQueue()
    for one in players:
        free.put(one)

    def with_one(case: Case) -> Outcome:
        player = free.get()
        try:
            return player.play(case)
        finally:
            free.put(player)

    try:
        with ThreadPoolExecutor(len(players)) as threads:
            try:
                yield from threads.map(with_one, cases)
            finally:
                threads.shutdown(wait=False, cancel_futures=True)
    finally:
        for one in players:
            one.close()


def _serve(line: Connection, root: Path, planner: Planner, trusted: bool) -> None:
    """The life of a player: a case in, its outcome out."""
    from workflows.own_process import own_this_process

    own_this_process()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    judge: Judge = Trusting() if trusted else Jailed()
    while True:
        try:
            case = line.recv()
        except (EOFError, KeyboardInterrupt):
            return
        with tempfile.TemporaryDirectory(prefix="goal-") as folder:
            line.send(_survived(case, root, Path(folder), judge, planner))


def _survived(case: Case, root: Path, folder: Path, judge: Judge, planner: Planner) -> Outcome:
    """An error in the playing itself is an outcome too: the other goals are still of use."""
    try:
        return play(case, root, folder.resolve(), judge, planner)
    except Exception as error:
        note = f"{type(error).__name__}: {error}"[:300]
        return Outcome(id=case.id, level=case.level, wanted=tuple(sorted(case.wanted)), kind="broken", note=note)
