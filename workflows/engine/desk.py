"""What the engine lends an operator for one batch."""

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import xxhash

from tools.contract import Model, Scan, Sentence
from tools.digest import digest
from tools.errors import ContractError
from tools.hashed import FACTOR, mixed
from tools.scan import TextScan

from .fragments import Rows
from .keys import value_digests
from .scans import Lent

Reader = Callable[[pa.Array], pa.Array]
_NO_STATE = pa.table({})


class BatchDesk:
    """The desk of `tools.contract`; `offset`, `part`: one value a row of the batch."""

    def __init__(
        self,
        seed: int,
        step: str,
        inside: str = "",
        offset: Rows | None = None,
        part: Rows | None = None,
        state: pa.Table = _NO_STATE,
        reader: Reader | None = None,
        models: Mapping[str, Model] | None = None,
        lent: Lent | None = None,
        source: str = "",
    ) -> None:
        self._seed, self._step, self._inside = seed, step, inside
        self._offset, self._part = offset, part
        self._reader, self._models, self._lent = reader, models or {}, lent
        self.state, self.source = state, source

    def scan(self, texts: pa.Array) -> Scan:
        return TextScan(texts) if self._lent is None else self._lent.scan(texts)

    def digest(self, values: pa.Array) -> pa.Array:
        return digest(values)

    def draw(self, by: pa.Array | None = None) -> pa.Array:
        """uint64: by seed, step and value; else by seed, step, path within the source, offset and part."""
        if by is not None:
            heads = value_digests(by).view(np.uint64)[::2]
            return pa.array(mix(heads ^ np.uint64(self._salt("value"))))
        if self._offset is None or self._part is None:
            raise ContractError(f"step {self._step!r}: draw() without values has no rows to draw for here")
        rows = mix(self._offset.astype(np.uint64) ^ np.uint64(self._salt(self._inside)))
        return pa.array(mix(rows ^ self._part.astype(np.uint64)))

    def evidence(self, places: pa.Array) -> pa.Array:
        if self._reader is None:
            raise ContractError(f"step {self._step!r}: there is evidence in `verify` only")
        return self._reader(places)

    def model(self, alias: str) -> Model:
        if alias not in self._models:
            raise ContractError(f"step {self._step!r}: no model {alias!r} is lent here")
        return self._models[alias]

    def jailed(self, function: str, order: Mapping[str, object], seconds: int) -> Sentence:
        from workflows.jailing import sentence

        return sentence(function, order, seconds)

    def _salt(self, what: str) -> int:
        return xxhash.xxh3_64_intdigest(f"{self._seed}\0{self._step}\0{what}".encode())


def mix(values: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """A step and the finaliser of splitmix64: neighbours come out unrelated."""
    return mixed(values + FACTOR)
