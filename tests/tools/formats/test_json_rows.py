"""The bulk reader and the exact reader agree on every record."""

import json
import os
from unittest.mock import patch

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.formats.json_rows import Reader, read_rows
from tools.formats.json_schema import infer
from tools.formats.json_types import is_json_text
from tools.formats.json_values import NotJson, members, values
from tools.formats.records import Spans, as_bytes, blank, lines_of, trimmed
from tools.storage import REST

KEYS = st.sampled_from(["a", "b", "c", "d e", "ä", 'q"', "\\", "_rest", ""])
NUMBERS = st.sampled_from(
    ["0", "-0", "5", "-0.0", "1.0", "1e2", "1E-400", "9223372036854775807", "9223372036854775808", "0.1", "1e400", "01", "NaN", "-"]
)
STRINGS = st.sampled_from(
    ['""', '"x"', '"2020-01-01"', '"\\u0000"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\n{}[]:,\\""', '"\\\\"', '"é漢"', '"\t"', '"a']
)
SCALARS = st.one_of(NUMBERS, STRINGS, st.sampled_from(["null", "true", "false", "nul", "Infinity"]))


def _object(pairs):
    return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {value}" for key, value in pairs) + "}"


VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ",".join(items) + "]"),
        st.lists(st.tuples(KEYS, inner), max_size=3).map(_object),
    ),
    max_leaves=6,
)
RECORDS = st.one_of(
    st.lists(st.tuples(KEYS, VALUES), max_size=5).map(_object),
    st.sampled_from(
        [
            "{}",
            "[]",
            "5",
            '{"a":1} {"a":2}',
            '{"a":1}}',
            '{"a":1',
            "{,}",
            '{"a" 1}',
            ' {"a":1}\t',
            '{"a":1,}',
            "\ufeff{}",
            '{"a"::1}',
            '{"a":1 "b":2}',
        ]
    ),
)


def _spans(data):
    buffer = pa.py_buffer(data)
    spans, _ = lines_of(as_bytes(buffer))
    spans = spans.only(~blank(as_bytes(buffer), spans))
    return buffer, Spans(*trimmed(as_bytes(buffer), spans.start, spans.stop), spans.line)


def _read(mode, buffer, spans, schema):
    with patch.dict(os.environ, WINNOW_KERNELS=mode):
        return read_rows(buffer, spans, schema)


def _both_ways(data, schema):
    buffer, spans = _spans(data)
    compiled_way, fast = [_read(mode, buffer, spans, schema) for mode in ("on", "off")]
    assert (compiled_way.kept.tolist(), compiled_way.refused) == (fast.kept.tolist(), fast.refused)
    assert compiled_way.table.equals(fast.table, check_metadata=True) or _printed(compiled_way.table) == _printed(fast.table)  # NaN
    reader = Reader(schema)
    slow = reader.joined([reader.one_by_one(buffer, spans)])
    return fast, slow


@settings(max_examples=400, deadline=None)
@given(sample=st.lists(RECORDS, max_size=6), rows=st.lists(RECORDS, min_size=1, max_size=12))
def test_both_readers_agree(sample, rows):
    schema = infer(_good(sample))
    fast, slow = _both_ways("\n".join(rows).encode(), schema)
    assert fast.kept.tolist() == slow.kept.tolist()
    assert fast.refused == slow.refused
    assert fast.table.schema.equals(slow.table.schema, check_metadata=True)
    assert _printed(fast.table) == _printed(slow.table)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(rows=st.lists(st.lists(st.tuples(KEYS, VALUES), max_size=4, unique_by=lambda pair: pair[0]).map(_object), min_size=1, max_size=12))
def test_a_schema_from_all_rows_fits_all_rows(rows):
    good = [row for row in rows if _is_good(row)]
    schema = infer(_good(good))
    fast, slow = _both_ways("\n".join(good).encode(), schema)
    assert not fast.refused
    assert _printed(fast.table) == _printed(slow.table)
    assert [one.name for one in fast.table.schema if is_json_text(one)] == [one.name for one in slow.table.schema if is_json_text(one)]


@given(
    data=st.lists(
        st.sampled_from([b'{"a":', b'"x"', b"\xff", b"}", b"{", b",", b'"', b"\\", b"\n", b" ", b"\r", b"\0", b"\xef\xbb\xbf", b"1"]), max_size=30
    )
)
def test_no_bytes_break_either_reader(data):
    fast, slow = _both_ways(b"".join(data), pa.schema([("a", pa.string())]))
    assert fast.kept.tolist() == slow.kept.tolist()
    assert fast.refused == slow.refused
    assert _printed(fast.table) == _printed(slow.table)


