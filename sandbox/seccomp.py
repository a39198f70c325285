"""seccomp: a list of system calls that a process may make, laid on by itself; all others fail with EPERM.

The filter is a small program of the kernel's packet language (BPF). What is missed by the list must fail softly: libraries of
other versions make calls that nobody foresaw, and a list that kills would make runs die at random.
"""

import ctypes
import os
import struct
from collections.abc import Iterable, Sequence

from .kernel import PR_SET_SECCOMP, prctl
from .syscalls import AUDIT_ARCH, NEVER_MADE, NUMBERS

ALLOW, REFUSE, NOT_THERE, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000  # REFUSE is EPERM, NOT_THERE is ENOSYS
LOAD, EQUAL, AT_LEAST, HAS_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCH_AT, VALUES_AT = 0, 4, 16
CLONE_THREAD = 0x10000
FILE_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1032, 1034)  # fcntl: copies, flags, locks, sizes; not whom to signal
DEVICE_COMMANDS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # ioctl: is this a terminal, its size, bytes waiting, blocking, inheritance
FILTER_MODE = 2
Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, value


def restrict() -> None:
    """From here on this process may make the calls of `syscalls.py` alone: no socket, no program, no new process, no look at others."""
    program = b"".join(struct.pack("HBBI", *one) for one in filter_for(os.uname().machine, os.getpid()))
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    kept = ctypes.create_string_buffer(header, len(header))
    prctl(PR_SET_SECCOMP, FILTER_MODE, ctypes.addressof(kept))


def is_known() -> bool:
    """Whether this kernel takes filters and there is a table for this processor."""
    try:
        with open("/proc/sys/kernel/seccomp/actions_avail", encoding="ascii") as actions:
            return "errno" in actions.read() and os.uname().machine in NUMBERS
    except OSError:
        return False


def filter_for(machine: str, own: int) -> list[Instruction]:
    """The program for this kind of processor and a process of this id."""
    numbers = NUMBERS[machine]
    guarded = {
        "clone3": [_returns(NOT_THERE)],  # glibc falls back to clone, whose flags can be read
        "clone": _when(VALUES_AT, HAS_BITS, (CLONE_THREAD,)),
        "kill": _when(VALUES_AT, EQUAL, (own,)),
        "tgkill": _when(VALUES_AT, EQUAL, (own,)),
        "fcntl": _when(VALUES_AT + 8, EQUAL, FILE_COMMANDS),
        "ioctl": _when(VALUES_AT + 8, EQUAL, DEVICE_COMMANDS),
        "prlimit64": _own_looks_only(),
    }
    program = [_loads(ARCH_AT), (EQUAL, 1, 0, AUDIT_ARCH[machine]), _returns(KILL), _loads(NUMBER_AT)]
    if (first := NEVER_MADE[machine]) is not None:
        program += [(AT_LEAST, 0, 1, first), _returns(KILL)]
    for name, number in sorted(numbers.items()):
        body = guarded.get(name, [_returns(ALLOW)])
        program += [(EQUAL, 0, len(body), number), *body]
    return [*program, _returns(REFUSE)]


def _when(at: int, test: int, values: Iterable[int]) -> list[Instruction]:
    """Allow where the low half of a value passes one of the tests; the kernel reads no more than that half of these."""
    tests: Sequence[int] = tuple(values)
    return [_loads(at), *((test, len(tests) - turn, 0, value) for turn, value in enumerate(tests)), _returns(REFUSE), _returns(ALLOW)]


def _own_looks_only() -> list[Instruction]:
    """A process may read its own limits (process 0) and set none (the pointer to new ones is null)."""
    zeros = [one for at in (VALUES_AT, VALUES_AT + 16, VALUES_AT + 20) for one in (_loads(at), (EQUAL, 1, 0, 0), _returns(REFUSE))]
    return [*zeros, _returns(ALLOW)]


def _loads(at: int) -> Instruction:
    return (LOAD, 0, 0, at)


def _returns(value: int) -> Instruction:
    return (RETURN, 0, 0, value)
