"""The ledger: one row a row, saying where it came from, how it ended, and what decided; measures lie beside it."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tools.storage import FILE_SHIFT, Shard

from .fates import STATES, Ends
from .files import commit
from .walk import Walk

PARENT = pa.struct([("row", pa.int64()), ("part", pa.int64())])
WORD = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("row", pa.int64()),  # file × 2^43 + decoded byte offset or row index; of a born row: of its first parent
        ("part", pa.int64()),  # 0: read from an input
        ("source", WORD),
        ("file", WORD),  # within the source
        ("line", pa.int64()),  # from 1; null where lines mean nothing
        ("state", WORD),  # kept, dropped, merged, quarantined, expanded, unused
        ("step", WORD),  # the last step reached; null for a kept row, the source's name for a record that is no row
        ("operator", WORD),
        ("measure", WORD),  # what decided: a measure, null, quota, merged, childless, error
        ("value", pa.float64()),
        ("bound", WORD),
        ("into", pa.int64()),  # number of the row it was merged into
        ("into_part", pa.int64()),
        ("parents", pa.list_(PARENT)),  # of born rows
        ("digest", pa.binary(16)),  # xxh3-128 of the content as read or born
    ]
)
QUARANTINE = pa.schema(
    [
        ("row", pa.int64()),
        ("source", pa.string()),
        ("file", pa.string()),
        ("line", pa.int64()),
        ("offset", pa.int64()),
        ("reason", pa.string()),
        ("length", pa.int64()),
        ("raw", pa.large_binary()),
    ]
)


def write_ledger(walk: Walk, folder: Path) -> None:
    """Write the shard's part of the ledger, and of the quarantine where it has one."""
    parts = [_ends(walk, ends) for ends in walk.fates.ends.values()]
    bad = _bad(walk)
    table = pa.concat_tables([*parts, bad] if len(bad) else parts).combine_chunks()
    _parquet(folder / "ledger" / f"{walk.number:06d}.parquet", table)
    refused = _refused(walk)
    if len(refused):
        _parquet(folder / "quarantine" / f"{walk.number:06d}.parquet", refused)


def write_measures(walk: Walk, folder: Path) -> None:
    """Write each step's measures of the shard: row, part, then the measures."""
    by_step: dict[str, list[pa.Table]] = {}
    for step, flow, table in walk.measured:
        identity = {"row": flow.universe.rows[flow.at], "part": flow.universe.part[flow.at]}
        by_step.setdefault(step, []).append(pa.table({**identity, **{name: table[name] for name in table.column_names}}))
    for step, tables in by_step.items():
        _parquet(folder / "measures" / step / f"{walk.number:06d}.parquet", pa.concat_tables(tables))


