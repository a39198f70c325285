"""Arrow IPC: files and streams entered at any batch, the same bytes from any pieces."""

import hashlib
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from format_files import written
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.errors import RecipeError
from tools.formats.arrow import Arrow, WriteArrow
from tools.formats.canonical import canonical
from tools.storage import File

NASTY = pa.table(
    {
        "text": ["a", None, "ü" * 3, ""] * 50,
        "whole": pa.array([2**62, None, -5, 0] * 50),
        "large": pa.array([2**64 - 1, None, 1, 2] * 50, pa.uint64()),
        "price": pa.array([Decimal("1.10"), None, Decimal("99.99"), Decimal("0.00")] * 50, pa.decimal128(10, 2)),
        "time": pa.array([datetime(2020, 1, 1, tzinfo=UTC), None, None, datetime(1, 1, 1, tzinfo=UTC)] * 50, pa.timestamp("us", "UTC")),
        "words": pa.array([["x", "y"], None, [], [None]] * 50),
        "record": pa.array([{"a": 1, "b": ["q"]}, None, {"a": None, "b": None}, {"a": 2, "b": []}] * 50),
        "records": pa.array([[{"k": 1}], None, [], [None]] * 50),
        "map": pa.array([[("k", 1)], None, [], [("z", None)]] * 50, pa.map_(pa.string(), pa.int64())),
        "flag": pa.array([True, False, None, True] * 50),
        "bytes": pa.array([b"\0\xff", None, b"", b"x"] * 50),
        "pair": pa.array([[1, 2], None, [3, 4], [None, 5]] * 50, pa.list_(pa.int32(), 2)),
        "nothing": pa.nulls(200),
        "lasts": pa.array([1, None, 3, 4] * 50, pa.duration("ms")),
    }
)


def _file(folder, table, name, *, stream=False, packed=None, rows=37):
    opened = pa.ipc.new_stream if stream else pa.ipc.new_file
    with opened(str(folder / name), table.schema, options=pa.ipc.IpcWriteOptions(compression=packed)) as writer:
        writer.write_table(table, max_chunksize=rows)
    return File(path=str(folder / name), inside=name)


@pytest.mark.parametrize(
    ("name", "stream", "packed"), [("a.arrow", False, None), ("a.feather", False, "zstd"), ("a.arrows", True, None), ("b.arrow", True, "lz4")]
)
def test_shards_batches_and_packing_do_not_show(name, stream, packed, reader):
    for table in (NASTY, NASTY.slice(0, 1), NASTY.slice(0, 0)):
        file = _file(reader.folder, table, name, stream=stream, packed=packed)
        for size in (1, 3000, 1 << 24):
            out = reader.read(Arrow(), file, size)
            assert out.rows == table.to_pylist()
            assert [at for _, at, _ in out.places] == list(range(len(table)))
        assert Arrow().infer(Arrow().slices([file], reader.cache, 8, 1 << 16)) == table.schema


def test_dictionaries_are_decoded_and_such_files_cut_too(reader):
    table = pa.table({"word": pa.array(["a", "b", None, "a"] * 500).dictionary_encode(), "n": list(range(2000))})
    for stream in (False, True):
        out = reader.read(Arrow(), _file(reader.folder, table, f"d{stream}.arrow", stream=stream, rows=99), 2000)
        assert len(out.shards) > 3
        assert out.rows == table.to_pylist()


def test_windows_are_drawn_from_all_of_it(reader):
    file = _file(reader.folder, pa.table({"n": list(range(100_000))}), "n.arrow", rows=1000)
    drawn = Arrow().draw([file], reader.cache, 20, 400, 7)
    rows = [row["n"] for shard in drawn.shards for row in Arrow().load(shard, pa.schema([("n", pa.int64())])).table.to_pylist()]
    assert not drawn.whole
    assert drawn.records == 100_000
    assert 500 < len(rows) < 1100
    assert min(rows) < 10_000
    assert max(rows) > 90_000


def test_text_that_is_no_utf8_is_quarantined(reader):
    broken = pa.StringArray.from_buffers(2, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0"), pa.py_buffer(b"a\xff"))
    out = reader.read(Arrow(), _file(reader.folder, pa.table({"text": broken}), "x.arrow"))
    assert out.rows == [{"text": "a"}]
    assert [(at, reason) for _, at, _, reason, _, _ in out.bad] == [(1, "the value of column 'text' is not UTF-8")]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_the_file_does_not_depend_on_the_pieces(tmp_path_factory, cuts):
    folder, digests = tmp_path_factory.mktemp("arrow"), set()
    for sizes in (cuts, [200]):
        pieces, at = [], 0
        while at < 200:
            size = sizes[len(pieces) % len(sizes)]
            pieces.append((NASTY.slice(at, size), None))
            at += size
        digests.add(hashlib.sha256(written(WriteArrow(), pieces, folder)).hexdigest())
    assert len(digests) == 1


def test_what_lies_under_a_null_does_not_show():
    hidden = pa.Array.from_buffers(pa.int64(), 2, [pa.py_buffer(b"\x01"), pa.py_buffer(b"\1" * 16)])
    shown = pa.array([0x0101010101010101, None])
    batches = [canonical(pa.record_batch({"n": array})).serialize().to_pybytes() for array in (hidden, shown)]
    assert batches[0] == batches[1]


def test_stream_and_packing_are_options(tmp_path):
    plain = written(WriteArrow(), [(NASTY, None)], tmp_path)
    packed = written(WriteArrow(layout="stream", compression="zstd"), [(NASTY, None)], tmp_path)
    assert plain.startswith(b"ARROW1")
    assert len(packed) < len(plain)
    assert pa.ipc.open_stream(packed).read_all() == NASTY
    assert pa.ipc.open_file(plain).read_all() == NASTY


def test_what_is_no_arrow_is_said(reader):
    for name, data, said in (
        ("a.arrow", b"nothing of the kind", "cannot be read as Arrow IPC"),
        ("b.feather", b"FEA1" + b"\0" * 20, "Feather of the first version"),
        ("c.arrow.gz", b"", "decompress the file first"),
    ):
        (reader.folder / name).write_bytes(data)
        with pytest.raises(RecipeError, match=said):
            Arrow().shards([File(path=str(reader.folder / name), inside=name)], reader.cache)
    with pytest.raises(RecipeError, match="compressed within"):
        written(WriteArrow(), [], reader.folder, "gz")
