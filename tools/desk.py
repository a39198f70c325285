"""What the engine lends an operator: the desk, for one batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from .scan_fields import Scan as Scan


class Model(Protocol):
    """What a model worker answers; one result a row."""

    def embed(self, texts: pa.Array) -> pa.Array: ...  # list<float32>
    def score(self, texts: pa.Array, labels: Sequence[str]) -> pa.Array: ...  # list<float32>: probability of each label
    def nll(self, texts: pa.Array) -> pa.Array: ...  # float32, nats a token
    def classify(self, texts: pa.Array) -> pa.Array: ...  # struct<label, confidence>
    def generate(self, prompts: pa.Array) -> pa.Array: ...  # string, null where the model gave nothing


@dataclass(frozen=True)
class Sentence:
    """What became of a call in the jail."""

    gave: Mapping[str, object] | None  # None: it raised, was stopped or misbehaved
    why: str = ""
    kind: str = ""  # `stopped`, `misbehaved`, or the name of the exception


class Desk(Protocol):
    """What the engine lends for one batch."""

    @property
    def state(self) -> pa.Table:
        """What was learned; while learning: by the pass before (no columns in the first)."""

    @property
    def source(self) -> str:
        """The name of the input that the rows come from; for cards that say `by_source`."""

    def scan(self, texts: pa.Array) -> Scan: ...
    def digest(self, values: pa.Array) -> pa.Array: ...  # binary(16): xxh3-128 of each value
    def draw(self, by: pa.Array | None = None) -> pa.Array: ...  # uint64 a row, or the same for equal values
    def evidence(self, places: pa.Array) -> pa.Array: ...  # in `verify` only: of the rows at these places, in the order asked
    def model(self, alias: str) -> Model: ...
    def jailed(self, function: str, order: Mapping[str, object], seconds: int) -> Sentence:
        """Call `module:function` of this room in a fresh process that may compute and nothing else; `seconds` of processor time."""
