"""The long way of XXH3: 64 bytes at a time into eight lanes, which LLVM holds in as few registers as the processor has wide ones."""

from collections.abc import Callable
from typing import Any, cast

import numba.extending
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils as untyped

Lanes = tuple[np.uint64, np.uint64, np.uint64, np.uint64, np.uint64, np.uint64, np.uint64, np.uint64]
STRIPE, BLOCK = 64, 1024
STEP, STIR, LAST = 8, 128, 121  # places in the secret: from stripe to stripe, at a block's end, of the last stripe
STARTS = (0xC2B2AE3D, 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x85EBCA77, 0x27D4EB2F165667C5, 0x9E3779B1)
PRIME = 0x9E3779B1
cgutils: Any = untyped
_RESULT: Any = cast(Any, types).UniTuple(types.uint64, 8)
_WORD, _LANE = ir.IntType(64), ir.IntType(32)
_LANES = ir.VectorType(_WORD, 8)
_SWAPPED = ir.Constant(ir.VectorType(_LANE, 8), [1, 0, 3, 2, 5, 4, 7, 6])


def _each(value: int) -> ir.Constant:
    return ir.Constant(_LANES, [value] * 8)


@cast(Callable[..., Callable[..., Lanes]], numba.extending.intrinsic)
def lanes_of(typing: Any, values: Any, place: Any, size: Any, secret: Any) -> Any:
    """The lanes after data[place:place + size], of more than 240 bytes."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data, hidden = (context.make_array(signature.args[at])(context, builder, arguments[at]).data for at in (0, 3))
        size = arguments[2]
        held = cgutils.alloca_once_value(builder, ir.Constant(_LANES, list(STARTS)))

        def load(base: Any, place: Any) -> Any:
            found = builder.load(builder.bitcast(builder.gep(base, [place]), _LANES.as_pointer()))
            found.align = 1
            return found

        def take(place: Any, secret: Any) -> None:
            value = load(data, place)
            keyed = builder.xor(value, load(hidden, secret))
            product = builder.mul(builder.and_(keyed, _each(0xFFFFFFFF)), builder.lshr(keyed, _each(32)))
            builder.store(builder.add(builder.load(held), builder.add(product, builder.shuffle_vector(value, value, _SWAPPED))), held)

        def number(value: int) -> ir.Constant:
            return ir.Constant(_WORD, value)

        def take_several(place: Any, count: Any) -> None:
            with cgutils.for_range(builder, count) as loop:
                take(builder.add(place, builder.mul(loop.index, number(STRIPE))), builder.mul(loop.index, number(STEP)))

        before_last = builder.sub(size, number(1))
        blocks = builder.lshr(before_last, number(10))
        with cgutils.for_range(builder, blocks) as loop:
            take_several(builder.add(arguments[1], builder.mul(loop.index, number(BLOCK))), number(16))
            lanes = builder.load(held)
            lanes = builder.xor(builder.xor(lanes, builder.lshr(lanes, _each(47))), load(hidden, number(STIR)))
            builder.store(builder.mul(lanes, _each(PRIME)), held)
        rest = builder.and_(before_last, number(BLOCK - 1))
        take_several(builder.add(arguments[1], builder.mul(blocks, number(BLOCK))), builder.lshr(rest, number(6)))
        take(builder.sub(builder.add(arguments[1], size), number(STRIPE)), number(LAST))
        lanes = builder.load(held)
        return context.make_tuple(builder, signature.return_type, [builder.extract_element(lanes, ir.Constant(_LANE, lane)) for lane in range(8)])

    return _RESULT(values, types.int64, types.int64, secret), generate
