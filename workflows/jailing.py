"""The jail that code of strangers runs in: which one holds here, proven once and remembered, and one for each module of each process."""

import atexit
import hashlib
import os
import platform
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pyarrow as pa

import sandbox
from sandbox.errors import Misbehaved, Raised, Refused, Stopped
from sandbox.jail import Jail
from sandbox.layers import TIERS, Layer, Limits
from sandbox.start import bubblewrap
from sandbox.tiers import Proof, prove
from tools.contract import Sentence
from tools.errors import RecipeError

from .trust import State

WALL_FACTOR, WALL_MORE = 3, 5.0  # a machine that is busy gives a process less than its time on the clock
MEMORY = 2 << 30
_jails: dict[str, Jail] = {}
_one_at_a_time = threading.Lock()  # a jail serves one thread


@cache
def proof() -> Proof:
    """Which tier holds on this machine: what attacking it showed, now or when kernel, user, Python and our code were the same."""
    state, key = State(), _key()
    kept = state.jail(key)
    if kept is not None and kept["tier"] in TIERS:
        missing = kept["missing"]
        assert isinstance(missing, dict)
        return Proof(str(kept["tier"]), {}, {Layer(one): str(mend) for one, mend in missing.items()})
    found = prove()
    if found.tier is not None:  # where nothing holds it is tried again: something may have been installed since
        state.put_jail(key, {"tier": found.tier, "missing": found.missing})
    return found


def refusal() -> str | None:
    """Why code of strangers cannot run here; None where it can."""
    try:
        _ = proof().layers
    except Refused as error:
        return str(error)
    return None


def sentence(function: str, order: Mapping[str, object], seconds: int) -> Sentence:
    """Call a function of `tools` in a cell. Raises RecipeError where there is no jail."""
    try:
        gave, _ = called(function, order, (), seconds)
        return Sentence(gave)
    except Stopped as error:
        return Sentence(None, error.why, "stopped")
    except Misbehaved as error:
        return Sentence(None, str(error), "misbehaved")
    except Raised as error:
        return Sentence(None, error.message, error.kind)
    except Refused as error:
        raise RecipeError(str(error)) from None


def called(
    function: str, order: Mapping[str, object], batches: Sequence[pa.RecordBatch], seconds: int
) -> tuple[Mapping[str, object], list[pa.RecordBatch]]:
    """Call a function of `tools` in a cell, with batches there and back. Raises the errors of the sandbox as they are."""
    module = function.partition(":")[0]
    limits = Limits(memory=MEMORY, cpu_seconds=seconds, wall_seconds=seconds * WALL_FACTOR + WALL_MORE)
    with _one_at_a_time:
        try:
            return jail_for(module).call(function, order, batches, limits=limits)
        except Stopped:
            _drop_dead(module)
            raise


def jail_for(module: str) -> Jail:
    """This process's jail with this module of ours loaded; made on first use, ended with the process."""
    if module not in _jails:
        _jails[module] = Jail(proof().layers, preload=[module])
    return _jails[module]


def _drop_dead(module: str) -> None:
    """A jail whose first process is gone is made anew for the next call."""
    if not _jails[module].is_up:
        _jails.pop(module).close()


@atexit.register
def _close() -> None:
    while _jails:
        _jails.popitem()[1].close()


def _key() -> str:
    """All that the outcome of the attacks hangs on."""
    program = bubblewrap()
    facts = [platform.release(), platform.machine(), os.geteuid(), sys.version, sys.executable, program, program and os.stat(program).st_mtime_ns]
    whole = hashlib.sha256(repr(facts).encode())
    for path in sorted(Path(next(iter(sandbox.__path__))).glob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()
