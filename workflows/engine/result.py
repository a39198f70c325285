"""What a run tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.contract import Numbers


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """One step's books: rows_in = rows on its ports + reasons + expanded."""

    id: str
    operator: str
    rows_in: int
    rows_out: int  # rows on all ports but `dropped`
    seconds: float  # of computing, summed over workers
    reasons: Mapping[str, int]  # a measure's name, null, quota, merged, childless, error → rows
    ports: Mapping[str, int]
    born: int = 0
    changed: int = 0  # rewrites: rows whose bytes changed
    cut: int = 0  # bytes of text that went with spans that stand elsewhere
    histograms: Mapping[str, Mapping[float, int]] = field(default_factory=dict)  # measure → lower edge of a bin → rows
    numbers: Numbers = field(default_factory=dict)  # what it tells of all rows
    groups: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)  # key → rows `there`, `asked` (none: all) and `kept`


@dataclass(frozen=True, kw_only=True)
class Written:
    """An output in place: a file, or parts of a folder."""

    name: str
    path: str
    rows: int
    bytes: int
    digest: str  # sha256; of a folder, of the digests and names of its files
    sources: Mapping[str, int] = field(default_factory=dict)  # source → rows that come from it
    part: str = ""  # of a folder: what its parts begin with
    parts: int = 0  # of a folder: how many


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """A check of the recipe, tried on the run."""

    text: str
    value: float | None  # none: a number that its step had nothing to tell from
    ok: bool


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a run took. Seconds are of the clock; `steps` of a run's books are summed over workers."""

    cutting: float = 0.0  # seconds: finding the shards
    measuring: float = 0.0  # seconds: the rounds of walks
    deciding: float = 0.0  # seconds: at barriers
    finishing: float = 0.0  # seconds: ledger, measures, pieces of the outputs
    joining: float = 0.0  # seconds: the outputs
    rounds: int = 0  # of walks before the last
    memory: int = 0  # bytes: each process at its largest
    written: int = 0  # bytes, to the store and the outputs


@dataclass(frozen=True, kw_only=True)
class Result:
    """A finished run. `states` counts the rows of all inputs that are no reference: they sum to `rows_in`."""

    rows_in: int
    rows_out: int
    states: Mapping[str, int]
    born: int
    references: Mapping[str, int]
    sources: Mapping[str, int]  # rows read of each source
    steps: tuple[StepResult, ...]
    outputs: tuple[Written, ...]
    checks: tuple[CheckResult, ...]
    seconds: float
    warnings: tuple[str, ...] = ()
    spent: Spent = Spent()
