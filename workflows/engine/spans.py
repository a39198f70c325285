"""Notes of Cut steps: spans with a hash of what they say, kept sorted by it, so that any range of hashes is one slice of each file."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tools.contract import SPANS, Columns, Repeats
from tools.errors import ContractError

from .call import checked
from .files import open_table, save
from .fragments import Rows
from .notes import between

Hashes = np.ndarray[Any, np.dtype[np.uint64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


def spans_of(step: str, columns: Columns, batch: pa.RecordBatch) -> pa.Table:
    """What an operator noted of a batch, after a look at types and bounds. Raises ContractError."""
    made = checked(step, columns, SPANS, None)
    row, start, stop = (made[name].to_numpy() for name in ("row", "start", "stop"))
    if not len(row):
        return made
    if not 0 <= row.min() <= row.max() < len(batch):
        raise ContractError(f"step {step!r}: a span names row {row.max()} of a batch of {len(batch)}")
    texts = batch.column(0)
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    held = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    first = offsets[row]
    if (start < 0).any() or (stop < start).any() or (first + stop > offsets[row + 1]).any():
        raise ContractError(f"step {step!r}: a span goes beyond its text")
    for side in (first + start, first + stop):
        inside = side[side < len(held)]
        if ((held[inside] & 0xC0) == 0x80).any():
            raise ContractError(f"step {step!r}: a span begins or ends within a character")
    return made


def placed(spans: pa.Table, at: Rows) -> pa.Table:
    """Spans of a batch as spans of a shard."""
    columns = {"at": at[spans["row"].to_numpy()], "hash": spans["mark"]}
    return pa.table({**columns, **{name: spans[name] for name in ("check", "start", "stop")}})


def keep_spans(path: Path, notes: list[pa.Table], durable: bool = True) -> None:
    if not sum(map(len, notes)):
        return
    table = pa.concat_tables(notes).combine_chunks()
    order = pa.array(np.argsort(table["hash"].to_numpy()))  # ties in any order: whoever reads them sorts
    save(path, table.take(order), durable)


@dataclass(frozen=True)
class Spans:
    """Spans of a step's input."""

    hash: Hashes
    check: np.ndarray[Any, np.dtype[np.uint32]]
    stand: Hashes  # where in the stream: the place of its row, and where in the row it begins
    slot: Rows
    stop: Rows

    def only(self, chosen: Mask | Rows) -> "Spans":
        return Spans(*(getattr(self, name)[chosen] for name in COLUMNS))

    @property
    def place(self) -> Rows:
        return (self.stand >> BITS).view(np.int64)

    @property
    def start(self) -> Rows:
        return (self.stand & STARTS).view(np.int64)


COLUMNS = ("hash", "check", "stand", "slot", "stop")
BITS, STARTS = np.uint64(31), np.uint64((1 << 31) - 1)


def spans_between(paths: list[Path], low: int, high: int, at: Rows, places: Rows, first_slot: int) -> Spans:
    """Of one flow: the spans whose hash is in [low, high). `at`: rows of the shard that are in the flow."""
    tables = [between(open_table(path), low, high) for path in paths]
    noted, marks, check, start, stop = ([table[name].to_numpy() for table in tables] for name in ("at", "hash", "check", "start", "stop"))
    own: Rows = np.concatenate([np.zeros(0, np.int64), *noted])
    last = max(len(at) - 1, 0)
    all_of_them = len(at) > 0 and at[-1] == last  # rows from 0 on, none left out
    position = np.minimum(own, last) if all_of_them else np.searchsorted(at, own).clip(0, last)
    here = at[position] == own if len(at) else np.zeros(len(own), np.bool_)
    place = places[position] if len(at) else own
    starts: Rows = np.concatenate([np.zeros(0, np.int64), *start])
    found = Spans(
        hash=np.concatenate([np.zeros(0, np.uint64), *marks]),
        check=np.concatenate([np.zeros(0, np.uint32), *check]),
        stand=place.view(np.uint64) << BITS | starts.view(np.uint64),
        slot=position + first_slot,
        stop=np.concatenate([np.zeros(0, np.int64), *stop]),
    )
    return found if here.all() else found.only(here)


def joined(parts: list[Spans]) -> Spans:
    return Spans(*(np.concatenate([getattr(one, name) for one in parts]) for name in COLUMNS))


def repeated(spans: Spans) -> tuple[Spans, Rows]:
    """Spans whose like is there too, those alike together, and where each such family begins."""
    order = np.argsort(spans.hash)
    same = spans.hash[order][1:] == spans.hash[order][:-1]
    twice = np.concatenate([same, [False]]) | np.concatenate([[False], same]) if len(order) else np.zeros(0, np.bool_)
    found = spans.only(order[twice])
    heads = _heads(found.hash)
    if not len(heads) or (np.minimum.reduceat(found.check, heads) == np.maximum.reduceat(found.check, heads)).all():
        return found, heads
    found = found.only(np.lexsort((found.check, found.hash)))  # somewhere the same mark, another check
    heads = _heads(found.hash, found.check)
    sizes = _sizes(found, heads)
    found = found.only(np.repeat(sizes > 1, sizes))
    return found, _heads(found.hash, found.check)


def losers(spans: Spans, heads: Rows, repeats: Repeats, rows: int) -> tuple[Mask, Rows]:
    """Of families of spans in an input of so many rows: which spans go, and the place of the row in which each lives on (-1: in none)."""
    if not len(heads):
        return np.zeros(0, np.bool_), heads
    sizes = _sizes(spans, heads)
    least = max(repeats.documents, ceil(Fraction(str(repeats.share)) * rows) if repeats.share else 0)
    goes = np.repeat(_documents(spans, heads, least) >= least, sizes)
    if not repeats.first_stays:
        return goes, np.full(len(goes), -1, np.int64)
    first = np.minimum.reduceat(spans.stand, heads)
    is_first = spans.stand == np.repeat(first, sizes)
    reached = np.repeat((first & ~STARTS) | np.maximum.reduceat(np.where(is_first, spans.stop, 0), heads).view(np.uint64), sizes)
    goes &= ~is_first & (spans.stand >= reached)  # what overlaps with the first one stays with it
    return goes, np.repeat(first >> BITS, sizes).view(np.int64)


def _documents(spans: Spans, heads: Rows, most: int) -> Rows:
    """In how many rows each family stands; numbers above `most` may be told as less."""
    place = spans.place
    if most <= 2:
        return np.where(np.minimum.reduceat(place, heads) != np.maximum.reduceat(place, heads), 2, 1)
    family = np.repeat(np.arange(len(heads)), _sizes(spans, heads))
    order = np.lexsort((place, family))
    other = np.ones(len(order), np.int64)
    other[1:] = (place[order][1:] != place[order][:-1]) | (family[1:] != family[:-1])
    return np.add.reduceat(other, heads)


def _heads(*keys: np.ndarray[Any, Any]) -> Rows:
    """Where another family begins, of spans in order."""
    fresh = np.ones(len(keys[0]), np.bool_)
    fresh[1:] = np.logical_or.reduce([one[1:] != one[:-1] for one in keys])
    return np.flatnonzero(fresh)


def _sizes(spans: Spans, heads: Rows) -> Rows:
    return np.diff(np.append(heads, len(spans.hash)))
