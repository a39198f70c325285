"""What a profile says: plain data, fit for JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from .duplicates import NearDuplicates

Kind = Literal["text", "number", "flag", "time", "nested", "json", "bytes"]
RowsBy = Literal["read", "told by the file", "lines counted", "estimated", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How numbers or lengths lie. Least, mean and largest are of all rows read, the rest of rows drawn among them."""

    least: float | int | str | None
    mean: float | None
    largest: float | int | str | None
    quantiles: Mapping[str, float]  # 5%, 25%, 50%, 75%, 95%
    histogram: tuple[tuple[float, float, int], ...] = ()  # from, to, rows drawn


@dataclass(frozen=True, kw_only=True)
class Value:
    """A value and how many of the rows read have it."""

    value: object
    rows: int


@dataclass(frozen=True, kw_only=True)
class Personal:
    """Personal data found in texts drawn: shares of rows, by kind and of any kind."""

    rows: int
    any: float
    kinds: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column."""

    name: str
    type: str
    kind: Kind
    role: str  # in words: text, id, label, ...
    rows: int
    nulls: int
    empties: int  # texts of nothing but space, lists without an element
    distinct: int | None
    distinct_exact: bool
    numbers: Spread | None = None
    characters: Spread | None = None
    words: Spread | None = None
    elements: Spread | None = None  # of lists
    top: tuple[Value, ...] = ()  # where values are few
    languages: Mapping[str, float] | None = None
    language_rows: int = 0
    personal: Personal | None = None
    examples: tuple[str, ...] = ()

    @property
    def filled(self) -> int:
        return self.rows - self.nulls


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Records that are no rows, for one reason; `place`: the first of them."""

    reason: str
    records: int
    place: str
    column: str = ""


@dataclass(frozen=True, kw_only=True)
class FileProfile:
    """One file."""

    path: str
    bytes: int
    rows: int | None  # read of it
    read_bytes: int
    bad: int
    troubles: tuple[Trouble, ...]
    head_only: bool = False


@dataclass(frozen=True, kw_only=True)
class ExactDuplicates:
    """The share of rows whose content an earlier row has."""

    share: float
    exact: bool
    keys_read: float  # the share of keys that was counted


@dataclass(frozen=True, kw_only=True)
class Goal:
    """Something to do with the data, in plain words, and the command that does it."""

    goal: str
    command: str
    why: str


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """Files of one format, read as one."""

    format: str
    files: tuple[FileProfile, ...]
    bytes: int
    read_bytes: int
    read: Literal["all", "sample"]
    rows_read: int
    rows: int | None
    rows_by: RowsBy
    bad: int
    shape: str  # in words: instruction data, messages, ...
    content: tuple[str, ...]  # the columns that make a row what it is: duplicates are counted by them
    columns: tuple[Column, ...]
    unseen_keys: Mapping[str, int]  # keys outside the columns → rows read that have them
    duplicates: ExactDuplicates | None
    near_duplicates: NearDuplicates | None
    goals: tuple[Goal, ...]

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What lies in some files."""

    sets: tuple[DataSet, ...]
    seconds: float

    def as_json(self) -> dict[str, object]:
        return {"status": "done", **asdict(self)}
