"""The bytes behind a column: read from the shard when first asked for, never before."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from tools.contract import ANY
from tools.digest import digest
from tools.draws import value_digests
from tools.errors import ContractError
from tools.formats.json_source import JsonSource
from tools.formats.records import cut_out as cut_bytes
from tools.formats.shard_bytes import read_bytes
from tools.one_array import one_array
from tools.storage import FILE_SHIFT, REST, AsRead, Bad, Loaded, Shard

from ..graph import Input
from .cut_out import Cuts, cut_out
from .files import open_table, save
from .flows import Column, Universe
from .fragments import Fragments, Rows, values
from .keys import key

PICKED = 0.75  # of a shard's rows: where fewer are asked for, their records alone are decoded
_BAD = pa.schema(
    [
        ("offset", pa.int64()),
        ("line", pa.int64()),
        ("reason", pa.string()),
        ("raw", pa.large_binary()),
        ("length", pa.int64()),
        ("misfit", pa.string()),
    ]
)


@dataclass(frozen=True)
class Read:
    """What is known of a shard without opening it again."""

    universe: Universe
    bad: pa.Table
    lines: int
    rest: bool  # some row has keys that the schema does not know


class Content:
    """One shard's content. `fetch` gives any column's values for any rows."""

    def __init__(self, given: Input, shard: Shard, fragments: Fragments, cache: Path, wanted: Sequence[str]) -> None:
        self.given, self.shard = given, shard
        self._fragments, self._cache = fragments, cache
        self._wanted = [name for name in given.schema.names if name in set(wanted)]
        self._loaded: Loaded | None = None
        self._offset = np.zeros(0, np.int64)  # where each row's record lies
        self._length: Rows | None = None  # none: records have no bytes of their own
        self._picked: tuple[Rows, pa.Table] | None = None
        self.cuts: dict[str, Cuts] = {}  # by the key of the column that they are cut out of
        self._memo: dict[str, tuple[Rows, pa.Array]] = {}
        options = given.operator.model_dump(mode="json")
        fields = [(field.name, str(field.type), bool(field.metadata)) for field in given.schema]
        self.key = key("records", type(given.operator).__name__, options, fields, shard.digest, shard.start, shard.damaged)

    def read(self) -> Read:
        """Rows and bad records of the shard; the source is opened only if no run has read this shard before."""
        rows, bad = self._cache / "rows" / f"{self.key}.arrow", self._cache / "rows" / f"{self.key}.bad.arrow"
        if not rows.exists() or not bad.exists():
            loaded = self.loaded()
            marks = pa.table({"offset": loaded.offset, "line": loaded.line, "digest": self._digests(loaded)})
            if loaded.raw is not None and loaded.length is not None:
                marks = marks.append_column("length", loaded.length)
            facts = {"lines": str(loaded.lines), "rest": str(int(REST in loaded.table.column_names))}
            save(bad, _bad_table(loaded.bad))
            save(rows, marks.replace_schema_metadata(facts))
        table = open_table(rows)
        found = {name.decode(): int(value) for name, value in table.schema.metadata.items()}
        self._offset = offset = table["offset"].to_numpy()
        self._length = table["length"].to_numpy() if "length" in table.column_names else None
        universe = Universe(
            key=self.key,
            offset=offset,
            line=table["line"].to_numpy(),
            part=np.zeros(len(offset), np.int64),
            digest=table["digest"],
            number=(self.given.first_file + self.shard.file) << FILE_SHIFT,
        )
        return Read(universe, open_table(bad), found["lines"], bool(found["rest"]))

    def drawn_by(self, offset: Rows) -> tuple[str, Rows]:
        """The path within the source and the offset that draws for these rows depend on: of files that share a shard, each by its own."""
        members = self.shard.members
        if not members:
            return self.shard.inside, offset
        names = np.array([xxhash.xxh3_64_intdigest(file.inside.encode()) for file in members], np.uint64).view(np.int64)
        return "", names[offset >> FILE_SHIFT] ^ (offset & ((1 << FILE_SHIFT) - 1))

    def columns(self, universe: Universe, rest: bool) -> dict[str, Column]:
        """The columns as read."""
        fields = [*self.given.schema, *([pa.field(REST, pa.string())] if rest else [])]
        return {
            field.name: Column(key=key(universe.key, field.name), type=field.type, origin="base", name=field.name, field=field) for field in fields
        }

    def loaded(self, columns: Sequence[str] | None = None) -> Loaded:
        """The shard in memory with at least these columns."""
        have = set(self._loaded.table.column_names) if self._loaded else set()
        if self._loaded is None or not set(columns or ()) <= have | {REST}:
            wanted = [name for name in self.given.schema.names if name in {*self._wanted, *have, *(columns or ())}]
            self._loaded, self._picked = self.given.operator.load(self.shard, self.given.schema, wanted), None
        return self._loaded

    def need(self, columns: Sequence[Column]) -> None:
        """Decode at once what these columns are made of: a shard is read again for every column that comes up later."""
        names = {root for column in columns if (root := _root_name(column)) is not None}
        if names:
            self.loaded(sorted(names))

    def fetch(self, column: Column, universe: Universe, at: Rows) -> pa.Array:
        """The column's values for these rows (ascending)."""
        if not len(at):
            return pa.array([], column.type)
        name = f"{column.key}.{column.name}"
        known = self._memo.get(name)
        if known is not None:
            where = np.searchsorted(known[0], at)
            if known[0] is at:
                return known[1]
            if len(known[0]) and len(at) and where[-1] < len(known[0]) and np.array_equal(known[0][where], at):
                return known[1].take(pa.array(where))
        made = one_array(self._make(column, universe, at))
        if column.origin != "base":
            self._memo[name] = (at, made)
        return made

    def keep(self, column: Column, at: Rows, array: pa.Array) -> None:
        """Remember a column that is stored nowhere else."""
        self._memo[f"{column.key}.{column.name}"] = (at, one_array(array))

    def changed(self, column: Column, at: Rows) -> pa.Array:
        """For a column that was rewritten or cut: the rows that this changed."""
        if column.origin == "cut":
            return pa.array(np.isin(at, self.cuts[column.key].at, assume_unique=True))
        fragment = self._fragment(column)
        return one_array(values(fragment, at, [f"changed.{column.name}"]).column(0))

    def as_read(self, universe: Universe, columns: dict[str, Column], at: Rows, source: str) -> AsRead | None:
        """The records behind these rows, for sinks that copy what nobody touched."""
        if self._length is None or universe.parent is not None:
            return None
        keys: dict[str, str] = {}
        touched: dict[str, pa.Array] = {}
        for name, column in columns.items():
            root, marks = self._root(column, at)
            if root is not None:
                keys[name] = root.name
                if marks is not None:
                    touched[name] = marks
        own = [*self.given.schema.names, *([REST] if REST in columns else [])]
        whole = list(columns) == own and all(keys.get(name) == name for name in own)
        return AsRead(
            format=source,
            records=self._records(at),
            keys={name: root for name, root in keys.items() if name != REST},
            touched=touched,
            whole=whole,
            options=self.given.operator.model_dump(),
        )

    def _root(self, column: Column, at: Rows) -> tuple[Column | None, pa.Array | None]:
        """The record's own column that this one was rewritten from, and the rows where it was."""
        if column.origin == "base":
            return column, None
        if column.origin == "cast" and column.source is not None:
            return self._root(column.source, at)
        if column.origin not in ("rewritten", "cut") or column.source is None:
            return None, None
        root, marks = self._root(column.source, at)
        own = self.changed(column, at)
        return root, own if marks is None else pc.or_(marks, own)

    def _make(self, column: Column, universe: Universe, at: Rows) -> pa.Array:
        if column.origin == "base":
            return self._base(column, at)
        if column.origin == "missing":
            return pa.nulls(len(at), column.type)
        if column.origin == "cast" and column.source is not None:
            return pc.cast(self.fetch(column.source, universe, at), column.type)
        if column.origin == "cut" and column.source is not None:
            return cut_out(self.fetch(column.source, universe, at), at, self.cuts[column.key])
        if column.origin == "inherited" and column.source is not None and universe.parent is not None and universe.first is not None:
            first = universe.first[at]
            asked, back = np.unique(first, return_inverse=True)
            return self.fetch(column.source, universe.parent, asked).take(pa.array(back))
        if column.origin == "born" and universe.table is not None:
            return universe.table[column.name].take(pa.array(at))
        fragment = self._fragment(column)
        if column.origin == "measured":
            return values(fragment, at, [column.name]).column(0)
        found = values(fragment, at, [column.name, f"changed.{column.name}"])
        if column.source is None:
            return found.column(0)
        return pc.if_else(one_array(found.column(1)), one_array(found.column(0)), self.fetch(column.source, universe, at))

    def _base(self, column: Column, at: Rows) -> pa.Array:
        picked = self._few(at) if column.name in self._wanted else None
        if picked is not None:
            return picked[column.name]
        table = self.loaded([column.name]).table
        if column.name not in table.column_names:
            return pa.nulls(len(at), column.type)
        values_ = table[column.name]
        return values_ if len(at) == len(table) else values_.take(pa.array(at))

    def _few(self, at: Rows) -> pa.Table | None:
        """The wanted columns of these rows, where the shard is not in memory and most of its records need not be decoded for them."""
        operator = self.given.operator
        if self._loaded is not None or self._length is None or len(at) > PICKED * len(self._offset) or not isinstance(operator, JsonSource):
            return None
        if self._picked is None:
            self._picked = at, operator.pick(self.shard, self.given.schema, self._wanted, self._offset[at], self._length[at])
        have, table = self._picked
        if len(have) == len(at):
            return table if np.array_equal(have, at) else None
        where = np.searchsorted(have, at)  # rows that are not among them: all are read, as more may be asked for
        return table.take(pa.array(where)) if where[-1] < len(have) and np.array_equal(have[where], at) else None

    def _records(self, at: Rows) -> pa.Array:
        """The rows' records as large_binary, cut out of the shard's bytes; no value is decoded for that."""
        assert self._length is not None
        start = self._offset[at] - self.shard.start
        return cut_bytes(self._raw(), start, start + self._length[at])

    def _raw(self) -> pa.Buffer:
        return self._loaded.raw if self._loaded is not None else read_bytes(self.shard)

    def _fragment(self, column: Column) -> pa.Table:
        fragment = self._fragments.read(column.key)
        if fragment is None:
            raise ContractError(f"values of {column.name!r} are gone from the cache ({column.key})")
        return fragment

    def _digests(self, loaded: Loaded) -> pa.Array:
        if loaded.raw is None or loaded.length is None:
            table = self.given.operator.load(self.shard, self.given.schema).table
            columns = [value_digests(one_array(table[name])) for name in table.column_names]
            packed = np.stack(columns, axis=1) if columns else np.zeros((len(table), 1), "V16")
            ends = np.arange(len(table) + 1, dtype=np.int32) * (16 * packed.shape[1])
            return digest(pa.Array.from_buffers(pa.binary(), len(table), [None, pa.py_buffer(ends), pa.py_buffer(packed.tobytes())]))
        starts, sizes = loaded.offset.to_numpy() - self.shard.start, np.asarray(loaded.length.to_numpy())
        if len(starts) and loaded.raw.size >= 1 << 31:  # one record, and it is a giant
            view = memoryview(loaded.raw)
            pieces = zip(starts.tolist(), (starts + sizes).tolist(), strict=True)
            return pa.array([xxhash.xxh3_128_digest(view[start:stop]) for start, stop in pieces], pa.binary(16))
        return _digests_of(loaded.raw, _bounds(starts, sizes).astype(np.int32))


