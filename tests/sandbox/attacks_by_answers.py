"""Answers that must not be taken."""

import json
import mmap
import os
import pickle
import struct
import time

import pyarrow as pa
from tried import attack

from sandbox.cell import ANSWER, DONE
from sandbox.parcel import LENGTH


def answers(raw, length=None):
    space = mmap.mmap(ANSWER, 0)
    space[: len(raw)] = raw
    os.write(DONE, LENGTH.pack(len(raw) if length is None else length))
    time.sleep(20)


def parcel(stream, ends=None, order=None):
    told = json.dumps({"order": {"gave": {"got": "accepted"}} if order is None else order, "ends": [len(stream)] if ends is None else ends}).encode()
    return stream + told + LENGTH.pack(len(told))


def streamed(table, **options):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as stream:
        stream.write(table)
    return sink.getvalue().to_pybytes()


@attack
def answers_with_a_pickle(order):
    class Bomb:
        def __reduce__(self):
            return os.system, (f"touch {order['folder']}/unpickled",)

    answers(pickle.dumps(Bomb()))


@attack
def claims_a_huge_answer(order):
    answers(b"", 1 << 60)


@attack
def claims_a_huge_json(order):
    answers(LENGTH.pack(1 << 60))


@attack
def stops_in_the_middle(order):
    os.write(DONE, b"xxx")
    time.sleep(1e6)


@attack
def nests_json_deeply(order):
    text = b"[" * 200_000
    answers(text + LENGTH.pack(len(text)))


@attack
def claims_batches_outside(order):
    answers(parcel(b"", ends=[1 << 40]))


@attack
def claims_batches_backwards(order):
    answers(parcel(bytes(64), ends=[-8, 64]))


@attack
def answers_with_a_dictionary(order):
    return [pa.record_batch({"r": pa.array(["x" * 100]).dictionary_encode()})]


@attack
def answers_with_runs(order):
    return [pa.record_batch({"r": pa.RunEndEncodedArray.from_arrays([1 << 30], pa.array(["x"]))})]


@attack
def answers_with_views(order):
    return [pa.record_batch({"r": pa.array(["x" * 100], pa.string_view())})]


@attack
def answers_with_an_extension_type(order):
    pickled = f'cos\nsystem\n(S"touch {order["folder"]}/unpickled"\ntR.'
    field = pa.field("r", pa.string(), metadata={"ARROW:extension:name": "arrow.py_extension_type", "ARROW:extension:metadata": pickled})
    return [pa.record_batch([pa.array(["x"])], schema=pa.schema([field]))]


@attack
def answers_with_bad_offsets(order):
    offsets = pa.py_buffer(struct.pack("iii", 0, 1 << 30, -5))
    return [pa.record_batch({"r": pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"ab")])})]


@attack
def answers_with_broken_text(order):
    return [pa.record_batch({"r": pa.array([b"\xff\xfe"]).view(pa.string())})]


@attack
def answers_with_more_rows(order):
    return [pa.record_batch({"r": ["a", "b"]})]


@attack
def answers_with_two_batches_in_one_stream(order):
    one = pa.table({"r": ["a"]})
    answers(parcel(streamed(pa.concat_tables([one, one]))))


@attack
def answers_with_a_compressed_bomb(order):
    answers(parcel(streamed(pa.table({"r": ["A" * (32 << 20)]}), compression="zstd")))


@attack
def answers_with_another_compression(order):
    answers(parcel(streamed(pa.table({"r": ["A" * (32 << 20)]}), compression="lz4")))


@attack
def answers_with_many_columns(order):
    answers(parcel(b"", ends=[0] * 100_000))
