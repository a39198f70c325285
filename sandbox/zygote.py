"""A process with the libraries loaded and no secret, that makes cells: it forks, and the fork locks itself in.

A fresh cell costs a fork and not a start of Python, so that every batch gets one of its own and no operator can keep anything from one
batch to the next. The zygote itself never runs code of strangers. It speaks with its jail over one socket, in JSON and file descriptors.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder

from .cell import Walls, serve
from .kernel import PR_SET_DUMPABLE, prctl
from .layers import Layer

MOST_MESSAGE, FILES = 1 << 16, 5
ALWAYS = ("numpy", "pyarrow.compute")  # hundreds of milliseconds in every cell otherwise


def main(control: int, preload: Sequence[str], readable: Sequence[str]) -> None:
    """Make and bury cells until the jail is gone."""
    prctl(PR_SET_DUMPABLE, 0)  # its memory is not for its cells, where nothing but the namespaces stands between
    do_without_pandas()
    for module in (*ALWAYS, *preload):
        importlib.import_module(module)
    make_tables()
    gc.collect()
    gc.freeze()  # what is shared with the forks stays shared
    jail = socket.socket(fileno=control)
    jail.send(json.dumps({"up": os.getpid()}).encode())
    Zygote(jail, readable).work()


class _NoPandas(MetaPathFinder):
    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("not now", name=name)


def do_without_pandas() -> None:
    """Let Arrow look for pandas now and not find it: it would load all of it for the first array of every cell. Others may still load it."""
    hidden = _NoPandas()
    sys.meta_path.insert(0, hidden)
    importlib.import_module("pyarrow").array([0])
    sys.meta_path.remove(hidden)


def make_tables() -> None:
    """Let Arrow make its tables of Unicode, which takes as long as most calls."""
    pyarrow = importlib.import_module("pyarrow")
    importlib.import_module("pyarrow.compute").utf8_upper(pyarrow.array(["a"]))


class Zygote:
    """Its cells by number, each with the file descriptor by which the kernel tells its end."""

    def __init__(self, control: socket.socket, readable: Sequence[str]) -> None:
        self.control, self.readable = control, readable
        self.cells: dict[int, tuple[int, int]] = {}  # number → process, its descriptor

    def work(self) -> None:
        while True:
            control, ends = self.control.fileno(), {watch: number for number, (_, watch) in self.cells.items()}
            for ready in select.select([control, *ends], [], [])[0]:
                if ready == control:
                    if not self.obey():
                        return
                elif ends[ready] in self.cells:
                    self.bury(ends[ready])

    def obey(self) -> bool:
        """One order; False when the jail is gone."""
        told, files, _, _ = socket.recv_fds(self.control, MOST_MESSAGE, FILES)
        if not told:
            for process, _ in self.cells.values():
                os.kill(process, signal.SIGKILL)
            return False
        order = json.loads(told)
        if "kill" in order:
            if order["kill"] in self.cells:
                os.kill(self.cells[order["kill"]][0], signal.SIGKILL)
        else:
            self.make(order, files)
        return True

    def make(self, order: dict[str, object], files: Sequence[int]) -> None:
        layers = frozenset(Layer(one) for one in str(order["layers"]).split())
        walls = Walls(
            layers=layers,
            readable=self.readable,
            memory=int(str(order["memory"])),
            cpu_seconds=int(str(order["cpu_seconds"])),
            answer=int(str(order["answer"])),
            room=int(str(order["room"])),
            kept=int(str(order["kept"])),
            parent=os.getpid(),
        )
        process = os.fork()
        if not process:
            serve(files, walls)
        for one in files:
            os.close(one)
        self.cells[int(str(order["cell"]))] = (process, os.pidfd_open(process))

    def bury(self, number: int) -> None:
        process, watch = self.cells.pop(number)
        os.close(watch)
        _, status = os.waitpid(process, 0)
        self.control.send(json.dumps({"gone": number, "status": os.waitstatus_to_exitcode(status)}).encode())
