"""What methods of operators give, as JSON and batches that may leave a cell."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import numpy as np
import pyarrow as pa

from tools.contract import Between, Counts, OneOf, Operator, Quota, Rule, Whole
from tools.one_array import one_array

Answer = tuple[Mapping[str, object], Sequence[pa.RecordBatch]]


class Form(StrEnum):
    """What a method gives."""

    COLUMNS = "columns"
    BORN = "born"  # columns and parents
    TABLE = "table"
    VALUES = "values"
    JSON = "json"
    QUOTA = "quota"
    SETTLED = "settled"  # of a Group values, of a Whole columns


METHODS: Mapping[str, Form] = {
    "measure": Form.COLUMNS,
    "rewrite": Form.COLUMNS,
    "note": Form.COLUMNS,
    "order": Form.COLUMNS,
    "around": Form.COLUMNS,
    "verify": Form.COLUMNS,
    "expand": Form.BORN,
    "learn": Form.TABLE,
    "merge": Form.TABLE,
    "conclude": Form.TABLE,
    "match": Form.TABLE,
    "evidence": Form.VALUES,
    "settle": Form.SETTLED,
    "totals": Form.JSON,
    "tell": Form.JSON,
    "layout": Form.JSON,
    "quota": Form.QUOTA,
}


def answer(operator: Operator, form: Form, method: Callable[..., object], arguments: Sequence[object]) -> Answer:
    """Call a method and bring what it gives into its form. Raises TypeError where it gives something else."""
    if form is Form.QUOTA:
        (table,) = arguments
        assert isinstance(table, pa.Table)
        return quota_as_json(method(_counts(table)))
    made = method(*arguments)
    if form is Form.SETTLED:
        form = Form.COLUMNS if isinstance(operator, Whole) else Form.VALUES
    if form is Form.COLUMNS:
        return {}, [columns_as_batch(made)]
    if form is Form.BORN:
        if not isinstance(made, tuple) or len(made) != 2:
            raise TypeError(f"gave {_kind(made)}, not columns and parents")
        return {}, [columns_as_batch(made[0]), columns_as_batch({"parents": made[1]})]
    if form is Form.VALUES:
        return {}, [columns_as_batch({"values": made})]
    if form is Form.TABLE:
        if not isinstance(made, pa.Table):
            raise TypeError(f"gave {_kind(made)}, not a pa.Table")
        return {}, [columns_as_batch({name: made[name] for name in made.column_names})]
    if not isinstance(made, Mapping):
        raise TypeError(f"gave {_kind(made)}, not a mapping")
    return {"made": {str(key): _plain(value) for key, value in made.items()}}, ()


def columns_as_batch(columns: object) -> pa.RecordBatch:
    if not isinstance(columns, Mapping):
        raise TypeError(f"gave {_kind(columns)}, not a mapping of columns")
    for name, array in columns.items():
        if not isinstance(array, pa.Array | pa.ChunkedArray):
            raise TypeError(f"gave {_kind(array)} as column {name!r}, not a pa.Array")
    whole = {str(name): one_array(array) for name, array in columns.items()}
    lengths = {name: len(array) for name, array in whole.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"gave columns of different lengths: {lengths}")
    return pa.RecordBatch.from_arrays(list(whole.values()), list(whole))


def types_as_batch(types: object) -> pa.RecordBatch:
    """No rows, of columns of these types: so types leave a cell under the same guard as values."""
    if not isinstance(types, Mapping) or not all(isinstance(kind, pa.DataType) for kind in types.values()):
        raise TypeError(f"gave {_kind(types)}, not a mapping of column names to Arrow types")
    return pa.RecordBatch.from_arrays([pa.array([], kind) for kind in types.values()], list(map(str, types)))


def rule_as_json(rule: Rule) -> list[dict[str, object]]:
    told: list[dict[str, object]] = []
    for clause in rule:
        if isinstance(clause, Between):
            told.append({"measure": clause.measure, "at_least": clause.at_least, "at_most": clause.at_most})
        elif isinstance(clause, OneOf):
            told.append({"measure": clause.measure, "values": list(clause.values)})
        else:
            raise TypeError(f"its rule holds {_kind(clause)}, not Between or OneOf")
    return told


def quota_as_json(quotas: object) -> Answer:
    """Per port its limits; a limit by key stands in a batch of its own, since there may be very many keys."""
    batches: list[pa.RecordBatch] = []

    def limit(given: object) -> object:
        if not isinstance(given, Mapping):
            return _plain(given)
        batches.append(pa.record_batch({"key": pa.array(list(given)), "amount": pa.array([_plain(amount) for amount in given.values()])}))
        return {"batch": len(batches) - 1}

    by_port: Mapping[object, object] = quotas if isinstance(quotas, Mapping) else {None: quotas}
    told = []
    for port, quota in by_port.items():
        if not isinstance(quota, Quota):
            raise TypeError(f"gave {_kind(quota)}, not a Quota")
        told.append({"port": port, "rows": limit(quota.rows), "weight": limit(quota.weight)})
    return {"made": told}, batches


def _counts(table: pa.Table) -> Counts:
    key, rows, weight = (table[name].to_pylist() for name in ("key", "rows", "weight"))
    return Counts(dict(zip(key, rows, strict=True)), dict(zip(key, weight, strict=True)))


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"
