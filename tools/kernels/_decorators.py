"""How functions are compiled here. What Python calls is a `kernel`; what only kernels call is a `part`.

Parts are compiled into the kernels that call them and are not kept for themselves, so that loading a kernel reads one file.
"""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np
from numba import njit, types

BYTES = types.Array(types.uint8, 1, "C", readonly=True)  # Arrow's buffers may not be written
OFFSETS = types.Array(types.int32, 1, "C", readonly=True)
LENGTHS = OFFSETS
HASHES = types.Array(types.uint64, 1, "C", readonly=True)
MARKS = types.Array(types.uint16, 1, "C", readonly=True)

_njit: Any = njit  # its stubs do not know `_nrt`
Function = TypeVar("Function", bound=Callable[..., Any])
Place: TypeAlias = int | np.int64
Flag: TypeAlias = bool | np.bool_


def kernel(*signatures: Any) -> Callable[[Function], Function]:
    """Compiled when its module is imported, or read from the cache; lets other threads run meanwhile."""

    def compile_now(function: Function) -> Function:
        return cast(Function, njit(list(signatures), nogil=True, cache=True, error_model="numpy")(function))

    return compile_now


def part(function: Function) -> Function:
    """Compiled when a kernel that calls it is."""
    return cast(Function, njit(nogil=True, error_model="numpy")(function))


def lean(function: Function) -> Function:
    """A part that makes no arrays: without counting who holds those that it is given, which costs more than short work itself."""
    return cast(Function, _njit(nogil=True, error_model="numpy", _nrt=False)(function))


def woven(function: Function) -> Function:
    """A lean part that is called from one place for every token: what its call would take is more than its work."""
    return cast(Function, _njit(nogil=True, error_model="numpy", forceinline=True, _nrt=False)(function))


def lean_kernel(*signatures: Any) -> Callable[[Function], Function]:
    """A kernel that makes no arrays."""

    def compile_now(function: Function) -> Function:
        return cast(Function, _njit(list(signatures), nogil=True, cache=True, error_model="numpy", _nrt=False)(function))

    return compile_now
