"""JSON Lines: what is a row, what is not, and that untouched bytes come back as they were."""

import json
import subprocess
import sys
from dataclasses import replace

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from format_files import as_read, written
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.errors import RecipeError
from tools.formats.json_array import JsonArray
from tools.formats.json_types import JSON_TEXT, is_json_text
from tools.formats.jsonl import Jsonl, WriteJsonl
from tools.storage import REST, ROW_LIMIT, File

ODD = [
    b'{"id": 12345678901234567890, "text": "a\\u0062", "tags": [1,  2]}',
    b'{"text":"second","id":5}',
    b' {"id": 1e5, "text": "\xc3\xa9\\/", "new": {"k": [true]}, "more" : null}\t',
    b'{"id":-0,"text":"\\ud83d\\ude00"}',
    b"{}",
]


def test_types_come_from_all_values(reader):
    rows = [
        {"int": 1, "mixed": 1, "flag": True, "none": None, "list": [1], "clash": 5, "big": 2**63, "late": 1, "open": {"a": 1}, "empty": []},
        {"int": 2, "mixed": 1.5, "flag": None, "none": None, "list": [], "clash": "abc", "big": 1, "open": {"b": 1}, "empty": []},
        {"int": -(2**63), "mixed": 2, "flag": False, "list": [2], "clash": {"a": 1}, "open": {"c": 1}, "when": "2020-01-01"},
    ]
    out = reader.data(Jsonl(), "\n".join(json.dumps(row) for row in rows).encode())
    schema = out.loaded[0].table.schema
    told = {one.name: "json" if is_json_text(one) else str(one.type) for one in schema}
    assert told == {
        "int": "int64",
        "mixed": "double",
        "flag": "bool",
        "none": "string",
        "list": "list<item: int64>",
        "clash": "json",
        "big": "json",
        "late": "int64",
        "open": "json",
        "empty": "json",
        "when": "string",
    }
    assert [row["clash"] for row in out.rows] == ["5", '"abc"', '{"a": 1}']
    assert out.rows[0]["big"] == "9223372036854775808"


def test_bad_lines_are_kept_with_their_place(reader):
    data = b'{"a": 1}\n{"a": oops}\n\n{"a": "x"}\r\n[1]\n{"a": 2}'
    out = reader.data(Jsonl(), data, schema=pa.schema([("a", pa.int64())]))
    assert out.rows == [{"a": 1}, {"a": 2}]
    assert out.places == [(0, 0, 0), (0, data.index(b'{"a": 2}'), 5)]
    assert [(offset, line, raw, misfit) for _, offset, line, _, raw, misfit in out.bad] == [
        (9, 1, b'{"a": oops}', ""),
        (22, 3, b'{"a": "x"}', "a"),
        (34, 4, b"[1]", ""),
    ]
    assert "does not fit the column 'a' of type int64" in out.bad[1][3]
    assert out.loaded[0].lines == 6


def test_lines_count_on_from_shard_to_shard(reader):
    data = b'\n{"a": 1}\n\n' * 500
    out = reader.data(Jsonl(), data, shard_bytes=100)
    assert [line for _, _, line in out.places] == list(range(1, 1500, 3))
    assert [shard.line for shard in out.shards] == [data[: shard.start].count(b"\n") for shard in out.shards]


def test_keys_of_the_schema_only_and_the_rest_apart(reader):
    out = reader.data(Jsonl(), b'{"a": 1}\n{"b" : [1, 2], "a": 2, "\\u0063":"x", "_rest": 5}\n', schema=pa.schema([("a", pa.int64())]))
    assert [row[REST] for row in out.rows] == [None, '{"b" : [1, 2],"\\u0063":"x","_rest": 5}']
    assert is_json_text(out.loaded[0].table.schema.field(REST))


def test_projection_changes_neither_rows_nor_values(reader):
    data = b'{"a": 1, "b": "x"}\n{"a": 2, "b": 3}\n{"a": 3, "b": "z", "new": 1}\n'
    schema = pa.schema([("a", pa.int64()), ("b", pa.string()), ("c", pa.string())])
    out = reader.data(Jsonl(), data, schema=schema, columns=["c", "a"])
    assert out.loaded[0].table.column_names == ["c", "a", REST]
    assert [row["a"] for row in out.rows] == [1, 3]
    assert reader.data(Jsonl(), b'{"a": 1, "b": "x"}\n', schema=schema, columns=["b"]).rows == [{"b": "x"}]
    assert reader.data(Jsonl(), b'{"a": 1, "b": "x"}\n', schema=schema, columns=[]).loaded[0].offset.to_pylist() == [0]


