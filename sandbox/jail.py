"""A jail: calls a function in a process that may compute on what it is sent and nothing else."""

import contextlib
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
from .mailbox import LEAST, MOST_KEPT, Mailbox, room_for
from .parcel import LENGTH, Order, read_strange, size_of
from .start import describe, start

START_SECONDS, BURIAL_SECONDS = 60.0, 5.0
DEFAULT = Limits()


@dataclass
class _Cell:
    """The jail's side of one cell."""

    number: int
    limits: Limits
    mailbox: Mailbox
    go: int
    done: int
    said: int
    heard: bytearray = field(default_factory=bytearray)
    spoken: int = 0

    def close(self) -> None:
        for one in (self.go, self.done, self.said):
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
        self._dying: dict[int, Mailbox] = {}  # by the cell that may still write into it
        self._free: list[Mailbox] = []
        self._room = LEAST
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
        parcel: Order = {"function": function, "order": dict(order or {})}
        cell = self._cell(limits or self.limits, room_for(size_of(parcel, batches)))
        try:
            size = cell.mailbox.put(parcel, batches)
            self._go(cell, size)
            self._spare = self._spare or self._made(cell.limits, self._room)
            gave, made = _opened(cell.mailbox.take(self._length(cell)))
            if rows is not None and any(len(batch) != rows for batch in made):
                raise Misbehaved(f"batches of {[len(batch) for batch in made]} rows came back where {rows} went in")
            return gave, made
        finally:
            self._end(cell)

    @property
    def is_up(self) -> bool:
        """Whether its first process still runs; without that each call raises Stopped."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the zygote, and with it all cells."""
        if self._spare is not None:
            self._end(self._spare)
            self._spare = None
        for mailbox in (*self._dying.values(), *self._free):
            mailbox.close()
        self._dying.clear()
        self._free.clear()
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

    def _cell(self, limits: Limits, room: int) -> _Cell:
        self._room = max(room, min(self._room, MOST_KEPT))  # the next call may be as large
        spare, self._spare = self._spare, None
        if spare is not None and spare.limits == limits and spare.number not in self._gone and spare.mailbox.room >= room:
            return spare
        if spare is not None:
            self._end(spare)
        return self._made(limits, self._room)

    def _made(self, limits: Limits, room: int) -> _Cell:
        self._numbers += 1
        mailbox = self._mailbox(room, limits.answer)
        (go, went), (done, doing), (said, saying) = os.pipe(), os.pipe(), os.pipe()
        order = {
            "cell": self._numbers,
            "layers": " ".join(self.layers),
            "memory": limits.memory,
            "cpu_seconds": limits.cpu_seconds,
            "answer": limits.answer,
            "room": mailbox.room,
            "kept": mailbox.kept,
        }
        theirs = [*mailbox.opened(), go, doing, saying]
        cell = _Cell(self._numbers, limits, mailbox, went, done, said)
        try:
            self._tell(order, theirs)
        except Stopped:
            self._end(cell)
            raise
        finally:
            for one in theirs:
                os.close(one)
        for one in (done, said):
            os.set_blocking(one, False)
        return cell

    def _end(self, cell: _Cell) -> None:
        self._tell({"kill": cell.number})
        cell.close()
        self._dying[cell.number] = cell.mailbox

    def _mailbox(self, room: int, answer: int) -> Mailbox:
        """One that no living cell has."""
        self._listen()
        for number in self._dying.keys() & self._gone.keys():
            self._free.append(self._dying.pop(number))
            del self._gone[number]
        while self._free:
            found = self._free.pop()
            if found.fits(room, answer):
                found.wipe()
                return found
            found.close()
        return Mailbox(room, answer)

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
        return _ended(self._gone.get(cell.number))


def _opened(raw: pa.Buffer) -> tuple[Order, list[pa.RecordBatch]]:
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
