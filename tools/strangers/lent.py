"""The desk in a cell: what is lent there needs no file, no process and no network."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from tools.arrow_scan import ArrowScan
from tools.contract import Model, Scan, Sentence
from tools.digest import digest
from tools.draws import by_value
from tools.errors import ContractError


class LentDesk:
    """The desk of the contract for one call; `lent` says in which of the batches the learned state, the draws and the evidence came."""

    def __init__(self, lent: Mapping[str, object], batches: Sequence[pa.RecordBatch]) -> None:
        self._lent, self._batches = lent, batches
        state = self._sent("state")
        self.state: pa.Table = pa.table({}) if state is None else pa.Table.from_batches([state])
        self.source = str(lent["source"])

    def scan(self, texts: pa.Array) -> Scan:
        return ArrowScan(texts)  # the compiled scan gives the same

    def digest(self, values: pa.Array) -> pa.Array:
        return digest(values)

    def draw(self, by: pa.Array | None = None) -> pa.Array:
        if self._lent["salt"] is None:
            raise ContractError("desk.draw is lent where the card says `seeded=True`")
        if by is not None:
            return by_value(by, int(str(self._lent["salt"])))
        drawn = self._sent("drawn")
        if drawn is None:
            raise ContractError("draw() without values has no rows to draw for here")
        return drawn["drawn"]

    def evidence(self, places: pa.Array) -> pa.Array:
        known = self._sent("evidence")
        if known is None:
            raise ContractError("there is evidence in `verify` only")
        return known["evidence"].take(pc.index_in(places, known["place"]))

    def model(self, alias: str) -> Model:
        raise ContractError(f"no model is lent in the jail, {alias!r} neither")

    def jailed(self, function: str, order: Mapping[str, object], seconds: int) -> Sentence:
        raise ContractError("an operator in the jail makes no jail of its own")

    def _sent(self, name: str) -> pa.RecordBatch | None:
        at = self._lent[name]
        return None if at is None else self._batches[int(str(at))]