@pytest.mark.parametrize("kind", [pa.int32(), pa.float32(), pa.timestamp("us"), pa.date32(), pa.list_(pa.int16())])
def test_declared_types_are_read_alike(kind):
    rows = ['{"a":1}', '{"a":3000000000}', '{"a":"2020-01-02"}', '{"a":"x"}', '{"a":[1,2]}', '{"a":[70000]}', '{"a":null}', '{"a":0.1}']
    fast, slow = _both_ways("\n".join(rows).encode(), pa.schema([("a", kind)]))
    assert fast.refused == slow.refused
    assert fast.table.equals(slow.table)
    alone = [_both_ways(row.encode(), pa.schema([("a", kind)]))[0].table.num_rows for row in rows]
    assert sum(alone) == fast.table.num_rows > 1


FLAT = pa.schema([("a", pa.string()), ("b", pa.int64()), ("c", pa.bool_())])


@settings(max_examples=300)
@given(rows=st.lists(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), SCALARS), max_size=4).map(_object), min_size=1, max_size=12))
def test_flat_records_are_read_alike_by_the_compiled_loop(rows):
    fast, slow = _both_ways("\n".join(rows).encode(), FLAT)
    assert fast.refused == slow.refused
    assert _printed(fast.table) == _printed(slow.table)


def test_the_compiled_loop_goes_on_after_a_block_that_it_leaves_to_others(monkeypatch):
    monkeypatch.setattr("tools.formats.json_rows.BLOCK", 300)
    odd = ['{"a":"\\ud800"}', '{"a":"x","b":1.0}', '{"b":-0}', '{"a":"é\\u6f22\\ud83d\\ude00","c":true}', '{"c":null,"b":-9000000000000000000}']
    rows = [f'{{"a": "{"y" * (n % 50)}", "b": {n}, "c": {"true" if n % 2 else "false"}}}' for n in range(60)]
    for n, row in enumerate(odd):
        rows.insert(n * 11 + 3, row)
    fast, slow = _both_ways("\n".join(rows).encode(), FLAT)
    assert fast.refused == slow.refused
    assert fast.table.num_rows == 63
    assert _printed(fast.table) == _printed(slow.table)


def test_bulk_is_used_where_nothing_is_odd():
    data = "\n".join(json.dumps({"a": index, "b": str(index), "c": [index, "x"], "new": None}) for index in range(100)).encode()
    buffer, spans = _spans(data)
    schema = infer(_good(['{"a":1,"b":"x","c":[1,"x"]}']))
    assert is_json_text(schema.field("c"))
    table = Reader(schema).in_bulk(buffer, spans)
    assert table is not None
    assert table.column_names == ["a", "b", "c", REST]
    assert table[REST][0].as_py() == '{"new": null}'
    assert table["c"][7].as_py() == '[7, "x"]'


@given(row=RECORDS)
def test_the_quick_reader_takes_what_the_exact_one_takes(row):
    try:
        quick = values(row.encode())
    except NotJson:
        quick = None
    exact = {member.key: member.value for member in members(row.encode())} if _is_good(row) else None
    assert repr(quick) == repr(exact)


def test_reasons_name_what_is_wrong():
    rows = [
        b"{",
        b"[1]",
        b'{"a":1,"a":2}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b'{"a":NaN}',
        b'{"a":' + b"[" * 200 + b"]" * 200 + b"}",
        b'{"a":' + b"1" * 5000 + b"}",
    ]
    buffer, spans = _spans(b"\n".join(rows))
    reasons = [one.reason for one in read_rows(buffer, spans, pa.schema([])).refused]
    words = ["not JSON", "not a JSON object", "'a' stands twice", "surrogate", "not UTF-8", "NaN", "deeper than 128", "4,300 digits"]
    assert [word in reason for word, reason in zip(words, reasons, strict=True)] == [True] * len(words)


def test_very_deep_nesting_is_refused_not_crashed_on():
    data = b'{"a":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}"
    for schema in (pa.schema([]), pa.schema([("a", pa.string())])):
        fast, _ = _both_ways(data, schema)
        assert len(fast.refused) == 1


def _good(rows):
    return [values(row.encode()) for row in rows if _is_good(row)]


def _is_good(row):
    try:
        members(row.encode())
    except NotJson:
        return False
    return True


def _printed(table):
    return [repr(row) for row in table.to_pylist()]
