"""What an operator is: a card, parameters, one or two methods. Knows no engine, no disk, no network."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, model_validator

from .card import ANY as ANY
from .card import Card as Card
from .card import Example as Example
from .card import Stage as Stage
from .card import Types as Types
from .desk import Desk as Desk
from .desk import Model as Model
from .desk import Scan as Scan
from .desk import Sentence as Sentence

Columns: TypeAlias = Mapping[str, pa.Array]  # of the batch's length unless the method says otherwise
Key: TypeAlias = str | int | bytes | None
Numbers: TypeAlias = Mapping[str, int | float | None]  # about all rows; none: there is nothing to tell it from


@dataclass(frozen=True)
class Between:
    """A measure within bounds, both inclusive; null and NaN are outside any bound that is set."""

    measure: str
    at_least: int | float | None = None
    at_most: int | float | None = None

    def holds(self, values: pa.Array) -> pa.Array:
        sides = ((self.at_least, pc.greater_equal), (self.at_most, pc.less_equal))
        masks = [compare(values, bound) for bound, compare in sides if bound is not None]
        if not masks:
            return pa.array([True] * len(values), pa.bool_())
        return pc.fill_null(masks[0] if len(masks) == 1 else pc.and_(*masks), False)


@dataclass(frozen=True)
class OneOf:
    """A measure among values; null is outside."""

    measure: str
    values: tuple[str | int | bool, ...]

    def holds(self, values: pa.Array) -> pa.Array:
        return pc.fill_null(pc.is_in(values, value_set=pa.array(self.values, values.type)), False)


Rule: TypeAlias = tuple[Between | OneOf, ...]  # all must hold; the first that does not is the reason
DECIDES = "decides"
Bound: TypeAlias = Annotated[int | float | None, DECIDES]  # read by `rule` alone: changing it measures nothing again


class Operator(BaseModel):
    """Fields are parameters, the card is the contract."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    card: ClassVar[Card]

    def reads(self) -> Types:
        """Override where parameters name the columns."""
        return self.card.reads

    def against(self) -> Types:
        """Columns read of the input `against`; override where parameters name them."""
        return self.card.against

    def adds(self, given: Types) -> Types:
        """Override where types follow from parameters or from what is read; `given`: types of the bound columns,
        those of `against` under `against.NAME`."""
        return self.card.adds

    def ports(self) -> tuple[str, ...]:
        """Override where parameters leave ports without rows."""
        return self.card.ports

    def numbers(self) -> tuple[str, ...]:
        """Names of what it tells of all rows; override where parameters decide."""
        return self.card.numbers

    def rule(self) -> Rule:
        return ()

    def undecided(self) -> Self:
        """This operator with its bounds at their defaults: what the engine measures with and keys the cache by."""
        fields = type(self).model_fields.items()
        return self.model_copy(update={k: f.get_default() for k, f in fields if DECIDES in f.metadata})


class Learner(Operator):
    """Learns a state first: from its own rows, or from `against` where the card reads such an input."""

    @abstractmethod
    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table: ...
    @abstractmethod
    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        """Associative; for exact cards blind to where the rows were cut."""

    def conclude(self, learned: pa.Table) -> pa.Table:
        """What the next pass, or the work itself, is lent of what a pass learned; done once, in one process."""
        return learned


class Measure(Operator):
    """Columns computed from one row each; with a rule it filters."""

    @abstractmethod
    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns: ...

    def totals(self, measured: pa.Table) -> Mapping[str, int]:
        """Counts over these measured rows that add up to counts over all of them, by the names of `numbers()`."""
        return {}


class Bounded(Measure):
    """One number, kept between two bounds; both open: it measures and keeps all."""

    at_least: Bound = None
    at_most: Bound = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least={self.at_least!r} is above at_most={self.at_most!r}")
        return self

    def rule(self) -> Rule:
        (name,) = self.card.adds
        return () if self.at_least is self.at_most is None else (Between(name, self.at_least, self.at_most),)


class Fit(Measure, Learner):
    """A measure that first learns: `learn` over all rows that reach it, `merge`, then `measure` with `desk.state`."""


class Survey(Operator):
    """Numbers about all rows that reach it, or about how these stand to `against`. Every row goes on as it came."""

    @abstractmethod
    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        """What is to be known of these rows; of rows of `against` alike, apart from the others."""

    @abstractmethod
    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        """Associative, and blind to where the rows were cut."""

    @abstractmethod
    def tell(self, state: pa.Table, against: pa.Table | None) -> Numbers:
        """The numbers, by the names of `numbers()`."""


