"""What Python has no words for: reading whole machine words from bytes, the high half of a product, turning bytes round."""

from collections.abc import Callable
from typing import Any, cast

import numba.extending
import numpy as np
from llvmlite import ir
from numba import types

WORD = ir.IntType(64)
BLOCK = 64  # bytes that are looked at together
_HALF = ir.VectorType(ir.IntType(8), BLOCK // 2)
_BLOCK, _LANES = ir.VectorType(ir.IntType(8), BLOCK), ir.VectorType(ir.IntType(32), BLOCK)


def intrinsic(function: Callable[..., Any]) -> Callable[..., np.uint64]:
    return cast(Callable[..., np.uint64], numba.extending.intrinsic(function))


@intrinsic
def read64(typing: Any, values: Any, place: Any) -> Any:
    """The eight bytes at a place, the first the lowest; the caller sees to it that they are there."""
    return types.uint64(values, types.int64), _reader(64)


@intrinsic
def read32(typing: Any, values: Any, place: Any) -> Any:
    """The four bytes at a place as uint64."""
    return types.uint64(values, types.int64), _reader(32)


@intrinsic
def high_product(typing: Any, one: Any, other: Any) -> Any:
    """The upper 64 bits of the product of two uint64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(value, wide) for value in arguments))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), WORD)

    return types.uint64(types.uint64, types.uint64), generate


@intrinsic
def swap64(typing: Any, value: Any) -> Any:
    """The eight bytes of a uint64 in the other order."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bswap(arguments[0])

    return types.uint64(types.uint64), generate


@intrinsic
def write(typing: Any, values: Any, place: Any, value: Any) -> Any:
    """Put one byte at a place, into an array that numba takes for one of Arrow's, which it would not write to; gives the value back.

    So what is read from Arrow's buffers and from scratch has one type, and is compiled once.
    """
    return types.uint64(values, types.int64, types.uint64), _writer(8)


@intrinsic
def write64(typing: Any, values: Any, place: Any, value: Any) -> Any:
    """Put eight bytes at a place, the lowest first, likewise."""
    return types.uint64(values, types.int64, types.uint64), _writer(64)


@intrinsic
def ones(typing: Any, value: Any) -> Any:
    """How many bits of a uint64 are set."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@intrinsic
def low_zeros(typing: Any, value: Any) -> Any:
    """How many bits below the lowest that is set; the uint64 is not 0."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), generate


@intrinsic
def equal64(typing: Any, values: Any, place: Any, byte: Any) -> Any:
    """A bit for each of the 64 bytes at a place, the first the lowest: whether it is this byte; the caller sees to it that they are there."""
    return types.uint64(values, types.int64, types.uint64), _comparer("==")


@intrinsic
def below64(typing: Any, values: Any, place: Any, byte: Any) -> Any:
    """Likewise: whether it is less than this byte."""
    return types.uint64(values, types.int64, types.uint64), _comparer("<")


def _look32(typing: Any, values: Any, place: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        block = builder.load(builder.bitcast(builder.gep(array.data, [arguments[1]]), _HALF.as_pointer()))
        block.align = 1
        breaks, spaces = _within(builder, block, 9, 13), _within(builder, block, 28, 32)
        letters = _within(builder, builder.or_(block, _all(32)), 97, 122)
        found = (builder.or_(breaks, spaces), letters, builder.icmp_signed("<", block, _all(0)))
        bits = [builder.zext(builder.bitcast(one, ir.IntType(32)), WORD) for one in found]
        return context.make_tuple(builder, signature.return_type, bits)

    triple: Any = types.UniTuple
    return triple(types.uint64, 3)(values, types.int64), generate


look32: Callable[..., tuple[np.uint64, np.uint64, np.uint64]] = numba.extending.intrinsic(_look32)
"""A bit for each of the 32 bytes at a place, thrice: white space of ASCII, letters of ASCII, beyond ASCII."""


def _within(builder: Any, block: Any, first: int, last: int) -> Any:
    return builder.icmp_unsigned("<=", builder.sub(block, _all(first)), _all(last - first))


def _all(byte: int) -> Any:
    return ir.Constant(_HALF, [byte] * (BLOCK // 2))


def _comparer(how: str) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        block = builder.load(builder.bitcast(builder.gep(array.data, [arguments[1]]), _BLOCK.as_pointer()))
        block.align = 1
        nothing = ir.Constant(_BLOCK, ir.Undefined)
        one = builder.insert_element(nothing, builder.trunc(arguments[2], ir.IntType(8)), ir.Constant(ir.IntType(32), 0))
        each = builder.shuffle_vector(one, nothing, ir.Constant(_LANES, [0] * BLOCK))
        return builder.bitcast(builder.icmp_unsigned(how, block, each), WORD)

    return generate


@intrinsic
def write32(typing: Any, values: Any, place: Any, value: Any) -> Any:
    """Put four bytes at a place."""
    return types.uint64(values, types.int64, types.uint64), _writer(32)


def _reader(bits: int) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.bitcast(builder.gep(array.data, [arguments[1]]), ir.IntType(bits).as_pointer())
        found = builder.load(place)
        found.align = 1
        return found if bits == 64 else builder.zext(found, WORD)

    return generate


def _writer(bits: int) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.bitcast(builder.gep(array.data, [arguments[1]]), ir.IntType(bits).as_pointer())
        value = arguments[2] if bits == 64 else builder.trunc(arguments[2], ir.IntType(bits))
        builder.store(value, place).align = 1
        return arguments[2]

    return generate


@intrinsic
def copy64(typing: Any, values: Any, place: Any, out: Any, at: Any) -> Any:
    """Copy 64 bytes; gives nothing of use. The caller sees to it that there is room."""
    return types.uint64(values, types.int64, out, types.int64), _copier(lambda builder, block: block)


@intrinsic
def plain64(typing: Any, values: Any, place: Any, out: Any, at: Any) -> Any:
    """Copy 64 bytes of ASCII in lower case, white space as spaces; gives nothing of use. The caller sees to it that there is room."""

    def plain(builder: Any, block: Any) -> Any:
        def lies(first: int, count: int) -> Any:
            return builder.icmp_unsigned("<", builder.sub(block, _each(first)), _each(count))

        lower = builder.select(lies(0x41, 26), builder.or_(block, _each(0x20)), block)
        return builder.select(builder.or_(lies(9, 5), lies(28, 5)), _each(0x20), lower)

    return types.uint64(values, types.int64, out, types.int64), _copier(plain)


def _copier(change: Callable[[Any, Any], Any]) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given, made = (context.make_array(signature.args[one])(context, builder, arguments[one]).data for one in (0, 2))
        block = builder.load(builder.bitcast(builder.gep(given, [arguments[1]]), _BLOCK.as_pointer()))
        block.align = 1
        builder.store(change(builder, block), builder.bitcast(builder.gep(made, [arguments[3]]), _BLOCK.as_pointer())).align = 1
        return ir.Constant(WORD, 0)

    return generate


def _each(byte: int) -> Any:
    return ir.Constant(_BLOCK, [byte] * BLOCK)
