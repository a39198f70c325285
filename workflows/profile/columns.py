"""One column counted: shard by shard, then all shards together."""

import json
import math
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tools.dedupe.shingles import mixed
from tools.digest import hashes
from workflows.columns import is_json, is_list, is_number

from .keys import Hashes, Keys, KeyTally, keys_of
from .result import Kind, Spread, Value
from .texts import TextPart, TextTally

Floats: TypeAlias = npt.NDArray[np.float64]

MOST_KEYS = 1 << 16  # distinct values counted exactly; above, within about half a percent
MOST_VALUES = 200  # distinct values that are kept as values
LONGEST_VALUE = 200  # characters of a value that is shown among the top
MOST_TOP = 10
DRAWN = 1 << 14  # rows whose numbers and lengths are held for quantiles
SHOWN = 3
LOOKED = 1024  # values that tell whether a column repeats
LONGEST_EXAMPLE = 240
BARS = 12
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BLANK = r"^\s*$"


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Numbers of the rows with the least draws; NaN where a row has none."""

    draws: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    numbers: Floats = field(default_factory=lambda: np.zeros(0))

    def __add__(self, other: "Drawn") -> "Drawn":
        draws, numbers = np.concatenate((self.draws, other.draws)), np.concatenate((self.numbers, other.numbers))
        if len(draws) <= DRAWN:
            return Drawn(draws=draws, numbers=numbers)
        kept = np.argpartition(draws, DRAWN)[:DRAWN]
        return Drawn(draws=draws[kept], numbers=numbers[kept])


@dataclass(frozen=True, kw_only=True)
class ColumnPart:
    """What one shard says of one column."""

    rows: int
    nulls: int
    empties: int
    measured: int = 0  # values that went into total, least and largest
    total: float = 0.0
    least: float | int | str | None = None
    largest: float | int | str | None = None
    drawn: Drawn = field(default_factory=Drawn)
    keys: Keys | None = None
    values: dict[int, object] | None = None  # by hash; none where they are many or long
    examples: tuple[tuple[int, str], ...] = ()  # draw, text
    texts: TextPart | None = None


def count(whole: pa.Array, column: pa.Field, draws: Hashes, examined: pa.Array | None, hashed: Hashes | None) -> ColumnPart:
    """Count a shard's values; `examined`: positions of the rows whose text is read for its language and the like; `hashed`: the hashes
    of the values that are not null."""
    kind = kind_of(column)
    measures = _measures(whole, kind)
    bounded = whole if kind == "time" and not pa.types.is_duration(whole.type) else measures  # Arrow cannot order spans of time
    bounds = None if bounded is None else pc.min_max(bounded)
    keys, known = _keys(whole, kind, hashed)
    return ColumnPart(
        rows=len(whole),
        nulls=whole.null_count,
        empties=_empties(whole, kind),
        measured=0 if measures is None else len(measures) - measures.null_count,
        total=0.0 if measures is None else float(pc.sum(measures.cast(pa.float64(), safe=False)).as_py() or 0.0),  # integers would wrap
        least=None if bounds is None else _plain(bounds["min"].as_py()),
        largest=None if bounds is None else _plain(bounds["max"].as_py()),
        drawn=Drawn() if measures is None else _drawn(measures, draws),
        keys=keys,
        values=known,
        examples=_examples(whole, kind, draws),
        texts=None if examined is None or kind != "text" else TextPart.of(whole.take(examined)),
    )


def kind_of(column: pa.Field) -> Kind:
    kind = column.type
    if is_json(column):
        return "json"
    if pa.types.is_string(kind) or pa.types.is_null(kind):
        return "text"
    if pa.types.is_boolean(kind):
        return "flag"
    if is_number(kind):
        return "number"
    if pa.types.is_temporal(kind):
        return "time"
    return "bytes" if pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind) or pa.types.is_large_binary(kind) else "nested"


def has_keys(column: pa.Field) -> bool:
    """Whether its distinct values are counted."""
    return kind_of(column) != "nested"


class ColumnTally:
    """The parts of one column together."""

    def __init__(self, column: pa.Field) -> None:
        self.field, self.kind = column, kind_of(column)
        self.rows = self.nulls = self.empties = self._measured = 0
        self._total = 0.0
        self._least: float | int | str | None = None
        self._largest: float | int | str | None = None
        self._drawn = Drawn()
        self._keys: KeyTally | None = KeyTally(MOST_KEYS)
        self._values: dict[int, object] | None = {}
        self._examples: dict[str, int] = {}
        self.texts = TextTally()

    def add(self, part: ColumnPart) -> None:
        self.rows += part.rows
        self.nulls += part.nulls
        self.empties += part.empties
        self._measured += part.measured
        self._total += part.total
        self._least = _of_both(min, self._least, part.least)
        self._largest = _of_both(max, self._largest, part.largest)
        self._drawn += part.drawn
        self._add_keys(part)
        for draw, text in part.examples:
            self._examples[text] = min(draw, self._examples.get(text, draw))
        self._examples = dict(sorted(self._examples.items(), key=lambda item: item[1])[:SHOWN])
        if part.texts is not None:
            self.texts.add(part.texts)

    @property
    def distinct(self) -> tuple[int | None, bool]:
        """How many distinct values there are, null apart, and whether that is exact."""
        if self._keys is None:
            return None, False
        return self._keys.keys.distinct, self._keys.keys.is_exact

    @property
    def top(self) -> tuple[Value, ...]:
        """The most frequent values, where they are few and come again."""
        if self._keys is None or not self._values or 2 * len(self._values) > self.rows - self.nulls:
            return ()
        keys = self._keys.keys
        order = np.lexsort((keys.hashes, -keys.counts))[:MOST_TOP].tolist()
        return tuple(Value(value=self._values[int(keys.hashes[at])], rows=int(keys.counts[at])) for at in order)

    @property
    def spread(self) -> Spread | None:
        """Of the numbers, or of the lengths where the column holds none."""
        if self._least is None:
            return None
        mean = self._total / self._measured if self._measured else None
        return spread(self._drawn.numbers, self._least, mean, self._largest)

    @property
    def examples(self) -> tuple[str, ...]:
        return tuple(self._examples)

    def _add_keys(self, part: ColumnPart) -> None:
        if part.keys is None:
            self._keys = None if part.rows > part.nulls else self._keys
            return
        if self._keys is not None:
            self._keys.add(part.keys)
        if self._values is not None:
            self._values = None if part.values is None else self._values | part.values
            if self._values is not None and len(self._values) > MOST_VALUES:
                self._values = None


def spread(drawn: Floats, least: float | int | str | None, mean: float | None, largest: float | int | str | None) -> Spread:
    """Quantiles and a histogram of the numbers drawn."""
    numbers = drawn[np.isfinite(drawn)]
    if not len(numbers):
        return Spread(least=least, mean=mean, largest=largest, quantiles={})
    found = {f"{share:.0%}": float(value) for share, value in zip(QUANTILES, np.quantile(numbers, QUANTILES, method="inverted_cdf"), strict=True)}
    return Spread(least=least, mean=mean, largest=largest, quantiles=found, histogram=_histogram(numbers))


def of_numbers(numbers: Floats) -> Spread | None:
    """The spread of numbers that are all at hand."""
    return spread(numbers, float(numbers.min()), float(numbers.mean()), float(numbers.max())) if len(numbers) else None


def _histogram(numbers: Floats) -> tuple[tuple[float, float, int], ...]:
    """Even bars, each with its lower edge, up to the 99% quantile; what is larger falls into one more where it would flatten the rest."""
    end = float(np.quantile(numbers, 0.99))
    low, high = float(numbers.min()), float(numbers.max())
    if low == high:
        return ((low, high, len(numbers)),)
    top = end if low < end < high - (high - low) / 4 else high
    bars = BARS
    if high - low < 1 << 52 and bool((numbers == np.floor(numbers)).all()):  # whole numbers: bars of whole width
        width = int(top - low) // BARS + 1
        bars = int(top - low) // width + 1
        top = low + width * bars
    counts, edges = np.histogram(numbers[numbers <= top], bars, (low, top))
    found = [(float(one), float(two), int(rows)) for one, two, rows in zip(edges[:-1], edges[1:], counts, strict=True)]
    above = len(numbers) - int(counts.sum())
    return (*found, (top, high, above)) if above else tuple(found)


def _measures(values: pa.Array, kind: Kind) -> pa.Array | None:
    if kind in ("text", "json"):
        return None if pa.types.is_null(values.type) else pc.utf8_length(values)
    if kind == "number":
        if pa.types.is_integer(values.type):
            return values
        floats = values.cast(pa.float64())
        return pc.if_else(pc.is_finite(floats), floats, pa.scalar(None, pa.float64()))
    if kind == "bytes":
        return pc.binary_length(values)
    return pc.list_value_length(values) if is_list(values.type) else None


def _empties(values: pa.Array, kind: Kind) -> int:
    if kind == "text" and not pa.types.is_null(values.type):
        short = values.filter(pc.less(pc.binary_length(values), 64)) if len(values) else values
        return int(pc.sum(pc.match_substring_regex(short, BLANK)).as_py() or 0)
    if kind == "nested" and is_list(values.type):
        return int(pc.sum(pc.equal(pc.list_value_length(values), 0)).as_py() or 0)
    return 0


def _drawn(measures: pa.Array, draws: Hashes) -> Drawn:
    chosen = np.arange(len(draws)) if len(draws) <= DRAWN else np.argpartition(draws, DRAWN)[:DRAWN]
    numbers = measures.take(pa.array(chosen)).cast(pa.float64(), safe=False)
    return Drawn(draws=draws[chosen], numbers=numbers.to_numpy(zero_copy_only=False))


def _keys(values: pa.Array, kind: Kind, found: Hashes | None) -> tuple[Keys | None, dict[int, object] | None]:
    if kind == "nested" or found is None:
        return None, None
    if not len(found):
        return Keys(hashes=np.zeros(0, np.uint64), counts=np.zeros(0, np.int64)), {}
    keys = keys_of(found, MOST_KEYS)
    if len(keys.hashes) > MOST_VALUES or kind in ("json", "bytes"):
        return keys, None
    _, first = np.unique(found, return_index=True)
    known = values.drop_null().take(pa.array(first))
    if kind == "text" and pc.max(pc.utf8_length(known)).as_py() > LONGEST_VALUE:
        return keys, None
    return keys, {int(key): _plain(value) for key, value in zip(keys.hashes.tolist(), known.to_pylist(), strict=True)}


def value_hashes(values: pa.Array) -> Hashes:
    """One hash a value; values that are equal have the same in every shard."""
    kind = values.type
    if pa.types.is_integer(kind) and not values.null_count:
        return mixed(values.to_numpy(zero_copy_only=False).astype(np.int64).view(np.uint64))
    if pa.types.is_floating(kind) and not values.null_count:
        return mixed((values.to_numpy(zero_copy_only=False).astype(np.float64) + 0.0).view(np.uint64))
    if pa.types.is_temporal(kind) or pa.types.is_decimal(kind):
        return hashes(values.cast(pa.string()))
    if pa.types.is_string(kind) and _comes_again(values):
        held = values.dictionary_encode()
        found: Hashes = hashes(held.dictionary)[held.indices.to_numpy(zero_copy_only=False)]
        return found
    return hashes(values)


def _comes_again(values: pa.Array) -> bool:
    """Whether the first texts repeat so much that each distinct one is better hashed once."""
    head = values.slice(0, LOOKED)
    return len(values) > LOOKED and pc.count_distinct(head).as_py() <= LOOKED // 2


def _examples(values: pa.Array, kind: Kind, draws: Hashes) -> tuple[tuple[int, str], ...]:
    """Filled values of the rows with the least draws."""
    few = np.argsort(draws) if len(draws) <= 8 * SHOWN else np.argpartition(draws, 8 * SHOWN)[: 8 * SHOWN]
    few = few[np.argsort(draws[few])]
    taken = values.take(pa.array(few))
    if kind in ("text", "json") and not pa.types.is_null(values.type):
        taken = pc.utf8_slice_codeunits(taken, 0, 4 * LONGEST_EXAMPLE)
    found: dict[str, int] = {}
    for at, scalar in zip(few.tolist(), taken, strict=True):
        if len(found) < SHOWN and scalar.is_valid and (text := _shown(scalar.as_py())):
            found.setdefault(text, int(draws[at]))
    return tuple((draw, text) for text, draw in found.items())


def _shown(value: object) -> str:
    """A value on one line, cut, without control characters."""
    is_nested = isinstance(value, list | dict)
    text = json.dumps(value, ensure_ascii=False, default=str)[: 4 * LONGEST_EXAMPLE] if is_nested else str(value)
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= LONGEST_EXAMPLE else line[: LONGEST_EXAMPLE - 1] + "…"


def _plain(value: object) -> float | int | str | None:
    """As JSON can say it."""
    if value is None or isinstance(value, int | str):
        return value
    return value if isinstance(value, float) and math.isfinite(value) else str(value)


def _of_both(choose: object, one: object, other: object) -> float | int | str | None:
    found = other if one is None else one if other is None else choose(one, other)  # type: ignore[operator]
    return _plain(found)
