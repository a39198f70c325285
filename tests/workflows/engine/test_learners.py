"""Steps that learn first, and steps over all rows at once."""

import pytest

from tests.workflows.engine.bench import Bench, Row
from tests.workflows.engine.counting import SEEN

BOTH = "rows: {path: rows.jsonl} ;; more: {path: more.jsonl}"


@pytest.mark.parametrize("shard_bytes", [30, 1 << 20])
def test_a_quantile_is_of_the_rows_that_reach_it(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", [{"value": float(number), "text": "x" * number} for number in range(20)])
    steps = "id: some, op: size, from: rows, with: {at_least: 10} ;; id: last, op: quantile, from: some, with: {at_most: 0.5}, keep_measures: true"
    bench.run(bench.graph(steps), shard_bytes=shard_bytes)
    assert [(row["value"], row["quantile"]) for row in bench.rows()] == [(10.0, 0.1), (11.0, 0.2), (12.0, 0.3), (13.0, 0.4), (14.0, 0.5)]


def test_what_was_learned_changes_with_the_rows(bench: Bench) -> None:
    rows: list[Row] = [{"value": float(number)} for number in range(10)]
    steps = "id: last, op: quantile, from: rows, with: {at_least: 0.95}"
    bench.write("rows.jsonl", rows)
    bench.run(bench.graph(steps), "first")
    assert bench.column("value") == [9.0]
    bench.write("rows.jsonl", [*rows, {"value": 99.0}])
    bench.run(bench.graph(steps), "second")
    assert bench.column("value") == [99.0]


def test_a_bound_on_what_was_learned_is_decided_again(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"value": float(number)} for number in range(10)])
    for at_most in (0.5, 0.2, 0.9):
        bench.run(bench.graph(f"id: last, op: quantile, from: rows, with: {{at_most: {at_most}}}"), f"run{at_most}")
        assert len(bench.rows()) == round(10 * at_most)


@pytest.mark.parametrize("shard_bytes", [30, 1 << 20])
def test_columns_of_a_second_input_are_joined(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", [{"id": 2}, {"id": 1}, {"id": 9}, {"id": None}])
    bench.write("more.jsonl", [{"id": "1", "label": "one"}, {"id": "2", "label": "two"}, {"id": "3", "label": "three"}])
    steps = "id: last, op: join_on, from: {rows: rows, against: more}, on: {key: id}, with: {columns: [label]}"
    result = bench.run(bench.graph(steps, sources=BOTH), shard_bytes=shard_bytes)
    assert bench.column("label") == ["two", "one", None, None]
    assert result.states == {"kept": 4}
    assert result.references == {"more": 3}
    assert {row["source"] for row in bench.ledger()} == {"rows"}


@pytest.mark.parametrize("shard_bytes", [20, 1 << 20])
def test_a_key_that_the_second_input_has_twice_is_refused_unless_told(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", [{"id": 1}])
    bench.write("more.jsonl", [{"id": 1, "label": "first"}, {"id": 2, "label": "x"}, {"id": 1, "label": "second"}])
    steps = "id: last, op: join_on, from: {rows: rows, against: more}, on: {key: id}, with: {columns: [label], many: MANY}"
    told = bench.refusal(bench.graph(steps.replace("MANY", "error"), sources=BOTH), shard_bytes=shard_bytes)
    assert "'1' more than once" in told
    bench.run(bench.graph(steps.replace("MANY", "first"), sources=BOTH), shard_bytes=shard_bytes)
    assert bench.column("label") == ["first"]


def test_a_second_input_may_be_a_step(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"id": 1}, {"id": 2}])
    bench.write("more.jsonl", [{"id": 1, "label": "aaa"}, {"id": 2, "label": "b"}])
    steps = (
        "id: long, op: size, from: more, on: label, with: {at_least: 2} ;; "
        "id: last, op: join_on, from: {rows: rows, against: long}, on: {key: id}, with: {columns: [label]}"
    )
    bench.run(bench.graph(steps, sources=BOTH))
    assert bench.column("label") == ["aaa", None]


@pytest.mark.parametrize("shard_bytes", [30, 1 << 20])
def test_rows_that_hold_test_questions_are_dropped(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", [{"text": "so one two three four five six seven eight nine"}, {"text": "other words altogether here"}])
    bench.write("more.jsonl", [{"question": "One, two three FOUR five six seven eight nine?"}])
    steps = "id: last, op: decontaminate, from: {rows: rows, against: more}, on: {text: text, against.text: question}"
    result = bench.run(bench.graph(steps, sources=BOTH), shard_bytes=shard_bytes)
    assert bench.column("text") == ["other words altogether here"]
    assert result.steps[0].reasons == {"contamination": 1}


def test_what_was_learned_of_the_second_input_follows_it(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"id": 1}])
    steps = "id: last, op: join_on, from: {rows: rows, against: more}, on: {key: id}, with: {columns: [label]}"
    for label in ("old", "new"):
        bench.write("more.jsonl", [{"id": 1, "label": label}])
        bench.run(bench.graph(steps, sources=BOTH), f"run-{label}")
        assert bench.column("label") == [label]


