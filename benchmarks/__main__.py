"""`make bench`: run every benchmark and write docs/benchmarks.md."""

import datetime
import os
import platform
from importlib.metadata import version
from pathlib import Path

from . import again, foretold, io, memory, profile

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def main() -> None:
    machine = f"{os.cpu_count()} cores, {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB, {platform.system()}"
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyarrow", "duckdb", "numpy"))
    page = [
        "# Benchmarks",
        "",
        f"Written by `make bench` on {datetime.date.today()}: {machine}, Python {platform.python_version()}, {packages}.",
        "The corpora are made from real text by `benchmarks/corpus.py`; compare ratios, not seconds.",
        "",
        "## What an edit costs",
        "",
        "| what | measured | goal |",
        "|---|---|---|",
        *again.main(),
        "",
        "## Memory while the input grows",
        "",
        "Words, white space, exact and verified near-duplicate removal, JSONL to JSONL; the sum over coordinator and 2 workers. PSS counts",
        "pages that processes share once, RSS in each of them; both count pages of files that are mapped.",
        "",
        "| input | rows | kept | seconds | MB/s | peak PSS, MB | peak RSS, MB |",
        "|---|---|---|---|---|---|---|",
        *memory.main(),
        "",
        "## Reading and writing",
        "",
        f"`winnow run` with {io.WORKERS} workers as a whole process, beside DuckDB's COPY and polars with as many threads on the same file, in",
        f"turn, the best of {io.TURNS}; MB are of plain JSONL, seconds are of CPU. The last column: ours as a share of DuckDB's speed.",
        "",
        "| way | winnow | DuckDB | polars | of DuckDB |",
        "|---|---|---|---|---|",
        *io.main(),
        "",
        "## Profile",
        "",
        f"`winnow profile --full` with {profile.WORKERS} workers, the whole command from start to end, on long documents and on short rows of",
        "instructions; the goal is 50 MB/s. Beside it the floor: DuckDB with as many threads reads the same file and measures every value. MB are of",
        f"rows as decoded; the best of {profile.TURNS} turns.",
        "",
        "| input | MB | rows | seconds | MB/s | CPU seconds | DuckDB, MB/s | CPU seconds |",
        "|---|---|---|---|---|---|---|---|",
        *profile.main(),
        "",
        "## What a preview says a run will take",
        "",
        "Ten recipes over 100 MB with 2 workers, after a first round over 60 MB of other documents had taught the pace of the machine; each",
        f"preview is followed by its run. Allowed is ±{foretold.ALLOWED:.0%}.",
        "",
        "| recipe | seconds said | took | off | MB of memory said | took | off | MB of disk said | took | off |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *foretold.main(),
        "",
    ]
    PAGE.write_text("\n".join(page), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
