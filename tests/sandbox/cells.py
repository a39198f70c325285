"""Functions that the tests call in a cell."""

import os
import sys

import pyarrow as pa


class RowTrouble(Exception):
    def __init__(self, position, reason):
        super().__init__(reason)
        self.position, self.reason, self.secret = position, reason, object()


def echo(order, batches):
    return {"order": dict(order)}, batches


def shout(order, batches):
    return {}, [pa.record_batch({"text": [text.upper() for text in batches[0]["text"].to_pylist()]})]


def trouble(order, batches):
    raise RowTrouble(3, "row three \x1b[31m is bad")


def talk(order, batches):
    os.write(1, b"to stdout\n")
    sys.stderr.write("to stderr")
    sys.stderr.flush()
    os._exit(3)


def process(order, batches):
    return {"process": os.getpid(), "hash": hash("seeded"), "environment": dict(os.environ), "files": _open_files()}, []


def large(order, batches):
    return {}, [pa.record_batch({"bytes": pa.array([b"x" * int(order["size"])])})]


def threads(order, batches):
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np
    import pyarrow.compute as pc

    with ThreadPoolExecutor(4) as pool:
        sums = list(pool.map(sum, [[1, 2]] * 8))
    return {"sums": sums, "product": float((np.ones((64, 64)) @ np.ones((64, 64)))[0, 0]), "upper": pc.utf8_upper("ä").as_py()}, []


def nested(order, batches):
    return {}, [pa.record_batch({"nested": pa.array([[{"a": [1, None], "b": "x"}], None]), "number": pa.array([1.5, None]), "none": pa.nulls(2)})]


def _open_files():
    found = []
    for number in range(256):
        try:
            os.fstat(number)
        except OSError:
            continue
        found.append(number)
    return found
