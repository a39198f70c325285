"""Rows drawn from every source, walked through the recipe with the barriers open, and counted draw by draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tools.storage import Drawn, Shard

from ..graph import Graph, Input
from .estimates import Floats, Stratum
from .reports import ShardReport

WHOLE_BYTES = 8 << 20  # decoded input that is tried whole
DRAWS = 64
FEWEST_DRAWS = 16
PROBES, PROBE_BYTES = 8, 8 << 10  # draws that tell how long rows are
PIECES, PIECE_BYTES = 4, 768 << 10  # pieces that tell how long a run will take
LEAST_WINDOW, MOST_WINDOW = 2 << 10, 1 << 20


@dataclass(frozen=True)
class Sample:
    """Small shards of every source, or all shards there are."""

    shards: tuple[tuple[int, Shard], ...]  # (source, shard)
    drawn: Mapping[int, Drawn]  # by source; none of references
    whole: bool

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(name for one in self.drawn.values() for name in one.heads)

    @property
    def size(self) -> float:
        """Decoded bytes of all inputs that are no references."""
        return sum(one.bytes for one in self.drawn.values())


def take(graph: Graph, cache: Path, rows: int, seed: int) -> Sample:
    """About `rows` rows of all sources together; references whole."""
    counted = {number: given for number, given in enumerate(graph.inputs) if not given.reference}
    looked = {number: given.operator.draw(given.files, cache / "shards", PROBES, PROBE_BYTES, seed) for number, given in counted.items()}
    size = sum(one.bytes for one in looked.values())
    drawn: dict[int, Drawn] = {}
    for number, given in counted.items():
        if size <= WHOLE_BYTES:
            shards = tuple(given.operator.shards(given.files, cache / "shards"))
            clusters = tuple(range(len(shards)))
            drawn[number] = Drawn(
                shards=shards, clusters=clusters, drawn=len(shards), total=looked[number].total, bytes=looked[number].bytes, whole=True
            )
            continue
        share = looked[number].bytes / size
        draws = max(FEWEST_DRAWS, round(DRAWS * share))
        length = _row_bytes(given, looked[number])
        window = int(min(max(rows * max(share, 0.1) * length / draws, LEAST_WINDOW), MOST_WINDOW))
        drawn[number] = given.operator.draw(given.files, cache / "shards", draws, window, seed)
    found: list[tuple[int, Shard]] = []
    for number, given in enumerate(graph.inputs):
        here = drawn[number].shards if number in drawn else given.operator.shards(given.files, cache / "shards")
        found += [(number, shard) for shard in here]
    return Sample(tuple(found), drawn, all(one.whole for one in drawn.values()))


def pieces(graph: Graph, cache: Path, seed: int) -> list[tuple[int, Shard]]:
    """A few larger pieces of every source, to see how long they take; references whole."""
    found: list[tuple[int, Shard]] = []
    for number, given in enumerate(graph.inputs):
        if given.reference:
            here = given.operator.shards(given.files, cache / "shards")
        else:
            here = list(given.operator.draw(given.files, cache / "shards", PIECES, PIECE_BYTES, seed + 1).shards)
        found += [(number, shard) for shard in here]
    return found


def strata(graph: Graph, sample: Sample, reports: Sequence[ShardReport]) -> dict[int, Stratum]:
    """What was seen of each source, draw by draw."""
    found: dict[int, Stratum] = {}
    for number, drawn in sample.drawn.items():
        here = [report for report, (given, _) in zip(reports, sample.shards, strict=True) if given == number]
        index = np.unique(np.array(drawn.clusters, np.int64), return_inverse=True)[1] if drawn.clusters else np.zeros(0, np.int64)
        draws = max(drawn.drawn, int(index.max(initial=-1)) + 1)
        sizes = [shard.stop - shard.start for shard in drawn.shards]
        seen = {place: _by_draw(index, counts, draws) for place, counts in _places(here).items()}
        found[number] = Stratum(
            total=drawn.total,
            size=_by_draw(index, sizes, draws),
            rows=_by_draw(index, [report.rows for report in here], draws),
            seen=seen,
            whole=drawn.whole,
            records=drawn.records,
        )
    return found


def _by_draw(index: np.ndarray[Any, np.dtype[np.int64]], amounts: Sequence[int], draws: int) -> Floats:
    return np.bincount(index, np.array(amounts, np.float64), draws).astype(np.float64)


def _places(reports: Sequence[ShardReport]) -> dict[str, list[int]]:
    """For each place rows by shard."""
    names = {place for report in reports for place in report.places}
    return {place: [report.places.get(place, 0) for report in reports] for place in sorted(names)}


def _row_bytes(given: Input, drawn: Drawn) -> float:
    """The mean length of a row, decoded."""
    rows = sum(len(given.operator.load(shard, given.schema, ()).offset) for shard in drawn.shards)
    size = sum(shard.stop - shard.start for shard in drawn.shards) * (drawn.bytes / drawn.total if drawn.total else 1.0)
    return size / rows if rows else float(PROBE_BYTES)
