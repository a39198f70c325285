"""Text by lines, paragraphs and files."""

import pyarrow as pa
import pytest
from format_files import as_read, written
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.errors import RecipeError
from tools.formats.text import Paragraphs, Text, WriteText


def test_each_line_is_a_row(reader):
    out = reader.data(Text(), b"\xef\xbb\xbfone\r\n\n two \n\xff\nend")
    assert [row["text"] for row in out.rows] == ["one", "", " two ", "end"]
    assert [(offset, line) for _, offset, line in out.places] == [(3, 0), (8, 1), (9, 2), (17, 4)]
    assert [(offset, line, reason, raw) for _, offset, line, reason, raw, _ in out.bad] == [(15, 3, "not UTF-8", b"\xff")]


def test_paragraphs_are_runs_of_filled_lines(reader):
    data = b"\n  a\r\n b\n \t\n\nc\n\n\n"
    out = reader.data(Text(records="paragraph", column="body"), data)
    assert out.rows == [{"body": "  a\r\n b"}, {"body": "c"}]
    assert [(offset, line) for _, offset, line in out.places] == [(1, 1), (13, 5)]


@settings(max_examples=200, deadline=None)
@given(data=st.lists(st.sampled_from([b"\n", b" ", b"a", b"\r\n", b"\t"]), max_size=30).map(b"".join), cut=st.integers(1, 7))
def test_shards_of_paragraphs_start_after_blank_lines(data, cut):
    finder = Paragraphs()
    found = [int(one) for at in range(0, len(data), cut) for one in finder.starts(data[at : at + cut], at)]
    ends = [index + 1 for index, byte in enumerate(data) if byte == 10]
    starts = [0, *ends]
    assert found == [end for start, end in zip(starts, ends, strict=False) if not data[start:end].strip()]


def test_lines_are_written_with_breaks_as_spaces(reader, tmp_path):
    table = pa.table({"text": ["one\r\ntwo\nthree\rfour", None, "é"]})
    assert written(WriteText(), [(table, None), (table.slice(2), None)], tmp_path) == "one two three four\n\né\né\n".encode()
    with pytest.raises(RecipeError, match=r"no column 'body' among \['text'\]"):
        written(WriteText(column="body"), [(table, None)], tmp_path)


def test_text_that_no_step_touched_is_taken_from_the_record(reader, tmp_path):
    out = reader.data(Text(), b"one\ntwo\nthree")
    touched = {"text": pa.array([False, True, False])}
    read = as_read(out.shards[0], out.loaded[0], form="text", touched=touched, options={"column": "text"})
    table = pa.table({"text": pa.array([None, "TWO", None], pa.string())})
    assert written(WriteText(), [(table, read)], tmp_path) == b"one\nTWO\nthree\n"
    untouched = as_read(out.shards[0], out.loaded[0], form="text", options={"column": "text"})
    assert written(WriteText(), [(table, untouched)], tmp_path) == b"one\ntwo\nthree\n"
