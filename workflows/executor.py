"""Where tasks run: in this process, or in others. Results come back in the order of the tasks."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TypeVar, cast

from tools.errors import RecipeError

from .usage import Usage, Used, counter, give_back, used_since
from .workers import Gone, Worker
from .workers import worker as new_worker

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


def _counted(work: Callable[[Task], Made], task: Task) -> tuple[Made, Used]:
    before = counter()
    made = work(task)
    return made, used_since(before)


def _counted_apart(both: tuple[Callable[[Task], Made], Task]) -> tuple[Made, Used]:
    return _counted(*both)


class Executor:
    """Runs tasks with `workers` processes, or threads where nothing is computed anew; one worker means this process."""

    def __init__(self, workers: int, threads: bool = False) -> None:
        self.workers = max(1, workers)
        self.usage = Usage()
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._free: SimpleQueue[Worker] = SimpleQueue()
        self._made: list[Worker] = []

    def map(self, work: Callable[[Task], Made], tasks: Sequence[Task]) -> Iterator[Made]:
        """Results in order; at most two tasks a worker are under way. A worker that dies ends the run, which can be resumed."""
        if self.workers == 1 or len(tasks) < 2:
            for task in tasks:
                yield self._noted(_counted(work, task))
            give_back()
            return
        waiting, left = deque[Future[tuple[Made, Used]]](), iter(tasks)
        do = self._in_a_thread if self._threads else self._in_a_process
        try:
            pool = self._started()
            for task in left:
                waiting.append(pool.submit(do, work, task))
                if len(waiting) >= 2 * self.workers:
                    yield self._noted(waiting.popleft().result())
            while waiting:
                yield self._noted(waiting.popleft().result())
            give_back()
        except Gone as error:
            raise RecipeError("a worker process died (out of memory, or killed); what it had finished is kept: `winnow resume` goes on") from error
        finally:
            for future in waiting:
                future.cancel()

    def _in_a_thread(self, work: Callable[[Task], Made], task: Task) -> tuple[Made, Used]:
        return _counted(work, task)

    def _in_a_process(self, work: Callable[[Task], Made], task: Task) -> tuple[Made, Used]:
        """Each thread of the pool waits for one process."""
        worker = self._free.get()
        try:
            return cast(tuple[Made, Used], worker.do(_counted_apart, (work, task)))
        finally:
            self._free.put(worker)

    def _noted(self, done: tuple[Made, Used]) -> Made:
        made, used = done
        self.usage.add(used)
        return made

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        for worker in self._made:
            worker.close()
        self._made, self._free = [], SimpleQueue()

    def __enter__(self) -> "Executor":
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        for worker in self._made if failed else ():
            worker.stop()  # what is under way is wanted no more
        self.close()

    def _started(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.workers)
            for _ in range(0 if self._threads else self.workers):
                self._made.append(new_worker())
                self._free.put(self._made[-1])
        return self._pool
