"""Calls to the kernel that Python has no words for."""

import ctypes
import os

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SIGKILL = 9
CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITIES_3 = 0x20080522
_libc = ctypes.CDLL(None, use_errno=True)


def syscall(number: int, *values: int | bytes) -> int:
    """Raises OSError with the kernel's reason."""
    passed = [ctypes.c_long(value) if isinstance(value, int) else value for value in values]
    return _checked(_libc.syscall(ctypes.c_long(number), *passed), f"system call {number}")


def prctl(option: int, value: int, more: int = 0) -> None:
    _checked(_libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(more), ctypes.c_ulong(0), ctypes.c_ulong(0)), f"prctl {option}")


def drop_capabilities() -> None:
    """Take from a root user what makes it more than the owner of its files."""
    header = _CAPABILITIES_3.to_bytes(4, "little") + bytes(4)
    syscall(CAPSET[os.uname().machine], header, bytes(24))


def advise(address: int, size: int, advice: int) -> None:
    """Say how a part of this process's memory will be used; address and size in whole pages."""
    _checked(_libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(size), advice), f"madvise {advice}")


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
