"""The methods of a stranger's operator, as our processes call them: what goes into the cell, and what of its answer is taken."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from tools.contract import Columns, Counts, Desk, Key, Numbers, Quota, Repeats, Rule, Types, Whole
from tools.errors import ContractError, RecipeError

from .asking import Answer
from .described import plain, types_of
from .strange import Batch, Strange

METHODS: dict[str, Callable[..., Any]] = {}


def _method(work: Callable[..., Any]) -> Callable[..., Any]:
    METHODS[work.__name__] = work
    return work


# ---- with rows


def _columns(name: str) -> Callable[..., Columns]:
    def work(self: Strange, batch: Batch, desk: Desk, *more: Batch) -> Columns:
        return columns_of(self.inside.ask(name, [batch, *more], desk))

    return work


METHODS |= {name: _columns(name) for name in ("measure", "rewrite", "note", "order", "around")}


@_method
def expand(self: Strange, batch: Batch, desk: Desk) -> tuple[Columns, pa.Array]:
    answer = self.inside.ask("expand", [batch], desk)
    parents = _only(self, "expand", answer, 2)[1]
    if parents.schema.names != ["parents"] or not pa.types.is_list(parents.schema.types[0]):
        raise ContractError(f"{self.inside}, expand: gave no list of parents")
    if not pa.types.is_integer(parents.schema.types[0].value_type) or parents["parents"].null_count or parents["parents"].flatten().null_count:
        raise ContractError(f"{self.inside}, expand: parents are positions in the batch, none of them missing")
    if len(parents) != len(answer[1][0]):
        raise ContractError(f"{self.inside}, expand: gave {len(answer[1][0])} rows and the parents of {len(parents)}")
    return columns_of(answer), parents["parents"].cast(pa.list_(pa.int32()))


@_method
def learn(self: Strange, batch: Batch, desk: Desk) -> pa.Table:
    return _state(self, "learn", self.inside.ask("learn", [batch], desk))


@_method
def evidence(self: Strange, batch: Batch, desk: Desk) -> pa.Array:
    return _values(self, "evidence", self.inside.ask("evidence", [batch], desk), len(batch))


@_method
def verify(self: Strange, pairs: Batch, desk: Desk) -> Columns:
    return columns_of(self.inside.ask("verify", [pairs], desk, _evidence_of(pairs, desk)))


# ---- with tables


@_method
def merge(self: Strange, one: pa.Table, other: pa.Table) -> pa.Table:
    return _state(self, "merge", self.inside.ask("merge", [one, other]))


@_method
def conclude(self: Strange, learned: pa.Table) -> pa.Table:
    return _state(self, "conclude", self.inside.ask("conclude", [learned]))


@_method
def match(self: Strange, partition: pa.Table) -> pa.Table:
    (made,) = _only(self, "match", self.inside.ask("match", [partition]), 1)
    for name in ("row", "other"):
        if name not in made.schema.names or not pa.types.is_integer(made.schema.field(name).type) or made[name].null_count:
            raise ContractError(f"{self.inside}, match: pairs have the whole numbers row and other, none of them missing")
    return pa.Table.from_batches([made])


@_method
def settle(self: Strange, given: pa.Table) -> Columns | pa.Array:
    answer = self.inside.ask("settle", [given])
    if isinstance(self, Whole):
        return columns_of(answer)
    found = _values(self, "settle", answer, len(given))
    if not pa.types.is_integer(found.type) or found.null_count:
        raise ContractError(f"{self.inside}, settle: gives for each row the row it goes into")
    return found


# ---- small answers


@_method
def totals(self: Strange, measured: pa.Table) -> Mapping[str, int]:
    made = _numbers(self, "totals", self.inside.ask("totals", [measured]))
    if not all(isinstance(value, int) for value in made.values()):
        raise ContractError(f"{self.inside}, totals: counts are whole numbers")
    return made  # type: ignore[return-value]


@_method
def tell(self: Strange, state: pa.Table, against: pa.Table | None) -> Numbers:
    return _numbers(self, "tell", self.inside.ask("tell", [state, against]))


@_method
def layout(self: Strange, columns: Sequence[str]) -> Mapping[str, str]:
    made = self.inside.ask("layout", [], columns=list(columns))[0].get("made")
    if not isinstance(made, dict) or not all(isinstance(old, str) for old in made.values()):
        raise ContractError(f"{self.inside}, layout: gives new name → old name")
    if strange := [plain(old)[:60] for old in made.values() if old not in columns]:
        raise RecipeError(f"{self.inside}: layout names {strange[0]!r}, which the rows do not have")
    return {plain(new): old for new, old in made.items()}


@_method
def quota(self: Strange, counts: Counts) -> Quota | Mapping[str, Quota]:
    keys = list(counts.rows)
    given = pa.table(
        {
            "key": pa.array(keys),
            "rows": pa.array([counts.rows[key] for key in keys], pa.int64()),
            "weight": pa.array([counts.weight.get(key, 0.0) for key in keys], pa.float64()),
        }
    )
    told, batches = self.inside.ask("quota", [given])
    made = told.get("made")
    if not isinstance(made, list) or not made or not all(isinstance(one, dict) and isinstance(one.get("port"), str | None) for one in made):
        raise ContractError(f"{self.inside}, quota: gave no quota")
    quotas = {one.get("port"): Quota(_limit(self, one.get("rows"), batches), _limit(self, one.get("weight"), batches)) for one in made}
    if None in quotas:
        return quotas[None]
    if strange := [port for port in quotas if port not in self.ports()]:
        raise ContractError(f"{self.inside}, quota: no port {plain(str(strange[0]))[:60]!r}; it has {', '.join(self.ports())}")
    return quotas


# ---- what needs no rows


@_method
def reads(self: Strange) -> Types:
    return self.inside.facts.reads


@_method
def against(self: Strange) -> Types:
    return self.inside.facts.against


@_method
def ports(self: Strange) -> tuple[str, ...]:
    return self.inside.facts.ports


@_method
def numbers(self: Strange) -> tuple[str, ...]:
    return self.inside.facts.numbers


@_method
def rule(self: Strange) -> Rule:
    return self.inside.facts.rule


@_method
def repeats(self: Strange) -> Repeats:
    return self.inside.facts.repeats


# ---- private


def _evidence_of(pairs: Batch, desk: Desk) -> pa.RecordBatch:
    """What is known of each row that stands in a pair, once."""
    sides = [np.asarray(pairs[name].to_numpy(), np.int64) for name in ("row", "other")]
    places = pa.array(np.unique(np.concatenate(sides)))
    return pa.record_batch({"place": places, "evidence": desk.evidence(places)})


def _only(self: Strange, method: str, answer: Answer, count: int) -> list[pa.RecordBatch]:
    if len(answer[1]) != count:
        raise ContractError(f"{self.inside}, {method}: {len(answer[1])} batches came back where {count} were due")
    return answer[1]


def columns_of(answer: Answer) -> Columns:
    batch = answer[1][0] if answer[1] else pa.RecordBatch.from_arrays([], [])
    return dict(zip(map(plain, batch.schema.names), batch.columns, strict=True))


def _state(self: Strange, method: str, answer: Answer) -> pa.Table:
    (made,) = _only(self, method, answer, 1)
    types_of(made.slice(0, 0), str(self.inside))
    if "at" in made.schema.names:
        raise ContractError(f"{self.inside}, {method}: what it learns cannot have a column 'at', which is the engine's; call it otherwise")
    return pa.Table.from_batches([made])


def _values(self: Strange, method: str, answer: Answer, rows: int) -> pa.Array:
    (made,) = _only(self, method, answer, 1)
    if len(made.columns) != 1 or len(made) != rows:
        raise ContractError(f"{self.inside}, {method}: {len(made)} values came back for {rows} rows")
    return made.columns[0]


def _numbers(self: Strange, method: str, answer: Answer) -> dict[str, int | float | None]:
    made = answer[0].get("made")
    names = self.numbers()
    if not isinstance(made, dict) or set(made) != set(names):
        told = sorted(plain(str(name))[:60] for name in made) if isinstance(made, dict) else []
        raise ContractError(f"{self.inside}, {method}: told {told}, its card says {sorted(names)}")
    for name, value in made.items():
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value)):
            raise ContractError(f"{self.inside}, {method}: {name!r} is {str(value)[:60]!r}; a number is due, or none")
    return {name: made[name] for name in names}


def _limit(self: Strange, given: object, batches: Sequence[pa.RecordBatch]) -> Any:
    if isinstance(given, dict):
        at = given.get("batch")
        if type(at) is not int or not 0 <= at < len(batches) or batches[at].schema.names != ["key", "amount"]:
            raise ContractError(f"{self.inside}, quota: a limit by key came without its keys")
        keys: list[Key] = batches[at]["key"].to_pylist()
        return {key: _amount(self, amount) for key, amount in zip(keys, batches[at]["amount"].to_pylist(), strict=True)}
    return None if given is None else _amount(self, given)


def _amount(self: Strange, given: object) -> int | float:
    if isinstance(given, bool) or not isinstance(given, int | float) or (isinstance(given, float) and math.isnan(given)):
        raise ContractError(f"{self.inside}, quota: {str(given)[:60]!r} is no amount")
    return given
