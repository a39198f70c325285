"""A jail: calls a function in a process that may compute on what it is sent and nothing else."""

import contextlib
import fcntl
import json
import os
import select
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import pyarrow as pa

from .errors import JailError, Misbehaved, Raised, Refused, Stopped
from .layers import FULL, Layers, Limits
from .parcel import LENGTH, Order, read_strange, write
from .start import describe, start

START_SECONDS, BURIAL_SECONDS = 60.0, 5.0
SEALS = 0x1 | 0x2 | 0x4  # F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW: a cell cannot cut a file that is being read
SEAL_WRITE = 0x8
F_ADD_SEALS = 1033
DEFAULT = Limits()


@dataclass
class _Cell:
    """The jail's side of one cell."""

    number: int
    limits: Limits
    sent: int
    answer: int
    go: int
    done: int
    said: int
    heard: bytearray = field(default_factory=bytearray)
    spoken: int = 0

    def close(self) -> None:
        for one in (self.sent, self.answer, self.go, self.done, self.said):
            os.close(one)


class Jail:
    """Calls `module:function` in cells, a fresh one for each call; the next one is made while the last one works.

    `layers` are what the caller has found to hold (tiers.py). `preload`: modules that are ours, imported before a cell is shut;
    `readable`: files and folders that cells may read beside the libraries. Not for several threads at once.
    """

    def __init__(self, layers: Layers = FULL, *, preload: Sequence[str] = (), readable: Sequence[str] = (), limits: Limits = DEFAULT) -> None:
        if not layers:
            raise Refused("no layer of protection: code of strangers does not run without a jail")
        self.layers, self.limits = layers, limits
        self._process, self._control = start(layers, preload, readable)
        self._numbers = 0
        self._gone: dict[int, int] = {}
        self._spare: _Cell | None = None
        try:
            self._wait_for_zygote()
        except BaseException:
            self.close()
            raise

    def call(
        self,
        function: str,
        order: Order | None = None,
        batches: Sequence[pa.RecordBatch] = (),
        *,
        rows: int | None = None,
        limits: Limits | None = None,
    ) -> tuple[Order, list[pa.RecordBatch]]:
        """Call `function(order, batches)`, which gives an object for JSON and batches; `rows`: how many every batch must have that
        comes back. Raises Stopped, Misbehaved, Raised."""
        cell = self._cell(limits or self.limits)
        try:
            size = _send(cell.sent, {"function": function, "order": dict(order or {})}, batches)
            self._go(cell, size)
            self._spare = self._spare or self._made(cell.limits)
            gave, made = _opened(cell.answer, self._length(cell), cell.limits)
            if rows is not None and any(len(batch) != rows for batch in made):
                raise Misbehaved(f"batches of {[len(batch) for batch in made]} rows came back where {rows} went in")
            return gave, made
        finally:
            self._tell({"kill": cell.number})
            cell.close()

    @property
    def is_up(self) -> bool:
        """Whether its first process still runs; without that each call raises Stopped."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the zygote, and with it all cells."""
        if self._spare is not None:
            self._spare.close()
            self._spare = None
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.2)
        self._process.kill()
        self._process.wait(BURIAL_SECONDS)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _wait_for_zygote(self) -> None:
        self._control.settimeout(START_SECONDS)
        try:
            came_up = bool(self._control.recv(1 << 10))
        except (TimeoutError, ConnectionError):
            came_up = False
        if not came_up:
            self._process.kill()
            raise Refused(f"the jail's first process did not come up: {describe(self._process)}")
        self._control.setblocking(False)

    def _cell(self, limits: Limits) -> _Cell:
        spare, self._spare = self._spare, None
        if spare is not None and spare.limits == limits and spare.number not in self._gone:
            return spare
        if spare is not None:
            self._tell({"kill": spare.number})
            spare.close()
        return self._made(limits)

    def _made(self, limits: Limits) -> _Cell:
        self._numbers += 1
        self._gone = {number: status for number, status in self._gone.items() if number >= self._numbers - 2}  # nobody asks for older ones
        sent, answer = (
            os.memfd_create("sent", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING),
            os.memfd_create("answer", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING),
        )
        os.ftruncate(answer, limits.answer)
        _seal(answer, SEALS)
        (go, went), (done, doing), (said, saying) = os.pipe(), os.pipe(), os.pipe()
        order = {
            "cell": self._numbers,
            "layers": " ".join(self.layers),
            "memory": limits.memory,
            "cpu_seconds": limits.cpu_seconds,
            "answer": limits.answer,
        }
        theirs = [sent, answer, go, doing, saying]
        cell = _Cell(self._numbers, limits, sent, answer, went, done, said)
        try:
            self._tell(order, theirs)
        except Stopped:
            cell.close()
            raise
        finally:
            for one in (go, doing, saying):
                os.close(one)
        for one in (done, said):
            os.set_blocking(one, False)
        return cell

    def _tell(self, order: Mapping[str, object], files: Sequence[int] = ()) -> None:
        try:
            socket.send_fds(self._control, [json.dumps(order).encode()], files)
        except OSError as error:
            if files:
                raise Stopped(f"the jail's first process is gone: {error}") from None

    def _go(self, cell: _Cell, size: int) -> None:
        with contextlib.suppress(BrokenPipeError):  # it died before it began: its end says why
            os.write(cell.go, LENGTH.pack(size))

    def _length(self, cell: _Cell) -> int:
        """Bytes of the answer, once the cell says that it is done."""
        told, ends = b"", time.monotonic() + cell.limits.wall_seconds
        while len(told) < LENGTH.size:
            left = ends - time.monotonic()
            if left <= 0:
                raise Stopped(f"no answer within {cell.limits.wall_seconds:g} s", _text(cell))
            ready = select.select([cell.done, cell.said, self._control.fileno()], [], [], left)[0]
            if self._control.fileno() in ready:
                self._listen()
            if cell.said in ready:
                self._hear(cell)
            if cell.done in ready:
                piece = os.read(cell.done, LENGTH.size - len(told))
                if not piece:
                    raise Stopped(self._why(cell, ends), _text(cell))
                told += piece
        return int(LENGTH.unpack(told)[0])

    def _hear(self, cell: _Cell) -> None:
        """What the cell writes to stdout and stderr: the beginning is kept, too much is the end of it."""
        piece = os.read(cell.said, 1 << 16)
        cell.spoken += len(piece)
        cell.heard += piece[: max(0, cell.limits.said - len(cell.heard))]
        if cell.spoken > cell.limits.most_said:
            raise Stopped(f"wrote more than {cell.limits.most_said >> 20} MB to stdout and stderr", _text(cell))

    def _listen(self) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionError):
            while told := self._control.recv(1 << 10):
                ended = json.loads(told)
                self._gone[ended["gone"]] = ended["status"]
        if not self.is_up:
            raise Stopped("the jail's first process is gone")

    def _why(self, cell: _Cell, ends: float) -> str:
        """How a cell ended that gave no answer."""
        while cell.number not in self._gone and time.monotonic() < ends and select.select([self._control], [], [], BURIAL_SECONDS)[0]:
            self._listen()
        while select.select([cell.said], [], [], 0)[0] and len(cell.heard) < cell.limits.said:
            before = cell.spoken
            self._hear(cell)
            if cell.spoken == before:
                break
        return _ended(self._gone.pop(cell.number, None))


