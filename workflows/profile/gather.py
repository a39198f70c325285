"""The work on one shard: read it, count its columns, draw its rows."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from tools.dedupe.shingles import mixed
from tools.storage import REST, Loaded, Shard, Source

from .columns import ColumnPart, count, has_keys, value_hashes
from .duplicates import EVERY, Twins, draw
from .keys import Hashes, Keys, keys_of

MOST_ROW_KEYS = 1 << 22  # distinct rows counted exactly
EXAMINED = 2000  # rows whose texts are read for language, words and personal data
MOST_REASONS = 20
REST_READ = 1000  # rows of a shard whose unseen keys are named
NULL = np.uint64(0x9E3779B97F4A7C15)
FACTOR = np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True, kw_only=True)
class Work:
    """What to do with every shard of a data set."""

    source: Source
    schema: pa.Schema
    content: tuple[str, ...]
    compared: tuple[str, ...]
    examined: tuple[str, ...]
    examined_share: float
    twins_share: float


@dataclass(frozen=True, kw_only=True)
class BadPart:
    """Bad records of one file for one reason."""

    reason: str
    column: str
    records: int
    offset: int  # of the first
    line: int  # of the first, counted from 1; 0 where it is not known


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one shard says."""

    file: int
    rows: int
    bytes: int
    bad: tuple[BadPart, ...]
    columns: Mapping[str, ColumnPart]
    unseen: Counter[str]
    keys: Keys
    twins: Twins


def gather(work: Work, shard: Shard) -> Part:
    """Count one shard. Rows are drawn by file and offset, so that the same are drawn however the files are cut."""
    loaded = work.source.load(shard, work.schema)
    table = loaded.table
    draws = mixed(loaded.offset.to_numpy(zero_copy_only=False).astype(np.uint64) ^ np.uint64(xxhash.xxh3_64_intdigest(shard.inside.encode())))
    examined = pa.array(_examined(draws, work.examined_share))
    columns = {one.name: table[one.name].combine_chunks() for one in work.schema}
    hashed = {name: value_hashes(values.drop_null()) for name, values in columns.items() if name in work.content or has_keys(work.schema.field(name))}
    return Part(
        file=shard.file,
        rows=table.num_rows,
        bytes=table.nbytes if work.source.is_by_rows else shard.stop - shard.start,
        bad=_bad(loaded, shard),
        columns={
            name: count(values, work.schema.field(name), draws, examined if name in work.examined else None, hashed.get(name))
            for name, values in columns.items()
        },
        unseen=_unseen(table) if REST not in work.schema.names else Counter(),
        keys=keys_of(content_hashes(columns, hashed, work.content, table.num_rows), MOST_ROW_KEYS),
        twins=draw(texts_together(table, work.compared), work.twins_share),
    )


def content_hashes(columns: Mapping[str, pa.Array], hashed: Mapping[str, Hashes], content: Sequence[str], rows: int) -> Hashes:
    """One hash for each row of its content, from the hashes of its values; none for rows that have none."""
    found, filled = np.zeros(rows, np.uint64), np.zeros(rows, np.bool_)
    for name in content:
        known = columns[name].is_valid().to_numpy(zero_copy_only=False)
        own = np.full(rows, NULL)
        own[known] = hashed[name]
        found = mixed(found * FACTOR + own)
        filled |= known
    return found[filled]


def texts_together(table: pa.Table, names: Sequence[str]) -> pa.Array:
    """The texts of a row, one below the other."""
    whole = [table[name].combine_chunks().cast(pa.string()) for name in names]
    if len(whole) < 2:
        return pc.fill_null(whole[0], "") if whole else pa.array([], pa.string())
    return pc.binary_join_element_wise(*whole, "\n", null_handling="skip")


def _examined(draws: Hashes, share: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    chosen = np.arange(len(draws)) if share >= 1 else np.flatnonzero(draws < np.uint64(share * EVERY))
    return chosen[np.argsort(draws[chosen])][:EXAMINED]


def _bad(loaded: Loaded, shard: Shard) -> tuple[BadPart, ...]:
    found: dict[tuple[str, str], BadPart] = {}
    for one in loaded.bad:
        reason = _general(one.reason)
        key = (reason, one.misfit) if (reason, one.misfit) in found or len(found) < MOST_REASONS else ("other reasons", "")
        before = found.get(key)
        line = 0 if one.line < 0 or (shard.start and not shard.line) else shard.line + one.line + 1
        first = before or BadPart(reason=key[0], column=key[1], records=0, offset=one.offset, line=line)
        found[key] = BadPart(reason=first.reason, column=first.column, records=first.records + 1, offset=first.offset, line=first.line)
    return tuple(found.values())


def _general(reason: str) -> str:
    """The reason without the place in the record, which differs from record to record."""
    import re

    return re.sub(r" (?:at character|at) \d+$|: byte 0x\w+ at \d+$|: at most .*$", "", reason)


def _unseen(table: pa.Table) -> Counter[str]:
    if REST not in table.column_names:
        return Counter()
    rest = table[REST].drop_null()
    named = Counter(key for text in rest.slice(0, REST_READ).to_pylist() for key in json.loads(text))
    scale = len(rest) / max(1, min(len(rest), REST_READ))
    return Counter({key: round(rows * scale) for key, rows in named.items()})
