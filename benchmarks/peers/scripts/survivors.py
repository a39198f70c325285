"""What libraries without a reader of their own are given by our scripts: blocks of JSON lines, 5-grams, clusters of pairs, survivors written."""

import argparse
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

NGRAM = 5


def given(description: str | None) -> tuple[Path, Path]:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("input", type=Path)
    parser.add_argument("output", type=Path)
    known = parser.parse_args()
    return known.input, known.output


def blocks(path: Path, size: int) -> Iterator[list[str]]:
    with open(path, encoding="utf-8", newline="\n") as file:
        while lines := list(islice(file, size)):
            yield lines


def shingles(text: str) -> list[str]:
    words = text.lower().split()
    return [" ".join(words[place : place + NGRAM]) for place in range(max(1, len(words) - NGRAM + 1))]


def write(source: Path, target: Path, pairs: Iterable[tuple[int, int]]) -> None:
    """Copy the lines of `source` that are the first of their cluster."""
    parents: dict[int, int] = {}

    def root(place: int) -> int:
        while (parent := parents.get(place, place)) != place:
            parents[place] = parents.get(parent, parent)
            place = parent
        return place

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        parents[second] = first
    with open(source, "rb") as lines, open(target, "wb") as kept:
        kept.writelines(line for place, line in enumerate(lines) if root(place) == place)
