"""JSON files: an array, one object or many, however they are laid out; what stands between is told apart from what is lost."""

import json

import pytest
from format_files import as_read, written
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.formats.json_array import Elements, JsonArray, WriteJson
from tools.storage import File

VALUES = st.recursive(
    st.none() | st.integers(-9, 9) | st.sampled_from(["", "}{", '"', "\\", '\\"', "[,]:", "é\n"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", '"}', "\\"]), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.sampled_from(["a", "b", '"}', "\\"]), VALUES, max_size=3), max_size=8)


@settings(max_examples=100, deadline=None)
@given(rows=OBJECTS, indent=st.sampled_from([None, 0, 2]), cut=st.integers(1, 40), is_array=st.booleans())
def test_elements_are_found_however_the_blocks_are_cut(rows, indent, cut, is_array):
    texts = [json.dumps(row, indent=indent, ensure_ascii=False) for row in rows]
    data = ("[" + ", ".join(texts) + "]" if is_array else "\n".join(texts)).encode()
    finder = Elements()
    found = [finder.feed(data[at : at + cut], at) for at in range(0, len(data), cut)]
    starts = [int(one) for part in found for one in part[0]]
    stops = [int(one) for part in found for one in part[1]]
    assert [data[start:stop].decode() for start, stop in zip(starts, stops, strict=True)] == texts


@pytest.mark.parametrize(
    "data",
    [
        '[{"a": 1}, {"a": 2}]',
        '  [\n {"a": 1},\n {"a": 2}\n]\n',
        '{"a": 1}{"a": 2}',
        '{"a": 1}\n{"a": 2}\n',
        '[{"a": 1},{"a": 2},]',
        '\ufeff[{"a": 1}\n{"a": 2}',
    ],
)
def test_layouts(data, reader):
    for size in (5, 1 << 20):
        out = reader.data(JsonArray(), data.encode(), shard_bytes=size)
        assert out.rows == [{"a": 1}, {"a": 2}]
        assert [(offset, line) for _, offset, line in out.places] == [
            (at, data.encode()[:at].count(b"\n")) for at in (data.encode().index(b'{"a": 1'), data.encode().index(b'{"a": 2'))
        ]
        assert not out.bad


def test_one_object_is_one_row(reader):
    assert reader.data(JsonArray(), b'{"a": [1, 2]}').rows == [{"a": [1, 2]}]


def test_what_is_no_object_is_quarantined(reader):
    data = b'[{"a": 1}, 5, "x}{", null, {"a": 2}, [3], {"a": oops}, {"a": 3}] tail'
    for size in (5, 1 << 20):
        out = reader.data(JsonArray(), data, shard_bytes=size)
        assert out.rows == [{"a": 1}, {"a": 2}, {"a": 3}]
        assert [raw for *_, raw, _ in out.bad] == [b'5, "x}{", null', b"[3]", b'{"a": oops}', b"tail"]


def test_a_record_that_never_ends_is_quarantined(reader):
    out = reader.data(JsonArray(), b'[{"a": 1}, {"a": {"b": [}, 2')
    assert out.rows == [{"a": 1}]
    ((_, offset, _, reason, raw, _),) = out.bad
    assert (offset, raw) == (11, b'{"a": {"b": [}, 2')
    assert "never closed" in reason


def test_a_truncated_file_keeps_what_came_before(reader):
    import gzip

    data = json.dumps([{"n": index, "x": str(index) * 50} for index in range(3000)]).encode()
    path = reader.folder / "a.gz"
    path.write_bytes(gzip.compress(data)[:-5000])
    out = reader.read(JsonArray(), File(path=str(path), inside="a"), 10_000)
    assert [row["n"] for row in out.rows] == list(range(len(out.rows)))
    assert len(out.rows) > 500
    assert "damaged" in out.bad[-1][3]


def test_pretty_values_keep_their_text(reader, tmp_path):
    data = b'[\n  {"a": {"b":\n 1}, "n": 1},\n  {"a": 5, "n": 2}\n]'
    out = reader.data(JsonArray(), data)
    assert out.rows == [{"a": '{"b":\n 1}', "n": 1}, {"a": "5", "n": 2}]
    read = as_read(out.shards[0], out.loaded[0], form="json")
    assert written(WriteJson(), [(out.loaded[0].table, read)], tmp_path) == b'[\n{"a": {"b":\n 1}, "n": 1},\n{"a": 5, "n": 2}\n]\n'
    assert written(WriteJson(), [(out.loaded[0].table, None)], tmp_path) == b'[\n{"a":{"b":  1},"n":1},\n{"a":5,"n":2}\n]\n'


@pytest.mark.parametrize("compression", ["", "gz"])
def test_pieces_make_one_array(compression, reader, tmp_path):
    table = reader.data(JsonArray(), b'[{"a": 1}, {"a": 2}]').loaded[0].table
    pieces = [(table.slice(0, 0), None), (table, None), (table.slice(0, 0), None), (table, None)]
    path = tmp_path / ("out.json" + (f".{compression}" if compression else ""))
    for given_pieces, count in ((pieces, 4), (pieces[:1], 0), ([], 0)):
        path.write_bytes(written(WriteJson(), given_pieces, tmp_path, compression))
        out = reader.read(JsonArray(), File(path=str(path), inside="out.json"))
        assert [row["a"] for row in out.rows] == [1, 2, 1, 2][:count]
    assert json.loads(written(WriteJson(), pieces, tmp_path)) == [{"a": 1}, {"a": 2}] * 2
    assert json.loads(written(WriteJson(), [], tmp_path)) == []
