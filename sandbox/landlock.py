"""Landlock: the kernel's own list of files that a process may open, laid on by itself and never taken off."""

import os
import struct
from collections.abc import Iterable

from .kernel import syscall

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on all processors
READ_FILE, READ_FOLDER, WRITE_FILE = 1 << 2, 1 << 3, 1 << 1
RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # version of the interface → how many rights over files it knows
_VERSION = 1  # a flag: say the version
_UNDER_PATH = 1


def version() -> int:
    """Of the kernel's interface; 0 where it has none."""
    try:
        return syscall(CREATE_RULESET, 0, 0, _VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[str], writable: Iterable[str] = ()) -> None:
    """From here on this thread and its children open these files and folders alone, start no program, and where the kernel knows how
    make no TCP connection, send no signal out and reach no abstract socket. Call it before any thread starts."""
    known = version()
    rights = (1 << max(bits for since, bits in RIGHTS.items() if since <= max(known, 1))) - 1
    network, scopes = 3 if known >= 4 else 0, 3 if known >= 6 else 0
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    rules = syscall(CREATE_RULESET, struct.pack("QQQ", rights, network, scopes)[:size], size, 0)
    try:
        for path in readable:
            _allow(rules, path, READ_FILE | READ_FOLDER)
        for path in writable:
            _allow(rules, path, READ_FILE | WRITE_FILE)
        syscall(RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # it is not there: nothing to allow
        return
    try:
        over_files = rights if os.path.isdir(path) else rights & ~READ_FOLDER
        syscall(ADD_RULE, rules, _UNDER_PATH, struct.pack("=Qi", over_files, opened), 0)
    finally:
        os.close(opened)
