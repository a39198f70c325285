"""Random graphs: every row is accounted for once, at every step and for the run, whatever the cut."""

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from tests.workflows.engine.bench import Bench, Row, books
from workflows.engine import Result

WORDS = ("red", "green", "blue", "one", "two", "three", "tree")
MANY, FEW = 60, 6


@dataclass
class Drawn:
    """A recipe in the making. `open`: edges that nothing reads yet, each with the sides of the forks it came by."""

    draw: random.Random
    steps: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    open: dict[str, dict[int, int]] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    read: set[str] = field(default_factory=set)  # steps and sources
    forks: int = 0

    def step(self) -> None:
        """One more step, that reads one edge or two."""
        first = self.draw.choice(list(self.open))
        sides = self.open[first]
        edges = [first]
        partner = self.draw.choice(list(self.open))
        if partner != first and self.draw.random() < 0.4 and all(self.open[partner].get(fork, side) == side for fork, side in sides.items()):
            edges.append(partner)
            sides = sides | self.open[partner]
        if self.draw.random() < 0.15:  # others may read these edges too, but the branches never meet again
            self.forks += 1
            for edge in edges:
                self.open[edge] = {**self.open[edge], self.forks: 0}
            sides = {**sides, self.forks: 1}
        else:
            for edge in edges:
                del self.open[edge]
        self.read |= {edge.partition(".")[0] for edge in edges}
        name = f"s{len(self.steps)}"
        kind, text, ports = self.draw.choice(self.operators(name))
        self.kinds.append(kind)
        rows = f"[{', '.join(edges)}]" if len(edges) > 1 else edges[0]
        given = (
            f"{{rows: {rows}, against: known}}" if kind in ("join_on", "decontaminate") or (kind == "alike" and self.draw.random() < 0.3) else rows
        )
        self.steps.append(f"id: {name}, op: {kind}, from: {given}, {text}")
        self.open |= {name if port == "kept" else f"{name}.{port}": dict(sides) for port in ports}

    def operators(self, name: str) -> list[tuple[str, str, tuple[str, ...]]]:
        nulls = self.draw.choice(("", "", ", nulls: keep", ", nulls: drop"))
        share, bound = round(self.draw.random(), 2), self.draw.randrange(1, 9)
        both, one = ("kept", "dropped"), ("kept",) if nulls != ", nulls: drop" else ("kept", "dropped")
        return [
            ("words", f"on: text, with: {{at_least: {bound % 4}}}{nulls}", both),
            ("size", f"on: text, with: {{at_most: {bound * 3}}}{nulls}", both),
            ("choosy", "on: text", both),
            ("field", f"with: {{where: score > {bound / 2}}}", both),
            ("normalise_whitespace", f"on: text{nulls}", one),
            ("shout", f"on: text{nulls}", one),
            ("derive", f"with: {{column: new_{name}, value: 'score * 2'}}", ("kept",)),
            ("chunk", f"on: text, with: {{words: {bound % 3 + 1}}}, as: {{chunk: chunk_{name}}}{nulls}", one),
            ("tally", f"on: text{nulls}", one),
            ("choosy_expand", f"on: text{nulls}", one),
            ("exact_dedup", f"on: text{nulls}", both),
            ("alike", f"on: text{nulls}", both),
            ("minhash_dedup", "on: text, with: {ngram: 1, keep: longest}", both),
            ("random_sample", f"with: {{share: {share}}}", both),
            ("first_n", f"with: {{rows: {bound * 4}}}", both),
            ("top_k", f"on: score, with: {{share: {share}}}{nulls}", both),
            ("split", f"with: {{validation: {share / 2}, test: 0.2}}", ("train", "validation", "test")),
            ("quantile", f"on: score, with: {{at_most: {share}}}{nulls}", both),
            ("join_on", f"on: {{key: word, against.key: word}}, with: {{columns: [label]}}, as: {{label: label_{name}}}", ("kept",)),
            ("decontaminate", "on: {text: text, against.text: word}, with: {ngram: 1, shortest: 1}", both),
        ]


def recipe(seed: int) -> Drawn:
    drawn = Drawn(random.Random(seed))
    drawn.open = {"a": {}, "b": {}, "c": {}}
    for _ in range(drawn.draw.randrange(3, 11)):
        drawn.step()
    left = [edge for edge in drawn.open if drawn.draw.random() < 0.8]
    names = {edge.partition(".")[0] for edge in left}
    for edge in drawn.open:  # every step and source is read by something
        name = edge.partition(".")[0]
        if name not in names | drawn.read:
            left.append(edge)
            names.add(name)
    left = left or list(drawn.open)[:1]
    drawn.draw.shuffle(left)
    while left:
        edges = [left.pop()]
        if left and drawn.draw.random() < 0.3 and all(drawn.open[left[-1]].get(f, side) == side for f, side in drawn.open[edges[0]].items()):
            edges.append(left.pop())
        name = f"out{len(drawn.outputs)}"
        drawn.outputs.append(f"{name}: {{from: [{', '.join(edges)}], path: {name}.jsonl}}")
    return drawn


