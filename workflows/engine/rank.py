"""Rank steps: rows are sorted by what `order` gave, and the ports filled from the front."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Counts, Key, Quota, Rank
from tools.errors import ContractError

from ..graph import Node
from .files import save
from .fragments import Fragments, Rows, values
from .job import Decision, Job
from .places import Places

GROUPS = b"groups"  # in the metadata of a decision's file
MOST_GROUPS = 1000
Groups = Mapping[str, Mapping[str, int | None]]
SORT_IN_MEMORY = 4_000_000  # rows; above it DuckDB sorts and spills
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


def decide_rank(job: Job, node: Node, places: Places, name: str) -> Decision:
    """The port that takes each row: its number on the card, -1 for none (quota), -2 for a row without a value."""
    operator = node.operator
    assert isinstance(operator, Rank)
    notes = _notes(job, places)
    port = np.full(places.total, -1, np.int8)
    place = np.zeros(places.total, np.int64)
    if node.nulls != "keep" and places.total:
        empty = pc.is_null(notes["order"])
        port[empty.combine_chunks().to_numpy(zero_copy_only=False)] = -2
        notes = notes.filter(pc.invert(empty))
    units, unit_of, names = _units(notes)
    order = _sorted(units)
    taken, groups = _fill(node, operator, units, order, names)
    slot = notes["slot"].to_numpy()
    port[slot] = taken[unit_of]
    if operator.card.reorders:
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        # rows of one unit keep their order among themselves
        place[slot[np.lexsort((notes["place"].to_numpy(), rank[unit_of]))]] = np.arange(len(slot))
        place[port == -2] = np.arange(len(slot), places.total)  # rows without a value stand behind all others
    columns = pa.table({"port": port} | ({"place": place} if operator.card.reorders else {}))
    columns = columns.replace_schema_metadata({GROUPS: json.dumps(groups).encode()})
    batches, index = places.split(columns)
    path = Path(job.cache) / "decisions" / f"{name}.arrow"
    save(path, batches or [pa.RecordBatch.from_pylist([], schema=columns.schema)])
    return Decision(path=str(path), batches=index)


def groups_of(decision: Decision) -> Groups:
    """By key, for a rank that has keys: the rows that were there, that it asked for (none: all of them) and that it took."""
    with pa.memory_map(decision.path) as file:
        metadata = pa.ipc.open_file(file).schema.metadata or {}
    found: Groups = json.loads(metadata.get(GROUPS, b"{}"))
    return found


def foretell(job: Job, node: Node, places: Places, into: float, rounds: int = 0, seed: int = 0, one_by_one: bool = False) -> list[dict[str, float]]:
    """Rows that each port takes when `into` rows come that are like these; then, `rounds` times, when the flows that these rows
    came in are drawn anew (the bootstrap), or the rows, where they were drawn one by one. Raises what the operator's `quota` raises."""
    operator = node.operator
    assert isinstance(operator, Rank)
    notes = _notes(job, places)
    if node.nulls != "keep" and places.total:
        notes = notes.filter(pc.invert(pc.is_null(notes["order"])))
    units, unit_of, names = _units(notes)
    order, sizes = _sorted(units), np.diff(places.starts)
    flow = np.searchsorted(places.starts, notes["slot"].to_numpy(), side="right") - 1
    draw = np.random.default_rng(seed & (1 << 63) - 1)
    found = []
    for turn in range(1 + rounds):
        flows = np.ones(len(places.members)) if not turn or one_by_one else draw.poisson(1.0, len(places.members)).astype(np.float64)
        times = draw.poisson(1.0, len(flow)).astype(np.float64) if turn and one_by_one else flows[flow]
        came = float((flows * sizes).sum()) + float((times - flows[flow]).sum())
        share = np.bincount(unit_of, times, len(units)) / np.maximum(np.bincount(unit_of, minlength=len(units)), 1)
        found.append(_filled(operator, units, order, names, into / max(came, 1.0) * share[order]))
    return [one | {"dropped": max(0.0, into - sum(one.values()))} for one in found]


