"""Why a row went where it went, told from the run's books."""

import shutil

import pytest

from tests.workflows.engine.bench import FILE, Bench, Row
from tools.errors import RecipeError
from workflows.engine.trace import Trace, trace
from workflows.graph import Graph

ROWS: list[Row] = [
    {"text": "a  b", "n": 0},
    {"text": "x", "n": 1},
    {"text": "a b", "n": 2},
    {"text": "a long text indeed", "n": 3},
    {"text": None, "n": 4},
    {"text": "!refused", "n": 5},
]
STEPS = """id: long, op: size, from: rows, with: {at_least: 2, at_most: 15} ;;
id: tidy, op: normalise_whitespace, from: long ;;
id: fine, op: choosy, from: tidy ;;
id: last, op: exact_dedup, from: fine"""


def why(bench: Bench, graph: Graph, n: int, part: int = 0, run: str = "run") -> Trace:
    number = next(row["row"] for row in bench.ledger(run) if row["line"] == n + 1 and not row["part"])
    return trace(graph, bench.folder / run, bench.folder / "cache", int(str(number)), part)


@pytest.fixture(params=[30, 1 << 20])
def ran(bench: Bench, request: pytest.FixtureRequest) -> Graph:
    bench.write("rows.jsonl", ROWS)
    graph = bench.graph(STEPS)
    bench.run(graph, shard_bytes=request.param)
    return graph


def test_a_kept_row_has_the_values_and_bounds_of_every_step(bench: Bench, ran: Graph) -> None:
    told = why(bench, ran, 0)
    assert (told.state, told.source, told.file, told.line) == ("kept", "rows", "rows.jsonl", 1)
    assert told.record == ROWS[0]
    assert [(step.step, step.port) for step in told.steps] == [("long", "kept"), ("tidy", "kept"), ("fine", "kept"), ("last", "kept")]
    assert told.steps[0].measures == {"size": 4}
    assert told.steps[0].bounds == {"size": "at least 2, at most 15"}
    assert (told.steps[1].before, told.steps[1].after) == ({"text": "a  b"}, {"text": "a b"})


def test_a_dropped_row_says_which_bound(bench: Bench, ran: Graph) -> None:
    short, long = why(bench, ran, 1), why(bench, ran, 3)
    assert short.state == long.state == "dropped"
    assert [(step.step, step.port, step.reason) for step in short.steps] == [("long", "dropped", "size")]
    assert (short.steps[0].measures, long.steps[0].measures) == ({"size": 1}, {"size": 18})


def test_a_row_without_a_value_says_so(bench: Bench, ran: Graph) -> None:
    told = why(bench, ran, 4)
    assert (told.state, told.steps[-1].reason) == ("dropped", "null")


def test_a_refused_row_says_where(bench: Bench, ran: Graph) -> None:
    told = why(bench, ran, 5)
    assert told.state == "quarantined"
    assert (told.steps[-1].step, told.steps[-1].reason, told.steps[-1].port) == ("fine", "error", None)


def test_a_merged_row_says_into_which(bench: Bench, ran: Graph) -> None:
    told = why(bench, ran, 2)
    assert told.state == "merged"
    assert told.steps[-1].into == (0, 0)
    assert told.steps[-1].reason == "merged"


def test_a_row_and_its_children_know_each_other(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "zero"}, {"text": "one two three"}])
    graph = bench.graph("id: loud, op: shout, from: rows ;; id: last, op: chunk, from: loud, with: {words: 2}")
    bench.run(graph, shard_bytes=20)
    told = why(bench, graph, 1)
    assert told.state == "expanded"
    assert len(told.steps[-1].children) == 2
    row, part = told.steps[-1].children[1]
    child = trace(graph, bench.folder / "run", bench.folder / "cache", row, part)
    assert child.state == "kept"
    assert child.parents == ((told.row, 0),)
    assert child.record["text"] == "THREE"


def test_a_row_of_the_second_source(bench: Bench) -> None:
    bench.write("a.jsonl", ROWS[:2])
    bench.write("b.jsonl", ROWS[:2])
    graph = bench.graph("id: last, op: exact_dedup, from: [b, a]", sources="a: {path: a.jsonl} ;; b: {path: b.jsonl}")
    bench.run(graph)
    told = trace(graph, bench.folder / "run", bench.folder / "cache", 0)
    assert (told.source, told.state, told.steps[-1].into) == ("a", "merged", (FILE, 0))


def test_what_was_decided_is_told_when_the_input_is_gone(bench: Bench, ran: Graph) -> None:
    shutil.move(bench.folder / "rows.jsonl", bench.folder / "away.jsonl")
    told = why(bench, ran, 1)
    assert (told.state, told.steps[0].measures) == ("dropped", {"size": 1})
    assert why(bench, ran, 2).state == "merged"


@pytest.mark.parametrize("row", [3, 5 * FILE, 1 << 20])
def test_a_row_that_is_not_there_is_an_error(bench: Bench, ran: Graph, row: int) -> None:
    with pytest.raises(RecipeError, match="winnow rows"):
        trace(ran, bench.folder / "run", bench.folder / "cache", row)


def test_rows_of_ranks_and_learners(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"by": float(number), "text": "x"} for number in range(5)])
    graph = bench.graph("id: low, op: quantile, from: rows, on: by, with: {at_most: 0.9} ;; id: last, op: top_k, from: low, with: {rows: 2}")
    bench.run(graph, shard_bytes=25)
    assert [(step.step, step.port, step.reason) for step in why(bench, graph, 0).steps] == [("low", "kept", ""), ("last", "dropped", "quota")]
    assert [(step.step, step.port, step.reason) for step in why(bench, graph, 4).steps] == [("low", "dropped", "quantile")]
    assert why(bench, graph, 4).steps[0].measures == {"quantile": 1.0}
