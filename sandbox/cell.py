"""The inside of a jail: one process for one call. It locks itself in first and looks at what it was sent afterwards."""

import fcntl
import gc
import importlib
import os
import resource
import select
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from . import landlock, seccomp
from .kernel import PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, SIGKILL, drop_capabilities, prctl
from .layers import Layer, Layers
from .parcel import LENGTH, Order, read, size_of, write
from .ready import Ready, make_ready

SENT, ANSWER, GO, DONE = 3, 4, 5, 6  # file descriptors of a cell
OPEN_FILES = 64
MOST_MESSAGE = 2000
# what Python and its libraries read while they run; never all of /proc
SYSTEM = (
    "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/dev/null", "/dev/urandom",
    "/sys/devices/system/cpu", "/proc/self/cgroup", "/sys/fs/cgroup",  # DuckDB aborts where it cannot read the last two
)  # fmt: skip
Function = Callable[[Order, Sequence[pa.RecordBatch]], tuple[Order, Sequence[pa.RecordBatch]]]


@dataclass(frozen=True, kw_only=True)
class Walls:
    """How one cell is shut."""

    layers: Layers
    readable: Sequence[str]
    memory: int
    cpu_seconds: int
    answer: int
    room: int  # bytes of the file with what is sent
    kept: int  # bytes at the beginning of the answer whose pages are there
    parent: int  # with which the cell dies


def serve(files: Sequence[int], walls: Walls) -> None:
    """All of a cell's life; never returns."""
    status = 1
    try:
        _take(files)
        _lock(walls)
        ready = make_ready(SENT, ANSWER, walls.room, walls.kept, _is_called)
        (size,) = LENGTH.unpack(_exactly(GO, LENGTH.size))
        _answer(size, ready)
        status = 0
    except EOFError:  # nobody wants anything of this cell any more
        status = 0
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode(errors="replace")[:MOST_MESSAGE])
    finally:
        os._exit(status)


def _take(files: Sequence[int]) -> None:
    """The files of this cell under their own numbers, and no other file."""
    apart = [fcntl.fcntl(one, fcntl.F_DUPFD, 2 * OPEN_FILES) for one in files]
    for number, one in zip((SENT, ANSWER, GO, DONE, 1), apart, strict=True):
        os.dup2(one, number)
    os.dup2(1, 2)
    os.closerange(DONE + 1, os.sysconf("SC_OPEN_MAX"))


def _lock(walls: Walls) -> None:
    prctl(PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != walls.parent:
        os._exit(1)
    gc.unfreeze()
    limits = {"AS": walls.memory, "CPU": walls.cpu_seconds, "FSIZE": walls.answer, "NOFILE": OPEN_FILES, "CORE": 0, "MEMLOCK": 0}
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        resource.setrlimit(kind, (value, value))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    drop_capabilities()
    if Layer.LANDLOCK in walls.layers:
        landlock.restrict([*SYSTEM, *walls.readable], ["/dev/null"])
    if Layer.SECCOMP in walls.layers:
        seccomp.restrict()


def _is_called() -> bool:
    return bool(select.select([GO], [], [], 0)[0])


def _answer(size: int, ready: Ready) -> None:
    order, batches = read(pa.py_buffer(ready.sent).slice(0, size))
    try:
        said, made = _function(str(order["function"]))(_mapping(order["order"]), batches)
        length = _put(ready, {"gave": said}, made)
    except BaseException as error:
        length = _put(ready, {"raised": _told(error)}, ())
    os.write(DONE, LENGTH.pack(length))


def _put(ready: Ready, order: Order, batches: Sequence[pa.RecordBatch]) -> int:
    """What goes beyond the pages that are there is written and not mapped: the kernel copies whole buffers, a mapping faults page by page."""
    if size_of(order, batches) <= len(ready.answer):
        with pa.FixedSizeBufferWriter(pa.py_buffer(ready.answer)) as mapped:
            return write(mapped, order, batches)
    with pa.PythonFile(os.fdopen(os.dup(ANSWER), "wb", buffering=0), mode="w") as target:
        return write(target, order, batches)


def _function(name: str) -> Function:
    module, _, own = name.partition(":")
    found: Function = getattr(importlib.import_module(module), own)
    return found


def _mapping(value: object) -> Mapping[str, object]:
    assert isinstance(value, dict)
    return value


def _told(error: BaseException) -> Order:
    facts = {key: value for key, value in vars(error).items() if isinstance(value, (int, str))} if hasattr(error, "__dict__") else {}
    cut = {key[:60]: value[:MOST_MESSAGE] if isinstance(value, str) else value for key, value in list(facts.items())[:8]}
    return {"kind": type(error).__name__[:60], "message": str(error)[:MOST_MESSAGE], "facts": cut}


def _exactly(file: int, size: int) -> bytes:
    got = b""
    while len(got) < size:
        piece = os.read(file, size - len(got))
        if not piece:
            raise EOFError
        got += piece
    return got
