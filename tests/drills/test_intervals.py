"""The intervals of a preview hold on real data: over 100 seeds the truth lies inside at least 90% of the time, for every kind of step."""

import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.tools.real_data import place
from workflows.check import check
from workflows.engine import execute
from workflows.engine import sample as sampling
from workflows.engine.by_key import by_key
from workflows.engine.cost import Cost
from workflows.engine.preview import preview
from workflows.graph import Graph
from workflows.loader import load

SEEDS = 100
PROBES = 400  # rows drawn with their kin: few, so that they are not all rows of these small sets
SLACK = 1e-3  # of a row: what floats may be off
RECIPES = {
    "instructions": (
        "alpaca/alpaca.jsonl.zst",
        """
  - {id: long, op: words@1, from: rows, on: output, with: {at_least: 10}}
  - {id: tidy, op: normalise_whitespace@1, from: long, on: output}
  - {id: letters, op: alphabetic_share@1, from: tidy, on: output, with: {at_least: 0.7}}
  - {id: once, op: exact_dedup@1, from: letters, on: output}
  - {id: asks, op: matches@1, from: once, on: instruction, with: {pattern: '\\?', at_least: 1}}
  - {id: some, op: random_sample@1, from: asks, with: {rows: 5000}}
  - {id: last, op: characters@1, from: some, on: output, with: {at_least: 200}}
""",
    ),
    "versions": (
        "docs_near_dup/powershell_reference.jsonl.zst",
        """
  - {id: long, op: words@1, from: rows, on: text, with: {at_least: 300}}
  - {id: near, op: minhash_dedup@1, from: long, on: text}
  - {id: prose, op: stop_words@1, from: near, on: text, with: {at_least: 150}}
  - {id: last, op: chunk@1, from: prose, on: text, with: {words: 200}}
""",
    ),
    "calls": (
        "gpteacher/toolformer_dedup_labelled.jsonl.zst",
        """
  - {id: long, op: characters@1, from: rows, on: response, with: {at_least: 60}}
  - {id: near, op: minhash_dedup@1, from: long, on: response}
  - {id: last, op: words@1, from: near, on: response, with: {at_least: 12}}
""",
    ),
    "labels": (
        "topics/ag_news_test.jsonl.zst",
        """
  - {id: long, op: words@1, from: rows, on: text, with: {at_least: 25}}
  - {id: even, op: balance@1, from: long, on: topic}
  - {id: last, op: sort@1, from: even, on: title}
""",
    ),
}


def graph_of(recipe: str, folder: Path, steps: str, data: Path) -> Graph:
    text = f"winnow: 1\nname: {recipe}\nsources: {{rows: {{path: {data}}}}}\nsteps:{steps}outputs: {{out: {{from: last, path: out.jsonl}}}}\n"
    loaded = load(text)
    checked = check(loaded.recipe, folder, folder / "cache", inputs={"rows": str(data)}, lines=loaded.lines)
    assert checked.graph is not None, checked.errors
    return checked.graph


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("keys", [False, True])
def test_the_truth_lies_in_the_interval(recipe: str, keys: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "WHOLE_BYTES", 0)
    untimed = sys.modules["workflows.engine.preview"]  # what a run takes is not asked here
    monkeypatch.setattr(untimed, "by_key", partial(by_key, probes=PROBES))
    monkeypatch.setattr(untimed, "trial", lambda *_: None)
    monkeypatch.setattr(untimed, "cost_of", lambda *_: Cost(seconds=1.0, memory=1.0, disk=1.0))
    name, steps = RECIPES[recipe]
    graph = graph_of(recipe, tmp_path, steps, place(name))
    truth = {step.id: step for step in execute(graph, tmp_path / "run", tmp_path / "cache").steps}
    held, told = Counter[str](), Counter[str]()
    widths: dict[str, list[float]] = {}
    for seed in range(SEEDS):
        for step in preview(graph, tmp_path / "cache", keys=keys, seed=seed, examples=False, rows=1000).steps:
            told[step.id] += 1
            held[step.id] += step.rows_low - SLACK <= truth[step.id].rows_out <= step.rows_high + SLACK
            widths.setdefault(step.id, []).append((step.rows_high - step.rows_low) / 2 / max(truth[step.id].rows_out, 1))
    figures = [f"{step}: {held[step]} of {count} hold, half width {sum(widths[step]) / count:.1%}" for step, count in told.items()]
    sys.stderr.write("".join(f"\n{recipe} keys={keys} {line}" for line in figures))
    assert sum(held.values()) >= 0.9 * sum(told.values())
    assert all(held[step] >= 0.85 * count for step, count in told.items())
