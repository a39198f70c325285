"""Where tasks run: in this process, or in a pool of spawned ones. Results come back in the order of the tasks."""

import atexit
import ctypes
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import BaseContext, ForkServerContext, ForkServerProcess, SpawnContext, SpawnProcess
from multiprocessing.util import get_temp_dir
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from tools.errors import RecipeError

from .usage import Usage, Used, counter, used_since
from .without_pandas import without_pandas

Task = TypeVar("Task")
Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a phase of the work is."""

    phase: str
    done: int
    total: int


def cores() -> int:
    """As many as this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _lean(work: Callable[[Task], Made], task: Task) -> tuple[Made, Used]:
    """Do a task and give its memory back: Arrow's pool and the C library would keep the peak of every task for the process's life."""
    before = counter()
    made = work(task)
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, others need none
    if trim is not None:
        trim(0)
    return made, used_since(before)


@contextmanager
def _nameless_main() -> Iterator[None]:
    """While it lasts nobody can tell from which file this program was started."""
    main = sys.modules["__main__"].__dict__
    kept: dict[str, object] = {name: main[name] for name in ("__spec__", "__file__") if name in main}
    main["__spec__"] = None
    main.pop("__file__", None)
    try:
        yield
    finally:
        main.update(kept)


class _Worker(SpawnProcess):
    """A process that does not import the program that started it: a script without `if __name__ == "__main__"` would run again in
    each worker, and a notebook or a program from stdin has no file at all. Tasks are functions of this room, so nothing is missed."""

    def start(self) -> None:
        with _nameless_main():
            super().start()


def _as_here(environment: dict[str, str]) -> None:
    """A copy has the environment of when its original began."""
    without_pandas()
    os.environ.clear()
    os.environ.update(environment)


class _Workers(SpawnContext):
    Process = _Worker


def spawning() -> SpawnContext:
    """How processes are started that know nothing of the program which starts them."""
    return _Workers()


class _Copy(ForkServerProcess):
    """The same, copied from a process that has imported all that a worker needs."""

    def start(self) -> None:
        with _nameless_main():
            super().start()


class _Copies(ForkServerContext):
    Process = _Copy


@cache
def _leave_at_exit() -> None:
    atexit.register(_leave)


def _leave() -> None:
    """Wait for the original to end, so that what it used is counted as this process's own; not for ever."""
    server: Any = vars(forkserver)["_forkserver"]
    handle, process = server._forkserver_alive_fd, server._forkserver_pid
    if handle is None or process is None:
        return
    os.close(handle)
    server._forkserver_alive_fd = server._forkserver_pid = server._forkserver_address = None
    until = time.monotonic() + 5
    while not os.waitpid(process, os.WNOHANG)[0] and time.monotonic() < until:
        time.sleep(0.002)


def is_for_workers(address: object) -> bool:
    """Whether this is a socket in the folder, made for this process alone, where the original is asked for copies."""
    return isinstance(address, str) and Path(address).parent == Path(get_temp_dir())


def _context() -> BaseContext:
    """Copies where that is safe: elsewhere than on Linux system libraries may have started threads by then."""
    if sys.platform != "linux":
        return _Workers()
    _leave_at_exit()
    found = _Copies()
    found.set_forkserver_preload(["workflows.preloaded"])
    return found


class Executor:
    """Runs tasks with `workers` processes, or threads where nothing is computed anew; one worker means this process."""

    def __init__(self, workers: int, threads: bool = False) -> None:
        self.workers = max(1, workers)
        self.usage = Usage()
        self._threads = threads
        self._pool: ProcessPoolExecutor | ThreadPoolExecutor | None = None

    def warm(self) -> None:
        """Let the process start from which workers will be copied; it imports while this one goes on."""
        if self.workers > 1 and not self._threads and sys.platform == "linux":
            _context()
            with _nameless_main():
                forkserver.ensure_running()

    def map(self, work: Callable[[Task], Made], tasks: Sequence[Task]) -> Iterator[Made]:
        """Results in order; at most two tasks a worker are under way. A worker that dies ends the run, which can be resumed."""
        if self.workers == 1 or len(tasks) < 2:
            for task in tasks:
                yield self._noted(_lean(work, task))
            return
        waiting, left = deque[Future[tuple[Made, Used]]](), iter(tasks)
        pool = self._started()
        try:
            for task in left:
                waiting.append(pool.submit(_lean, work, task))
                if len(waiting) >= 2 * self.workers:
                    yield self._noted(waiting.popleft().result())
            while waiting:
                yield self._noted(waiting.popleft().result())
        except BrokenProcessPool as error:
            self._pool = None
            raise RecipeError("a worker process died (out of memory, or killed); what it had finished is kept: `winnow resume` goes on") from error
        finally:
            for future in waiting:
                future.cancel()

    def _noted(self, done: tuple[Made, Used]) -> Made:
        made, used = done
        self.usage.add(used)
        return made

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def __enter__(self) -> "Executor":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _started(self) -> ProcessPoolExecutor | ThreadPoolExecutor:
        if self._pool is None and self._threads:
            self._pool = ThreadPoolExecutor(self.workers)
        elif self._pool is None:
            given = dict(os.environ)
            self._pool = ProcessPoolExecutor(self.workers, mp_context=_context(), initializer=_as_here, initargs=(given,))
        return self._pool
