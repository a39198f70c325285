"""Candidate pairs of a Group step, verified: each candidate row is read once, and what the operator compares of it is kept for the time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tools.contract import Group

from ..executor import Executor
from ..graph import Node
from .call import batches, checked
from .desk import BatchDesk
from .evidence import Evidence, remove_evidence, write_evidence
from .files import open_table, save
from .flows import Flow
from .fragments import Rows
from .job import Job
from .matching import Pairs
from .places import Places
from .walk import Walk

Mask = np.ndarray[Any, np.dtype[np.bool_]]
PAIRS_AT_ONCE, WORTH_SHARING = 1 << 18, 1 << 13  # in a task: so many at most, and no fewer for the sake of all workers
EVIDENCE_BYTES = 48 << 20  # of the pairs that are verified in one call


@dataclass(frozen=True)
class Wanted:
    """Rows of one flow that stand in a pair: their positions in the flow, and where their evidence goes."""

    number: int
    positions: Rows
    path: str


def verified(job: Job, node: Node, operator: Group, places: Places, pairs: list[Pairs], folder: Path, executor: Executor) -> list[str]:
    """Files of the pairs within the rule, with their measures; each candidate file is gone when its pairs are through."""
    if type(operator).verify is Group.verify:
        return [file.path for file in pairs]
    wanted = list(_wanted(places, standing(places.total, (file.path for file in pairs)), folder))
    by_shard: dict[int, list[Wanted]] = {}
    for one in wanted:
        by_shard.setdefault(places.members[one.number].shard, []).append(one)
    tasks = [(job, node.id, shard, [(places.members[one.number].lane.index, one) for one in these]) for shard, these in sorted(by_shard.items())]
    for _ in executor.map(extract, tasks):
        pass
    paths = {one.number: one.path for one in wanted}
    most = min(PAIRS_AT_ONCE, max(WORTH_SHARING, -(-sum(file.count for file in pairs) // executor.workers)))
    parts = [(file.path, start, min(start + most, file.count)) for file in pairs for start in range(0, file.count, most)]
    work = [(job, node.id, places, paths, part, str(folder / f"verified-{turn:06d}.arrow")) for turn, part in enumerate(parts)]
    found = [path for path in executor.map(verify_pairs, work) if path]
    for path in paths.values():
        remove_evidence(Path(path))
    for file in pairs:
        Path(file.path).unlink()
    return found


def standing(total: int, paths: Iterable[str]) -> Mask:
    """Rows, by place, that stand in any pair of these files."""
    mask = np.zeros(total, np.bool_)
    for path in paths:
        table = open_table(Path(path))
        mask[table["row"].to_numpy()] = True
        mask[table["other"].to_numpy()] = True
    return mask


def extract(task: tuple[Job, str, int, list[tuple[int, Wanted]]]) -> None:
    """What `verify` compares, of some rows of one shard."""
    job, step, shard, wanted = task
    node = job.graph.node(step)
    walk = Walk(job, shard)
    walk.run()
    lanes = {lane.index: lane for lane in job.lanes[step]}
    for index, one in wanted:
        lane = lanes[index]
        flow = walk.out[lane.edge.step, lane.edge.port, lane.upstream]
        write_evidence(step, Path(one.path), _evidence(walk, node, lane.reference, flow, one.positions))


def verify_pairs(task: tuple[Job, str, Places, dict[int, str], tuple[str, int, int], str]) -> str:
    """Of some pairs those within the rule, with their measures, as a file; none: no pair is."""
    job, step, places, paths, (pairs, start, stop), path = task
    node = job.graph.node(step)
    table = open_table(Path(pairs)).slice(start, stop - start)
    with Evidence(places, paths) as evidence:
        desk = BatchDesk(node.seed, node.id, reader=evidence.read)
        made = pa.concat_tables([_within_rule(node, part, desk) for part in _parts(table, evidence)])
    if len(made):
        save(Path(path), made, durable=False)
    return path if len(made) else ""


def _wanted(places: Places, mask: Mask, folder: Path) -> Iterator[Wanted]:
    mask = places.mask_by_slot(mask)
    for number, member in enumerate(places.members):
        start = int(places.starts[number])
        positions = np.flatnonzero(mask[start : start + member.report.rows])
        if len(positions):
            yield Wanted(number, positions, str(folder / f"evidence-{number:06d}.arrow"))


def _evidence(walk: Walk, node: Node, reference: bool, flow: Flow, positions: Rows) -> Iterator[tuple[pa.Array, Rows]]:
    operator = node.operator
    assert isinstance(operator, Group)
    rows = flow.at[positions]
    given = walk.compute.batch(walk.compute.bound(node, flow, reference), flow.universe, rows, None)
    for batch, some in batches(given, positions, operator.card.rows_per_batch):
        yield operator.evidence(batch, BatchDesk(node.seed, node.id)), some


def _within_rule(node: Node, pairs: pa.Table, desk: BatchDesk) -> pa.Table:
    operator = node.operator
    assert isinstance(operator, Group)
    made = checked(node.id, operator.verify(pairs, desk), node.measures, len(pairs))
    holds = np.ones(len(pairs), np.bool_)
    for clause in operator.rule():
        holds &= clause.holds(made[clause.measure].combine_chunks()).to_numpy(zero_copy_only=False)
    for name in made.column_names:
        pairs = pairs.append_column(name, made[name])
    return pairs.filter(pa.array(holds))


def _parts(pairs: pa.Table, evidence: Evidence) -> Sequence[pa.Table]:
    """The pairs cut so that the evidence of each part is of bounded size."""
    row, other = pairs["row"].to_numpy(), pairs["other"].to_numpy()
    ends, at = np.unique(np.concatenate([row, other]), return_inverse=True)
    size = evidence.sizes(ends)
    new = np.append(True, row[1:] != row[:-1])  # pairs of one row follow each other
    part = np.cumsum(size[at[: len(row)]] * new + size[at[len(row) :]]) // EVIDENCE_BYTES
    cuts = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(pairs)]
    return [pairs.slice(start, stop - start) for start, stop in pairwise(cuts)]
