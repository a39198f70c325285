"""CSV: Python's csv module is the law, RFC 4180 the fast road to it."""

import csv
import io

import numpy as np
import pyarrow as pa
import pytest
from format_files import written
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tools.errors import RecipeError
from tools.formats.csv import Csv, Tsv, WriteCsv, WriteTsv
from tools.formats.csv_records import Rows, State, records_of
from tools.formats.csv_rows import CsvReader
from tools.formats.json_types import JSON_TEXT
from tools.formats.records import Spans

ODDITIES = st.lists(st.sampled_from(['"', ",", "\n", "\r", "\r\n", "a", '""', " ", "é", '","', '"\n']), max_size=25).map("".join)


def _by_python(text):
    return [row for row in csv.reader(io.StringIO(text, newline="")) if row]


@settings(max_examples=1000, deadline=None)
@given(text=ODDITIES, cut=st.integers(1, 9))
@example(text='a"\r"', cut=2)
@example(text='"a""\n"', cut=4)
def test_records_are_those_of_pythons_csv(text, cut):
    data = text.encode()
    finder = Rows(",")
    starts = np.concatenate([np.zeros(1, np.int64), *(finder.starts(data[at : at + cut], at) for at in range(0, len(data), cut))])
    whole = Rows(",")
    spans, _ = records_of(pa.py_buffer(data), whole, 0)
    assert set(spans.start.tolist()) <= set(starts.tolist())
    fields = CsvReader([], ",", pa.schema([]), []).fields(pa.py_buffer(data), spans)
    wanted = _by_python(text)
    if whole.state is State.QUOTED:
        fields, wanted = fields[:-1], wanted[:-1]
    assert fields == wanted


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(st.lists(ODDITIES, min_size=2, max_size=2), min_size=1, max_size=12), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
)
def test_what_python_writes_is_read_in_bulk(rows, quoting):
    out = io.StringIO()
    csv.writer(out, quoting=quoting).writerows(rows)
    data = pa.py_buffer(out.getvalue().encode())
    finder = Rows(",")
    spans, _ = records_of(data, finder, 0)
    schema = pa.schema([("a", pa.string()), ("b", pa.string())])
    reader = CsvReader(["a", "b"], ",", schema, None)
    assert not finder.irregular
    assert reader.in_bulk(data, spans) is not None
    assert [list(row.values()) for row in reader.rows(data, spans, []).table.to_pylist()] == rows


@settings(max_examples=300, deadline=None)
@given(
    text=st.lists(
        st.sampled_from(["1", "-2", "x,y", "7,", ",", '"', "\n", "1,2\n", '"a\n",3\n', "\r", "\xff", "007,1\n", "1.5,x\n"]), max_size=20
    ).map("".join)
)
def test_bulk_and_exact_reading_agree(text):
    data = pa.py_buffer(text.encode("latin-1"))
    schema = pa.schema([("a", pa.string()), ("b", pa.int64())])
    finder = Rows(",")
    spans, _ = records_of(data, finder, 0)
    reader = CsvReader(["a", "b"], ",", schema, None)
    fast, slow = reader.rows(data, spans, finder.irregular), reader.rows(data, spans, [(0, data.size + 1)])
    assert fast.table.equals(slow.table)
    assert fast.kept.tolist() == slow.kept.tolist()
    assert fast.refused == slow.refused


