"""Cut steps: what goes, in any order, cut and kind of rows; what previews, books and traces say of it."""

import random
from importlib import import_module

import pytest

from tests.tools.repeats import cut_lines
from tests.workflows.engine.bench import FILE, Bench, Row, books
from workflows.engine import sample as sampling
from workflows.engine.preview import Preview, preview
from workflows.engine.trace import trace

CUT = "id: last, op: line_dedup, from: rows, with: {shortest: 1}"


def many(count: int, seed: int = 1) -> list[Row]:
    draw = random.Random(seed)
    return [{"text": "".join(f"line {draw.randrange(400)}\n" for _ in range(draw.randrange(6))), "n": number} for number in range(count)]


@pytest.mark.parametrize("workers", [1, 2])
def test_shards_and_workers_do_not_show(bench: Bench, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("workflows.engine.execute"), "SMALL_INPUT", 0)
    monkeypatch.setattr(import_module("workflows.engine.cuts"), "PARTITION_BYTES", 1 << 10)
    rows = many(300)
    bench.write("rows.jsonl", rows)
    graph = bench.graph(CUT)
    result = bench.run(graph, run=f"run{workers}", shard_bytes=3_000, workers=workers)
    left = cut_lines([str(row["text"]) for row in rows], shortest=1)
    assert bench.column("text") == left
    (step,) = result.steps
    assert step.cut == sum(len(str(row["text"])) - len(text) for row, text in zip(rows, left, strict=True))
    assert step.changed == sum(row["text"] != text for row, text in zip(rows, left, strict=True))
    assert books(result) == books(bench.run(graph, cache="other"))


def test_the_stream_decides_which_line_is_first(bench: Bench) -> None:
    bench.write("a.jsonl", [{"text": "x\n"}, {"text": "y\n"}])
    bench.write("b.jsonl", [{"text": "y\nz\n"}])
    both = "a: {path: a.jsonl} ;; b: {path: b.jsonl}"
    bench.run(bench.graph("id: last, op: line_dedup, from: [b, a], with: {shortest: 1}", sources=both))
    assert bench.column("text") == ["y\nz\n", "x\n", ""]


def test_the_order_that_a_step_made_decides_too(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "same\n1", "n": 1}, {"text": "same\n5", "n": 5}, {"text": "same\n3", "n": 3}])
    steps = "id: sorted, op: top_k, from: rows, on: n, with: {share: 1.0} ;; id: last, op: line_dedup, from: sorted, with: {shortest: 1}"
    for shard_bytes in (10, 1 << 20):
        bench.run(bench.graph(steps), shard_bytes=shard_bytes)
        assert bench.column("text") == ["same\n5", "3", "1"]


def test_rows_that_other_steps_dropped_and_bore_are_cut_like_others(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "aaa\n" * 9}, {"text": "aaa\nb"}, {"text": "aaa\nc"}])
    small = "id: size, op: size, from: rows, with: {at_least: 20} ;; id: last, op: line_dedup, from: size.dropped, with: {shortest: 1}"
    bench.run(bench.graph(small), shard_bytes=10)
    assert bench.column("text") == ["aaa\nb", "c"]
    born = "id: parts, op: choosy_expand, from: rows ;; id: last, op: line_dedup, from: parts, with: {shortest: 1}"
    bench.run(bench.graph(born), shard_bytes=10)
    assert "".join(str(text) for text in bench.column("text")).count("aaa\n") == 1


def test_nulls_are_left_alone_or_dropped(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": None, "n": 0}, {"text": "a\n", "n": 1}, {"text": None, "n": 2}, {"text": "a\nb", "n": 3}])
    bench.run(bench.graph(CUT + ", on: text"))
    assert bench.column("text") == [None, "a\n", None, "b"]
    bench.run(bench.graph(CUT + ", on: text, nulls: drop"))
    assert bench.column("n") == [1, 3]


def test_steps_behind_read_what_is_left(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "menu\nstory"}, {"text": "menu"}, {"text": "menu\nend"}])
    steps = f"{CUT.replace('last', 'cut')} ;; id: empty, op: is_empty, from: cut, with: {{keep: filled}} ;; id: last, op: shout, from: empty"
    result = bench.run(bench.graph(steps))
    assert bench.column("text") == ["MENU\nSTORY", "END"]
    assert result.states == {"kept": 2, "dropped": 1}