def test_an_empty_second_input_joins_nothing(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"id": 1}])
    bench.write("more.jsonl", [{"id": 1, "label": "x", "text": "y"}])
    steps = (
        "id: none, op: size, from: more, with: {at_least: 9} ;; "
        "id: last, op: join_on, from: {rows: rows, against: none}, on: {key: id}, with: {columns: [label]}"
    )
    bench.run(bench.graph(steps, sources=BOTH))
    assert bench.column("label") == [None]


@pytest.mark.parametrize("shard_bytes", [20, 1 << 20])
def test_a_measure_over_all_rows_meets_the_right_rows(bench: Bench, shard_bytes: int) -> None:
    values = [3.0, None, 9.0, 0.0, 8.0]
    bench.write("rows.jsonl", [{"by": value, "n": number} for number, value in enumerate(values)])
    bench.run(bench.graph("id: last, op: middle, from: rows, with: {at_most: 3.0}, keep_measures: true"), shard_bytes=shard_bytes)
    assert [(row["n"], row["far"]) for row in bench.rows()] == [(0, 2.0), (4, 3.0)]
    steps = (
        "id: sorted, op: top_k, from: rows, on: by, with: {share: 1.0} ;; "
        "id: last, op: middle, from: sorted, with: {at_most: 3.0}, keep_measures: true"
    )
    bench.run(bench.graph(steps), "second", shard_bytes=shard_bytes)
    assert [(row["n"], row["far"]) for row in bench.rows()] == [(4, 3.0), (0, 2.0)]


def test_vectors_are_picked_over_all_shards(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"vector": [float(number // 5 * 100 + number % 5), 0.0], "n": number} for number in range(20)])
    picked = []
    for shard_bytes in (30, 1 << 20):
        bench.run(
            bench.graph("id: last, op: k_center, from: rows, with: {rows: 4, of: vector}"),
            f"run{shard_bytes}",
            f"c{shard_bytes}",
            shard_bytes=shard_bytes,
        )
        picked.append(bench.column("n"))
    assert picked[0] == picked[1]
    assert sorted(int(str(number)) // 5 for number in picked[0]) == [0, 1, 2, 3]


@pytest.mark.parametrize("shard_bytes", [15, 1 << 20])
def test_two_passes_see_what_the_first_learned(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", [{"by": value} for value in (0.0, 2.0, 4.0, 10.0)])
    bench.run(bench.graph("id: last, op: spread, from: rows, keep_measures: true"), shard_bytes=shard_bytes)
    assert bench.column("spread") == [4 / 3, 2 / 3, 0.0, 2.0]


def test_what_is_learned_may_not_outgrow_its_card(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"by": 1.0}])
    assert "its card allows 10" in bench.refusal(bench.graph("id: last, op: hoards, from: rows"))


@pytest.mark.parametrize(("shard_bytes", "workers"), [(15, 1), (15, 3), (1 << 20, 1)])
def test_a_rank_orders_by_what_it_learned(bench: Bench, shard_bytes: int, workers: int) -> None:
    bench.write("rows.jsonl", [{"by": value} for value in (0.0, 2.0, 4.0, 10.0)])
    bench.run(bench.graph("id: last, op: near, from: rows, with: {rows: 2}"), shard_bytes=shard_bytes, workers=workers)
    assert bench.column("by") == [2.0, 4.0]


@pytest.mark.parametrize("shard_bytes", [15, 1 << 20])
def test_a_rank_learns_from_a_second_input_and_then_from_its_rows(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", [{"by": value} for value in (0.0, 2.0, 4.0, 10.0)])
    bench.write("more.jsonl", [{"by": 15.0}, {"by": 17.0}])
    result = bench.run(bench.graph("id: last, op: near, from: {rows: rows, against: more}, with: {rows: 1}", sources=BOTH), shard_bytes=shard_bytes)
    assert bench.column("by") == [10.0]  # the middle of 16 and 4
    assert (result.states, result.references) == ({"kept": 1, "dropped": 3}, {"more": 2})


def test_a_rank_that_learns_does_so_from_no_rows(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"by": 1.0}])
    steps = "id: none, op: size, from: rows, on: by, with: {at_least: 9} ;; id: last, op: near, from: none, with: {rows: 2}"
    assert bench.run(bench.graph(steps)).rows_out == 0


def test_another_quota_learns_nothing_again(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"by": float(value)} for value in range(9)])
    SEEN.clear()
    for turn in range(2):
        bench.run(bench.graph("id: last, op: near, from: rows, with: {rows: 2}"), f"run{turn}")
    assert SEEN["concluded"] == 2  # two passes, once


def test_a_rank_can_ask_which_input_a_row_comes_from(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"by": float(value)} for value in range(9)])
    bench.write("more.jsonl", [{"by": float(value)} for value in range(9)])
    steps = "id: last, op: from_each, from: [rows, more], with: {rows: {rows: 2, more: 12, none: 3}}"
    result = bench.run(bench.graph(steps, sources=BOTH))
    assert bench.column("by") == [0.0, 1.0, *map(float, range(9))]
    assert result.steps[0].groups == {
        "rows": {"there": 9, "asked": 2, "kept": 2},
        "more": {"there": 9, "asked": 12, "kept": 9},
        "none": {"there": 0, "asked": 3, "kept": 0},
    }
    assert bench.run(bench.graph(steps, sources=BOTH), "again").steps[0].groups == result.steps[0].groups