def test_types_only_where_the_text_comes_back_the_same(reader, tmp_path):
    columns = {
        "int": ["1", "-20", "0"],
        "zeros": ["007", "1", "2"],
        "plus": ["+1", "2", "3"],
        "float": ["1.5", "2", "1e+16"],
        "digits": ["1.50", "2.0", "3"],
        "huge": ["9223372036854775808", "1", "2"],
        "most": ["9223372036854775807", "1", "2"],
        "long": ["9007199254740993", "1.5", "2"],
        "nan": ["nan", "1.5", "inf"],
        "holes": ["", "5", ""],
        "nothing": ["", "", ""],
        "text": ["a", "", "1"],
    }
    data = ",".join(columns) + "\n" + "".join(",".join(row) + "\n" for row in zip(*columns.values(), strict=True))
    out = reader.data(Csv(), data.encode())
    table = out.loaded[0].table
    assert {one.name: str(one.type) for one in table.schema} == {
        **dict.fromkeys(columns, "string"),
        "int": "int64",
        "float": "double",
        "most": "int64",
        "holes": "int64",
    }
    assert [row["holes"] for row in out.rows] == [None, 5, None]
    assert [row["text"] for row in out.rows] == ["a", "", "1"]
    assert written(WriteCsv(), [(table.drop_columns(["float"]), None)], tmp_path).decode().splitlines()[1:] == [
        ",".join(value for name, value in zip(columns, row, strict=True) if name != "float") for row in zip(*columns.values(), strict=True)
    ]


def test_bad_records_are_kept_with_their_place(reader):
    data = b'\xef\xbb\xbfid,text\r\n1,one\r\n2\r\n\r\n"3","three\r\nlines",x\r\nx,four\r\n5,\xff\r\n6,"six'
    for size in (10, 1 << 20):
        out = reader.data(Csv(), data, shard_bytes=size, schema=pa.schema([("id", pa.int64()), ("text", pa.string())]))
        assert out.rows == [{"id": 1, "text": "one"}]
        assert out.places == [(0, 12, 1)]
        assert [(line, raw, misfit) for _, _, line, _, raw, misfit in out.bad] == [
            (2, b"2", ""),
            (4, b'"3","three\r\nlines",x', ""),
            (6, b"x,four", "id"),
            (7, b"5,\xff", ""),
            (8, b'6,"six', ""),
        ]
        assert [data[offset : offset + len(raw)] == raw for _, offset, _, _, raw, _ in out.bad] == [True] * 5
        reasons = " | ".join(reason for _, _, _, reason, _, _ in out.bad)
        assert all(word in reasons for word in ("1 fields where the header has 2", "3 fields", "does not fit", "not UTF-8", "never closed"))


def test_headers(reader):
    assert reader.data(Csv(), b"a,,b\n1,2,3\n").rows == [{"a": 1, "column_2": 2, "b": 3}]
    assert reader.data(Csv(header=False), b"a,x\nb,y\n").rows == [{"column_1": "a", "column_2": "x"}, {"column_1": "b", "column_2": "y"}]
    assert reader.data(Csv(), b'\n\n"a\nb",c\n1,2\n').rows == [{"a\nb": 1, "c": 2}]
    assert reader.data(Csv(), b"a,b\n").rows == []
    with pytest.raises(RecipeError, match=r"'a\.txt': the header names \['a'\] more than once.*header: false"):
        reader.data(Csv(), b"a,b,a\n1,2,3\n")
    with pytest.raises(RecipeError, match="not UTF-8"):
        reader.data(Csv(), b"\xff,b\n1,2\n")


def test_files_may_order_their_columns_differently(reader):
    files = [reader.file(b"a,b\n1,x\n", "one"), reader.file(b"b,a\ny,2\n", "two", ".gz"), reader.file(b"b\nz\n", "three.x")]
    out = reader.read(Csv(), files)
    assert sorted(out.rows, key=lambda row: row["b"]) == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}, {"a": None, "b": "z"}]
    with pytest.raises(RecipeError, match=r"\['a'\].*--scan-all"):
        reader.read(Csv(), files, schema=pa.schema([("b", pa.string())]))


def test_the_header_is_part_of_every_digest(reader):
    one = Csv().shards([reader.file(b"a,b\n" + b"1,2\n" * 100, "one")], reader.cache, 100)
    two = Csv().shards([reader.file(b"b,a\n" + b"1,2\n" * 100, "two")], reader.cache, 100)
    assert not {shard.digest for shard in one} & {shard.digest for shard in two}


