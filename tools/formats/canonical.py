"""Arrow batches whose buffers hold what their rows say and nothing else: what lies under a null or behind the last value is zero."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def canonical(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same rows in fresh buffers, so that their bytes depend on the values alone."""
    return pa.RecordBatch.from_arrays([_fresh(column) for column in batch.columns], schema=batch.schema)


def _fresh(array: pa.Array) -> pa.Array:
    kind = array.type
    mask = array.is_null() if array.null_count else None
    if pa.types.is_struct(kind) and kind.num_fields:
        children = [_fresh(child) for child in array.flatten()]  # a child is null where its parent is
        return pa.StructArray.from_arrays(children, fields=list(kind), mask=mask)
    if pa.types.is_list(kind) or pa.types.is_map(kind):
        return _fresh_lists(array, mask)
    return pc.take(array, pa.array(np.arange(len(array))))


def _fresh_lists(array: pa.Array, mask: pa.Array | None) -> pa.Array:
    kind = array.type
    lengths = np.where(array.is_valid(), np.diff(np.asarray(array.offsets)), 0)
    offsets = pa.array(np.append(np.int32(0), np.cumsum(lengths, dtype=np.int32)))
    if not pa.types.is_map(kind):
        return pa.ListArray.from_arrays(offsets, _fresh(array.flatten()), type=kind, mask=mask)
    pairs = pa.list_(pa.struct([pa.field("key", kind.key_type, nullable=False), pa.field("value", kind.item_type)]))
    keys, items = (_fresh(child) for child in array.cast(pairs).flatten().flatten())  # without what lies under a null
    return pa.MapArray.from_arrays(offsets, keys, items, type=kind, mask=mask)