def sources(bench: Bench, draw: random.Random) -> None:
    for name in "abc":
        rows: list[Row] = []
        for number in range(25):
            text: object = " ".join(draw.choice(WORDS) for _ in range(draw.randrange(7)))
            text = None if draw.random() < 0.08 else f"!{text}" if draw.random() < 0.05 else text
            rows.append(
                {"id": f"{name}{number}", "text": text, "score": None if draw.random() < 0.1 else draw.randrange(10) / 2, "word": draw.choice(WORDS)}
            )
        path = bench.write(f"{name}.jsonl", rows)
        path.write_bytes(path.read_bytes() + b'{"id": "broken\n[]\n')
    bench.write("known.jsonl", [{"word": word, "label": word.upper(), "text": word} for word in WORDS[:4]])


def conserved(bench: Bench, drawn: Drawn, result: Result, run: str) -> None:
    assert result.rows_in == 81
    assert sum(result.states.values()) == result.rows_in
    for one in result.steps:
        gone = sum(count for reason, count in one.reasons.items())
        left = sum(count for port, count in one.ports.items() if port != "dropped")
        if one.operator in ("chunk", "choosy_expand"):
            assert left == one.born
        else:
            assert one.rows_in == left + gone, one
    ledger = bench.ledger(run)
    names = [(row["row"], row["part"]) for row in ledger]
    assert len(set(names)) == len(names)
    assert Counter(str(row["state"]) for row in ledger if not row["part"]) == result.states
    assert sum(1 for row in ledger if row["part"]) == result.born
    known = dict(zip(names, ledger, strict=True))
    for row in ledger:
        if row["state"] == "merged" and int(str(row["into"])) < 3 << 43:  # into no row of the reference
            assert (row["into"], row["into_part"]) in known
        assert (row["state"] in ("dropped", "merged", "quarantined")) <= (row["step"] is not None and row["measure"] is not None)
    children = {(parent["row"], parent["part"]) for row in ledger for parent in row["parents"] or ()}  # type: ignore[attr-defined]
    expanded = {name for name, row in known.items() if row["state"] == "expanded"}
    assert (children == expanded) if not drawn.forks else (expanded <= children)
    kept = sum(1 for row in ledger if row["state"] == "kept")
    assert (kept == result.rows_out) if not drawn.forks else (kept <= result.rows_out)
    written = {str(row["id"]) for one in result.outputs for row in bench.rows(f"{one.name}.jsonl")}
    assert len(written) <= kept


def try_graph(bench: Bench, seed: int) -> Drawn:
    drawn = recipe(seed)
    sources(bench, drawn.draw)
    all_sources = " ;; ".join(f"{name}: {{path: {name}.jsonl}}" for name in ("a", "b", "c"))
    if any("against: known" in step for step in drawn.steps):
        all_sources += " ;; known: {path: known.jsonl}"
    graph = bench.graph(" ;; ".join(drawn.steps), " ;; ".join(drawn.outputs), all_sources)
    whole = bench.run(graph, "whole")
    conserved(bench, drawn, whole, "whole")
    texts = [bench.bytes(f"{one.name}.jsonl") for one in whole.outputs]
    cut = bench.run(graph, "cut", "other", shard_bytes=250)
    conserved(bench, drawn, cut, "cut")
    assert books(cut) == books(whole)
    assert [bench.bytes(f"{one.name}.jsonl") for one in cut.outputs] == texts
    assert bench.ledger("cut") == bench.ledger("whole")
    return drawn


@pytest.mark.parametrize("seed", range(FEW))
def test_no_row_is_lost_or_doubled(bench: Bench, seed: int) -> None:
    try_graph(bench, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(FEW, MANY))
def test_no_row_is_lost_or_doubled_in_any_graph(bench: Bench, seed: int) -> None:
    try_graph(bench, seed)


def test_the_graphs_hold_every_kind_of_step() -> None:
    kinds = {kind for seed in range(MANY) for kind in recipe(seed).kinds}
    assert len(kinds) == len(Drawn(random.Random(0)).operators("s"))
