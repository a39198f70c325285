"""What a run over more rows of the same kind would take."""

import pytest

from tests.workflows.engine.bench import Bench
from workflows.engine.preview import preview
from workflows.engine.scaled import scaled


def test_a_larger_run_is_told_with_what_its_groups_spill(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": f"page {number} of the book", "n": number} for number in range(200)])
    graph = bench.graph("id: near, op: minhash_dedup, from: rows, on: text ;; id: last, op: exact_dedup, from: near, on: text")
    seen = preview(graph, bench.folder / "cache", rows=100, workers=2)
    near, far = (scaled(seen, graph, size) for size in (seen.bytes, 1e12))
    assert near.rows == pytest.approx(200)
    assert far.rows == pytest.approx(200 * 1e12 / seen.bytes)
    assert [one.step for one in near.groups] == ["near", "last"]
    assert [one.index for one in near.groups] == pytest.approx([200 * 32 * 12, 200 * (12 + 16)])
    assert [one.partitions for one in near.groups] == [1, 1]
    assert far.groups[0].partitions == 4096
    assert far.seconds > 1e6 * near.seconds / seen.bytes
    assert far.memory > 24 * far.rows