def _digests_of(raw: pa.Buffer, bounds: np.ndarray[tuple[int], np.dtype[np.int32]]) -> pa.Array:
    """Digests of the records; what lies between them is hashed with them and let go, as that is quicker than to cut them out."""
    if not len(bounds):
        return pa.array([], pa.binary(16))
    found = digest(pa.Array.from_buffers(pa.binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), raw]))
    return found.take(pa.array(np.arange(0, len(found), 2)))


def _root_name(column: Column) -> str | None:
    """The key in the record that a column's values come from, if they come from one."""
    while column.source is not None:
        column = column.source
    return column.name if column.origin == "base" else None


def _bounds(starts: Rows, sizes: Rows) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    # record, gap, record, gap …: slices of the shard without copying it
    bounds = np.empty(2 * len(starts), np.int64)
    bounds[0::2], bounds[1::2] = starts, starts + sizes
    return bounds


def _bad_table(bad: Sequence[Bad]) -> pa.Table:
    return pa.Table.from_pylist([vars(one) for one in bad], schema=_BAD)


def cast_to(array: pa.Array, kind: pa.DataType) -> tuple[pa.Array, list[int]]:
    """The array under another type, and the positions whose value cannot be one of it (null there)."""
    if kind == ANY or array.type == kind:
        return array, []
    if pa.types.is_string(kind) and (pa.types.is_nested(array.type) or pa.types.is_binary(array.type)):
        raise ContractError(f"a {array.type} is no text")
    try:
        return pc.cast(array, kind), []
    except pa.ArrowInvalid:
        made: list[object] = []
        wrong: list[int] = []
        for position, value in enumerate(array):
            try:
                made.append(pc.cast(value, kind).as_py())
            except pa.ArrowInvalid:
                made.append(None)
                if value.as_py() != "":  # an empty field is no value
                    wrong.append(position)
        return pa.array(made, kind), wrong
