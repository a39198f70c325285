"""Clusters of a Group step, settled: which row of each stays, and which pair each merged row is told by. A few numbers a row are held."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Group
from tools.errors import ContractError

from ..graph import Node
from .clusters import clusters
from .files import open_table
from .fragments import Fragments, Rows
from .job import Job
from .notes import notes_of, where
from .places import Places

Floats = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
SETTLED_AT_ONCE = 1 << 21  # rows of whole clusters


@dataclass(frozen=True)
class Settled:
    """By place: what a row goes into (-1: it stays), and its cluster, called by its first row."""

    into: Rows
    cluster: Rows


def settled(job: Job, node: Node, operator: Group, places: Places, paths: Sequence[str]) -> Settled:
    """Join the pairs of these files to clusters, and settle each."""
    label = clusters(places.total, ((table["row"].to_numpy(), table["other"].to_numpy()) for table in map(_table, paths)))
    into = np.full(places.total, -1, np.int64)
    members = np.flatnonzero(np.bincount(label, minlength=places.total)[label] > 1) if len(paths) else into[:0]
    prefer = _preferences(job, operator, places, members)
    for chosen in _whole_clusters(label[members]):
        rows = members[chosen]
        goes = _settle_some(node, operator, places, rows, label[rows], prefer[chosen])
        merged = (goes != rows) & (rows >= places.references)
        into[rows[merged]] = goes[merged]
    return Settled(into, label)


def pair_measures(node: Node, paths: Sequence[str], into: Rows) -> dict[str, Floats]:
    """By place: of each merged row the measures of its pair with the row it goes into; with no such pair those of its closest pair."""
    made: dict[str, Floats] = {}
    for name in node.measures:
        found, is_direct = np.full(len(into), np.nan), np.zeros(len(into), np.bool_)
        for table in map(_table, paths):
            values = pc.fill_null(pc.cast(table[name].combine_chunks(), pa.float64()), np.nan).to_numpy(zero_copy_only=False)
            row, other = table["row"].to_numpy(), table["other"].to_numpy()
            for one, two in ((row, other), (other, row)):
                direct = into[one] == two
                found[one[direct]], is_direct[one[direct]] = values[direct], True
                rest = ~direct & ~is_direct[one] & (into[one] >= 0)
                np.fmax.at(found, one[rest], values[rest])
        made[name] = found
    return made


def _table(path: str) -> pa.Table:
    return open_table(Path(path))


def _whole_clusters(label: Rows) -> Iterator[Rows]:
    """Positions of rows, all of some clusters at once, by cluster."""
    if not len(label):
        return
    order = np.argsort(label, kind="stable")
    first = np.flatnonzero(np.diff(label[order], prepend=-1))
    part = first // SETTLED_AT_ONCE
    starts = first[np.flatnonzero(np.diff(part, prepend=-1))]
    yield from np.split(order, starts[1:])


def _settle_some(node: Node, operator: Group, places: Places, rows: Rows, label: Rows, prefer: Floats) -> Rows:
    """For each row the one it goes into."""
    order = np.lexsort((rows, -prefer, rows >= places.references, label))
    first = np.flatnonzero(np.diff(label[order], prepend=-1))
    best = np.repeat(rows[order][first], np.diff(np.append(first, len(order))))
    given = pa.table({"cluster": label[order], "row": rows[order], "prefer": prefer[order], "best": best})
    found = operator.settle(given)
    found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    into = np.asarray(found.to_numpy(zero_copy_only=False), np.int64)
    _check_into(node.id, given, into)
    back = np.empty(len(rows), np.int64)
    back[order] = into
    return back


def _preferences(job: Job, operator: Group, places: Places, members: Rows) -> Floats:
    """What each of these rows is preferred by."""
    prefer = np.full(len(members), -np.inf)
    if operator.card.prefer is None:
        return prefer
    fragments = Fragments(job.fragments)
    for number, positions, which in places.flows(places.slots(members)):
        for notes in notes_of(fragments, places.members[number].report.notes):
            rest = notes.rest()
            position = where(rest, places.at(number))
            turn = np.full(places.members[number].report.rows, -1, np.int64)
            turn[position[position >= 0]] = np.flatnonzero(position >= 0)
            noted = turn[positions] >= 0
            chosen = rest[operator.card.prefer].take(pa.array(turn[positions[noted]]))
            values = pc.fill_null(pc.cast(chosen, pa.float64()), -np.inf).to_numpy()
            prefer[which[noted]] = np.where(np.isnan(values), -np.inf, values)
    return prefer


def _check_into(step: str, given: pa.Table, into: Rows) -> None:
    rows, label = given["row"].to_numpy(), given["cluster"].to_numpy()
    order = np.argsort(rows)
    at = np.searchsorted(rows[order], into).clip(0, max(len(rows) - 1, 0))
    if len(into) != len(rows) or (len(rows) and ((rows[order][at] != into) | (label[order][at] != label)).any()):
        raise ContractError(f"step {step!r}: settle names a row outside the cluster")
    if len(rows) and (into[order][at] != into).any():
        raise ContractError(f"step {step!r}: settle merges a row into one that does not stay")
