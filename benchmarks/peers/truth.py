"""Which documents are near-duplicates, exactly: every pair at a true Jaccard similarity of word n-grams, found by an index of rare n-grams.

It shares no code with the operators that it judges. Two sets at similarity s share one of their 1 - s rarest members, so only pairs
that do are looked at, and each of these is counted out.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.int64]
Hashes: TypeAlias = npt.NDArray[np.uint64]
Split: TypeAlias = Callable[[str], list[str]]

NGRAM = 5
ENOUGH = (4, 5)  # a Jaccard similarity of four fifths
MARKS = "".join(character for character in map(chr, range(0x11000)) if unicodedata.category(character)[0] == "M")
ALONE = "\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUNS = re.compile(rf"[{ALONE}]|(?:(?![{ALONE}])(?:[^\W_]|[{MARKS}]))+")


def runs(text: str) -> list[str]:
    """Words as runs of letters, digits and marks; Han and kana each by itself. So split winnow, datatrove and gaoya, nearly."""
    return RUNS.findall(text.lower())


def space(text: str) -> list[str]:
    """Words between white space, their punctuation with them. So split data-juicer and our scripts for rensa and datasketch."""
    return text.lower().split()


def near(texts: Iterable[str], split: Split) -> list[tuple[int, int]]:
    """All pairs of texts that are near-duplicates, by their places."""
    flat, offsets = _sets(texts, split)
    ranked = _rarest_first(flat, offsets)
    ones, others = _candidates(ranked, offsets)
    common = np.fromiter(_common(ranked, offsets, ones, others), np.int64, len(ones))
    sizes = np.diff(offsets)
    union = sizes[ones] + sizes[others] - common
    found = common * ENOUGH[1] >= union * ENOUGH[0]
    return list(zip(ones[found].tolist(), others[found].tolist(), strict=True))


def clusters(pairs: Iterable[tuple[int, int]], count: int) -> list[int]:
    """For each of `count` places the first of those that pairs join it with."""
    parents = list(range(count))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        parents[second] = first
    return [root(place) for place in range(count)]


def _sets(texts: Iterable[str], split: Split) -> tuple[Hashes, Numbers]:
    """The distinct n-grams of each text, hashed; a text of fewer words is one n-gram."""
    numbers: dict[str, int] = {}
    draw = np.random.default_rng(7)
    names = draw.integers(0, 1 << 64, 1 << 12, np.uint64)
    factors = draw.integers(0, 1 << 63, NGRAM, np.uint64) * np.uint64(2) + np.uint64(1)
    sets = []
    for text in texts:
        words = np.array([numbers.setdefault(word, len(numbers)) for word in split(text)], np.int64)
        if len(numbers) > len(names):
            names = np.concatenate((names, draw.integers(0, 1 << 64, len(numbers), np.uint64)))
        count = max(1, len(words) - NGRAM + 1) if len(words) else 0
        grams = np.zeros(count, np.uint64)
        for turn in range(min(NGRAM, len(words))):
            grams += names[words[turn : turn + count]] * factors[turn]
        sets.append(np.unique(grams))
    return np.concatenate([np.zeros(0, np.uint64), *sets]), np.cumsum([0, *map(len, sets)])


def _rarest_first(flat: Hashes, offsets: Numbers) -> Numbers:
    """The sets again, members renamed by how many texts have them, the rarest smallest, each set in order."""
    _, names, counts = np.unique(flat, return_inverse=True, return_counts=True)
    places = np.empty(len(counts), np.int64)
    places[np.argsort(counts, kind="stable")] = np.arange(len(counts))
    members = places[names]
    owners = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    ordered: Numbers = members[np.lexsort((members, owners))]
    return ordered


def _candidates(ranked: Numbers, offsets: Numbers) -> tuple[Numbers, Numbers]:
    sizes = np.diff(offsets)
    heads = np.where(sizes, sizes - -(-sizes * ENOUGH[0] // ENOUGH[1]) + 1, 0)
    owners = np.repeat(np.arange(len(sizes)), heads)
    inside = np.arange(int(heads.sum())) - np.repeat(np.cumsum(heads) - heads, heads)
    members = ranked[offsets[owners] + inside]
    order = np.lexsort((owners, members))
    members, owners = members[order], owners[order]
    starts = np.flatnonzero(np.concatenate(([True], members[1:] != members[:-1]))) if len(members) else np.zeros(0, np.int64)
    lengths = np.diff(np.append(starts, len(members)))
    found = [np.zeros(0, np.int64)]
    for length in np.unique(lengths[lengths > 1]).tolist():
        groups = owners[starts[lengths == length][:, None] + np.arange(length)]
        for part in np.array_split(groups, 1 + groups.size * length // 10_000_000):
            one, other = (part[:, side].reshape(-1) for side in np.triu_indices(length, 1))
            alike = np.minimum(sizes[one], sizes[other]) * ENOUGH[1] >= np.maximum(sizes[one], sizes[other]) * ENOUGH[0]
            found.append(np.unique(one[alike] * len(sizes) + other[alike]))
    keys = np.unique(np.concatenate(found))
    return keys // max(1, len(sizes)), keys % max(1, len(sizes))


def _common(ranked: Numbers, offsets: Numbers, ones: Numbers, others: Numbers) -> Iterator[int]:
    for one, other in zip(ones.tolist(), others.tolist(), strict=True):
        first, second = ranked[offsets[one] : offsets[one + 1]], ranked[offsets[other] : offsets[other + 1]]
        places = np.searchsorted(second, first)
        yield int(np.count_nonzero(second[np.minimum(places, len(second) - 1)] == first))
