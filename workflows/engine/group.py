"""Group steps: notes matched key range by key range, pairs verified, joined to clusters, and each cluster settled.

What grows with the data lies in files, but for a few numbers a row. Pairs, evidence and what is verified are thrown away when the step
is decided.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Group

from ..executor import Executor
from ..graph import Node
from .files import save
from .fragments import Rows
from .job import Decision, Job
from .matching import candidates
from .places import Places
from .settling import Floats, Settled, pair_measures, settled
from .verification import verified


def decide_group(job: Job, node: Node, places: Places, name: str, executor: Executor) -> Decision:
    """Which rows merge into which; the decision file has `into`, `into_part`, `cluster` and the pair's measures."""
    operator = node.operator
    assert isinstance(operator, Group)
    folder = Path(job.folder) / "work" / "group" / name
    pairs = candidates(job, node, places, folder, executor)
    paths = verified(job, node, operator, places, pairs, folder, executor)
    found = settled(job, node, operator, places, paths)
    measures = pair_measures(node, paths, found.into)
    shutil.rmtree(folder, ignore_errors=True)
    path = Path(job.cache) / "decisions" / f"{name}.arrow"
    save(path, _batches(node, places, found, measures))
    counted = [member for member in places.members if not member.lane.reference]
    return Decision(path=str(path), batches={(member.lane.index, member.shard): turn for turn, member in enumerate(counted)})


def _batches(node: Node, places: Places, found: Settled, measures: dict[str, Floats]) -> Iterator[pa.RecordBatch]:
    """One batch a flow, one value a row; an empty one where there is no flow."""
    targets = np.unique(found.into[found.into >= 0])
    numbers = places.identities(targets)
    counted = [number for number, member in enumerate(places.members) if not member.lane.reference]
    for rows in (places.of(number) for number in counted) if counted else [np.zeros(0, np.int64)]:
        into = found.into[rows]
        merged = into >= 0
        at = np.searchsorted(targets, into[merged])
        columns = {name: _scattered(merged, values[at]) for name, values in zip(("into", "into_part"), numbers, strict=True)}
        columns["cluster"] = pa.array(found.cluster[rows])
        for name, kind in node.measures.items():
            value = measures[name][rows]
            has = merged & ~np.isnan(value)
            columns[name] = pc.cast(_scattered(has, value[has]), kind)
        yield pa.RecordBatch.from_pydict(columns)


def _scattered(mask: np.ndarray[tuple[int], np.dtype[np.bool_]], values: Rows | Floats) -> pa.Array:
    """Values where the mask is set, null elsewhere."""
    full = np.zeros(len(mask), values.dtype)
    full[mask] = values
    return pa.array(full, mask=~mask)
