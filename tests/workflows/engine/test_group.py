"""Group steps: who merges into whom, references, which row stays."""

import random
from itertools import combinations

import numpy as np
import pytest

from tests.workflows.engine.bench import FILE, Bench, Row
from tools.dedupe.minhash import jaccards
from tools.dedupe.shingles import distinct
from workflows.engine import evidence, matching, notes, settling, verification
from workflows.nasty import families


def merged(bench: Bench, run: str = "run") -> dict[int, int]:
    """Line from 0 → line it was merged into, of one file."""
    lines = {(row["row"], row["part"]): row["line"] for row in bench.ledger(run)}
    found = {row["line"]: lines[row["into"], row["into_part"]] for row in bench.ledger(run) if row["state"] == "merged"}
    return {int(str(line)) - 1: int(str(into)) - 1 for line, into in found.items()}


def texts(*given: str) -> list[Row]:
    return [{"text": text, "n": number} for number, text in enumerate(given)]


@pytest.mark.parametrize("shard_bytes", [20, 1 << 20])
def test_the_preferred_row_stays_and_ties_go_to_the_earlier(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", texts("a 1", "b 1", "a 22", "b 2", "a 333", "c", "a 444"))
    result = bench.run(bench.graph("id: last, op: alike, from: rows"), shard_bytes=shard_bytes)
    assert bench.column("n") == [1, 4, 5]
    assert merged(bench) == {0: 4, 2: 4, 6: 4, 3: 1}
    assert result.states == {"kept": 3, "merged": 4}
    assert result.steps[0].reasons == {"merged": 4}


def test_merged_rows_leave_by_the_port_dropped(bench: Bench) -> None:
    bench.write("rows.jsonl", texts("a", "a", "b"))
    bench.run(bench.graph("id: last, op: exact_dedup, from: rows", "out: {from: last.dropped, path: out.jsonl}"))
    assert bench.column("n") == [1]


@pytest.mark.parametrize("shard_bytes", [20, 1 << 20])
def test_reference_rows_stand_first_and_always_stay(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", texts("a long one", "b", "c", "b more"))
    bench.write("known.jsonl", [{"text": "b"}, {"text": "a"}, {"text": "a"}])
    sources = "rows: {path: rows.jsonl} ;; known: {path: known.jsonl}"
    result = bench.run(bench.graph("id: last, op: alike, from: {rows: rows, against: known}", sources=sources), shard_bytes=shard_bytes)
    assert bench.column("n") == [2]
    assert result.references == {"known": 3}
    assert result.rows_in == 4
    gone = {row["line"]: row["into"] for row in bench.ledger() if row["state"] == "merged"}
    assert set(gone) == {1, 2, 4}
    assert all(int(str(into)) >= FILE for into in gone.values())


def test_a_stream_of_two_sources_keeps_the_row_of_the_first(bench: Bench) -> None:
    bench.write("a.jsonl", texts("x", "y"))
    bench.write("b.jsonl", texts("y", "z"))
    both = "a: {path: a.jsonl} ;; b: {path: b.jsonl}"
    bench.run(bench.graph("id: last, op: exact_dedup, from: [b, a]", sources=both))
    assert bench.column("text") == ["y", "z", "x"]


def test_the_order_that_a_step_made_decides_who_is_first(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "same", "n": 1}, {"text": "same", "n": 5}, {"text": "other", "n": 3}, {"text": "same", "n": 4}])
    steps = "id: sorted, op: top_k, from: rows, on: n, with: {share: 1.0} ;; id: last, op: exact_dedup, from: sorted"
    for shard_bytes in (10, 1 << 20):
        bench.run(bench.graph(steps), shard_bytes=shard_bytes)
        assert bench.column("n") == [5, 3]