def _filled(operator: Rank, units: pa.Table, order: Rows, names: list[Key], scale: Floats) -> dict[str, float]:
    """Rows on each port, each unit counted as often as `scale` says; the last that fits may fit in part."""
    rows, weight = (units[name].to_numpy()[order] * scale for name in ("rows", "weight"))
    code, left = units["key"].to_numpy()[order], np.ones(len(order))
    quotas = operator.quota(_counts(names, rows, weight, code))
    found: dict[str, float] = {}
    for port, quota in ({operator.ports()[0]: quotas} if isinstance(quotas, Quota) else quotas).items():
        taken = left * np.minimum(_part(quota.rows, rows * left, code, names), _part(quota.weight, weight * left, code, names))
        found[port] = float((rows * taken).sum())
        left = left - taken
    return found


def _part(limit: float | Mapping[Key, float] | None, amount: Floats, code: Rows, names: list[Key]) -> Floats:
    """Which part of each unit still fits, in order."""
    if limit is None or not len(amount):
        return np.ones(len(amount))
    by_key = np.argsort(code, kind="stable") if isinstance(limit, Mapping) else np.arange(len(amount))
    sums = np.cumsum(amount[by_key])
    if isinstance(limit, Mapping):
        starts = np.flatnonzero(np.diff(code[by_key], prepend=-1))
        sums = sums - np.repeat(sums[starts] - amount[by_key][starts], np.diff(np.append(starts, len(sums))))
        most = np.array([float(limit.get(name, 0)) for name in names])[code[by_key]]
    else:
        most = np.full(len(amount), float(limit))
    before = sums - amount[by_key]
    part = np.empty(len(amount))
    part[by_key] = np.clip((most - before) / np.maximum(amount[by_key], 1e-300), 0.0, 1.0)
    return part


def _notes(job: Job, places: Places) -> pa.Table:
    fragments, parts = Fragments(job.fragments), []
    for number, member in enumerate(places.members):
        fragment = fragments.read(member.report.notes)
        if fragment is None or not member.report.rows:
            continue
        made = values(fragment, places.at(number), [c for c in fragment.column_names if c != "at"])
        slots = np.arange(int(places.starts[number]), int(places.starts[number + 1]))
        parts.append(made.append_column("slot", pa.array(slots)).append_column("place", pa.array(places.of(number))))
    fragments.forget()
    if not parts:
        return pa.table({"order": pa.array([], pa.float64()), "slot": pa.array([], pa.int64()), "place": pa.array([], pa.int64())})
    return pa.concat_tables(parts, promote_options="permissive").combine_chunks()


def _units(notes: pa.Table) -> tuple[pa.Table, Rows, list[Key]]:
    """Rows that go together, with their first place, their least order, their number and weight; each row's unit; the keys."""
    rows = len(notes)
    weight = pc.cast(notes["weight"], pa.float64()) if "weight" in notes.column_names else pa.array(np.ones(rows))
    key, keys = _codes(notes, "key", rows)
    if "unit" not in notes.column_names:
        table = {"order": notes["order"], "place": notes["place"], "key": key, "rows": np.ones(rows, np.int64), "weight": weight}
        return pa.table(table), np.arange(rows), keys
    unit, _ = _codes(notes, "unit", rows)
    both = key * (int(unit.max(initial=0)) + 1) + unit
    names, unit_of = np.unique(both, return_inverse=True)
    table = pa.table({"unit": unit_of, "order": notes["order"], "place": notes["place"], "key": key, "weight": weight})
    grouped = (
        table.group_by("unit").aggregate([("order", "min"), ("place", "min"), ("key", "min"), ("place", "count"), ("weight", "sum")]).sort_by("unit")
    )
    assert len(grouped) == len(names)
    named = {"order": "order_min", "place": "place_min", "key": "key_min", "rows": "place_count", "weight": "weight_sum"}
    return pa.table({new: grouped[old] for new, old in named.items()}), unit_of, keys


def _codes(notes: pa.Table, name: str, rows: int) -> tuple[Rows, list[Key]]:
    if name not in notes.column_names:
        return np.zeros(rows, np.int64), [None]
    # a missing key is a key of its own; codes follow the order of first places, which no cut into shards changes
    coded = notes[name].combine_chunks().dictionary_encode(null_encoding="encode")
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    return np.asarray(coded.indices.to_numpy(zero_copy_only=False), np.int64), coded.dictionary.to_pylist()


