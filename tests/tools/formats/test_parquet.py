"""Parquet: row groups as shards, plain types, named damage, even row groups out."""

import datetime
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from format_files import written

from tools.errors import RecipeError
from tools.formats.json_types import JSON_TEXT
from tools.formats.parquet import Parquet, WriteParquet
from tools.storage import File


def _file(folder, table, name="a.parquet", **options):
    pq.write_table(table, folder / name, **options)
    return File(path=str(folder / name), inside=name)


TABLE = pa.table({"n": list(range(5000)), "text": [f"text {index} " * 20 for index in range(5000)], "tags": [[index, None] for index in range(5000)]})


@pytest.mark.parametrize("group", [10, 777, 5000])
def test_shard_size_and_row_groups_do_not_show(group, reader):
    file = _file(reader.folder, TABLE, row_group_size=group)
    for size in (20_000, 100_000, 1 << 30):
        out = reader.read(Parquet(), file, size)
        assert out.rows == TABLE.to_pylist()
        assert [offset for _, offset, _ in out.places] == list(range(5000))
        assert [shard.start for shard in out.shards] == [0, *(shard.stop for shard in out.shards[:-1])]
        assert len({shard.digest for shard in out.shards}) == len(out.shards)
        assert (len(out.shards) == 1) == (size == 1 << 30)


def test_only_what_is_asked_for_comes_back(reader):
    file = _file(reader.folder, TABLE)
    out = reader.read(Parquet(), file, columns=["tags", "n"])
    assert out.loaded[0].table.column_names == ["tags", "n"]
    assert out.rows[3] == {"tags": [3, None], "n": 3}
    assert sum(one.table.num_rows for one in reader.read(Parquet(), file, columns=[]).loaded) == 5000


def test_types_are_made_plain(reader):
    table = pa.table(
        {
            "large": pa.array(["a", None], pa.large_string()),
            "view": pa.array(["b", "c"], pa.string_view()),
            "words": pa.array(["d", "d"]).dictionary_encode(),
            "bytes": pa.array([b"\xff", b""], pa.large_binary()),
            "lists": pa.array([["e"], []], pa.large_list(pa.large_string())),
            "nested": pa.array([{"x": "f"}, None], pa.struct([("x", pa.large_string())])),
            "day": pa.array([datetime.date(2020, 1, 1), None]),
        }
    )
    out = reader.read(Parquet(), _file(reader.folder, table))
    assert out.rows == table.to_pylist()
    assert [str(kind) for kind in out.loaded[0].table.schema.types] == [
        "string",
        "string",
        "string",
        "binary",
        "list<item: string>",
        "struct<x: string>",
        "date32[day]",
    ]


def test_files_with_other_columns_and_types_are_brought_together(reader):
    one = _file(reader.folder, pa.table({"a": pa.array([1], pa.int32()), "b": ["x"]}), "one.parquet")
    two = _file(reader.folder, pa.table({"a": pa.array([2**40], pa.int64())}), "two.parquet")
    assert reader.read(Parquet(), [one, two]).rows == [{"a": 1, "b": "x"}, {"a": 2**40, "b": None}]
    three = _file(reader.folder, pa.table({"a": ["text"]}), "three.parquet")
    with pytest.raises(RecipeError, match="do not have the same columns"):
        reader.read(Parquet(), [one, three])


def test_text_that_is_not_utf8_is_quarantined_whatever_is_asked_for(reader):
    raw = pa.array([b"good", b"\xff", b"fine"], pa.binary())
    texts = pa.Array.from_buffers(pa.string(), 3, raw.buffers())
    file = _file(reader.folder, pa.table({"n": [1, 2, 3], "text": texts}))
    for columns in (None, ["n"], ["text"]):
        out = reader.read(Parquet(), file, columns=columns)
        assert [offset for _, offset, _ in out.places] == [0, 2]
        assert [(offset, misfit) for _, offset, _, _, _, misfit in out.bad] == [(1, "text")]


def test_slices_are_spread_over_the_rows(reader):
    file = _file(reader.folder, TABLE, row_group_size=500)
    slices = Parquet().slices([file], reader.cache, 5, 2000)
    assert [one.start for one in slices] == [0, 1000, 2000, 3000, 4000]
    schema = Parquet().infer(slices)
    assert Parquet().load(slices[2], schema).table["n"][0].as_py() == 2000
    assert [(one.start, one.stop) for one in Parquet().slices([file], reader.cache, 64, 1 << 20)] == [(0, 5000)]


