"""A field of a scan: made when first asked for, once, or taken from a scan of more texts that has it already."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .digest import offsets_of

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Behind:
    """A scan of more texts, and where among them this scan's texts stand. With `asks` what it lacks is made there and not here."""

    scan: "Counting"
    rows: Positions
    asks: bool

    def get(self, name: str) -> Any:
        """The field, for this scan's texts; None where no scan behind has made it."""
        scan, rows = self.scan, self.rows
        if scan.has(name):
            while not scan.holds(name) and scan.behind is not None:
                behind = scan.behind
                scan, rows = behind.scan, behind.rows[rows]
        elif not self.asks:
            return None
        held = getattr(scan, name)
        return tuple(chosen(one, rows) for one in held) if isinstance(held, tuple) else chosen(held, rows)


class Counting:
    """What has such fields."""

    behind: Behind | None = None

    def holds(self, name: str) -> bool:
        """Whether the field is made here, by itself or within its group."""
        field = getattr(type(self), name)
        return name in self.__dict__ or (isinstance(field, grouped) and bool(self.__dict__.get(field.group)))

    def has(self, name: str) -> bool:
        """Whether the field is made, here or behind."""
        return self.holds(name) or (self.behind is not None and self.behind.scan.has(name))


class counted:
    """Of one value, or one tuple of arrays of one value, a text; kept in the scan under its name."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make, self._name = make, make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, scan: Counting | None, owner: type) -> Any:
        if scan is None:
            return self
        if self._name not in scan.__dict__:
            held = scan.behind.get(self._name) if scan.behind is not None else None
            scan.__dict__[self._name] = self._make(scan) if held is None else held
        return scan.__dict__[self._name]


class grouped(counted):
    """One of several fields that are made together, the tuple `group` of the scan; where that is empty, made alone by `otherwise`."""

    def __init__(self, group: str, place: int, otherwise: counted | None = None) -> None:
        def make(scan: Counting) -> Any:
            made = getattr(scan, group)
            return made[place] if made or otherwise is None else otherwise._make(scan)

        super().__init__(make)
        self.group = group
        self.__doc__ = otherwise.__doc__ if otherwise is not None else None

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name


def chosen(values: pa.Array, rows: Positions) -> pa.Array:
    """The values at these positions (ascending); uncopied where they lie side by side."""
    if len(rows) and int(rows[-1]) - int(rows[0]) + 1 == len(rows):
        return values.slice(int(rows[0]), len(rows))
    return _chosen_lists(values, pa.array(rows)) if pa.types.is_list(values.type) else values.take(pa.array(rows))


def _chosen_lists(values: pa.ListArray, rows: pa.Array) -> pa.ListArray:
    """Lists of numbers, each copied as one piece of bytes: Arrow's own take copies number by number, at a fifth of the speed."""
    width, inner = values.type.value_type.bit_width // 8, values.values
    bounds = (offsets_of(values).astype(np.int64) + inner.offset) * width
    whole = pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(values), [None, pa.py_buffer(bounds), inner.buffers()[1] or pa.py_buffer(b"")])
    _, ends, data = whole.take(rows).buffers()
    offsets = (np.frombuffer(ends, np.int64)[: len(rows) + 1] // width).astype(np.int32)
    numbers = pa.Array.from_buffers(values.type.value_type, int(offsets[-1]), [None, data])
    mask = values.is_null().take(rows) if values.null_count else None
    return pa.ListArray.from_arrays(pa.array(offsets), numbers, mask=mask)
