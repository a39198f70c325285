"""The store's one atomic act: temp, fsync, rename, fsync of the folder."""

import os
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from threading import get_ident

import pyarrow as pa

from ..usage import wrote


def commit(path: Path, write: Callable[[Path], None], durable: bool = True) -> None:
    """Let `write` make a file beside `path`, then put it in place whole; `durable`: it also survives a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temp = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}.tmp")
    try:
        write(temp)
        if durable:
            with open(temp, "rb+") as file:
                os.fsync(file.fileno())
        wrote(temp.stat().st_size)
        os.replace(temp, path)
    finally:
        temp.unlink(missing_ok=True)
    if not durable:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def save(path: Path, batches: pa.Table | Iterable[pa.RecordBatch], durable: bool = True) -> None:
    """Write a table, or batches of one schema (at least one), as one Arrow IPC file, atomically."""

    def write(temp: Path) -> None:
        made = iter(batches.to_batches() if isinstance(batches, pa.Table) else batches)
        first = next(made, None)
        schema = batches.schema if isinstance(batches, pa.Table) else first.schema  # type: ignore[union-attr]
        with pa.OSFile(str(temp), "wb") as sink, pa.ipc.new_file(sink, schema) as file:
            for batch in made if first is None else chain([first], made):
                file.write_batch(batch)

    commit(path, write, durable)


def open_table(path: Path) -> pa.Table:
    """A saved table, memory-mapped."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
