"""What an edit costs: one changed bound of a finished run over a million rows, and one more file of 1%."""

import json
import sys
import tempfile
from pathlib import Path

from . import corpus
from .tree import measure

ROWS, ROW_CHARACTERS = 1_000_000, 250
RECIPE = """winnow: 1
name: again
sources: {{docs: {{path: docs/*.jsonl}}}}
steps:
  - {{id: long, op: words@1, from: docs, on: text, with: {{at_least: {bound}}}}}
  - {{id: letters, op: alphabetic_share@1, from: long, on: text, with: {{at_least: 0.7}}}}
  - {{id: characters, op: characters@1, from: letters, on: text, with: {{at_least: 100}}}}
outputs: {{out: {{from: characters, path: out.jsonl}}}}
"""


def main() -> list[str]:
    """Markdown rows: what, measured, goal."""
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as name:
        folder = Path(name)
        (folder / "docs").mkdir()
        rows = corpus.write(folder / "docs" / "a.jsonl", ROWS * 295 / 1e6, ROW_CHARACTERS)
        first = run(folder, 20, "first")
        changed = run(folder, 30, "changed", "--again", str(folder / "first"), "--away", str(folder / "docs" / "a.jsonl"))
        loosened = run(folder, 20, "same", "--again", str(folder / "first"))
        assert loosened["states"] == first["states"]
        repeated = run(folder, 20, "repeated")
        corpus.write(folder / "docs" / "b.jsonl", ROWS * 2.95 / 1e6, ROW_CHARACTERS, seed=2)
        added = run(folder, 20, "added")
        # what a run costs when nothing is new (stored values read, rules decided) is no measuring
        share = (measuring(added) - measuring(repeated)) / (measuring(first) - measuring(repeated))
        return [
            f"| first run, {rows:,} rows, 3 measures, JSONL to JSONL, 2 workers | {first['seconds']:.1f} s | |",
            f"| one bound changed, sources renamed away: new counts, ledger, histograms | {changed['seconds']:.2f} s | ≤ 1 s |",
            f"| one file of 1% added: measuring time against the first run's | {share:.1%} | ≤ 5% |",
        ]


def run(folder: Path, bound: int, name: str, *more: str) -> dict[str, object]:
    recipe = folder / "recipe.yaml"
    recipe.write_text(RECIPE.format(bound=bound))
    command = [sys.executable, "-m", "benchmarks.driver", str(recipe), str(folder / name), "--cache", str(folder / "cache"), *more]
    done = measure(command)
    if done.status:
        raise SystemExit(f"{name}: {done.output}")
    told: dict[str, object] = json.loads(done.output)
    return told


def measuring(told: dict[str, object]) -> float:
    steps = told["steps"]
    assert isinstance(steps, list)
    return float(sum(step["seconds"] for step in steps))


if __name__ == "__main__":
    print("\n".join(main()))
