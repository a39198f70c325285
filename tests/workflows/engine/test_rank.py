"""Rank steps against a slow reference in plain Python: order, units, keys, weights, quotas on several ports."""

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workflows.engine.bench import Bench
from tests.workflows.engine.counting import Fill, FillInOrder
from workflows.given import Setting, Trial, run

PORTS = ("kept", "second", "third")
Row = Mapping[str, Any]
Quotas = Mapping[str, Mapping[str, Any]]


def reference(rows: Sequence[Row], quotas: Quotas) -> tuple[dict[int, str], list[int]]:
    """Port of each row, and all rows that have a value in the order of `by`."""
    units: dict[object, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if row["by"] is not None:
            units[(row["key"], row["unit"]) if row["unit"] is not None else at].append(at)

    def place(unit: object) -> tuple[bool, float, int]:
        best = min((math.isnan(rows[at]["by"]), 0.0 if math.isnan(rows[at]["by"]) else rows[at]["by"]) for at in units[unit])
        return *best, units[unit][0]

    order = sorted(units, key=place)
    ports: dict[int, str] = {}
    left = order
    for port, quota in quotas.items():
        taken, over = fill(
            [(unit, rows[units[unit][0]]["key"], len(units[unit]), sum(rows[at]["weight"] for at in units[unit])) for unit in left], quota
        )
        ports |= {at: port for unit in taken for at in units[unit]}
        left = over
    return ports, [at for unit in order for at in units[unit]]


def fill(units: list[tuple[object, Any, int, float]], quota: Mapping[str, Any]) -> tuple[list[object], list[object]]:
    """The units that fit one after the other; the first that does not closes the port: for its key where the limit is its key's, else for all."""
    used: dict[object, float] = defaultdict(float)
    closed: set[object] = set()
    taken, over = [], []
    for unit, key, rows, weight in units:
        per_key = [("rows", rows), ("weight", weight)]
        own = [(name, amount) for name, amount in per_key if isinstance(quota.get(name), dict)]
        common = [(name, amount) for name, amount in per_key if quota.get(name) is not None and not isinstance(quota[name], dict)]
        if any(used[name, key] + amount > quota[name].get("-" if key is None else key, 0) for name, amount in own):
            closed.add(("key", key))
        elif any(used[name] + amount > quota[name] for name, amount in common):
            closed |= set() if ("key", key) in closed else {"all"}
        if ("key", key) in closed or "all" in closed:
            over.append(unit)
            continue
        taken.append(unit)
        for name, amount in own:
            used[name, key] += amount
        for name, amount in common:
            used[name] += amount
    return taken, over


keys = st.sampled_from(["a", "b", "c", None])
rows_of = st.lists(
    st.fixed_dictionaries(
        {
            "by": st.one_of(st.none(), st.just(float("nan")), st.integers(-3, 3).map(float)),
            "key": keys,
            "weight": st.integers(0, 12).map(lambda n: n / 4),
            "unit": st.sampled_from(["u", "v", "w", "x"]),
        }
    ),
    max_size=25,
)
per_key = st.dictionaries(st.sampled_from(["a", "b", "c", "-"]), st.integers(0, 5), max_size=4)
limit = st.one_of(st.none(), st.integers(0, 10), per_key)
quotas_of = st.dictionaries(st.sampled_from(PORTS), st.fixed_dictionaries({"rows": limit, "weight": limit}), min_size=1)
traits = st.fixed_dictionaries({"has_key": st.booleans(), "has_weight": st.booleans(), "has_unit": st.booleans()})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(rows=rows_of, quotas=quotas_of, has=traits, reorders=st.booleans(), cut=st.sampled_from([0, 0, 3]))
def test_ports_fill_as_the_reference_says(rows: list[dict[str, Any]], quotas: Quotas, has: dict[str, bool], reorders: bool, cut: int) -> None:
    quotas = {port: dict(quotas[port]) for port in PORTS if port in quotas}
    made = (FillInOrder if reorders else Fill)(quotas=quotas, **has)
    table = pa.table(
        {
            "by": pa.array([row["by"] for row in rows], pa.float64(), from_pandas=False),
            "key": pa.array([row["key"] or "none" for row in rows], pa.string()),
            "weight": pa.array([row["weight"] for row in rows], pa.float64()),
            "unit": pa.array([row["unit"] for row in rows], pa.string()),
        }
    )
    outcome = run(Trial(operator=made, given=table, setting=Setting(cut=cut)))
    plain = [
        {
            "by": row["by"],
            "key": (row["key"] or "none") if has["has_key"] else None,
            "weight": row["weight"] if has["has_weight"] else 1.0,
            "unit": row["unit"] if has["has_unit"] else None,
        }
        for row in rows
    ]
    ports, order = reference(plain, quotas)
    for port in PORTS:
        mine = [at for at in (order if reorders else range(len(rows))) if ports.get(at) == port]
        assert outcome.rows(port) == mine, port
    nulls = [at for at, row in enumerate(rows) if row["by"] is None]
    assert [at for at, fate in enumerate(outcome.fates) if fate.reason == "null"] == nulls
    assert sorted(outcome.rows("dropped")) == sorted(nulls + [at for at in order if at not in ports])


def table_of(bench: Bench, *by: float | None) -> None:
    bench.write("rows.jsonl", [{"by": value, "n": number, "text": "x"} for number, value in enumerate(by)])


@pytest.mark.parametrize("shard_bytes", [30, 1 << 20])
def test_rows_leave_in_order_and_ties_in_the_order_of_the_input(bench: Bench, shard_bytes: int) -> None:
    table_of(bench, 1.0, 3.0, 2.0, 3.0, None, 0.5)
    bench.run(bench.graph("id: last, op: top_k, from: rows, with: {rows: 4}"), shard_bytes=shard_bytes)
    assert bench.column("n") == [1, 3, 2, 0]


@pytest.mark.parametrize("shard_bytes", [30, 1 << 20])
def test_the_order_lasts_through_the_steps_after_it(bench: Bench, shard_bytes: int) -> None:
    table_of(bench, *(float(number * 7 % 20) for number in range(20)))
    steps = (
        "id: sorted, op: top_k, from: rows, with: {share: 1.0} ;; "
        "id: loud, op: shout, from: sorted ;; "
        "id: even, op: field, from: loud, with: {where: n % 2 = 0} ;; "
        "id: last, op: choosy_expand, from: even"
    )
    bench.run(bench.graph(steps), shard_bytes=shard_bytes)
    wanted = [number for number in sorted(range(20), key=lambda number: -(number * 7 % 20)) if number % 2 == 0]
    assert bench.column("n") == [number for number in wanted for _ in range(2)]


@pytest.mark.parametrize("shard_bytes", [30, 1 << 20])
def test_the_first_of_a_sorted_stream_are_its_first(bench: Bench, shard_bytes: int) -> None:
    table_of(bench, 1.0, 9.0, 5.0, 7.0)
    steps = "id: sorted, op: top_k, from: rows, with: {share: 1.0} ;; id: last, op: first_n, from: sorted, with: {rows: 2}"
    bench.run(bench.graph(steps, "out: {from: last, path: out.jsonl} ;; rest: {from: last.dropped, path: rest.jsonl}"), shard_bytes=shard_bytes)
    assert bench.column("n") == [1, 3]
    assert bench.column("n", "rest.jsonl") == [2, 0]


@pytest.mark.parametrize("shard_bytes", [30, 1 << 20])
def test_a_list_of_a_sorted_and_a_plain_stream_keeps_both_orders(bench: Bench, shard_bytes: int) -> None:
    table_of(bench, 1.0, 9.0, 5.0, 7.0)
    bench.write("more.jsonl", [{"by": 2.0, "n": 10, "text": "x"}, {"by": 1.0, "n": 11, "text": "y"}])
    both = "rows: {path: rows.jsonl} ;; more: {path: more.jsonl}"
    steps = "id: sorted, op: top_k, from: rows, with: {share: 1.0} ;; id: last, op: size, from: [more, sorted]"
    bench.run(bench.graph(steps, sources=both), shard_bytes=shard_bytes)
    assert bench.column("n") == [10, 11, 1, 3, 2, 0]
    steps = "id: sorted, op: top_k, from: rows, with: {share: 1.0} ;; id: last, op: exact_dedup, from: [sorted, more]"
    bench.run(bench.graph(steps, sources=both), "second", shard_bytes=shard_bytes)
    assert bench.column("n") == [1, 11]


@pytest.mark.parametrize("shard_bytes", [30, 1 << 20])
def test_a_list_of_two_sorted_streams_keeps_both_orders(bench: Bench, shard_bytes: int) -> None:
    table_of(bench, 1.0, 9.0, 5.0, 7.0)
    bench.write("more.jsonl", [{"by": 2.0, "n": 10, "text": "x"}, {"by": 6.0, "n": 11, "text": "y"}, {"by": 4.0, "n": 12, "text": "y"}])
    both = "rows: {path: rows.jsonl} ;; more: {path: more.jsonl}"
    steps = (
        "id: one, op: top_k, from: rows, with: {share: 1.0} ;; "
        "id: two, op: top_k, from: more, with: {share: 1.0} ;; "
        "id: last, op: size, from: [two, one]"
    )
    outputs = "out: {from: last, path: out.jsonl} ;; straight: {from: [one, two], path: straight.jsonl}"
    bench.run(bench.graph(steps, outputs, both), shard_bytes=shard_bytes)
    assert bench.column("n") == [11, 12, 10, 1, 3, 2, 0]
    assert bench.column("n", "straight.jsonl") == [1, 3, 2, 0, 11, 12, 10]


def test_rows_without_a_value_come_last_among_the_dropped(bench: Bench) -> None:
    table_of(bench, None, 1.0, 2.0, None, 3.0)
    steps = "id: last, op: top_k, from: rows, with: {rows: 1}"
    bench.run(bench.graph(steps, "out: {from: last, path: out.jsonl} ;; rest: {from: last.dropped, path: rest.jsonl}"), shard_bytes=20)
    assert bench.column("n", "rest.jsonl") == [2, 1, 0, 3]


def test_a_row_that_is_refused_takes_no_place(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"by": "no number", "n": 0}, {"by": "1.5", "n": 1}, {"by": "2.5", "n": 2}])
    for nulls in ("drop", "keep"):
        bench.run(bench.graph(f"id: last, op: top_k, from: rows, with: {{rows: 3}}, nulls: {nulls}"), f"run-{nulls}")
        assert bench.column("n") == [2, 1]


