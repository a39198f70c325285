"""One process at a time: a claim on a run folder or on an output path."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tools.errors import RecipeError

from .manifest import now


@contextmanager
def claimed(*paths: Path) -> Iterator[None]:
    """Hold these paths until the end. Raises RecipeError that says who holds one; what a dead process held is taken over."""
    with ExitStack() as stack:
        for path in sorted(set(paths)):  # sorted: two runs that want the same two paths never wait crosswise
            stack.enter_context(_held(path))
        yield


def lock_path(path: Path) -> Path:
    """The lock file beside what it locks."""
    return path.with_name(f".{path.name}.lock")


def is_held(path: Path) -> bool:
    """Whether a living process on this machine holds the path."""
    try:
        handle = os.open(lock_path(path), os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(handle)


@contextmanager
def _held(path: Path) -> Iterator[None]:
    lock = lock_path(path)
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = _open(path, lock)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)  # before the close: nobody may find a file that is no longer held
        os.close(handle)


def _open(path: Path, lock: Path) -> int:
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not _is_still_there(handle, lock):  # its holder ended between our open and our flock
                os.close(handle)
                continue
            _refuse_other_host(handle, path, lock)
        except BlockingIOError:
            owner = _owner(handle)
            os.close(handle)
            raise RecipeError(
                f"{path}: locked by pid {owner.get('pid', '?')} on {owner.get('host', '?')} since {owner.get('since', '?')}; wait for it, or stop it"
            ) from None
        except RecipeError:
            os.close(handle)
            raise
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": now()}).encode(), 0)
        return handle


def _is_still_there(handle: int, lock: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(lock))
    except FileNotFoundError:
        return False


def _refuse_other_host(handle: int, path: Path, lock: Path) -> None:
    """A free flock proves a dead holder on this machine only: file systems need not carry it between hosts."""
    owner = _owner(handle)
    if owner and owner.get("host") != socket.gethostname():
        raise RecipeError(
            f"{path}: locked by pid {owner.get('pid', '?')} on {owner.get('host', '?')} since {owner.get('since', '?')}; "
            f"if that process is gone, delete {lock}"
        )


def _owner(handle: int) -> dict[str, object]:
    try:
        owner = json.loads(os.pread(handle, 4096, 0))
    except ValueError:
        return {}
    return owner if isinstance(owner, dict) else {}
