"""Looks at a few hundred rows of each input: which columns hold text, labels, scores, ids, and in what shape the data is."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from tools.chats.seen import Seen, seen
from workflows.inputs import find, format_of, source_for

from .code_signs import written_in
from .saving import AS_ITS_FILES, Reading

Kind = Literal["text", "number", "flag", "nested", "other"]
ROWS = 2000
SLICES = 6
SLICE_BYTES = 64 << 10
CODE_LENGTH = 20  # characters: shorter values are no code
MARKED = 200  # rows in which marks, and conversations, are looked for
NUMERIC = re.compile(r"-?\d+(?:\.\d+)?")
MARK = re.compile(r"[^\w\s]{3,}")
MOST_LABELS = 200
FAULTS = {  # marks of a fault in a text, as RE2 patterns
    "tags": r"</?(?:a|b|br|div|em|h[1-6]|i|img|li|ol|p|span|strong|table|td|tr|ul)(?: [^<>]*)?/?>|&(?:amp|lt|gt|quot|nbsp|#\d+);",
    "contacts": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}|\+\d[\d ().-]{8,}\d",
    "broken": "\u00c3[\u0080-\u00bf]|\u00e2\u20ac|\ufffd",
}
SENTENCE = 40  # characters
LONGEST_NAME = 50  # characters, of an input: a recipe's names have 64 at most
_ID = re.compile(r"(?:^|[_\W])(?:id|uuid|guid|hash|sha\d*|key)$")
SHAPES = (
    ("instruction", "input", "output"),
    ("instruction", "input", "response"),
    ("instruction", "output"),
    ("instruction", "response"),
    ("question", "answer"),
    ("prompt", "completion"),
    ("prompt", "response"),
    ("prompt", "chosen", "rejected"),
    ("chosen", "rejected"),
)


@dataclass(frozen=True, kw_only=True)
class Column:
    """What the sample says of one column."""

    name: str
    kind: Kind
    type: pa.DataType
    mean_length: float = 0.0  # characters, of text
    distinct: int = 0
    filled: int = 0
    code: str = ""  # the language that its values look like, `fence` where they hold fenced blocks
    numeric: bool = False  # a text column whose values are numbers
    has_lines: bool = False  # one value in five, of text, is of several lines
    longest: int = 0  # most values in a list
    marks: tuple[str, ...] = ()  # signs that stand once in nearly every value, as `####` before an answer
    talk: Seen | None = None  # what its conversations are like, where it holds some
    labels: tuple[str, ...] = ()  # its values where they are few and come again, most frequent first

    @property
    def is_number(self) -> bool:
        """Numbers, also when written as text."""
        return self.kind == "number" or self.numeric

    @property
    def is_key(self) -> bool:
        """Every value is another one, and none is a text to read."""
        return self.filled > 1 and self.distinct == self.filled and (self.kind == "number" or (self.kind == "text" and self.mean_length < 60))

    @property
    def is_constant(self) -> bool:
        """The same word in every row tells nothing of them."""
        return self.filled > 1 and self.distinct == 1 and self.mean_length < SENTENCE

    @property
    def is_name(self) -> bool:
        """It tells rows apart, and says so: `message_tree_id`, `uuid`."""
        return self.is_key and _ID.search(self.name.lower()) is not None


@dataclass(frozen=True, kw_only=True)
class Table:
    """One input."""

    name: str
    path: str
    columns: tuple[Column, ...]
    rows: int
    faults: Mapping[str, float] = field(default_factory=dict)  # share of the rows seen that have it, as in suggestions.OFFERS
    format: str = ""  # that it was read in
    read_as: Reading = field(default_factory=Reading)  # where the goal says what a row is

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def shape(self) -> tuple[str, ...]:
        """The columns of a training pair, when the data is made of such."""
        return next((shape for shape in SHAPES if all(name in self.names for name in shape)), ())

    @property
    def text(self) -> Column | None:
        """The column that holds what the rows are about: one called text or so, else the longest."""
        texts = [column for column in self.columns if column.kind == "text" and not column.is_name and not column.is_constant]
        if self.shape:
            return self.column(self.shape[-1])
        named = [column for column in texts if column.name.lower() in ("text", "content", "body", "full_text", "document")]
        return max(named or texts, key=lambda column: column.mean_length, default=None)

    @property
    def content(self) -> tuple[str, ...]:
        """The columns that make a row what it is: all but ids and what was said about it."""
        if self.shape:
            return self.shape
        return (self.text.name,) if self.text else tuple(column.name for column in self.columns if not column.is_key)


def profile(name: str, path: str, folder: Path, cache: Path, read_as: Reading = AS_ITS_FILES) -> Table:
    """Read the head of an input, or all of it when it is small."""
    table, format = sampled(path, folder, cache, read_as)
    return of_rows(name, path, table, read_as, format)


def sampled(path: str, folder: Path, cache: Path, read_as: Reading = AS_ITS_FILES) -> tuple[pa.Table, str]:
    """The rows that a profile looks at, and the format that they were read in."""
    files = find(path, folder, True, cache)
    source = source_for(files, read_as.format, read_as.options)
    shards = source.slices(files, cache, SLICES, SLICE_BYTES)
    schema = source.infer(shards)
    share = max(1, ROWS // max(len(shards), 1))
    tables = [source.load(shard, schema).table.slice(0, share) for shard in shards]
    return pa.concat_tables(tables) if tables else schema.empty_table(), read_as.format or format_of(files)


def of_rows(name: str, path: str, table: pa.Table, read_as: Reading, format: str) -> Table:
    """The profile of rows that were read so."""
    return replace(of_table(name, path, table), read_as=read_as, format=format)


def of_table(name: str, path: str, table: pa.Table) -> Table:
    """The profile of rows in memory."""
    shown = [one for one in table.schema if not one.name.startswith("_")]
    made = Table(name=name, path=path, columns=tuple(_column(one, table[one.name]) for one in shown), rows=table.num_rows)
    return replace(made, faults=_faults(made, table))


def _faults(seen: Table, table: pa.Table) -> dict[str, float]:
    if not seen.rows or seen.text is None or seen.text.kind != "text":
        return {}
    text = table[seen.text.name].cast(pa.large_string())
    columns = [name for name in seen.content if (column := seen.column(name)) and column.kind in ("text", "number", "flag")]
    distinct = table.select(columns).group_by(columns).aggregate([]).num_rows if len(columns) == len(seen.content) else seen.rows
    marks = {name: pc.sum(pc.match_substring_regex(text, pattern)).as_py() or 0 for name, pattern in FAULTS.items()}
    empty = pc.sum(pc.fill_null(pc.equal(pc.utf8_trim_whitespace(text), ""), True)).as_py() or 0
    return {name: count / seen.rows for name, count in {"repeats": seen.rows - distinct, "empty": empty, **marks}.items()}


def names_of(inputs: Mapping[str, str]) -> dict[str, str]:
    """Inputs under names that a recipe can hold."""
    named: dict[str, str] = {}
    for name, path in inputs.items():
        clean = "".join(sign if sign.isascii() and (sign.isalnum() or sign == "_") else "_" for sign in name)
        clean = clean.strip("_")[:LONGEST_NAME].strip("_") or "rows"
        clean = clean if not clean[0].isdigit() else f"rows_{clean}"
        while clean in named:
            clean += "_2"
        named[clean] = path
    return named


def _column(given: pa.Field, values: pa.ChunkedArray) -> Column:
    kind = _kind(given)
    filled = len(values) - values.null_count
    if kind == "nested" or kind == "other" or not filled:
        is_list = filled and (pa.types.is_list(given.type) or pa.types.is_large_list(given.type))
        longest = pc.max(pc.list_value_length(values)).as_py() if is_list else 0
        talk = seen(values.drop_null().slice(0, MARKED).to_pylist()) if filled else None
        return Column(name=given.name, kind=kind, type=given.type, filled=filled, longest=longest, talk=talk)
    if kind == "text":
        counts = Counter(values.drop_null().to_pylist())
        mean = pc.mean(pc.utf8_length(values)).as_py() or 0.0
        few = len(counts) <= MOST_LABELS and mean < 60 and len(counts) * 2 <= max(filled, 4)
        labels = tuple(value for value, _ in counts.most_common()) if few else ()
        return Column(
            name=given.name,
            kind=kind,
            type=given.type,
            mean_length=mean,
            distinct=len(counts),
            filled=filled,
            has_lines=5 * sum("\n" in value.strip() for value in counts) >= len(counts),
            labels=labels,
            marks=_marks(list(counts)),
            talk=seen(list(counts)[:MARKED]),
            code=written_in(list(counts)) if mean >= CODE_LENGTH else "",
            numeric=_numeric(list(counts)),
        )
    return Column(name=given.name, kind=kind, type=given.type, distinct=pc.count_distinct(values).as_py(), filled=filled)


def _numeric(values: list[str]) -> bool:
    numbers = sum(1 for value in values[:MARKED] if NUMERIC.fullmatch(value.strip()))
    return len(values) > 1 and numbers >= 0.95 * min(len(values), MARKED)


def _marks(values: list[str]) -> tuple[str, ...]:
    seen = Counter(mark for value in values[:MARKED] for mark, often in Counter(MARK.findall(value)).items() if often == 1)
    return tuple(mark for mark, rows in seen.most_common(3) if rows >= 0.95 * min(len(values), MARKED))


def _kind(given: pa.Field) -> Kind:
    if (given.metadata or {}).get(b"winnow") == b"json" or pa.types.is_nested(given.type):
        return "nested"
    if pa.types.is_boolean(given.type):
        return "flag"
    if pa.types.is_integer(given.type) or pa.types.is_floating(given.type) or pa.types.is_decimal(given.type):
        return "number"
    return "text" if pa.types.is_string(given.type) or pa.types.is_large_string(given.type) else "other"