def test_split_sides_never_share_a_group_and_lose_no_row(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"group": number % 13, "n": number} for number in range(200)])
    steps = "id: last, op: split, from: rows, with: {by: group, validation: 0.2, test: 0.1}"
    outputs = ";;".join(f"{port}: {{from: last.{port}, path: {port}.jsonl}}" for port in ("train", "validation", "test"))
    bench.run(bench.graph(steps, outputs), shard_bytes=300)
    sides = [{json.dumps(row["group"]) for row in bench.rows(f"{port}.jsonl")} for port in ("train", "validation", "test")]
    assert sum(map(len, sides)) == 13
    assert sum(len(bench.rows(f"{port}.jsonl")) for port in ("train", "validation", "test")) == 200


def test_a_split_parts_no_near_duplicates(bench: Bench) -> None:
    base = "page {0} tells of the harbour of town {0} and of its {0} ships at anchor in the bay this year"
    bench.write("rows.jsonl", [{"text": base.format(number // 4) + " again" * (number % 4 == 1), "page": number // 4} for number in range(80)])
    steps = (
        "id: near, op: minhash_dedup, from: rows ;; "
        "id: last, op: split, from: [near, near.dropped], on: {group: near.cluster}, with: {validation: 0.3, by: group}"
    )
    bench.run(bench.graph(steps, outputs="held: {from: last.validation, path: held.jsonl} ;; out: {from: last.train, path: out.jsonl}"))
    held, rest = set(bench.column("page", "held.jsonl")), set(bench.column("page"))
    assert len(bench.rows("held.jsonl")) + len(bench.rows()) == 80
    assert held
    assert not held & rest