def test_rows_with_null_stay_unmerged(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": None, "n": 0}, {"text": None, "n": 1}, {"text": "a", "n": 2}, {"text": "a", "n": 3}])
    bench.run(bench.graph("id: last, op: exact_dedup, from: rows, on: text"))
    assert bench.column("n") == [0, 1, 2]


@pytest.mark.parametrize("keep", ["first", "longest", "best"])
def test_near_duplicates_merge_as_brute_force_says(bench: Bench, keep: str) -> None:
    given = families(8)
    bench.write("rows.jsonl", [{"text": text, "n": number, "by": float(number % 7)} for number, text in enumerate(given)])
    bench.run(bench.graph(f"id: last, op: minhash_dedup, from: rows, on: {{text: text}}, with: {{ngram: 2, keep: {keep}}}"), shard_bytes=4_000)
    stays = best_of_clusters(given, keep)
    assert bench.column("n") == sorted(stays)
    assert all(into in stays for into in merged(bench).values())


def test_pairs_measures_are_stored_for_merged_rows(bench: Bench) -> None:
    bench.write("rows.jsonl", texts("a b c d e", "a b c d e!", "z"))
    steps = "id: last, op: minhash_dedup, from: rows, on: text, with: {ngram: 1}, keep_measures: true"
    bench.run(bench.graph(steps, "out: {from: [last, last.dropped], path: out.jsonl}"))
    assert {row["n"]: row["jaccard"] for row in bench.rows()} == {0: None, 1: 1.0, 2: None}


def test_a_tighter_similarity_is_decided_again(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": text, "n": number} for number, text in enumerate(families(4))])
    for similarity in (0.8, 0.95):
        bench.run(bench.graph(f"id: last, op: minhash_dedup, from: rows, on: text, with: {{ngram: 2, similarity: {similarity}}}"), f"run{similarity}")
        again = bench.bytes()
        bench.run(
            bench.graph(f"id: last, op: minhash_dedup, from: rows, on: text, with: {{ngram: 2, similarity: {similarity}}}"), "fresh", f"c{similarity}"
        )
        assert bench.bytes() == again


def test_a_cluster_serves_the_steps_after_it(bench: Bench) -> None:
    bench.write("rows.jsonl", texts("a 1", "b 1", "a 2", "c 1", "b 2"))
    steps = (
        "id: like, op: alike, from: rows ;; "
        "id: both, op: first_n, from: [like, like.dropped], with: {rows: 9} ;; "
        "id: last, op: split, from: both, on: {group: like.cluster}, with: {by: group, validation: 0.5}"
    )
    bench.run(bench.graph(steps, "out: {from: last.train, path: out.jsonl} ;; held: {from: last.validation, path: held.jsonl}"))
    sides = [{str(text)[0] for text in bench.column("text", name)} for name in ("out.jsonl", "held.jsonl")]
    assert sides[0]
    assert not sides[0] & sides[1]


def test_rows_that_an_earlier_run_noted_are_not_noted_again_as_references(bench: Bench) -> None:
    old, new = families(6), families(7)
    bench.write("old.jsonl", texts(*old))
    bench.write("new.jsonl", texts(*new[: len(new) // 2], *old[5:9]))
    with_ = "with: {ngram: 2}"
    bench.run(bench.graph(f"id: last, op: minhash_dedup, from: old, on: text, {with_}", sources="old: {path: old.jsonl}"), "yesterday")
    noted = set((bench.folder / "cache" / "fragments").rglob("*.notes"))
    both = "new: {path: new.jsonl} ;; old: {path: old.jsonl}"
    bench.run(bench.graph(f"id: last, op: minhash_dedup, from: {{rows: new, against: old}}, on: text, {with_}", sources=both), "today")
    fresh = set((bench.folder / "cache" / "fragments").rglob("*.notes")) - noted
    assert len(noted) == len(fresh) == 1  # of the new file alone
    kept = set(map(str, bench.column("text")))
    assert kept
    assert not kept & set(old)
    bench.run(bench.graph(f"id: last, op: minhash_dedup, from: {{rows: new, against: old}}, on: text, {with_}", sources=both), "anew", "other_cache")
    assert set(map(str, bench.column("text"))) == kept


@pytest.mark.parametrize("small", [False, True])
def test_who_stays_does_not_depend_on_the_order_of_rows(bench: Bench, small: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor on how much is matched, merged, read and settled at once."""
    if small:
        for place, limit in (
            (matching, "PARTITION_BYTES"),
            (matching, "PAIRS_AT_ONCE"),
            (settling, "SETTLED_AT_ONCE"),
            (verification, "EVIDENCE_BYTES"),
        ):
            monkeypatch.setattr(place, limit, 400)
        monkeypatch.setattr(verification, "PAIRS_AT_ONCE", 7)
        monkeypatch.setattr(matching, "MOST_OPENED", 3)
        monkeypatch.setattr(matching, "GATHERED_AT_ONCE", 2)
        monkeypatch.setattr(evidence, "OPEN_FILES", 2)
    rows: list[Row] = [{"text": text, "n": number, "by": float(number * 31 % 97)} for number, text in enumerate(families(9))]
    stays = []
    for seed in (1, 2):
        random.Random(seed).shuffle(rows)
        bench.write("rows.jsonl", rows)
        steps = "id: last, op: minhash_dedup, from: rows, on: text, with: {ngram: 2, keep: best}"
        bench.run(bench.graph(steps), f"run{seed}", shard_bytes=3_000 if small else 1 << 20)
        stays.append(sorted(map(int, map(str, bench.column("n")))))
    assert stays[0] == stays[1]
    assert 5 < len(stays[0]) < len(rows) - 5


def test_many_equal_texts_make_few_pairs(bench: Bench) -> None:
    bench.write("rows.jsonl", texts(*["the very same text of a few words"] * 3000, "another one of quite different words"))
    bench.run(bench.graph("id: last, op: minhash_dedup, from: rows, on: text"), shard_bytes=20_000)
    assert bench.column("n") == [0, 3000]
    assert set(merged(bench).values()) == {0}


def best_of_clusters(given: list[str], keep: str) -> set[int]:
    import numpy as np
    import pyarrow as pa

    pairs = list(combinations(range(len(given)), 2))
    found = jaccards(distinct(pa.array(given), 2), np.array([one for one, _ in pairs]), np.array([two for _, two in pairs]))
    label = list(range(len(given)))
    for (one, two), share in zip(pairs, found.tolist(), strict=True):
        if share >= 0.8 and label[one] != label[two]:
            label = [label[one] if mark == label[two] else mark for mark in label]
    prefer = {"first": lambda row: 0.0, "longest": lambda row: float(len(given[row])), "best": lambda row: float(row % 7)}[keep]
    return {min((row for row in range(len(given)) if label[row] == mark), key=lambda row: (-prefer(row), row)) for mark in set(label)}


@pytest.mark.parametrize("spread", [0, 40, 60])
def test_notes_are_put_in_order_and_equal_ones_stay(spread: int) -> None:
    """Hashes over the whole range, and such that differ in their last bits alone."""
    for size in (0, 1, 2, 70, 5000):
        hashes = np.random.default_rng(size).integers(0, 1 << 64, size, np.uint64) >> np.uint64(spread)
        hashes[size // 2 :] = hashes[: size - size // 2][::-1]
        assert notes.order_of(hashes).tolist() == sorted(range(size), key=hashes.tolist().__getitem__)
