"""What previews say that runs will take, against what they take: ten recipes, twice, on data of two sizes.

The first round teaches the machine's pace, the second is judged. Each preview and its run are one process of their own, as a person
would have them; the store is new each time.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from . import corpus

TEXT = {
    "words": "- {id: last, op: words@1, from: docs, on: text, with: {at_least: 100}}",
    "measures": """- {id: a, op: words@1, from: docs, on: text, with: {at_least: 50}}
  - {id: b, op: alphabetic_share@1, from: a, on: text, with: {at_least: 0.6}}
  - {id: c, op: mean_word_length@1, from: b, on: text, with: {at_most: 12}}
  - {id: last, op: stop_words@1, from: c, on: text}""",
    "rewrites": """- {id: a, op: normalise_whitespace@1, from: docs, on: text}
  - {id: last, op: fix_unicode@1, from: a, on: text}""",
    "masking": "- {id: last, op: mask_pii@1, from: docs, on: text}",
    "language": "- {id: last, op: language@1, from: docs, on: text, with: {languages: [en]}}",
    "gopher": "- {id: last, op: gopher_quality@1, from: docs, on: text}",
    "exact": "- {id: last, op: exact_dedup@1, from: docs, on: text}",
    "near": """- {id: a, op: words@1, from: docs, on: text, with: {at_least: 50}}
  - {id: last, op: minhash_dedup@1, from: a, on: text}""",
    "chunks": """- {id: a, op: normalise_whitespace@1, from: docs, on: text}
  - {id: last, op: chunk@1, from: a, on: text, with: {words: 200}}""",
    "sample": """- {id: a, op: characters@1, from: docs, on: text, with: {at_least: 500}}
  - {id: last, op: top_k@1, from: a, on: {by: a.characters}, with: {rows: 2000}}""",
}
SIZES = (60.0, 100.0)  # MB: the first round teaches
ALLOWED = 0.4


def main() -> list[str]:
    """Markdown rows: recipe, then predicted and actual seconds, memory, disk in the second round."""
    rows: list[str] = []
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as name:
        folder = Path(name)
        environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state")}
        for turn, size in enumerate(SIZES):
            data = folder / f"docs{turn}.jsonl"
            corpus.write(data, size, seed=turn + 1)
            for recipe in TEXT:
                told = one(recipe, data, folder / f"{recipe}{turn}", environment)
                sys.stderr.write(f"{size:g} MB {recipe}: {json.dumps(told)}\n")
                if turn:
                    rows.append(row(recipe, told))
            data.unlink()
    return rows


def one(recipe: str, data: Path, folder: Path, environment: dict[str, str]) -> dict[str, list[float]]:
    folder.mkdir()
    head = f"winnow: 1\nname: {recipe}\nsources: {{docs: {{path: {data.name}}}}}\n"
    text = f"{head}steps:\n  {TEXT[recipe]}\noutputs: {{out: {{from: last, path: out.jsonl}}}}\n"
    (data.parent / "recipe.yaml").write_text(text)
    command = [sys.executable, "-m", "benchmarks.foretold", "--recipe", str(data.parent / "recipe.yaml"), "--home", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{recipe}: {done.stderr}")
    found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def row(recipe: str, told: dict[str, list[float]]) -> str:
    def cells() -> Iterator[str]:
        for name, unit, shape in (("seconds", 1.0, ".1f"), ("memory", 1e6, ",.0f"), ("disk", 1e6, ",.0f")):
            predicted, actual = told[name]
            off = predicted / actual - 1
            yield f"{predicted / unit:{shape}} | {actual / unit:{shape}} | {off:+.0%}{'' if abs(off) <= ALLOWED else ' ✗'}"

    return f"| {recipe} | {' | '.join(cells())} |"


def try_and_run(recipe: Path, home: Path) -> dict[str, list[float]]:
    """A preview, then the run, as the command line does them."""
    from winnow import review
    from workflows import runs
    from workflows.chosen import Given, from_file
    from workflows.store import Store

    store = Store(home)
    chosen = from_file(recipe, store.cache, Given(inputs={}))
    seen = review.preview(chosen, store, shown=False, workers=2)
    done = runs.start(store, chosen, approved_by="benchmark", workers=2, overwrite=True)
    spent, cost = done.books.spent, seen.cost
    return {
        "seconds": [cost.seconds, done.books.seconds],
        "memory": [cost.memory, float(spent.memory)],
        "disk": [cost.disk, float(spent.written)],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", type=Path)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    print(json.dumps(try_and_run(given.recipe, given.home)) if given.recipe else "\n".join(main()))