class Rewrite(Operator):
    """New bytes for columns, or new columns; all rows stay."""

    @abstractmethod
    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns: ...


class Layout(Operator):
    """Which columns go on, under which names; no value changes."""

    @abstractmethod
    def layout(self, columns: Sequence[str]) -> Mapping[str, str]:
        """New name → old name, in the new order."""


class Expand(Operator):
    """New rows from each row; the row itself ends here."""

    @abstractmethod
    def expand(self, batch: pa.RecordBatch, desk: Desk) -> tuple[Columns, pa.Array]:
        """Born rows and, for each, the positions in the batch of its parents (list<int32>; empty: made from nothing)."""


class Synthesize(Operator):
    """New rows from a model's replies; the row they were asked about goes on as their parent."""

    @abstractmethod
    def prompts(self, batch: pa.RecordBatch) -> pa.Array:
        """One prompt a row (string)."""

    @abstractmethod
    def read(self, batch: pa.RecordBatch, replies: pa.Array) -> tuple[Columns, pa.Array]:
        """Born rows and their parents, as `Expand.expand`; raises RowError for a reply that cannot be used."""


class Group(Operator):
    """Brings rows together by a key and merges those that match."""

    @abstractmethod
    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        """One note a row; or any number, then with a column `row`: int32 positions in the batch. Where the key is a list<uint64>
        (of hashes: any number is as likely as any other), the note stands under each of its values."""

    @abstractmethod
    def match(self, partition: pa.Table) -> pa.Table:
        """All notes of some keys, less the column of `prefer`; `row` is now the row's place in the step's input (int64), the key one
        value → pairs (row, other)."""

    def evidence(self, batch: pa.RecordBatch, desk: Desk) -> pa.Array:
        """What `verify` compares, of rows that stand in pairs: one list of numbers or one string a row; by default the first column."""
        return batch.column(0)

    def verify(self, pairs: pa.Table, desk: Desk) -> Columns:
        """Measures of each pair; pairs outside `rule()` are let go."""
        return {}

    def settle(self, clusters: pa.Table) -> pa.Array:
        """Whole clusters (cluster, row, prefer, best) → for each row the one it goes into; itself: it stays."""
        return clusters["best"]


SPANS: Types = {"row": pa.int32(), "start": pa.int32(), "stop": pa.int32(), "mark": pa.uint64(), "check": pa.uint32()}


@dataclass(frozen=True)
class Repeats:
    """Which of the spans that say the same are cut."""

    documents: int = 1  # only such as stand in at least so many rows
    first_stays: bool = True  # and what overlaps with it in its own row; else every one of them goes
    share: float | None = None  # and in that share of all rows


class Cut(Operator):
    """Cuts spans out of one text that stand elsewhere in the input too; all rows stay."""

    @abstractmethod
    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        """Any number of spans a row (SPANS): position in the batch, first byte and the byte after the last, and what the span says:
        equal where `mark`, which must be spread over all 64 bits, and `check` are. Where the operator has `around`: clues, some of
        the spans only."""

    def around(self, batch: pa.RecordBatch, desk: Desk, clues: pa.Table) -> Columns:
        """All spans (SPANS) about the clues (`row`, `start`, in order) that the input holds more than once."""
        raise NotImplementedError

    def repeats(self) -> Repeats:
        return Repeats()


class Whole(Operator):
    """A measure over all rows at once, in one process; `rule()` decides."""

    @abstractmethod
    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns: ...
    @abstractmethod
    def settle(self, notes: pa.Table) -> Columns: ...


@dataclass(frozen=True)
class Counts:
    """What `order` found, per key; one key, None, where `order` gives none."""

    rows: Mapping[Key, int]
    weight: Mapping[Key, float]


@dataclass(frozen=True)
class Quota:
    """How much one port takes of each key; an int or float is for all keys together; neither: all that is left."""

    rows: int | Mapping[Key, int] | None = None
    weight: float | Mapping[Key, float] | None = None


class Rank(Operator):
    """Puts rows in an order and fills its ports from the front. One that is a Learner too learns first, and orders by `desk.state`."""

    @abstractmethod
    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        """`order` (ascending, NaN last), optionally `key`, `weight`, `unit` (rows of one unit go together)."""

    @abstractmethod
    def quota(self, counts: Counts) -> Quota | Mapping[str, Quota]:
        """One quota for `kept`, or ports in the order in which they fill."""
