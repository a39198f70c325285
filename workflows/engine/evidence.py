"""What `verify` compares of candidate rows: one value a row, in one plain file a flow, read back by position.

The values are read, not mapped: a mapping of all of them would count as memory of every worker that touches it.
"""

import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa

from tools.errors import ContractError

from .files import commit, open_table, save
from .fragments import Rows
from .places import Places

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
OPEN_FILES = 64


def write_evidence(step: str, path: Path, batches: Iterable[tuple[pa.Array, Rows]]) -> None:
    """Keep (values, positions in the flow, ascending) of some rows."""
    positions, sizes, kinds = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], list[pa.DataType]()

    def write(temp: Path) -> None:
        with open(temp, "wb") as file:
            for values, at in batches:
                kinds.append(_sound(step, values, len(at)))
                data, ends = _bytes_of(values)
                file.write(data)
                positions.append(at)
                sizes.append(np.diff(ends))

    commit(_values(path), write, durable=False)
    table = pa.table({"position": np.concatenate(positions), "end": np.cumsum(np.concatenate(sizes))})
    kind = pa.schema([("value", kinds[0] if kinds else pa.string())])
    save(path, table.replace_schema_metadata({"kind": kind.serialize().to_pybytes()}), durable=False)


def remove_evidence(path: Path) -> None:
    path.unlink(missing_ok=True)
    _values(path).unlink(missing_ok=True)


class Evidence:
    """Reads rows back by place; `paths`: flow → file."""

    def __init__(self, places: Places, paths: dict[int, str]) -> None:
        self._places, self._paths = places, paths
        self._files = ExitStack()
        self._open: dict[int, tuple[int, pa.Table]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def sizes(self, asked: Rows) -> Rows:
        """Bytes of the value of each row."""
        found = np.zeros(len(asked), np.int64)
        for number, positions, which in self._places.flows(self._places.slots(asked)):
            starts, ends = self._spans(number, positions)
            found[which] = ends - starts
        return found

    def read(self, places: pa.Array) -> pa.Array:
        """The values of these rows, in the order asked."""
        asked = (places.combine_chunks() if isinstance(places, pa.ChunkedArray) else places).to_numpy()
        rows, back = np.unique(asked, return_inverse=True)
        flows = [(number, which, *self._spans(number, positions)) for number, positions, which in self._places.flows(self._places.slots(rows))]
        sizes = np.zeros(len(rows), np.int64)
        for _, which, starts, ends in flows:
            sizes[which] = ends - starts
        bounds = np.append(0, np.cumsum(sizes))
        data = np.empty(int(bounds[-1]), np.uint8)
        for number, which, starts, ends in flows:
            self._read_into(data, bounds, number, which, starts, ends)
        made = _array(self._kind(flows[0][0]) if flows else pa.string(), data, bounds)
        return made if np.array_equal(back, np.arange(len(made))) else made.take(pa.array(back))

    def _spans(self, number: int, positions: Rows) -> tuple[Rows, Rows]:
        table = self._file(number)[1]
        at = np.searchsorted(table["position"].to_numpy(), positions)
        ends = table["end"].to_numpy()
        return np.where(at > 0, ends[at - 1], 0), ends[at]

    def _read_into(self, data: Bytes, bounds: Rows, number: int, which: Rows, starts: Rows, ends: Rows) -> None:
        """Values of one file; those that are neighbours there and here in one go."""
        file, view = self._file(number)[0], memoryview(data)  # type: ignore[arg-type]
        breaks = (starts[1:] != ends[:-1]) | (which[1:] != which[:-1] + 1)
        first, last = np.flatnonzero(np.append(True, breaks)), np.flatnonzero(np.append(breaks, True))
        for low, high, start in zip(bounds[which[first]].tolist(), bounds[which[last] + 1].tolist(), starts[first].tolist(), strict=True):
            if os.preadv(file, [view[low:high]], start) != high - low:
                raise ContractError(f"{self._paths[number]}: shorter than it was written")

    def _kind(self, number: int) -> pa.DataType:
        return pa.ipc.read_schema(pa.py_buffer(self._file(number)[1].schema.metadata[b"kind"])).field("value").type

    def _file(self, number: int) -> tuple[int, pa.Table]:
        if number not in self._open:
            if len(self._open) >= OPEN_FILES:
                self._files.close()
                self._open.clear()
            path = Path(self._paths[number])
            file = os.open(_values(path), os.O_RDONLY)
            self._files.callback(os.close, file)
            self._open[number] = file, open_table(path)
        return self._open[number]


def _values(path: Path) -> Path:
    return path.with_suffix(".values")


def _sound(step: str, values: pa.Array, rows: int) -> pa.DataType:
    kind = values.type
    of_numbers = pa.types.is_list(kind) and pa.types.is_primitive(kind.value_type) and not pa.types.is_boolean(kind.value_type)
    if not (of_numbers or pa.types.is_string(kind) or pa.types.is_binary(kind)) or len(values) != rows or values.null_count:
        raise ContractError(f"step {step!r}: evidence gave {len(values)} values of {kind} for {rows} rows; one list of numbers or one string a row")
    return kind


def _bytes_of(values: pa.Array) -> tuple[memoryview, Rows]:
    """The bytes of all values, and where each begins and ends in them."""
    width = values.type.value_type.bit_width // 8 if pa.types.is_list(values.type) else 1
    bounds = np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values) + 1].astype(np.int64)
    inner = values.values if pa.types.is_list(values.type) else values
    base = inner.offset if pa.types.is_list(values.type) else 0
    data = inner.buffers()[-1]
    held = memoryview(data)[(base + bounds[0]) * width : (base + bounds[-1]) * width] if data is not None else memoryview(b"")
    return held, (bounds - bounds[0]) * width


def _array(kind: pa.DataType, data: Bytes, bounds: Rows) -> pa.Array:
    if not pa.types.is_list(kind):
        return pa.Array.from_buffers(kind, len(bounds) - 1, [None, pa.py_buffer(bounds.astype(np.int32)), pa.py_buffer(data)])
    width = kind.value_type.bit_width // 8
    values = pa.Array.from_buffers(kind.value_type, len(data) // width, [None, pa.py_buffer(data)])
    return pa.ListArray.from_arrays(pa.array(bounds // width, pa.int32()), values)