@pytest.mark.parametrize("source", [Jsonl(), JsonArray()])
@pytest.mark.parametrize("kernels", ["on", "off"])
def test_some_rows_are_read_as_they_are_among_all(source, kernels, reader, monkeypatch):
    monkeypatch.setenv("WINNOW_KERNELS", kernels)
    plain = [json.dumps({"id": number, "text": f"{number} \x00 é漢 \u2028" * number}, ensure_ascii=False).encode() for number in range(30)]
    lines = [*plain[:9], *ODD[1:], *plain[9:20], b'{"id":"no number"}', *plain[20:], b'{"new" : 1, "text": "a"}']
    middle = b"\n\r\n" if isinstance(source, Jsonl) else b" ,\n"
    data = middle.join(lines) if isinstance(source, Jsonl) else b"[" + middle.join(lines) + b"]"
    schema = pa.schema([("id", pa.int64()), ("text", pa.string())])
    out = reader.data(source, data, schema=schema)
    all_rows = out.loaded[0]
    for at in ([0], [3, 4, 11], list(range(0, len(all_rows.offset), 2)), list(range(len(all_rows.offset)))):
        where = (one.to_numpy()[at] for one in (all_rows.offset, all_rows.length))
        picked = source.pick(out.shards[0], schema, ["text", "id", REST], *where)
        assert picked.to_pylist() == all_rows.table.select(["text", "id", REST]).take(at).to_pylist()


def test_rows_are_not_picked_from_a_file_that_has_changed(reader):
    schema = pa.schema([("a", pa.int64())])
    out = reader.data(Jsonl(), b'{"a": 1}\n{"a": 2}\n', schema=schema)
    (reader.folder / "a.txt").write_bytes(b'[[[[[ 1}\n{"a": 2}\n')
    with pytest.raises(RecipeError, match="has changed since the run began"):
        Jsonl().pick(out.shards[0], schema, ["a"], out.loaded[0].offset.to_numpy(), out.loaded[0].length.to_numpy())


def test_untouched_rows_are_copied_byte_for_byte(reader, tmp_path):
    data = b"\xef\xbb\xbf" + b"\r\n\r\n".join(ODD)
    for size in (20, 1 << 20):
        out = reader.data(Jsonl(), data, shard_bytes=size)
        pieces = [(one.table, as_read(shard, one)) for shard, one in zip(out.shards, out.loaded, strict=True)]
        assert written(WriteJsonl(), pieces, tmp_path) == b"\n".join(ODD) + b"\n"


def test_untouched_values_beside_touched_ones_are_spliced(reader, tmp_path):
    (shard,), (one,) = (lambda out: (out.shards, out.loaded))(reader.data(Jsonl(), b"\n".join(ODD)))
    table = one.table.set_column(one.table.column_names.index("text"), "text", pa.array(["X"] * 5))
    touched = {"text": pa.array([False, False, True, False, True])}
    read = as_read(shard, one, whole=False, touched=touched)
    lines = written(WriteJsonl(), [(table, read)], tmp_path).splitlines()
    assert lines[0] == b'{"id":12345678901234567890,"text":"a\\u0062","tags":[1,  2]}'
    assert lines[1] == b'{"id":5,"text":"second"}'
    assert lines[2] == b'{"id":1e5,"text":"X","new":{"k": [true]},"more":null}'
    assert lines[3] == b'{"id":-0,"text":"\\ud83d\\ude00"}'
    assert lines[4] == b'{"text":"X"}'
    whole = written(WriteJsonl(), [(table, replace(read, whole=True))], tmp_path).splitlines()
    assert whole == [ODD[0], ODD[1], lines[2], ODD[3], b'{"text":"X"}']


