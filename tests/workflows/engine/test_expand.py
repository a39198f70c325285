"""Born rows: who they are, whose they are, and that neither hangs on how the input was cut."""

import pytest

from tests.workflows.engine.bench import Bench, Row
from tests.workflows.engine.counting import SEEN

ROWS: list[Row] = [{"text": " ".join(f"w{number}.{word}" for word in range(number % 9)), "n": number} for number in range(40)]
STEPS = (
    "id: pieces, op: chunk, from: rows, with: {words: 3} ;; "
    "id: halves, op: chunk, from: pieces, with: {words: 2}, as: {chunk: half} ;; "
    "id: last, op: size, from: halves"
)


def born(bench: Bench, run: str = "run") -> list[Row]:
    return [row for row in bench.ledger(run) if row["part"]]


@pytest.mark.parametrize("shard_bytes", [60, 400])
def test_parts_and_parents_do_not_hang_on_the_cut(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", ROWS)
    bench.run(bench.graph(STEPS), "whole", "cache-whole")
    text = bench.bytes()
    result = bench.run(bench.graph(STEPS), "cut", "cache-cut", shard_bytes=shard_bytes)
    assert bench.bytes() == text
    assert bench.ledger("cut") == bench.ledger("whole")
    assert result.born == sum(-(-(number % 9) // 3) for number in range(40)) + len(bench.rows())


def test_every_born_row_is_one_of_a_kind_and_has_a_parent_that_was_expanded(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    bench.run(bench.graph(STEPS), shard_bytes=300)
    ledger = {(row["row"], row["part"]): row for row in bench.ledger()}
    assert len(ledger) == len(bench.ledger())
    for row in born(bench):
        (parent,) = row["parents"]  # type: ignore[misc]
        assert ledger[parent["row"], parent["part"]]["state"] == "expanded"
        assert parent["row"] == row["row"]


def test_children_keep_the_other_columns_of_their_parent(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    bench.run(bench.graph("id: loud, op: shout, from: rows ;; id: last, op: chunk, from: loud, with: {words: 3}"))
    found = bench.rows()
    assert all(str(row["text"]).split()[0].startswith(f"W{row['n']}.") for row in found)
    for number in range(40):
        assert "".join(str(row["text"]) for row in found if row["n"] == number) == str(ROWS[number]["text"]).upper()


def test_a_row_without_children_is_dropped_and_says_so(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "a b"}, {"text": ""}, {"text": None}])
    result = bench.run(bench.graph("id: last, op: chunk, from: rows, with: {words: 1}"))
    assert bench.column("text") == ["a ", "b", None]
    assert result.states == {"expanded": 2, "dropped": 1}
    assert result.steps[0].reasons == {"childless": 1}
    assert [row["measure"] for row in bench.ledger() if row["line"] == 2 and not row["part"]] == ["childless"]


def test_a_refused_row_counts_once(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "a"}, {"text": "!b"}])
    result = bench.run(bench.graph("id: last, op: choosy_expand, from: rows"))
    assert result.steps[0].reasons == {"error": 1}
    assert result.states == {"expanded": 1, "quarantined": 1}


def test_children_of_a_column_under_another_name(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"body": "a b c", "n": 1}])
    bench.run(bench.graph("id: last, op: chunk, from: rows, on: body, with: {words: 2}, as: {chunk: turn}"))
    assert bench.rows() == [{"body": "a b ", "n": 1, "turn": 0}, {"body": "c", "n": 1, "turn": 1}]


@pytest.mark.parametrize("shard_bytes", [60, 1 << 20])
def test_born_rows_are_merged_ranked_and_measured_like_others(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", [{"text": "a b a c", "n": 1}, {"text": "b d", "n": 2}])
    steps = (
        "id: words, op: chunk, from: rows, with: {words: 1} ;; "
        "id: tidy, op: normalise_whitespace, from: words ;; "
        "id: once, op: exact_dedup, from: tidy ;; "
        "id: last, op: top_k, from: once, on: n, with: {share: 1.0}"
    )
    result = bench.run(bench.graph(steps), shard_bytes=shard_bytes)
    assert bench.column("text") == ["d", "a", "b", "c"]
    assert result.rows_in == 2
    assert result.states == {"expanded": 2}
    assert result.born == 6
    assert sorted(str(row["state"]) for row in born(bench)) == ["kept"] * 4 + ["merged"] * 2


def test_one_row_for_each_match_of_a_second_input(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"id": 1, "text": "x"}, {"id": 2, "text": "y"}, {"id": 3, "text": "z"}])
    bench.write("more.jsonl", [{"id": "1", "answer": "a"}, {"id": "3", "answer": "c"}, {"id": "1", "answer": "b"}])
    sources = "rows: {path: rows.jsonl} ;; more: {path: more.jsonl}"
    steps = "id: last, op: join_all, from: {rows: rows, against: more}, on: {key: id, against.key: id}, with: {columns: [answer]}"
    for shard_bytes in (20, 1 << 20):
        result = bench.run(bench.graph(steps, sources=sources), shard_bytes=shard_bytes)
        assert [(row["id"], row["answer"]) for row in bench.rows()] == [(1, "a"), (1, "b"), (3, "c")]
        assert result.states == {"expanded": 2, "dropped": 1}
        assert result.references == {"more": 3}


def test_a_second_run_bears_nothing_again(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    bench.run(bench.graph(STEPS), "first")
    before = bench.cached()
    SEEN.clear()
    bench.run(bench.graph(STEPS), "second")
    assert not SEEN
    assert bench.cached() == before