def _ends(walk: Walk, ends: Ends) -> pa.Table:
    universe, nodes = ends.universe, walk.job.graph.nodes
    size = len(universe)
    given, shard = walk.job.graph.inputs[walk.input], walk.content.shard
    shown = np.where(ends.state == 1, -1, ends.step)  # a kept row ended at no step
    line = np.where(universe.line < 0, 0, universe.line + 1 + shard.line)
    reasons = walk.fates.reasons
    columns = [
        pa.array(universe.rows),
        pa.array(universe.part),
        _constant(given.name, size),
        _names(shard, universe.offset),
        pa.array(line, mask=universe.line < 0),
        _coded(ends.state, list(STATES)),
        _coded(shown, [node.id for node in nodes]),
        _coded(shown, [node.op for node in nodes]),
        _coded(ends.reason, [measure for measure, _ in reasons]),
        pa.array(ends.value, mask=np.isnan(ends.value)),
        _coded(
            np.where([bool(bound) for _, bound in reasons] + [False], np.arange(len(reasons) + 1), -1)[ends.reason], [bound for _, bound in reasons]
        ),
        pa.array(ends.into, mask=ends.into < 0),
        pa.array(ends.into_part, mask=ends.into < 0),
        _parents(ends),
        universe.digest,
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _parents(ends: Ends) -> pa.Array:
    universe = ends.universe
    if universe.parents is None or universe.parent is None:
        return pa.nulls(len(universe), pa.list_(PARENT))
    flat = universe.parents.flatten().to_numpy()
    named = pa.StructArray.from_arrays([pa.array(universe.parent.rows[flat]), pa.array(universe.parent.part[flat])], fields=list(PARENT))
    return pa.ListArray.from_arrays(universe.parents.offsets, named).cast(pa.list_(PARENT))


def _bad(walk: Walk) -> pa.Table:
    assert walk.read is not None
    bad, given, shard = walk.read.bad, walk.job.graph.inputs[walk.input], walk.content.shard
    size = len(bad)
    number = (given.first_file + shard.file) << FILE_SHIFT
    line = bad["line"].to_numpy()
    columns = [
        pa.array(bad["offset"].to_numpy() + number),
        pa.array(np.zeros(size, np.int64)),
        _constant(given.name, size),
        _names(shard, bad["offset"].to_numpy()),
        pa.array(line + 1 + shard.line, mask=line < 0),
        _constant("quarantined", size),
        _constant(given.name, size),
        _constant(type(given.operator).__name__.lower(), size),
        _constant("error", size),
        pa.nulls(size, pa.float64()),
        bad["reason"].combine_chunks().dictionary_encode(),
        pa.nulls(size, pa.int64()),
        pa.nulls(size, pa.int64()),
        pa.nulls(size, pa.list_(PARENT)),
        pa.nulls(size, pa.binary(16)),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _refused(walk: Walk) -> pa.Table:
    assert walk.read is not None
    bad, given, shard = walk.read.bad, walk.job.graph.inputs[walk.input], walk.content.shard
    size = len(bad)
    number = (given.first_file + shard.file) << FILE_SHIFT
    line = bad["line"].to_numpy()
    return pa.table(
        {
            "row": bad["offset"].to_numpy() + number,
            "source": [given.name] * size,
            "file": [shard.name_at(offset) for offset in bad["offset"].to_pylist()],
            "line": pa.array(line + 1 + shard.line, mask=line < 0),
            "offset": bad["offset"],
            "reason": bad["reason"],
            "length": bad["length"],
            "raw": bad["raw"],
        },
        schema=QUARANTINE,
    )


def histogram(values: pa.Array) -> dict[float, int]:
    """Rows by bin. Bins are fixed for all data, 16 an octave, so that counts of shards add up; keyed by lower edge."""
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        return {}
    numbers = values.drop_null().cast(pa.float64()).to_numpy()
    numbers = numbers[np.isfinite(numbers)]
    mantissa, exponent = np.frexp(np.abs(numbers))
    code = (exponent.clip(-64, 64).astype(np.int64) + 64) * 16 + ((mantissa - 0.5) * 32).astype(np.int64).clip(0, 15) + 1
    code = np.where(numbers == 0, 0, code)
    found: dict[float, int] = {}
    for sign, counts in ((1.0, np.bincount(code[numbers >= 0])), (-1.0, np.bincount(code[numbers < 0]))):
        for bin_ in np.flatnonzero(counts):
            edge = sign * float(np.ldexp(0.5 + ((bin_ - 1) % 16) / 32, int((bin_ - 1) // 16) - 64)) if bin_ else 0.0
            found[edge] = found.get(edge, 0) + int(counts[bin_])
    return found


def _coded(codes: np.ndarray[Any, Any], words: list[str]) -> pa.Array:
    mask = codes < 0
    return pa.DictionaryArray.from_arrays(pa.array(np.where(mask, 0, codes).astype(np.int32), mask=mask), pa.array(words or [""], pa.string()))


def _names(shard: Shard, offset: np.ndarray[Any, Any]) -> pa.Array:
    """The file of each row."""
    if not shard.members:
        return _constant(shard.inside, len(offset))
    return _coded(offset >> FILE_SHIFT, [file.inside for file in shard.members])


def _constant(word: str, size: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(size, np.int32)), pa.array([word], pa.string()))


def _parquet(path: Path, table: pa.Table) -> None:
    # half the time of the defaults: no dictionary is tried for numbers and digests, numbers that climb are kept as steps
    words = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    steps = {name: "DELTA_BINARY_PACKED" for name in ("row", "line") if name in table.column_names}
    options = {"compression": "zstd", "compression_level": 1, "use_dictionary": words, "write_statistics": ["row"], "column_encoding": steps}
    commit(path, lambda temp: pq.write_table(table, temp, **options))