def test_renamed_columns_keep_their_bytes(reader, tmp_path):
    out = reader.data(Jsonl(), b'{"q\\"": 1.50, "b": 2}\n')
    table = out.loaded[0].table.select(['q"']).rename_columns(['new"'])
    read = as_read(out.shards[0], out.loaded[0], whole=False, keys={'new"': 'q"'})
    assert written(WriteJsonl(), [(table, read)], tmp_path) == b'{"new\\"":1.50}\n'


def test_keys_unknown_to_the_schema_are_written_back(reader, tmp_path):
    data = b'{"a": 1, "b": 2.50}\n{"a": 2}\n{"z": 1, "a": 3}\n'
    out = reader.data(Jsonl(), data, schema=pa.schema([("a", pa.int64())]))
    (shard,), (one,) = out.shards, out.loaded
    assert written(WriteJsonl(), [(one.table, None)], tmp_path) == b'{"a":1,"b": 2.50}\n{"a":2}\n{"a":3,"z": 1}\n'.replace(b'"b": ', b'"b": ')
    touched = {"a": pa.array([True, False, False])}
    undecoded = one.table.set_column(1, pa.field(REST, pa.string()), pa.nulls(3, pa.string()))
    read = as_read(shard, one, touched=touched, keys={"a": "a"})
    assert written(WriteJsonl(), [(undecoded, read)], tmp_path).splitlines() == [b'{"a":1,"b": 2.50}', b'{"a": 2}', b'{"z": 1, "a": 3}']
    renamed = one.table.rename_columns(["b", REST])
    assert written(WriteJsonl(), [(renamed, None)], tmp_path).splitlines() == [b'{"b":1}', b'{"b":2}', b'{"b":3,"z": 1}']


def test_born_rows_are_encoded_among_copied_ones(reader, tmp_path):
    out = reader.data(Jsonl(), b'{"a": 1}\n{"a": 2}\n')
    read = as_read(out.shards[0], out.loaded[0])
    read = replace(read, records=pc.if_else(pa.array([True, False]), read.records, pa.scalar(None, pa.large_binary())))
    assert written(WriteJsonl(), [(out.loaded[0].table, read)], tmp_path) == b'{"a": 1}\n{"a":2}\n'


def test_a_record_of_another_format_is_not_copied(reader, tmp_path):
    out = reader.data(Jsonl(), b'{"a" : 1}\n')
    read = as_read(out.shards[0], out.loaded[0], form="json")
    assert written(WriteJsonl(), [(out.loaded[0].table, read)], tmp_path) == b'{"a":1}\n'


def test_values_of_all_types_are_json(tmp_path):
    from datetime import UTC, date, datetime
    from decimal import Decimal

    when = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    table = pa.table(
        {
            "text": ['"\n\u2028é\0', None],
            "float": [float("nan"), 1e300],
            "small": pa.array([0.1, None], pa.float32()),
            "flag": [True, False],
            "bytes": [b"\xff", None],
            "when": pa.array([when, None], pa.timestamp("ns", "UTC")),
            "day": [date(2020, 1, 2), None],
            "many": pa.array([[when], []], pa.list_(pa.timestamp("ns", "UTC"))),
            "money": [Decimal("1.10"), None],
            "nested": [{"a": float("inf"), "b": [1]}, None],
        }
    )
    table = table.append_column(pa.field("json", pa.string(), metadata=JSON_TEXT), pa.array(['{"a":\n1}', "no json"]))
    rows = [orjson.loads(line) for line in written(WriteJsonl(), [(table, None)], tmp_path).splitlines()]
    assert rows[0] == {
        "text": '"\n\u2028é\0',
        "float": None,
        "small": 0.1,
        "flag": True,
        "bytes": "/w==",
        "when": "2020-01-02T03:04:05.000000000Z",
        "day": "2020-01-02",
        "many": ["2020-01-02T03:04:05+00:00"],
        "money": 1.1,
        "nested": {"a": None, "b": [1]},
        "json": {"a": 1},
    }
    assert rows[1] == {**dict.fromkeys(rows[0]), "float": 1e300, "flag": False, "many": [], "json": "no json"}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda x: st.lists(x, max_size=3) | st.dictionaries(TEXTS, x, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.dictionaries(TEXTS.filter(lambda key: key != REST), JSON, max_size=5), min_size=1, max_size=8))
