"""Parts: the words of a text, hashed. Those of ASCII are found 64 bytes at a time. tools/dedupe/shingles.py says what a word is."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types, uint32
from numba.core import cgutils

from ._decorators import Flag, Place, lean
from ._grams import ALONE, BASE, Bytes, Hashes, Table, mix
from ._machine import BLOCK, WORD, below64, intrinsic, low_zeros

U = np.uint64  # what is an index here has no sign: numba looks at every other one for whether it counts from the end
ONE, LOW, MANY, STEP = U(1), U(0x3F), U(BLOCK), 16
STRIDE = U(pow(BASE, STEP, 1 << 64))
_functions: Any = cgutils  # it has no types
SUM = f"llvm.vector.reduce.add.v{STEP}i64"


@intrinsic
def _summed(typing: Any, values: Any, place: Any, count: Any) -> Any:
    """The polynomial over so many letters and digits of ASCII, lower-cased, 16 at most; 16 bytes can be read at the place."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        kind, spread = ir.VectorType(ir.IntType(8), STEP), ir.VectorType(WORD, STEP)
        block = builder.load(builder.bitcast(builder.gep(array.data, [arguments[1]]), kind.as_pointer()))
        block.align = 1
        lower = builder.or_(block, ir.Constant(kind, [0x20] * STEP))
        below = builder.sub(builder.shl(ir.Constant(WORD, 1), arguments[2]), ir.Constant(WORD, 1))
        inside = builder.bitcast(builder.trunc(below, ir.IntType(STEP)), ir.VectorType(ir.IntType(1), STEP))
        values = builder.zext(builder.select(inside, lower, ir.Constant(kind, [0] * STEP)), spread)
        powers = ir.Constant(spread, [pow(BASE, turn, 1 << 64) for turn in range(STEP)])
        add = _functions.get_or_insert_function(builder.module, ir.FunctionType(WORD, [spread]), SUM)
        return builder.call(add, [builder.mul(values, powers)])

    return types.uint64(values, types.uint64, types.uint64), generate


@lean
def words_of(data: Bytes, start: Place, stop: Place, table: Table, found: Hashes) -> np.int64:
    """The hashes of the words between two places; gives how many there are."""
    at, end, count = U(start), U(stop), U(0)
    while at < end and at + MANY + U(STEP) <= U(len(data)):
        bits, others = _letters(data, np.int64(at)), ~below64(data, np.int64(at), U(0x80))
        limit = MANY
        if end - at < MANY:
            limit = end - at
            bits, others = bits & _below(limit), others & _below(limit)
        starts, ends = bits & ~(bits << ONE), ~bits & bits << ONE
        if others:  # a word that such a character ends may go on with it
            limit = low_zeros(others)
            starts, ends = starts & _below(limit), ends & _below(limit)
        while ends:
            first, last = low_zeros(starts), low_zeros(ends)
            starts, ends = starts & (starts - ONE), ends & (ends - ONE)
            found[count] = _polynomial(data, at + first, last - first)
            count += ONE
        is_stuck = bool(others) or starts == ONE
        at += low_zeros(starts) if starts else limit
        if is_stuck:
            at, count = _one_by_one(data, at, end, table, found, count, False)
    at, count = _one_by_one(data, at, end, table, found, count, True)
    mix(found, np.int64(count))
    return np.int64(count)


@lean
def _letters(data: Bytes, at: Place) -> np.uint64:
    """A bit for each of 64 bytes: whether it is a letter or a digit of ASCII."""
    small = below64(data, at, U(0x7B)) & ~below64(data, at, U(0x61))
    large = below64(data, at, U(0x5B)) & ~below64(data, at, U(0x41))
    return small | large | below64(data, at, U(0x3A)) & ~below64(data, at, U(0x30))


@lean
def _below(place: np.uint64) -> np.uint64:
    return (ONE << place) - ONE


@lean
def _polynomial(data: Bytes, at: np.uint64, size: np.uint64) -> np.uint64:
    total, power, done = _summed(data, at, min(size, U(STEP))), STRIDE, U(STEP)
    while done < size:
        total += _summed(data, at + done, min(size - done, U(STEP))) * power
        power *= STRIDE
        done += U(STEP)
    return total


@lean
def _one_by_one(
    data: Bytes, start: np.uint64, stop: np.uint64, table: Table, found: Hashes, count: np.uint64, to_end: Flag
) -> tuple[np.uint64, np.uint64]:
    """The words from where one may begin, a character after the other, to the end or to where the next of ASCII begins."""
    at, inside = start, False
    total, power = U(0), ONE
    while at < stop:
        point, size = U(data[at]), ONE
        if point >= U(0x80):
            point, size = _wide(data, at)
        elif not inside and not to_end and at > start and table[point] != 0:
            break
        value = table[point] if point < U(len(table)) else uint32(0)
        at += size
        if inside and (value == 0 or value >= ALONE):
            found[count] = total
            count, inside = count + ONE, False
        if value >= ALONE:
            found[count] = U(value & uint32(ALONE - 1))
            count += ONE
        elif value != 0:
            if not inside:
                total, power, inside = U(0), ONE, True
            total += U(value) * power
            power *= U(BASE)
    if inside:
        found[count] = total
        count += ONE
    return at, count


@lean
def _wide(data: Bytes, at: np.uint64) -> tuple[np.uint64, np.uint64]:
    """A character of more than one byte, and how many it has."""
    first, second = U(data[at]), U(data[at + ONE]) & LOW
    if first < U(0xE0):
        return (first & U(0x1F)) << U(6) | second, U(2)
    third = U(data[at + U(2)]) & LOW
    if first < U(0xF0):
        return (first & U(0x0F)) << U(12) | second << U(6) | third, U(3)
    return (first & U(0x07)) << U(18) | second << U(12) | third << U(6) | U(data[at + U(3)]) & LOW, U(4)
