"""Peak memory of the whole process tree while the input grows: filters, a rewrite and verified near-duplicate removal."""

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
  - {id: long, op: words@1, from: docs, on: text, with: {at_least: 50}}
  - {id: tidy, op: normalise_whitespace@1, from: long, on: text}
  - {id: once, op: exact_dedup@1, from: tidy, on: text}
  - {id: near, op: minhash_dedup@1, from: once, on: text}
outputs: {out: {from: near, path: out.jsonl}}
"""


def main(gigabytes: tuple[float, ...] = (0.1, 1.0, 3.0)) -> list[str]:
    """Markdown rows: size, seconds, MB/s, peak PSS and RSS of the tree."""
    rows = []
    for size in gigabytes:
        with tempfile.TemporaryDirectory(prefix="winnow-bench-") as name:
            folder = Path(name)
            count = corpus.write(folder / "docs.jsonl", size * 1000)
            (folder / "recipe.yaml").write_text(RECIPE)
            command = [sys.executable, "-m", "benchmarks.driver", str(folder / "recipe.yaml"), str(folder / "run"), "--cache", str(folder / "cache")]
            done = measure(command)
            if done.status:
                raise SystemExit(f"{size} GB: exit {done.status} {done.output}")
            told = json.loads(done.output)
            speed = size * 1000 / told["seconds"]
            left = told["states"]["kept"]
            rows.append(f"| {size:g} GB | {count:,} | {left:,} | {told['seconds']:.0f} | {speed:.1f} | {done.pss_mb:.0f} | {done.rss_mb:.0f} |")
            print(rows[-1], file=sys.stderr)
    return rows


if __name__ == "__main__":
    print("\n".join(main(tuple(float(size) for size in sys.argv[1:]) or (0.1, 1.0, 3.0))))