def test_what_is_encoded_reads_back_the_same(rows, tmp_path_factory):
    from format_files import Reader

    folder = tmp_path_factory.mktemp("rows")
    data = "\n".join(json.dumps(row) for row in rows).encode()
    out = Reader(folder).data(Jsonl(), data)
    assert not out.bad
    (folder / "again.jsonl").write_bytes(written(WriteJsonl(), [(out.loaded[0].table, None)], folder))
    again = Reader(folder).read(Jsonl(), File(path=str(folder / "again.jsonl"), inside="again.jsonl"), schema=out.loaded[0].table.schema)
    assert repr(again.rows) == repr(out.rows)
    read = as_read(out.shards[0], out.loaded[0], whole=False)
    spliced = [json.loads(line) for line in written(WriteJsonl(), [(out.loaded[0].table, read)], folder).splitlines()]
    assert repr([sorted(row.items()) for row in spliced]) == repr([sorted(row.items()) for row in rows])


@pytest.mark.parametrize("compression", ["gz", "zst", "bz2", "xz"])
def test_joined_files_are_readable_and_the_same_each_time(compression, reader, tmp_path):
    table = pa.table({"a": list(range(100))})
    pieces = [(table, None), (table.slice(0, 0), None), (table, None)]
    first = written(WriteJsonl(), pieces, tmp_path, compression)
    assert first == written(WriteJsonl(), pieces, tmp_path, compression)
    path = tmp_path / f"a.jsonl.{compression}"
    path.write_bytes(first)
    assert [row["a"] for row in reader.read(Jsonl(), File(path=str(path), inside="a")).rows] == [*range(100), *range(100)]


def test_no_rows_make_an_empty_file(tmp_path):
    assert written(WriteJsonl(), [], tmp_path) == b""


def test_ten_thousand_columns_are_read_and_one_more_is_refused(reader, tmp_path):
    row = {f"c{index}": index for index in range(10_000)}
    out = reader.data(Jsonl(), json.dumps(row).encode())
    assert out.rows == [row]
    assert json.loads(written(WriteJsonl(), [(out.loaded[0].table, None)], tmp_path)) == row
    with pytest.raises(RecipeError, match="more than 10000 columns"):
        reader.data(Jsonl(), json.dumps({**row, "one more": 1}).encode())


def test_a_giant_line_is_quarantined_and_cut(reader):
    giant = b'{"a": "' + b"x" * (ROW_LIMIT + 5) + b'"}'
    data = b'{"a": "1"}\n' + giant + b'\n{"a": "2"}\n'
    for packing in ("", ".gz"):
        out = reader.read(Jsonl(), reader.file(data, "a", packing), 1 << 20)
        assert [row["a"] for row in out.rows] == ["1", "2"]
        ((_, offset, line, reason, raw, _),) = out.bad
        assert (offset, line, raw) == (11, 1, giant[:ROW_LIMIT])
        assert "limit" in reason
        assert [one.length for loaded in out.loaded for one in loaded.bad] == [len(giant)]


@pytest.mark.slow
def test_a_line_of_100_mb_takes_little_memory(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": "1"}\n{"a": "' + b"x" * (150 << 20) + b'"}\n{"a": "2"}\n')
    assert _peak(path, tmp_path) < 250


@pytest.mark.slow
def test_a_shard_of_32_mb_takes_little_memory(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(json.dumps({"n": n, "text": "some text, \n" * 40}).encode() + b"\n" for n in range(60_000)))
    assert _peak(path, tmp_path) < 250


def _peak(path, folder) -> float:
    """Megabytes above the base that loading takes, in a process of its own."""
    script = """
import resource, sys
from pathlib import Path
import pyarrow as pa, pyarrow.json, pyarrow.compute, xxhash
from tools.formats.jsonl import Jsonl
from tools.storage import File
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
files = [File(path=sys.argv[1], inside="a")]
source = Jsonl()
schema = source.infer(source.slices(files, Path(sys.argv[2]), 16, 1 << 16))
for shard in source.shards(files, Path(sys.argv[2]), 32 << 20):
    source.load(shard, schema)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) / 1024)
"""
    done = subprocess.run([sys.executable, "-c", script, str(path), str(folder)], capture_output=True, text=True, check=True)
    return float(done.stdout)