def test_projection_changes_neither_rows_nor_values(reader):
    data = b"a,b,c\n1,x,2\n2,y,oops\n3,z\n4,w,5\n"
    schema = pa.schema([("a", pa.int64()), ("b", pa.string()), ("c", pa.int64())])
    for columns in ([], ["b"], ["c", "a"], None):
        out = reader.data(Csv(), data, schema=schema, columns=columns)
        assert out.loaded[0].table.column_names == (["a", "b", "c"] if columns is None else columns)
        assert [place[1] for place in out.places] == [6, data.index(b"4,w")]
        assert out.loaded[0].table.num_rows == 2
        assert len(out.bad) == 2


def test_other_delimiters(reader, tmp_path):
    assert reader.data(Csv(delimiter=";"), b'a;b\n1,5;"x;y"\n').rows == [{"a": "1,5", "b": "x;y"}]
    assert reader.data(Tsv(), b'a\tb\n1\t"x\ty"\n').rows == [{"a": 1, "b": "x\ty"}]
    table = pa.table({"a": ["x\ty", "p,q"]})
    assert written(WriteTsv(), [(table, None)], tmp_path) == b'a\n"x\ty"\np,q\n'
    assert written(WriteCsv(delimiter=";"), [(table, None)], tmp_path) == b"a\nx\ty\np,q\n"


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(ODDITIES, ODDITIES), min_size=1, max_size=10))
def test_what_is_written_python_reads_back(rows, tmp_path_factory):
    table = pa.table({'a"': [row[0] for row in rows], "b,": [row[1] for row in rows]})
    folder = tmp_path_factory.mktemp("rows")
    text = written(WriteCsv(), [(table, None)], folder).decode()
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [['a"', "b,"], *map(list, rows)]
    alone = written(WriteCsv(), [(table.select(["b,"]), None)], folder).decode()
    assert list(csv.reader(io.StringIO(alone, newline=""), strict=True)) == [["b,"], *([row[1]] for row in rows)]


def test_values_of_all_types_are_written(tmp_path):
    table = pa.table(
        {
            "flag": [True, None],
            "float": [1e16, 0.1],
            "small": pa.array([0.1, None], pa.float32()),
            "nested": [{"a": [1, 2]}, None],
            "bytes": [b"\xff", None],
            "when": pa.array([0, None], pa.timestamp("s")),
        }
    )
    table = table.append_column(pa.field("json", pa.string(), metadata=JSON_TEXT), pa.array(['{"a":1}', "5"]))
    text = written(WriteCsv(), [(table, None)], tmp_path).decode()
    assert list(csv.DictReader(io.StringIO(text))) == [
        {
            "flag": "true",
            "float": "1e+16",
            "small": "0.1",
            "nested": '{"a":[1,2]}',
            "bytes": "/w==",
            "when": "1970-01-01T00:00:00",
            "json": '{"a":1}',
        },
        {"flag": "", "float": "0.1", "small": "", "nested": "", "bytes": "", "when": "", "json": "5"},
    ]


def test_no_rows_make_a_header(tmp_path):
    assert written(WriteCsv(), [], tmp_path) == b"text\n"


def test_giant_records_and_many_columns(reader):
    from tools.storage import ROW_LIMIT

    data = b"a,b\n1,2\n" + b'3,"' + b"\n" * (ROW_LIMIT + 1) + b'"\n5,6\n'
    out = reader.data(Csv(), data)
    assert out.rows == [{"a": 1, "b": 2}, {"a": 5, "b": 6}]
    assert [len(raw) for *_, raw, _ in out.bad] == [ROW_LIMIT]
    many = [f"c{index}" for index in range(10_000)]
    assert len(reader.data(Csv(), (",".join(many) + "\n" + ",".join("1" for _ in many) + "\n").encode()).rows[0]) == 10_000
    with pytest.raises(RecipeError, match="10001 columns"):
        reader.data(Csv(), (",".join([*many, "x"]) + "\n").encode())


def test_the_fast_road_is_taken():
    data = pa.py_buffer(b"".join(b'%d,"text, ""%d""\r\n"\r\n' % (index, index) for index in range(1000)))
    finder = Rows(",")
    spans, _ = records_of(data, finder, 0)
    assert isinstance(spans, Spans)
    assert len(spans) == 1000
    assert not finder.irregular
