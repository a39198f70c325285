"""What the report asks of a run's Parquet files: the rows nearest to each bound, values of labels, what could not be read."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tools.contract import Between, OneOf, Rule

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NEAREST = 2  # rows of each kind that are shown of a step
MOST_LABELS = 12
MOST_QUARANTINED = 8
RAW_BYTES = 1200


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


@contextmanager
def database(small: bool) -> "Iterator[DuckDBPyConnection]":
    """One that opens no file: Arrow reads. `small`: without threads, which take longer to start than a small run's questions."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    with duckdb.connect(config=config | ({"threads": 1} if small else {})) as opened:
        opened.execute("set enable_external_access = false")
        yield opened


def source_rows(opened: "DuckDBPyConnection", run: Path) -> dict[str, int]:
    """Rows by source, those left out that were no rows."""
    columns = ["source", "state", "step", "part"]
    rows = _ask(
        opened, run / "ledger", columns, "select source, count(*) from t where part = 0 and not (step is not null and step = source) group by 1"
    )
    return dict(rows)


def gone(opened: "DuckDBPyConnection", run: Path, rules: Mapping[str, Rule]) -> list[Candidate]:
    """For each step and reason the dropped rows nearest to the bound, and some merged ones."""
    bounds = [
        (step, clause.measure, clause.at_least, clause.at_most) for step, rule in rules.items() for clause in rule if isinstance(clause, Between)
    ]
    opened.register("bounds", _bounds(bounds))
    columns = ["row", "part", "file", "line", "state", "step", "measure", "value", "into", "into_part"]
    found = _ask(
        opened,
        run / "ledger",
        columns,
        f"""
        select t.step, t.state, unnest(min_by(
            {{'r': t.row, 'p': t.part, 'f': t.file, 'l': t.line, 'm': t.measure, 'v': t.value, 'i': t."into", 'q': t.into_part}},
            {{'d': coalesce(least(abs(t.value - low), abs(t.value - high)), 0), 'h': hash(t.row, t.part)}}, {NEAREST}))
        from t left join bounds b on b.step = t.step and b.measure = t.measure
        where t.state in ('dropped', 'merged') and t.step is not null and t.measure <> 'null' group by t.step, t.state, t.measure order by all
        """,
    )
    return [
        Candidate(
            step=step,
            kind=state,
            row=one["r"],
            part=one["p"],
            file=one["f"],
            line=one["l"],
            measure=one["m"] or "",
            value=one["v"],
            into=one["i"],
            into_part=one["q"] or 0,
        )
        for step, state, one in found
    ]


def measured(opened: "DuckDBPyConnection", run: Path, step: str, rule: Rule, *, inside: bool) -> list[Candidate]:
    """The rows that a step just let through, or just did not, nearest to its first bound."""
    bounded = [clause for clause in rule if isinstance(clause, Between) and (clause.at_least is not None or clause.at_most is not None)]
    if not bounded or not _files(run / "measures" / step):
        return []
    sides = [(clause.measure, bound, sign) for clause in bounded for bound, sign in ((clause.at_least, ">="), (clause.at_most, "<="))]
    asked = [(measure, float(bound), sign) for measure, bound, sign in sides if bound is not None]
    name = _quoted(bounded[0].measure)
    within = " and ".join(f"{_quoted(measure)} {sign} ?" for measure, _, sign in asked)
    distance = ", ".join(f"abs({name} - ?)" for measure, *_ in asked if measure == bounded[0].measure)
    query = f"""
        select unnest(min_by({{'r': row, 'p': part, 'v': {name}::double}}, {{'d': least({distance}), 'h': hash(row, part)}}, {NEAREST}))
        from t where not isnan({name}::double) and {"" if inside else "not"} ({within})"""
    values = [bound for measure, bound, _ in asked if measure == bounded[0].measure] + [bound for _, bound, _ in asked]
    columns = list(dict.fromkeys(["row", "part", *(clause.measure for clause in bounded)]))
    found = _ask(opened, run / "measures" / step, columns, query, values)
    kind = "kept" if inside else "dropped"
    return [Candidate(step=step, kind=kind, row=one["r"], part=one["p"], measure=bounded[0].measure, value=one["v"]) for (one,) in found]


