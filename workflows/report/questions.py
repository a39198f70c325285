"""What the report asks of a run's Parquet files: the rows nearest to each bound, values of labels, what could not be read.

Read as a stream, since a ledger may be larger than memory; and by Arrow alone, which a run has loaded: DuckDB would take longer to
load than a small run's questions.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Between, OneOf, Rule

from .nearest import Kind, Nearest, Row

NEAREST = 2  # rows of each kind that are shown of a step
MOST_LABELS = 12
MOST_QUARANTINED = 8
MOST_REASONS = 20
RAW_BYTES = 1200
Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A row worth showing at a step."""

    step: str
    kind: str  # kept, dropped, merged
    row: int
    part: int
    file: str | None = None
    line: int | None = None
    measure: str = ""
    value: float | None = None
    into: int | None = None
    into_part: int = 0


@dataclass(frozen=True, kw_only=True)
class Quarantined:
    """A record that was no row, or that a step could not process."""

    row: int
    file: str | None
    line: int | None
    step: str | None
    reason: str
    raw: str | None  # as it was read, where it is no row


def source_rows(run: Path) -> dict[str, int]:
    """Rows by source, those left out that were no rows."""
    found: Counter[str] = Counter()
    for batch in _batches(run / "ledger", ["source", "step", "part"]):
        source, step = _words(batch["source"]), _words(batch["step"])
        is_unread = pc.fill_null(pc.equal(source, step), False)
        found.update(_counted(source.filter(pc.and_not(pc.equal(batch["part"], 0), is_unread))))
    return dict(found)


def gone(run: Path, rules: Mapping[str, Rule]) -> list[Candidate]:
    """For each step and reason the dropped rows nearest to the bound, and some merged ones."""
    bounds = {(step, clause.measure): _bounds(clause) for step, rule in rules.items() for clause in rule if isinstance(clause, Between)}
    nearest = Nearest(NEAREST)
    columns = ["row", "part", "file", "line", "state", "step", "measure", "value", "into", "into_part"]
    for batch in _batches(run / "ledger", columns):
        is_gone = pc.is_in(_words(batch["state"]), value_set=pa.array(["dropped", "merged"]))
        rows = batch.filter(pc.and_(is_gone, pc.and_(batch["step"].is_valid(), pc.not_equal(_words(batch["measure"]), "null"))))
        for (step, state, measure), at in _kinds(rows, ("step", "state", "measure")):
            some = rows.take(at)
            nearest.add(some, _distance(some["value"], bounds.get((step, measure), ())), (step, state, measure))
    found = [
        _candidate(row, step, state, measure, row["value"], file=row["file"], line=row["line"], into=row["into"], into_part=row["into_part"] or 0)
        for (step, state, measure), row in nearest.rows()
    ]
    return sorted(found, key=lambda one: (one.step, one.kind, one.row, one.part))


def measured(run: Path, step: str, rule: Rule, *, inside: bool) -> list[Candidate]:
    """The rows that a step just let through, or just did not, nearest to its first bound."""
    bounded = [clause for clause in rule if isinstance(clause, Between) and _bounds(clause)]
    if not bounded:
        return []
    name = bounded[0].measure
    bounds = [bound for clause in bounded if clause.measure == name for bound in _bounds(clause)]
    nearest = Nearest(NEAREST)
    for batch in _batches(run / "measures" / step, list(dict.fromkeys(["row", "part", *(clause.measure for clause in bounded)]))):
        holds = bounded[0].holds(batch[name])
        for clause in bounded[1:]:
            holds = pc.and_(holds, clause.holds(batch[clause.measure]))
        has_value = pa.array(~np.isnan(_floats(batch[name])))
        rows = batch.filter(pc.and_(has_value, holds if inside else pc.invert(holds)))
        nearest.add(rows, _distance(rows[name], bounds))
    return [_candidate(row, step, "kept" if inside else "dropped", name, float(row[name])) for _, row in nearest.rows()]


def labels(run: Path, step: str) -> dict[str, list[tuple[str, int]]]:
    """The step's measures that are no numbers: values and rows, the most frequent first; the last may stand for all others."""
    folder = run / "measures" / step
    return {measure: _most_frequent(folder, measure) for measure in _labels_in(folder)}


def label_candidates(run: Path, step: str, clause: OneOf) -> list[Candidate]:
    """Some rows whose label was among those wanted."""
    nearest = Nearest(NEAREST)
    for batch in _batches(run / "measures" / step, ["row", "part", clause.measure]):
        labels = batch[clause.measure]
        rows = batch.filter(clause.holds(labels.dictionary_decode() if pa.types.is_dictionary(labels.type) else labels))
        nearest.add(rows, np.zeros(len(rows)))
    return [_candidate(row, step, "kept", clause.measure) for _, row in nearest.rows()]