def test_lines_of_a_reference_are_cut_and_its_own_are_not(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "new\nknown"}, {"text": "known"}])
    bench.write("old.jsonl", [{"text": "known\nknown"}])
    sources = "rows: {path: rows.jsonl} ;; old: {path: old.jsonl}"
    bench.run(bench.graph("id: last, op: line_dedup, from: {rows: rows, against: old}, with: {shortest: 1}", sources=sources))
    assert bench.column("text") == ["new\n", ""]


def test_another_bound_reads_no_text_again(bench: Bench) -> None:
    bench.write("rows.jsonl", many(50))
    bench.run(bench.graph(CUT), run="one")
    before = bench.cached()
    bench.run(bench.graph(CUT.replace("shortest: 1", "shortest: 1, seen_at_least: 3")), run="two")
    assert bench.cached() == before


def test_a_row_tells_what_it_lost_and_where_that_lives_on(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "mené\nstory"}, {"text": "end\nmené"}])
    graph = bench.graph(CUT)
    bench.run(graph)
    second = next(int(str(row["row"])) for row in bench.ledger() if row["line"] == 2)
    (step,) = trace(graph, bench.folder / "run", bench.folder / "cache", second).steps
    (span,) = step.cut
    assert (span.start, span.stop, span.text, span.into) == (4, 9, "mené", (0, 0))
    assert (step.before["text"], step.after["text"]) == ("end\nmené", "end\n")


def tried(bench: Bench, steps: str, **more: object) -> Preview:
    return preview(bench.graph(steps), bench.folder / "cache", rows=50, **more)  # type: ignore[arg-type]


def test_a_small_input_is_previewed_to_the_row(bench: Bench) -> None:
    rows = many(60)
    bench.write("rows.jsonl", rows)
    (step,) = tried(bench, CUT).steps
    left = cut_lines([str(row["text"]) for row in rows], shortest=1)
    assert step.changed == sum(row["text"] != text for row, text in zip(rows, left, strict=True))
    assert (step.rows_out, step.share) == (60, 1.0)


def test_of_a_large_input_all_rows_are_known_to_stay_and_what_is_left_of_them_is_not(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "WHOLE_BYTES", 0)
    bench.write("rows.jsonl", many(4_000))
    steps = f"{CUT.replace('last', 'cut')} ;; id: last, op: is_empty, from: cut, with: {{keep: filled}}"
    cut, filled = tried(bench, steps, keys=False).steps
    assert (cut.share, cut.rows_low <= 4_000 <= cut.rows_high, cut.changed) == (1.0, True, None)
    assert (filled.rows_out, filled.rows_low) == (None, 0.0)
    bench.run(bench.graph(steps))
    kept = len(bench.rows())
    cut, told = tried(bench, steps, keys=True).steps
    assert cut.changed is not None
    assert told.rows_out is not None
    assert told.rows_low <= kept <= told.rows_high


def test_numbers_of_rows_that_lost_nothing_stay_as_they_were_written(bench: Bench) -> None:
    bench.put("rows.jsonl", b'{"text": "a",   "n": 1.50}\n{"n": 2e0, "text": "a\\u00e9"}\n{"text": "a"}\n')
    bench.run(bench.graph(CUT))
    assert bench.bytes().splitlines()[:2] == b'{"text": "a",   "n": 1.50}\n{"n": 2e0, "text": "a\\u00e9"}'.splitlines()
    assert bench.column("text")[2] == ""
    assert all(int(str(row["row"])) < FILE for row in bench.ledger())
