"""What the benchmark of the jail runs inside it and outside of it."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

Batches = Sequence[pa.RecordBatch]


def upper(order: Mapping[str, object], batches: Batches) -> tuple[Mapping[str, object], Batches]:
    """About as fast as an operator can be."""
    return {}, [pa.record_batch({"text": pc.utf8_upper(batches[0]["text"])})]


def slower(order: Mapping[str, object], batches: Batches) -> tuple[Mapping[str, object], Batches]:
    """An operator at some 150 MB/s: a regular expression over every row, and a number for each."""
    return {}, [pa.record_batch({"found": pc.count_substring_regex(batches[0]["text"], "[aeiou][^aeiou ]")})]


def nothing(order: Mapping[str, object], batches: Batches) -> tuple[Mapping[str, object], Batches]:
    """What remains is the cost of a fresh cell."""
    return {}, []
