"""Whether what two tools gave may be compared at all: the same rows, the same decisions, the right near-duplicates."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Removal:
    """How well near-duplicates were removed, against exact clusters of which all rows but one must go."""

    precision: float
    recall: float


def removal(kept: Collection[int], clusters: list[int]) -> Removal:
    """Score the rows that are not kept; `clusters` gives for each row the first of its exact cluster.

    A row that is removed is right while its cluster keeps one: so it does not matter which one stays, and a cluster that goes
    whole has one wrong.
    """
    stays = set(kept)
    sizes = Counter(clusters)
    gone = Counter(cluster for row, cluster in enumerate(clusters) if row not in stays)
    right = sum(min(count, sizes[cluster] - 1) for cluster, count in gone.items())
    removed, must = gone.total(), len(clusters) - len(sizes)
    return Removal(right / removed if removed else 1.0, right / must if must else 1.0)


def agreement(ours: Collection[int], theirs: Collection[int], rows: int) -> float:
    """Share of rows on which two tools decide the same."""
    return 1 - len(set(ours) ^ set(theirs)) / rows


def unlike(kept: Collection[int], rows: int) -> str:
    """Why rows that came out cannot be rows that went in; empty if they can."""
    if len(set(kept)) != len(kept):
        return "rows came out twice"
    return "" if not kept or (min(kept) >= 0 and max(kept) < rows) else "rows came out that never went in"