def _send(file: int, order: Order, batches: Sequence[pa.RecordBatch]) -> int:
    with pa.OSFile(f"/proc/self/fd/{file}", "wb") as target:
        size = write(target, order, batches)
    _seal(file, SEALS | SEAL_WRITE)
    return size


def _opened(file: int, length: int, limits: Limits) -> tuple[Order, list[pa.RecordBatch]]:
    """The answer, copied out before anything of it is looked at: the cell may still write."""
    if length > limits.answer:
        raise Misbehaved(f"the answer claims {length} bytes of at most {limits.answer}")
    raw = pa.allocate_buffer(length)
    if length and os.preadv(file, [memoryview(raw)], 0) != length:
        raise Misbehaved("the answer is shorter than it claims")
    told, batches = read_strange(raw)
    if isinstance(gave := told.get("gave"), dict):
        return gave, batches
    raise _raised(told.get("raised"))


def _raised(told: object) -> JailError:
    if not isinstance(told, dict):
        return Misbehaved("the answer neither gives nor raises")
    facts = told.get("facts")
    small = {str(key)[:60]: value for key, value in facts.items() if isinstance(value, (int, str))} if isinstance(facts, dict) else {}
    return Raised(_printable(told.get("kind")), _printable(told.get("message")), small)


def _ended(status: int | None) -> str:
    if status is None:
        return "ended without an answer"
    if status >= 0:
        return f"ended with status {status} and no answer"
    return {
        -9: "was killed (signal 9): out of memory, or of time on the processor",
        -24: "used up its time on the processor",
        -11: "crashed (signal 11)",
    }.get(status, f"ended by signal {-status}")


def _text(cell: _Cell) -> str:
    return _printable(cell.heard.decode(errors="replace"))


def _printable(value: object) -> str:
    """Text of a stranger for people: no control characters that a terminal would obey."""
    return "".join(one if one.isprintable() or one in "\n\t" else f"\\x{ord(one):02x}" for one in str(value)[:65536])


def _seal(file: int, seals: int) -> None:
    fcntl.fcntl(file, F_ADD_SEALS, seals)
