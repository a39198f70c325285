"""What the check lets pass, the engine runs, with the columns and types that the check has told; each was found by a mutated recipe."""

from tests.workflows.engine.bench import Bench
from workflows.engine.preview import preview


def test_rows_dropped_for_a_null_have_the_columns_that_the_check_says(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"id": 1, "text": "a"}, {"id": None, "text": "b"}])
    steps = "id: new, op: normalise_whitespace, from: rows, on: id, nulls: drop;; id: last, op: words, from: new.dropped, on: id, nulls: keep"
    graph = bench.graph(steps, "out: {from: last, path: out.csv};; rest: {from: new, path: rest.csv}", checks=["nulls(new.dropped, id) == 1"])
    assert bench.run(graph).states == {"kept": 2}


def test_reference_rows_of_two_inputs_with_other_columns_meet(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"id": 1}, {"id": 2}])
    bench.write("one.jsonl", [{"id": 1, "label": "x"}])
    bench.write("two.jsonl", [{"more": True, "id": 2.0}])
    steps = "id: last, op: join_on, from: {rows: rows, against: [two, one]}, on: {key: id}, with: {columns: [label]}"
    sources = "rows: {path: rows.jsonl};; one: {path: one.jsonl};; two: {path: two.jsonl}"
    bench.run(bench.graph(steps, sources=sources))
    assert len(bench.rows()) == 2


def test_an_empty_text_is_no_number(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "3"}, {"text": ""}, {"text": "1"}])
    ranked = "id: mid, op: quantile, from: rows, on: {value: text};; id: last, op: top_k, from: mid, on: {by: text}, with: {rows: 3}"
    result = bench.run(bench.graph(ranked))
    assert bench.column("text") == ["3", "1"]
    assert result.states == {"kept": 2, "dropped": 1}


def test_a_row_with_two_values_that_do_not_fit_is_set_apart_once(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"one": "x", "two": "y"}, {"one": "1", "two": "2"}])
    graph = bench.graph("id: last, op: token_budget, from: rows, on: {weight: one, by: two}, with: {budget: 9, take: best}")
    assert bench.run(graph).states == {"kept": 1, "quarantined": 1}


def test_a_column_may_be_called_like_a_measure(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "one two three", "size.words": 1}])
    graph = bench.graph("id: size, op: words, from: rows, on: text;; id: last, op: threshold, from: size, on: size.words, with: {at_most: 1}")
    assert bench.run(graph).states == {"kept": 1}


def test_a_preview_goes_on_behind_a_dedupe_whose_measures_are_read(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": f"text {number}"} for number in range(4)])
    steps = "id: near, op: minhash_dedup, from: rows, on: text, as: alike;; id: kin, op: threshold, from: near, on: near.cluster, with: {at_least: 0}"
    graph = bench.graph(f"{steps};; id: last, op: field, from: kin, with: {{where: 'alike is null'}}")
    assert {step.id: step.rows_in for step in preview(graph, bench.folder / "cache").steps} == {"near": 4, "kin": 4, "last": 4}
