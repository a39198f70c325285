"""Laws of sources and sinks: what is written is read back, in any cut and compression, odd texts and no rows too."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from tools import catalogue
from tools.contract import Operator
from tools.formats.compression import compressing
from tools.formats.many_files import ManyFiles
from tools.storage import SHARD_BYTES, File, Sink, Source

from . import nasty
from .given import scratch
from .laws import Broken, alike

Named = tuple[str, type[Operator]]
WRITES = "write_"
COMPRESSED_WITHIN = ("parquet", "arrow", "hf_dataset")
KEEPS_TYPES = COMPRESSED_WITHIN
NULL_IS_EMPTY = ("csv", "tsv", "text")
SMALL = 64  # bytes of a shard
INTS, FLOATS = [0, -1, 7, 2**63 - 1, -(2**63), None], [0.5, -0.25, 1e300, 5e-324, 3.25, None]
PLAIN = pa.table(
    {
        "text": ["one", 'two, "quoted"; \'\t|', "", "drei\nvier\r\nfünf", "數據 👩‍👩‍👧", None],
        "whole": pa.array(INTS, pa.int64()),
        "number": pa.array(FLOATS, pa.float64()),
        "flag": [True, False, True, None, False, True],
    }
)
NESTED = PLAIN.append_column("words", pa.array([["a"], [], None, ["b", "c"], ["x y"], [""]])).append_column(
    "record", pa.array([{"a": 1, "b": "x"}, {"a": 2, "b": None}, None, {"a": None, "b": ""}, {"a": 3, "b": "y"}, {"a": 4, "b": "z"}])
)
ARROW = pa.table(
    {name: NESTED[name] for name in NESTED.column_names}
    | {
        "small": pa.array([1, -128, 127, None, 0, 5], pa.int8()),
        "large": pa.array([0, 2**64 - 1, 3, None, 4, 5], pa.uint64()),
        "single": pa.array([0.5, float("inf"), float("nan"), None, -0.0, 1.5], pa.float32()),
        "bytes": pa.array([b"", b"\x00\xff", None, b"a", b"b", b"c"], pa.binary()),
        "vector": pa.array([[0.5], [], None, [1.5, 2.5], [float("inf")], [0.0]], pa.list_(pa.float32())),
        "day": pa.array([date(2024, 2, 29), None, date(1, 1, 1), date(1970, 1, 1), date(9999, 12, 31), date(2000, 1, 1)]),
        "time": pa.array([datetime(2024, 2, 29, 12, 30, 1, 5, UTC), None, *[datetime(1970, 1, 1, tzinfo=UTC)] * 4], pa.timestamp("us", "UTC")),
        "price": pa.array([Decimal("1.50"), None, *[Decimal("-0.01")] * 4], pa.decimal128(10, 2)),
    }
)
FIELDS = PLAIN.drop_columns("flag")  # CSV has no booleans: true is read as a word
LINES = pa.table({"text": ["one", "", "two words", " tab\t", "數據 👩‍👩‍👧", None]})
PAGES = pa.table({"text": ["one", "", "two\n\nparagraphs\r\n", "<p>drei</p>", "數據 👩‍👩‍👧", "\t"]})
HOLDS: Mapping[str, pa.Table] = {
    "jsonl": NESTED,
    "json": NESTED,
    "csv": FIELDS,
    "tsv": FIELDS,
    "parquet": ARROW,
    "arrow": ARROW,
    "hf_dataset": ARROW,
    "text": LINES,
    "text_files": PAGES,
    "html_files": PAGES,
}


def round_trip(named: Named) -> str:
    """Every type that the format holds comes back as it was, from three pieces."""
    table = _held(named)
    _same(named, table, _there_and_back(named, table), "written and read back")
    return f"{table.num_columns} columns"


def any_cut(named: Named) -> str:
    """Shards of a few bytes hold the same rows under the same numbers."""
    table = pa.concat_tables([_held(named)] * 5)
    _same(named, table, _there_and_back(named, table, shard_bytes=SMALL), f"in shards of {SMALL} bytes")
    return ""


def compressed(named: Named) -> str:
    """The same rows from compressed files."""
    if _format(named) in COMPRESSED_WITHIN:
        return "compressed within"
    for compression in ("gz", "zst", "bz2", "xz"):
        _same(named, _held(named), _there_and_back(named, _held(named), compression=compression), f"compressed by {compression}")
    return ""


def empty_input(named: Named) -> str:
    """No rows are written and read back as none."""
    for table in (_held(named).slice(0, 0), _held(named).slice(0, 1)):
        _same(named, table, _there_and_back(named, table), f"{len(table)} rows")
    return ""


def nasty_text(named: Named) -> str:
    """Odd texts come back as they were."""
    texts = [" ".join(text.splitlines()) for text in nasty.TEXTS] if _format(named) == "text" else list(nasty.TEXTS)
    if issubclass(named[1], ManyFiles):
        texts = [text for text in texts if not text.startswith("\ufeff")]  # at a file's start it is no text
    table = pa.table({"text": texts, "more": texts[::-1]} if _held(named).num_columns > 1 else {"text": texts})
    _same(named, table, _there_and_back(named, table), "odd texts")
    return ""


FORMAT_LAWS: Mapping[str, Callable[[Named], str]] = {law.__name__: law for law in (round_trip, any_cut, compressed, empty_input, nasty_text)}


def _there_and_back(named: Named, table: pa.Table, compression: str = "", shard_bytes: int = SHARD_BYTES) -> pa.Table:
    if issubclass(named[1], ManyFiles):
        return _from_files(named[1](), table, compression, shard_bytes)
    source, sink, form = *_pair(named), _format(named)
    with scratch() as folder:
        third = -(-len(table) // 3)
        pieces = []
        for number, start in enumerate(range(0, len(table), max(third, 1))):
            pieces.append(folder / f"{number}.piece")
            sink.piece(table.slice(start, third), None, pieces[-1])
        target = folder / f"rows.{form}{f'.{compression}' if compression else ''}"
        with target.open("wb") as file:
            sink.join(pieces, table.schema, file, compression)
        return _read(source, target, folder / "cache", shard_bytes)


def _from_files(source: ManyFiles, table: pa.Table, compression: str, shard_bytes: int) -> pa.Table:
    """Each text from a file of its own; nothing writes such files."""
    with scratch() as folder:
        files = [File(path=str(folder / f"{turn:06d}.{compression or 'txt'}"), inside=f"{turn:06d}.txt") for turn in range(len(table))]
        for file, text in zip(files, table["text"].to_pylist(), strict=True):
            with Path(file.path).open("wb") as target, compressing(target, compression) as packed:
                packed.write((text or "").encode())
        shards = source.shards(files, folder / "cache", shard_bytes)
        loaded = [source.load(shard, source.infer(shards)) for shard in shards]
        if refused := [bad.reason for one in loaded for bad in one.bad]:
            raise Broken(f"it refuses what was written: {refused[0]}")
        return pa.concat_tables([one.table for one in loaded]) if loaded else source.infer(()).empty_table()


def _read(source: Source, path: Path, cache: Path, shard_bytes: int) -> pa.Table:
    shards = source.shards([File(path=str(path), inside="rows")], cache, shard_bytes)
    schema = source.infer(shards)
    loaded = [source.load(shard, schema) for shard in shards]
    if refused := [bad.reason for one in loaded for bad in one.bad]:
        raise Broken(f"it refuses what was written: {refused[0]}")
    numbers = [number for one in loaded for number in one.offset.to_pylist()]
    if numbers != sorted(set(numbers)):
        raise Broken(f"rows have the numbers {numbers[:9]}, not each a larger one")
    return pa.concat_tables([one.table for one in loaded]).combine_chunks() if loaded else schema.empty_table()


def _same(named: Named, wanted: pa.Table, have: pa.Table, when: str) -> None:
    if len(have) != len(wanted):
        raise Broken(f"{when}: {len(have)} rows instead of {len(wanted)}")
    for name in wanted.column_names if len(wanted) else ():
        if name not in have.column_names:
            raise Broken(f"{when}: the column {name!r} is gone")
        ours, theirs = (_values(named, table[name]) for table in (wanted, have))
        if not alike(ours, theirs):
            row = next(row for row, pair in enumerate(zip(ours, theirs, strict=True)) if not alike(*pair))
            raise Broken(f"{when}: column {name!r}, row {row} is {theirs[row]!r:.80}, it was {ours[row]!r:.80}")
    if len(wanted) and _format(named) in KEEPS_TYPES and have.schema.remove_metadata() != wanted.schema.remove_metadata():
        raise Broken(f"{when}: types are {have.schema.types}, they were {wanted.schema.types}")


def _values(named: Named, column: pa.ChunkedArray) -> list[object]:
    values: list[object] = column.to_pylist()
    return ["" if value is None else value for value in values] if _format(named) in NULL_IS_EMPTY else values


def _held(named: Named) -> pa.Table:
    return HOLDS.get(_format(named), PLAIN)


def _format(named: Named) -> str:
    return named[0].removeprefix(WRITES)


def _pair(named: Named) -> tuple[Source, Sink]:
    """The operator with the one that reads what it writes, or writes what it reads."""
    name, made = named
    other = name.removeprefix(WRITES) if issubclass(made, Sink) else WRITES + name
    both = (made(), catalogue.operator(other)())
    source, sink = both[::-1] if issubclass(made, Sink) else both
    if not isinstance(source, Source) or not isinstance(sink, Sink):
        raise Broken(f"{other!r} is not its counterpart")
    return source, sink
