"""`make bench`: run the benchmarks, or those named, and write their sections of docs/benchmarks.md; the other sections stay."""

import argparse
import datetime
import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from . import again, foretold, io, jail, memory, page, profile
from .peers import __main__ as peers

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def edit() -> list[str]:
    return ["| what | measured | goal |", "|---|---|---|", *again.main()]


def growth() -> list[str]:
    return [
        "The four published filters and verified near-duplicate removal in one recipe, JSONL to JSONL; the whole process with its start, the sum",
        "over coordinator and 2 workers. PSS counts pages that processes share once, RSS in each of them; both count pages of files that are",
        "mapped. CPU ms for each MB more: what the input costs beyond the row above, without the start.",
        "",
        "| input | rows | kept | seconds | MB/s | CPU s | CPU ms for each MB more | peak PSS, MB | peak RSS, MB |",
        "|---|---|---|---|---|---|---|---|---|",
        *memory.main(),
    ]


def ways() -> list[str]:
    return [
        f"`winnow run` with {io.WORKERS} workers as a whole process, beside DuckDB's COPY and polars with as many threads on the same file, in",
        f"turn, the best of {io.TURNS}; MB are of plain JSONL, seconds are of CPU. The last column: ours as a share of DuckDB's speed.",
        "",
        "| way | winnow | DuckDB | polars | of DuckDB |",
        "|---|---|---|---|---|",
        *io.main(),
    ]


def looks() -> list[str]:
    return [
        f"`winnow profile --full` with {profile.WORKERS} workers, the whole command from start to end, on long documents and on short rows of",
        "instructions; the goal is 50 MB/s. Beside it the floor: DuckDB with as many threads reads the same file and measures every value. MB are of",
        f"rows as decoded; the best of {profile.TURNS} turns.",
        "",
        "| input | MB | rows | seconds | MB/s | CPU seconds | DuckDB, MB/s | CPU seconds |",
        "|---|---|---|---|---|---|---|---|",
        *profile.main(),
    ]


def said() -> list[str]:
    return [
        "Ten recipes over 100 MB with 2 workers, after a first round over 60 MB of other documents had taught the pace of the machine; each",
        f"preview is followed by its run. Allowed is ±{foretold.ALLOWED:.0%}. Memory is the sum of the processes' largest resident sets, with the",
        "pages that they share counted in each: an upper bound. How many near-duplicates there are a sample does not tell; the preview says",
        '"at least" there.',
        "",
        "| recipe | seconds said | took | off | MB of memory said | took | off | MB of disk said | took | off |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *foretold.main(),
    ]


SECTIONS: dict[str, tuple[str, Callable[[], list[str]]]] = {
    "peers": ("Beside other tools", peers.main),
    "again": ("What an edit costs", edit),
    "memory": ("Memory while the input grows", growth),
    "io": ("Reading and writing", ways),
    "profile": ("Profile", looks),
    "jail": ("The jail", jail.main),
    "foretold": ("What a preview says a run will take", said),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", help=f"of {', '.join(SECTIONS)}; all by default")
    names = parser.parse_args().sections or list(SECTIONS)
    if unknown := set(names) - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    for name in names:
        title, measured = SECTIONS[name]
        body = [_stamp(), "", *measured()]
        PAGE.write_text(page.replaced(PAGE.read_text(encoding="utf-8"), title, body), encoding="utf-8")
        print("\n".join(body))


def _stamp() -> str:
    machine = f"{os.cpu_count()} cores, {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB, {platform.system()}"
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyarrow", "duckdb", "numpy"))
    return f"{datetime.date.today()}: {machine}, Python {platform.python_version()}, {packages}."


if __name__ == "__main__":
    main()