def test_damaged_files_are_named(reader):
    data = (reader.folder / _file(reader.folder, TABLE).inside).read_bytes()
    for broken in (b"", b"PAR1", data[:-10], data[:-4] + b"xxxx", b"\0" * 100, data[4:]):
        path = reader.folder / "broken.parquet"
        path.write_bytes(broken)
        with pytest.raises(RecipeError, match=r"'broken\.parquet'"):
            reader.read(Parquet(), File(path=str(path), inside="broken.parquet"))


def test_flipped_bits_never_crash(reader):
    data = (reader.folder / _file(reader.folder, TABLE.slice(0, 300), row_group_size=100).inside).read_bytes()
    random.seed(5)
    path = reader.folder / "flipped.parquet"
    for turn in range(300):
        broken = bytearray(data)
        for _ in range(1 + turn % 4):
            broken[random.randrange(len(broken))] ^= 1 << random.randrange(8)
        path.write_bytes(broken)
        try:
            out = reader.read(Parquet(), File(path=str(path), inside="flipped.parquet"), 20_000)
        except RecipeError as error:
            assert "flipped.parquet" in str(error) or "flipped" in str(error)
        else:
            assert len(out.rows) + len(out.bad) == sum(shard.stop - shard.start for shard in out.shards)


def test_no_rows(reader, tmp_path):
    file = _file(reader.folder, TABLE.slice(0, 0))
    assert reader.read(Parquet(), file).rows == []
    path = tmp_path / "none.parquet"
    path.write_bytes(written(WriteParquet(), [], tmp_path))
    assert pq.read_table(path).schema == pa.schema([("text", pa.string())])


def test_pieces_make_one_file_with_even_row_groups(tmp_path, monkeypatch):
    monkeypatch.setattr("tools.formats.parquet._GROUP_BYTES", 100_000)
    table = TABLE.append_column(pa.field("json", pa.string(), metadata=JSON_TEXT), pa.array(["{}"] * 5000))
    pieces = [(table.slice(0, 100), None), (table.slice(0, 0), None), (table.slice(100), None)]
    first = written(WriteParquet(), pieces, tmp_path)
    assert first == written(WriteParquet(), pieces, tmp_path)
    found = pq.ParquetFile(tmp_path / "joined")
    assert found.read().equals(table)
    assert found.schema_arrow.field("json").metadata[b"winnow"] == b"json"
    assert found.metadata.row_group(0).column(0).compression == "ZSTD"


def test_where_pieces_end_does_not_show(tmp_path, monkeypatch):
    monkeypatch.setattr("tools.formats.parquet._GROUP_BYTES", 100_000)
    nested = pa.array([[{"b": "x" * (row % 90)}] * (row % 3) or None for row in range(5000)])
    table = TABLE.append_column("nested", nested).append_column("flag", pa.array([None, True] * 2500))
    cuts = [[5000], [1, 2499, 2500], [700] * 7 + [100]]
    made = set()
    for sizes in cuts:
        starts = [sum(sizes[:index]) for index in range(len(sizes))]
        made.add(written(WriteParquet(), [(table.slice(start, size), None) for start, size in zip(starts, sizes, strict=True)], tmp_path))
    assert len(made) == 1
    assert pq.ParquetFile(tmp_path / "joined").num_row_groups > 3


def test_a_column_that_a_piece_lacks_is_null(tmp_path):
    schema = pa.schema([("a", pa.int64()), ("_rest", pa.string())])
    WriteParquet().piece(pa.table({"a": [1]}), None, tmp_path / "one")
    WriteParquet().piece(pa.table({"_rest": ['{"b":1}'], "a": [2]}), None, tmp_path / "two")
    with (tmp_path / "out").open("wb") as file:
        WriteParquet().join([tmp_path / "one", tmp_path / "two"], schema, file, "")
    assert pq.read_table(tmp_path / "out").to_pylist() == [{"a": 1, "_rest": None}, {"a": 2, "_rest": '{"b":1}'}]


def test_compression_around_parquet_is_refused(tmp_path):
    with pytest.raises(RecipeError, match=r"'joined' without 'gz'"):
        written(WriteParquet(), [(TABLE, None)], tmp_path, "gz")
