"""Pieces of an output whose rows stand in no order yet: kept whole, with place and record, until all shards' rows are sorted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from tools.storage import AsRead

from ..graph import Output
from .files import commit, open_table
from .flows import Flow

MARK = "\x1e"  # no column of the data is called so
PLACE, RECORD, TOUCHED = f"{MARK}place", f"{MARK}record", f"{MARK}touched."


@dataclass(frozen=True)
class Facts:
    """How the records of one piece were read."""

    format: str
    options: Mapping[str, object]
    keys: Mapping[str, str]
    whole: bool


def loose_table(table: pa.Table, flow: Flow, as_read: AsRead | None) -> pa.Table:
    """A piece's columns, every value decoded: which bytes can be copied is known when all pieces are there."""
    made = table.append_column(PLACE, pa.array(flow.place))
    if as_read is None:
        return made.replace_schema_metadata(None)
    made = made.append_column(RECORD, as_read.records)
    for name, marks in as_read.touched.items():
        made = made.append_column(TOUCHED + name, marks)
    facts = {"format": as_read.format, "options": dict(as_read.options), "keys": dict(as_read.keys), "whole": as_read.whole}
    return made.replace_schema_metadata({"facts": json.dumps(facts, default=str)})


def order_pieces(task: tuple[Output, list[str], int, int, str]) -> str:
    """One piece of an output from loose ones: the rows whose place is in [low, high), in order."""
    output, paths, low, high, target = task
    parts = []
    for path in paths:
        table = open_table(Path(path))
        place = table[PLACE].to_numpy()
        inside = (place >= low) & (place < high)
        if inside.any():
            parts.append(table.filter(pa.array(inside)))
    order = np.argsort(np.concatenate([part[PLACE].to_numpy() for part in parts]), kind="stable")
    as_read = _as_read(parts, order)
    plain = [part.select([name for name in part.column_names if not name.startswith(MARK)]).replace_schema_metadata(None) for part in parts]
    rows = pa.concat_tables(plain, promote_options="permissive").take(pa.array(order)).combine_chunks()
    commit(Path(target), lambda temp: output.sink.piece(rows, as_read, temp))
    return target


def _as_read(parts: list[pa.Table], order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> AsRead | None:
    """The records of all pieces as one: a value counts as touched where its piece cannot copy it as the first one can."""
    told = [_facts(part) for part in parts]
    first = next((facts for facts in told if facts is not None), None)
    if first is None:
        return None
    same = [facts is not None and (facts.format, facts.options) == (first.format, first.options) for facts in told]
    keys = {column: key for facts in reversed(told) if facts is not None for column, key in facts.keys.items()}
    records, touched = [], {column: list[np.ndarray[tuple[int], np.dtype[np.bool_]]]() for column in keys}
    for part, facts, copies in zip(parts, told, same, strict=True):
        records.append(part[RECORD].combine_chunks() if copies else pa.nulls(len(part), pa.large_binary()))
        for column, key in keys.items():
            can = copies and facts is not None and facts.keys.get(column) == key
            marks = part[TOUCHED + column].to_numpy() if can and TOUCHED + column in part.column_names else np.full(len(part), not can)
            touched[column].append(np.asarray(marks, np.bool_))
    columns = [[name for name in part.column_names if not name.startswith(MARK)] for part in parts]
    marked = {column: np.concatenate(marks)[order] for column, marks in touched.items()}
    return AsRead(
        format=first.format,
        records=pa.chunked_array(records, pa.large_binary()).take(pa.array(order)).combine_chunks(),
        keys=keys,
        touched={column: pa.array(marks) for column, marks in marked.items() if marks.any()},
        whole=all(same) and all(facts is not None and facts.whole for facts in told) and all(names == columns[0] for names in columns),
        options=first.options,
    )


def _facts(part: pa.Table) -> Facts | None:
    told = (part.schema.metadata or {}).get(b"facts")
    return Facts(**json.loads(told)) if told else None
