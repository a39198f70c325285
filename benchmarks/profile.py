"""How fast `winnow profile --full` reads: the whole command, beside DuckDB measuring every value of the same file."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from . import corpus

MEGABYTES, WORKERS, TURNS = 100, 2, 3
CASES = (("long JSONL", "long.jsonl"), ("short JSONL", "short.jsonl"), ("short CSV", "short.csv"), ("short Parquet", "short.parquet"))
FLOOR = f"""import duckdb, sys
duckdb.sql("set threads = {WORKERS}")
rows = duckdb.sql(f"select * from {{sys.argv[1]!r}}")
print(rows.aggregate("count(*), " + ", ".join(f'sum(length("{{name}}"::varchar))' for name in rows.columns)).fetchall())
"""


def main() -> list[str]:
    """Markdown rows: input, MB as decoded, rows, seconds, MB/s, CPU seconds, the floor's MB/s and CPU seconds. The best turn counts."""
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as name:
        folder = Path(name)
        corpus.write(folder / "long.jsonl", MEGABYTES)
        corpus.write_instructions(folder / "short.jsonl", MEGABYTES)
        for ending, options in (("csv", "header"), ("parquet", "compression zstd")):
            duckdb.sql(f"copy (from '{folder / 'short.jsonl'}') to '{folder / f'short.{ending}'}' ({options})")
        return [_case(label, folder / file) for label, file in CASES]


def _case(label: str, path: Path) -> str:
    """One markdown row; turns alternate, so that a busy moment falls on both."""
    command = [sys.executable, "-m", "winnow", "profile", str(path), "--full", "--json", "--workers", str(WORKERS)]
    turns = [(_timed(command), _timed([sys.executable, "-c", FLOOR, str(path)])) for _ in range(TURNS)]
    (seconds, cpu, told), floor = min(turn[0] for turn in turns), min(turn[1] for turn in turns)
    (found,) = json.loads(told)["sets"]
    size = found["read_bytes"] / 1e6
    own = f"{seconds:.1f} | {size / seconds:.0f} | {cpu:.1f}"
    row = f"| {label} | {size:.0f} | {found['rows']:,} | {own} | {size / floor[0]:.0f} | {floor[1]:.1f} |"
    print(row, f"load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return row


def _timed(command: list[str]) -> tuple[float, float, str]:
    """Seconds, CPU seconds and the output of a process, from its start to its end."""
    before, started = _used(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return time.perf_counter() - started, _used() - before, done.stdout


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print("\n".join(main()))
