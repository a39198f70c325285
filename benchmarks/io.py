"""Reading and writing at the machine's limits: `winnow run` as a whole process beside DuckDB's COPY and polars on the same file, in turn."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from . import corpus

MEGABYTES, WORKERS, TURNS = 100, 2, 3
EVERY = "{id: all, op: words@1, from: docs, on: text, with: {at_least: 0}}"
EXACT = "{id: once, op: exact_dedup@1, from: docs, on: text, with: {ignore: case_and_space}}"
PLAIN = "select * from '{given}'"
DISTINCT = (
    "select * exclude (n) from (select *, row_number() over (partition by md5(trim(regexp_replace(lower(text), '\\s+', ' ', 'g')))"
    " order by id) as n from '{given}') where n = 1"
)


@dataclass(frozen=True)
class Case:
    """A way from one file to another."""

    name: str
    given: str
    made: str
    step: str = EVERY
    query: str = PLAIN
    floor: float | None = None  # what of DuckDB's speed is the goal


CASES = (
    Case("JSONL → JSONL", "docs.jsonl", "out.jsonl"),
    Case("JSONL → Parquet", "docs.jsonl", "out.parquet"),
    Case("short JSONL → Parquet", "short.jsonl", "out.parquet"),
    Case("Parquet → Parquet", "docs.parquet", "out.parquet"),
    Case("JSONL.zst → JSONL.zst", "docs.jsonl.zst", "out.jsonl.zst"),
    Case("exact, normalised, JSONL → JSONL", "docs.jsonl", "out.jsonl", EXACT, DISTINCT, 0.6),
)


@dataclass(frozen=True)
class Took:
    """One process from its start to its end."""

    seconds: float
    cpu: float


def main(megabytes: float = MEGABYTES, turns: int = TURNS) -> list[str]:
    """Markdown rows: way, ours in MB/s with CPU seconds, DuckDB's, polars', and ours as a share of DuckDB's. MB are of plain JSONL."""
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as name:
        folder = Path(name)
        sizes = _inputs(folder, megabytes)
        start = min(_ours(folder, Case("start", "few.jsonl", "out.jsonl")).seconds for _ in range(turns))
        rows = [_row(folder, case, sizes[case.given.partition(".")[0]], turns) for case in CASES]
        return [*rows, f"| start and end: 100 documents | {start:.2f} s | | | |"]


def _inputs(folder: Path, megabytes: float) -> dict[str, float]:
    corpus.write(folder / "docs.jsonl", megabytes)
    corpus.write(folder / "short.jsonl", megabytes, row_characters=200)
    with (folder / "docs.jsonl").open(encoding="utf-8") as file:
        (folder / "few.jsonl").write_text("".join(line for line, _ in zip(file, range(100), strict=False)), encoding="utf-8")
    duckdb.sql(f"copy (from '{folder / 'docs.jsonl'}') to '{folder / 'docs.parquet'}' (compression zstd)")
    duckdb.sql(f"copy (from '{folder / 'docs.jsonl'}') to '{folder / 'docs.jsonl.zst'}' (format json, compression zstd)")
    return {name: (folder / f"{name}.jsonl").stat().st_size / 1e6 for name in ("docs", "short")}


def _row(folder: Path, case: Case, size: float, turns: int) -> str:
    """One markdown row; turns alternate, so that a busy moment falls on all."""
    taken = [(_ours(folder, case), _duckdb(folder, case), _polars(folder, case)) for _ in range(turns)]
    ours, duck, polar = (min((turn[column] for turn in taken if turn[column]), key=lambda one: one.seconds, default=None) for column in range(3))
    assert ours is not None
    share = "" if duck is None else f"{duck.seconds / ours.seconds:.2f} (CPU {duck.cpu / ours.cpu:.2f})"
    goal = "" if case.floor is None else f", goal {case.floor}"
    row = f"| {case.name} | {_told(ours, size)} | {_told(duck, size)} | {_told(polar, size)} | {share}{goal} |"
    print(row, f"load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return row


def _told(took: Took | None, size: float) -> str:
    return "" if took is None else f"{size / took.seconds:.0f} MB/s, {took.cpu:.1f} s"


def _ours(folder: Path, case: Case) -> Took:
    recipe = f"winnow: 1\nname: io\nsources: {{docs: {{path: {case.given}}}}}\nsteps:\n  - {case.step}\n"
    last = case.step[5 : case.step.index(",")]
    (folder / "recipe.yaml").write_text(f"{recipe}outputs: {{out: {{from: {last}, path: {case.made}}}}}\n", encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="winnow-bench-home-") as home:
        command = [sys.executable, "-m", "winnow", "run", "recipe.yaml", "--yes", "--overwrite", "--workers", str(WORKERS)]
        return _timed(command, folder, {"WINNOW_HOME": home})


def _duckdb(folder: Path, case: Case) -> Took:
    options = {"out.parquet": "compression zstd", "out.jsonl": "format json", "out.jsonl.zst": "format json, compression zstd"}[case.made]
    query = case.query.format(given=case.given)
    code = f"import duckdb\nduckdb.sql('set threads = {WORKERS}')\nduckdb.sql({f'copy ({query}) to {case.made!r} ({options})'!r})"
    return _timed([sys.executable, "-c", code], folder)


def _polars(folder: Path, case: Case) -> Took | None:
    """Nothing where polars is not installed, or has no such way."""
    if case.made.endswith(".zst"):
        return None
    read = "read_parquet" if case.given.endswith(".parquet") else "read_ndjson"
    write = "write_parquet" if case.made.endswith(".parquet") else "write_ndjson"
    normal = "pl.col('text').str.to_lowercase().str.replace_all(r'\\s+', ' ').str.strip_chars()"
    once = f".with_columns(n={normal}).unique('n', keep='first', maintain_order=True).drop('n')" if case.step == EXACT else ""
    code = f"import polars as pl\npl.{read}({case.given!r}){once}.{write}({case.made!r})"
    try:
        return _timed([sys.executable, "-c", code], folder, {"POLARS_MAX_THREADS": str(WORKERS)})
    except subprocess.CalledProcessError:
        return None


def _timed(command: list[str], folder: Path, more: dict[str, str] | None = None) -> Took:
    before, started = _used(), time.perf_counter()
    root = str(Path(__file__).resolve().parents[1])
    subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": root, **(more or {})}, capture_output=True, check=True)
    return Took(time.perf_counter() - started, _used() - before)


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print("\n".join(main(*(json.loads(value) for value in sys.argv[1:]))))
