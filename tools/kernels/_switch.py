"""Whether a piece of work goes to a compiled kernel."""

import logging
import os
import time
from collections import Counter
from importlib.util import find_spec
from types import ModuleType

from tools.errors import RecipeError

from . import _building, _store

LEAST_BYTES = 1 << 20  # small work is done before numba is imported
MODES = ("auto", "ready", "on", "off")
LOOK_AGAIN_SECONDS = 1.0

_log = logging.getLogger(__name__)
_loaded: dict[str, ModuleType] = {}
_asked_bytes: Counter[str] = Counter()
_looked: dict[str, float] = {}
_is_started = False
_why_not: str | None = None


def compiled(name: str, size: int) -> ModuleType | None:
    """The module `tools.kernels.NAME`, or None: then the caller takes its slower path, which gives the same.

    None as long as this process was asked for no more than 1 MB of such work (`size`: its bytes), so that small runs start fast, and
    while machine code is missing: then a process in the background makes it. WINNOW_KERNELS changes that: `off` (never), `ready` (only
    what is compiled already), `on` (always, compiled at once).
    """
    mode = _mode()
    if mode == "off" or _why_not is not None:
        return None
    if mode != "on" and not _is_worth_it(name, size):
        return None
    found = _loaded.get(name)
    return found if found is not None else _find(name, mode)


def condition() -> tuple[str, bool]:
    """How the kernels stand, for people, and whether that is well."""
    if _mode() == "off":
        return "off: WINNOW_KERNELS=off", True
    try:
        if find_spec("numba") is None:
            return "off: numba is not installed", False
        missing = [name for name in _store.kernel_names() if not _store.is_ready(name)]
        if not missing:
            return "ready", True
        reason = _store.failure()
        if reason is not None:
            return f"off: {reason}", False
        return "compiling" if _store.is_compiling() else f"compiled when first needed: {', '.join(missing)}", True
    except OSError as error:
        return f"off: {error}", False


def _mode() -> str:
    mode = os.environ.get("WINNOW_KERNELS") or "auto"
    if mode not in MODES:
        raise RecipeError(f"environment variable WINNOW_KERNELS={mode!r}: write one of {', '.join(MODES)}")
    return mode


def _is_worth_it(name: str, size: int) -> bool:
    """Counted by kernel, since several read the same text; where one is loaded already the next costs little."""
    _asked_bytes[name] += size
    return bool(_loaded) or _asked_bytes[name] > LEAST_BYTES


def _find(name: str, mode: str) -> ModuleType | None:
    now = time.monotonic()
    if mode != "on" and now < _looked.get(name, -LOOK_AGAIN_SECONDS) + LOOK_AGAIN_SECONDS:
        return None
    _looked[name] = now
    try:
        if find_spec("numba") is None:
            raise ImportError("numba is not installed")
        if mode == "on" or _store.is_ready(name):
            _loaded[name] = _building.load(name)
            return _loaded[name]
        if mode == "auto":
            _compile_aside()
    except Exception as error:  # an edge: numba or its cache may break in ways of their own, and the slower path gives the same
        _give_up(f"{type(error).__name__}: {error}")
    return None


def _compile_aside() -> None:
    global _is_started
    reason = _store.failure()
    if reason is not None:
        _give_up(reason)
    elif not _is_started:
        _is_started = True
        _building.start()


def _give_up(reason: str) -> None:
    global _why_not
    _why_not = reason
    _log.warning("no compiled kernels, the slower path gives the same: %s", reason)