def quarantined(run: Path) -> tuple[list[tuple[str, int]], list[Quarantined]]:
    """Reasons with their rows, and some of the records."""
    reasons: Counter[str] = Counter()
    first: list[Row] = []
    for batch in _batches(run / "ledger", ["row", "file", "line", "state", "step", "bound"]):
        rows = batch.filter(pc.equal(_words(batch["state"]), "quarantined"))
        reasons.update(_counted(pc.fill_null(_words(rows["bound"]), "")))
        first = _earliest(first, rows)
    raw = _raw(run)
    found = [
        Quarantined(row=one["row"], file=one["file"], line=one["line"], step=one["step"], reason=one["bound"] or "", raw=raw.get(one["row"]))
        for one in first
    ]
    return nsmallest(MOST_REASONS, reasons.items(), key=lambda one: (-one[1], one[0])), found


def _raw(run: Path) -> dict[int, str]:
    first: list[Row] = []
    for batch in _batches(run / "quarantine", ["row", "raw"]):
        first = _earliest(first, batch)
    return {one["row"]: one["raw"][:RAW_BYTES].decode("utf-8", "backslashreplace") for one in first if one["raw"] is not None}


def _earliest(known: Sequence[Row], batch: pa.RecordBatch) -> list[Row]:
    at = np.argsort(batch["row"].to_numpy(), kind="stable")[:MOST_QUARANTINED]
    return nsmallest(MOST_QUARANTINED, [*known, *batch.take(pa.array(at)).to_pylist()], key=lambda one: one["row"])


def _most_frequent(folder: Path, measure: str) -> list[tuple[str, int]]:
    counts: Counter[str | None] = Counter()
    for batch in _batches(folder, [measure]):
        counts.update(_counted(_words(batch[measure])))
    first = nsmallest(MOST_LABELS, counts.items(), key=lambda one: (-one[1], one[0] is None, one[0] or ""))
    named = [("no value" if value is None else value, count) for value, count in first]
    others = len(counts) - len(first)
    return [*named, (f"{others:,} others", counts.total() - sum(count for _, count in first))] if others else named


def _candidate(row: Row, step: str, kind: str, measure: str, value: float | None = None, **more: Any) -> Candidate:
    return Candidate(row=row["row"], part=row["part"], step=step, kind=kind, measure=measure, value=value, **more)


def _kinds(rows: pa.RecordBatch, names: Sequence[str]) -> Iterator[tuple[Kind, pa.Array]]:
    """The values that these columns have together, and the rows that have them."""
    codes, words = np.zeros(len(rows), np.int64), [_words(rows[name]).dictionary_encode() for name in names]
    for column in words:
        codes = codes * max(len(column.dictionary), 1) + column.indices.to_numpy()
    for code in np.unique(codes):
        at = np.flatnonzero(codes == code)
        yield tuple(column[int(at[0])].as_py() for column in words), pa.array(at)


def _distance(values: pa.Array, bounds: Sequence[float]) -> Floats:
    """How far each value is from the nearest bound; 0 where there is no value or no bound."""
    given = _floats(values)
    apart = [np.abs(given - bound) for bound in bounds]
    return np.nan_to_num(np.minimum.reduce(apart), nan=0.0, posinf=np.inf) if apart else np.zeros(len(given))


def _bounds(clause: Between) -> list[float]:
    return [float(bound) for bound in (clause.at_least, clause.at_most) if bound is not None]


def _floats(values: pa.Array) -> Floats:
    """Numbers of any type; NaN for null."""
    found: Floats = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return found


def _words(values: pa.Array) -> pa.Array:
    """Text of any type that a label has."""
    return values.cast(pa.string())


def _counted(values: pa.Array) -> dict[Any, int]:
    return {one["values"]: one["counts"] for one in pc.value_counts(values).to_pylist()}


def _batches(folder: Path, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """These columns of all files. Not by `pyarrow.dataset`, which takes longer to import than a small run's files to read."""
    import pyarrow.parquet as pq

    return (batch for file in _files(folder) for batch in pq.ParquetFile(file).iter_batches(columns=list(columns)))


def _files(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.glob("*.parquet"))


def _labels_in(folder: Path) -> list[str]:
    import pyarrow.parquet as pq

    files = _files(folder)
    return [column.name for column in pq.read_schema(files[0]) if _is_label(column.type)] if files else []


def _is_label(kind: pa.DataType) -> bool:
    return kind in (pa.string(), pa.large_string(), pa.bool_()) or bool(pa.types.is_dictionary(kind))
