"""Compiling kernels: in this process, or in one in the background."""

import importlib
import os
import subprocess
import sys
import time
from contextlib import suppress
from threading import Lock
from types import ModuleType
from typing import Any

from . import _store

HELD = "WINNOW_KERNELS_LOCK"  # the file descriptor that a background process is born with
_loading = Lock()


def load(name: str) -> ModuleType:
    """The module, its machine code read from the store or made now and kept there. Numba elsewhere in this process keeps its own cache."""
    folder = _store.place()
    with _loading:
        import numba

        settings: Any = numba.config
        before, settings.CACHE_DIR = settings.CACHE_DIR, str(folder)
        try:
            module = importlib.import_module(f"tools.kernels.{name}")
        finally:
            settings.CACHE_DIR = before
    marker = folder / f"{name}.ready"
    if not marker.exists():
        marker.touch()
    return module


def start() -> None:
    """Compile all kernels in a process of its own, unless one does so already."""
    held = _store.lock()
    if held is None:
        return
    folder = _store.place()
    try:
        with open(folder / "log", "ab") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "tools.kernels"],
                cwd=_store.FOLDER.parents[1],
                env={**os.environ, HELD: str(held)},
                pass_fds=(held,),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        child.returncode = 0  # it is nobody's child: waited for by none, warned about by none
        os.pwrite(held, f"{child.pid}\n".encode(), 0)
    finally:
        os.close(held)  # the child's copy holds the lock from here on


def build() -> int:
    """Compile what is missing and say what took how long; the exit code."""
    is_background = HELD in os.environ
    if is_background:
        with suppress(OSError):
            os.nice(10)
    failed = _store.place() / "failed"
    failed.unlink(missing_ok=True)
    for name in _store.kernel_names():
        was_ready, before = _store.is_ready(name), time.process_time()
        try:
            load(name)
        except Exception as error:  # an edge: whatever numba stumbles over, the slower path goes on
            failed.write_text(f"kernel {name!r}: {type(error).__name__}: {str(error)[:2000]}", encoding="utf-8")
            _say(failed.read_text(encoding="utf-8"))
            return 1
        _say(f"{name}: {'there already' if was_ready else f'{time.process_time() - before:.1f} s'}")
    _store.drop_old()
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
