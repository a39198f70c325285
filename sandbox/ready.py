"""What a cell does while it waits for its call: it fetches the pages that the call will need. A page that is touched for the first time costs
the kernel more than most operators take for what lies on it."""

import contextlib
import mmap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from .kernel import advise
from .parcel import read, size_of, write

PAGE, PIECE = 4096, 4 << 20
HEAP = 2  # times what may be sent: an operator's result and some more
MADV_HUGEPAGE, MADV_POPULATE_READ, MADV_POPULATE_WRITE = 14, 22, 23


@dataclass(frozen=True)
class Ready:
    """The two files of a cell as it sees them: all that may be sent to it, and the beginning of its answer."""

    sent: mmap.mmap
    answer: mmap.mmap


def make_ready(sent: int, answer: int, room: int, kept: int, is_called: Callable[[], bool]) -> Ready:
    """Map both files and fetch pages, until all are there or the call has come."""
    ready = Ready(mmap.mmap(sent, room, mmap.MAP_SHARED, mmap.PROT_READ), mmap.mmap(answer, kept, mmap.MAP_SHARED))
    with contextlib.suppress(OSError, MemoryError):  # a kernel before 5.14, or no memory: then each page is fetched when it is used
        for _ in _fetched(ready):
            if is_called():
                break
    return ready


def _fetched(ready: Ready) -> Iterator[None]:
    """A piece at a time, what saves most first."""
    block = pa.allocate_buffer(HEAP * len(ready.answer))  # freed again: the allocator keeps its pages, as start.py tells it to
    start, end = -(-block.address // PAGE) * PAGE, (block.address + block.size) // PAGE * PAGE
    advise(start, end - start, MADV_HUGEPAGE)
    for place in range(start, end, PIECE):
        advise(place, min(PIECE, end - place), MADV_POPULATE_WRITE)
        yield
    del block
    _rehearse(ready)
    yield
    for space, advice in ((ready.sent, MADV_POPULATE_READ), (ready.answer, MADV_POPULATE_WRITE)):
        for place in range(0, len(space), PIECE):
            space.madvise(advice, place, min(PIECE, len(space) - place))
            yield


def _rehearse(ready: Ready) -> None:
    """Pages of programs are fetched by running them."""
    order, batches = {"": ""}, [pa.record_batch({"": [""]})]
    with pa.FixedSizeBufferWriter(pa.py_buffer(ready.answer)) as target:
        size = write(target, order, batches)
    read(pa.py_buffer(ready.answer).slice(0, size_of(order, batches)))
    ready.answer[:size] = bytes(size)
