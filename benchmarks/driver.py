"""One run of a recipe file in a process of its own, the figures as JSON on stdout: what the benchmarks measure from outside."""

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

from workflows.check import check
from workflows.engine import execute
from workflows.engine.trace import known_shards
from workflows.graph import Graph
from workflows.loader import load


def graph_of(recipe: Path, cache: Path) -> Graph:
    """The checked recipe; raises SystemExit with its errors."""
    loaded = load(recipe.read_text(encoding="utf-8"), str(recipe))
    checked = check(loaded.recipe, recipe.parent, cache, lines=loaded.lines)
    if checked.graph is None:
        raise SystemExit("\n".join(map(str, checked.errors)))
    return checked.graph


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("folder", type=Path, help="run folder")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--again", type=Path, help="an earlier run folder: decide again without its sources")
    parser.add_argument("--away", type=Path, help="rename this file away while running")
    given = parser.parse_args()
    graph = graph_of(given.recipe, given.cache)
    hidden = given.away.with_suffix(".away") if given.away else None
    if hidden:
        given.away.rename(hidden)
    try:
        started = time.perf_counter()
        shards = known_shards(given.again) if given.again else None
        result = execute(graph, given.folder, given.cache, workers=given.workers, overwrite=True, write=not given.again, shards=shards)
        seconds = time.perf_counter() - started
    finally:
        if hidden:
            hidden.rename(given.away)
    steps = [asdict(step) for step in result.steps]
    print(json.dumps({"seconds": seconds, "rows_in": result.rows_in, "states": dict(result.states), "steps": steps}))


if __name__ == "__main__":
    main()
