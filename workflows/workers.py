"""Worker processes: copies of one original that has imported what they need, each given its tasks over a socket of its own.

The original is a copy of this process where this process is winnow's own, so that nothing is imported twice; else a new one is started,
since whoever else runs in this process may hold locks that a copy would wait for for ever. No name in a file system leads to any of them.
"""

import atexit
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from typing import Any

from .own_process import is_own_process, own_this_process
from .usage import give_back

PROGRAM = "import sys; sys.path[:] = sys.argv[2:]; from workflows.workers import begin; begin(int(sys.argv[1]))"
LOAD, COPY, SIZE_BYTES = b"l", b"c", 2
THREADED = {"torch", "duckdb"}  # whose threads Python does not count
PATIENCE_SECONDS = 5.0
IDLE_SECONDS = 0.1
_original: "_Original | None" = None


class Gone(Exception):
    """A worker died."""


class Worker:
    """One process that does one task after the other; where it ends before its time, Gone is raised."""

    def __init__(self, line: socket.socket) -> None:
        self._socket, self._line = line, Connection(os.dup(line.fileno()))
        self._line.send(dict(os.environ))

    def do(self, work: Callable[[Any], Any], task: Any) -> Any:
        """What it makes of the task, waited for; what its work raises is raised."""
        try:
            self._line.send((work, task))
            made, error, trace = self._line.recv()
        except (OSError, EOFError) as gone:
            raise Gone from gone
        if error is not None:
            error.add_note(trace)
            raise error
        return made

    def stop(self) -> None:
        """Nobody wants what it does: who waits for it is told that it is gone."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """It ends, as there is nothing more to do."""
        self._line.close()
        self._socket.close()


def prepare(kernels: Collection[str] = ()) -> None:
    """Let the original begin, unless there is one: it loads these kernels too while this process goes on."""
    with suppress(OSError):  # that it is gone is told to who asks for a worker
        _the_original().load(kernels)


def worker() -> Worker:
    """A new one, with this process's environment. Where the original is gone too, the next who asks gets another."""
    global _original
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            _the_original().copy(theirs)
        return Worker(ours)
    except OSError as error:
        ours.close()
        _original = None
        raise Gone from error


def begin(fileno: int) -> None:
    """What a new process does that shall be the original."""
    own_this_process()
    _be_original(socket.socket(fileno=fileno))


class _Original:
    """The process that workers are copied from, and the line on which copies are asked for."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = _copied(theirs) if _may_be_copied() else _started(theirs)
        self.parent, self._was_asked = os.getpid(), False

    def load(self, kernels: Collection[str]) -> None:
        names = ",".join(sorted(kernels)).encode()
        if names:
            self._line.sendall(LOAD + len(names).to_bytes(SIZE_BYTES) + names)

    def copy(self, line: socket.socket) -> None:
        self._was_asked = True
        socket.send_fds(self._line, [COPY], [line.fileno()])

    def leave(self) -> None:
        """Wait for it to end, so that what it used is counted as this process's own; not for ever. One that nobody asked may still be loading."""
        self._line.close()
        until = time.monotonic() + PATIENCE_SECONDS
        with suppress(ProcessLookupError, ChildProcessError):
            if not self._was_asked:
                os.kill(self._process, signal.SIGKILL)
            while not os.waitpid(self._process, os.WNOHANG)[0] and time.monotonic() < until:
                time.sleep(0.001)


def _the_original() -> _Original:
    global _original
    if _original is None or _original.parent != os.getpid():
        _leave_at_exit()
        _original = _Original()
    return _original


@cache
def _leave_at_exit() -> None:
    atexit.register(_leave)


def _leave() -> None:
    if _original is not None and _original.parent == os.getpid():
        _original.leave()


def _may_be_copied() -> bool:
    is_alone = threading.active_count() == 1 and not THREADED & sys.modules.keys()
    return sys.platform == "linux" and is_own_process() and is_alone


def _copied(theirs: socket.socket) -> int:
    process = os.fork()
    if process:
        return process
    try:
        line = theirs.dup()
        _let_go_of_all_but(line.fileno())
        _be_original(line)
    finally:
        os._exit(1)


def _started(theirs: socket.socket) -> int:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(theirs.fileno()), *sys.path], pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL
    )
    process.returncode = 0  # waited for by `leave`
    return process.pid


def _let_go_of_all_but(kept: int) -> None:
    """Locks on files are held as long as any copy of their descriptor is open. The numbers stay taken: who believes to own one may close it."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in (kept, nowhere):
            with suppress(OSError):  # that of the listing itself
                os.dup2(nowhere, int(name), inheritable=False)


def _be_original(line: socket.socket) -> None:
    """Load what workers need, then make one for whoever asks, until nobody can ask any more."""
    import gc

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: the one who asked for workers ends them
    from .preloaded import load, preload

    preload()
    made = set[int]()
    while True:
        asked, given, _, _ = socket.recv_fds(line, 1, 1)
        if asked == LOAD:
            load(line.recv(int.from_bytes(line.recv(SIZE_BYTES)), socket.MSG_WAITALL).decode().split(","))
        elif asked == COPY:
            gc.freeze()  # what is there already is never looked at again, so its pages stay shared
            process = os.fork()
            if not process:
                line.close()
                _be_worker(Connection(given[0]))
            os.close(given[0])
            made.add(process)
            made -= {one for one in made if os.waitpid(one, os.WNOHANG)[0]}
        else:
            break
    for one in made:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGTERM)  # one that still works does so for nobody
    for one in made:
        os.waitpid(one, 0)
    os._exit(0)


def _be_worker(line: Connection) -> None:
    """Do what comes over the line until it ends."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(EOFError, OSError):
        os.environ.clear()
        os.environ.update(line.recv())
        while True:
            if not line.poll(IDLE_SECONDS):
                give_back()
            work, task = line.recv()
            line.send_bytes(_done(work, task))
    os._exit(0)


def _done(work: Callable[[Any], Any], task: Any) -> bytes:
    try:
        return pickle.dumps((work(task), None, ""), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # raised again where the task came from
        trace = "".join(traceback.format_exception(error))
        try:
            return pickle.dumps((None, error, trace), pickle.HIGHEST_PROTOCOL)
        except Exception:  # an exception may hold what cannot travel
            return pickle.dumps((None, RuntimeError(f"{type(error).__name__}: {error}"), trace), pickle.HIGHEST_PROTOCOL)
