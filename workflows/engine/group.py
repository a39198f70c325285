"""Group steps: notes are matched key range by key range, pairs verified, joined to clusters, and each cluster settled."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Group
from tools.errors import ContractError

from ..executor import Executor
from ..graph import Node
from .call import checked, one_batch
from .desk import BatchDesk
from .files import save
from .fragments import Fragments, Rows
from .job import Decision, Job
from .keys import key
from .notes import notes_between
from .places import Places
from .verify_store import VerifyStore, remove_store, write_store
from .walk import Walk

Floats = np.ndarray[Any, np.dtype[np.float64]]
PARTITION_BYTES = 32 << 20
VERIFY_BYTES = 8 << 20  # of the texts of the pairs that are verified in one call


@dataclass(frozen=True)
class Matched:
    """What one key range gave: pairs of places, and what rows are preferred by."""

    pairs: pa.Table
    prefer: pa.Table


def decide_group(job: Job, node: Node, places: Places, name: str, executor: Executor) -> Decision:
    """Which rows merge into which; the decision file has `into`, `into_part`, `cluster` and the pair's measures."""
    operator = node.operator
    assert isinstance(operator, Group)
    fragments = Fragments(job.fragments)
    size = sum(path.stat().st_size for member in places.members for path in fragments.paths(member.report.notes))
    ranges = max(1, min(-(-size // PARTITION_BYTES), 4096))
    cuts = [(1 << 64) * number // ranges for number in range(ranges + 1)]
    tasks = [(job, node.id, places, low, high) for low, high in pairwise(cuts)]
    pairs, prefer = _gathered(executor.map(match_range, tasks), places)
    table = _verified(job, node, operator, places, pairs, executor)
    columns = _settled(node, operator, places, table, prefer)
    batches, index = places.split(columns)
    path = Path(job.cache) / "decisions" / f"{name}.arrow"
    save(path, batches or [pa.RecordBatch.from_pylist([], schema=columns.schema)])
    return Decision(path=str(path), batches=index)


def _gathered(matched: Iterable[Matched], places: Places) -> tuple[Rows, Floats]:
    """The distinct pairs of all key ranges, and what each row is preferred by."""
    prefer = np.full(places.total, -np.inf)
    codes = np.zeros(0, np.uint64)
    total = np.uint64(max(places.total, 1))
    for one in matched:
        values = pc.fill_null(one.prefer["prefer"].combine_chunks(), -np.inf).to_numpy(zero_copy_only=False)
        prefer[one.prefer["row"].to_numpy()] = np.where(np.isnan(values), -np.inf, values)
        pairs = _both(one.pairs).astype(np.uint64)
        codes = np.union1d(codes, pairs[:, 0] * total + pairs[:, 1])
    found = np.stack([codes // total, codes % total], axis=1).astype(np.int64)
    return found[found[:, 1] >= places.references], prefer  # two reference rows are no pair


def match_range(task: tuple[Job, str, Places, int, int]) -> Matched:
    """All notes whose key hash lies in a range, matched."""
    job, step, places, low, high = task
    node = job.graph.node(step)
    operator = node.operator
    assert isinstance(operator, Group)
    fragments, found = Fragments(job.fragments), []
    for number, member in enumerate(places.members):
        notes = notes_between(fragments.paths(member.report.notes), low, high)
        if notes:
            found.append(_placed(pa.concat_tables(notes), places.at(number), places.of(number)))
    schema = pa.schema([("row", pa.int64()), ("prefer", pa.float64())])
    if not sum(map(len, found)):
        return Matched(pa.table({"row": pa.array([], pa.int64()), "other": pa.array([], pa.int64())}), schema.empty_table())
    partition = pa.concat_tables(found).combine_chunks()
    pairs = _pairs(node.id, operator.match(partition), places.total)
    if operator.card.prefer is None:
        return Matched(pairs, schema.empty_table())
    wanted = np.unique(_both(pairs))
    chosen = partition.filter(pc.is_in(partition["row"], pa.array(wanted)))
    return Matched(pairs, pa.table({"row": chosen["row"], "prefer": pc.cast(chosen[operator.card.prefer], pa.float64())}))


def extract(task: tuple[Job, str, int, list[tuple[int, Rows, Rows]], str]) -> str:
    """The bound columns of some rows of one shard, by place: what `verify` may read back."""
    job, step, shard, wanted, path = task
    node = job.graph.node(step)
    walk = Walk(job, shard)
    walk.run()
    lanes = {lane.index: lane for lane in job.lanes[step]}
    parts, stands = [], []
    for lane, positions, at_places in wanted:
        source = lanes[lane]
        flow = walk.out[source.edge.step, source.edge.port, source.upstream]
        order = np.argsort(positions)
        at = flow.at[positions[order]]
        bound = walk.compute.bound(node, flow, source.reference)
        parts.append(walk.compute.batch(bound, flow.universe, at, None))
        stands.append(at_places[order])
    texts = pa.concat_tables(parts)
    write_store(Path(path), texts, np.concatenate(stands), _bytes(texts))
    return path


def verify_pairs(task: tuple[Job, str, list[str], Rows]) -> pa.Table:
    """Measures of some pairs, and of these the pairs within the rule."""
    job, step, paths, pairs = task
    node = job.graph.node(step)
    operator = node.operator
    assert isinstance(operator, Group)
    table = pa.table({"row": pairs[:, 0], "other": pairs[:, 1]})
    with VerifyStore(paths) as store:
        desk = BatchDesk(node.seed, node.id, reader=store.read)
        made = checked(node.id, operator.verify(table, desk), node.measures, len(pairs))
    holds = np.ones(len(pairs), np.bool_)
    for clause in operator.rule():
        holds &= clause.holds(made[clause.measure].combine_chunks()).to_numpy(zero_copy_only=False)
    for name in made.column_names:
        table = table.append_column(name, made[name])
    return table.filter(pa.array(holds))


def _verified(job: Job, node: Node, operator: Group, places: Places, pairs: Rows, executor: Executor) -> pa.Table:
    if type(operator).verify is Group.verify:
        return pa.table({"row": pairs[:, 0], "other": pairs[:, 1]})
    rows = np.unique(pairs)
    by_shard: dict[int, list[tuple[int, Rows, Rows]]] = {}
    for number, positions, which in places.flows(places.slots(rows)):
        member = places.members[number]
        by_shard.setdefault(member.shard, []).append((member.lane.index, positions, rows[which]))
    folder = Path(job.folder) / "work" / "verify"
    named = {shard: str(folder / f"{key(node.id, shard, [w[2].tolist() for w in wanted])}.arrow") for shard, wanted in by_shard.items()}
    paths = list(executor.map(extract, [(job, node.id, shard, wanted, named[shard]) for shard, wanted in sorted(by_shard.items())]))
    if not paths:
        return pa.table(
            {"row": pa.array([], pa.int64()), "other": pa.array([], pa.int64()), **{n: pa.array([], t) for n, t in node.measures.items()}}
        )
    verified = list(executor.map(verify_pairs, [(job, node.id, paths, chunk) for chunk in _chunks(pairs, paths)]))
    for path in paths:
        remove_store(Path(path))
    return pa.concat_tables(verified)


def _chunks(pairs: Rows, paths: list[str]) -> list[Rows]:
    """The pairs cut so that the texts of each part are of bounded size; neighbours share rows."""
    place, size = VerifyStore(paths).sizes()
    each = size[np.searchsorted(place, pairs[:, 0])] + size[np.searchsorted(place, pairs[:, 1])]
    part = np.cumsum(each) // VERIFY_BYTES
    return [chunk for chunk in np.split(pairs, np.flatnonzero(np.diff(part)) + 1) if len(chunk)]


def _bytes(texts: pa.Table) -> Rows:
    """Bytes of each row's texts and 64 for anything else."""
    total = np.full(len(texts), 64, np.int64)
    for column in texts.columns:
        if pa.types.is_string(column.type):
            total += pc.fill_null(pc.binary_length(column), 0).to_numpy()
    return total


def _settled(node: Node, operator: Group, places: Places, pairs: pa.Table, prefer: Floats) -> pa.Table:
    """One row a slot: what it goes into, its cluster, the measures of the pair."""
    row, other = pairs["row"].to_numpy(), pairs["other"].to_numpy()
    members, label = clusters(row, other)
    preference = prefer[members]
    order = np.lexsort((members, -preference, members >= places.references, label))
    first = np.flatnonzero(np.diff(label[order], prepend=-1))
    best = np.repeat(members[order][first], np.diff(np.append(first, len(order))))
    given = pa.table({"cluster": label[order], "row": members[order], "prefer": preference[order], "best": best})
    settled = operator.settle(given)
    settled = settled.combine_chunks() if isinstance(settled, pa.ChunkedArray) else settled
    into = np.asarray(settled.to_numpy(zero_copy_only=False), np.int64)
    _check_into(node.id, given, into)
    merged = (into != members[order]) & (members[order] >= places.references)
    place = np.full(places.total, -1, np.int64)
    cluster = np.arange(places.total, dtype=np.int64)
    place[members[order][merged]], cluster[members] = into[merged], label
    rows, parts = places.identities(place[place >= 0])
    columns = {"into": _scattered(place >= 0, rows), "into_part": _scattered(place >= 0, parts), "cluster": pa.array(cluster)}
    columns |= _pair_measures(node, pairs, place)
    return places.by_slot(pa.table(columns))


def _pair_measures(node: Node, pairs: pa.Table, place: Rows) -> dict[str, pa.Array]:
    """For each merged row the measures of its pair with the row it goes into; with no such pair those of its closest pair."""
    made: dict[str, pa.Array] = {}
    row, other = pairs["row"].to_numpy(), pairs["other"].to_numpy()
    for name, kind in node.measures.items():
        values = pc.fill_null(pc.cast(pairs[name].combine_chunks(), pa.float64()), np.nan).to_numpy(zero_copy_only=False)
        ends = np.concatenate([row, other])
        direct = np.concatenate([place[row] == other, place[other] == row])
        twice = np.concatenate([values, values])
        order = np.lexsort((twice, direct))
        found = np.full(len(place), np.nan)
        found[ends[order]] = twice[order]  # the last written stands: direct before indirect, then the largest
        made[name] = pc.cast(_scattered((place >= 0) & ~np.isnan(found), found[(place >= 0) & ~np.isnan(found)]), kind)
    return made


def clusters(row: Rows, other: Rows) -> tuple[Rows, Rows]:
    """Rows that stand in any pair, ascending, and for each the smallest row it is connected with."""
    members, coded = np.unique(np.concatenate([row, other]), return_inverse=True)
    left, right = coded[: len(row)], coded[len(row) :]
    label = np.arange(len(members), dtype=np.int64)
    while True:
        low = np.minimum(label[left], label[right])
        before = label.copy()
        np.minimum.at(label, label[left], low)
        np.minimum.at(label, label[right], low)
        label = label[label]
        while not np.array_equal(label, label[label]):
            label = label[label]
        if np.array_equal(label, before):
            return members, members[label]


def _check_into(step: str, given: pa.Table, into: Rows) -> None:
    rows, label = given["row"].to_numpy(), given["cluster"].to_numpy()
    order = np.argsort(rows)
    where = np.searchsorted(rows[order], into).clip(0, max(len(rows) - 1, 0))
    if len(into) != len(rows) or (len(rows) and ((rows[order][where] != into) | (label[order][where] != label)).any()):
        raise ContractError(f"step {step!r}: settle names a row outside the cluster")
    if len(rows) and (into[order][where] != into).any():
        raise ContractError(f"step {step!r}: settle merges a row into one that does not stay")


def _scattered(mask: np.ndarray[tuple[int], np.dtype[np.bool_]], values: np.ndarray[tuple[int], np.dtype[np.int64 | np.float64]]) -> pa.Array:
    """Values where the mask is set, null elsewhere."""
    full = np.zeros(len(mask), values.dtype)
    full[mask] = values
    return pa.array(full, mask=~mask)


def _placed(notes: pa.Table, at: Rows, place: Rows) -> pa.Table:
    """Notes of rows that are in the stream, their row now the place."""
    noted = notes["at"].to_numpy()
    where = np.searchsorted(at, noted).clip(0, max(len(at) - 1, 0))
    here = (at[where] == noted) if len(at) else np.zeros(len(noted), np.bool_)
    chosen = notes if here.all() else notes.filter(pa.array(here))
    return chosen.drop_columns(["at", "hash"]).append_column("row", pa.array(place[where[here]]))


def _pairs(step: str, pairs: pa.Table, total: int) -> pa.Table:
    made = one_batch(pairs.select(["row", "other"]).cast(pa.schema([("row", pa.int64()), ("other", pa.int64())])))
    flat = np.concatenate([made["row"].to_numpy(), made["other"].to_numpy()])
    if len(flat) and not 0 <= flat.min() <= flat.max() < total:
        raise ContractError(f"step {step!r}: match names row {flat.max()}, the input has {total}")
    return pa.Table.from_batches([made])


def _both(pairs: pa.Table) -> Rows:
    """(smaller, larger), less the pairs of a row with itself."""
    row, other = pairs["row"].to_numpy(), pairs["other"].to_numpy()
    both = np.stack([np.minimum(row, other), np.maximum(row, other)], axis=1)
    found: Rows = both[both[:, 0] != both[:, 1]]
    return found
