"""Where machine code lies: in the user's state folder, by what it was made from. It is believed, so nobody else may write there."""

import fcntl
import hashlib
import os
import platform
import shutil
import stat
import sys
import time
from functools import cache
from importlib import metadata
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
KEPT_SECONDS = 30 * 86400


def kernel_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.py") if not path.name.startswith("_")))


def place() -> Path:
    """The folder of the machine code made of this source by these versions for this processor; made where it is missing.

    Raises PermissionError where others could have written in it.
    """
    base = os.environ.get("XDG_STATE_HOME", "")
    state = (Path(base) if base.startswith("/") else Path.home() / ".local" / "state") / "winnow"
    for folder in (state, state / "kernels", state / "kernels" / _digest()):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid() or seen.st_mode & 0o022:
            raise PermissionError(f"{str(folder)!r} is not a folder that only you can write in: look at it, then `chmod 700` it")
    return folder


def is_ready(name: str) -> bool:
    return (place() / f"{name}.ready").exists()


def failure() -> str | None:
    """Why the kernels could not be compiled, if that was tried."""
    path = place() / "failed"
    return path.read_text(encoding="utf-8") if path.exists() else None


def lock() -> int | None:
    """A file descriptor that holds the right to compile, or None where another process holds it. It is let go when all copies are closed."""
    held = os.open(place() / "lock", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        return None
    return held


def is_compiling() -> bool:
    held = lock()
    if held is None:
        return True
    os.close(held)
    return False


def drop_old() -> None:
    """Remove machine code of other source or versions that was made long ago."""
    mine = place()
    for folder in mine.parent.iterdir():
        if folder != mine and folder.stat().st_mtime < time.time() - KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


@cache
def _digest() -> str:
    # the path too: numba files machine code by the folder of its source
    parts = [str(FOLDER), sys.version, *(f"{name} {metadata.version(name)}" for name in ("numba", "llvmlite", "numpy")), _processor()]
    found = hashlib.blake2b("\0".join(parts).encode(), digest_size=12)
    for path in sorted(FOLDER.glob("*.py")):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _processor() -> str:
    """Name and features, as far as they can be read without LLVM; numba itself looks at them again."""
    try:
        first = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").split("\n\n")[0].splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    wanted = ("vendor_id", "model name", "cpu family", "model", "flags", "Features", "CPU implementer", "CPU part")
    return platform.machine() + "\n".join(line for line in first if line.split("\t")[0].split(":")[0].strip() in wanted)
