"""Time and peak memory of the whole process tree while the input grows: the published filters and verified near-duplicate removal in one recipe."""

import json
import sys
import tempfile
from pathlib import Path

from . import corpus
from .tree import measure

RECIPE = """winnow: 1
name: memory
sources: {docs: {path: docs.jsonl}}
steps:
  - {id: once, op: gopher_repetition@1, from: docs, on: text}
  - {id: prose, op: gopher_quality@1, from: once, on: text}
  - {id: clean, op: c4_quality@1, from: prose, on: text}
  - {id: fine, op: fineweb_quality@1, from: clean, on: text}
  - {id: near, op: minhash_dedup@1, from: fine, on: text}
outputs: {out: {from: near, path: out.jsonl}}
"""


SIZES = (0.03, 0.1, 0.3, 1.0, 3.0)


def main(gigabytes: tuple[float, ...] = SIZES) -> list[str]:
    """Markdown rows: size, rows, kept, seconds, MB/s, CPU seconds, CPU milliseconds for each MB more than the row before had, peak PSS and RSS."""
    rows, before = [], (0.0, 0.0)
    for size in gigabytes:
        with tempfile.TemporaryDirectory(prefix="winnow-bench-") as name:
            folder = Path(name)
            count = corpus.write(folder / "docs.jsonl", size * 1000)
            (folder / "recipe.yaml").write_text(RECIPE)
            command = [sys.executable, "-m", "benchmarks.driver", str(folder / "recipe.yaml"), str(folder / "run"), "--cache", str(folder / "cache")]
            done = measure(command)
            if done.status:
                raise SystemExit(f"{size} GB: exit {done.status} {done.output}")
            left = json.loads(done.output)["states"]["kept"]
            more = f"{1000 * (done.cpu_seconds - before[1]) / (1000 * (size - before[0])):.1f}" if before[0] else ""
            before = size, done.cpu_seconds
            figures = (
                f"{done.seconds:.1f} | {1000 * size / done.seconds:.1f} | {done.cpu_seconds:.1f} | {more} | {done.pss_mb:.0f} | {done.rss_mb:.0f}"
            )
            rows.append(f"| {size:g} GB | {count:,} | {left:,} | {figures} |")
            print(rows[-1], file=sys.stderr)
    return rows


if __name__ == "__main__":
    print("\n".join(main(tuple(float(size) for size in sys.argv[1:]) or SIZES)))
