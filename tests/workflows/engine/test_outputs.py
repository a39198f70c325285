"""What is written: several outputs and ports, in order, values that no step touched as they were read."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.workflows.engine.bench import Bench, Row
from tools.formats import json_source
from tools.formats.json_rows import Rows, read_rows
from tools.formats.records import Spans

ROWS: list[Row] = [{"text": f"row {number}", "n": number} for number in range(6)]


def test_ports_and_sources_go_to_outputs_of_their_own(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    steps = "id: a, op: field, from: rows, with: {where: n < 4} ;; id: last, op: field, from: a, with: {where: n < 2}"
    outputs = "out: {from: last, path: out.jsonl} ;; gone: {from: [a.dropped, last.dropped], path: gone.jsonl} ;; all: {from: rows, path: all.jsonl}"
    result = bench.run(bench.graph(steps, outputs), shard_bytes=40)
    assert bench.column("n") == [0, 1]
    assert bench.column("n", "gone.jsonl") == [4, 5, 2, 3]
    assert bench.bytes("all.jsonl") == (bench.folder / "rows.jsonl").read_bytes()
    assert result.states == {"kept": 6}
    assert result.rows_out == 12
    assert [(one.name, one.rows) for one in result.outputs] == [("out", 2), ("gone", 4), ("all", 6)]


def test_rows_that_nobody_reads_are_unused(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    steps = "id: last, op: split, from: rows, with: {validation: 0.5}"
    result = bench.run(bench.graph(steps, "out: {from: last.train, path: out.jsonl}"))
    assert result.states == {"kept": 3, "unused": 3}


@pytest.mark.parametrize("shard_bytes", [30, 1 << 20])
def test_what_no_step_touched_is_written_as_it_was_read(bench: Bench, shard_bytes: int) -> None:
    lines = [
        b'{"n":12345678901234567890123, "text" : "a\\u00e9b",  "z": 1.0,"a": [1,  2]}',
        b'{"z":1e5,"text":"\\/","a":null}',
        '{"text":"é","n":-0,"a":{"k" :1}}'.encode(),
    ]
    bench.put("rows.jsonl", b"\n".join(lines) + b"\n")
    bench.run(bench.graph("id: last, op: size, from: rows"), shard_bytes=shard_bytes)
    assert bench.bytes() == b"\n".join(lines) + b"\n"
    bench.run(bench.graph("id: last, op: top_k, from: rows, on: z, with: {share: 1.0}"), "sorted", shard_bytes=shard_bytes)
    assert bench.bytes() == b"\n".join([lines[1], lines[0]]) + b"\n"


@pytest.mark.parametrize("shard_bytes", [30, 1 << 20])
def test_beside_a_value_that_changed_the_others_stay_as_read(bench: Bench, shard_bytes: int) -> None:
    bench.put("rows.jsonl", b'{"n":12345678901234567890123,"text":"same  ","z":1.0}\n{"n":1.50,"text":"fine","z":"\\u00e9"}\n')
    bench.run(bench.graph("id: last, op: normalise_whitespace, from: rows"), shard_bytes=shard_bytes)
    first, second = bench.bytes().splitlines()
    assert json.loads(first)["text"] == "same"
    assert b"12345678901234567890123" in first
    assert second == b'{"n":1.50,"text":"fine","z":"\\u00e9"}'


def test_a_record_is_decoded_once_and_again_only_where_it_is_compared(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*(" ".join(f"{name}{word}" for word in range(20)) for name in "abcdef"), "one and the same text of some words", "no JSON"]
    lines = [json.dumps({"text": text, "n": number}) for number, text in enumerate([*texts[:4], texts[6], *texts[4:7]])]
    bench.put("rows.jsonl", "\n".join([*lines[:2], texts[7], *lines[2:]]).encode())
    decoded: list[int] = []

    def counted(buffer: pa.Buffer, records: Spans, schema: pa.Schema) -> Rows:
        decoded.append(len(records))
        return read_rows(buffer, records, schema)

    monkeypatch.setattr(json_source, "read_rows", counted)
    bench.run(bench.graph("id: once, op: exact_dedup, from: rows, on: text", "out: {from: once, path: out.jsonl}"), "exact", "one")
    assert decoded == [9]
    assert bench.bytes().decode().splitlines() == lines[:-1]
    bench.run(bench.graph("id: near, op: minhash_dedup, from: rows, on: text", "out: {from: near, path: out.jsonl}"), "near", "two")
    assert decoded == [9, 9, 2]
    assert bench.bytes().decode().splitlines() == lines[:-1]


def test_values_may_be_renamed_dropped_and_added(bench: Bench) -> None:
    bench.write("rows.jsonl", [{"text": "a", "n": 1, "more": [1]}, {"text": "bb", "n": 2, "more": [2]}])
    steps = (
        "id: a, op: rename, from: rows, with: {names: {text: body}} ;; "
        "id: b, op: drop_columns, from: a, with: {columns: [more]} ;; "
        "id: c, op: size, from: b, on: body, as: long ;; "
        "id: last, op: derive, from: c, with: {column: both, value: n + long}"
    )
    bench.run(bench.graph(steps))
    assert bench.rows() == [{"body": "a", "n": 1, "long": 1, "both": 2}, {"body": "bb", "n": 2, "long": 2, "both": 4}]


@pytest.mark.parametrize("path", ["out.csv", "out.parquet", "out.json", "out.jsonl.gz", "out.jsonl.zst"])
def test_formats_hold_the_same_rows(bench: Bench, path: str) -> None:
    bench.write("rows.jsonl", ROWS)
    steps = "id: loud, op: shout, from: rows ;; id: last, op: field, from: loud, with: {where: n > 1}"
    result = bench.run(bench.graph(steps, f"out: {{from: last, path: {path}}}"), shard_bytes=40)
    assert result.outputs[0].rows == 4
    bench.run(bench.graph("id: last, op: size, from: again", "out: {from: last, path: again.jsonl}", f"again: {{path: {path}}}"), "again")
    assert bench.rows("again.jsonl") == [{"text": f"ROW {number}", "n": number} for number in range(2, 6)]


@pytest.mark.parametrize("path", ["out.csv", "out.parquet", "out.json", "out.jsonl"])
def test_an_output_without_rows_is_a_file_of_its_format(bench: Bench, path: str) -> None:
    bench.write("rows.jsonl", ROWS)
    result = bench.run(bench.graph("id: last, op: field, from: rows, with: {where: n > 9}", f"out: {{from: last, path: {path}}}"))
    assert result.outputs[0].rows == 0
    content = bench.bytes(path)
    if path == "out.parquet":
        assert pq.read_schema(bench.folder / path).names == ["text", "n"]
    else:
        assert content.split() == {"out.csv": [b"text,n"], "out.json": [b"[]"], "out.jsonl": []}[path] or json.loads(content) == []


def test_streams_of_other_columns_meet_with_nulls_and_wider_numbers(bench: Bench) -> None:
    bench.write("a.jsonl", [{"text": "a", "n": 1}])
    bench.write("b.jsonl", [{"n": 2.5, "more": "x"}])
    sources = "a: {path: a.jsonl} ;; b: {path: b.jsonl}"
    bench.run(bench.graph("id: last, op: field, from: [a, b], with: {where: n > 0}", sources=sources))
    assert bench.rows() == [{"text": "a", "n": 1.0, "more": None}, {"text": None, "n": 2.5, "more": "x"}]


def test_no_half_made_file_is_left_beside_the_output(bench: Bench) -> None:
    bench.write("rows.jsonl", ROWS)
    bench.run(bench.graph("id: last, op: size, from: rows", "out: {from: last, path: deep/out.jsonl}"))
    assert [path.name for path in (bench.folder / "deep").iterdir()] == ["out.jsonl"]
    assert not (bench.folder / "run" / "work").exists()


@pytest.mark.parametrize("shard_bytes", [40, 1 << 20])
def test_a_group_of_two_edges_of_one_source_keeps_its_measures(bench: Bench, shard_bytes: int) -> None:
    bench.write("rows.jsonl", [{"text": text, "n": number} for number, text in enumerate(["a b c", "z", "a b c!", "z.", "q"])])
    steps = (
        "id: a, op: field, from: rows, with: {where: n < 2} ;; "
        "id: last, op: minhash_dedup, from: [a.dropped, a], on: text, with: {ngram: 1}, keep_measures: true"
    )
    bench.run(bench.graph(steps, "out: {from: [last, last.dropped], path: out.jsonl}"), shard_bytes=shard_bytes)
    assert [(row["n"], row["jaccard"]) for row in bench.rows()] == [(2, None), (3, None), (4, None), (0, 1.0), (1, 1.0)]


LATE = {"text": "late", "n": -1, "surprise": {"deep": [1, None]}, "odd key": "é"}


@pytest.mark.parametrize("shard_bytes", [4_000, 1 << 20])
@pytest.mark.parametrize(
    "steps",
    [
        "id: last, op: size, from: [rows, more]",
        "id: last, op: top_k, from: [rows, more], on: n, with: {share: 1.0}",
        "id: last, op: shout, from: [more, rows]",
        "id: last, op: choosy_expand, from: [rows, more]",
        "id: a, op: rename, from: rows, with: {names: {n: m}} ;; id: last, op: size, from: a",
    ],
)
def test_keys_that_the_sample_did_not_see_go_along(bench: Bench, monkeypatch: pytest.MonkeyPatch, steps: str, shard_bytes: int) -> None:
    monkeypatch.setattr("workflows.sources.SLICES", 2)
    monkeypatch.setattr("workflows.sources.SLICE_BYTES", 500)
    bench.write("rows.jsonl", [*({"text": f"row {number}", "n": number} for number in range(1000)), LATE])
    bench.write("more.jsonl", [{"text": "x", "n": -2, "other": 1.5}])
    sources = "rows: {path: rows.jsonl}" + (" ;; more: {path: more.jsonl}" if "more" in steps else "")
    graph = bench.graph(steps, sources=sources)
    assert "surprise" not in graph.inputs[0].schema.names
    bench.run(graph, shard_bytes=shard_bytes)
    late = [row for row in bench.rows() if str(row["text"]).lower() == "late"]
    assert late
    for row in late:
        assert (row["surprise"], row["odd key"]) == (LATE["surprise"], LATE["odd key"])
    assert sum("surprise" in row for row in bench.rows()) == len(late)


@pytest.mark.parametrize("path", ["out.parquet", "out.csv"])
def test_keys_that_the_sample_did_not_see_have_no_column_in_a_table(bench: Bench, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr("workflows.sources.SLICES", 2)
    monkeypatch.setattr("workflows.sources.SLICE_BYTES", 500)
    bench.write("rows.jsonl", [*({"text": f"row {number}", "n": number} for number in range(1000)), LATE])
    bench.run(bench.graph("id: last, op: size, from: rows", f"out: {{from: last, path: {path}}}"), shard_bytes=4_000)
    bench.run(bench.graph("id: last, op: size, from: again", "out: {from: last, path: again.jsonl}", f"again: {{path: {path}}}"), "again")
    found = bench.rows("again.jsonl")
    assert len(found) == 1001
    assert found[-1] == (LATE if path == "out.parquet" else {"text": "late", "n": -1})


@pytest.mark.parametrize("shard_bytes", [60, 1 << 20])
def test_a_sorted_output_of_unlike_sources_has_every_value(bench: Bench, shard_bytes: int) -> None:
    bench.put("a.jsonl", b'{"n":1, "text":"\\u00e9", "big":12345678901234567890123}\n{"n": 4.0,"text":"b","_record_id":7}\n')
    bench.put("b.csv", b"text,n,_place\nc,2,x\n" + b'"d ""q""",5,y\n')
    bench.put("c.jsonl", b'{"n":3,"body":"e"}\n')
    steps = """id: sorted, op: top_k, from: [a, b, c, half], on: n, with: {share: 1.0, largest: false} ;;
    id: named, op: rename, from: c0, with: {names: {m: n}} ;; id: half, op: choosy_expand, from: named"""
    bench.write("c0.jsonl", [{"m": 3.5, "text": "born"}])
    sources = "a: {path: a.jsonl} ;; b: {path: b.csv} ;; c: {path: c.jsonl} ;; c0: {path: c0.jsonl}"
    bench.run(bench.graph(steps, "out: {from: sorted, path: out.jsonl}", sources), shard_bytes=shard_bytes)
    assert b'"text":"\\u00e9"' in bench.bytes()
    assert b"12345678901234567890123" in bench.bytes()
    told = [{key: value for key, value in row.items() if value is not None} for row in bench.rows()]
    assert told == [
        {"n": 1, "text": "é", "big": 12345678901234567890123},
        {"text": "c", "n": 2, "_place": "x"},
        {"n": 3, "body": "e"},
        {"text": "born", "n": 3.5},
        {"text": "born", "n": 3.5},
        {"n": 4.0, "text": "b", "_record_id": 7},
        {"text": 'd "q"', "n": 5, "_place": "y"},
    ]


@pytest.mark.parametrize("shard_bytes", [20, 1 << 20])
def test_a_sorted_csv_has_the_same_lines_in_another_order(bench: Bench, shard_bytes: int) -> None:
    bench.put("rows.csv", b'text,n\n"a, b",1\n"c",3\nd,2.5\n')
    out, rows = "out: {from: last, path: out.csv}", "rows: {path: rows.csv}"
    bench.run(bench.graph("id: last, op: words, from: rows, on: text", out, rows), "plain", shard_bytes=shard_bytes)
    head, first, second, third = bench.bytes("out.csv").splitlines()
    bench.run(bench.graph("id: last, op: top_k, from: rows, on: n, with: {rows: 9}", out, rows), shard_bytes=shard_bytes)
    assert bench.bytes("out.csv").splitlines() == [head, second, third, first]