def labels(opened: "DuckDBPyConnection", run: Path, step: str) -> dict[str, list[tuple[str, int]]]:
    """The step's measures that are no numbers: values and rows, the most frequent first; the last may stand for all others."""
    schema = _schema(run / "measures" / step)
    found: dict[str, list[tuple[str, int]]] = {}
    for measure in (column.name for column in schema or () if _is_label(column.type)):
        query = f"""
            select v, n, count(*) over (), sum(n) over () from (select {_quoted(measure)}::varchar as v, count(*) as n from t group by 1)
            order by n desc, v limit {MOST_LABELS}"""
        rows = _ask(opened, run / "measures" / step, [measure], query)
        named = [("no value" if value is None else value, count) for value, count, _, _ in rows]
        if rows and rows[0][2] > len(rows):
            named.append((f"{rows[0][2] - len(rows):,} others", int(rows[0][3]) - sum(count for _, count in named)))
        found[measure] = named
    return found


def label_candidates(opened: "DuckDBPyConnection", run: Path, step: str, clause: OneOf) -> list[Candidate]:
    """Some rows whose label was among those wanted."""
    if not _files(run / "measures" / step):
        return []
    name, marks = _quoted(clause.measure), ", ".join("?" * len(clause.values))
    query = f"select unnest(min_by({{'r': row, 'p': part}}, hash(row, part), {NEAREST})) from t where {name}::varchar in ({marks})"
    values = [str(value).lower() if isinstance(value, bool) else str(value) for value in clause.values]
    found = _ask(opened, run / "measures" / step, ["row", "part", clause.measure], query, values)
    return [Candidate(step=step, kind="kept", row=one["r"], part=one["p"], measure=clause.measure) for (one,) in found]


def quarantined(opened: "DuckDBPyConnection", run: Path) -> tuple[list[tuple[str, int]], list[Quarantined]]:
    """Reasons with their rows, and some of the records."""
    columns = ["row", "file", "line", "state", "step", "bound"]
    reasons = _ask(
        opened,
        run / "ledger",
        columns,
        "select coalesce(bound, ''), count(*) from t where state = 'quarantined' group by 1 order by 2 desc, 1 limit 20",
    )
    rows = _ask(
        opened,
        run / "ledger",
        columns,
        f"select row, file, line, step, coalesce(bound, '') from t where state = 'quarantined' order by 1 limit {MOST_QUARANTINED}",
    )
    raw = _raw(opened, run)
    return reasons, [Quarantined(row=row, file=file, line=line, step=step, reason=reason, raw=raw.get(row)) for row, file, line, step, reason in rows]


def _raw(opened: "DuckDBPyConnection", run: Path) -> dict[int, str]:
    if not _files(run / "quarantine"):
        return {}
    query = f"select row, raw[1:{RAW_BYTES}] from t order by 1 limit {MOST_QUARANTINED}"
    return {
        row: bytes(raw).decode("utf-8", "backslashreplace") for row, raw in _ask(opened, run / "quarantine", ["row", "raw"], query) if raw is not None
    }


def _ask(opened: "DuckDBPyConnection", folder: Path, columns: Sequence[str], query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Read as a stream: a ledger may be larger than memory."""
    files = _files(folder)
    if not files:
        return []
    opened.register("t", _stream(files, columns))
    try:
        return opened.execute(query, list(values)).fetchall()
    finally:
        opened.unregister("t")


def _stream(files: Sequence[str], columns: Sequence[str]) -> pa.RecordBatchReader:
    """Batches of these columns. Not by `pyarrow.dataset`, which takes longer to import than a small run's files to read."""
    import pyarrow.parquet as pq

    first = pq.read_schema(files[0])
    batches = (batch for file in files for batch in pq.ParquetFile(file).iter_batches(columns=list(columns)))
    return pa.RecordBatchReader.from_batches(pa.schema([first.field(name) for name in columns]), batches)


def _files(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.glob("*.parquet"))


def _schema(folder: Path) -> pa.Schema | None:
    import pyarrow.parquet as pq

    files = _files(folder)
    return pq.read_schema(files[0]) if files else None


def _is_label(kind: pa.DataType) -> bool:
    return kind in (pa.string(), pa.large_string(), pa.bool_()) or bool(pa.types.is_dictionary(kind))


def _bounds(rows: Sequence[tuple[str, str, float | None, float | None]]) -> pa.Table:
    schema = pa.schema([("step", pa.string()), ("measure", pa.string()), ("low", pa.float64()), ("high", pa.float64())])
    names = schema.names
    made = [dict(zip(names, (step, measure, _float(low), _float(high)), strict=True)) for step, measure, low, high in rows]
    return pa.Table.from_pylist(made, schema=schema)


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
