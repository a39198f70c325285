"""Small attacks that a jail makes on itself before it is trusted: what was tried and failed counts, not what was configured."""

import os
import socket
from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa

from .parcel import Order

RAN = "a program ran"
Attack = Callable[[Mapping[str, object]], object]


def attempt(order: Order, batches: Sequence[pa.RecordBatch]) -> tuple[Order, Sequence[pa.RecordBatch]]:
    """Make one attack; what it got, or null where it was stopped."""
    try:
        return {"got": repr(ATTACKS[str(order["attack"])](order))[:200]}, ()
    except (OSError, MemoryError) as error:
        return {"got": None, "stopped_by": f"{type(error).__name__}: {error}"[:200]}, ()


def read_outside(order: Mapping[str, object]) -> object:
    with open(str(order["canary"]), "rb") as secret:
        return secret.read(8)


def write_outside(order: Mapping[str, object]) -> object:
    with open(f"{order['folder']}/left-by-a-cell", "w", encoding="ascii") as left:
        return left.write("x")


def connect(order: Mapping[str, object]) -> object:
    with socket.create_connection(("127.0.0.1", int(str(order["port"]))), 2) as reached:
        return reached.fileno()


def fork(order: Mapping[str, object]) -> object:
    process = os.fork()
    if not process:
        os._exit(0)
    return os.waitpid(process, 0)


def execute(order: Mapping[str, object]) -> object:
    os.execv("/bin/sh", ["sh", "-c", f"echo {RAN}"])


def signal_outside(order: Mapping[str, object]) -> object:
    os.kill(int(str(order["process"])), 0)
    return "sent"


def read_environment(order: Mapping[str, object]) -> object:
    with open(f"/proc/{order['process']}/environ", "rb") as environment:
        return environment.read(8)


def allocate(order: Mapping[str, object]) -> object:
    return len(bytearray(int(str(order["too_much"]))))


ATTACKS: dict[str, Attack] = {
    "read a file outside": read_outside,
    "write a file outside": write_outside,
    "connect to a port of this machine": connect,
    "start a process": fork,
    "run a program": execute,
    "send a signal to its parent": signal_outside,
    "read its parent's environment": read_environment,
    "take more memory than its limit": allocate,
}