def _sorted(units: pa.Table) -> Rows:
    if len(units) <= SORT_IN_MEMORY:
        return np.asarray(pc.sort_indices(units, sort_keys=[("order", "ascending"), ("place", "ascending")]).to_numpy(), np.int64)
    import duckdb

    db = duckdb.connect(config={"memory_limit": "512MB", "threads": 2, "preserve_insertion_order": True})
    db.register("units", pa.table({"order_": units["order"], "place": units["place"], "number": np.arange(len(units))}))
    table: pa.Table = db.execute("select number from units order by order_ asc nulls last, place").to_arrow_table()
    sorted_ = table["number"].to_numpy()
    return np.asarray(sorted_, np.int64)


def _fill(
    node: Node, operator: Rank, units: pa.Table, order: Rows, names: list[Key]
) -> tuple[np.ndarray[Any, np.dtype[np.int8]], dict[str, dict[str, int | None]]]:
    """Ports fill one after the other; what does not fit a port any more closes it for its key. Also what each key had, and gave."""
    rows, weight, code = (units[name].to_numpy()[order] for name in ("rows", "weight", "key"))
    quotas = operator.quota(_counts(names, rows, weight, code))
    if isinstance(quotas, Quota):
        quotas = {operator.ports()[0]: quotas}
    taken, left = np.full(len(order), -1, np.int8), np.ones(len(order), np.bool_)
    for port, quota in quotas.items():
        if port not in operator.ports():
            raise ContractError(f"step {node.id!r}: a quota for port {port!r}, it has {operator.ports()}")
        fits = left
        limits = [(quota.rows, rows.astype(np.float64)), (quota.weight, weight)]
        for limit, amount in sorted(limits, key=lambda one: not isinstance(one[0], Mapping)):  # what its own key refuses counts for no other
            fits = fits & _within(limit, amount, code, fits, names)
        taken[fits] = operator.ports().index(port)
        left &= ~fits
    found = np.full(len(order), -1, np.int8)
    found[order] = taken
    first = quotas.get(operator.ports()[0], Quota()).rows
    given = np.bincount(code, rows * (taken == 0), len(names))
    return found, _told(names, np.bincount(code, rows, len(names)), first, given) if names != [None] else {}


def _told(
    names: list[Key], there: Rows | Floats, asked: float | Mapping[Key, float] | None, given: Rows | Floats
) -> dict[str, dict[str, int | None]]:
    """Largest first, at most MOST_GROUPS; those that were asked for and that no row has come too."""
    by_key = asked if isinstance(asked, Mapping) else {}
    found = {key: (int(rows), int(kept)) for key, rows, kept in zip(names, there, given, strict=True)}
    found |= {key: (0, 0) for key in by_key if key not in found}
    order = sorted(found, key=lambda key: -found[key][0])[:MOST_GROUPS]
    wanted = {key: int(by_key.get(key, 0)) if isinstance(asked, Mapping) else None for key in order}
    return {_shown(key): {"there": found[key][0], "asked": wanted[key], "kept": found[key][1]} for key in order}


def _shown(key: Key) -> str:
    return "(none)" if key is None else key.hex() if isinstance(key, bytes) else str(key)


def _counts(names: list[Key], rows: Rows | Floats, weight: Floats, code: Rows) -> Counts:
    size = len(names)
    by_rows, by_weight = np.bincount(code, rows, size), np.bincount(code, weight, size)
    return Counts({n: round(c) for n, c in zip(names, by_rows, strict=True)}, {n: float(c) for n, c in zip(names, by_weight, strict=True)})


def _within(limit: float | Mapping[Key, float] | None, amount: Floats, code: Rows, left: Mask, names: list[Key]) -> Mask:
    """Rows, in order, that still fit: each key's amounts add up until one goes over."""
    if limit is None:
        return left
    counted = np.where(left, amount, 0.0)
    if not isinstance(limit, Mapping):
        return np.logical_and.accumulate(~left | (np.cumsum(counted) <= limit)) if len(counted) else left
    limits = np.array([float(limit.get(name, 0)) for name in names])
    by_key = np.argsort(code, kind="stable")
    sums = np.cumsum(counted[by_key])
    starts = np.flatnonzero(np.diff(code[by_key], prepend=-1))
    before = np.repeat(sums[starts] - counted[by_key][starts], np.diff(np.append(starts, len(sums))))
    over = left[by_key] & (sums - before > limits[code[by_key]])
    closed_at = np.cumsum(over) - np.repeat(np.cumsum(over)[starts] - over[starts], np.diff(np.append(starts, len(over))))
    fits = np.empty(len(code), np.bool_)
    fits[by_key] = closed_at == 0
    return fits
