"""Content keys: what a file in the cache is called is what it was made from."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import xxhash


def key(*parts: object) -> str:
    """Hex xxh3-128 of parts that are text, numbers, None, or lists and mappings of these."""
    return str(xxhash.xxh3_128_hexdigest(json.dumps(parts, sort_keys=True, separators=(",", ":"), default=str).encode()))


def beside(name: str, what: str) -> str:
    """A key for what is told of the fragment `name`, in its folder: what makes room in the cache deletes both or neither."""
    return name[:2] + key(what, name)[2:]


def rows_key(at: np.ndarray[Any, Any]) -> str:
    """Hex xxh3-128 of row positions."""
    return str(xxhash.xxh3_128_hexdigest(np.ascontiguousarray(at, np.int64).tobytes()))


def part_of(parents: np.ndarray[Any, Any], step: str, turns: Sequence[int]) -> pa.Array:
    """`part` of born rows (int64): xxh3-64 of parent's part, step and turn among its children, positive, never 0."""
    seed = xxhash.xxh3_64_intdigest(step.encode())
    made = [
        xxhash.xxh3_64_intdigest(int(part).to_bytes(8, "little", signed=True) + int(turn).to_bytes(8, "little"), seed)
        for part, turn in zip(parents.tolist(), turns, strict=True)
    ]
    return pa.array(np.array(made, np.uint64).view(np.int64) & np.int64((1 << 63) - 1) | 1, pa.int64())
