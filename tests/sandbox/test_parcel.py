"""What crosses the wall: whatever bytes come out of a cell, reading them gives a parcel or Misbehaved."""

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sandbox.errors import Misbehaved
from sandbox.parcel import read_strange, write

BATCH = pa.record_batch({"text": ["one", None, "drei"], "list": [[1], [], None], "number": [0.5, None, 2.0]})


def packed(batches=(BATCH,), **order):
    sink = pa.BufferOutputStream()
    write(sink, order, batches)
    return sink.getvalue().to_pybytes()


def test_a_parcel_comes_through():
    order, batches = read_strange(pa.py_buffer(packed((BATCH, BATCH.slice(1)), a=1)))
    assert order == {"a": 1}
    assert batches == [BATCH, BATCH.slice(1)]


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(raw):
    with pytest.raises(Misbehaved):
        read_strange(pa.py_buffer(raw))


@given(st.lists(st.tuples(st.integers(0, len(packed()) - 1), st.integers(0, 255)), min_size=1, max_size=8))
@example([(152, 128)])  # a column whose name is no text
def test_any_change_gives_a_valid_parcel_or_is_refused(changes):
    raw = bytearray(packed())
    for at, value in changes:
        raw[at] = value
    try:
        _, batches = read_strange(pa.py_buffer(bytes(raw)))
    except Misbehaved:
        return
    for batch in batches:
        batch.validate(full=True)
        batch.to_pylist()


@given(st.integers(0, len(packed())))
def test_any_cut_is_refused(length):
    if length < len(packed()):
        with pytest.raises(Misbehaved):
            read_strange(pa.py_buffer(packed()[:length]))
