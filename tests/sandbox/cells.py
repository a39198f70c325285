"""Functions that the tests call in a cell."""

import fcntl
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


def leave_marks(order, batches):
    """Whatever a cell might leave for the next one in the files that both get."""
    from sandbox.cell import ANSWER, DONE, SENT

    size = os.fstat(ANSWER).st_size
    for place in (100, 40_000, 300_000, size // 2, size - 10):
        os.pwrite(ANSWER, b"mark", place)
    for file, place in ((ANSWER, 77), (SENT, 33)):
        os.lseek(file, place, os.SEEK_SET)
        fcntl.fcntl(file, fcntl.F_SETFL, os.O_APPEND)
    os.write(DONE, (300_004).to_bytes(8, "little"))


def look_around(order, batches):
    """All that a cell can see of its two files; not when they were last read and written, which is its own doing."""
    from sandbox.cell import ANSWER, SENT

    told = {"marks": 0}
    for name, file in (("sent", SENT), ("answer", ANSWER)):
        state, pages = os.fstat(file), _extents(file, os.fstat(file).st_size)
        told[name] = [state.st_size, state.st_blocks, os.lseek(file, 0, os.SEEK_CUR), fcntl.fcntl(file, fcntl.F_GETFL), pages]
        told["marks"] += sum(os.pread(file, end - start, start).count(b"mark") for start, end in pages)
    return told, []


def _extents(file, size):
    """Where pages are."""
    found, place = [], 0
    while place < size:
        try:
            start = os.lseek(file, place, os.SEEK_DATA)
        except OSError:
            break
        place = os.lseek(file, start, os.SEEK_HOLE)
        found.append([start, place])
    return found


def _open_files():
    found = []
    for number in range(256):
        try:
            os.fstat(number)
        except OSError:
            continue
        found.append(number)
    return found
