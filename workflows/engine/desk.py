"""What the engine lends an operator for one batch."""

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import xxhash

from tools.contract import Model, Scan, Sentence
from tools.digest import digest
from tools.draws import by_value, mix
from tools.errors import ContractError
from tools.scan import TextScan

from .fragments import Rows
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
        self._seed, self.step, self._inside = seed, step, inside
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
            return by_value(by, self.salt())
        if self._offset is None or self._part is None:
            raise ContractError(f"step {self.step!r}: draw() without values has no rows to draw for here")
        rows = mix(self._offset.astype(np.uint64) ^ np.uint64(self.salt(self._inside)))
        return pa.array(mix(rows ^ self._part.astype(np.uint64)))

    @property
    def has_rows(self) -> bool:
        """Whether there are rows to draw for."""
        return self._offset is not None and self._part is not None

    def part(self, start: int, stop: int) -> "BatchDesk":
        """What it lends for some of its rows."""
        offset, part = (None if rows is None else rows[start:stop] for rows in (self._offset, self._part))
        return BatchDesk(self._seed, self.step, self._inside, offset, part, self.state, self._reader, self._models, source=self.source)

    def evidence(self, places: pa.Array) -> pa.Array:
        if self._reader is None:
            raise ContractError(f"step {self.step!r}: there is evidence in `verify` only")
        return self._reader(places)

    def model(self, alias: str) -> Model:
        if alias not in self._models:
            raise ContractError(f"step {self.step!r}: no model {alias!r} is lent here")
        return self._models[alias]

    def jailed(self, function: str, order: Mapping[str, object], seconds: int) -> Sentence:
        from workflows.jailing import sentence

        return sentence(function, order, seconds)

    def salt(self, what: str = "value") -> int:
        """What draws by value hang on beside the value."""
        return xxhash.xxh3_64_intdigest(f"{self._seed}\0{self.step}\0{what}".encode())
